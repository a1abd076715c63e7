import { show, type Quantity } from "@hapax/base";
import { keyOf, type Fact, type Finding, type Provenance } from "@hapax/case";
import { allReferences, type CitationKey } from "@hapax/references";
import type { BoundSpan, Span } from "./document.ts";

/** What a template of a sentence may hold: spans, nested as they come. Bare strings are refused by the type. */
export type Part = Span | readonly Part[] | undefined;

/** A sentence or part of one: words of the house with spans between them. */
export function prose(words: TemplateStringsArray, ...parts: readonly Part[]): Span[] {
  return words.flatMap((text, i) => [...(text === "" ? [] : [{ kind: "text", text } as const]), ...flat(parts[i])]);
}

/** Spans out of nested parts, without what is undefined. */
export function flat(part: Part): Span[] {
  if (part === undefined) return [];
  return isList(part) ? part.flatMap(flat) : [part];
}

const isList = (part: Span | readonly Part[]): part is readonly Part[] => Array.isArray(part);

/** Text of the record, bound to its entries. */
export function said(text: string, ...entries: readonly string[]): BoundSpan {
  return { kind: "bound", text, entries };
}

/** A quantity of the record. */
export function amount(quantity: Quantity, ...entries: readonly string[]): BoundSpan {
  return said(show(quantity), ...entries);
}

/** What a finding concludes. */
export function found(finding: Finding, text: string = finding.text): BoundSpan {
  return { kind: "bound", text, finding: keyOf(finding), entries: [...new Set(finding.because.flatMap((r) => r.entries ?? []))] };
}

export function cited(...keys: readonly (CitationKey | string)[]): Span[] {
  return keys.length === 0 ? [] : [{ kind: "cite", keys: [...new Set(keys)], numbers: [] }];
}

export function sourcesOf(...findings: readonly Finding[]): Span[] {
  return cited(...findings.flatMap((f) => f.source.map((r) => r.key)));
}

export const term = (name: string): Span => ({ kind: "term", term: name });
export const table = (name: string): Span => ({ kind: "pointer", to: "table", name, number: 0 });
export const figure = (name: string): Span => ({ kind: "pointer", to: "figure", name, number: 0 });

export function quoted(quote: string, from: readonly Provenance[] | undefined, finding?: Finding): Span {
  const place = [...new Set((from ?? []).map((p) => p.place))].join("; ") || "place not recorded";
  return { kind: "quote", quote, place, ...(finding === undefined ? {} : { finding: keyOf(finding) }) };
}

/** "a, b and c"; semicolons between items that hold commas themselves. */
export function listed(items: readonly Part[], word: "and" | "or" = "and"): Span[] {
  const lists = items.map(flat).filter((item) => item.length > 0);
  const inner = lists.some((item) => item.some((s) => "text" in s && /[,;]/.test(s.text)));
  const comma: Span = { kind: "text", text: inner ? "; " : ", " };
  const last: Span = { kind: "text", text: inner ? `; ${word} ` : ` ${word} ` };
  return lists.flatMap((item, i) => (i === 0 ? item : [i === lists.length - 1 ? last : comma, ...item]));
}

/** A full sentence: first letter large, one period at its end, no doubled space. Nothing in, nothing out. */
export function sentence(part: Part): Span[] {
  const spans = tidy(flat(part));
  const first = spans[0];
  if (first === undefined) return [];
  if (first.kind === "text" || first.kind === "bound") spans[0] = { ...first, text: capital(first.text) };
  // A reference stands after the period of its sentence.
  let tail = spans.length;
  while (tail > 0 && spans[tail - 1]?.kind === "cite") tail--;
  const end = spans[tail - 1];
  const closed = end !== undefined && "text" in end && /[.?!]$/.test(end.text);
  return closed ? spans : [...spans.slice(0, tail), { kind: "text", text: "." }, ...spans.slice(tail)];
}

/** Sentences as one paragraph, a space between them. */
export function paragraph(...sentences: readonly Part[]): Span[] {
  return tidy(
    sentences
      .map(sentence)
      .filter((s) => s.length > 0)
      .flatMap((s, i): Span[] => (i === 0 ? s : [{ kind: "text", text: " " }, ...s])),
  );
}

/** Joins neighboring words of the house and leaves no doubled space. */
function tidy(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const before = out.at(-1);
    if (span.kind === "text" && before?.kind === "text") out[out.length - 1] = { kind: "text", text: before.text + span.text };
    else out.push(span);
  }
  return out.map((s) => (s.kind === "text" ? { ...s, text: s.text.replace(/ {2,}/g, " ") } : s));
}

/** The first letter large, except in names such as mTOR and signs such as α/β. */
export const capital = (text: string) => (/^[a-z]+[A-Z\d]|^[^\p{Script=Latin}]/u.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

/** For the middle of a sentence: an initial capital goes where the word is neither an acronym nor a code. */
export function inside(text: string): string {
  const trimmed = text.trim().replace(/(?<!\b[A-Z])\.$/, "");
  const [first = ""] = /^[\p{L}]+/u.exec(trimmed) ?? [];
  return /^([A-Z][a-z]+([ ,;:/-]|$)|A )/.test(trimmed) && !eponyms.has(first) && !/^Ki-/.test(trimmed) ? trimmed.charAt(0).toLowerCase() + trimmed.slice(1) : trimmed;
}

/** Names that stay large: the authors of the bibliography, by whom rules are called, and names of signs and tests. */
const eponyms: ReadonlySet<string> = new Set([
  ...allReferences.flatMap((r) => r.authors.split(/[ ,]/)[0] ?? []),
  ...["Horner", "Pancoast", "Cushing", "Gleason", "Hodgkin", "Ewing", "Wilms", "Hemoccult", "Karnofsky", "Doppler", "Gamma", "Mentzer", "Bilsky", "Nieder", "French"],
]);

const smallNumbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** A count of things of the record in words, up to ten: "three", bound to what was counted. */
export function count(n: number, ...entries: readonly string[]): BoundSpan {
  return said(smallNumbers[n] ?? String(n), ...entries);
}

/** "one course", "two courses". */
export function counted(n: number, one: string, many: string, ...entries: readonly string[]): Span[] {
  return [count(n, ...entries), { kind: "text", text: ` ${n === 1 ? one : many}` }];
}

/** Words that depend on the record but are none of it: "was" or "were". */
export const word = (text: string): Span => ({ kind: "text", text });

/** "an" before a vowel sound, numbers included: an 8-month-old, an 11-year-old, an IMRT plan. */
export function article(next: string): "a" | "an" {
  if (/^(8|11(?!\d)|18(?!\d))/.test(next)) return "an";
  if (/^[AEFHILMNORSX][A-Z]/.test(next) && !/^[A-Z]{2,}[a-z]/.test(next)) return "an";
  return /^[aeiou]/i.test(next) && !/^(uni(?!n|m)|us[eu]|ut[ei]|ur[aeio]|eu|one)/i.test(next) ? "an" : "a";
}

/** What is said of a value that nobody recorded, by its state. */
export function unknownWords<T>(fact: Fact<T>): string {
  return fact?.state === "uncertain" ? "uncertain" : fact?.state === "not performed" ? "not done" : "not recorded";
}
