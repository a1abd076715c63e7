import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { edtfDays, newCase, parseCase, shortestCourseDays, solveTiming, viewOf, type CaseRecord } from "./index.ts";

const points = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `T${i + 1}`, label: `point ${i + 1}` }));
const caseWith = (entries: unknown[], n = 3): CaseRecord =>
  parseCase({ ...newCase("x", "X", "pecoma"), timePoints: points(n), entries }, "test");
const lab = (id: string, when: unknown) => ({ id, kind: "lab", analyte: "hemoglobin", when });
const course = (id: string, fractions: number, when: unknown) => ({
  id, kind: "radiotherapy", technique: "IMRT", site: "neck", volumes: [], organDoses: [], when,
  fractions: { state: "recorded", value: fractions },
});

describe("fractions on weekdays", () => {
  test("30 fractions take at least 39 days, 5 take 4, 1 takes none", () => {
    // six weeks from a Monday end on the Friday of the sixth: 5 × 7 + 4 = 39
    expect([30, 5, 1].map((n) => shortestCourseDays(n))).toEqual([39, 4, 0]);
  });

  test.prop([fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 4 })])(
    "no start on another weekday is shorter",
    (fractions, startDay) => {
      let day = startDay;
      for (let given = 1; given < fractions; given++) day += day % 7 === 4 ? 3 : 1;
      expect(day - startDay).toBeGreaterThanOrEqual(shortestCourseDays(fractions));
    },
  );
});

