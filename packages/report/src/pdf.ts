import type { Content, ContentTable, ContentText, TableCell, TDocumentDefinitions } from "pdfmake/interfaces.js";
import { toSvg, type Figure } from "@hapax/figures";
import { pointerText, rangesOf, type Block, type FigureBlock, type Note, type ReportDocument, type Span, type TableBlock } from "./document.ts";
import { referenceText } from "./html.ts";
import { noDate, pdfBytes } from "./pdf/write.ts";

// pt; A4 with a text block of 455 pt, about 90 characters of 10.5 pt serif.
const page = { width: 595.28, height: 841.89, left: 70, top: 78, bottom: 72 };
const textWidth = page.width - 2 * page.left;
// Below this a line of 12 px would stand under 6.5 pt: such a picture goes on a page of its own, turned.
const smallestScale = 0.54;
const ink = "#16211F";
const ink2 = "#43504D";
const ink3 = "#5F6C69";
const rule = "#D3D9D6";

// Source Serif's own line is 1.371 em and Source Sans's 1.326 em: 10.5/15 and 8.5/11.5 as multiples of those.
const serifLine = 15 / (10.5 * 1.371);
const sansLine = 11.5 / (8.5 * 1.326);

/**
 * The document as a PDF that looks like a manuscript: A4, Source Serif and Source Sans embedded, running head, page
 * numbers, figures as vectors. The same document gives the same bytes: no clock is read.
 *
 * @param figures  the pictures that the document places, by name
 */
export async function toPdf(document: ReportDocument, figures: readonly Figure[]): Promise<Uint8Array> {
  return pdfBytes(definition(document, figures));
}

function definition(document: ReportDocument, figures: readonly Figure[]): TDocumentDefinitions {
  const pictures = new Map(figures.map((f) => [f.name, f]));
  const writer = new Writer(document.notes, pictures);
  const title = document.title.map((s) => ("text" in s ? s.text : "")).join("");
  const content: Content[] = [
    { text: `Case report · ${document.caseName}${document.asOf === undefined ? "" : ` · known up to ${document.asOf}`}`, style: "kicker" },
    { text: writer.inline(document.title), style: "title" },
    ...(document.authors === undefined ? [] : [{ text: document.authors.join(", "), style: "authors" }]),
    { text: document.disclaimers.join(" "), style: "disclaimer" },
    line(0.75, ink),
    ...document.sections.flatMap((s) => [heading(s.heading), ...s.blocks.flatMap((b) => writer.block(b))]),
  ];
  if (document.notes.length > 0) {
    content.push(heading("Notes of the audit"), ...document.notes.map((n) => noteContent(n)));
  }
  if (document.glossary.length > 0) {
    content.push(heading("Glossary"), {
      style: "sans",
      table: { widths: [64, "*"], body: document.glossary.map((g) => [{ text: g.term, bold: true }, { text: g.meaning }]), dontBreakRows: true },
      layout: { hLineWidth: () => 0, vLineWidth: () => 0, paddingLeft: () => 0, paddingTop: () => 1, paddingBottom: () => 1 },
    });
  }
  if (document.references.length > 0) {
    content.push(heading("References"), ...document.references.map((r) => referenceContent(r.number, referenceText(r.reference), r.reference.doi, r.mark)));
  }
  content.push(...writer.plates());
  return {
    info: { title, author: document.authors?.join(", ") ?? "Hapax", subject: document.caseName, creator: "Hapax", producer: "Hapax", creationDate: noDate },
    language: "en-US",
    displayTitle: true,
    pageSize: "A4",
    pageMargins: [page.left, page.top, page.left, page.bottom],
    defaultStyle: { font: "Source Serif 4", fontSize: 10.5, lineHeight: serifLine, color: ink },
    styles: {
      kicker: { font: "Source Sans 3", fontSize: 9, color: ink3, lineHeight: 1, margin: [0, 0, 0, 8] },
      title: { fontSize: 20, bold: true, lineHeight: 0.95, margin: [0, 0, 0, 10] },
      authors: { fontSize: 11, margin: [0, 0, 0, 4] },
      disclaimer: { font: "Source Sans 3", fontSize: 8.5, color: ink2, lineHeight: sansLine, margin: [0, 0, 0, 10] },
      heading: { fontSize: 13, bold: true, lineHeight: 1, margin: [0, 16, 0, 5] },
      paragraph: { margin: [0, 0, 0, 7] },
      absent: { font: "Source Sans 3", fontSize: 9.5, color: ink2, lineHeight: 1.05 },
      sans: { font: "Source Sans 3", fontSize: 8.5, lineHeight: sansLine },
      caption: { font: "Source Sans 3", fontSize: 9, lineHeight: 1.05, color: ink },
      head: { font: "Source Sans 3", fontSize: 8, lineHeight: 1, color: ink3 },
      note: { font: "Source Sans 3", fontSize: 8, lineHeight: 1.05, color: ink2 },
      reference: { fontSize: 9, lineHeight: 12.5 / (9 * 1.371) },
    },
    header: (current, _, size) =>
      current === 1
        ? ""
        : {
            margin: [page.left, 40, page.left, 0],
            stack: [
              { columns: [{ text: document.runningHead, italics: true, fontSize: 9, color: ink2 }, { text: String(current), alignment: "right", width: 40, fontSize: 9, color: ink2 }] },
              line(0.4, rule, 2, size.width - 2 * page.left),
            ],
          },
    footer: { text: document.disclaimers[0] ?? "", font: "Source Sans 3", fontSize: 8, color: ink3, margin: [page.left, 24, page.left, 0] },
    // A heading that would stand alone at the foot of a page goes over with what it heads.
    // A heading or the caption of a table needs room for what it heads: an eighth of the page.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && (node.startPosition.verticalRatio > 0.875 || nodes.getFollowingNodesOnPage().length < 2),
    content,
  };
}

