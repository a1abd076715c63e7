import { test as property, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { pecPro, pecProGroup, pecProScore } from "./pec-pro.ts";
import type { Pecoma } from "./pecoma.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

const zero: Pecoma = { sex: "female", necrosis: false, lymphovascularInvasion: false, margins: "R0", resected: true };

test("A was not resected: not applicable; if it had been, male sex and necrosis are high whatever the weights", () => {
  const finding = pecPro(caseA);
  expect(finding).toMatchObject({ status: "not applicable", brief: "if it were used: high" });
  expect(pecPro({ ...caseA, resected: true })).toMatchObject({ status: "determined", value: "high" });
});

test("B and C have no item: low, though C is malignant by Folpe", () => {
  expect(pecPro(caseB).value).toBe("low");
  expect(pecPro(caseC).value).toBe("low");
});

test("one item alone depends on weights that are not published", () => {
  for (const one of [{ sex: "male" as const }, { necrosis: true }, { lymphovascularInvasion: true }, { margins: "R1" as const }]) {
    const finding = pecPro({ ...zero, ...one });
    expect(finding).toMatchObject({ status: "undecided", possible: ["intermediate", "high"], brief: "depends on weights that are not published" });
    expect(finding.caveats).toContain("the group depends on weights that are not published");
  }
});

test("any two items are high whatever the weights", () => {
  expect(pecPro({ ...zero, sex: "male", lymphovascularInvasion: true }).value).toBe("high");
  expect(pecPro({ ...zero, margins: "R2", necrosis: true }).value).toBe("high");
});

test("the reader can choose which item counts two", () => {
  const margins = (a: { value: unknown }) => ({ ...a, value: "positive margins" }) as never;
  expect(pecPro({ ...zero, margins: "R1" }, margins).value).toBe("high");
  expect(pecPro({ ...zero, sex: "male" }, margins).value).toBe("intermediate");
});

test("all four items reach five points, the published maximum", () => {
  expect(pecProScore(new Set(["margins", "sex", "necrosis", "lymphovascularInvasion"]), "margins")).toBe(5);
  expect([0, 1, 2, 5].map(pecProGroup)).toEqual(["low", "intermediate", "high", "high"]);
});

test("without a word on resection it stays open whether the score applies", () => {
  const finding = pecPro({ ...zero, resected: undefined });
  expect(finding).toMatchObject({ status: "undecided", possible: ["low", "not applicable"] });
});

test("spread is named, for the score was made for localized tumors", () => {
  expect(pecPro({ ...zero, spread: ["Lung nodules"] }).caveats?.[0]).toContain("Lung nodules");
});

const order = ["low", "intermediate", "high"];
property.prop([fc.boolean(), fc.boolean(), fc.boolean(), fc.constantFrom("R0" as const, "R1" as const)])(
  "the score never falls with an item more",
  (isMale, necrosis, lvi, margins) => {
    const base: Pecoma = { ...zero, sex: isMale ? "male" : "female", necrosis, lymphovascularInvasion: lvi, margins };
    const low = (t: Pecoma) => {
      const f = pecPro(t);
      return Math.min(...(f.value === undefined ? (f.possible ?? []) : [f.value]).map((c) => order.indexOf(c)));
    };
    expect(low({ ...base, necrosis: true })).toBeGreaterThanOrEqual(low({ ...base, necrosis: false }));
    expect(low({ ...base, margins: "R1" })).toBeGreaterThanOrEqual(low({ ...base, margins: "R0" }));
  },
);
