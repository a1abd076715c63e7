import { careLint, isResult, report, reportFigures, spansOf, timelineWidth, type BoundSpan, type CareItem, type Note, type QuoteSpan, type ReportDocument, type Span } from "@hapax/report";
import type { Figure } from "@hapax/figures";
import type { Workup } from "@hapax/workup";

/** Width of the figures on the page of the write-up, px; a wider one scrolls there, so that no word of it shrinks. */
export const figureWidth = 632;

/** The write-up of a workup with everything that its page needs. */
export interface WriteUpPage {
  readonly document: ReportDocument;
  readonly figures: readonly Figure[];
  /** How many numbers and conclusions are bound to the record. */
  readonly bound: number;
  /** The passage on which each note remarks. */
  readonly remarked: ReadonlyMap<Span, Note>;
}

export function writeUp(worked: Workup): WriteUpPage {
  const { view, findings, tumor } = worked;
  const figures = reportFigures(worked, { timeline: timelineWidth, diameters: figureWidth, level: figureWidth, hemoglobin: figureWidth, ledger: figureWidth });
  const document = report(view, findings, figures, { tumor });
  const spans = document.sections.flatMap((s) => s.blocks).flatMap((b) => [...spansOf(b)].flat());
  return { document, figures, bound: spans.filter((s) => s.kind === "bound" && isResult(s)).length, remarked: remarkedOn(document) };
}

function remarkedOn({ sections, notes }: ReportDocument): Map<Span, Note> {
  const waiting = new Map(notes.map((n) => [n.finding, n]));
  const found = new Map<Span, Note>();
  const findingOf = (span: Span) => (span.kind === "bound" || span.kind === "quote" ? (span satisfies BoundSpan | QuoteSpan).finding : undefined);
  for (const block of sections.flatMap((s) => s.blocks)) {
    if (block.kind !== "paragraph") continue;
    for (const span of block.spans) {
      const key = findingOf(span);
      const note = key === undefined ? undefined : waiting.get(key);
      if (note === undefined) continue;
      found.set(span, note);
      waiting.delete(note.finding);
    }
  }
  return found;
}

const linted = new WeakMap<Workup, readonly CareItem[]>();

/** The CARE checklist of a workup; asked for with every drawing of the navigation. */
export function lintOf(worked: Workup): readonly CareItem[] {
  const before = linted.get(worked);
  if (before !== undefined) return before;
  const lint = careLint(worked.view, worked.findings);
  linted.set(worked, lint);
  return lint;
}
