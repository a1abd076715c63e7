import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { expect } from "vitest";
import { contributionsAt } from "./contributions-at.ts";
import { cumulativeDose, cumulativeOrganDose, leastDose, type DoseCourse, type SumOptions } from "./cumulative-dose.ts";
import { cube, doseOn } from "./dose-on-a-grid.fixture.ts";

const inEqd2: SumOptions = { measure: "EQD2" };
const grid = cube(5, 2);
const flat = (gy: number, on = grid) => doseOn(on, () => gy);
const first: DoseCourse = { name: "IMRT", dose: flat(39), fractions: 30 };
const second: DoseCourse = { name: "palliative", dose: flat(20), fractions: 5 };

test("leach2025: cord at 39 Gy in 30 and 20 Gy in 5 has 62.175 Gy EQD2 at α/β 2, not the 54.4 of the summed dose", () => {
  // 39 (1.3 + 2) / 4 + 20 (4 + 2) / 4 = 32.175 + 30
  const found = cumulativeDose([first, second], grid, Gy(2), inEqd2);
  expect(found.highest?.gy).toBeCloseTo(62.175, 4);
  expect(found.highest?.contributions.map((c) => [c.course, Number(c.gy?.toFixed(3))])).toEqual([["IMRT", 32.175], ["palliative", 30]]);
  expect(found.maximum).toEqual({ low: found.highest?.gy, high: found.highest?.gy });
  expect(found.covered).toBe(1);
});

test("BED adds as it should: 64.35 and 60 Gy at α/β 2", () => {
  expect(cumulativeDose([first, second], grid, Gy(2), { measure: "BED" }).highest?.gy).toBeCloseTo(124.35, 4);
});

