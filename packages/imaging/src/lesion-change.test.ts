import { expect, test } from "vitest";
import { viewOf } from "@hapax/case";
import { lesionChange } from "./lesion-change.ts";
import { caseOf, course, lesion, size, twoMasses } from "./two-masses.fixture.ts";

const of = (subject: string, asOf?: string) => lesionChange(viewOf(twoMasses(), { asOf })).find((f) => f.subject === subject);

test("the mediastinal mass grew by 35.5, 50 and 27 %, 158 % in all, out of any field", () => {
  // 8.4/6.2, 12.6/8.4, 16/12.6, 16/6.2
  const found = of("mediastinum");
  expect(found?.value).toBeCloseTo(158.06, 2);
  expect(found?.table?.rows.map((r) => r[3])).toEqual(["first", "not compared", "+35.5 %", "+50.0 %", "+27.0 %"]);
  expect(found?.table?.rows.every((r) => r[5] === "out of field")).toBe(true);
});

test("the neck mass grew by 29.5 % within the field, and was outside of it until then", () => {
  // 17.1/13.2
  const found = of("neck");
  expect(found?.table?.rows.filter((r) => r[1] === "CT").map((r) => r[3])).toEqual(["first", "−7.7 %", "+29.5 %", "−18.1 %"]);
  expect(found?.table?.rows.filter((r) => r[1] === "CT").map((r) => r[5]?.startsWith("in field"))).toEqual([false, false, true, true]);
});

test("palpation and PET/CT are listed and not compared", () => {
  expect(of("neck")?.caveats?.join()).toMatch(/Not compared: palpation T1 15 × 15 cm; PET\/CT T2 12.8 cm/);
});

test("without radiotherapy, or with a course that names no lesion, nothing is called out of field", () => {
  const sizes = [lesion("neck"), size("a", "neck", "T1", "CT", 2, 1), size("b", "neck", "T3", "CT", 3, 1)];
  const place = (...more: Parameters<typeof caseOf>[1]) => lesionChange(viewOf(caseOf(["T1", "T2", "T3"], [...sizes, ...more])))[0];
  expect(place()?.table?.rows.map((r) => r[5])).toEqual(["no radiotherapy", "no radiotherapy"]);
  expect(place()?.brief).toBe("2.0 → 3.0 cm, CT only; no radiotherapy");
  const unnamed = place(course("rt", { when: { at: "T2" } }));
  expect(unnamed?.table?.rows.map((r) => r[5])).toEqual(["out of field", "rt: lesions in the field not recorded"]);
  expect(unnamed?.brief).toBe("2.0 → 3.0 cm, CT only; field not recorded");
});

test("two dates are two sizes; where time points without dates leave them no place, that is said", () => {
  const dated = (id: string, date: string, cm: number) => ({ ...size(id, "neck", "T1", "CT", cm), when: { date } });
  const sizes = [lesion("neck"), dated("a", "2024-01-05", 10), dated("b", "2024-03-05", 6)];
  // 100 (6 − 10) / 10 = −40 %
  expect(lesionChange(viewOf(caseOf(["T1"], sizes)))[0]?.text).toContain("−40 %");
  expect(lesionChange(viewOf(caseOf(["T1", "T2"], sizes)))[0]?.caveats).toEqual([
    "Sizes of different dates fall on T2, and only the largest is used: a time point for each date would let them be compared.",
  ]);
});

test("as of T1 there is one size and no change", () => {
  expect(of("neck", "T1")?.status).toBe("not recorded");
});
