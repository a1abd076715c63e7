import { expect, test } from "vitest";
import { newCase, parseCase, viewOf } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { evidence, pecomaStudies, rules } from "./index.ts";

const findings = evidence(viewOf(parseCase(leach2025, "case.json")), pecomaStudies);

test("a case without claims and a tumor without studies have nothing to say", () => {
  expect(evidence(viewOf(newCase("empty", "Empty", "none")), [])).toEqual([]);
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
