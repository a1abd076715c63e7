import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { addTo, equieffectiveDose } from "./eqd2-voxels.ts";

const alphaBetas = fc.double({ min: 0.5, max: 30, noNaN: true });
const counts = fc.integer({ min: 1, max: 40 });

test("voxels of a simultaneous boost of 30 fractions each have their own dose per fraction", () => {
  // 54 (1.8 + 3) / 5 = 51.84; 66 (2.2 + 3) / 5 = 68.64
  const found = equieffectiveDose(Float32Array.of(54, 57, 60, 63, 66), 30, 3, 2);
  for (const [i, value] of [51.84, 55.86, 60, 64.26, 68.64].entries()) expect(found[i]).toBeCloseTo(value, 4);
});

test("BED is the dose in fractions of no size: 66 Gy in 30 is 114.4 at α/β 3", () => {
  expect(equieffectiveDose(Float32Array.of(66), 30, 3, 0)[0]).toBeCloseTo(114.4, 4);
});

test.prop([counts, alphaBetas])("2 Gy per fraction is left unchanged", (n, ab) => {
  expect(equieffectiveDose(Float32Array.of(2 * n), n, ab, 2)[0]! / (2 * n)).toBeCloseTo(1, 5);
});

test("a factor is applied after the conversion, not to the dose", () => {
  // 20 Gy in 5 at α/β 2 is 30; three quarters of it 22.5; 15 Gy in 5 would be 18.75
  expect(equieffectiveDose(Float32Array.of(20), 5, 2, 2, 0.75)[0]).toBeCloseTo(22.5, 5);
});

test("an unknown course makes the sum unknown", () => {
  const sum = Float32Array.of(1, 2, NaN);
  addTo(sum, Float32Array.of(1, NaN, 1));
  expect([...sum]).toEqual([2, NaN, NaN]);
});