const line = (width: number, color: string, top = 0, length = textWidth): Content => ({
  canvas: [{ type: "line", x1: 0, y1: 0, x2: length, y2: 0, lineWidth: width, lineColor: color }],
  margin: [0, top, 0, 4],
});

const heading = (text: string): Content => ({ text, style: "heading", headlineLevel: 1 });

/** A number stays with its unit, and × with both its sides. */
const unbroken = (text: string) => (text.length <= 24 && /^[<>≥≤≈~+−-]?\s?\d/.test(text) ? text.replaceAll(" ", "\u00a0") : text);

class Writer {
  readonly #told = new Set<string>();
  readonly #notes: ReadonlyMap<string, Note>;
  readonly #pictures: ReadonlyMap<string, Figure>;
  readonly #plates: { block: FigureBlock; picture: Figure }[] = [];

  constructor(notes: readonly Note[], pictures: ReadonlyMap<string, Figure>) {
    this.#notes = new Map(notes.map((n) => [n.finding, n]));
    this.#pictures = pictures;
  }

  inline(spans: readonly Span[], lettered = false): Content[] {
    return spans.flatMap((span): Content[] => {
      switch (span.kind) {
        case "text":
          return [{ text: span.text }];
        case "term":
          return [{ text: span.term }];
        case "bound":
          return [{ text: unbroken(span.text) }, ...(lettered ? this.#letter(span.finding) : [])];
        case "quote":
          return [{ text: `“${span.quote}” (${span.place})` }, ...(lettered ? this.#letter(span.finding) : [])];
        case "cite":
          return [{ text: rangesOf(span.numbers), sup: true }];
        case "pointer":
          return [{ text: pointerText(span).replace(" ", "\u00a0") }];
      }
    });
  }

  /** The letter of a note, where its passage first stands. */
  #letter(finding: string | undefined): Content[] {
    const note = finding === undefined ? undefined : this.#notes.get(finding);
    if (note === undefined || this.#told.has(note.letter)) return [];
    this.#told.add(note.letter);
    return [{ text: note.letter, sup: true, italics: true }];
  }

  block(block: Block): Content[] {
    switch (block.kind) {
      case "paragraph":
        return [{ text: [...(block.lead === undefined ? [] : [{ text: `${block.lead}. `, bold: true }]), ...this.inline(block.spans, true)], style: "paragraph" }];
      case "absent":
        return [
          {
            table: { widths: ["*"], body: [[{ text: this.inline(block.spans), style: "absent" }]] },
            layout: { hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => ink3, vLineColor: () => ink3, hLineStyle: () => ({ dash: { length: 2, space: 2 } }), vLineStyle: () => ({ dash: { length: 2, space: 2 } }), paddingTop: () => 3, paddingBottom: () => 3, paddingLeft: () => 6, paddingRight: () => 6 },
            margin: [0, 2, 0, 9],
          },
        ];
      case "table":
        return this.#table(block);
      case "figure":
        return this.#figure(block);
    }
  }

  #table(block: TableBlock): Content[] {
    const total = block.columns.reduce((sum, c) => sum + (c.share ?? 1), 0);
    const gap = 8;
    const room = textWidth - gap * (block.columns.length - 1);
    const widths = block.columns.map((c) => (room * (c.share ?? 1)) / total);
    const head = block.columns.map((c): TableCell => ({ text: this.inline(c.head), style: "head", alignment: c.align }));
    const body = block.rows.map((row) => row.cells.map((cell, i): TableCell => ({ text: this.inline(cell), alignment: block.columns[i]?.align ?? "left", bold: row.strong === true })));
    const caption: ContentText = { text: [{ text: `Table ${block.number}. `, bold: true }, ...this.inline(block.caption), { text: "." }], style: "caption", margin: [0, 8, 0, 4] };
    const table: ContentTable = {
      style: "sans",
      table: { headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, widths, body: [head, ...body] },
      layout: {
        hLineWidth: (i, node) => (i === 0 || i === node.table.body.length ? 0.75 : i === 1 ? 0.5 : 0.25),
        hLineColor: (i, node) => (i === 0 || i === node.table.body.length ? ink : i === 1 ? ink3 : rule),
        vLineWidth: () => 0,
        paddingLeft: (i) => (i === 0 ? 0 : gap / 2),
        paddingRight: (i, node) => (i === (node.table.widths?.length ?? 0) - 1 ? 0 : gap / 2),
        paddingTop: () => 2.5,
        paddingBottom: () => 2.5,
      },
    };
    const note: Content[] = block.note === undefined ? [] : [{ text: this.inline(block.note), style: "note", margin: [0, 3, 0, 0] }];
    const after: Content = { text: "", fontSize: 4, margin: [0, 4, 0, 4] };
    // A table that fits on a page is not torn apart; a longer one repeats its head.
    // A short table stays whole; a break asked for inside what may not break would lose it.
    return block.rows.length <= 10 ? [{ stack: [caption, table, ...note], unbreakable: true }, after] : [{ ...caption, headlineLevel: 1 }, table, ...note, after];
  }

  #figure(block: FigureBlock): Content[] {
    const picture = this.#pictures.get(block.name);
    if (picture === undefined) return [this.#figureCaption(block)];
    const scale = Math.min(textWidth / picture.width, 640 / picture.height, 1);
    if (scale < smallestScale) {
      this.#plates.push({ block, picture });
      return [];
    }
    return [{ stack: [drawing(picture, scale), this.#figureCaption(block)], unbreakable: true }];
  }

  #figureCaption(block: FigureBlock): Content {
    return { text: [{ text: `Figure ${block.number}. `, bold: true }, ...this.inline(block.caption)], style: "caption", margin: [0, 4, 0, 10] };
  }

  /** Pictures too wide for the text, each on a turned page after it. */
  plates(): Content[] {
    return this.#plates.map(({ block, picture }): Content => {
      const room = { width: page.height - 2 * page.left, height: page.width - page.top - page.bottom - 40 };
      const scale = Math.min(room.width / picture.width, room.height / picture.height, 1);
      return { stack: [drawing(picture, scale), this.#figureCaption(block)], pageOrientation: "landscape", pageBreak: "before" };
    });
  }
}

function drawing(picture: Figure, scale: number): Content {
  return { svg: toSvg(picture, "light", "none"), width: picture.width * scale, height: picture.height * scale, margin: [0, 8, 0, 0] };
}

function noteContent(note: Note): Content {
  return { columns: [{ text: note.letter, width: 16, italics: true }, { text: [{ text: `${note.question}. `, bold: true }, note.text, { text: ` ${note.places}`, color: ink3 }] }], style: "sans", margin: [0, 0, 0, 3] };
}

function referenceContent(number: number, text: string, doi: string | undefined, mark: string | undefined): Content {
  return {
    columns: [
      { text: `${number}.`, width: 22 },
      { text: [text, ...(doi === undefined ? [] : [` doi:${doi}.`]), ...(mark === undefined ? [] : [{ text: ` ${mark}`, italics: true }])] },
    ],
    style: "reference",
    margin: [0, 0, 0, 2],
    unbreakable: true,
  };
}
