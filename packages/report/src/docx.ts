import { strToU8, unzipSync, zipSync } from "fflate";
import { AlignmentType, BorderStyle, Document, Footer, Header, HeadingLevel, ImageRun, Packer, PageNumber, Paragraph, Table, TableCell, TableRow, TextRun, WidthType, type IParagraphOptions } from "docx";
import type { Figure } from "@hapax/figures";
import { toPng } from "@hapax/figures/png";
import { pointerText, rangesOf, type Block, type Note, type ReportDocument, type Span, type TableBlock } from "./document.ts";
import { referenceText } from "./html.ts";

const serif = "Source Serif 4";
const sans = "Source Sans 3";
// Half points, as Word counts type.
const size = { text: 21, small: 17, caption: 18 } as const;
const none = { style: BorderStyle.NONE, size: 0, color: "auto" } as const;
const thin = { style: BorderStyle.SINGLE, size: 2, color: "D3D9D6" } as const;
const firm = { style: BorderStyle.SINGLE, size: 6, color: "16211F" } as const;
/** Twentieths of a point between the margins of A4. */
const textWidth = 9100;

/**
 * The document as a Word file, to be worked on: headings, tables and captions as such, figures as PNG. The same
 * document gives the same bytes: no clock is read.
 *
 * @param figures  the pictures that the document places, by name
 */
export async function toDocx(document: ReportDocument, figures: readonly Figure[]): Promise<Uint8Array> {
  const pictures = new Map(figures.map((f) => [f.name, f]));
  const notes = new Map(document.notes.map((n) => [n.finding, n]));
  const told = new Set<string>();
  const plain = document.title.map((s) => ("text" in s ? s.text : "")).join("");
  const children: (Paragraph | Table)[] = [
    paragraph([run(`Case report · ${document.caseName}${document.asOf === undefined ? "" : ` · known up to ${document.asOf}`}`, { font: sans, size: size.caption, color: "5F6C69" })]),
    paragraph(runs(document.title, { size: 40, bold: true }), { heading: HeadingLevel.TITLE }),
    ...(document.authors === undefined ? [] : [paragraph([run(document.authors.join(", "))])]),
    paragraph([run(document.disclaimers.join(" "), { font: sans, size: size.small, color: "43504D" })]),
    ...document.sections.flatMap((s) => [heading(s.heading), ...s.blocks.flatMap((b) => blockOf(b, pictures, notes, told))]),
    ...(document.notes.length === 0 ? [] : [heading("Notes of the audit"), ...document.notes.map((n) => paragraph([run(`${n.letter} `, { italics: true, font: sans, size: size.caption }), run(`${n.question}. `, { bold: true, font: sans, size: size.caption }), run(`${n.text} ${n.places}`, { font: sans, size: size.caption })]))]),
    ...(document.glossary.length === 0 ? [] : [heading("Glossary"), ...document.glossary.map((g) => paragraph([run(`${g.term}  `, { bold: true, font: sans, size: size.caption }), run(g.meaning, { font: sans, size: size.caption })]))]),
    ...(document.references.length === 0
      ? []
      : [heading("References"), ...document.references.map((r) => paragraph([run(`${r.number}.\t${referenceText(r.reference)}${r.reference.doi === undefined ? "" : ` doi:${r.reference.doi}.`}`, { size: size.caption }), ...(r.mark === undefined ? [] : [run(` ${r.mark}`, { italics: true, size: size.caption })])], { indent: { left: 440, hanging: 440 } }))]),
  ];
  const file = new Document({
    title: plain,
    creator: "Hapax",
    lastModifiedBy: "Hapax",
    description: document.disclaimers[0] ?? "",
    styles: { default: { document: { run: { font: serif, size: size.text, color: "16211F" }, paragraph: { spacing: { after: 140, line: 300 } } } } },
    sections: [
      {
        properties: { page: { size: { width: 11906, height: 16838 }, margin: { top: 1560, bottom: 1440, left: 1400, right: 1400 } } },
        headers: { default: new Header({ children: [new Paragraph({ tabStops: [{ type: "right", position: textWidth }], children: [run(`${document.runningHead}\t`, { italics: true, size: size.caption }), new TextRun({ children: [PageNumber.CURRENT], size: size.caption })] })] }) },
        footers: { default: new Footer({ children: [paragraph([run(document.disclaimers[0] ?? "", { font: sans, size: size.small, color: "5F6C69" })])] }) },
        children,
      },
    ],
  });
  return withoutClock(new Uint8Array(await Packer.toBuffer(file)));
}

/** The file again without the time at which it was made, in the archive or in its properties. */
function withoutClock(bytes: Uint8Array): Uint8Array {
  const parts = unzipSync(bytes);
  const properties = parts["docProps/core.xml"];
  if (properties !== undefined) {
    const xml = new TextDecoder().decode(properties).replace(/<dcterms:(created|modified)[^>]*>[^<]*<\/dcterms:\1>/g, "");
    parts["docProps/core.xml"] = strToU8(xml);
  }
  return zipSync(parts, { mtime: new Date(1980, 0, 1) });
}

