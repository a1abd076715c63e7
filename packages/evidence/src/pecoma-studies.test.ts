import { expect, test } from "vitest";
import { parseCase } from "@hapax/case";
import { allReferences } from "@hapax/references";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { pecomaStudies } from "./pecoma-studies.ts";

const record = parseCase(leach2025, "case.json");

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
