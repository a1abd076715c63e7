import { expect, test } from "vitest";
import { parseCase, viewOf, type Finding } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { claimsAgainstSource } from "./claims-against-source.ts";
import { pecomaStudies } from "./pecoma-studies.ts";

const found = claimsAgainstSource(viewOf(parseCase(leach2025, "case.json")), pecomaStudies);
const claim = (slug: string): Finding => {
  const one = found.find((f) => f.subject === `claim-${slug}`);
  if (one === undefined) throw new Error(`no claim ${slug}`);
  return one;
};

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

test("each finding that differs names the claim and the source with their places", () => {
  for (const f of found.filter((x) => x.status === "contradiction")) {
    expect(f.table?.columns).toEqual(["says", "place"]);
    expect(f.table?.rows.length, f.subject).toBeGreaterThan(1);
    expect(f.stated?.agrees).toBe(false);
  }
});
