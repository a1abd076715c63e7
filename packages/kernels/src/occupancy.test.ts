import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { polygonCoverage } from "./occupancy-coverage.ts";
import { contourStack } from "./occupancy-planes.ts";
import { gapsOf, slabsOf } from "./occupancy-slabs.ts";
import { occupancy } from "./occupancy.ts";
import type { Lattice } from "./resample.ts";

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
const grid = (size: readonly [number, number, number], spacing = 1, origin = [0, 0, 0]): Lattice => ({ size, patientFromVoxel: [spacing, 0, 0, origin[0] as number, 0, spacing, 0, origin[1] as number, 0, 0, spacing, origin[2] as number] });

/** A star around a center: never crosses itself. */
const stars = fc.array(fc.double({ min: 0.5, max: 9, noNaN: true }), { minLength: 3, maxLength: 24 }).map((radii) => Float64Array.from(radii.flatMap((r, i) => [10.123 + r * Math.cos((2 * Math.PI * i) / radii.length), 10.456 + r * Math.sin((2 * Math.PI * i) / radii.length)])));

function shoelace(loop: Float64Array): number {
  let area = 0;
  for (let i = 0; i < loop.length; i += 2) {
    const j = (i + 2) % loop.length;
    area += (loop[i] as number) * (loop[j + 1] as number) - (loop[j] as number) * (loop[i + 1] as number);
  }
  return Math.abs(area) / 2;
}

describe("coverage of pixels", () => {
  test.prop([stars])("the area of a polygon is exact", (star) => {
    expect(sum(polygonCoverage([star], 20, 20))).toBeCloseTo(shoelace(star), 4);
  });

  test.prop([stars])("a polygon and itself is nothing by the even-odd rule", (star) => {
    expect(sum(polygonCoverage([star, star], 20, 20))).toBeCloseTo(0, 6);
  });

  test.prop([stars, fc.integer({ min: 0, max: 20 })])("a picture cut in two holds the same", (star, column) => {
    const whole = polygonCoverage([star], 20, 20);
    const left = polygonCoverage([star], column, 20);
    for (let y = 0; y < 20; y++) for (let x = 0; x < column; x++) expect(left[y * column + x]).toBeCloseTo(whole[y * 20 + x] as number, 5);
  });

  test("an oblique edge gives each pixel its share to 1/32", () => {
    // Below the line y = x / 3: the exact share of a pixel is found on 400 lines.
    const triangle = Float64Array.of(0, 0, 12, 4, 12, 0);
    const ours = polygonCoverage([triangle], 12, 4);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 12; x++) {
        let exact = 0;
        for (let line = 0; line < 400; line++) exact += Math.min(1, Math.max(0, x + 1 - 3 * (y + (line + 0.5) / 400))) / 400;
        expect(Math.abs((ours[y * 12 + x] as number) - exact)).toBeLessThan(1 / 32);
      }
    }
  });
});

