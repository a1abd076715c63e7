import { describe, expect, test } from "vitest";
import { outcomesOf, verdictOf } from "./outcomes.ts";
import { ball, doseBy, goal, rod, settingWith } from "./setting.fixture.ts";

const structures = [ball("PTV", 10, [0, 0, 0], "PTV"), rod("SpinalCord", 4, [0, 20]), rod("Lung_L", 5, [-30, 0]), rod("Lung_R", 5, [30, 0])];
const first = { label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" };

describe("outcomes", () => {
  test("a goal is met, held at its limit within 1 % or 0.3 Gy, or not met", () => {
    const most = (value: number) => verdictOf({ metric: "Max[Gy]", atMost: 39 }, { low: value, high: value });
    expect([30, 38.5, 38.65, 39, 39.1].map(most)).toEqual(["met", "met", "held", "held", "not met"]);
    const small = (value: number) => verdictOf({ metric: "Mean[Gy]", atMost: 8 }, { low: value, high: value });
    expect([7.6, 7.75].map(small)).toEqual(["met", "held"]);
    const share = (value: number) => verdictOf({ metric: "V20Gy[%]", atMost: 15 }, { low: value, high: value });
    expect([14.8, 14.9].map(share)).toEqual(["met", "held"]);
    const least = (value: number) => verdictOf({ metric: "D95%[Gy]", atLeast: 62.7 }, { low: value, high: value });
    expect([62.6, 62.7, 63.4].map(least)).toEqual(["not met", "held", "met"]);
  });

  test("bounds that hold the limit between them cannot tell", () => {
    expect(verdictOf({ metric: "Max[Gy]", atMost: 39 }, { low: 10, high: Infinity })).toBe("cannot tell");
    expect(verdictOf({ metric: "Max[Gy]", atMost: 39 }, { low: 40, high: Infinity })).toBe("not met");
  });

  test("a ramp across the target and the cord: means and maxima of the shapes", () => {
    const goals = [goal("PTV", "Mean[Gy]", { atLeast: 50 }), goal("SpinalCord", "Max[Gy]", { atMost: 73 }), goal("SpinalCord", "Mean[Gy]", { atMost: 70.1 }), goal("Larynx", "Mean[Gy]", { atMost: 44 })];
    // 1 Gy per mm to the back, 50 Gy in the middle: the cord has 66 to 74 Gy, 70 in its middle.
    const outcomes = outcomesOf(settingWith(structures, { goals }), doseBy((_x, y) => 50 + y));
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(["held", "not met", "held", "cannot tell"]);
    expect(outcomes[1]?.value?.high).toBeCloseTo(74, 1);
    expect(outcomes[3]?.why).toBe("Larynx is not drawn.");
  });

  test("lungs drawn as two sides are judged as one", () => {
    const setting = settingWith(structures, { goals: [goal("Lungs", "Mean[Gy]", { atMost: 20 })] });
    // 5 Gy left and 25 Gy right in rods of one size.
    expect(outcomesOf(setting, doseBy((x) => (x > 0 ? 25 : 5)))[0]?.value?.low).toBeCloseTo(15, 1);
  });

  test("a cumulative goal is an EQD2 with the earlier dose: 26.3249 Gy in 20 on 39 in 30 hold 54 Gy", () => {
    const goals = [goal("SpinalCord", "Max[Gy]", { atMost: 54, cumulative: { alphaBeta: 2 } }), goal("SpinalCord", "Max[Gy]", { atMost: 60, cumulative: { alphaBeta: 2 } })];
    const setting = settingWith(structures, { goals, earlier: [first] }, [{ label: "IMRT", dose: doseBy(() => 39) }]);
    const [cord, wider] = outcomesOf(setting, doseBy(() => 26.3249));
    expect(cord).toMatchObject({ verdict: "held", why: "Max[Gy] is 54.00, at most 54 asked; EQD2 at α/β 2 Gy, with IMRT." });
    expect(cord?.value?.high).toBeCloseTo(54, 3);
    expect(wider?.verdict).toBe("met");
  });

  test("where the earlier dose is not known a limit cannot be told, unless what is known breaks it", () => {
    const goals = [20, 54].map((atMost) => goal("SpinalCord", "Max[Gy]", { atMost, cumulative: { alphaBeta: 2 } }));
    const setting = settingWith(structures, { goals, earlier: [first] }, [{ label: "IMRT", dose: doseBy(() => 39, { size: [33, 33, 17] }) }]);
    const [low, high] = outcomesOf(setting, doseBy(() => 5));
    expect([low?.verdict, high?.verdict]).toEqual(["not met", "cannot tell"]);
    expect(high?.why).toMatch(/an earlier dose is not known in \d+ of \d+ voxels/);
  });

  test("a dose above the known half of an organ stands as the least there", () => {
    const goals = [goal("SpinalCord", "Max[Gy]", { atMost: 54, cumulative: { alphaBeta: 2 } })];
    const setting = settingWith(structures, { goals, earlier: [first] }, [{ label: "IMRT", dose: doseBy(() => 0, { size: [33, 33, 17] }) }]);
    // 60 Gy in 20 are 75 Gy of EQD2 where nothing is known of the first course.
    expect(outcomesOf(setting, doseBy((_x, _y, z) => (z > 6 ? 60 : 0)))[0]).toMatchObject({ verdict: "not met" });
  });
});
