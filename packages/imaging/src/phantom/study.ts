import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { ctGrid, paintCt, type Quality } from "./ct.ts";
import { paintPet, petGrid } from "./pet.ts";
import type { PhantomStudy } from "./phantom-study.ts";
import { drawn } from "./structures.ts";

export interface PhantomOptions {
  /** `fine` has 512 voxels across, the default 256; `coarse`, 64 and 15 mm slices, is for tests. */
  readonly quality?: Quality;
  /** Share of the work that is done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** The CT of a study, HU. */
export function studyVolume(study: PhantomStudy, { quality = "default", progress }: PhantomOptions = {}): Volume<Int16Array> {
  return paintCt(study.anatomy(), ctGrid(quality, study.frameOfReference), study.spec.seed, progress);
}

/** The PET of a study, SUVbw on 4 mm voxels in the CT's frame of reference; undefined where there was none. */
export function studyPet(study: PhantomStudy, { progress }: PhantomOptions = {}): Volume<Float32Array> | undefined {
  return study.spec.pet ? paintPet(study.anatomy(), study.spec, petGrid(study.frameOfReference), progress) : undefined;
}

/** The structures of a study on the planes of its CT. */
export function studyStructures(study: PhantomStudy, { quality = "default", progress }: PhantomOptions = {}): Structure[] {
  return drawn(study.solids(), ctGrid(quality, study.frameOfReference), progress);
}