describe("occupancy", () => {
  const box = (low: number, high: number, zs: readonly number[]) => zs.map((z) => Float64Array.of(low, low, z, high, low, z, high, high, z, low, high, z));

  test("contours along the edges of voxels fill them wholly, and no other", () => {
    const { first, size, fraction } = occupancy(box(1.5, 4.5, [2, 3, 4]), grid([10, 10, 10]));
    expect(first).toEqual([2, 2, 2]);
    expect(size).toEqual([3, 3, 3]);
    expect([...fraction].every((share) => share === 1)).toBe(true);
  });

  test("half a voxel is a half, in each direction", () => {
    const { fraction } = occupancy(box(1.5, 2, [2]), grid([10, 10, 10]), { spacingMm: 0.5 });
    expect([...fraction]).toEqual([0.125]);
  });

  test.prop([fc.double({ min: -0.49, max: 0.49, noNaN: true }), fc.double({ min: -0.49, max: 0.49, noNaN: true })])("planes off the slices of the grid keep their volume", (across, up) => {
    const loops = box(2 + across, 5 + across, [2, 4, 6].map((z) => z + up));
    expect(sum(occupancy(loops, grid([10, 10, 10])).fraction)).toBeCloseTo(9 * 6, 3);
  });

  test("a box beyond the grid is cut, or goes on where that is asked", () => {
    const loops = box(-3, 3, [-2, 0, 2]);
    expect(occupancy(loops, grid([4, 4, 4])).first).toEqual([0, 0, 0]);
    expect(sum(occupancy(loops, grid([4, 4, 4])).fraction)).toBeCloseTo(3.5 ** 3, 4);
    expect(sum(occupancy(loops, grid([4, 4, 4]), { beyond: true }).fraction)).toBeCloseTo(6 ** 3, 3);
    expect(occupancy(box(20, 30, [0, 1]), grid([4, 4, 4])).fraction).toHaveLength(0);
  });

  it.for([[0, 1], [1, 2], [2, 0]] as const)("sagittal, coronal and axial drawings are the same box (planes along axes %s and %s)", ([u, v]) => {
    const n = 3 - u - v;
    const loops = [2, 4, 6].map((at) => Float64Array.from([[1.2, 2.7], [6.1, 2.7], [6.1, 5.4], [1.2, 5.4]].flatMap(([a, b]) => [0, 1, 2].map((axis) => (axis === u ? (a as number) : axis === v ? (b as number) : at)))));
    const { fraction, size } = occupancy(loops, grid([10, 10, 10]));
    expect(sum(fraction)).toBeCloseTo(4.9 * 2.7 * 6, 3);
    expect(size[n]).toBe(7);
  });

  test.prop([fc.double({ min: 0.1, max: 1.4, noNaN: true })], { numRuns: 5 })("planes oblique to the grid keep their volume within 1 %", (angle) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const loops = [-3, -1, 1, 3].map((w) => Float64Array.from([[-4, -4], [4, -4], [4, 4], [-4, 4]].flatMap(([a, b]) => [8 + (a as number) * c - w * s, 8 + (b as number), 8 + (a as number) * s + w * c])));
    expect(sum(occupancy(loops, grid([17, 17, 17])).fraction) / (64 * 8)).toBeCloseTo(1, 1);
  });

  test("planes a hundredth of a millimeter apart are one", () => {
    const stack = contourStack([...box(0, 2, [0, 3]), ...box(4, 6, [0.01, 3.01])]);
    expect(stack.planes.map((plane) => plane.loops.length)).toEqual([2, 2]);
    expect(stack.spacingMm).toBeCloseTo(3, 1);
  });

  test("a contour of two points, a contour without area and one of another orientation are named, not drawn", () => {
    const sagittal = Float64Array.of(0, 0, 0, 0, 2, 0, 0, 2, 2, 0, 0, 2);
    const stack = contourStack([...box(0, 9, [0, 3]), Float64Array.of(0, 0, 0, 1, 1, 0), Float64Array.of(0, 0, 3, 1, 1, 3, 2, 2, 3), sagittal]);
    expect(stack.ignored).toEqual([{ loop: 2, why: "fewer than three points" }, { loop: 3, why: "no area" }, { loop: 4, why: "another orientation" }]);
  });

  test("a change of slice distance is no gap, a missing slice is", () => {
    expect(gapsOf(contourStack(box(0, 9, [0, 1, 2, 6, 10, 14])))).toEqual([]);
    expect(gapsOf(contourStack(box(0, 9, [0, 1, 2, 4, 5, 6])))).toEqual([{ from: 2, to: 4 }]);
  });

  test("a tapering end holds a third of a slice of its contour", () => {
    const stack = contourStack(box(0, 10, [0, 3, 6]));
    const volume = slabsOf(stack, { endCap: "taper" }).reduce((total, { from, to, loops }) => total + (to - from) * ((loops[0] as Float64Array)[3] as number - ((loops[0] as Float64Array)[0] as number)) ** 2, 0);
    expect(volume).toBeCloseTo(100 * (6 + 2), 3);
  });
});
