import { expect, test } from "vitest";
import { sourceSkinMm } from "./source-skin.ts";
import { rod } from "./setup/setting.fixture.ts";

const body = rod("BODY", 100, [0, 0], "EXTERNAL");
const from = (gantryDeg: number, isocenter: readonly [number, number, number] = [0, 0, 0], couchDeg = 0) =>
  sourceSkinMm({ isocenter, patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg }, 1000, body);

test("a cylinder of 10 cm around the isocenter stands 90 cm from the source, from every side", () => {
  for (const gantryDeg of [0, 37, 90, 200]) expect(from(gantryDeg)).toBeCloseTo(900, -0.5);
});

test("an isocenter 4 cm to the left is nearer to the skin for a beam from the left, and farther for one from the right", () => {
  // The skin lies 60 and 140 mm from the isocenter: 940 and 860 mm.
  expect(from(90, [40, 0, 0])).toBeCloseTo(940, -0.5);
  expect(from(270, [40, 0, 0])).toBeCloseTo(860, -0.5);
});

test("a beam that comes through the end of what is drawn, or misses it, is told as it is", () => {
  // The rod ends 30 mm from the isocenter.
  expect(from(90, [0, 0, 0], 90)).toBeGreaterThanOrEqual(965);
  expect(from(0, [0, 0, 500])).toBeUndefined();
});
