import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { outlineDistances } from "./outline-distance.ts";

test("points within a circle of 10 mm have 10 mm less their radius, those outside the negative", () => {
  const circle = Float64Array.from({ length: 720 }, (_, i) => 10 * (i % 2 === 0 ? Math.cos : Math.sin)(((i >> 1) * Math.PI) / 180));
  const found = outlineDistances([circle], [-15, -15], 0.5, 61, 61);
  for (const [i, j] of [[30, 30], [40, 30], [30, 55], [3, 3], [60, 60]] as const) {
    // A chord of 1° lies 0.0004 mm within its arc.
    expect(found[j * 61 + i]).toBeCloseTo(10 - Math.hypot(-15 + i / 2, -15 + j / 2), 2);
  }
});

const number = fc.double({ min: -20, max: 20, noNaN: true });
const loop = fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 30 }).map((points) => Float64Array.from(points.flat()));

test.prop([fc.array(loop, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 40 * 37 - 1 })], { numRuns: 200 })("no edge is nearer to a point than its distance, and one is that near", (loops, at) => {
  const [i, j] = [at % 40, Math.floor(at / 40)];
  const [x, y] = [-25 + i * 1.3, -24 + j * 1.3];
  const nearest = loops.flatMap((one) =>
    Array.from({ length: one.length / 2 }, (_, k) => {
      const [ax, ay, bx, by] = [one[2 * k], one[2 * k + 1], one[(2 * k + 2) % one.length], one[(2 * k + 3) % one.length]] as [number, number, number, number];
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
      return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
    }),
  );
  expect(Math.abs(outlineDistances(loops, [-25, -24], 1.3, 40, 37)[at] as number)).toBeCloseTo(Math.min(...nearest), 9);
});

test("a hole is outside", () => {
  const square = (r: number) => Float64Array.from([-r, -r, r, -r, r, r, -r, r]);
  const found = outlineDistances([square(8), square(3)], [-10, -10], 1, 21, 21);
  expect([found[10 * 21 + 10], found[10 * 21 + 15], found[10 * 21 + 20]]).toEqual([-3, 2, -2]);
});
