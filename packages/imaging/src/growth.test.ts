import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { viewOf } from "@hapax/case";
import { doublings, doublingTime, growth, specificGrowthRate } from "./growth.ts";
import { caseOf, lesion, size, twoMasses } from "./two-masses.fixture.ts";

test("eight times the volume is three doublings", () => {
  expect(doublings(10, 80)).toBeCloseTo(3, 12);
});

const ml = fc.double({ min: 0.01, max: 5000, noNaN: true });
test.prop([ml, ml, ml])("doublings add up over time and turn their sign when read backward", (a, b, c) => {
  expect(doublings(a, b) + doublings(b, c)).toBeCloseTo(doublings(a, c), 9);
  expect(doublings(a, b)).toBeCloseTo(-doublings(b, a), 9);
});

test.prop([fc.double({ min: 0.01, max: 10, noNaN: true }), fc.integer({ min: 1, max: 4000 })])("doubling time and growth rate are two sides of one number: VDT · SGR = 100 ln 2", (count, days) => {
  const exact = { atLeastDays: days, atMostDays: days };
  expect((doublingTime(count, exact).atLeastDays ?? 0) * (specificGrowthRate(count, exact).high ?? 0)).toBeCloseTo(100 * Math.LN2, 6);
});

test("what shrinks has no doubling time", () => {
  expect(doublingTime(-1, { atLeastDays: 10, atMostDays: 20 })).toEqual({ atLeastDays: undefined, atMostDays: undefined });
});

describe("the two masses of Leach 2025", () => {
  const of = (subject: string, assume?: Record<string, string>) => growth(viewOf(twoMasses(), { assume })).find((f) => f.subject === subject);

  test("the mediastinal mass doubles 1.08, 1.54 and 1.60 times, 4.22 in all", () => {
    const found = of("mediastinum");
    expect(found?.table?.rows.map((r) => r[2])).toEqual(["1.08", "1.54", "1.60"]);
    expect(found?.caveats?.join()).toContain("4.22 doublings");
  });

  test("30 fractions between T3 and T4 take 39 days at least, so it needs 25 days or more to double", () => {
    // 39 / 1.54 = 25.3; with the shorter third axis 39 / 1.468 = 26.6
    expect(of("mediastinum")?.text).toBe("≥ 25 d (T3–T4)");
    expect(of("mediastinum")?.brief).toContain("VDT = Δt / 1.54");
    expect(of("mediastinum", { "imaging/volume/model": "LWW" })?.text).toBe("≥ 26 d (T3–T4)");
    expect(of("mediastinum")?.status).toBe("undecided");
  });

  test("the neck mass needs 16 days or more and does not go one way", () => {
    // 2.40 doublings; 39 / 2.40 = 16.2
    expect(of("neck")?.text).toBe("≥ 16 d (T3–T4)");
    expect(of("neck")?.caveats?.join()).toContain("does not change in one direction");
  });
});

test("with two dates the doubling time is one number", () => {
  const record = caseOf(["T1", "T2"], [lesion("a"), size("a1", "a", "T1", "CT", 2), size("a2", "a", "T2", "CT", 4)]);
  record.timePoints[1] = { id: "T2", label: "T2", when: { day: 30 } };
  const [found] = growth(viewOf(record));
  // diameter doubled: three doublings of the volume in 30 days
  expect(found?.value).toBeCloseTo(10, 9);
  expect(found?.status).toBe("determined");
  expect(found?.text).toBe("10 d (T1–T2)");
});
