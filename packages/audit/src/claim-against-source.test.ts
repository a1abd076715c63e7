import { expect, test } from "vitest";
import { newCase, viewOf, type Finding } from "@hapax/case";
import { claimAgainstSource } from "./claim-against-source.ts";

const finding = (more: Partial<Finding>): Finding => ({
  rule: "staging/fnclcc", question: "Grade", status: "determined", text: "G2", brief: "", because: [{ text: "because" }], missing: [], assumptions: [], source: [], ...more,
});

const view = viewOf(newCase("made", "Made", "none"));

test("a contradiction of the evidence is carried over with both places", () => {
  const table = { columns: ["says", "place"], rows: [["four tiers", "Introduction"], ["three tiers", "Folpe 2005"]] };
  const [carried] = claimAgainstSource(view, [finding({ rule: "evidence/claims-against-source", subject: "claim", status: "contradiction", table })]);
  expect(carried).toMatchObject({ rule: "audit/claim-against-source", subject: "claim", text: "four tiers ≠ three tiers" });
  expect(carried?.value).toEqual({ first: { says: "four tiers", place: "Introduction" }, second: { says: "three tiers", place: "Folpe 2005" } });
});

test("a claim that agrees or was not checked is not", () => {
  for (const status of ["determined", "undecided"] as const) {
    expect(claimAgainstSource(view, [finding({ rule: "evidence/claims-against-source", status })])).toEqual([]);
  }
});
