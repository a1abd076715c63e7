import { describe, expect, test } from "vitest";
import { recorded, viewOf, type ViewOptions } from "@hapax/case";
import { pecomaDrugs } from "./pecoma-drugs.ts";
import { caseOf, drug, hemoglobin, level, sirolimus, sirolimusCase, step } from "./sirolimus-case.fixture.ts";
import { sirolimusForecast } from "./sirolimus-forecast.ts";
import { sirolimusLevel } from "./sirolimus-level.ts";
import { sirolimusTypical } from "./sirolimus-typical.ts";
import { sirolimusCourse } from "./sirolimus.ts";

const view = (options: ViewOptions = {}, record = sirolimusCase()) => viewOf(record, options);
const judged = (options?: ViewOptions, record = sirolimusCase()) => sirolimusLevel(view(options, record), pecomaDrugs)[0];
const forecast = (options?: ViewOptions, record = sirolimusCase()) => sirolimusForecast(view(options, record), pecomaDrugs)[0];

describe("typical trough", () => {
  test("4 mg daily at a hemoglobin of 10 is 7.9 to 8.0 ng/mL", () => {
    const [found] = sirolimusTypical(view(), pecomaDrugs);
    expect(found?.value).toBeGreaterThanOrEqual(7.9);
    expect(found?.value).toBeLessThanOrEqual(8.0);
    expect(found?.assumptions[0]).toMatchObject({ key: "systemic/sirolimus/hematocrit", value: 30 });
  });

  test("a hematocrit that was measured is used, and nothing assumed", () => {
    const measured = sirolimusCase({ kind: "lab", id: "hct", analyte: "hematocrit", state: "recorded", value: recorded({ value: 42, unit: "%" }) });
    const [found] = sirolimusTypical(view({}, measured), pecomaDrugs);
    expect(found?.brief).toContain("hematocrit 42 %");
    expect(found?.assumptions).toEqual([]);
  });

  test("without any blood count the hematocrit of the cohort stands in", () => {
    expect(sirolimusTypical(view({}, caseOf(sirolimus(), level())), pecomaDrugs)[0]?.assumptions[0]?.value).toBe(35.1);
  });

  test("a drug that was never given, or of which no dose is recorded, is not simulated", () => {
    expect(sirolimusTypical(view({}, caseOf(sirolimus({ state: "planned, not given" }))), pecomaDrugs)).toEqual([]);
    expect(sirolimusTypical(view({}, caseOf(sirolimus({ steps: [] }))), pecomaDrugs)).toEqual([]);
    expect(sirolimusTypical(view(), [])).toEqual([]);
  });
});

describe("30.6 ng/mL at 4 mg", () => {
  test("is outside the model on each day tried, and says what else explains it", () => {
    expect(judged()).toMatchObject({ value: "outside", text: "Outside the model", brief: "CL/F 2.1 to 3.1 SD low: draw time, CYP3A4, assay" });
    // 30.6 / 7.96 = 3.8
    expect(judged()?.because[0]?.text).toContain("3.8 times the typical trough");
  });

  test("asks for day, draw time and assay", () => {
    expect(judged()?.missing.map((m) => m.input)).toEqual(["Day of sirolimus level", "Draw time of the sirolimus level", "Assay of the sirolimus level"]);
  });

  test("a day that is recorded leaves one estimate, and the assumption goes", () => {
    const found = judged({}, caseOf(sirolimus(), level({ dayOfTherapy: recorded(7) }), hemoglobin));
    expect(found?.table?.rows).toHaveLength(1);
    expect(found?.assumptions.map((a) => a.key)).not.toContain("systemic/sirolimus-level/day");
  });

  test("a level drawn at the peak is not held against a trough", () => {
    expect(judged({}, caseOf(sirolimus(), level({ draw: recorded("peak" as const) }), hemoglobin))).toMatchObject({ status: "not applicable", text: "not a trough" });
    expect(forecast({}, caseOf(sirolimus(), level({ draw: recorded("peak" as const) }), hemoglobin))).toBeUndefined();
  });

  test("a usual level is within the model", () => {
    expect(judged({}, caseOf(sirolimus(), level({ value: recorded({ value: 8, unit: "ng/mL" }) }), hemoglobin))).toMatchObject({ value: "inside", text: "Within the model", brief: expect.stringContaining("typical clearance") });
  });

  test("µg/L is the same unit", () => {
    expect(judged({}, caseOf(sirolimus(), level({ value: recorded({ value: 30.6, unit: "ug/L" }) }), hemoglobin))?.value).toBe("outside");
  });

  test("an inhibitor beside it is named", () => {
    const azole = drug("voriconazole", { when: { after: [{ of: "T1" }] } });
    expect(judged({}, sirolimusCase(azole))?.because.map((b) => b.text).join()).toContain("Recorded beside it: voriconazole");
  });

  test("as of T2 there was no level", () => {
    expect(judged({ asOf: "T2" })).toBeUndefined();
    expect(sirolimusTypical(view({ asOf: "T2" }), pecomaDrugs)).toHaveLength(1);
  });
});

