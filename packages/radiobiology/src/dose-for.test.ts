import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { bed, doseForBed, doseForEqd2, eqd2 } from "./index.ts";

const doses = fc.double({ min: 0.1, max: 120, noNaN: true });
const counts = fc.integer({ min: 1, max: 60 });
const alphaBetas = fc.double({ min: 0.5, max: 30, noNaN: true });

test.prop([doses, counts, alphaBetas])("the dose for a BED, or an EQD2, is the dose that has it", (dose, n, ab) => {
  expect(doseForBed(bed(Gy(dose), n, Gy(ab)), n, Gy(ab)) / dose).toBeCloseTo(1, 9);
  expect(doseForEqd2(eqd2(Gy(dose), n, Gy(ab)), n, Gy(ab)) / dose).toBeCloseTo(1, 9);
});

test("EQD2 70 in 30 fractions takes 66.44 Gy at α/β 2 and 68.40 Gy at 10", () => {
  expect([2, 3, 4, 10].map((ab) => Number(doseForEqd2(Gy(70), 30, Gy(ab)).toFixed(4)))).toEqual([66.4365, 66.9151, 67.2792, 68.4033]);
});
