import { expect, test } from "vitest";
import { newCase, viewOf } from "@hapax/case";
import { pecomaDrugs, rules, systemic } from "./index.ts";
import { drug, sirolimusCase } from "./sirolimus-case.fixture.ts";

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
