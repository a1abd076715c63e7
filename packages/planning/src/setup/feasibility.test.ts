import { describe, expect, test } from "vitest";
import { stereotacticFeasibility } from "./feasibility.ts";
import { ball, doseBy, rod, settingWith } from "./setting.fixture.ts";

const target = ball("PTV", 10, [0, 0, 0], "PTV");
/** 60 Gy in the target at the origin, and so much in each organ, by where it lies. */
const dose = doseBy((x, y) => (y > 15 ? 20 : y < -15 ? 44 : x > 20 ? 10 : 60));
const organs = [target, rod("SpinalCanal", 4, [0, 28]), rod("Esophagus", 4, [0, -28]), rod("BrachialPlex_R", 3, [30, 0])];

describe("stereotactic feasibility", () => {
  test("60 Gy in 8: the esophagus has 40 Gy at 54.5 Gy, the canal 32 Gy at 96", () => {
    const found = stereotacticFeasibility(settingWith(organs), dose, 60, { doseGy: 60, fractions: 8 });
    const at = (organ: string) => found.reaches.find((row) => row.organ === organ)?.atPrescriptionGy;
    // 40 / 44 · 60 and 32 / 20 · 60 Gy.
    expect(at("Esophagus")).toBeCloseTo(54.545, 2);
    expect(at("SpinalCanal")).toBeCloseTo(96, 2);
    expect(found.limiting).toMatchObject({ organ: "Esophagus", metric: "D0.1cc[Gy]", limit: 40, verified: true });
    expect(found.limiting?.atAsked).toBeCloseTo(44, 3);
    expect(found.feasible).toBe(false);
    expect(found.why).toMatch(/^60 Gy in 8 to PTV cannot be given: limits are reached by Esophagus at 54\.5 Gy \(D0\.1cc\[Gy\] at most 40 Gy, SABR set of a hospital/);
  });

  test("rows rise with the prescription, and what is published for other fractions only is said to have no limit here", () => {
    const { reaches, withoutLimit, notDrawn } = stereotacticFeasibility(settingWith(organs), dose, 60, { doseGy: 60, fractions: 8 });
    expect(reaches.map((row) => row.atPrescriptionGy)).toEqual(reaches.map((row) => row.atPrescriptionGy).sort((a, b) => a - b));
    expect(withoutLimit).toContain("BrachialPlex");
    expect(notDrawn).toContain("Heart");
  });

  test("one dose answers for every plan that is in proportion to it, and for every fractionation", () => {
    const setting = settingWith(organs);
    const [one, half] = [stereotacticFeasibility(setting, dose, 60, { doseGy: 50, fractions: 5 }), stereotacticFeasibility(setting, { ...dose, slope: 0.5 }, 30, { doseGy: 50, fractions: 5 })];
    expect(half.reaches.map(({ organ, metric }) => [organ, metric])).toEqual(one.reaches.map(({ organ, metric }) => [organ, metric]));
    half.reaches.forEach((row, n) => expect(row.atPrescriptionGy).toBeCloseTo(one.reaches[n]!.atPrescriptionGy, 2));
    // TG-101, cord 30 Gy in 5, is for the cord and not the canal: the canal's is 25.3 / 20 · 60 Gy.
    expect(one.reaches.find(({ organ }) => organ === "SpinalCanal")?.atPrescriptionGy).toBeCloseTo(75.9, 2);
  });

  test("volumes are solved on the histogram: the hottest 15 % of a lung under an even ramp to 60 Gy have 51 Gy, so that V20 is 15 % at 23.5 Gy", () => {
    // Along the lung from −30 to 30 mm the dose rises evenly from 0 to 60 Gy: the hottest 15 % have 51 Gy and more.
    const even = doseBy((_x, _y, z) => Math.max(0, z + 30));
    const found = stereotacticFeasibility(settingWith([target, rod("Lungs", 6, [25, 0])]), even, 60, { doseGy: 50, fractions: 5 });
    const v20 = found.reaches.find(({ metric, set }) => metric === "V20Gy[%]" && set === "HyTEC");
    expect(v20?.atPrescriptionGy).toBeCloseTo((60 * 20) / 51, 0);
    // At 50 Gy the dose is 20 Gy where the plan has 24: 60 % of the lung lie beyond.
    expect(v20?.atAsked).toBeCloseTo(60, 0);
    const mean = found.reaches.find(({ metric, set }) => metric === "Mean[Gy]" && set === "HyTEC");
    expect(mean?.atPrescriptionGy).toBeCloseTo((60 * 8) / 30, 1);
  });

  test("a volume that is to be spared and that the organ does not have is no row", () => {
    const { reaches } = stereotacticFeasibility(settingWith([target, ball("Liver", 15, [30, 0, 0])]), dose, 60, { doseGy: 50, fractions: 5 });
    expect(reaches.filter(({ organ }) => organ === "Liver")).toEqual([]);
  });

  test("lungs drawn as two sides are judged as one", () => {
    const { reaches, notDrawn } = stereotacticFeasibility(settingWith([target, rod("Lung_L", 5, [-30, 0]), rod("Lung_R", 5, [30, 0])]), doseBy((x) => (x > 0 ? 6 : 2)), 60, { doseGy: 50, fractions: 5 });
    // The mean of both is 4 Gy: 8 Gy at twice the 60.
    expect(reaches.find(({ organ, metric }) => organ === "Lungs" && metric === "Mean[Gy]")?.atPrescriptionGy).toBeCloseTo(120, 0);
    expect(notDrawn).not.toContain("Lungs");
  });

  test("with 39 Gy in 30 before, 20 Gy of a plan of 60 to the cord reach 60 Gy of EQD2 in 8 at what 27.825 Gy leave", () => {
    const earlier = [{ label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" }];
    const setting = settingWith([target, rod("SpinalCord", 4, [0, 28])], { earlier }, [{ label: "IMRT", dose: doseBy(() => 39) }]);
    const { reaches } = stereotacticFeasibility(setting, dose, 60, { doseGy: 60, fractions: 8 });
    const delphi = reaches.find(({ set, metric }) => /Delphi/.test(set) && metric === "Max[Gy]");
    // BED 2 · 27.825 = 55.65 Gy in 8: d = (−2 + √(4 + 8 · 55.65 / 8)) / 2 = 2.862 Gy, 22.89 Gy; the cord has a third of the prescription.
    const perFraction = (-2 + Math.sqrt(4 + 55.65)) / 2;
    expect(delphi?.atPrescriptionGy).toBeCloseTo(3 * 8 * perFraction, 1);
    expect(delphi).toMatchObject({ limit: 60, cumulativeAlphaBeta: 2 });
    // 20 Gy in 8 are 20 (2.5 + 2) / 4 = 22.5 Gy of EQD2, with 32.175 before.
    expect(delphi?.atAsked).toBeCloseTo(54.675, 2);
  });

  test("earlier doses that alone pass a limit leave no prescription", () => {
    const earlier = [{ label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" }];
    const setting = settingWith([target, rod("SpinalCord", 4, [0, 28])], { earlier }, [{ label: "IMRT", dose: doseBy(() => 80) }]);
    expect(stereotacticFeasibility(setting, dose, 60, { doseGy: 60, fractions: 8 }).limiting).toMatchObject({ atPrescriptionGy: 0, organ: "SpinalCord" });
  });

  test("where no organ with a limit is drawn nothing is said to be feasible", () => {
    const { feasible, why } = stereotacticFeasibility(settingWith([target]), dose, 60, { doseGy: 60, fractions: 8 });
    expect(feasible).toBeUndefined();
    expect(why).toMatch(/^Nothing limits 60 Gy in 8 to PTV: no organ with a limit in 8 fractions is drawn\. Not drawn and not judged: /);
  });

  test("an organ that has its dose in a part only is judged by that part, and holds no promise", () => {
    const part = doseBy((_x, _y, z) => (z > 12 ? NaN : 10));
    const { feasible, reaches } = stereotacticFeasibility(settingWith(organs), part, 60, { doseGy: 60, fractions: 8 });
    expect(reaches.every(({ whole }) => !whole)).toBe(true);
    expect(feasible).toBeUndefined();
  });
});
