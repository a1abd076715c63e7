import { fc, test } from "@fast-check/vitest";
import { HapaxError } from "@hapax/base";
import { expect } from "vitest";
import { geud } from "./index.ts";

const doses = [10, 20, 30, 40];
const volumes = [0.4, 0.3, 0.2, 0.1];

test("four parts at 10 to 40 Gy have the gEUD of each exponent", () => {
  // a = 1: 4 + 6 + 6 + 4 = 20
  const expected = [[1, 20], [8, 30.7254], [-10, 10.9588], [1 / 0.06, 34.8729], [20, 35.6613]] as const;
  for (const [a, value] of expected) expect(geud(doses, volumes, a)).toBeCloseTo(value, 4);
});

test("a part without dose makes it 0 for a below 0", () => {
  expect(geud([0, 60], [0.01, 0.99], -10)).toBe(0);
});

test("no volume, a = 0 and unequal lengths are refused", () => {
  expect(() => geud([10], [0], 1)).toThrow(HapaxError);
  expect(() => geud([10], [1], 0)).toThrow(HapaxError);
  expect(() => geud([10, 20], [1], 1)).toThrow(HapaxError);
});

const parts = fc.array(fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: 0.001, max: 10, noNaN: true })), { minLength: 1, maxLength: 12 });
const exponents = fc.double({ min: -300, max: 300, noNaN: true }).filter((a) => Math.abs(a) > 0.05);

test.prop([parts, exponents])("it lies between the lowest and the highest dose", (list, a) => {
  const value = geud(list.map((p) => p[0]), list.map((p) => p[1]), a);
  expect(value).toBeGreaterThanOrEqual(Math.min(...list.map((p) => p[0])) * (1 - 1e-9));
  expect(value).toBeLessThanOrEqual(Math.max(...list.map((p) => p[0])) * (1 + 1e-9));
});

test.prop([parts, exponents, exponents])("a larger a never gives less", (list, a, b) => {
  fc.pre(a * b > 0);
  const at = (x: number) => geud(list.map((p) => p[0]), list.map((p) => p[1]), x);
  expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)) * (1 - 1e-9));
});
