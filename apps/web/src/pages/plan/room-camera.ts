import { apply, collimatorFromPatient, fixedFromPatient, invert, type BeamPosition, type PatientPosition, type Vec3 } from "@hapax/base";

/** How the room is looked at: turned around the vertical, then tilted down, degrees, and px for each mm. */
export interface RoomCamera {
  readonly turnDeg: number;
  readonly tiltDeg: number;
  readonly pxPerMm: number;
}

/** A point of the room, mm from the isocenter in the fixed frame, as it is seen: to the right, down, and how near. */
export function roomPoint([x, y, z]: Vec3, { turnDeg, tiltDeg, pxPerMm }: RoomCamera): Vec3 {
  const [turn, tilt] = [(turnDeg * Math.PI) / 180, (tiltDeg * Math.PI) / 180];
  const right = x * Math.cos(turn) + y * Math.sin(turn);
  const away = y * Math.cos(turn) - x * Math.sin(turn);
  const up = z * Math.cos(tilt) + away * Math.sin(tilt);
  return [right * pxPerMm, -up * pxPerMm, z * Math.sin(tilt) - away * Math.cos(tilt)];
}

/** The patient in the room with the couch at 0 degrees, so that beams of several couch angles stand around one patient. */
export const roomFromPatient = (isocenter: Vec3, patientPosition: PatientPosition) => fixedFromPatient({ isocenter, patientPosition, couchDeg: 0 });

/**
 * A beam as a pyramid around the patient, in the frame of `roomFromPatient`, mm.
 *
 * @param halfX  of its field at the isocenter, mm
 * @param fromMm how far from the isocenter it begins
 */
export function beamPyramid(beam: BeamPosition, halfX: number, halfY: number, sadMm: number, fromMm: number): { readonly apex: Vec3; readonly field: readonly Vec3[] } {
  const room = roomFromPatient(beam.isocenter, beam.patientPosition);
  const back = invert(collimatorFromPatient(beam));
  const at = (x: number, y: number, z: number) => apply(room, apply(back, [x, y, z]));
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const;
  const share = (sadMm - fromMm) / sadMm;
  return { apex: at(0, 0, fromMm), field: corners.flatMap(([sx, sy]) => [at(sx * halfX, sy * halfY, 0), at(sx * halfX * share, sy * halfY * share, fromMm)]) };
}
