import type { Volume } from "@hapax/base";
import type { DoseGrid, Scans, ScanOrigin, ScanSeries, Structure, StructureSet } from "@hapax/case";
import { ctGrid, paintCt, type Quality } from "./ct.ts";
import { paintPet, petGrid } from "./pet.ts";
import { studyDose, studyPlan } from "./plan.ts";
import { uidOf, type PhantomStudy } from "./phantom-study.ts";
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

/** A study as it would be read from its files: volumes are made when asked for. */
export function studyScans(study: PhantomStudy, options: PhantomOptions = {}): Scans {
  const origin = (uid: string, seriesUid: string, label: string): ScanOrigin => ({ uid, studyUid: study.studyUid, seriesUid, files: [], label: `SYNTHETIC ${label}`, synthetic: true, problems: [] });
  const series = (seriesUid: string, modality: "CT" | "PT", grid: ScanSeries["grid"] & {}, volume: () => Volume): ScanSeries => ({
    ...origin(seriesUid, seriesUid, `${study.spec.title} (${study.spec.timePoint})`),
    modality, description: `SYNTHETIC ${study.spec.title}`, frameOfReference: study.frameOfReference, patientPosition: "HFS",
    sliceThicknessMm: grid.patientFromVoxel.rows[2][2],
    geometry: { classes: ["regular"], shown: "as it is", positionsMm: Array.from({ length: grid.size[2] }, (_, k) => grid.patientFromVoxel.rows[2][3] + k * grid.patientFromVoxel.rows[2][2]) },
    grid, volume: async () => volume(),
  });
  const structureSet: StructureSet = {
    ...origin(study.structureSetUid, uidOf(`${study.structureSetUid}/series`), "structures"), frameOfReference: study.frameOfReference, referencedSeries: study.ctSeriesUid, structures: studyStructures(study, options),
  };
  const plan = studyPlan(study), dose: DoseGrid | undefined = studyDose(study);
  return {
    patient: { sex: "male", ageYears: 59, ids: [] },
    series: [
      series(study.ctSeriesUid, "CT", ctGrid(options.quality ?? "default", study.frameOfReference), () => studyVolume(study, options)),
      ...(study.spec.pet ? [series(study.petSeriesUid, "PT", petGrid(study.frameOfReference), () => studyPet(study, options) as Volume)] : []),
    ],
    structureSets: [structureSet], plans: plan === undefined ? [] : [plan], doses: dose === undefined ? [] : [dose], registrations: [], pictures: [], problems: [],
  };
}
