import { describe, expect, it } from "vitest";
import { newCase, parseCase, viewOf, type Entry } from "@hapax/case";
import { workup } from "@hapax/workup";
import { test, fc } from "@fast-check/vitest";
import leachFile from "../../../cases/leach2025/case.json" with { type: "json" };
import { plainText, spanLists, type ReportDocument } from "./document.ts";
import { toHtml } from "./html.ts";
import { disputed, madeUp } from "./made-up.fixture.ts";
import { report } from "./report.ts";

const textOf = (document: ReportDocument) => [...spanLists(document)].map(plainText).join("\n");
const written = (record: Parameters<typeof viewOf>[0], findings: Parameters<typeof report>[1] = []) => report(viewOf(record), findings, []);

const leach = workup(parseCase(leachFile, "leach2025"));
const leachReport = report(leach.view, leach.findings, [], { tumor: leach.tumor });

describe("the write-up", () => {
  it("follows the record: another dose changes every mention of it", () => {
    expect(textOf(written(madeUp(50)))).toContain("50 Gy in 25 fractions");
    const changed = textOf(written(madeUp(57.5)));
    expect(changed).toContain("57.5 Gy");
    expect(changed).not.toMatch(/\b50 Gy/);
  });

  it("has no digit outside what is bound to the record, cited or pointed to", () => {
    for (const document of [leachReport, written(madeUp(), [disputed]), written(newCase("empty", "Empty", "pecoma"))]) {
      for (const spans of spanLists(document)) for (const span of spans) if (span.kind === "text") expect(span.text).not.toMatch(/\d/);
    }
  });

  it("binds every number to an entry of the record or to a finding that exists", () => {
    const ids = new Set([...leach.view.record.entries.map((e) => e.id), ...leach.view.record.timePoints.map((t) => t.id), "patient", "case"]);
    for (const spans of spanLists(leachReport)) {
      for (const span of spans) {
        if (span.kind !== "bound") continue;
        if (span.finding !== undefined) expect(leach.byKey).toHaveProperty([span.finding]);
        for (const id of span.entries ?? []) expect(ids.has(id.replace(/\/step-\d+$/, "")), `${id}: ${span.text}`).toBe(true);
      }
    }
  });

  it("says of an empty case what belongs where, and invents nothing", () => {
    const document = written(newCase("empty", "Empty", "pecoma"));
    const text = textOf(document);
    expect(text).not.toMatch(/undefined|NaN|null|\[object/);
    expect(text).toContain("whose age is not recorded");
    expect(document.sections.map((s) => s.care)).toEqual(["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"]);
    for (const section of document.sections) expect(section.blocks.length).toBeGreaterThan(0);
  });

  it("quotes what is stated beside what is computed, with its place, and notes it", () => {
    const document = written(madeUp(), [disputed]);
    expect(textOf(document)).toContain("the document states “60 Gy” (Letter, page 2)");
    expect(document.notes).toMatchObject([{ letter: "a", finding: "radiobiology/eqd2#course/PTV", status: "contradiction" }]);
  });

  it("numbers references by their first use and says which were not read", () => {
    expect(leachReport.references.map((r) => r.number)).toEqual(leachReport.references.map((_, i) => i + 1));
    const first = [...spanLists(leachReport)].flat().find((s) => s.kind === "cite");
    expect(first?.numbers[0]).toBe(1);
    expect(leachReport.references.find((r) => r.reference.key === "fowler1989")?.mark).toMatch(/unverified/);
  });

  it("gives the age an article that fits its sound", () => {
    expect(textOf(written(madeUp()))).toContain("an 81-year-old woman");
  });

  it("says of Leach both equivalent doses beside the stated one", () => {
    // 66 Gy in 30: 66 (2.2 + 3) / 5 = 68.64; 66 (2.2 + 10) / 12 = 67.10; the report says 70.
    expect(textOf(leachReport)).toMatch(/68\.6 Gy at α\/β 3 Gy and 67\.1 Gy at α\/β 10 Gy; the document states “70 Gy”/);
  });

  it("writes sentences without doubled spaces, stops or commas", () => {
    for (const block of leachReport.sections.flatMap((s) => s.blocks)) {
      if (block.kind !== "paragraph") continue;
      const text = plainText(block.spans);
      expect(text).not.toMatch(/ {2}|\.\.(?!\.)|,,| ,| \.(?!\d)|\(\)|; ;/);
      expect(text).toMatch(/[.”\])]$/);
    }
  });

  it("is the same in any order of reading: twice written, twice alike", () => {
    expect(report(leach.view, leach.findings, [], { tumor: leach.tumor })).toEqual(leachReport);
  });
});

const hostile: Entry[] = [
  { kind: "complaint", id: "x", state: "recorded", what: "<script>alert(1)</script>" },
  { kind: "decision", id: "y", state: "recorded", what: "=cmd|' /C calc'!A0" },
];

describe("hostile text", () => {
  it("comes out of HTML as text", () => {
    const html = toHtml(written(madeUp(50, hostile)), []);
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("=cmd|&#39; /C calc&#39;!A0");
  });

  test.prop([fc.string({ minLength: 1, maxLength: 40 })])("of any kind opens no element of its own", (text) => {
    const plain = toHtml(written(madeUp(50)), []);
    const html = toHtml(written({ ...madeUp(50), name: text }), []);
    const elements = (page: string) => page.match(/<[a-z!/]/g)?.length;
    expect(elements(html)).toBe(elements(plain));
  });
});
