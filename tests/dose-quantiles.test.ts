import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { leastMean, leastWithoutInner, quantilesOf, straightMean, type Objective } from "./dose-quantiles.ts";

const doses = fc.array(fc.float({ min: 0, max: 60, noNaN: true }), { minLength: 200, maxLength: 400 }).map((all) => Float32Array.from(all));
const truth = (all: Float32Array, { side, gy }: Objective) => all.reduce((sum, dose) => sum + (side === "both" || dose > gy ? (dose - gy) ** 2 : 0), 0) / all.length;

test.prop([doses, fc.constantFrom("above" as const, "both" as const), fc.double({ min: 5, max: 55, noNaN: true })])("no dose is better than the least that its quantiles allow", (all, side, gy) => {
  // Bands end between voxels: one of them may be counted with the next.
  expect(leastMean(quantilesOf(all), { side, gy })).toBeLessThanOrEqual(truth(all, { side, gy }) + (6 * 60 ** 2) / all.length);
});

test("an even spread of doses is read from its quantiles", () => {
  const even = Float32Array.from({ length: 100_000 }, (_, i) => 20 + (40 * (i + 0.5)) / 100_000);
  // Mean of (d − 40)² over 20 … 60 is 20² / 3; above 50 it is a quarter of 10² / 3.
  expect(straightMean(quantilesOf(even), { side: "both", gy: 40 })).toBeCloseTo(400 / 3, 0);
  expect(straightMean(quantilesOf(even), { side: "above", gy: 50 })).toBeCloseTo(100 / 12, 1);
});

test("what lies in a target can be no more than all of the hottest band", () => {
  const whole = { n: 1000, mean: 5, D98: 0, D95: 0, D50: 0, D10: 18, D2: 40, Dmax: 55 };
  // Of 20 voxels with 40 Gy or more 12 are the target's; 8 of the other 988 have at least 10 Gy beyond 30.
  expect(leastWithoutInner(whole, 12, 988, { side: "above", gy: 30 })).toBeCloseTo((8 * 100) / 988, 9);
  expect(leastWithoutInner(whole, 30, 970, { side: "above", gy: 30 })).toBe(0);
});
