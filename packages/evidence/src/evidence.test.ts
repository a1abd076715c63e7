import { describe, expect, test } from "vitest";
import { newCase, parseCase, viewOf, type Finding } from "@hapax/case";
import { allReferences } from "@hapax/references";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { evidence, pecomaStudies, rules } from "./index.ts";

const record = parseCase(leach2025, "case.json");
const findings = evidence(viewOf(record), pecomaStudies);
const of = (rule: string, subject?: string): Finding => {
  const found = findings.find((f) => f.rule === rule && f.subject === subject);
  if (found === undefined) throw new Error(`no ${rule} ${subject ?? ""}`);
  return found;
};
const claim = (slug: string) => of("evidence/claims-against-source", `claim-${slug}`);

describe("what Leach 2025 cites, against the sources", () => {
  test("reference 57 is about any metastatic sarcoma: indirect", () => {
    expect(claim("57-survival")).toMatchObject({ status: "contradiction", text: "cited for this tumor ≠ metastatic sarcoma of any kind" });
  });

  test("reference 50: the simplified Folpe classification did not correlate", () => {
    expect(claim("50-folpe")).toMatchObject({ status: "contradiction", text: "correlated ≠ simplified Folpe did not correlate with EFS" });
    expect(claim("50-efs").status).toBe("determined");
  });

  test("reference 59: chemotherapy shrank the tumor, radiotherapy did not add", () => {
    expect(claim("59-neoadjuvant").status).toBe("contradiction");
    expect(JSON.stringify(claim("59-neoadjuvant").because)).toContain("80 % smaller");
  });

  test("mTOR inhibitors against chemotherapy: an open conflict, shown and not averaged", () => {
    expect(claim("38-mtor").status).toBe("contradiction");
    expect(claim("38-mtor").caveats?.join()).toContain("Testa 2023");
    expect(claim("38-mtor").unverified?.join()).toContain("inferred");
    expect(claim("73-mtor").brief).toBe("another source reads otherwise");
  });

  test("reference 46: response and stable in one abstract, PFS about 7 months and not below 6", () => {
    expect(claim("46-response")).toMatchObject({ status: "contradiction", brief: "the source contradicts itself" });
    expect(claim("46-vegf-pfs").text).toBe("typically below 6 months ≠ about 7 months");
  });

  test("reference 34: above 5 cm, where the source has 5 cm or more", () => {
    expect(claim("34-size").text).toBe("> 5 cm ≠ ≥ 5 cm");
  });

  test("references 67 and 68: the qualifier of preclinical models is dropped, the survival is quoted correctly", () => {
    expect(claim("67-68-tumor-levels").text).toContain("in preclinical models");
    expect(claim("67-survival").status).toBe("determined");
    expect(claim("67-survival").caveats?.join()).toContain("53.1");
  });

  test("reference 33: four tiers, where the paper has three", () => {
    expect(claim("33-tiers").text).toBe("four tiers ≠ three tiers");
  });

  test("reference 49: modified Folpe, where the congress abstract has Bennett", () => {
    expect(claim("49-accuracy").text).toBe("modified Folpe ≠ Bennett");
  });

  test("a reference that was not found leaves its claim undecided and says what is missing", () => {
    const { status, missing } = claim("70-palliative");
    expect(status).toBe("undecided");
    expect(missing[0]?.input).toContain("70");
  });
});

describe("prognostic factors", () => {
  test("size, necrosis and male sex are present; TFE3 and mitoses are open; N0 is absent", () => {
    const { because, value } = of("evidence/prognostic-factors");
    expect(value).toEqual(["tumor size", "necrosis", "male sex"]);
    const met = Object.fromEntries(because.map((b) => [b.text.split(":")[0], b.met]));
    expect(met).toMatchObject({ "TFE3 over-expression": undefined, "mitotic rate": undefined, "lymph node metastasis": false });
  });

  test("at T1 there were no nodules to doubt M0; at T2 there were", () => {
    const at = (asOf: string) => evidence(viewOf(record, { asOf }), pecomaStudies).find((f) => f.rule === "evidence/prognostic-factors");
    const metastasis = (asOf: string) => at(asOf)?.because.find((b) => b.text.startsWith("metastasis at diagnosis"))?.met;
    expect(metastasis("T1")).toBe(false);
    expect(metastasis("T2")).toBeUndefined();
  });

  test("a size that the reader tries changes the factor", () => {
    const { because } = evidence(viewOf(record, { suppose: { size: 6 } }), pecomaStudies).find((f) => f.rule === "evidence/prognostic-factors") ?? { because: [] };
    // 6 cm: above the 5 cm of Bleeker, below the 8 cm of Folpe
    expect(because.find((b) => b.text.startsWith("tumor size"))?.met).toBeUndefined();
  });
});

describe("treatments as published", () => {
  test("pazopanib was planned, and its class is in the library", () => {
    const { because } = of("evidence/treatment-facts");
    expect(because.find((b) => b.text.startsWith("pazopanib"))?.text).toMatch(/planned, not given.*Sanfilippo 2019/);
  });

  test("temsirolimus does not count as sirolimus", () => {
    const sirolimus = of("evidence/treatment-facts").because.find((b) => b.text.startsWith("sirolimus"))?.text ?? "";
    expect(sirolimus.split("others of its class")[0]).not.toContain("reference 72");
  });

  test("PD-L1 and TFE3 would decide what concerns this tumor", () => {
    const { missing } = of("evidence/treatment-facts");
    expect(missing.find((m) => m.input === "PD-L1")?.state).toBe("not performed");
    expect(missing.find((m) => m.input === "TFE3")?.state).toBe("not recorded");
  });
});

test("a case without claims and a tumor without studies have nothing to say", () => {
  expect(evidence(viewOf(newCase("empty", "Empty", "none")), [])).toEqual([]);
});

test("every study cites the bibliography, and every claim names a study of the library or none", () => {
  const references = new Set(allReferences.map((r) => r.key));
  for (const { key, citation } of pecomaStudies) expect(references.has(citation ?? ""), key).toBe(true);
  const keys = new Set(pecomaStudies.map((s) => s.key));
  for (const entry of record.entries) {
    if (entry.kind !== "claim") continue;
    const study = entry.study?.state === "recorded" || entry.study?.state === "uncertain" ? entry.study.value : undefined;
    if (study !== undefined) expect(keys.has(study), entry.id).toBe(true);
  }
  expect(keys.size).toBe(pecomaStudies.length);
});

test("every finding names its rule, its reasons and its sources, in short lines", () => {
  const ids = new Set<string>(rules.map((r) => r.id));
  const keys = findings.map((f) => `${f.rule}#${f.subject ?? ""}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const f of findings) {
    expect(ids.has(f.rule)).toBe(true);
    expect(f.because.length, f.subject).toBeGreaterThan(0);
    expect(f.source.length, f.subject).toBeGreaterThan(0);
    expect(f.brief.length, f.subject).toBeLessThan(90);
    expect(`${f.text}${f.brief}`, f.subject).not.toMatch(/undefined|NaN|\[object/);
  }
});
