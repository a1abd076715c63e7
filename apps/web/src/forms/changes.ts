import { show } from "@hapax/base";
import { titleOf, type CaseRecord, type Entry } from "@hapax/case";
import { kindNames, labels } from "./labels.ts";
import { spelledOut } from "./model.ts";

/** A field with what it said and what it says, in short; a side that is left out was not there with its object. */
export interface FieldChange {
  readonly label: string;
  readonly before?: string;
  readonly after?: string;
}

/** One part of the record that differs between two revisions. */
export interface Change {
  readonly is: "added" | "removed" | "changed";
  readonly part: "case" | "patient" | "time point" | "document" | "entry";
  readonly id: string;
  /** What it is: "Histology", "Time point". */
  readonly kind: string;
  readonly title: string;
  readonly fields: readonly FieldChange[];
}

type Fields = Readonly<Record<string, unknown>>;
/** A part of the record with its name, as the list of the record shows it. */
interface Part {
  readonly part: Change["part"];
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly fields: Fields;
}

/** What a later revision adds, removes and changes, in the order of the record. */
export function changesOf(before: CaseRecord, after: CaseRecord): readonly Change[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const removed = [...old].filter(([key]) => !now.has(key)).map(([, part]) => changed("removed", part, part.fields, undefined));
  const others = [...now].flatMap(([key, part]) => {
    const was = old.get(key);
    if (was === undefined) return [changed("added", part, undefined, part.fields)];
    return same(was.fields, part.fields) ? [] : [changed("changed", part, was.fields, part.fields)];
  });
  const changes = [...removed, ...others];
  if (changes.length > 0 || same(before, after)) return changes;
  return [{ is: "changed", part: "case", id: after.id, kind: "Case", title: "only the order in which things are listed", fields: [] }];
}

function partsOf({ id, name, title, tumor, anchor, keywords, patient, timePoints, documents, entries }: CaseRecord): Map<string, Part> {
  const parts: Part[] = [
    { part: "case", id, kind: "Case", title: name, fields: { name, title, tumor, anchor, keywords } },
    { part: "patient", id: "patient", kind: "Patient", title: "Patient", fields: patient },
    ...timePoints.map((t): Part => ({ part: "time point", id: t.id, kind: "Time point", title: `${t.id}, ${t.label}`, fields: t })),
    ...documents.map((d): Part => ({ part: "document", id: d.id, kind: "Document", title: d.title, fields: d })),
    ...entries.map((e: Entry): Part => ({ part: "entry", id: e.id, kind: kindNames[e.kind], title: titleOf(e), fields: e })),
  ];
  // An entry that kept its id and became of another kind is another entry.
  return new Map(parts.map((part) => [`${part.part} ${part.kind} ${part.id}`, part]));
}

function changed(is: Change["is"], { part, id, kind, title }: Part, before: Fields | undefined, after: Fields | undefined): Change {
  const keys = [...new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])].filter((key) => key !== "id" && (key !== "kind" || part !== "entry"));
  return { is, part, id, kind, title, fields: keys.flatMap((key) => fieldChanges(labelOf(key), before, after, key)) };
}

const labelOf = (key: string): string => labels[key] ?? spelledOut(key);

function fieldChanges(label: string, before: Fields | undefined, after: Fields | undefined, key: string): FieldChange[] {
  const [was, is] = [before?.[key], after?.[key]];
  if (same(was, is)) return [];
  const [old, now] = [inWords(was), inWords(is)];
  if (before === undefined || after === undefined) {
    const words = before === undefined ? now : old;
    // Of a part that came or went, what every part has by itself is no news.
    if (words === unsaid || (key === "state" && words === "recorded")) return [];
    return [{ label, [before === undefined ? "after" : "before"]: shortened(words) }];
  }
  if (old !== now) return [sides(label, old, now)];
  // What a fact says stayed; its source or its reason did not.
  const [oldFact, nowFact] = [asFields(was), asFields(is)];
  return [...new Set([...Object.keys(oldFact), ...Object.keys(nowFact)])].flatMap((inner) =>
    fieldChanges(`${label}, ${labelOf(inner).toLowerCase()}`, oldFact, nowFact, inner),
  );
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const asFields = (value: unknown): Fields => (isFields(value) ? value : Array.isArray(value) ? Object.fromEntries(value.map((v, i) => [`${i + 1}`, v])) : {});

/** Keys whose value says by itself what it is. */
const plain: ReadonlySet<string> = new Set(["name", "what", "organ", "of", "document", "place", "wording", "date"]);

const unsaid = "not recorded";

/** A value of the record as a person would say it; where nobody wrote it down, that. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return unsaid;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(inWords).join("; ");
  if (!isFields(value)) return String(value);
  const { state, value: held, unit } = value;
  if (typeof held === "number" && typeof unit === "string") return show({ value: held, unit });
  // A fact, and not an object that has a state among other things.
  if (typeof state === "string" && Object.keys(value).every((key) => ["state", "value", "reason", "from"].includes(key))) {
    if (state === "recorded") return inWords(held);
    return held === undefined ? state : `${inWords(held)}, ${state}`;
  }
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => (plain.has(key) ? inWords(inner) : `${labelOf(key).toLowerCase()} ${inWords(inner)}`))
    .join(", ");
}

/** Characters of a value that are shown. */
const room = 96;
/** Characters kept before the first that differs. */
const lead = 24;

const shortened = (words: string): string => (words.length <= room ? words : `${words.slice(0, room).trimEnd()} …`);

/** Both sides in short; of long words that begin alike, the place where they part. */
function sides(label: string, before: string, after: string): FieldChange {
  let alike = 0;
  while (alike < before.length && before[alike] === after[alike]) alike++;
  const cut = Math.max(before.length, after.length) > room && alike > lead ? alike - lead : 0;
  const side = (words: string) => (cut === 0 ? "" : "… ") + shortened(words.slice(cut));
  return { label, before: side(before), after: side(after) };
}

/** Whether two values of a record are equal; a key left out and one without a value are the same. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => same(value, b[i]));
  if (!isFields(a) || !isFields(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
}
