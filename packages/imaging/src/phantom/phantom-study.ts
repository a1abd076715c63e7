import { anatomyOf, type Anatomy } from "./anatomy.ts";
import { hashText } from "./chance.ts";
import type { PhantomSpec, StudySpec } from "./spec.ts";
import { namedSolids, type NamedSolid } from "./structures.ts";

/** A scan of the phantom: described, not yet made. */
export interface PhantomStudy {
  readonly spec: StudySpec;
  /** StudyInstanceUID, FrameOfReferenceUID and so on, the same in every run. */
  readonly studyUid: string;
  readonly frameOfReference: string;
  readonly structureSetUid: string;
  readonly notice: string;
  readonly synthetic: true;
  /** Made once, when first asked for. */
  anatomy(): Anatomy;
  solids(): readonly NamedSolid[];
}

/** Every scan that a description names, in its order. */
export function phantomStudies(spec: PhantomSpec): PhantomStudy[] {
  return spec.studies.map((study) => {
    const uid = (what: string) => uidOf(`${spec.case}/${study.id}/${what}`);
    const anatomy = once(() => anatomyOf(study));
    return {
      spec: study, studyUid: uid("study"), frameOfReference: uid("frame"), structureSetUid: uid("structures"),
      notice: spec.notice, synthetic: true, anatomy, solids: once(() => namedSolids(study, anatomy())),
    };
  });
}

/** A UID below 2.25 from a text: 128 bits of its hash, as for a UUID. */
export function uidOf(text: string): string {
  const bits = [1, 2, 3, 4].reduce((sum, seed) => (sum << 32n) | BigInt(hashText(text, seed)), 0n);
  return `2.25.${bits}`;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
