import { newCase, parseCase, viewOf, type CaseView, type ViewOptions } from "@hapax/case";
import { expect, test } from "vitest";
import { findings, pecoma, rules } from "./index.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const asCaseA = (options: ViewOptions = {}): CaseView =>
  viewOf(
    parseCase(
      {
        ...newCase("a", "A", "pecoma"),
        patient: { sex: recorded("male") },
        entries: [
          { id: "mass", kind: "lesion", name: "Mass", site: "neck and chest wall", role: recorded("primary") },
          {
            id: "h", kind: "histology", diagnosis: "PEComa", siteGroup: recorded("other"), size: recorded({ value: 14.3, unit: "cm" }),
            necrosis: recorded(true), resected: recorded(false),
          },
        ],
      },
      "test",
    ),
    options,
  );

test("every rule of the table answers, and every answer has its rule in the table", () => {
  const answered = new Set<string>(findings(asCaseA()).map((f) => f.rule));
  expect(answered).toEqual(new Set<string>(rules.map((r) => r.id)));
});

test("schemes stand in groups: soft tissue, gynecologic, PEC-PRO, modified Folpe", () => {
  expect(pecoma.matrix(asCaseA()).schemes.map((s) => s.group)).toEqual([
    "soft tissue", "soft tissue", "soft tissue", "gynecologic", "gynecologic", "gynecologic", "gynecologic", "PEC-PRO", "modified Folpe",
  ]);
});

test("case A: boxes met and possible, and the gynecologic schemes out of scope with what they would say", () => {
  const byKey = Object.fromEntries(pecoma.matrix(asCaseA()).schemes.map((s) => [s.key, s]));
  expect(byKey["pathology/folpe2005"]?.count).toEqual({ met: 2, possible: 4, of: 6, needed: 2 });
  expect(byKey["pathology/bleeker2012"]?.count).toEqual({ met: 1, possible: 1, of: 2, needed: 2 });
  expect(byKey["pathology/schoolmeester2014"]?.count).toEqual({ met: 2, possible: 3, of: 5, needed: 4 });
  expect(byKey["pathology/schoolmeester2014"]?.ifForced).toBe("open: {not malignant, malignant}");
  expect(byKey["pathology/garzon2022"]?.ifForced).toBe("malignant");
  expect(byKey["pathology/pec-pro"]?.ifForced).toBe("high");
  expect(byKey["pathology/modified-folpe"]?.finding.status).toBe("pending");
});

test("a cell says met, not recorded, condition or not used", () => {
  const rows = Object.fromEntries(pecoma.matrix(asCaseA()).features.map((f) => [f.key, f]));
  expect(rows["size"]?.cells["pathology/folpe2005"]).toEqual({ role: "used", asks: "> 5 cm", met: true });
  expect(rows["mitoses"]?.cells["pathology/bleeker2012"]).toEqual({ role: "used", asks: "> 1", met: undefined });
  expect(rows["infiltrative"]?.cells["pathology/schoolmeester2014"]).toEqual({ role: "not used" });
  expect(rows["siteGroup"]?.cells["pathology/bennett2018"]).toEqual({ role: "condition", asks: "gynecologic", met: false });
  expect(rows["resection"]?.cells["pathology/pec-pro"]).toEqual({ role: "condition", asks: "resected", met: false });
  expect(rows["size"]?.cells["pathology/modified-folpe"]).toEqual({ role: "pending" });
  expect(rows["mitoses"]).toMatchObject({ recorded: undefined, state: "not recorded" });
});

test("every value offered in a row can be tried, and the matrix then has it", () => {
  for (const row of pecoma.matrix(asCaseA()).features) {
    expect(row.tries.length).toBeGreaterThan(1);
    for (const attempt of row.tries) {
      const tried = pecoma.matrix(asCaseA({ suppose: { [row.key]: attempt.value } })).features.find((f) => f.key === row.key);
      expect(tried?.recorded, `${row.key}: ${attempt.name}`).toBeDefined();
    }
  }
});

test("what if the mitoses were 3 per 50: Bleeker becomes high and nothing else of the record changes", () => {
  const tried = findings(asCaseA({ suppose: { mitoses: { count: 3, hpf: 50 } } }));
  expect(tried.find((f) => f.rule === "pathology/bleeker2012")).toMatchObject({ status: "determined", value: "high" });
  expect(tried.find((f) => f.rule === "pathology/folpe2005")).toMatchObject({ value: "malignant" });
});

test("an assumption changed by the reader reaches the rule", () => {
  const view = asCaseA({ assume: { "pathology/folpe2005/comparators": "folpe.as-quoted-2014" }, suppose: { size: { value: 5, unit: "cm" } } });
  // 5.0 cm with ≥ is met, with necrosis two features
  expect(findings(view).find((f) => f.rule === "pathology/folpe2005")).toMatchObject({ value: "malignant" });
});

test("an empty case is answered without an error and without a value", () => {
  for (const finding of findings(viewOf(newCase("x", "X", "pecoma")))) {
    expect(finding.value, finding.rule).toBeUndefined();
    expect(["not recorded", "undecided", "pending"]).toContain(finding.status);
  }
});
