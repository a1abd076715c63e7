import { describe, expect, test } from "vitest";
import { dot, gridOf, lengthOf, minus, type Vec3, type Volume } from "@hapax/base";
import { axesOfDrawing, moved, outlineOfDrawing, valuesWithin, withShortAxis, type Drawing } from "./drawing.ts";
import { viewAxes } from "./view-axes.ts";

const grid = gridOf({ size: [60, 50, 40], origin: [-30, -20, 100], spacing: [1, 2, 3], frameOfReference: "1.2.3" });
const axes = viewAxes(grid).axial;

describe("two axes", () => {
  const drawn: Drawing = { tool: "two axes", view: "axial", points: withShortAxis([-10, 0, 130], [10, 10, 130], axes) };

  test("the short axis is square to the long one however an end is moved", () => {
    for (const [index, to] of [[0, [-15, 3, 130]], [1, [12, -4, 130]], [2, [4, 20, 130]], [3, [1, -9, 130]]] as const) {
      const [a, b, c, d] = moved(drawn, index, to as Vec3, axes).points as [Vec3, Vec3, Vec3, Vec3];
      expect(dot(minus(b, a), minus(d, c)) / (lengthOf(minus(b, a)) * lengthOf(minus(d, c)))).toBeCloseTo(0, 12);
    }
  });

  test("an end of the short axis goes where it is dragged, and the other keeps its reach", () => {
    const [a, , c, d] = drawn.points as [Vec3, Vec3, Vec3, Vec3];
    const next = moved(drawn, 2, c, axes).points[3] as Vec3;
    expect(lengthOf(minus(next, d))).toBeCloseTo(0, 9);
    expect(lengthOf(minus(a, moved(drawn, 2, [3, 17, 130], axes).points[0] as Vec3))).toBe(0);
  });

  test("lengths are in millimeters, the longest first", () => {
    // The long axis runs 20 mm left and 10 mm back: 22.36 mm; the short one is half of it.
    const [long, short] = axesOfDrawing(drawn, axes);
    expect(long?.mm).toBeCloseTo(Math.hypot(20, 10), 9);
    expect(short?.mm).toBeCloseTo(Math.hypot(20, 10) / 2, 9);
  });
});

describe("a region", () => {
  const values = new Int16Array(60 * 50 * 40);
  for (let k = 0; k < 40; k++) for (let j = 0; j < 50; j++) for (let i = 0; i < 60; i++) values[i + 60 * (j + 50 * k)] = i + 1000 * k;
  const volume: Volume = { grid, values, slope: 2, intercept: -1024, unit: "HU" };

  test("counts the voxels whose centers lie inside, on its own slice, in the unit of the scan", () => {
    // x from −25.5 to −20.5 holds the columns 5 to 9, y from −1 to 5 the rows 10 to 12; z 130 is slice 10.
    const outline: Vec3[] = [[-25.5, -1, 130], [-20.5, -1, 130], [-20.5, 5, 130], [-25.5, 5, 130]];
    expect(valuesWithin(volume, outline)).toEqual({
      count: 15, mean: 2 * (7 + 10_000) - 1024, least: 2 * 10_005 - 1024, most: 2 * 10_009 - 1024,
      // Columns 5 to 9, three times each: squares of the distances to 7 are 3 · (4 + 1 + 0 + 1 + 4) = 30, times 2².
      sd: Math.sqrt((30 * 4) / 14),
    });
  });

  test("has the diameters of RECIST: the longest, and the longest square to it", () => {
    const drawing: Drawing = { tool: "region", view: "axial", points: [[0, 0, 130], [12, 0, 130], [12, 5, 130], [0, 5, 130]] };
    // A box of 12 by 5: its diagonal is 13; square to it a chord rises 5 mm over 12/13 of its length.
    const [long, short] = axesOfDrawing(drawing, axes);
    expect(long?.mm).toBeCloseTo(13, 9);
    expect(short?.mm).toBeCloseTo(5 / (12 / 13), 9);
  });

  test("outside of the scan there are no values", () => {
    expect(valuesWithin(volume, [[500, 0, 130], [510, 0, 130], [510, 9, 130]])).toBeUndefined();
  });
});

test("an ellipse has the axes of the box that it is drawn in", () => {
  const drawing: Drawing = { tool: "ellipse", view: "axial", points: [[-10, 0, 130], [14, 10, 130]] };
  expect(axesOfDrawing(drawing, axes).map((a) => a.mm)).toEqual([24, 10]);
  expect(Math.max(...outlineOfDrawing(drawing, axes).map((p) => p[0]))).toBeCloseTo(14, 9);
});
