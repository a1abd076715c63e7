import { HapaxError } from "./errors.ts";
import { apply, compose, invert, transform, type Transform, type Vec3 } from "./frames.ts";

/** How a patient lies, DICOM PatientPosition. */
export type PatientPosition = "HFS" | "HFP" | "HFDR" | "HFDL" | "FFS" | "FFP" | "FFDR" | "FFDL";

/** Where a beam comes from. */
export interface BeamPosition {
  /** LPS, mm. */
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly gantryDeg: number;
  readonly collimatorDeg: number;
  /** PatientSupportAngle. */
  readonly couchDeg: number;
}

/** Rows of LPS in the axes of the couch: to its right seen from the gantry's opposite, to the gantry, up. */
const supportFromPatient: Readonly<Record<PatientPosition, readonly [Vec3, Vec3, Vec3]>> = {
  HFS: [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
  HFP: [[-1, 0, 0], [0, 0, 1], [0, 1, 0]],
  HFDR: [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
  HFDL: [[0, -1, 0], [0, 0, 1], [-1, 0, 0]],
  FFS: [[-1, 0, 0], [0, 0, -1], [0, -1, 0]],
  FFP: [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
  FFDR: [[0, -1, 0], [0, 0, -1], [1, 0, 0]],
  FFDL: [[0, 1, 0], [0, 0, -1], [-1, 0, 0]],
};

/**
 * Patient to the fixed frame of the room, origin at the isocenter: x to the right of one who faces the gantry, y to the
 * gantry, z up.
 *
 * @throws base/patient-position where it is none of the eight
 * @source IEC 61217; DICOM PS3.3 C.7.3.1.1.2
 */
export function fixedFromPatient({ isocenter, patientPosition, couchDeg }: Pick<BeamPosition, "isocenter" | "patientPosition" | "couchDeg">): Transform<"fixed", "patient"> {
  const axes = supportFromPatient[patientPosition];
  if (axes === undefined) {
    throw new HapaxError("base/patient-position", `The patient position is "${String(patientPosition)}".`, `Give one of ${Object.keys(supportFromPatient).join(", ")}.`);
  }
  const row = (axis: Vec3) => [...axis, -(axis[0] * isocenter[0] + axis[1] * isocenter[1] + axis[2] * isocenter[2])] as unknown as readonly [number, number, number, number];
  return compose(aroundZ<"fixed", "fixed">(couchDeg), transform<"fixed", "patient">([row(axes[0]), row(axes[1]), row(axes[2])]));
}

/** Fixed to gantry: the gantry turns around y, so that at 90 degrees its source stands at the fixed x. */
export function gantryFromFixed(gantryDeg: number): Transform<"gantry", "fixed"> {
  const [c, s] = cosSin(gantryDeg);
  return transform([[c, 0, -s, 0], [0, 1, 0, 0], [s, 0, c, 0]]);
}

/** Gantry to beam limiting device, its origin at the isocenter: it turns around the beam axis. */
export function collimatorFromGantry(collimatorDeg: number): Transform<"collimator", "gantry"> {
  return aroundZ(-collimatorDeg);
}

/** Patient to beam limiting device: x and y as jaws and leaves count them, z to the source; origin at the isocenter. */
export function collimatorFromPatient(beam: BeamPosition): Transform<"collimator", "patient"> {
  return compose(compose(collimatorFromGantry(beam.collimatorDeg), gantryFromFixed(beam.gantryDeg)), fixedFromPatient(beam));
}

/** Where the source stands, LPS, mm. */
export function sourceOf(beam: BeamPosition, sadMm: number): Vec3 {
  return apply(invert(collimatorFromPatient(beam)), [0, 0, sadMm]);
}

/** A point projected from the source onto the plane of the isocenter, mm in the frame of the beam limiting device. */
export function projected(collimator: Transform<"collimator", "patient">, sadMm: number, point: Vec3): readonly [number, number] {
  const [x, y, z] = apply(collimator, point);
  const magnified = sadMm / (sadMm - z);
  return [x * magnified, y * magnified];
}

function aroundZ<To extends "fixed" | "collimator", From extends "fixed" | "gantry">(degrees: number): Transform<To, From> {
  const [c, s] = cosSin(degrees);
  return transform([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0]]);
}

/** Cosine and sine, exact at right angles. */
function cosSin(degrees: number): readonly [number, number] {
  const turn = ((degrees % 360) + 360) % 360;
  const quarter = turn / 90;
  if (Number.isInteger(quarter)) return ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[quarter as 0 | 1 | 2 | 3];
  const angle = (turn * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}
