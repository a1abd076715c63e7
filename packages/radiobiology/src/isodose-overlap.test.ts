import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { cube, doseOn } from "./dose-on-a-grid.fixture.ts";
import { isodoseOverlap, typesByOverlap, type IrradiatedVolume } from "./isodose-overlap.ts";

const grid = cube(21, 2, [-20, -20, -20]);

/** A ball that has its prescription at the center and loses 2 Gy per mm. */
const ball = (name: string, centerX: number, gy: number, isodoseGy: number, on = grid): IrradiatedVolume => ({
  name,
  dose: doseOn(on, (x, y, z) => Math.max(0, gy - 2 * Math.hypot(x - centerX, y, z))),
  isodoseGy,
});

test("two 50 % isodoses of 15 mm radius, 16 mm apart, share the lens between them", () => {
  const found = isodoseOverlap(ball("neck", -8, 60, 30), ball("chest", 8, 60, 30), grid);
  // lens: π (2R − d)² (d² + 4 d R) / (12 d) with R 15, d 16: π 14² (256 + 960) / 192 = 3.900 cc; counted in 0.008 cc
  expect(found.bothCc).toBeCloseTo(3.9, 0.5);
  expect(found.voxelCc).toBeCloseTo(0.008, 9);
  expect(found.unknownCc).toBe(0);
  expect(typesByOverlap(found, { concern: false, sameOrgan: false })).toEqual(["type 1"]);
});

test("without overlap the concern and the organ decide", () => {
  const found = isodoseOverlap(ball("neck", -14, 20, 10), ball("chest", 14, 20, 10), grid);
  expect(found.bothCc).toBe(0);
  expect(typesByOverlap(found, { concern: true })).toEqual(["type 2"]);
  expect(typesByOverlap(found, { concern: false, sameOrgan: true })).toEqual(["repeat organ irradiation"]);
  expect(typesByOverlap(found, { concern: false, sameOrgan: false })).toEqual(["repeat irradiation"]);
  expect(typesByOverlap(found, {})).toEqual(["type 2", "repeat organ irradiation", "repeat irradiation"]);
});

test("where a dose grid ends inside the other's isodose, type 1 stays possible", () => {
  const half = cube(8, 2, [6, -8, -8]);
  const found = isodoseOverlap(ball("neck", -8, 60, 30), ball("chest", 14, 10, 5, half), grid);
  expect(found.bothCc).toBe(0);
  expect(found.unknownCc).toBeGreaterThan(5);
  expect(typesByOverlap(found, { concern: true })).toEqual(["type 1", "type 2"]);
});

test.prop([fc.double({ min: -15, max: 15, noNaN: true }), fc.double({ min: 5, max: 40, noNaN: true })], { numRuns: 10 })("overlap is the same from either side, and no larger than either volume", (x, level) => {
  const [a, b] = [ball("a", 0, 50, 20), ball("b", x, 50, level)];
  const forth = isodoseOverlap(a, b, grid);
  const back = isodoseOverlap(b, a, grid);
  expect(back.bothCc).toBe(forth.bothCc);
  expect(forth.bothCc).toBeLessThanOrEqual(Math.min(forth.firstCc, forth.secondCc));
});

test("an isodose of 0 Gy is refused", () => {
  expect(() => isodoseOverlap(ball("a", 0, 50, 0), ball("b", 0, 50, 25), grid)).toThrow(expect.objectContaining({ code: "radiobiology/isodose" }));
});
