import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { volumesAbove } from "./isodose-volume.ts";
import type { Sampled } from "./resample.ts";

function dose(of: (x: number, y: number, z: number) => number, n: number, mm: number): Sampled<Float32Array> {
  const from = (-(n - 1) / 2) * mm;
  const values = Float32Array.from({ length: n ** 3 }, (_, o) => of(from + mm * (o % n), from + mm * (Math.floor(o / n) % n), from + mm * Math.floor(o / n ** 2)));
  return { size: [n, n, n], values, patientFromVoxel: Float64Array.of(mm, 0, 0, from, 0, mm, 0, from, 0, 0, mm, from) };
}

test("a dose that falls by 1 Gy/mm from 40 Gy at a point encloses the sphere of its isodose", () => {
  const { mm3, open } = volumesAbove(dose((x, y, z) => 40 - Math.hypot(x, y, z), 41, 2), [10, 20, 30]);
  // 4/3 π R³ with R = 30, 20 and 10 mm, less what chords of 2 mm cut off: about ½ (2 mm / R)²
  for (const [i, radius] of [30, 20, 10].entries()) {
    const cutOff = 1 - mm3[i]! / ((4 / 3) * Math.PI * radius ** 3);
    expect(cutOff / (2 / radius) ** 2).toBeCloseTo(0.5, 1);
  }
  expect(open).toEqual([false, false, false]);
});

const slope = fc.double({ min: -2, max: 2, noNaN: true });

test.prop([slope, slope, slope, fc.double({ min: -20, max: 20, noNaN: true })])("a linear dose is above and not above a level in two parts that make the whole", (a, b, c, level) => {
  const up = volumesAbove(dose((x, y, z) => a * x + b * y + c * z, 9, 2.5), [level]).mm3[0]!;
  const down = volumesAbove(dose((x, y, z) => -(a * x + b * y + c * z), 9, 2.5), [-level]).mm3[0]!;
  // 8 cells of 2.5 mm along each axis; where the dose is flat at the level both count it
  if (Math.hypot(a, b, c) > 0.01) expect(up + down).toBeCloseTo(8000, 1);
});

test("a plane through the middle halves the grid, exactly", () => {
  expect(volumesAbove(dose((x, y, z) => x + 2 * y - z, 9, 2.5), [0]).mm3[0]).toBeCloseTo(4000, 6);
});

test("an isodose that leaves the grid is open: its volume is that much or more", () => {
  expect(volumesAbove(dose((x) => x, 5, 1), [0, 5])).toMatchObject({ open: [true, false] });
});

test("an unknown voxel opens what lies beside it, and is not counted", () => {
  const around = dose((x, y, z) => (Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= 1 ? 10 : 0), 9, 1);
  around.values[4 + 9 * (4 + 9 * 4)] = NaN;
  const found = volumesAbove(around, [5]);
  expect(found.open).toEqual([true]);
  expect(found.mm3[0]).toBeLessThan(volumesAbove(dose((x, y, z) => (Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= 1 ? 10 : 0), 9, 1), [5]).mm3[0]!);
});
