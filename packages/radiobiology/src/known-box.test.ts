import { fc, test } from "@fast-check/vitest";
import { originOf, type Volume } from "@hapax/base";
import { expect } from "vitest";
import { cube, doseOn } from "./dose-on-a-grid.fixture.ts";
import { knownBox } from "./known-box.ts";

const known = (of: (x: number, y: number, z: number) => boolean): Volume<Float32Array> => doseOn(cube(6, 2), (x, y, z) => (of(x, y, z) ? x + 100 * y : NaN));

test("where a second grid ends the box is that of both, in its place", () => {
  const found = knownBox(known((x, y) => x >= 4 && y < 7));
  // x 4 to 10 mm, y 0 to 6 mm, z all: 4 × 4 × 6
  expect(found?.volume.grid.size).toEqual([4, 4, 6]);
  expect(originOf(found!.volume.grid)).toEqual([4, 0, 0]);
  expect([found?.volume.values[0], found?.volume.values.at(-1), found?.leftOut]).toEqual([4, 610, 0]);
});

test("of a turned region a box without unknown voxels is left, and what it leaves out is counted", () => {
  const found = knownBox(known((x, y) => x + y <= 14));
  expect(found?.volume.values.some(Number.isNaN)).toBe(false);
  // 6 × 6 less the corner of 6 voxels, in 6 planes
  expect((found?.leftOut ?? 0) + (found?.volume.values.length ?? 0)).toBe(6 * 30);
  expect(found?.volume.values.length).toBeGreaterThan(6 * 15);
});

test("a volume that is known stays as it is; of one that is not there is no box", () => {
  const whole = known(() => true);
  expect(knownBox(whole)).toEqual({ volume: whole, leftOut: 0 });
  expect(knownBox(known(() => false))).toBeUndefined();
});

const bounds = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })).map(([a, b]) => [2 * Math.min(a, b), 2 * Math.max(a, b)] as const);
test.prop([bounds, bounds, bounds])("every box that is known is found whole", (xs, ys, zs) => {
  const within = (v: number, [low, high]: readonly [number, number]) => v >= low && v <= high;
  const found = knownBox(known((x, y, z) => within(x, xs) && within(y, ys) && within(z, zs)));
  expect(found?.leftOut).toBe(0);
  expect(originOf(found!.volume.grid)).toEqual([xs[0], ys[0], zs[0]]);
});
