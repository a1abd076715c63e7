import { describe, expect, test } from "vitest";
import { radiograph, type Crossed, type Rays } from "./radiograph.ts";

/** Water of 60 × 40 × 50 mm around the origin, in voxels of 2 × 2 × 2.5 mm. */
const water: Crossed = {
  values: new Int16Array(30 * 20 * 20),
  size: [30, 20, 20],
  patientFromVoxel: Float64Array.of(2, 0, 0, -29, 0, 2, 0, -19, 0, 0, 2.5, -23.75),
};
const hu = { scale: 1 / 1000, offset: 1 };
/** From the front, 1000 mm away, on the plane of the isocenter. */
const front = (mmPerPx: number, n: number): Rays => ({
  source: [0, -1000, 0],
  corner: [(-mmPerPx * (n - 1)) / 2, 0, (mmPerPx * (n - 1)) / 2],
  right: [mmPerPx, 0, 0],
  down: [0, 0, -mmPerPx],
});

describe("a radiograph", () => {
  test("through water is as long as the water along each ray", () => {
    const n = 21;
    const sums = radiograph(water, front(2, n), n, n, hu);
    for (const [x, y] of [[10, 10], [4, 10], [16, 5]] as const) {
      const [px, pz] = [2 * (x - 10), 2 * (10 - y)];
      // 40 mm along y; a slanted ray is longer by its secant.
      expect(sums[y * n + x]).toBeCloseTo(40 * Math.hypot(1000, px, pz) / 1000, 3);
    }
  });

  test("from the side the same water is 60 mm, and beside it nothing", () => {
    const sums = radiograph(water, { source: [1000, 0, 0], corner: [0, -39, 0], right: [0, 1, 0], down: [0, 0, 1] }, 79, 1, hu);
    expect(sums[39]).toBeCloseTo(60, 3);
    expect(sums[0]).toBe(0);
  });

  test("air weighs nothing, and no value less than nothing", () => {
    const air = { ...water, values: new Int16Array(12000).fill(-1000) };
    const padding = { ...water, values: new Int16Array(12000).fill(-2000) };
    expect(radiograph(air, front(2, 3), 3, 3, hu)).toEqual(new Float32Array(9));
    expect(radiograph(padding, front(2, 3), 3, 3, hu)).toEqual(new Float32Array(9));
  });

  test("enlarges what is nearer to the source", () => {
    // One dense column at x = 15, once in the front layer and once in the back one.
    const shadow = (j: number) => {
      const values = new Int16Array(12000).fill(-1000);
      for (let k = 0; k < 20; k++) values[22 + 30 * (j + 20 * k)] = 1000;
      const sums = radiograph({ ...water, values }, { source: [0, -100, 0], corner: [0, 0, 0.3], right: [0.1, 0, 0], down: [0, 0, -1] }, 300, 1, hu);
      return sums.reduce((s, v, i) => s + v * i * 0.1, 0) / sums.reduce((s, v) => s + v, 0);
    };
    // y = −19 and 19: magnified by 100 / 81 and 100 / 119.
    expect(shadow(0)).toBeCloseTo((15 * 100) / 81, 1);
    expect(shadow(19)).toBeCloseTo((15 * 100) / 119, 1);
  });

  test("of the highest weights is that of the densest voxel a ray meets", () => {
    const values = new Int16Array(12000).fill(-900);
    for (let k = 0; k < 20; k++) for (let i = 10; i < 20; i++) values[i + 30 * (7 + 20 * k)] = 300;
    const highest = radiograph({ ...water, values }, front(2, 21), 21, 21, { ...hu, keep: "highest" });
    expect(highest[10 * 21 + 10]).toBeCloseTo(1.3, 6);
    expect(highest[10 * 21 + 20]).toBeCloseTo(0.1, 6);
  });

  test("drawn row by row is the same picture", () => {
    const whole = radiograph(water, front(3, 9), 9, 9, hu);
    const out = new Float32Array(81);
    for (let row = 0; row < 9; row++) radiograph(water, front(3, 9), 9, 9, { ...hu, rows: [row, row + 1], out });
    expect(out).toEqual(whole);
  });

  test("through an unknown voxel is unknown, not thin", () => {
    const values = new Float32Array(12000);
    values[15 + 30 * (10 + 20 * 10)] = Number.NaN;
    const sums = radiograph({ ...water, values }, front(2, 21), 21, 21, hu);
    expect(sums.some((v) => Number.isNaN(v))).toBe(true);
    expect(sums[0]).toBeGreaterThan(39);
  });
});
