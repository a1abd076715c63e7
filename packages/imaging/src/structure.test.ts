import { fc, test } from "@fast-check/vitest";
import { flat, gridOf, type Grid } from "@hapax/base";
import { closedLoops } from "@hapax/case";
import { nearestSeed, occupancy } from "@hapax/kernels";
import { describe, expect } from "vitest";
import { difference, exclusive, intersection, union, volumeMl, type Shape } from "./structure-algebra.ts";
import { contoursOf } from "./structure-contours.ts";
import { margin, smoothed } from "./structure-margin.ts";

const grid: Grid = gridOf({ size: [60, 60, 60], origin: [-29.5, -29.5, -29.5], spacing: [1, 1, 1], frameOfReference: "1" });
const lattice = { size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) };

function ball(radius: number, center: readonly [number, number, number] = [0, 0, 0]): Shape {
  const loops: Float64Array[] = [];
  for (let z = Math.ceil((center[2] - radius) * 2) / 2 + 0.25; z < center[2] + radius; z += 0.5) {
    const r = Math.sqrt(radius ** 2 - (z - center[2]) ** 2);
    loops.push(Float64Array.from({ length: 360 }, (_, i) => [center[0] + r * Math.cos((Math.floor(i / 3) * Math.PI) / 60), center[1] + r * Math.sin((Math.floor(i / 3) * Math.PI) / 60), z][i % 3] as number));
  }
  return { grid, inside: occupancy(loops, lattice) };
}

const box = (low: number, high: number): Shape => ({
  grid,
  inside: occupancy(Array.from({ length: high - low }, (_, k) => low + 0.5 + k).map((z) => Float64Array.of(low, low, z, high, low, z, high, high, z, low, high, z)), lattice),
});

const ballMl = (radius: number) => (4 / 3) * Math.PI * radius ** 3 / 1000;

/** Radius of the sphere of the same volume, mm. */
const radiusOf = (shape: Shape) => Math.cbrt((volumeMl(shape) * 3000) / (4 * Math.PI));

describe("algebra of structures", () => {
  test.prop([fc.double({ min: 4, max: 10, noNaN: true }), fc.double({ min: 4, max: 10, noNaN: true }), fc.double({ min: 0, max: 15, noNaN: true })], { numRuns: 10 })("volumes add up", (r, s, shift) => {
    const [a, b] = [ball(r), ball(s, [shift, 0, 0])];
    expect(volumeMl(union(a, b)) + volumeMl(intersection(a, b))).toBeCloseTo(volumeMl(a) + volumeMl(b), 3);
    expect(volumeMl(exclusive(a, b))).toBeCloseTo(volumeMl(union(a, b)) - volumeMl(intersection(a, b)), 3);
    expect(volumeMl(difference(a, b))).toBeCloseTo(volumeMl(a) - volumeMl(intersection(a, b)), 3);
  });

  test("a structure without itself is empty", () => {
    expect(volumeMl(difference(ball(8), ball(8)))).toBe(0);
  });

  test("structures of two grids are not put together", () => {
    const other = { ...ball(5), grid: gridOf({ size: [60, 60, 60], origin: [0, 0, 0], spacing: [1, 1, 1], frameOfReference: "1" }) };
    expect(() => union(ball(5), other)).toThrow(/imaging\/grids-differ/);
  });
});

