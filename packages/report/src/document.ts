import type { Reference } from "@hapax/references";

/** Words of the house. They never hold a digit: every number comes through another kind of span. */
export interface TextSpan {
  readonly kind: "text";
  readonly text: string;
}

/** Text that comes from the record or from a finding, and changes with it. */
export interface BoundSpan {
  readonly kind: "bound";
  readonly text: string;
  /** Ids of the entries of the record that it comes from; `patient`, `case` and time points are ids as well. */
  readonly entries?: readonly string[];
  /** Key of the finding that it comes from. */
  readonly finding?: string;
}

/** References, by key; their numbers are those of the list of references. */
export interface CiteSpan {
  readonly kind: "cite";
  readonly keys: readonly string[];
  readonly numbers: readonly number[];
}

/** A document's own words, and where they stand. */
export interface QuoteSpan {
  readonly kind: "quote";
  readonly quote: string;
  readonly place: string;
  readonly finding?: string;
}

/** A name of the field, such as EQD2, which may hold a digit; explained in the glossary. */
export interface TermSpan {
  readonly kind: "term";
  readonly term: string;
}

/** A pointer to a table or figure, by its name: "Table 3". */
export interface PointerSpan {
  readonly kind: "pointer";
  readonly to: "table" | "figure";
  readonly name: string;
  readonly number: number;
}

export type Span = TextSpan | BoundSpan | CiteSpan | QuoteSpan | TermSpan | PointerSpan;

export interface ParagraphBlock {
  readonly kind: "paragraph";
  /** Sub-item of CARE that it answers, such as `8a`. */
  readonly care: string;
  /** Run-in heading, such as "Background". */
  readonly lead?: string;
  readonly spans: readonly Span[];
}

/** A sub-item of which the record has nothing: what belongs there, and that it is not recorded. */
export interface AbsentBlock {
  readonly kind: "absent";
  readonly care: string;
  readonly spans: readonly Span[];
}

export interface TableBlock {
  readonly kind: "table";
  readonly care: string;
  readonly name: string;
  readonly number: number;
  readonly caption: readonly Span[];
  readonly columns: readonly { readonly head: readonly Span[]; readonly align: "left" | "right"; /** Share of the width; 1 unless told. */ readonly share?: number }[];
  readonly rows: readonly TableRow[];
  readonly note?: readonly Span[];
}

export interface TableRow {
  readonly cells: readonly (readonly Span[])[];
  /** Sums and conclusions stand out. */
  readonly strong?: boolean;
}

/** The place of a figure, whose picture is given to the renderer by name. */
export interface FigureBlock {
  readonly kind: "figure";
  readonly care: string;
  readonly name: string;
  readonly number: number;
  readonly title: string;
  readonly caption: readonly Span[];
}

export type Block = ParagraphBlock | AbsentBlock | TableBlock | FigureBlock;

export interface Section {
  /** Item of CARE, `1` to `13`; undefined for what follows the manuscript. */
  readonly care?: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface NumberedReference {
  readonly number: number;
  readonly reference: Reference;
  /** Said of a source that nobody here has read. */
  readonly mark?: string;
}

export type CareStatus = "present" | "partly" | "missing";

/** One sub-item of the CARE checklist, and how far the record answers it. */
export interface CareItem {
  readonly item: string;
  readonly topic: string;
  readonly status: CareStatus;
  readonly why: string;
}

/** A remark of a finding on a passage of the text, lettered in the order of the text. */
export interface Note {
  readonly letter: string;
  readonly finding: string;
  readonly status: "contradiction" | "undecided";
  readonly question: string;
  readonly text: string;
  /** Where the two readings stand, or the rule. */
  readonly places: string;
}

/** A case report in CARE order, every number bound to where it comes from. */
export interface ReportDocument {
  readonly title: readonly Span[];
  readonly runningHead: string;
  readonly caseName: string;
  readonly authors?: readonly string[];
  /** The time point up to which the record was read. */
  readonly asOf?: string;
  readonly sections: readonly Section[];
  readonly glossary: readonly { readonly term: string; readonly meaning: string }[];
  readonly references: readonly NumberedReference[];
  readonly notes: readonly Note[];
  readonly lint: readonly CareItem[];
  readonly disclaimers: readonly string[];
}

/** The text of spans as a reader sees it, references and quotation marks included. */
export function plainText(spans: readonly Span[]): string {
  return spans
    .map((span) => {
      switch (span.kind) {
        case "text":
        case "bound":
          return span.text;
        case "cite":
          return `[${rangesOf(span.numbers)}]`;
        case "quote":
          return `“${span.quote}” (${span.place})`;
        case "term":
          return span.term;
        case "pointer":
          return pointerText(span);
      }
    })
    .join("");
}

export function pointerText(span: PointerSpan): string {
  return `${span.to === "table" ? "Table" : "Figure"} ${span.number}`;
}

/** Every list of spans of a document, in the order of reading. */
export function* spanLists(document: Pick<ReportDocument, "title" | "sections">): Generator<readonly Span[]> {
  yield document.title;
  for (const section of document.sections) for (const block of section.blocks) yield* spansOf(block);
}

export function* spansOf(block: Block): Generator<readonly Span[]> {
  if (block.kind === "paragraph" || block.kind === "absent") yield block.spans;
  else {
    yield block.caption;
    if (block.kind === "table") {
      for (const column of block.columns) yield column.head;
      for (const row of block.rows) yield* row.cells;
      if (block.note !== undefined) yield block.note;
    }
  }
}

/** The same block with every list of spans replaced. */
export function mapSpans(block: Block, change: (spans: readonly Span[]) => readonly Span[]): Block {
  switch (block.kind) {
    case "paragraph":
    case "absent":
      return { ...block, spans: change(block.spans) };
    case "figure":
      return { ...block, caption: change(block.caption) };
    case "table":
      return {
        ...block,
        caption: change(block.caption),
        columns: block.columns.map((column) => ({ ...column, head: change(column.head) })),
        rows: block.rows.map((row) => ({ ...row, cells: row.cells.map(change) })),
        ...(block.note === undefined ? {} : { note: change(block.note) }),
      };
  }
}

/** True for a bound span that a reader takes for a result: it begins with a number, or a rule concluded it. */
export function isResult(span: BoundSpan): boolean {
  return span.finding !== undefined || /^[<>≥≤≈~+−-]?\s?\d+(?![\dA-Za-z])/.test(span.text);
}

/** 1,2,3,5 as journals print it: "1–3,5". */
export function rangesOf(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && n === last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : b === a + 1 ? `${a},${b}` : `${a}–${b}`)).join(",");
}
