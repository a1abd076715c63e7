import { Gy } from "@hapax/base";
import { expect, test } from "vitest";
import { bed, niederGroup, niederPoints } from "./index.ts";
import { finding, imrt, palliative } from "./leach.fixture.ts";

test("Nieder: 1 point for BED 124.35, 4.5 for a short interval; low and intermediate remain", () => {
  expect(bed(Gy(39), 30, Gy(2)) + bed(Gy(20), 5, Gy(2))).toBeCloseTo(124.35, 9);
  expect(niederPoints(124.35, 64.35, true)).toBe(5.5);
  expect(niederGroup(5.5)).toBe("intermediate");
  expect(niederPoints(105.95, 64.35, true)).toBe(4.5);
  expect(finding("radiobiology/nieder")).toMatchObject({ status: "undecided", text: "{low, intermediate}", possible: ["low", "intermediate"] });
});

test("Nieder: an interval that is shown to be long or short decides", () => {
  const second = (when: unknown) => [imrt, { ...palliative, when }].map((e) => (e.id === "imrt" ? { ...e, when: { after: [{ of: "T1" }] } } : e));
  expect(finding("radiobiology/nieder", {}, second({ after: [{ of: "imrt", atLeastDays: 200 }] }))?.text).toBe("low");
  expect(finding("radiobiology/nieder", {}, second({ after: [{ of: "imrt", atMostDays: 60 }] }))?.text).toBe("intermediate");
});
