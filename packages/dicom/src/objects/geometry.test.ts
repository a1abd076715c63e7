import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { apply, spacingOf, type Vec3 } from "@hapax/base";
import { layoutOf, type Plane } from "./geometry.ts";
import { resampled } from "./resample.ts";

const plane = (z: number, part: Partial<Plane> = {}): Plane =>
  ({ name: `slice at ${z}`, position: [0, 0, z], across: [1, 0, 0], down: [0, 1, 0], spacing: [1, 1], columns: 4, rows: 3, ...part });
const never = () => false;
const at = (...heights: number[]) => heights.map((z) => plane(z));

describe("the geometry of a series is judged from positions alone", () => {
  test.each([
    ["one step", at(0, 3, 6, 9), ["regular"], "as it is"],
    ["positions rounded to a tenth at 1.25 mm", at(0, 1.3, 2.5, 3.8, 5, 6.3), ["regular"], "as it is"],
    ["one slice left out", at(0, 5, 10, 20), ["missing slices"], "resampled"],
    ["three slices left out in one place", at(0, 2, 4, 6, 14, 16), ["missing slices"], "resampled"],
    ["fine slices at the base of the skull, coarse above", at(0, 2.5, 5, 10, 15, 20), ["variable spacing"], "resampled"],
    ["distances that no step explains", at(0, 1.1, 5.1, 9.1, 16.1), ["variable spacing"], "resampled"],
    ["one slice", at(7), ["single"], "as it is"],
  ] as const)("%s", (_, planes, classes, shown) => {
    const layout = layoutOf(planes, never);
    expect(layout.classes).toEqual(classes);
    expect(layout.shown).toBe(shown);
    expect(layout.notice === undefined).toBe(shown === "as it is");
  });

  test("a gap is told in millimetres", () => {
    expect(layoutOf(at(0, 5, 10, 20), never).notice).toContain("the widest gap is 10 mm, where 5 mm is expected");
  });

  test("a tilted gantry is told in millimetres and degrees", () => {
    // 2 mm sideways for every 5 mm of height: atan(2 / 5) = 21.8°.
    const tilted = [0, 1, 2, 3].map((i) => plane(5 * i, { position: [0, 2 * i, 5 * i] }));
    const layout = layoutOf(tilted, never);
    expect(layout.classes).toEqual(["sheared"]);
    expect(layout.notice).toContain("6 mm over 15 mm, 21.8°");
  });

  test("two slices in one place: equal pixels, one is kept and it is told; other pixels, the series is refused", () => {
    const twice = at(0, 3, 3, 6);
    const kept = layoutOf(twice, () => true);
    expect(kept.classes).toEqual(["duplicates"]);
    expect(kept.order).toEqual([0, 1, 3]);
    expect(kept.notice).toContain("1 slice is there twice");
    const refused = layoutOf(twice, never);
    expect(refused.shown).toBe("refused");
    expect(refused.grid).toBeUndefined();
    expect(refused.notice).toContain("which of them is right cannot be told");
  });
});

const turns = fc.double({ min: -3, max: 3, noNaN: true });
test.prop([turns, turns, fc.array(fc.double({ min: 0.5, max: 9, noNaN: true }), { minLength: 1, maxLength: 7 }), fc.integer()])(
  "the class depends on neither the angle of the slices nor the order of the files", (a, b, distances, seed) => {
    const across: Vec3 = [Math.cos(a), Math.sin(a), 0];
    const down: Vec3 = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
    const normal: Vec3 = [Math.sin(a) * Math.sin(b), -Math.cos(a) * Math.sin(b), Math.cos(b)];
    const heights = distances.reduce<number[]>((all, d) => [...all, (all.at(-1) as number) + d], [0]);
    const upright = layoutOf(at(...heights), never);
    const turned = heights.map((z) => plane(z, { across, down, position: [normal[0] * z, normal[1] * z, normal[2] * z] }));
    const order = turned.map((_, i) => i).sort((i, j) => Math.imul(i ^ seed, 2654435761) - Math.imul(j ^ seed, 2654435761));
    const layout = layoutOf(order.map((i) => turned[i] as Plane), never);
    expect(layout.classes).toEqual(upright.classes);
    expect(layout.shown).toBe(upright.shown);
    layout.positionsMm.forEach((z, i) => expect(z).toBeCloseTo(upright.positionsMm[i] as number, 6));
  },
);

/** A plane field of numbers, sampled by slices. */
const field = ([x, y, z]: Vec3) => 10 + 2 * x - 3 * y + 0.5 * z;
const sliceOf = (p: Plane) => Float32Array.from({ length: p.columns * p.rows }, (_, i) => field([p.position[0] + (i % p.columns), p.position[1] + Math.floor(i / p.columns), p.position[2]]));

describe("resampling is exact for what is linear, and invents nothing", () => {
  const check = (planes: Plane[]) => {
    const layout = layoutOf(planes, never);
    const used = layout.order.map((i) => planes[i] as Plane);
    const values = resampled(used.map(sliceOf), 4, layout);
    const grid = layout.grid as NonNullable<typeof layout.grid>;
    let known = 0;
    values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      known++;
      const [nx, ny] = grid.size;
      expect(value).toBeCloseTo(field(apply(grid.patientFromVoxel, [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))])), 3);
    });
    return { values, grid, known };
  };

  test("variable spacing: every voxel between the first and the last slice is known", () => {
    const { values, known } = check(at(0, 1.5, 4, 6.5, 10.25));
    expect(known).toBe(values.length);
  });

  test("missing slices: the planes of the gap are unknown, all others are as scanned", () => {
    const { values, grid } = check(at(0, 5, 10, 25, 30));
    expect(grid.size).toEqual([4, 3, 7]);
    const unknown = [0, 1, 2, 3, 4, 5, 6].map((k) => values.subarray(12 * k, 12 * (k + 1)).every((value) => Number.isNaN(value)));
    expect(unknown).toEqual([false, false, false, true, true, false, false]);
  });

  test("sheared: slices are set upright where they were scanned, and nothing is known beside them", () => {
    const { grid, known } = check([0, 1, 2].map((i) => plane(4 * i, { position: [0, 1.5 * i, 4 * i] })));
    expect(grid.size).toEqual([4, 6, 3]);
    expect(spacingOf(grid)).toEqual([1, 1, 4]);
    // Whole shifts keep all 3 rows, the shift by a half keeps 2: (3 + 2 + 3) rows of 4.
    expect(known).toBe(32);
  });
});
