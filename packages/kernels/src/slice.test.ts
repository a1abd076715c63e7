import { test as prop, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { slice, type Sampled } from "./slice.ts";

const size = [6, 5, 4] as const;
const linear = (x: number, y: number, z: number) => 3 * x - 7 * y + 11 * z;
const volume: Sampled = { values: Float32Array.from({ length: 120 }, (_, i) => linear(i % 6, Math.floor(i / 6) % 5, Math.floor(i / 30))), size };
/** Columns: right, down, origin. */
const map = (right: readonly number[], down: readonly number[], origin: readonly number[]) => Float64Array.from([0, 1, 2].flatMap((r) => [right[r] as number, down[r] as number, 0, origin[r] as number]));
const sampled = (origin: readonly number[], options = {}) => slice(volume, map([1, 0, 0], [0, 1, 0], origin), 1, 1, options)[0];

describe("a slice", () => {
  const within = fc.tuple(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 4, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }));
  prop.prop([within, fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })])("gives a linear volume back, along the axes and across them", ([x, y, z], lean, tilt) => {
    expect(sampled([x, y, z])).toBeCloseTo(linear(x, y, z), 4);
    expect(slice(volume, map([1, lean, 0], [0, 1, tilt], [x, y, z]), 1, 1)[0]).toBeCloseTo(linear(x, y, z), 4);
  });

  prop.prop([within])("is the same whether its axes are sampled one by one or together", ([x, y, z]) => {
    // A lean of a billionth of a voxel per px is along the axes; of a thousandth it is not, and moves this picture by at most 0.006 of a voxel.
    const along = slice(volume, map([0.7, 0, 0], [0, 0.6, 0], [x - 2, y - 2, z]), 6, 6);
    const across = slice(volume, map([0.7, 1e-3, 0], [0, 0.6, 0], [x - 2, y - 2, z]), 6, 6);
    along.forEach((v, i) => {
      const other = across[i] as number;
      if (Number.isFinite(v) && Number.isFinite(other)) expect(Math.abs(v - other)).toBeLessThan(0.006 * 7 + 1e-4);
    });
  });

  test("ends half a voxel beyond the outermost centers; past that is unknown, or what is asked for", () => {
    expect(sampled([-0.4, 2, 1])).toBe(linear(0, 2, 1));
    expect(sampled([-0.6, 2, 1])).toBeNaN();
    expect(sampled([5.6, 2, 1], { beyond: -1024 })).toBe(-1024);
    expect(slice(volume, map([1, 0.1, 0], [0, 1, 0], [5.6, 2, 1]), 1, 1)[0]).toBeNaN();
  });

  test("of stored numbers carries slope and intercept, also into what lies beyond", () => {
    const ct: Sampled = { values: Uint16Array.of(0, 1000, 2000, 3000), size: [2, 2, 1], slope: 2, intercept: -1024 };
    expect([...slice(ct, map([1, 0, 0], [0, 1, 0], [0, 0, 0]), 2, 2)]).toEqual([-1024, 976, 2976, 4976]);
    expect(slice(ct, map([1, 0, 0], [0, 1, 0], [0.5, 0.5, 0]), 1, 1)[0]).toBe(1976);
    expect(slice(ct, map([1, 0, 0], [0, 1, 0], [9, 0, 0]), 1, 1, { beyond: -1000 })[0]).toBe(-1000);
  });

  test("spreads an unknown voxel only to where it has weight", () => {
    const values = volume.values.slice() as Float32Array;
    values[2 + 6 * 2 + 30] = Number.NaN;
    const holed = { ...volume, values };
    const at = (x: number, y: number, z: number) => slice(holed, map([1, 0, 0], [0, 1, 0], [x, y, z]), 1, 1)[0];
    expect(at(2, 2, 1)).toBeNaN();
    expect(at(2.5, 2, 1)).toBeNaN();
    expect(at(1, 2, 1)).toBe(linear(1, 2, 1));
    expect(at(3, 2.5, 1)).toBeCloseTo(linear(3, 2.5, 1), 4);
    // Noise of an inverted matrix is no weight.
    expect(at(1 + 1e-9, 2 - 1e-9, 1)).toBe(linear(1, 2, 1));
  });

  test("of nearest voxels invents no value", () => {
    const values = slice(volume, map([0.37, 0.11, 0], [0, 0.4, 0.2], [0, 0, 0]), 12, 9, { interpolation: "nearest" });
    for (const v of values) if (Number.isFinite(v)) expect(volume.values).toContain(v);
    expect(sampled([2.49, 2, 1], { interpolation: "nearest" })).toBe(linear(2, 2, 1));
    expect(sampled([2.51, 2, 1], { interpolation: "nearest" })).toBe(linear(3, 2, 1));
  });
});
