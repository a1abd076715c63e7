import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { apply, compose, determinant, invert, transform, type Transform } from "./frames.ts";
import { axesOf, gridOf, originOf, spacingOf, stepOf, voxelCount, voxelFromPatient, voxelMm3 } from "./grid.ts";

const number = fc.double({ min: -500, max: 500, noNaN: true });
const point = fc.tuple(number, number, number);
/** Turns about the three axes with steps of 0.3 to 7 mm, never flat. */
const grids = fc
  .record({ a: number, b: number, origin: point, spacing: fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: 0.3, max: 7, noNaN: true }))) as fc.Arbitrary<[number, number, number]> })
  .map(({ a, b, origin, spacing }) => {
    const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
    return { a, origin, spacing, grid: gridOf({ size: [4, 5, 6], origin, spacing, axes: [[ca, sa, 0], [-sa * cb, ca * cb, sb], [sa * sb, -ca * sb, cb]], frameOfReference: "1.2" }) };
  });

test.prop([grids, point])("a point goes to voxels and back", ({ grid }, p) => {
  const back = apply(grid.patientFromVoxel, apply(voxelFromPatient(grid), p));
  for (const i of [0, 1, 2] as const) expect(back[i]).toBeCloseTo(p[i], 6);
});

test.prop([grids])("a grid gives back what it was made from", ({ grid, origin, spacing }) => {
  expect(originOf(grid)).toEqual(origin);
  spacingOf(grid).forEach((s, i) => expect(s).toBeCloseTo(spacing[i] as number, 9));
  expect(voxelMm3(grid)).toBeCloseTo(spacing[0] * spacing[1] * spacing[2], 6);
  expect(Math.abs(determinant(grid.patientFromVoxel))).toBeCloseTo(voxelMm3(grid), 6);
  expect(voxelCount(grid)).toBe(120);
});

test("the first voxel's centre is the origin, the next is one step further", () => {
  const grid = gridOf({ size: [2, 2, 2], origin: [-10, 20, 30], spacing: [1, 2, 3], frameOfReference: "1.2" });
  expect(apply(grid.patientFromVoxel, [0, 0, 0])).toEqual([-10, 20, 30]);
  expect(apply(grid.patientFromVoxel, [1, 1, 1])).toEqual([-9, 22, 33]);
  expect(stepOf(grid, 2)).toEqual([0, 0, 3]);
  expect(axesOf(grid)[1]).toEqual([0, 1, 0]);
});

test("a flat transform has no way back", () => {
  const flat: Transform<"patient", "voxel"> = transform([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 5]]);
  expect(() => invert(flat)).toThrow(RangeError);
});

test.prop([grids, grids, point])("composed maps are one after the other", ({ grid }, { grid: other }, p) => {
  const through = compose(voxelFromPatient(other), grid.patientFromVoxel);
  const steps = apply(voxelFromPatient(other), apply(grid.patientFromVoxel, p));
  apply(through, p).forEach((c, i) => expect(c).toBeCloseTo(steps[i] as number, 5));
});
