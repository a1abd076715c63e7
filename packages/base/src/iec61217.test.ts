import { test as prop, fc } from "@fast-check/vitest";
import { apply, determinant, type Vec3 } from "./frames.ts";
import { describe, expect, test } from "vitest";
import { collimatorFromPatient, fixedFromPatient, projected, sourceOf, type PatientPosition } from "./iec61217.ts";

const beam = { isocenter: [10, -20, 30], patientPosition: "HFS", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 } as const;
const at = (x: number, y: number, z: number): Vec3 => [10 + x, -20 + y, 30 + z];
const close = (a: readonly number[], b: readonly number[]) => b.forEach((v, i) => expect(a[i]).toBeCloseTo(v, 9));
const left = (mm: number) => at(mm, 0, 0);
const front = (mm: number) => at(0, -mm, 0);
const head = (mm: number) => at(0, 0, mm);

describe("IEC 61217", () => {
  test("head first supine: gantry 0 looks from the front, 90 from the patient's left, 180 from behind, 270 from the right", () => {
    close(sourceOf(beam, 1000), front(1000));
    close(sourceOf({ ...beam, gantryDeg: 90 }, 1000), left(1000));
    close(sourceOf({ ...beam, gantryDeg: 180 }, 1000), front(-1000));
    close(sourceOf({ ...beam, gantryDeg: 270 }, 1000), left(-1000));
  });

  test("gantry 90 looks from the right of a patient who lies feet first supine or head first prone, from the left of one feet first prone", () => {
    close(sourceOf({ ...beam, gantryDeg: 90, patientPosition: "FFS" }, 1000), left(-1000));
    close(sourceOf({ ...beam, gantryDeg: 90, patientPosition: "HFP" }, 1000), left(-1000));
    close(sourceOf({ ...beam, gantryDeg: 90, patientPosition: "FFP" }, 1000), left(1000));
    close(sourceOf({ ...beam, patientPosition: "HFP" }, 1000), front(-1000));
  });

  test("a patient on the right side has the left side up", () => {
    close(sourceOf({ ...beam, patientPosition: "HFDR" }, 1000), left(1000));
    close(sourceOf({ ...beam, patientPosition: "FFDL" }, 1000), left(-1000));
  });

  test("at gantry 0 head first supine, x of the jaws runs to the patient's left and y to the head", () => {
    const map = collimatorFromPatient(beam);
    close(apply(map, left(5)), [5, 0, 0]);
    close(apply(map, head(5)), [0, 5, 0]);
    close(apply(map, front(5)), [0, 0, 5]);
  });

  test("a collimator turned by 90 degrees swaps the jaws: y looks to the right, x to the head", () => {
    const map = collimatorFromPatient({ ...beam, collimatorDeg: 90 });
    close(apply(map, left(5)), [0, -5, 0]);
    close(apply(map, head(5)), [5, 0, 0]);
  });

  test("a couch turned by 90 degrees with the gantry at 90 lets the beam come from the head or feet", () => {
    // The couch turns against the clock seen from above: the head, at +y, goes to −x; the source at +x stands at the feet.
    close(sourceOf({ ...beam, gantryDeg: 90, couchDeg: 90 }, 1000), head(-1000));
    close(sourceOf({ ...beam, gantryDeg: 90, couchDeg: 270 }, 1000), head(1000));
  });

  test("a point half way to the source is seen twice as far from the axis", () => {
    close(projected(collimatorFromPatient(beam), 1000, at(30, -500, -7)), [60, -14]);
    close(projected(collimatorFromPatient(beam), 1000, at(30, 0, -7)), [30, -7]);
  });

  const degrees = fc.double({ min: 0, max: 360, noNaN: true });
  prop.prop([fc.constantFrom<PatientPosition>("HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"), degrees, degrees, degrees])(
    "no position mirrors the patient, and the isocenter stays the origin",
    (patientPosition, gantryDeg, collimatorDeg, couchDeg) => {
      const map = collimatorFromPatient({ ...beam, patientPosition, gantryDeg, collimatorDeg, couchDeg });
      expect(determinant(map)).toBeCloseTo(1, 9);
      close(apply(map, beam.isocenter), [0, 0, 0]);
    },
  );

  test("a position that is none of the eight is refused by name", () => {
    expect(() => fixedFromPatient({ ...beam, patientPosition: "SITTING" as PatientPosition })).toThrow(expect.objectContaining({ code: "base/patient-position" }));
  });
});
