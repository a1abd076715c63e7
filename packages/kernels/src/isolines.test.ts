import { test as prop, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { isolines } from "./isolines.ts";

const picture = (width: number, height: number, value: (x: number, y: number) => number) =>
  Float64Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
const closed = (line: Float64Array) => line[0] === line[line.length - 2] && line[1] === line[line.length - 1];
/** Shoelace, y down: positive runs clockwise on the screen. */
const area = (line: Float64Array) => {
  let sum = 0;
  for (let i = 0; i + 3 < line.length; i += 2) sum += (line[i] as number) * (line[i + 3] as number) - (line[i + 2] as number) * (line[i + 1] as number);
  return sum / 2;
};

describe("isolines", () => {
  test("on a linear slope they lie exactly where the slope has the level", () => {
    const [lines] = isolines(picture(7, 5, (x, y) => 2 * x + y), 7, 5, [5.3]);
    expect(lines).toHaveLength(1);
    const line = lines?.[0] as Float64Array;
    for (let i = 0; i < line.length; i += 2) expect(2 * (line[i] as number) + (line[i + 1] as number)).toBeCloseTo(5.3, 12);
    expect(closed(line)).toBe(false);
  });

  test("around a cone they close and hold the area of the circle", () => {
    const [lines] = isolines(picture(101, 101, (x, y) => 60 - Math.hypot(x - 50.2, y - 49.7)), 101, 101, [30]);
    expect(lines).toHaveLength(1);
    expect(closed(lines?.[0] as Float64Array)).toBe(true);
    // Radius 30: π·900 = 2827.4; chords of a unit lattice lose less than 0.1 %.
    expect(Math.abs(area(lines?.[0] as Float64Array))).toBeGreaterThan(2827.4 * 0.999);
    expect(Math.abs(area(lines?.[0] as Float64Array))).toBeLessThan(2827.5);
  });

  test("run with the higher side on their right: round a hill clockwise, round a hole the other way", () => {
    const hill = isolines(picture(9, 9, (x, y) => -Math.hypot(x - 4, y - 4)), 9, 9, [-2.5])[0]?.[0] as Float64Array;
    const hole = isolines(picture(9, 9, (x, y) => Math.hypot(x - 4, y - 4)), 9, 9, [2.5])[0]?.[0] as Float64Array;
    expect(area(hill)).toBeGreaterThan(15);
    expect(area(hole)).toBeLessThan(-15);
  });

  test("at a saddle the mean of the four corners decides what hangs together", () => {
    // Corners 1, 0 / 0, 1: mean 0.5. At level 0.4 the ones are joined, at 0.6 they stand apart.
    const saddle = Float64Array.of(1, 0, 0, 1);
    const at = (level: number) => (isolines(saddle, 2, 2, [level])[0] as Float64Array[]).map((l) => [...l].map((v) => Math.round(v * 100) / 100));
    // Joined: each line cuts off a zero, at 0.6 from the one: (0.6, 0) to (1, 0.4) round the corner (1, 0).
    expect(at(0.4)).toContainEqual([0.6, 0, 1, 0.4]);
    // Apart: each line cuts off a one: (0.4, 0) to (0, 0.4) round the corner (0, 0).
    expect(at(0.6)).toContainEqual([0.4, 0, 0, 0.4]);
  });

  test("end at cells that hold an unknown value and never draw through it", () => {
    const values = picture(9, 9, (x, y) => (x === 4 && y === 2 ? Number.NaN : -Math.hypot(x - 4, y - 4)));
    const lines = isolines(values, 9, 9, [-2])[0] as Float64Array[];
    expect(lines.every((line) => !closed(line))).toBe(true);
    for (const line of lines) for (const v of line) expect(Number.isFinite(v)).toBe(true);
    for (const line of lines) for (let i = 0; i < line.length; i += 2) expect((line[i] as number) > 3 && (line[i] as number) < 5 && (line[i + 1] as number) < 3).toBe(false);
  });

  test("close at the border where a value beyond it is given, half way between full and empty", () => {
    // Full to the border, nothing beyond, level 0.5: the frame of 3 × 2 pixels with cut corners.
    const [lines] = isolines(new Float64Array(6).fill(1), 3, 2, [0.5], { beyond: 0 });
    expect(lines).toHaveLength(1);
    // 3 × 2 less four corner triangles of 0.5² / 2.
    expect(area(lines?.[0] as Float64Array)).toBeCloseTo(6 - 4 * 0.125, 12);
  });

  test("values that equal the level are above it, and give no doubled points", () => {
    const [lines] = isolines(picture(5, 5, (x) => x), 5, 5, [2]);
    expect(lines?.map((l) => [...l])).toEqual([[2, 4, 2, 3, 2, 2, 2, 1, 2, 0]]);
  });

  prop.prop([fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }), fc.double({ min: -0.9, max: 0.9, noNaN: true })])(
    "with a value beyond the border every line closes, and every point has the level",
    (values, level) => {
      for (const line of isolines(Float64Array.from(values), 8, 8, [level], { beyond: -2 })[0] as Float64Array[]) {
        expect(closed(line)).toBe(true);
        for (let i = 0; i < line.length; i += 2) {
          const [x, y] = [line[i] as number, line[i + 1] as number];
          expect(Math.min(Math.abs(x - Math.round(x)), Math.abs(y - Math.round(y)))).toBeLessThan(1e-12);
        }
      }
    },
  );
});