describe("margins", () => {
  test.prop([fc.double({ min: 6, max: 9, noNaN: true }), fc.double({ min: 0.5, max: 8, noNaN: true })], { numRuns: 5 })("a sphere grown by m mm has the radius r + m within a fifth of a voxel", (radius, mm) => {
    expect(Math.abs(radiusOf(margin(ball(radius), mm)) - radius - mm)).toBeLessThan(0.2);
  });

  test.prop([fc.double({ min: 1, max: 4, noNaN: true })], { numRuns: 4 })("a sphere shrunk by m mm has the radius r − m within a fifth of a voxel", (mm) => {
    expect(Math.abs(radiusOf(margin(ball(12), -mm)) - 12 + mm)).toBeLessThan(0.2);
  });

  test.each([[1, 1, 1], [1, 1, 3], [2.5, 2.5, 2.5], [0.97, 0.97, 5]] as const)("on voxels of %d x %d x %d mm a sphere of 10 mm grown by 5 mm has the volume of one of 15 mm within 1 %, and smoothed keeps its own within 3 %", (...spacing) => {
    const size = spacing.map((step) => Math.ceil(44 / step)) as unknown as readonly [number, number, number];
    const coarse = gridOf({ size, origin: [-22.3, -21.6, -22.2], spacing, frameOfReference: "1" });
    const loops = Array.from({ length: 40 }, (_, k) => k / 2 - 9.75).map((z) => Float64Array.from({ length: 360 }, (_, i) => [Math.sqrt(100 - z * z) * Math.cos((Math.floor(i / 3) * Math.PI) / 60), Math.sqrt(100 - z * z) * Math.sin((Math.floor(i / 3) * Math.PI) / 60), z][i % 3] as number));
    const sphere: Shape = { grid: coarse, inside: occupancy(loops, { size, patientFromVoxel: flat(coarse.patientFromVoxel) }) };
    expect(Math.abs(volumeMl(margin(sphere, 5)) / ballMl(15) - 1)).toBeLessThan(0.01);
    expect(Math.abs(volumeMl(margin(sphere, [[5, 5], [5, 5], [5, 5]])) / ballMl(15) - 1)).toBeLessThan(0.04);
    expect(Math.abs(volumeMl(smoothed(sphere, 2)) / volumeMl(sphere) - 1)).toBeLessThan(0.03);
  });

  test("nothing grown is nothing", () => {
    expect(volumeMl(margin(difference(ball(8), ball(8)), 5))).toBe(0);
  });

  test("a cube grown by 5 mm has faces 5 mm further, and rounded edges and corners", () => {
    // V = a³ + 6 a² m + 3 π a m² + 4/3 π m³ with a = 20, m = 5 mm.
    const steiner = (20 ** 3 + 6 * 400 * 5 + 3 * Math.PI * 20 * 25 + (4 / 3) * Math.PI * 125) / 1000;
    expect(Math.abs(volumeMl(margin(box(-10, 10), 5)) / steiner - 1)).toBeLessThan(0.015);
  });

  test("six margins move each face by its own", () => {
    const { inside } = margin(box(-10, 10), [[3, 0], [0, 6], [2, 2]]);
    const along = (axis: 0 | 1 | 2) => {
      const hit = new Set<number>();
      inside.fraction.forEach((share, i) => {
        const at = [i % inside.size[0], Math.floor(i / inside.size[0]) % inside.size[1], Math.floor(i / (inside.size[0] * inside.size[1]))];
        if (share === 1) hit.add((inside.first[axis] as number) + (at[axis] as number));
      });
      return hit.size;
    };
    expect([along(0), along(1), along(2)]).toEqual([23, 26, 24]);
  });

  test("six margins below 0 take from each face", () => {
    expect(volumeMl(margin(box(-10, 10), [[-3, 0], [0, -6], [-2, -2]]))).toBeCloseTo((17 * 14 * 16) / 1000, 6);
  });

  test("smoothing keeps a large sphere and takes a spike of a voxel", () => {
    const spiked = union(ball(12), { grid, inside: { first: [29, 29, 43], size: [1, 1, 6], fraction: new Float32Array(6).fill(1) } });
    const smooth = smoothed(spiked, 2);
    expect(volumeMl(difference(smooth, margin(ball(12), 1)))).toBeLessThan(0.001);
    expect(Math.abs(volumeMl(smooth) / ballMl(12) - 1)).toBeLessThan(0.03);
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 7 * 6 * 5 - 1 }), { minLength: 1, maxLength: 9 })])("the nearest voxel is the nearest, on unequal steps", (chosen) => {
    const size = [7, 6, 5] as const;
    const spacing = [1, 2.5, 0.7] as const;
    const seeds = new Uint8Array(210);
    for (const seed of chosen) seeds[seed] = 1;
    const place = (i: number) => [(i % 7) * spacing[0], (Math.floor(i / 7) % 6) * spacing[1], Math.floor(i / 42) * spacing[2]] as const;
    const apart = (i: number, j: number) => Math.hypot(...place(i).map((value, axis) => value - (place(j)[axis] as number)));
    nearestSeed(seeds, size, spacing).forEach((nearest, i) => {
      expect(apart(i, nearest)).toBeCloseTo(Math.min(...chosen.map((seed) => apart(i, seed))), 9);
    });
  });
});

describe("contours of a structure", () => {
  test("drawn again, a sphere keeps its volume within 1 %", () => {
    const contours = contoursOf(ball(10));
    const again = occupancy(closedLoops({ number: 1, name: "ball", contours }), lattice);
    expect(Math.abs(volumeMl({ grid, inside: again }) / ballMl(10) - 1)).toBeLessThan(0.01);
  });

  test("a shell keeps its hole", () => {
    const shell = difference(ball(12), ball(6));
    const again = occupancy(closedLoops({ number: 1, name: "shell", contours: contoursOf(shell) }), lattice);
    expect(Math.abs(volumeMl({ grid, inside: again }) / volumeMl(shell) - 1)).toBeLessThan(0.01);
  });
});
