import { describe, expect, test } from "vitest";
import type { PlanRequest } from "../request.ts";
import { checkRequest } from "./check.ts";
import { ball, doseBy, goal, rod, settingWith } from "./setting.fixture.ts";

const structures = [ball("PTV", 10, [0, 0, 0], "PTV"), ball("PTV_Low", 20, [0, 0, 0], "PTV"), ball("PTV_Same", 10, [0, 0, 0], "PTV"), rod("SpinalCord", 4, [0, 25]), { number: 9, name: "PTV_Named", contours: [] }, ball("PTV_Air", 8, [38, 38, 0]), ball("PTV_Skin", 9, [33, 0, 0])];
const earlier = { label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" };
const conformal = { marginMm: 7, leafStrategy: "middle", fieldsInField: 0, hottestPercent: 107 } as const;
const two = (low: number, goals: PlanRequest["goals"] = []): Partial<PlanRequest> => ({ prescriptions: [{ structure: "PTV", doseGy: 66 }, { structure: "PTV_Low", doseGy: low }], goals });
const check = (changes: Partial<PlanRequest>) => () => checkRequest(settingWith(structures, changes));
const refused = (code: string, what: RegExp) => expect.objectContaining({ code, what: expect.stringMatching(what) });

describe("a request that can be planned", () => {
  test("one target, two nested levels, a target that reaches a little beyond the skin", () => {
    expect(check({})).not.toThrow();
    expect(check(two(54, [goal("PTV", "D95%[Gy]", { atLeast: 62.7 }), goal("PTV_Low", "D95%[Gy]", { atLeast: 51.3 }), goal("PTV", "D2%[Gy]", { atMost: 70.6 })]))).not.toThrow();
    expect(check({ prescriptions: [{ structure: "PTV_Skin", doseGy: 60 }] })).not.toThrow();
  });

  test("a goal that cannot be reached for an organ beside the target is no contradiction", () => {
    expect(check({ goals: [goal("SpinalCord", "Max[Gy]", { atMost: 0.1 })] })).not.toThrow();
  });

  test("a stereotactic plan has open fields or modulated ones", () => {
    expect(check({ technique: "SBRT" })).not.toThrow();
    expect(check({ technique: "SBRT", conformal, modulated: undefined } as Partial<PlanRequest>)).not.toThrow();
  });
});

describe("refusals", () => {
  test.each([0, -5, 2.5, NaN])("%d fractions", (fractions) => {
    expect(check({ fractions })).toThrow(refused("planning/fractions", /fractions\.$/));
  });

  test("no prescription, and a dose that is none", () => {
    expect(check({ prescriptions: [] })).toThrow(refused("planning/no-prescription", /prescribes nothing/));
    for (const doseGy of [0, -60, NaN, Infinity]) expect(check({ prescriptions: [{ structure: "PTV", doseGy }] })).toThrow(refused("planning/dose", /prescribed to PTV/));
  });

  test("a target that is not there, or only named", () => {
    expect(check({ prescriptions: [{ structure: "PTV_High", doseGy: 66 }] })).toThrow(refused("planning/target", /PTV_High is not on this scan/));
    expect(check({ prescriptions: [{ structure: "PTV_Named", doseGy: 66 }] })).toThrow(refused("planning/target", /PTV_Named is named and not drawn/));
  });

  test("a target in the air beside the body, or beyond the grid", () => {
    expect(check({ prescriptions: [{ structure: "PTV_Air", doseGy: 66 }] })).toThrow(refused("planning/target-outside", /PTV_Air 0 % lie in the body/));
    const setting = settingWith([ball("PTV", 10, [500, 0, 0])]);
    expect(() => checkRequest({ ...setting, regions: new Map() })).toThrow(refused("planning/target-outside", /PTV lies outside the dose grid/));
  });

  test("a target without any density", () => {
    const setting = settingWith(structures);
    expect(() => checkRequest({ ...setting, medium: { ...setting.medium, density: new Float32Array(33 ** 3) } })).toThrow(refused("planning/no-density", /PTV has no density/));
  });

  test("one volume with two doses, by one name or two", () => {
    expect(check({ prescriptions: [{ structure: "PTV", doseGy: 66 }, { structure: "PTV", doseGy: 54 }] })).toThrow(refused("planning/contradiction", /PTV is prescribed 66 and 54 Gy/));
    expect(check({ prescriptions: [{ structure: "PTV", doseGy: 66 }, { structure: "PTV_Same", doseGy: 54 }] })).toThrow(refused("planning/contradiction", /PTV and PTV_Same are the same volume but for 0.0 %/));
  });

  test("a lesser target whose maximum lies below what the higher one inside it has", () => {
    expect(check(two(54, [goal("PTV_Low", "Max[Gy]", { atMost: 57.8 })]))).toThrow(refused("planning/contradiction", /PTV is prescribed 66 Gy; PTV_Low is to have Max\[Gy\] of 57.8 at most, and 100 % of PTV lie in it/));
    // The higher one is an eighth of the lesser: 2 % of that may be hotter, not an eighth; a fifth would do.
    expect(check(two(54, [goal("PTV_Low", "D2%[Gy]", { atMost: 57.8 })]))).toThrow(refused("planning/contradiction", /D2%/));
    expect(check(two(54, [goal("PTV_Low", "D20%[Gy]", { atMost: 57.8 })]))).not.toThrow();
  });

  test("a metric that is to be more and less than one number, in one goal or in two", () => {
    expect(check({ goals: [goal("PTV", "D95%[Gy]", { atLeast: 57, atMost: 50 })] })).toThrow(refused("planning/contradiction", /at least 57 and at most 50 Gy/));
    expect(check({ goals: [goal("PTV", "D95%[Gy]", { atLeast: 57 }), goal("PTV", "D50%[Gy]", { atMost: 55 })] })).toThrow(refused("planning/contradiction", /D95%\[Gy\] of 57 at least; PTV is to have D50%\[Gy\] of 55 at most/));
  });

  test("a goal without limit, of no priority, or by a metric that is none", () => {
    expect(check({ goals: [goal("PTV", "Max[Gy]", {})] })).toThrow(refused("planning/goal", /has no limit/));
    expect(check({ goals: [goal("PTV", "Max[Gy]", { atMost: 80, priority: 0 })] })).toThrow(refused("planning/goal", /priority 0/));
    expect(check({ goals: [goal("PTV", "Dmax", { atMost: 80 })] })).toThrow(refused("planning/metric", /Dmax/));
  });

  test("another version of the machine than is here: both are named", () => {
    const { machine } = settingWith(structures);
    expect(check({ machine: { id: "generic-6mv", version: "0" } })).toThrow(refused("planning/machine-version", new RegExp(`version 0, and here is version ${machine.version}`)));
  });

  test("open and modulated fields both, or neither, or those of the other technique", () => {
    expect(check({ conformal })).toThrow(refused("planning/technique", /IMRT has open and modulated fields/));
    expect(check({ modulated: undefined } as Partial<PlanRequest>)).toThrow(refused("planning/technique", /neither open nor modulated/));
    expect(check({ technique: "3D conformal" })).toThrow(refused("planning/technique", /3D conformal has modulated fields/));
    expect(check({ technique: "SBRT", conformal })).toThrow(refused("planning/technique", /SBRT has open and modulated fields/));
  });

  test("no beam", () => {
    expect(check({ beams: { given: [] } })).toThrow(refused("planning/beams", /0 beams/));
    expect(check({ beams: { even: 0 } })).toThrow(refused("planning/beams", /0 beams/));
  });

  test("an earlier dose that was not given, or recovers without a source", () => {
    expect(check({ earlier: [earlier] })).toThrow(refused("planning/earlier", /IMRT is asked for and was not given/));
    const given = [{ label: "IMRT", dose: doseBy(() => 39) }];
    expect(() => checkRequest(settingWith(structures, { earlier: [earlier] }, given))).not.toThrow();
    expect(() => checkRequest(settingWith(structures, { earlier: [{ ...earlier, recovery: 0.25 }] }, given))).toThrow(refused("planning/earlier", /without a source/));
    expect(() => checkRequest(settingWith(structures, { earlier: [{ ...earlier, fractions: 0 }] }, given))).toThrow(refused("planning/earlier", /0 fractions/));
  });
});
