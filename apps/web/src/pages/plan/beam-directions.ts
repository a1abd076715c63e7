import { minus, sourceOf, unit, type PatientPosition, type Vec3 } from "@hapax/base";
import type { BeamAsked } from "@hapax/planning";

type Turned = Pick<BeamAsked, "gantryDeg" | "couchDeg">;

/** Where the source of a beam stands as seen from the isocenter: a unit vector, LPS. */
export function sourceDirection({ gantryDeg, couchDeg }: Turned, patientPosition: PatientPosition): Vec3 {
  return unit(minus(sourceOf({ isocenter: [0, 0, 0], patientPosition, gantryDeg, collimatorDeg: 0, couchDeg }, 1000), [0, 0, 0]));
}

/** Degrees between two angles, 0 to 180. */
const apart = (a: number, b: number): number => Math.abs(((((a - b) % 360) + 540) % 360) - 180);

/** Angle of a direction in the axial picture: 0 up, rising clockwise as a reader sees it. */
const axialAngle = ([x, y]: Vec3): number => (Math.atan2(x, -y) * 180) / Math.PI;

/**
 * The gantry angle whose beam, its couch left as it is, comes from nearest to a direction of the axial picture.
 *
 * @param x     to the patient's left
 * @param y     to the patient's back
 * @param step  degrees
 */
export function gantryToward(x: number, y: number, couchDeg: number, patientPosition: PatientPosition, step = 1): number {
  const wanted = axialAngle([x, y, 0]);
  let [best, least] = [0, Infinity];
  for (let gantryDeg = 0; gantryDeg < 360; gantryDeg += step) {
    const off = apart(axialAngle(sourceDirection({ gantryDeg, couchDeg }, patientPosition)), wanted);
    if (off < least - 1e-9) [best, least] = [gantryDeg, off];
  }
  return best;
}

/** An angle from 0 to under 360 degrees, to a tenth. */
export const angleOf = (degrees: number): number => (Math.round(10 * (((degrees % 360) + 360) % 360)) / 10) % 360;
