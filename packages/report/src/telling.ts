import { convert, showNumber } from "@hapax/base";
import { known, type CaseView, type Entry, type EntryOf, type Fact, type Finding, type TumorProfile } from "@hapax/case";
import type { Figure } from "@hapax/figures";
import type { AbsentBlock, Block, ParagraphBlock, Span } from "./document.ts";
import { article, inside, paragraph, prose, said, sentence, word, type Part } from "./prose.ts";

/** What the sections of a report are told from. */
export interface Telling {
  readonly view: CaseView;
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
  readonly tumor: TumorProfile | undefined;
}

/** A paragraph of sentences for a CARE item; none when there is nothing to say. */
export function paragraphs(care: string, ...sentences: readonly Part[]): ParagraphBlock[] {
  const spans = paragraph(...sentences);
  return spans.length === 0 ? [] : [{ kind: "paragraph", care, spans }];
}

export function led(care: string, lead: string, ...sentences: readonly Part[]): ParagraphBlock[] {
  return paragraphs(care, ...sentences).map((p) => ({ ...p, lead }));
}

/** A CARE item without anything recorded: what belongs there, said, not left blank. */
export function absent(care: string, belongs: string, why?: Part): AbsentBlock {
  return { kind: "absent", care, spans: sentence(prose`Not recorded: ${word(belongs)}${why === undefined ? undefined : prose` (${why})`}`) };
}

/** The reason that the record gives for a fact of the patient that it does not have. */
export function patientReason(fact: Fact<unknown>): Part {
  return fact !== undefined && fact.state !== "recorded" && fact.reason !== undefined ? said(inside(fact.reason), "patient") : undefined;
}

export function orAbsent(blocks: readonly Block[], care: string, belongs: string): Block[] {
  return blocks.length > 0 ? [...blocks] : [absent(care, belongs)];
}

/** Findings of one discipline, in their order. */
export function findingsOf({ findings }: Telling, ...prefixes: readonly string[]): Finding[] {
  return findings.filter((f) => prefixes.some((p) => f.rule === p || f.rule.startsWith(`${p}/`)));
}

export const happened = (entry: Entry) => entry.state === "recorded" || entry.state === "completion not recorded" || entry.state === "uncertain";

const nouns = { male: ["boy", "man"], female: ["girl", "woman"], other: ["child", "person"] } as const;

/** "a 59-year-old man", "a woman whose age is not recorded". */
export function who({ view }: Telling): Span[] {
  const { age, sex } = view.record.patient;
  const years = known(age);
  const nounOf = (adult: boolean) => {
    const s = known(sex);
    return s === undefined ? "patient" : nouns[s][adult ? 1 : 0];
  };
  if (years === undefined) return prose`a ${said(nounOf(true), "patient")} whose age is not recorded`;
  const inYears = convert(years, "a");
  const unit = years.unit === "mo" ? "month" : years.unit === "wk" ? "week" : years.unit === "d" ? "day" : "year";
  const old = `${showNumber(Math.floor(years.value))}-${unit}-old`;
  return prose`${word(article(old))} ${said(`${old} ${nounOf(inYears >= 18)}`, "patient")}`;
}

/** The diagnosis as the pathology has it, else the title of the case. */
export function diagnosis({ view }: Telling): Span {
  const histology = view.all("histology").find(happened);
  return histology === undefined ? said(inside(view.record.title), "case") : said(inside(histology.diagnosis), histology.id);
}

/** "14.3 × 13.3 cm", in centimeters, as many digits as were given. */
export function sizeText(measurement: EntryOf<"measurement">): string {
  const units = new Set(measurement.diameters.map((d) => d.unit));
  const unit = units.size === 1 ? (measurement.diameters[0]?.unit ?? "cm") : "cm";
  const values = measurement.diameters.map((d) => (units.size === 1 ? d.value : convert(d, "cm")));
  return `${values.map((v) => showNumber(v)).join(" × ")} ${unit}`;
}

export const sizeOf = (measurement: EntryOf<"measurement">) => said(sizeText(measurement), measurement.id);

/** "Dose every day" for the ear: "4 mg daily", "45 mg every 3 weeks". */
export function everyText(value: number, unit: string): string {
  const days = convert({ value, unit }, "d");
  if (days === 1) return "daily";
  if (days === 0.5) return "twice daily";
  if (days === 7) return "weekly";
  const names: Record<string, string> = { h: "hours", d: "days", wk: "weeks", mo: "months" };
  return `every ${showNumber(value)} ${names[unit] ?? unit}`;
}

/** Where an entry lies among the time points: "at T1", or nothing where the record gives no time. */
export function atPoint({ view }: Telling, id: string): Span[] {
  const entry = view.get(id);
  const date = entry?.when?.date;
  if (date !== undefined) return prose`on ${said(date, id)}`;
  const point = entry?.when === undefined ? undefined : view.timePointOf(id);
  return point === undefined ? [] : prose`at ${said(point, id)}`;
}

/** Why something was not done, in brackets of the sentence; said when nobody wrote it. */
export function reasonOf(entry: Entry): Span[] {
  return entry.reason === undefined ? prose` (reason not recorded)` : prose` (${said(inside(entry.reason), entry.id)})`;
}

export function lesionName({ view }: Telling, id: string): Span {
  const lesion = view.get(id);
  return lesion?.kind === "lesion" ? said(inside(lesion.label ?? lesion.name), id) : said(id, id);
}

/** C7 to T2. */
export function levelsText(levels: { from: string; to: string } | undefined): string | undefined {
  return levels === undefined ? undefined : levels.from === levels.to ? levels.from : `${levels.from} to ${levels.to}`;
}

/** TG-263 names for the reader: SpinalCord → spinal cord. */
export function organName(name: string): string {
  const base = name.replace(/_PRV\d*$/, " PRV").replace(/_([LR])$/, (_, side: string) => (side === "L" ? ", left" : ", right"));
  return base.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " ").replace(/\b([A-Z])(?=[a-z])/g, (c) => c.toLowerCase()).replace(/\bplex\b/, "plexus").replace(/\bves\b/, "vessels");
}

/** Findings about one course of radiotherapy, by the course and its volumes or organs. */
export function courseFindings(telling: Telling, course: string, rule: string): Finding[] {
  return findingsOf(telling, rule).filter((f) => f.subject === course || f.subject?.startsWith(`${course}/`) || f.subject?.startsWith(`${course}.`) || f.subject?.startsWith(`${course}:`) || f.subject?.startsWith(`${course} `));
}

/** "IMRT", "3D conformal radiotherapy": a technique as a noun. */
export function techniqueName(course: EntryOf<"radiotherapy">): string {
  const name = inside(course.technique);
  return /therapy|radiation|brachy|^[A-Z\d/-]{3,}$|RT$/i.test(name) ? name : `${name} radiotherapy`;
}
