import type { GoalOutcome } from "@hapax/planning";
import { expect, test } from "vitest";
import { reproducedOf } from "./plan-reproduced.ts";

const outcome = (metric: string, value: number | undefined, atMost = 20): GoalOutcome => ({
  goal: { structure: "Lungs", metric, atMost, priority: 3, source: "QUANTEC", verified: true }, verdict: "met", why: "",
  ...(value === undefined ? {} : { value: { low: value, high: value } }),
});
const of = (before: readonly (number | undefined)[], now: readonly (number | undefined)[]) =>
  reproducedOf("planned anew from its request", before.map((value) => outcome("Mean[Gy]", value)), now.map((value) => outcome("Mean[Gy]", value)));

test("a plan differs from its file by the largest difference of a goal, either way", () => {
  // 9.98 of 10 is −0.2 %, 20.02 of 20 is +0.1 %.
  const { goals, largestPercent } = of([10, 20], [9.98, 20.02]);
  expect(goals.map(({ percent }) => percent?.toFixed(6))).toEqual(["-0.200000", "0.100000"]);
  expect(largestPercent).toBeCloseTo(0.2, 9);
});

test("what was 0 and is not differs in percent of its limit; what is not known is not compared", () => {
  // 0.1 of 20 is 0.5 %.
  expect(of([0, undefined], [0.1, 3]).goals.map(({ percent }) => percent)).toEqual([0.5, undefined]);
  expect(of([0], [0]).largestPercent).toBe(0);
  expect(of([undefined], [1])).not.toHaveProperty("largestPercent");
});