describe("order of dates", () => {
  const dates = (...all: string[]) => ({
    ...caseWith(all.map((date, i) => lab(`e${i + 1}`, { date }))),
    timePoints: ["2024-01-01", "2024-03-01", "2024-05-01"].map((date, i) => ({ id: `T${i + 1}`, label: date, when: { date } })),
  });

  test("an entry with a date lies at or after the last time point that its date has reached", () => {
    const view = viewOf(dates("2024-05-01", "2024-02-10", "2024-07", "2024-01-01"));
    expect(["e1", "e2", "e3", "e4"].map((id) => view.timePointOf(id))).toEqual(["T3", "T1", "T3", "T1"]);
    expect(view.all("lab").map((l) => l.id)).toEqual(["e4", "e2", "e1", "e3"]);
  });

  test("days from the anchor put events in order, whatever the order of listing", () => {
    const view = viewOf(caseWith([lab("late", { day: 40 }), lab("early", { day: 3 })]));
    expect(view.all("lab").map((l) => l.id)).toEqual(["early", "late"]);
  });

  test("a month that may be before or after a day in it is not ordered by it", () => {
    const timing = solveTiming(dates("2024-03", "2024-03-15"));
    expect(timing.gap("e1", "e2")).toEqual({ atLeastDays: -16, atMostDays: 14 });
    expect(timing.rank("T3")?.start).toBeGreaterThan(timing.rank("e1")?.start ?? Infinity);
  });

  test("the first dose of a drug begins with it, unless it has a time of its own", () => {
    const drug = { id: "drug", kind: "drug", name: "sirolimus", purpose: "antitumor", when: { date: "2024-02-01/2024-06-01" }, steps: [{}, {}] };
    const timing = solveTiming({ ...dates(), entries: caseWith([drug]).entries });
    expect(timing.gap("drug", "drug/step-1")).toEqual({ atLeastDays: 0, atMostDays: 0 });
    // From 1 February to 1 June 2024: 29 + 31 + 30 + 31 days.
    expect(timing.gap("drug", "drug/step-2")).toEqual({ atLeastDays: 0, atMostDays: 121 });
  });

  test.prop([fc.array(fc.date({ min: new Date("2000-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }), { minLength: 1, maxLength: 8 })])(
    "entries with exact dates stand in the order of their dates",
    (days) => {
      const written = days.map((d) => d.toISOString().slice(0, 10));
      const seen = viewOf(caseWith(written.map((date, i) => lab(`e${i}`, { date })))).all("lab");
      expect(seen.map((l) => l.when?.date)).toEqual([...written].sort());
    },
  );
});

describe("order without dates", () => {
  test("a course of 30 fractions between two time points holds them 39 days apart", () => {
    const timing = solveTiming(caseWith([course("rt", 30, { after: [{ of: "T1" }], before: [{ of: "T2" }] })]));
    expect(timing.gap("T1", "T2")).toEqual({ atLeastDays: 39, atMostDays: undefined });
    expect(timing.gap("T1", "T3").atLeastDays).toBe(39);
    expect(timing.dated).toBe(false);
  });

  test("an event of loose order is known only at the time point that certainly follows it", () => {
    const timing = solveTiming(
      caseWith([course("rt", 30, { after: [{ of: "T1" }], before: [{ of: "T2" }] }), lab("loose", { during: ["rt"] })]),
    );
    expect(timing.knownAt("T1", "loose")).toBe(false);
    expect(timing.knownAt("T2", "loose")).toBe(true);
    const rank = (id: string) => timing.rank(id)?.start ?? -1;
    expect(rank("T1")).toBeLessThan(rank("rt"));
    expect(rank("rt")).toBeLessThan(rank("loose"));
    expect(rank("loose")).toBeLessThan(rank("T2"));
  });

  test("an entry without a time is always known", () => {
    expect(solveTiming(caseWith([lab("ageless", undefined)])).knownAt("T1", "ageless")).toBe(true);
  });

  test("after the later and before the earlier cannot both hold, and both constraints are named", () => {
    const { contradictions } = solveTiming(caseWith([lab("torn", { after: [{ of: "T3" }], before: [{ of: "T1", atLeastDays: 2 }] })]));
    expect(contradictions).toHaveLength(1);
    expect(contradictions[0]?.constraints).toEqual(
      expect.arrayContaining(["torn is after T3", "torn is before T1 by 2 days or more"]),
    );
    expect(contradictions[0]?.entries).toContain("torn");
  });

  test("a contradiction leaves the rest of the record its order", () => {
    const timing = solveTiming(
      caseWith([lab("torn", { after: [{ of: "T3" }], before: [{ of: "T1", atLeastDays: 2 }] }), lab("fine", { at: "T2" })]),
    );
    expect(timing.rank("fine")).toEqual(timing.rank("T2"));
  });
});

describe("dates of any precision", () => {
  test("a month is all of its days, an approximate date no more than it says", () => {
    const [low, high] = edtfDays("2024-02").start;
    expect(high - low).toBe(28); // 1 to 29 February 2024
  });

  test("a month and a day bound what lies between them", () => {
    const timing = solveTiming(
      caseWith([lab("a", { date: "2024-02" }), lab("b", { date: "2024-03-10" })], 1),
    );
    // from 29 February at the latest: 10 days; from 1 February at the earliest: 38
    expect(timing.gap("a", "b")).toEqual({ atLeastDays: 10, atMostDays: 38 });
    expect(timing.dated).toBe(true);
  });

  test("days count from the anchor", () => {
    const timing = solveTiming(caseWith([lab("a", { day: 12 }), lab("b", { day: 40, endDay: 40 })], 1));
    expect(timing.gap("a", "b")).toEqual({ atLeastDays: 28, atMostDays: 28 });
    expect(timing.bounds("a").start).toEqual({ atLeastDays: 12, atMostDays: 12 });
  });
});

test.prop([fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 12 })])(
  "bounds derived from true days always contain the true days",
  (days) => {
    const sorted = [...days].sort((a, b) => a - b);
    const entries = sorted.map((d, i) =>
      lab(`e${i}`, i === 0 ? { day: d } : i % 3 === 0 ? { day: d } : { after: [{ of: `e${i - 1}`, atMostDays: d - (sorted[i - 1] as number) + 5 }] }),
    );
    const timing = solveTiming(caseWith(entries, 1));
    expect(timing.contradictions).toEqual([]);
    for (const [i, d] of sorted.entries()) {
      const { atLeastDays = -Infinity, atMostDays = Infinity } = timing.bounds(`e${i}`).start;
      expect(atLeastDays).toBeLessThanOrEqual(d);
      expect(atMostDays).toBeGreaterThanOrEqual(d);
    }
  },
);

test.prop([fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 })])(
  "columns respect every precedence that holds, and none is lost to a contradiction",
  (pairs) => {
    const entries = Array.from({ length: 8 }, (_, i) =>
      lab(`e${i}`, { after: pairs.filter(([a]) => a === i).map(([, b]) => ({ of: `e${b}`, atLeastDays: 1 })) }),
    );
    const timing = solveTiming(caseWith(entries, 1));
    if (timing.contradictions.length > 0) return;
    for (const [a, b] of pairs) {
      expect(timing.rank(`e${b}`)?.start).toBeLessThan(timing.rank(`e${a}`)?.start ?? -1);
    }
  },
);

describe("known up to", () => {
  const record = caseWith([
    lab("first", { at: "T1" }),
    lab("last", { at: "T3" }),
    {
      id: "drug", kind: "drug", name: "sirolimus", purpose: "antitumor", when: { after: [{ of: "T1" }], before: [{ of: "T3" }] },
      steps: [{ dose: { state: "recorded", value: { value: 4, unit: "mg" } }, when: { before: [{ of: "T2" }] } }, { when: { after: [{ of: "T2" }] } }],
    },
  ]);

  test("later entries, later dose steps and later time points are not seen", () => {
    const view = viewOf(record, { asOf: "T2" });
    expect(view.record.entries.map((e) => e.id)).toEqual(["first", "drug"]);
    expect(view.all("drug")[0]?.steps).toHaveLength(1);
    expect(view.record.timePoints.map((t) => t.id)).toEqual(["T1", "T2"]);
  });

  test("what is known only grows", () => {
    const seen = ["T1", "T2", "T3"].map((asOf) => viewOf(record, { asOf }).record.entries.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("a time point that the case lacks is named with those it has", () => {
    expect(() => viewOf(record, { asOf: "T9" })).toThrow(/T1, T2, T3/);
  });
});
