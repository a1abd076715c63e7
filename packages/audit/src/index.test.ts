import { expect, test } from "vitest";
import { newCase, parseCase, viewOf } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { audit, rules } from "./index.ts";

const record = parseCase(leach2025, "case.json");
const found = audit(viewOf(record), [], []);

test("every finding has two readings with two places, or a gap, and names only known rules", () => {
  const ids = new Set<string>(rules.map((r) => r.id));
  for (const f of found) {
    expect(ids.has(f.rule)).toBe(true);
    expect(f.brief.length, f.subject).toBeLessThan(90);
    expect(f.source.length, f.subject).toBeGreaterThan(0);
    if (f.rule === "audit/gaps") continue;
    const { first, second } = f.value as { first: { says: string; place: string }; second: { says: string; place: string } };
    for (const part of [first.says, first.place, second.says, second.place]) expect(part.length, f.subject).toBeGreaterThan(0);
  }
  expect(new Set(found.map((f) => `${f.rule}#${f.subject}`)).size).toBe(found.length);
});

test("no finding rests on an entry that was not known", () => {
  for (const { id } of record.timePoints) {
    const view = viewOf(record, { asOf: id });
    for (const f of audit(view, [], [])) for (const e of f.because.flatMap((b) => b.entries ?? [])) expect(view.get(e), `${id} ${f.rule} ${e}`).toBeDefined();
  }
});

test("an empty case has nothing to contradict", () => {
  expect(audit(viewOf(newCase("empty", "Empty", "none")), [], [])).toEqual([]);
});
