import { findReference } from "@hapax/references";
import { mapSpans, spanLists, type Block, type NumberedReference, type Section, type Span } from "./document.ts";

const marks = { read: undefined, "second-hand": "Known second-hand, through a source that quotes it.", recalled: "From memory, unverified." } as const;

/** References in the order of their first use, and the sections with those numbers in them. */
export function numberReferences(title: readonly Span[], sections: readonly Section[]): { sections: Section[]; references: NumberedReference[] } {
  const order = new Map<string, number>();
  for (const spans of spanLists({ title, sections })) {
    for (const span of spans) {
      if (span.kind !== "cite") continue;
      for (const key of span.keys) if (!order.has(key) && findReference(key) !== undefined) order.set(key, order.size + 1);
    }
  }
  const numbered = (spans: readonly Span[]): readonly Span[] =>
    spans.flatMap((span): Span[] => {
      if (span.kind !== "cite") return [span];
      const numbers = span.keys.flatMap((key) => order.get(key) ?? []).sort((a, b) => a - b);
      return numbers.length === 0 ? [] : [{ ...span, numbers }];
    });
  return {
    sections: sections.map((s) => ({ ...s, blocks: s.blocks.map((b) => mapSpans(b, numbered)) })),
    references: [...order].flatMap(([key, number]): NumberedReference[] => {
      const reference = findReference(key);
      if (reference === undefined) return [];
      const mark = marks[reference.read];
      return [{ number, reference, ...(mark === undefined ? {} : { mark }) }];
    }),
  };
}

/** Tables and figures numbered in the order in which they stand, and every pointer with its number. */
export function numberPointers(sections: readonly Section[]): Section[] {
  const numbers = new Map<string, number>();
  const next = { table: 0, figure: 0 };
  const placed = sections.map((s) => ({
    ...s,
    blocks: s.blocks.map((b): Block => {
      if (b.kind !== "table" && b.kind !== "figure") return b;
      const number = ++next[b.kind];
      numbers.set(`${b.kind} ${b.name}`, number);
      return { ...b, number };
    }),
  }));
  const point = (spans: readonly Span[]) =>
    spans.map((span) => (span.kind === "pointer" ? { ...span, number: numbers.get(`${span.to} ${span.name}`) ?? 0 } : span));
  return placed.map((s) => ({ ...s, blocks: s.blocks.map((b) => mapSpans(b, point)) }));
}
