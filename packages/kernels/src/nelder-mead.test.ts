import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { minimize } from "./nelder-mead.ts";

const at = (...x: number[]) => Float64Array.from(x);

test("Rosenbrock's valley ends at (1, 1)", () => {
  const found = minimize(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, at(-1.2, 1), at(0.5, 0.5));
  expect(found.converged).toBe(true);
  expect(found.point[0]).toBeCloseTo(1, 4);
  expect(found.point[1]).toBeCloseTo(1, 4);
});

test("Powell's singular function of four variables ends at the origin", () => {
  const powell = ([a = 0, b = 0, c = 0, d = 0]: Iterable<number>  & ArrayLike<number>) => (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4;
  const found = minimize(powell, at(3, -1, 0, 1), at(1, 1, 1, 1), { maxEvaluations: 10_000 });
  expect(found.value).toBeLessThan(1e-8);
});

const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
test.prop([coordinate, coordinate, fc.double({ min: 0.1, max: 10, noNaN: true })])("the bottom of any bowl is found", (x0, y0, stretch) => {
  const found = minimize(([x = 0, y = 0]) => (x - x0) ** 2 + stretch * (y - y0) ** 2, at(0, 0), at(1, 1));
  expect(found.point[0]).toBeCloseTo(x0, 4);
  expect(found.point[1]).toBeCloseTo(y0, 4);
});

test.prop([coordinate, coordinate])("the same start gives the same answer", (x, y) => {
  const bowl = ([a = 0, b = 0]: ArrayLike<number> & Iterable<number>) => Math.abs(a) + b * b;
  const [one, two] = [minimize(bowl, at(x, y), at(1, 1)), minimize(bowl, at(x, y), at(1, 1))];
  expect(one).toEqual(two);
});

test.prop([coordinate, coordinate])("the answer is never worse than the start, and the start is left as it is", (x, y) => {
  const start = at(x, y);
  const wavy = ([a = 0, b = 0]: ArrayLike<number> & Iterable<number>) => Math.sin(3 * a) + a * a + Math.cos(b) * b;
  expect(minimize(wavy, start, at(1, 1)).value).toBeLessThanOrEqual(wavy(start));
  expect(start).toEqual(at(x, y));
});

test("where the objective is not a number, it looks elsewhere", () => {
  const found = minimize(([x = 0]) => (x < 0 ? Number.NaN : (x - 0.5) ** 2), at(2), at(-3));
  expect(found.point[0]).toBeCloseTo(0.5, 4);
});

test("running out of evaluations is said", () => {
  expect(minimize(([x = 0]) => (x - 100) ** 2, at(0), at(0.001), { maxEvaluations: 10 }).converged).toBe(false);
});
