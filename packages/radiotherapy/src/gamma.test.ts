import { readFileSync } from "node:fs";
import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { expect, test } from "vitest";
import { readNrrd } from "../../../tests/nrrd.fixture.ts";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { gammaOf, type GammaOptions } from "./gamma.ts";

const threeThree: GammaOptions = { percent: 3, mm: 3, local: false, thresholdPercent: 10 };

function volume(of: (x: number) => number, size: Vec3, origin: Vec3, frameOfReference = "1.2.3"): Volume<Float32Array> {
  const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => of(origin[0] + 2 * (n % size[0])));
  return { grid: gridOf({ size, origin, spacing: [2, 2, 2], frameOfReference }), values, slope: 1, intercept: 0, unit: "Gy" };
}

const day1 = "rt/slicerrt-dosimetry-reference/EclipseEnt_Dose.nrrd";
const slicerRt = (name: string) => readNrrd(readFileSync(sharedPath(`rt/slicerrt-dosimetry-reference/${name}.nrrd`)));

// The baseline is plastimatch's gamma as SlicerRT calls it: 3 %, 3 mm, of the highest dose, above 10 %, without interpolation.
testWith(day1)("SlicerRT's baseline of two days: the same gamma at every voxel, and the same pass rate", () => {
  const baseline = slicerRt("GammaVolume_EclipseEnt_Day1Day2_Baseline").values;
  const found = gammaOf(slicerRt("EclipseEnt_Dose"), slicerRt("EclipseEnt_Dose_Day2"), { ...threeThree, search: "voxels" });
  let furthest = 0;
  let passed = 0;
  for (const [i, value] of found.map.values.entries()) {
    if (Number.isNaN(value)) continue;
    furthest = Math.max(furthest, Math.abs(value - baseline[i]!));
    if (baseline[i]! <= 1) passed++;
  }
  expect(furthest).toBeLessThan(1e-5);
  expect(found.counts.evaluated).toBe(88_129);
  // 71 292 of 88 129
  expect(Math.abs(found.passRate! - passed / 88_129)).toBeLessThan(0.005);
  expect(passed / 88_129).toBeCloseTo(0.80895, 5);
});

testWith(day1)("interpolated, as it should be, the same two days pass at 90.7 %: the baseline fails points that agree", () => {
  const found = gammaOf(slicerRt("EclipseEnt_Dose"), slicerRt("EclipseEnt_Dose_Day2"), threeThree);
  // plastimatch with its interpolated search: 79 996 of 88 129, 90.771 %
  expect(100 * found.passRate!).toBeCloseTo(90.771, 0.7);
  expect(found.method.join(" ")).toContain("linear in tetrahedra");
});

test("a flat dose 3 % too high passes at 3 %, whatever its slope and intercept are stored as", () => {
  const reference = volume(() => 50, [5, 5, 5], [0, 0, 0]);
  const stored: Volume = { ...reference, values: new Uint16Array(125).fill(5050), slope: 0.01, intercept: 1 };
  const found = gammaOf(reference, stored, threeThree);
  expect(found.passRate).toBe(1);
  expect(found.mean).toBeCloseTo(1, 4);
  expect(found.normalizationGy).toBe(50);
});

test("the method is told with every number that it rests on", () => {
  const found = gammaOf(volume((x) => x, [31, 3, 3], [0, 0, 0]), volume((x) => x, [16, 3, 3], [0, 0, 0]), { ...threeThree, mm: 2 });
  expect(found.method).toEqual([
    "Global gamma, 3 % of 60.00 Gy (highest reference dose) and 2 mm; passed at gamma 1 or less.",
    "Compared are reference voxels of 6.00 Gy or more, 10 % of 60.00 Gy (highest reference dose); the threshold is not asked of the evaluated dose.",
    "The evaluated dose is linear in tetrahedra between voxel centers, and the nearest point is found exactly.",
    "The search ends at gamma 2, which means that or more.",
    "Positions: one frame of reference.",
    "135 points could not be compared, because a dose is not known there: neither passed nor failed.",
  ]);
  // 31 × 9 points: 3 columns below 6 Gy, 13 compared, 15 beyond the evaluated grid
  expect(found.counts).toEqual({ evaluated: 117, passed: 117, belowThreshold: 27, unknown: 135 });
});

test("the histogram counts every compared point, and the last bin those of the cap", () => {
  const found = gammaOf(volume(() => 50, [3, 3, 3], [0, 0, 0]), volume(() => 90, [3, 3, 3], [0, 0, 0]), threeThree);
  expect(found.histogram.at(-1)).toEqual({ from: 2, count: 27 });
  expect(found).toMatchObject({ passRate: 0, mean: 2, highest: 2 });
});

test("without a point above the threshold there is no pass rate", () => {
  const found = gammaOf(volume(() => 1, [3, 3, 3], [0, 0, 0]), volume(() => 1, [3, 3, 3], [0, 0, 0]), { ...threeThree, normalizationGy: 60 });
  expect(found.passRate).toBeUndefined();
  expect(found.mean).toBeUndefined();
});

test("doses of two frames of reference are refused, unless a registration ties them", () => {
  const reference = volume((x) => 2 * x + 20, [15, 3, 3], [0, 0, 0], "planning");
  const evaluated = volume((x) => 2 * (x - 6) + 20, [15, 3, 3], [6, 0, 0], "follow-up");
  expect(() => gammaOf(reference, evaluated, threeThree)).toThrow(expect.objectContaining({ code: "radiotherapy/frame" }));
  const registration: Registration = {
    uid: "9", studyUid: "", seriesUid: "", files: [], label: "rigid", synthetic: true, problems: [],
    from: "planning", to: "follow-up", rows: [[1, 0, 0, 6], [0, 1, 0, 0], [0, 0, 1, 0]],
  };
  const found = gammaOf(reference, evaluated, { ...threeThree, registrations: [registration] });
  expect(found.highest).toBeLessThan(1e-5);
  expect(found.method).toContain("Positions: registration rigid.");
});

test("a criterion that means nothing is refused", () => {
  const reference = volume(() => 50, [3, 3, 3], [0, 0, 0]);
  for (const wrong of [{ percent: 0 }, { mm: -1 }, { thresholdPercent: 120 }, { normalizationGy: 0 }]) {
    expect(() => gammaOf(reference, reference, { ...threeThree, ...wrong })).toThrow(expect.objectContaining({ code: "radiotherapy/gamma-criteria" }));
  }
  expect(() => gammaOf({ ...reference, unit: "%" }, reference, threeThree)).toThrow(expect.objectContaining({ code: "radiotherapy/unit" }));
});
