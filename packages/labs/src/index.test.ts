import { expect, test } from "vitest";
import { newCase, viewOf } from "@hapax/case";
import { caseOf, lab, leachBlood, transfusion } from "./blood.fixture.ts";
import { labs, rules } from "./index.ts";

test("every finding names a rule of the table and fits a closed row", () => {
  const ids = new Set(rules.map((r) => r.id));
  for (const f of labs(viewOf(caseOf(...leachBlood(), transfusion("t", "T2"))))) {
    expect(ids).toContain(f.rule);
    expect(f.brief.length).toBeLessThan(90);
    expect(f.source.length).toBeGreaterThan(0);
  }
});

test("an empty case has no findings of its blood", () => {
  expect(labs(viewOf(newCase("empty", "Empty", "pecoma")))).toEqual([]);
});

test("6.2 mmol/L of hemoglobin is 10.0 g/dL, grade 1; a percent of it is not guessed", () => {
  // 6.21 mmol/L × 1.61145 = 10.007 g/dL
  expect(labs(viewOf(caseOf(lab("hb", "hemoglobin", 6.21, "mmol/L")))).find((f) => f.subject === "anemia")?.text).toBe("Grade 1");
  expect(labs(viewOf(caseOf(lab("hb", "hemoglobin", 30, "%"))))).toEqual([]);
});

test("a value says when it was taken, or that nobody wrote it down", () => {
  const said = (when: { date: string } | undefined) =>
    labs(viewOf(caseOf(lab("plt", "platelets", 100, "10*9/L", "T1", when === undefined ? { when: undefined } : { when })))).find((f) => f.subject === "platelets")?.because[0]?.text;
  expect(said(undefined)).toBe("Platelets 100 ×10⁹/L (time not recorded): grade 1.");
  // No time point of this case has a date, so the date does not say which it follows.
  expect(said({ date: "2024-02" })).toBe("Platelets 100 ×10⁹/L on 2024-02: grade 1.");
});