type RunStyle = { readonly font?: string; readonly size?: number; readonly bold?: boolean; readonly italics?: boolean; readonly color?: string; readonly superScript?: boolean };

// Word's XML knows no control characters.
const printable = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");

const run = (text: string, style: RunStyle = {}) => new TextRun({ text: printable(text), ...style });
const paragraph = (children: readonly (TextRun | ImageRun)[], options: Omit<IParagraphOptions, "children"> = {}) => new Paragraph({ ...options, children: [...children] });
const heading = (text: string) => paragraph([run(text, { bold: true, size: 26 })], { heading: HeadingLevel.HEADING_1, keepNext: true, spacing: { before: 320, after: 100 } });

function runs(spans: readonly Span[], style: RunStyle, letter: (finding: string | undefined) => TextRun[] = () => []): TextRun[] {
  return spans.flatMap((span): TextRun[] => {
    switch (span.kind) {
      case "text":
        return [run(span.text, style)];
      case "term":
        return [run(span.term, style)];
      case "bound":
        return [run(span.text, style), ...letter(span.finding)];
      case "quote":
        return [run(`“${span.quote}” (${span.place})`, style), ...letter(span.finding)];
      case "cite":
        return [run(rangesOf(span.numbers), { ...style, superScript: true })];
      case "pointer":
        return [run(pointerText(span), style)];
    }
  });
}

function blockOf(block: Block, pictures: ReadonlyMap<string, Figure>, notes: ReadonlyMap<string, Note>, told: Set<string>): (Paragraph | Table)[] {
  switch (block.kind) {
    case "paragraph": {
      const letter = (finding: string | undefined) => {
        const note = finding === undefined ? undefined : notes.get(finding);
        if (note === undefined || told.has(note.letter)) return [];
        told.add(note.letter);
        return [run(note.letter, { superScript: true, italics: true })];
      };
      return [paragraph([...(block.lead === undefined ? [] : [run(`${block.lead}. `, { bold: true })]), ...runs(block.spans, {}, letter)])];
    }
    case "absent": {
      const dashed = { style: BorderStyle.DASHED, size: 4, color: "5F6C69", space: 4 };
      return [paragraph(runs(block.spans, { font: sans, size: 19, color: "43504D" }), { border: { top: dashed, bottom: dashed, left: dashed, right: dashed } })];
    }
    case "table":
      return tableOf(block);
    case "figure": {
      const picture = pictures.get(block.name);
      const caption = paragraph([run(`Figure ${block.number}. `, { bold: true, font: sans, size: size.caption }), ...runs(block.caption, { font: sans, size: size.caption })]);
      if (picture === undefined) return [caption];
      const width = 600;
      return [paragraph([new ImageRun({ type: "png", data: toPng(picture, "light"), transformation: { width, height: Math.round((width * picture.height) / picture.width) }, altText: { name: block.name, title: printable(picture.title), description: printable(picture.description) } })], { keepNext: true }), caption];
    }
  }
}

function tableOf(block: TableBlock): (Paragraph | Table)[] {
  const total = block.columns.reduce((sum, c) => sum + (c.share ?? 1), 0);
  const widths = block.columns.map((c) => Math.round((textWidth * (c.share ?? 1)) / total));
  const cell = (spans: readonly Span[], i: number, style: RunStyle, border: typeof thin | typeof firm) =>
    new TableCell({
      width: { size: widths[i] ?? 0, type: WidthType.DXA },
      margins: { top: 50, bottom: 50, left: i === 0 ? 0 : 80, right: 80 },
      borders: { top: none, left: none, right: none, bottom: border },
      children: [paragraph(runs(spans, { font: sans, size: size.small, ...style }), { alignment: block.columns[i]?.align === "right" ? AlignmentType.RIGHT : AlignmentType.LEFT, spacing: { after: 0, line: 240 } })],
    });
  const table = new Table({
    width: { size: textWidth, type: WidthType.DXA },
    columnWidths: widths,
    borders: { top: firm, bottom: firm, left: none, right: none, insideHorizontal: thin, insideVertical: none },
    rows: [
      new TableRow({ tableHeader: true, cantSplit: true, children: block.columns.map((c, i) => cell(c.head, i, { color: "5F6C69" }, firm)) }),
      ...block.rows.map((row) => new TableRow({ cantSplit: true, children: row.cells.map((c, i) => cell(c, i, row.strong === true ? { bold: true } : {}, thin)) })),
    ],
  });
  const caption = paragraph([run(`Table ${block.number}. `, { bold: true, font: sans, size: size.caption }), ...runs(block.caption, { font: sans, size: size.caption }), run(".", { font: sans, size: size.caption })], { keepNext: true, spacing: { before: 160, after: 60 } });
  const note = block.note === undefined ? [] : [paragraph(runs(block.note, { font: sans, size: 16 }))];
  return [caption, table, ...note, paragraph([])];
}
