import { describe, expect, test } from "vitest";
import type { Goal } from "@hapax/planning";
import { gantryToward, sourceDirection } from "./beam-directions.ts";
import { bracketOf } from "./goal-brackets.ts";
import { limitWords, valueWords } from "./goal-words.ts";
import { objectiveCurve } from "./objective-curve.ts";

const goal = (structure: string, metric: string, more: Partial<Goal>): Goal => ({ structure, metric, priority: 1, source: "", verified: true, ...more });

describe("the axial picture", () => {
  test("a supine patient is met from the front at 0 degrees and from the left at 90", () => {
    const [front, left] = [0, 90].map((gantryDeg) => sourceDirection({ gantryDeg, couchDeg: 0 }, "HFS"));
    expect(front?.[1]).toBeCloseTo(-1, 9);
    expect(left?.[0]).toBeCloseTo(1, 9);
  });

  test("a beam drawn to the patient's left is one of 90 degrees supine, and of 270 prone", () => {
    expect(gantryToward(1, 0, 0, "HFS")).toBe(90);
    expect(gantryToward(1, 0, 0, "HFP")).toBe(270);
  });
});

describe("a goal", () => {
  test("is written with its sign, and with its unit where that is not Gy", () => {
    expect(limitWords(goal("PTV_High", "D95%[Gy]", { atLeast: 62.7 }))).toBe("D95% ≥ 62.7");
    expect(limitWords(goal("Lungs", "V20Gy[%]", { atMost: 37 }))).toBe("V20Gy ≤ 37.0 %");
    expect(limitWords(goal("SpinalCord", "Max[Gy]", { atMost: 26.25 }))).toBe("max ≤ 26.25");
  });

  test("stands in a histogram at its dose and volume; a mean has no place there", () => {
    expect(bracketOf(goal("PTV_High", "D95%[Gy]", { atLeast: 62.7 }))).toEqual({ structure: "PTV_High", gy: 62.7, share: 0.95, side: "at least" });
    expect(bracketOf(goal("Lungs", "V20Gy[%]", { atMost: 37 }))).toEqual({ structure: "Lungs", gy: 20, share: 0.37, side: "at most" });
    // 0.03 of 30 cm³ is a thousandth.
    expect(bracketOf(goal("SpinalCord", "D0.03cc[Gy]", { atMost: 39 }), 30)?.share).toBeCloseTo(0.001, 9);
    expect(bracketOf(goal("Esophagus", "Mean[Gy]", { atMost: 34 }))).toBeUndefined();
  });

  test("whose value is known within bounds shows both", () => {
    const outcome = (low: number, high: number) => ({ goal: goal("SpinalCord", "Max[Gy]", { atMost: 39 }), verdict: "met" as const, value: { low, high }, why: "" });
    expect(valueWords(outcome(38.9, 38.9))).toBe("38.9");
    expect(valueWords(outcome(30, 38.9))).toBe("30.0 to 38.9");
    expect(valueWords(outcome(30, Infinity))).toBe("≥ 30.0");
  });
});

test("rounds of an optimization stand one after the other, with a line between them where the dose was corrected", () => {
  const points = [1, 2, 3].map((iteration) => ({ iteration, objective: 100 / iteration, priority: 1, round: 0 }));
  const second = [1, 2].map((iteration) => ({ iteration, objective: 40 - iteration, priority: 1, round: 1 }));
  const { lines, corrected, end } = objectiveCurve([...points, ...second]);
  expect(lines.map((line) => line.map(({ at }) => at))).toEqual([[1, 2, 3], [4, 5]]);
  expect(corrected).toEqual([3]);
  expect(end).toBe(5);
});
