import { fc, test } from "@fast-check/vitest";
import { gridOf, type Vec3, type Volume } from "@hapax/base";
import { expect } from "vitest";
import { doseAt, doseDifference, highestDose, isodoseVolumes } from "./dose-compare.ts";

function dose(of: (x: number, y: number, z: number) => number, size: Vec3, origin: Vec3, mm = 2): Volume<Float32Array> {
  const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) =>
    of(origin[0] + mm * (n % size[0]), origin[1] + mm * (Math.floor(n / size[0]) % size[1]), origin[2] + mm * Math.floor(n / (size[0] * size[1]))),
  );
  return { grid: gridOf({ size, origin, spacing: [mm, mm, mm], frameOfReference: "1.2.3" }), values, slope: 1, intercept: 0, unit: "Gy" };
}

const plan = dose((x, y) => 20 + x - y, [6, 5, 4], [10, 20, 30]);

test("the difference is evaluated less reference, in Gy and in both percents", () => {
  const other = dose((x, y) => 22 + x - y, [12, 12, 12], [8, 18, 28], 1);
  // highest 20 + 20 − 20 = 20 Gy; first voxel 10 Gy: 2 Gy is 10 % and 20 %
  expect(doseDifference(plan, other, "Gy").values[0]).toBeCloseTo(2, 5);
  expect(doseDifference(plan, other, "% of the highest reference dose").values[0]).toBeCloseTo(10, 4);
  expect(doseDifference(plan, other, "% of the reference dose").values[0]).toBeCloseTo(20, 4);
  expect(doseDifference(plan, other, "% of the reference dose").unit).toBe("%");
});

test("where the other dose is not known there is no difference", () => {
  const smaller = dose((x, y) => 20 + x - y, [3, 3, 3], [10, 20, 30]);
  const found = doseDifference(plan, smaller, "Gy").values;
  expect(found.filter((value) => !Number.isNaN(value))).toHaveLength(27);
});

test("the highest dose has its place in the patient", () => {
  expect(highestDose(plan)).toEqual({ gy: 20, at: [20, 20, 30] });
  expect(highestDose({ ...plan, values: new Float32Array(120).fill(NaN) })).toBeUndefined();
});

test.prop([fc.double({ min: 10, max: 20, noNaN: true }), fc.double({ min: 20, max: 28, noNaN: true }), fc.double({ min: 30, max: 36, noNaN: true })])("the dose at a point lies between the voxels around it", (x, y, z) => {
  expect(doseAt(plan, [x, y, z])).toBeCloseTo(20 + x - y, 4);
});

test("outside the grid the dose is not known", () => {
  expect(doseAt(plan, [9, 22, 32])).toBeUndefined();
});

test("isodose volumes in cc, with those that leave the grid marked", () => {
  const ball = dose((x, y, z) => 60 - Math.hypot(x, y, z), [51, 51, 51], [-50, -50, -50]);
  const [inner, outer] = isodoseVolumes(ball, [30, 5]);
  // 4/3 π 3³ = 113.10 cc
  expect(inner?.cc).toBeCloseTo(113.1, -0.3);
  expect([inner?.open, outer?.open]).toEqual([false, true]);
});

test("doses of two frames of reference have no difference", () => {
  const elsewhere = { ...plan, grid: { ...plan.grid, frameOfReference: "" } };
  expect(() => doseDifference(plan, elsewhere, "Gy")).toThrow(expect.objectContaining({ code: "radiotherapy/frame" }));
});
