import { titleOf } from "@hapax/case";
import type { Block, FigureBlock, Section } from "../document.ts";
import { count, counted, figure, found, inside, listed, prose, said, table, word } from "../prose.ts";
import { findingsOf, happened, orAbsent, paragraphs, type Telling } from "../telling.ts";

/** Which item of CARE a figure belongs to, by its name; test results where nothing else fits. */
function itemOf(name: string): "7" | "9" | "10a" | "10b" {
  if (/timeline/.test(name)) return "7";
  if (/ledger|cord|dose|eqd2|alpha-beta/.test(name)) return "9";
  return /diameter|lesion|tumor|response/.test(name) ? "10a" : "10b";
}

/** The places in the text of the figures that were given for an item. */
export function placed({ figures }: Telling, item: ReturnType<typeof itemOf>): FigureBlock[] {
  return figures
    .filter((f) => itemOf(f.name) === item)
    .map((f) => ({ kind: "figure", care: item, name: f.name, number: 0, title: f.title, caption: [said(`${f.title.replace(/\.*$/, "")}.`, "case")] }));
}

/** CARE 7: the time points, what is known of the time between them, the figure or table of events. */
export function timeline(telling: Telling): Section {
  const { view } = telling;
  const points = view.record.timePoints;
  const figures = placed(telling, "7");
  const first = figures[0];
  const where = first === undefined ? table("events") : figure(first.name);
  const order = view.timing.dated ? ", with calendar dates" : points.length > 1 ? ", in order and without calendar dates" : "";
  const opening =
    points.length === 0
      ? undefined
      : prose`The record has ${counted(points.length, "time point", "time points", ...points.map((p) => p.id))}${word(order)} (${where}): ${listed(points.map((p) => prose`${said(p.id, p.id)}, ${said(inside(p.label), p.id)}${p.when?.date === undefined ? undefined : prose`, ${said(p.when.date, p.id)}`}`))}`;
  const gaps = findingsOf(telling, "workup/timing");
  const bounded = gaps.filter((f) => f.status === "determined" || f.status === "undecided");
  const between = bounded.length === 0 ? undefined : prose`The constraints of the record bound these intervals: ${listed(bounded.map((f) => prose`${said(inside(f.question), ...(f.subject?.split("-") ?? []))}, ${found(f)}`))}`;
  const open = gaps.length - bounded.length;
  const unbounded = open === 0 ? undefined : prose`The length of ${count(open)} ${bounded.length > 0 ? word("other ") : undefined}${word(open === 1 ? "interval" : "intervals")} is not recorded, so no growth rate per time can be given ${word(open === 1 ? "there" : "for them")}`;
  const clashes = view.timing.contradictions.map((c) => prose`Recorded times cannot all hold: ${listed(c.constraints.map((w) => said(w, ...c.entries)))}`);
  const encounters = view.all("encounter").filter(happened);
  const care = encounters.length === 0 ? undefined : prose`Encounters recorded: ${listed(encounters.map((e) => prose`${said(inside(e.label ?? e.what), e.id)}`))}`;
  const blocks: Block[] = [...paragraphs("7", opening, between, unbounded, ...clashes), ...paragraphs("7", care), ...figures, ...(first === undefined ? events(telling) : [])];
  return { care: "7", heading: "Timeline", blocks: orAbsent(blocks, "7", "the events of the case with their dates or order") };
}

/** What happened between one time point and the next, where no figure shows it. */
function events({ view }: Telling): Block[] {
  const kinds = new Set(["imaging", "specimen", "drug", "radiotherapy", "procedure", "decision", "complication", "encounter", "outcome", "drugLevel", "transfusion"]);
  const rows = view.record.timePoints.map((point) => ({
    cells: [
      [said(point.id, point.id)],
      [said(point.label, point.id)],
      listed(view.record.entries.filter((e) => kinds.has(e.kind) && e.when !== undefined && view.timePointOf(e.id) === point.id).map((e) => said(inside(titleOf(e)), e.id))),
    ],
  }));
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      care: "7",
      name: "events",
      number: 0,
      caption: prose`Events by time point; each stands at the last time point before it`,
      columns: [
        { head: prose`Time`, align: "left", share: 0.5 },
        { head: prose`What it is`, align: "left", share: 1.4 },
        { head: prose`Events`, align: "left", share: 4 },
      ],
      rows: rows.map((r) => ({ cells: r.cells.map((c) => (c.length === 0 ? [word("none recorded")] : c)) })),
    },
  ];
}

