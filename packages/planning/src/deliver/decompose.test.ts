import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { decomposed } from "./decompose.ts";

const maps = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 })).chain(([columns, rows]) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns * rows, maxLength: columns * rows }).map((values) => ({ columns, rows, levels: Int32Array.from(values) })));

function sumOf(shapes: ReturnType<typeof decomposed>, columns: number, rows: number): Int32Array {
  const sum = new Int32Array(columns * rows);
  for (const { levels, from, to } of shapes) {
    for (let row = 0; row < rows; row++) for (let column = from[row] as number; column < (to[row] as number); column++) sum[row * columns + column] = (sum[row * columns + column] as number) + levels;
  }
  return sum;
}

/** The greatest over rows of the sum of rises: no set of openings gives the map with less. */
function leastLevels(levels: Int32Array, columns: number, rows: number): number {
  return Math.max(...Array.from({ length: rows }, (_, row) => levels.subarray(row * columns, (row + 1) * columns).reduce((sum, value, i, line) => sum + Math.max(0, value - (i === 0 ? 0 : (line[i - 1] as number))), 0)));
}

describe("a map of whole numbers as openings", () => {
  prop.prop([maps])("comes back exactly, with the least monitor units that any leaves can give it with", ({ columns, rows, levels }) => {
    const shapes = decomposed(levels, columns, rows);
    expect(sumOf(shapes, columns, rows)).toEqual(levels);
    expect(shapes.reduce((sum, shape) => sum + shape.levels, 0)).toBe(leastLevels(levels, columns, rows));
    for (const { levels: taken } of shapes) expect(taken).toBeGreaterThan(0);
  });

  test("takes one opening for a level field of any outline, and a few for a staircase", () => {
    // Rows of 3, 5 and 1 columns at level 7.
    const level = Int32Array.from([0, 7, 7, 7, 0, 7, 7, 7, 7, 7, 0, 0, 7, 0, 0]);
    expect(decomposed(level, 5, 3)).toEqual([{ levels: 7, from: Int32Array.of(1, 0, 2), to: Int32Array.of(4, 5, 3) }]);
    // 1 to 7 in steps of one: rises sum to 7, and one opening ends at each step.
    expect(decomposed(Int32Array.from([1, 2, 3, 4, 5, 6, 7]), 7, 1)).toHaveLength(7);
    expect(decomposed(new Int32Array(12), 4, 3)).toEqual([]);
  });

  test("takes fewer openings than one for each level", () => {
    // 15 × 15 with 20 levels.
    const levels = Int32Array.from({ length: 225 }, (_, at) => Math.round(10 + 6 * Math.sin(at) + 4 * Math.cos(at * at)));
    expect(decomposed(levels, 15, 15).length).toBeLessThan(leastLevels(levels, 15, 15) / 3);
  });
});
