import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { eqd2, impliedAlphaBeta } from "./index.ts";

const doses = fc.double({ min: 0.1, max: 120, noNaN: true });
const counts = fc.integer({ min: 1, max: 60 });
const alphaBetas = fc.double({ min: 0.5, max: 30, noNaN: true });

test.prop([doses, counts, alphaBetas])("the α/β implied by an EQD2 is the one that it was made with", (dose, n, ab) => {
  // At 2 Gy per fraction every α/β gives the same EQD2, and near it the answer has no digits left.
  fc.pre(Math.abs(dose / n - 2) > 0.05);
  expect((impliedAlphaBeta(Gy(dose), n, eqd2(Gy(dose), n, Gy(ab))) ?? NaN) / ab).toBeCloseTo(1, 4);
});

test("no positive α/β makes 66 Gy in 30 an EQD2 of 60 or of 80 Gy", () => {
  expect([60, 80].map((e) => impliedAlphaBeta(Gy(66), 30, Gy(e)))).toEqual([undefined, undefined]);
});
