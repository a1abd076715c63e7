import { known, type EntryOf } from "@hapax/case";
import { findReference } from "@hapax/references";
import type { ParagraphBlock, Span } from "../document.ts";
import { cited, inside, prose, said, word, type Part } from "../prose.ts";
import { led, type Telling } from "../telling.ts";

/** "Scheme Folpe: tiers" → subject Scheme, of Folpe; a topic without a colon is its own detail. */
function topicOf(claim: EntryOf<"claim">): { subject: string; detail: string } {
  const [, subject, of, detail] = /^(\S+?)( [^:]+)?: (.+)$/.exec(claim.topic) ?? [];
  if (subject === undefined || detail === undefined) return { subject: "Literature", detail: claim.topic };
  return { subject, detail: of === undefined ? detail : of.trim() };
}

/** True when the sentence already names what it is about, by the stem of one of its words. */
function names(says: string, detail: string): boolean {
  const text = says.toLowerCase();
  return detail
    .toLowerCase()
    .split(/[^\p{L}\d-]+/u)
    .some((word) => word.length >= 4 && text.includes(word.slice(0, 6)) && !/^(with|after|before|tumor)/.test(word));
}

/** What introduces a tumor, against what is discussed of it. */
export const isBackground = (claim: EntryOf<"claim">) => /^(epidemiology|pathology|biology|background|introduction)/i.test(claim.topic);

/** What the documents say that the literature found: a paragraph for each subject, one sentence for each claim. */
export function claimParagraphs({ view }: Telling, care: string, keep: (claim: EntryOf<"claim">) => boolean): ParagraphBlock[] {
  const bySubject = Map.groupBy(view.all("claim").filter(keep), (c) => topicOf(c).subject);
  return [...bySubject].flatMap(([subject, claims]) => {
    const byDetail = Map.groupBy(claims, (c) => topicOf(c).detail);
    const sentences = [...byDetail].map(([detail, of]): Part => {
      const same = [...Map.groupBy(of, (c) => c.says)];
      const named = of.every((c) => names(c.says, detail));
      const parts = same.map(([says, by]) => prose`${said(inside(says), ...by.map((c) => c.id))}${references(by)}`);
      return prose`${named ? undefined : prose`${said(detail, ...of.map((c) => c.id))}: `}${parts.flatMap((p, i) => (i === 0 ? p : [word("; "), ...p]))}`;
    });
    return led(care, subject, ...sentences);
  });
}

/** The study where it is known; otherwise the number that the document gives it, said to be the document's. */
function references(claims: readonly EntryOf<"claim">[]): Span[] {
  const keys = claims.flatMap((c) => known(c.study) ?? []).filter((key) => findReference(key) !== undefined);
  const others = claims.filter((c) => !keys.includes(known(c.study) ?? ""));
  const numbers = others.map((c) => c.reference).filter((r) => /\d/.test(r));
  return prose`${numbers.length === 0 ? undefined : prose` (${said(`ref. ${[...new Set(numbers)].join(", ").replace(/(\d)-(\d)/g, "$1–$2")}`, ...others.map((c) => c.id))})`}${cited(...keys)}`;
}
