import { describe, expect, it } from "vitest";
import { strFromU8, unzipSync } from "fflate";
import { inflateSync } from "node:zlib";
import { newCase, viewOf, type Entry } from "@hapax/case";
import { toDocx } from "./docx.ts";
import { disputed, madeUp } from "./made-up.fixture.ts";
import { toPdf } from "./pdf.ts";
import { report } from "./report.ts";

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
