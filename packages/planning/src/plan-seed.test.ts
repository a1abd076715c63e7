import { expect, test } from "vitest";
import type { PlanMade } from "./plan-made.ts";
import { planSeed } from "./plan-seed.ts";

const made = {
  request: { id: "chest", name: "Chest 60 Gy in 20", fractions: 20 }, madeFrom: { ct: "1.2.3", engine: "Hapax 0.1.0" }, beams: [{ number: 1, meterset: 120.5 }], notes: ["made up"], seconds: 12, history: [],
} as unknown as PlanMade;
const joined = { patient: { id: "P1", name: "Box^Water" }, date: "2026-01-02" };

test("members in another order, members without a value and the time that it took change no UID", () => {
  const again = { ...made, seconds: 99, request: { fractions: 20, course: undefined, name: made.request.name, id: "chest" } } as unknown as PlanMade;
  expect(planSeed(again, { date: joined.date, patient: { name: "Box^Water", id: "P1" } })).toEqual(planSeed(made, joined));
});

test("a list in another order, another date, note or monitor unit change them", () => {
  const { seed } = planSeed(made, joined);
  const others = [
    planSeed(made, { ...joined, date: "2026-01-03" }), planSeed({ ...made, notes: [] }, joined), planSeed({ ...made, notes: ["another", "made up"] }, joined), planSeed({ ...made, notes: ["made up", "another"] }, joined),
    planSeed({ ...made, beams: [{ number: 1, meterset: 120.6 }] } as unknown as PlanMade, joined),
  ].map((one) => one.seed);
  expect(new Set([seed, ...others]).size).toBe(6);
});
