import { expect, test } from "vitest";
import { clearParts } from "./frame-boxes.ts";

test("a line of the crosshair leaves out what is written across it, also where two texts meet", () => {
  expect(clearParts(100, [[40, 60], [0, 10], [50, 70]])).toEqual([[10, 40], [70, 100]]);
  expect(clearParts(100, [])).toEqual([[0, 100]]);
  expect(clearParts(100, [[90, 120]])).toEqual([[0, 90]]);
});