describe("several levels", () => {
  const second = (more: Parameters<typeof level>[0]) => level({ id: "second", value: recorded({ value: 4, unit: "ng/mL" }), when: { at: "T4" }, dose: undefined, ...more });
  const all = (...entries: Parameters<typeof caseOf>) => sirolimusLevel(view({}, caseOf(sirolimus(), hemoglobin, ...entries)), pecomaDrugs);

  test("each is judged at the dose of its time: 4 ng/mL after the change is a typical trough of 2 mg", () => {
    const found = all(level(), second({}))[1];
    // Typical at 2 mg and hematocrit 30: 3.97 ng/mL; 4 / 3.97 = 1.0
    expect(found).toMatchObject({ question: "Sirolimus 4 ng/mL at 2 mg", value: "inside" });
    expect(found?.because[0]?.text).toBe("4 ng/mL at 2 mg daily is 1.0 times the typical trough of 4.0.");
    expect(found?.caveats?.[0]).toBe("Estimated as if 2 mg daily had been given from the first day; before it came 4 mg daily.");
  });

  test("a dose recorded with the level that the drug never had is taken and said", () => {
    const found = all(level({ dose: recorded({ value: 3, unit: "mg" }) }))[0];
    expect(found?.question).toBe("Sirolimus 30.6 ng/mL at 3 mg");
    expect(found?.caveats?.join()).toContain("3 mg, is none of the doses recorded of sirolimus");
  });

  test("dates give the day of therapy, and no day is tried", () => {
    const record = caseOf(sirolimus({ when: { date: "2024-01-01" }, steps: [step(4, undefined)] }), level({ when: { date: "2024-01-15" } }), hemoglobin);
    const found = sirolimusLevel(view({}, record), pecomaDrugs)[0];
    expect(found?.table?.rows.map((r) => r[0])).toEqual(["14"]);
    expect(found?.assumptions.map((a) => a.key)).not.toContain("systemic/sirolimus-level/day");
  });

  test("an inhibitor that began later does not stand beside an earlier level", () => {
    const azole = drug("voriconazole", { when: { after: [{ of: "level" }] } });
    expect(judged({}, sirolimusCase(azole))?.because.map((b) => b.text).join()).toContain("No inhibitor of CYP3A4 or P-gp is among the drugs recorded up to it");
  });
});

describe("after halving the dose", () => {
  test("the proportion says 15.3, the model 15.5 to 25.8 by the day of the draw", () => {
    const found = forecast();
    expect(found?.status).toBe("undecided");
    expect(found?.bounds?.low).toBeCloseTo(15.5, 1);
    // Reference 26.1 from a coarser search: within 1 %.
    expect(Math.abs((found?.bounds?.high ?? 0) / 26.1 - 1)).toBeLessThan(0.01);
    expect(found?.because[0]?.text).toBe("Simple proportion: 30.6 × 2 / 4 = 15.3 ng/mL.");
  });

  test("the day set by the reader decides it", () => {
    const found = forecast({ assume: { "systemic/sirolimus-level/day": "28" } });
    expect(found).toMatchObject({ status: "determined", text: "15.5 ng/mL, steady" });
  });

  test("the band is a setting of the case, named for where it comes from", () => {
    expect(forecast()?.brief).toContain("above the band");
    expect(forecast()?.because.at(-1)?.text).toContain("LAM-derived");
    expect(forecast({ assume: { "systemic/sirolimus/band": "10–30" } })?.brief).toContain("within the band");
  });

  test("without a change of dose there is nothing to forecast", () => {
    expect(forecast({}, caseOf(sirolimus({ steps: [] }), level(), hemoglobin))).toBeUndefined();
  });
});

describe("the course for a figure", () => {
  const course = sirolimusCourse(view(), pecomaDrugs);

  test("holds typical troughs between those of fast and slow clearance, day by day", () => {
    expect(course?.tDays.length).toBe(28 + 28 + 1);
    expect(course?.typical.length).toBe(course?.tDays.length);
    for (let d = 1; d < (course?.tDays.length ?? 0); d++) {
      expect(course?.low[d]).toBeLessThan(course?.typical[d] as number);
      expect(course?.high[d]).toBeGreaterThan(course?.typical[d] as number);
    }
    expect(course?.typical[28]).toBeCloseTo(7.96, 1);
  });

  test("holds level, band, doses and one forecast for each day tried", () => {
    expect(course).toMatchObject({
      level: { ngPerMl: 30.6, day: undefined, daysTried: [7, 14, 28], doseMg: 4 },
      band: { low: 5, high: 15 },
      doses: [{ fromDay: 0, doseMg: 4 }, { fromDay: 28, doseMg: 2 }],
    });
    expect(course?.forecasts.map((f) => f.assumedDay)).toEqual([7, 14, 28]);
    for (const f of course?.forecasts ?? []) expect(f.trough[0]).toBeCloseTo(30.4, 0);
  });

  test("without a dose there is no course", () => {
    expect(sirolimusCourse(view({}, caseOf()), pecomaDrugs)).toBeUndefined();
  });
});
