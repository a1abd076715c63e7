import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { recorded, viewOf } from "@hapax/case";
import { anemiaGrade, gradesOf, plateletGrade, weightLossGrade } from "./ctcae5.ts";
import { caseOf, lab, leachBlood, transfusion } from "./blood.fixture.ts";

describe("a row A – B leaves A out and takes B in", () => {
  test.each([[14, 0], [13, 0], [12.9, 1], [10, 1], [9.9, 2], [8, 2], [7.9, 3], [3, 3]])("hemoglobin %s g/dL is grade %s", (hemoglobin, grade) => {
    expect(anemiaGrade(hemoglobin, 13)).toBe(grade);
  });

  test.each([[563, 0], [150, 0], [149, 1], [75, 1], [74.9, 2], [50, 2], [49.9, 3], [25, 3], [24.9, 4]])("platelets %s × 10⁹/L are grade %s", (platelets, grade) => {
    expect(plateletGrade(platelets, 150)).toBe(grade);
  });

  test.each([[4.9, 0], [5, 1], [9.9, 1], [10, 2], [19.9, 2], [20, 3]])("a weight loss of %s %% is grade %s", (percent, grade) => {
    expect(weightLossGrade(percent)).toBe(grade);
  });
});

test("a transfusion is grade 3 whatever the hemoglobin, and without either there is no grade", () => {
  expect(anemiaGrade(12, 13, true)).toBe(3);
  expect(anemiaGrade(undefined, 13, true)).toBe(3);
  expect(anemiaGrade(undefined, 13)).toBeUndefined();
});

const positive = (max: number) => fc.double({ min: 0, max, noNaN: true });
test.prop([positive(20), positive(20), positive(18)])("less hemoglobin is never a lower grade", (a, b, limit) => {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  expect(anemiaGrade(low, limit)).toBeGreaterThanOrEqual(anemiaGrade(high, limit) as number);
});
test.prop([positive(900), positive(900), positive(400)])("fewer platelets are never a lower grade", (a, b, limit) => {
  expect(plateletGrade(Math.min(a, b), limit)).toBeGreaterThanOrEqual(plateletGrade(Math.max(a, b), limit));
});
test.prop([positive(100), positive(100)])("more weight lost is never a lower grade", (a, b) => {
  expect(weightLossGrade(Math.max(a, b))).toBeGreaterThanOrEqual(weightLossGrade(Math.min(a, b)));
});

describe("the case", () => {
  const of = (subject: string, ...more: Parameters<typeof caseOf>) => gradesOf(viewOf(caseOf(...more))).find((f) => f.subject === subject);

  test("leach2025: hemoglobin 10.0 is grade 1, its transfusions grade 3, by version 5", () => {
    const found = of("anemia", ...leachBlood(), transfusion("t", "T2"));
    expect(found?.value).toEqual({ term: "Anemia", version: "5.0", grade: 3 });
    expect(found?.text).toBe("Grade 1, then 3 when transfused");
  });

  test("leach2025: 563 000 platelets per µL get no grade", () => {
    expect(of("platelets", ...leachBlood())?.value?.grade).toBe(0);
  });

  test("the laboratory's own limit beats the assumption: 12.5 g/dL is normal from 12", () => {
    expect(of("anemia", lab("hb", "Hb", 12.5, "g/dL", "T1", { lowerLimit: recorded({ value: 12, unit: "g/dL" }) }))?.value?.grade).toBe(0);
    expect(of("anemia", lab("hb", "Hb", 12.5, "g/dL"))?.value?.grade).toBe(1);
  });

  test("hemoglobin in g/L is the same hemoglobin", () => {
    expect(of("anemia", lab("hb", "hemoglobin", 79, "g/L"))?.value?.grade).toBe(3);
    expect(of("anemia", lab("hb", "hemoglobin", 79, "g/L", "T1", { lowerLimit: recorded({ value: 130, unit: "g/L" }) }))?.because[0]?.text).toContain("lower limit 13:");
  });

  test("a transfusion that was planned and not given grades nothing", () => {
    expect(of("anemia", transfusion("t", "T2", { state: "planned, not given" }))).toBeUndefined();
  });

  test("as of T1 no transfusion was known", () => {
    const record = caseOf(...leachBlood(), transfusion("t", "T2"));
    expect(gradesOf(viewOf(record, { asOf: "T1" })).find((f) => f.subject === "anemia")?.text).toBe("Grade 1");
  });
});
