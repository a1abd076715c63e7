import { describe, expect, it } from "vitest";
import { strFromU8, unzipSync } from "fflate";
import { inflateSync } from "node:zlib";
import { newCase, viewOf, type Entry } from "@hapax/case";
import { timeline } from "@hapax/figures";
import { toDocx } from "./docx.ts";
import { toHtml } from "./html.ts";
import { disputed, madeUp } from "./made-up.fixture.ts";
import { toPdf } from "./pdf.ts";
import { report, timelineWidth } from "./report.ts";

const hostile: Entry = { kind: "complaint", id: "x", state: "recorded", what: "<script>\u0000alert(1)</script> =cmd" };
const document = report(viewOf(madeUp(50, [hostile])), [disputed], []);
const empty = report(viewOf(newCase("empty", "Empty", "pecoma")), [], []);

/** All streams of a PDF, inflated where they are deflated, with its plain objects. */
function insideOf(pdf: Uint8Array): string {
  const buffer = Buffer.from(pdf);
  const parts = [buffer.toString("latin1")];
  for (let at = buffer.indexOf("stream\n"); at >= 0; at = buffer.indexOf("stream\n", at + 7)) {
    try {
      parts.push(inflateSync(buffer.subarray(at + 7)).toString("latin1"));
    } catch {
      // Not every stream is deflated.
    }
  }
  return parts.join("\n");
}

describe("figures", () => {
  const drawn = [timeline(viewOf(madeUp()), [], { width: timelineWidth })];
  const withFigure = report(viewOf(madeUp()), [], drawn);

  it("stand in all three files, numbered and pointed to from the text", async () => {
    expect(toHtml(withFigure, drawn)).toMatch(/href="#figure-1">Figure 1<[^]*<figure id="figure-1"><svg/);
    expect(Object.keys(unzipSync(await toDocx(withFigure, drawn))).some((name) => /^word\/media\/.*\.png$/.test(name))).toBe(true);
    expect((await toPdf(withFigure, drawn)).length).toBeGreaterThan((await toPdf(withFigure, [])).length);
  });

  it("that are too wide for the text stand on a turned page after it", async () => {
    const wide = [timeline(viewOf(madeUp()), [], { width: 1600 })];
    const pdf = insideOf(await toPdf(report(viewOf(madeUp()), [], wide), wide));
    expect(pdf).toMatch(/MediaBox \[0 0 841\.89 595\.28\]/);
  });
});

describe("the PDF", () => {
  it("is a PDF with its fonts embedded", async () => {
    const pdf = await toPdf(document, []);
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
    const inside = insideOf(pdf);
    expect(inside).toMatch(/\/FontFile[23]/);
    expect(inside).toMatch(/SourceSerif4/);
    expect(inside).toMatch(/SourceSans3/);
  });

  it("is the same bytes twice, with no date in it", async () => {
    const [a, b] = [await toPdf(document, []), await toPdf(document, [])];
    expect(Buffer.compare(Buffer.from(a), Buffer.from(b))).toBe(0);
    expect(insideOf(a)).not.toMatch(/CreationDate/);
  });

  it("can be made of an empty case", async () => {
    expect((await toPdf(empty, [])).length).toBeGreaterThan(1000);
  });
});

describe("the Word file", () => {
  it("unzips, has the title and holds hostile text as text", async () => {
    const parts = unzipSync(await toDocx(document, []));
    const xml = strFromU8(parts["word/document.xml"] ?? new Uint8Array());
    expect(xml).toContain("Clear cell sarcoma of the left thigh");
    expect(xml).toContain("&lt;script&gt;");
    expect(xml).not.toContain("<script");
    expect(xml).not.toContain("\u0000");
    expect(xml).not.toMatch(/w:instrText[^>]*>[^<]*cmd/);
  });

  it("is the same bytes twice", async () => {
    const [a, b] = [await toDocx(document, []), await toDocx(document, [])];
    expect(Buffer.compare(Buffer.from(a), Buffer.from(b))).toBe(0);
  });
});
