import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { newCase, recorded, viewOf } from "@hapax/case";
import { pecomaDrugs, rules, systemic } from "./index.ts";
import { caseOf, drug, level, sirolimus, sirolimusCase } from "./sirolimus-case.fixture.ts";

test("every finding names a rule of the table, its source, and fits a closed row", () => {
  const ids = new Set(rules.map((r) => r.id));
  for (const f of systemic(viewOf(sirolimusCase(drug("dexamethasone", { when: { after: [{ of: "T4" }] } }))), pecomaDrugs)) {
    expect(ids).toContain(f.rule);
    expect(f.brief.length, f.brief).toBeLessThan(90);
    expect(f.source.length).toBeGreaterThan(0);
    for (const cell of [f.text, f.brief, ...(f.table?.rows.flat() ?? [])]) expect(cell).not.toMatch(/^$|NaN|undefined/);
  }
});

test("an empty case asks only for height and weight", () => {
  expect(systemic(viewOf(newCase("empty", "Empty", "pecoma")), pecomaDrugs).map((f) => f.rule)).toEqual(["systemic/bsa"]);
});

const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
test.prop([amount(2000), fc.constantFrom("mg", "ug", "g"), amount(5000), amount(1e4), fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }), amount(200)], { numRuns: 40 })(
  "whatever dose, interval, level and day were typed in, no number is broken",
  (dose, unit, everyH, found, day, hematocrit) => {
    const record = caseOf(
      sirolimus({ steps: [{ dose: recorded({ value: dose, unit }), every: recorded({ value: everyH, unit: "h" }) }, { dose: recorded({ value: 2, unit: "mg" }) }] }),
      level({ value: recorded({ value: found, unit: "ng/mL" }), ...(day === undefined ? {} : { dayOfTherapy: recorded(day) }) }),
    );
    for (const f of systemic(viewOf(record, { assume: { "systemic/sirolimus/hematocrit": hematocrit } }), pecomaDrugs)) {
      for (const cell of [f.text, f.brief, ...f.because.map((b) => b.text), ...(f.table?.rows.flat() ?? [])]) expect(cell).not.toMatch(/^$|NaN|Infinity|undefined/);
    }
  },
);