test("physical dose adds as it is, without α/β: 39 and 20 are 59 Gy", () => {
  const found = cumulativeDose([first, second], grid, undefined, { measure: "physical dose" });
  expect(found.highest?.gy).toBeCloseTo(59, 5);
  expect(found.alphaBeta).toBeUndefined();
  expect(found.method[0]).toContain("added as they are");
  const recovered = { ...first, recovered: { share: 0.25, why: "12 months" } };
  expect(() => cumulativeDose([recovered], grid, undefined, { measure: "physical dose" })).toThrow(expect.objectContaining({ code: "radiobiology/recovery" }));
  expect(() => cumulativeDose([first], grid, undefined, inEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/alpha-beta" }));
});

test("where a course is unknown the others are certain at least, and what each gives at a place adds up", () => {
  const found = cumulativeDose([first, { ...second, dose: flat(20, cube(3, 2)) }], grid, Gy(2), inEqd2);
  const least = leastDose(found).values;
  expect([least[0], least.at(-1)].map((gy) => Number(gy?.toFixed(3)))).toEqual([62.175, 32.175]);
  const [imrt, palliative] = contributionsAt(found, [1, 3, 2.5]);
  expect((imrt?.gy ?? 0) + (palliative?.gy ?? 0)).toBeCloseTo(62.175, 4);
  expect(contributionsAt(found, [8, 8, 8]).map(({ gy }) => gy === undefined)).toEqual([false, true]);
});

test("where one dose grid ends the sum is unknown, and what is known is a lower bound", () => {
  const small = { ...second, dose: flat(20, cube(3, 2)) };
  const hot = { ...first, dose: doseOn(grid, (x) => 30 + x) };
  const found = cumulativeDose([hot, small], grid, Gy(2), inEqd2);
  // 27 of 125 voxels
  expect(found.covered).toBeCloseTo(27 / 125, 9);
  expect(found.sum.values.filter((value) => Number.isNaN(value))).toHaveLength(98);
  expect(found.highest?.at).toEqual([4, 0, 0]);
  // 38 (38/30 + 2) / 4 at x = 8, with the other course not known there
  expect(found.highestIncomplete?.gy).toBeCloseTo((38 * (38 / 30 + 2)) / 4, 4);
  expect(found.highestIncomplete?.contributions[1]).toEqual({ course: "palliative", gy: undefined });
  expect(found.maximum?.high).toBeUndefined();
  expect(found.method).toContain("Where a course is not known the sum is not: every course is known in 21.6 % of the grid.");
});

test("a course of which only the prescription is known adds 0 to its EQD2, anywhere", () => {
  const found = cumulativeDose([first], grid, Gy(2), { ...inEqd2, prescribed: [{ name: "elsewhere", prescribedGy: 20, fractions: 5 }] });
  expect(found.maximum?.low).toBeCloseTo(32.175, 4);
  expect(found.maximum?.high).toBeCloseTo(62.175, 4);
  expect(found.method.at(-1)).toBe("elsewhere: only its prescription is known, 20 Gy, 5 fractions, no recovery: 0 to 30.00 Gy at any place, and more in a hot spot.");
});

test("recovery is taken off after conversion, and only with its reason", () => {
  const recovered = { ...first, recovered: { share: 0.25, why: "12 months" } };
  // 0.75 × 32.175 + 30; of the dose it would be 0.75 × 39 (0.975 + 2) / 4 = 21.75
  const found = cumulativeDose([recovered, second], grid, Gy(2), inEqd2);
  expect(found.highest?.gy).toBeCloseTo(54.13125, 4);
  expect(found.method[1]).toContain("25 % taken off after conversion as recovered (12 months)");
  for (const wrong of [{ share: 0.25, why: " " }, { share: 1.2, why: "x" }]) {
    expect(() => cumulativeDose([{ ...first, recovered: wrong }], grid, Gy(2), inEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/recovery" }));
  }
});

test("a dose of another frame of reference is added through its registration, and refused without one", () => {
  const earlier = { ...second, dose: doseOn(cube(5, 2, [100, 0, 0], "earlier"), (x) => x - 100) };
  expect(() => cumulativeDose([first, earlier], grid, Gy(2), inEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/frame" }));
  const registration: Registration = {
    uid: "9", studyUid: "", seriesUid: "", files: [], label: "rigid", synthetic: true, problems: [],
    from: "earlier", to: "planning", rows: [[1, 0, 0, -100], [0, 1, 0, 0], [0, 0, 1, 0]],
  };
  const found = cumulativeDose([first, earlier], grid, Gy(2), { ...inEqd2, registrations: [registration] });
  expect(found.covered).toBe(1);
  // 8 Gy in 5 at x = 8: 8 × 3.6 / 4 = 7.2
  expect(found.highest?.gy).toBeCloseTo(32.175 + 7.2, 4);
  expect(found.method[2]).toContain("inverse of registration rigid");
});

test("a sum of no course, of a course without fractions or of a volume in HU is refused", () => {
  const codeOf = (courses: readonly DoseCourse[]) => {
    try {
      cumulativeDose(courses, grid, Gy(2), inEqd2);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(codeOf([])).toBe("radiobiology/courses");
  expect(codeOf([{ ...first, fractions: 0 }])).toBe("radiobiology/fractions");
  expect(codeOf([{ ...first, dose: { ...first.dose, unit: "HU" } }])).toBe("radiobiology/unit");
});

const inside = (shares: readonly number[]) => ({ first: [1, 1, 1] as const, size: [3, 1, 1] as const, fraction: Float32Array.from(shares) });

test("an organ is summed at the α/β of the organ table, over its own voxels", () => {
  const across = { ...first, dose: doseOn(grid, (x) => 10 * x) };
  const found = cumulativeOrganDose([across], { name: "SpinalCord", inside: inside([1, 0.5, 0]) }, grid, inEqd2);
  // x = 2 and 4 mm: 20 (20/30 + 2) / 4 = 13.333 and 40 (40/30 + 2) / 4 = 33.333; the voxel at 6 mm is outside
  expect(found.alphaBeta).toBe(2);
  expect([...found.dosesGy].map((d) => Number(d.toFixed(3)))).toEqual([13.333, 33.333]);
  expect([...found.volumesMm3]).toEqual([8, 4]);
  expect(found.mean).toBeCloseTo((2 * 13.3333 + 33.3333) / 3, 3);
  expect(found.highest).toMatchObject({ at: [4, 2, 2] });
  expect(found.method[0]).toBe("Spinal cord: α/β 2 Gy, of the organ table.");
});

test("an organ that the table does not have is summed at 3 Gy, and says so", () => {
  const found = cumulativeOrganDose([first], { name: "Kidney_L", inside: inside([1, 1, 1]) }, grid, inEqd2);
  expect(found.method[0]).toBe("Kidney_L: α/β 3 Gy, for late effects, as the organ table does not have it.");
  expect(found.mean).toBeCloseTo((39 * (1.3 + 3)) / 5, 4);
});

test("an organ half outside a dose grid is known by half", () => {
  const small = { ...second, dose: flat(20, cube(3, 2)) };
  const found = cumulativeOrganDose([first, small], { name: "Heart", inside: inside([1, 0, 1]) }, grid, inEqd2);
  expect(found.covered).toBe(0.5);
  expect(found.dosesGy).toHaveLength(1);
  expect(found.maximum?.high).toBeUndefined();
});

test("an organ without a voxel is refused", () => {
  expect(() => cumulativeOrganDose([first], { name: "Heart", inside: inside([0, 0, 0]) }, grid, inEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/organ-empty" }));
});

const courses = fc.record({ gy: fc.double({ min: 0, max: 80, noNaN: true }), fractions: fc.integer({ min: 1, max: 40 }) });

test.prop([fc.array(courses, { minLength: 1, maxLength: 4 }), fc.double({ min: 1, max: 20, noNaN: true })], { numRuns: 50 })("the order of courses does not matter", (given, alphaBeta) => {
  const tiny = cube(2, 2);
  const list = given.map(({ gy, fractions }, n): DoseCourse => ({ name: `${n}`, dose: doseOn(tiny, (x) => gy + x), fractions }));
  const forth = cumulativeDose(list, tiny, Gy(alphaBeta), inEqd2).highest!.gy;
  const back = cumulativeDose([...list].reverse(), tiny, Gy(alphaBeta), inEqd2).highest!.gy;
  expect(back / forth).toBeCloseTo(1, 6);
});

test.prop([fc.integer({ min: 1, max: 40 }), fc.double({ min: 1, max: 20, noNaN: true })])("2 Gy fractions are their own EQD2", (fractions, alphaBeta) => {
  const tiny = cube(2, 2);
  const found = cumulativeDose([{ name: "a", dose: doseOn(tiny, () => 2 * fractions), fractions }], tiny, Gy(alphaBeta), inEqd2);
  expect(found.highest!.gy / (2 * fractions)).toBeCloseTo(1, 5);
});
