import { expect, test } from "vitest";
import { known, newCase, parseCase, type TumorProfile } from "@hapax/case";
import { cite } from "@hapax/references";
import { tumors, workup } from "@hapax/workup";

/** A made-up tumor, as somebody would add one: its own rules, panel and studies, and one line in the list. */
const lanternoma: TumorProfile = {
  key: "lanternoma",
  name: "lanternoma",
  morphology: ["9999/3"],
  rules: [{ id: "pathology/lantern1999", question: "Glows", about: "Made up for a test.", source: cite("leach2025") }],
  findings: (view) => {
    const glow = view.all("stain").find((s) => s.marker === "GLOW");
    const result = known(glow?.result);
    return [
      {
        rule: "pathology/lantern1999",
        question: "Glows",
        status: result === undefined ? "not recorded" : "determined",
        value: result === undefined ? undefined : result === "positive",
        text: result ?? "not recorded",
        brief: "GLOW",
        because: [{ text: "GLOW decides" }],
        missing: result === undefined ? [{ input: "GLOW", decides: "whether it glows" }] : [],
        assumptions: [],
        source: cite("leach2025"),
      },
    ];
  },
  matrix: () => ({ features: [], schemes: [] }),
  panel: [{ marker: "GLOW", also: [], lineage: "other", expected: "positive", bears: "whether it glows" }],
  drugs: [],
  studies: [],
};

const record = parseCase(
  {
    ...newCase("lamp", "Lamp", "lanternoma"),
    entries: [{ id: "glow", kind: "stain", marker: "GLOW", result: { state: "recorded", value: "positive" } }],
  },
  "test",
);

test("a second tumor brings its own rules by one line in the list", () => {
  const { tumor, findings } = workup(record, { tumors: [...tumors, lanternoma] });
  expect(tumor?.key).toBe("lanternoma");
  expect(findings.find((f) => f.rule === "pathology/lantern1999")?.value).toBe(true);
});

test("nothing of a PEComa reaches another tumor", () => {
  const { findings } = workup(record, { tumors: [...tumors, lanternoma] });
  const pecomaRules = new Set(tumors.find((t) => t.key === "pecoma")?.rules.map((r) => r.id));
  expect(findings.filter((f) => pecomaRules.has(f.rule))).toEqual([]);
  expect(JSON.stringify(findings)).not.toMatch(/PEComa/i);
});

test("a tumor that the house does not know still gets stage, response and dose, and no scheme", () => {
  const { tumor, findings } = workup(record);
  expect(tumor).toBeUndefined();
  expect(findings.filter((f) => f.rule.startsWith("pathology/"))).toEqual([]);
  expect(findings.some((f) => f.rule === "staging/ajcc8")).toBe(true);
});
