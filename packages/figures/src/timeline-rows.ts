import { known, shortestCourseDays, stepId, titleOf, type Bound, type CaseView, type Entry, type Provenance, type State, type When } from "@hapax/case";

export const lanes = ["disease", "imaging", "systemic", "radiotherapy", "supportive", "outcome"] as const;
export type Lane = (typeof lanes)[number];

/** An event of the timeline as a line of a table. */
export interface TimelineRow {
  readonly order: number;
  readonly id: string;
  readonly title: string;
  readonly lane: Lane;
  readonly state: State;
  /** What is known of its time, in words that refer to other events by their order. */
  readonly bounds: string;
  /** The document's own words; empty where none were kept. */
  readonly wording: string;
}

/** The lane of an entry; undefined for what is no event of its own, such as a stain or a claim. */
export function laneOf(entry: Entry): Lane | undefined {
  switch (entry.kind) {
    case "complaint":
    case "examination":
    case "measurement":
    case "observation":
    case "complication":
      return "disease";
    case "imaging":
    case "specimen":
      return "imaging";
    case "drug":
    case "drugLevel":
      return "systemic";
    case "radiotherapy":
      return "radiotherapy";
    case "lab":
    case "transfusion":
    case "procedure":
    case "decision":
    case "encounter":
      return "supportive";
    case "outcome":
      return "outcome";
    default:
      return undefined;
  }
}

/** Entries that the timeline shows, in the order of their times; those without any time come last. */
export function timelineEntries(view: CaseView, shown: readonly Lane[] = lanes): Entry[] {
  const rankOf = (entry: Entry) => view.timing.rank(entry.id)?.start ?? Infinity;
  return view.record.entries
    .filter((entry) => {
      const lane = laneOf(entry);
      // A size read on an imaging study is part of that event.
      return lane !== undefined && shown.includes(lane) && !(entry.kind === "measurement" && entry.study !== undefined);
    })
    .map((entry, i) => ({ entry, rank: rankOf(entry), i }))
    .sort((a, b) => (a.rank === b.rank ? a.i - b.i : a.rank - b.rank))
    .map((x) => x.entry);
}

/** The events of the timeline as rows of a table. */
export function timelineRows(view: CaseView, shown: readonly Lane[] = lanes): TimelineRow[] {
  const entries = timelineEntries(view, shown);
  const order = new Map(entries.map((e, i) => [e.id, i + 1]));
  const nameOf = (id: string) => {
    const number = order.get(id);
    if (number !== undefined) return String(number);
    const entry = view.get(id);
    return entry === undefined ? id : titleOf(entry);
  };
  return entries.map((entry, i) => ({
    order: i + 1,
    id: entry.id,
    title: titleOf(entry),
    lane: laneOf(entry) ?? "disease",
    state: entry.state,
    bounds: boundsOf(entry, nameOf),
    wording: wordingOf(entry) ?? "",
  }));
}

function boundsOf(entry: Entry, nameOf: (id: string) => string): string {
  const when = entry.when;
  const parts = when === undefined ? [] : partsOf(when, nameOf);
  const shortest = courseDays(entry);
  if (shortest !== undefined && when?.lasts === undefined) parts.push(`at least ${days(shortest)}`);
  return parts.length === 0 ? "time not recorded" : parts.join("; ");
}

function partsOf(when: When, nameOf: (id: string) => string): string[] {
  const parts: string[] = [];
  const bound = (word: string) => (b: Bound) => {
    const range = daysBetween(b.atLeastDays, b.atMostDays);
    parts.push(range === undefined ? `${word} ${nameOf(b.of)}` : `${range} ${word} ${nameOf(b.of)}`);
  };
  if (when.date !== undefined) parts.push(when.date);
  if (when.day !== undefined) parts.push(when.endDay === undefined ? `day ${when.day}` : `days ${when.day} to ${when.endDay}`);
  else if (when.endDay !== undefined) parts.push(`to day ${when.endDay}`);
  if (when.at !== undefined) parts.push(`at ${nameOf(when.at)}`);
  if (when.startsWith !== undefined) parts.push(`begins with ${nameOf(when.startsWith)}`);
  for (const other of when.during ?? []) parts.push(`within ${nameOf(other)}`);
  when.after?.forEach(bound("after"));
  when.before?.forEach(bound("before"));
  const length = daysBetween(when.lasts?.atLeastDays, when.lasts?.atMostDays);
  if (length !== undefined) parts.push(`lasts ${length}`);
  return parts;
}

/** "at least 39 days", "4 to 8 days", "at most 6 days"; undefined when nothing bounds it. */
export function daysBetween(atLeast: number | undefined, atMost: number | undefined): string | undefined {
  if (atLeast !== undefined && atMost !== undefined) return atLeast === atMost ? days(atLeast) : `${atLeast} to ${days(atMost)}`;
  if (atMost !== undefined) return `at most ${days(atMost)}`;
  return atLeast === undefined || atLeast === 0 ? undefined : `at least ${days(atLeast)}`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

/** Shortest length of a course by its fraction count, days; undefined for anything else. */
export function courseDays(entry: Entry): number | undefined {
  if (entry.kind !== "radiotherapy" || entry.state === "not performed" || entry.state === "planned, not given") return undefined;
  const fractions = known(entry.fractions);
  return fractions === undefined ? undefined : shortestCourseDays(fractions, known(entry.fractionsPerWeek) ?? 5);
}

/** The words kept from the document for an entry or, where it has none, for the first of its facts that has. */
export function wordingOf(entry: Entry): string | undefined {
  const own = firstWording(entry.from);
  if (own !== undefined) return own;
  for (const value of Object.values(entry)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    const found = "from" in value && Array.isArray(value.from) ? firstWording(value.from) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstWording(from: readonly Provenance[] | undefined): string | undefined {
  return from?.find((p) => p.wording !== undefined)?.wording;
}

/** Names in the network of times whose places the drawing of an entry needs: its own and its dose steps'. */
export function timeNames(entry: Entry): string[] {
  return entry.kind === "drug" ? [entry.id, ...entry.steps.map((_, i) => stepId(entry.id, i))] : [entry.id];
}
