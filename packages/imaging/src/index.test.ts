import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { newCase, recorded, viewOf, type Entry } from "@hapax/case";
import { imaging, rules } from "./index.ts";
import { caseOf, drug, lesion, size, twoMasses } from "./two-masses.fixture.ts";

test("every finding names a rule of the table, its source, and fits a closed row", () => {
  const ids = new Set(rules.map((r) => r.id));
  for (const f of imaging(viewOf(twoMasses()))) {
    expect(ids).toContain(f.rule);
    expect(f.brief.length, `${f.rule}: ${f.brief}`).toBeLessThan(90);
    expect(f.source.length).toBeGreaterThan(0);
    expect(f.because.length).toBeGreaterThan(0);
  }
});

test("an empty case has no findings of its images", () => {
  expect(imaging(viewOf(newCase("empty", "Empty", "pecoma")))).toEqual([]);
});

const methods = ["CT", "MR", "PET/CT", "ultrasound", "X-ray", "caliper", "palpation"] as const;
const sizes = fc.array(
  fc.record({ lesion: fc.constantFrom("a", "b", "c"), point: fc.constantFrom("T1", "T2", "T3"), method: fc.constantFrom(...methods), cm: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 40, noNaN: true })), { minLength: 1, maxLength: 3 }) }),
  { maxLength: 12 },
);
test.prop([sizes, fc.constantFrom("T1", "T2", "T3")], { numRuns: 60 })("whatever was measured, every cell is filled and no number is broken", (measured, asOf) => {
  const entries: Entry[] = [lesion("a", { target: recorded(true) }), lesion("b"), lesion("c"), ...measured.map((m, i) => size(`s${i}`, m.lesion, m.point, m.method, ...m.cm)), drug("drug", { when: { after: [{ of: "T1" }], before: [{ of: "T2" }] } })];
  for (const f of imaging(viewOf(caseOf(["T1", "T2", "T3"], entries), { asOf }))) {
    const cells = [f.text, f.brief, ...f.because.map((b) => b.text), ...(f.table?.rows.flat() ?? [])];
    for (const cell of cells) {
      expect(cell, `${f.rule} ${JSON.stringify(cells)}`).not.toBe("");
      expect(cell).not.toMatch(/NaN|Infinity|undefined/);
    }
  }
});
