import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { addPlaneAverage, rowShares } from "./average.ts";

describe("volume averages on another grid", () => {
  test("two voxels of 1 mm make one of 2 mm, their mean", () => {
    const sums = new Float32Array(2);
    const one = rowShares(1, 1, 1, 0);
    // Target voxel 0 covers source voxels 0 and 1: its center is at 0.5.
    addPlaneAverage(sums, Float32Array.of(1, 3, 5, 8), 0, [rowShares(4, 2, 2, 0.5), one, one]);
    expect([...sums]).toEqual([2, 6.5]);
  });

  test("a grid that runs the other way has the same voxels in the other order", () => {
    const sums = new Float32Array(4);
    const one = rowShares(1, 1, 1, 0);
    addPlaneAverage(sums, Float32Array.of(1, 2, 3, 4), 0, [rowShares(4, 4, -1, 3), one, one]);
    expect([...sums]).toEqual([4, 3, 2, 1]);
  });

  prop.prop([fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 5, maxLength: 40 }), fc.double({ min: 0.3, max: 4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })])(
    "mass is conserved on any spacing",
    (values, scale, start) => {
      const targets = Math.ceil(values.length / scale) + 2;
      const sums = new Float32Array(targets);
      const one = rowShares(1, 1, 1, 0);
      addPlaneAverage(sums, Float32Array.from(values), 0, [rowShares(values.length, targets, scale, scale / 2 - 0.5 - start * scale), one, one]);
      const mass = sums.reduce((sum, value) => sum + value * scale, 0);
      expect(mass).toBeCloseTo(values.reduce((sum, value) => sum + value, 0), 3);
    },
  );

  test("a voxel half beyond the image holds half", () => {
    const sums = new Float32Array(3);
    const one = rowShares(1, 1, 1, 0);
    addPlaneAverage(sums, Float32Array.of(1, 1), 0, [rowShares(2, 3, 1, -0.5), one, one]);
    expect([...sums]).toEqual([0.5, 1, 0.5]);
  });
});
