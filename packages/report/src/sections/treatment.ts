import { known, type EntryOf, type Finding } from "@hapax/case";
import { showNumber } from "@hapax/base";
import type { Block, Section, Span } from "../document.ts";
import { amount, count, found, inside, listed, prose, quoted, said, sourcesOf, table, unknownWords, word, type Part } from "../prose.ts";
import { courseFindings, everyText, happened, organName, orAbsent, paragraphs, reasonOf, type Telling } from "../telling.ts";
import { courseTable } from "./tables.ts";
import { placed } from "./timeline.ts";

/** "66 Gy and 54 Gy in 30 fractions", or nothing where no dose is recorded. */
export function courseDose(course: EntryOf<"radiotherapy">, before = ""): Span[] {
  const doses = course.volumes.flatMap((v) => known(v.dose) ?? []).toSorted((a, b) => b.value - a.value);
  const fractions = known(course.fractions);
  if (doses.length === 0) return [];
  return prose`${word(before)}${listed(doses.map((d) => amount(d, course.id)))}${fractions === undefined ? undefined : prose` in ${said(showNumber(fractions), course.id)} fractions`}`;
}

/** CARE 9: what was done, how much of it, and what was changed and why. */
export function therapeuticIntervention(telling: Telling): Section {
  const { view } = telling;
  const drugs = view.all("drug");
  const antitumor = drugs.filter((d) => d.purpose === "antitumor");
  const supportive = drugs.filter((d) => d.purpose === "supportive");
  const courses = view.all("radiotherapy");
  const procedures = view.all("procedure");
  const transfusions = view.all("transfusion").filter(happened);
  const done = procedures.filter(happened);
  const notDone = procedures.filter((p) => !happened(p));
  const blocks: Block[] = [
    ...paragraphs("9b", ...antitumor.flatMap((d) => drugSentences(d))),
    ...paragraphs("9b", ...courses.flatMap((c) => courseSentences(telling, c))),
    ...courseTable(telling),
    ...paragraphs(
      "9a",
      ...supportive.flatMap((d) => drugSentences(d)),
      ...transfusions.slice(0, 1).map(() => transfusionSentence(transfusions)),
      done.length === 0 ? undefined : prose`Procedures: ${listed(done.map((p) => procedurePhrase(p)))}`,
      notDone.length === 0 ? undefined : prose`Not done: ${listed(notDone.map((p) => prose`${said(inside(p.label ?? p.what), p.id)}${reasonOf(p)}`))}`,
    ),
  ];
  const changes = changeSentences(telling);
  return {
    care: "9",
    heading: "Therapeutic intervention",
    blocks: [
      ...orAbsent(blocks, "9a", "the interventions with dose, strength and duration"),
      ...orAbsent(paragraphs("9c", ...changes), "9c", "changes of the interventions with the reasons"),
      // Tall pictures close the section: the text before them fills its page.
      ...(courses.length === 0 ? [] : placed(telling, "9")),
    ],
  };
}

function procedurePhrase(p: EntryOf<"procedure">): Span[] {
  const result = known(p.result);
  return prose`${said(inside(p.label ?? p.what), p.id)}${result === undefined ? undefined : prose` (${said(inside(result), p.id)})`}`;
}

function transfusionSentence(list: readonly EntryOf<"transfusion">[]): Part {
  const units = list.flatMap((t) => known(t.units) ?? []);
  const keep = list.flatMap((t) => known(t.keepAbove) ?? [])[0];
  const product = list.flatMap((t) => known(t.product) ?? [])[0];
  const ids = list.map((t) => t.id);
  return prose`Transfusions${product === undefined ? undefined : prose` of ${said(inside(product), ...ids)}`} are recorded on ${count(list.length, ...ids)} ${word(list.length === 1 ? "occasion" : "occasions")}${units.length === 0 ? prose`, without the number of units` : prose` (${said(units.map((u) => showNumber(u)).join(", "), ...ids)} units)`}${keep === undefined ? undefined : prose`, to keep hemoglobin above ${amount(keep, ...ids)}`}`;
}

/** How a drug was given: route, dose steps with reasons, planned length, why it ended. */
export function drugSentences(drug: EntryOf<"drug">): Part[] {
  const name = said(inside(drug.name), drug.id);
  const route = known(drug.route);
  const planned = known(drug.plannedLength);
  const length = planned === undefined ? undefined : prose` for ${amount(planned, drug.id)}`;
  if (drug.state === "planned, not given") return [prose`${name}${length} was planned and not given${reasonOf(drug)}`];
  if (drug.state === "not performed") return [prose`${name} was not given${reasonOf(drug)}`];
  const because = (step: DoseStep) => (step.reason === undefined ? undefined : prose` (${said(inside(step.reason), drug.id)})`);
  const doseOf = (step: DoseStep): Span[] => {
    const dose = known(step.dose);
    const every = known(step.every);
    return prose`${dose === undefined ? word(`a dose that is ${unknownWords(step.dose)}`) : amount(dose, drug.id)}${every === undefined ? undefined : prose` ${said(everyText(every.value, every.unit), drug.id)}`}`;
  };
  const [first, ...later] = drug.steps;
  const noDose = drug.steps.every((s) => known(s.dose) === undefined);
  const reasons = noDose ? drug.steps.flatMap((s) => s.reason ?? []) : [];
  const how = [...(route === undefined ? [] : [route]), ...reasons].map(inside);
  const given = prose`${name} was given${how.length === 0 ? undefined : prose` (${said(how.join("; "), drug.id)})`}${length}`;
  const doses =
    first === undefined || noDose
      ? prose`; its dose is not recorded`
      : prose` at ${doseOf(first)}${because(first)}${later.length === 0 ? undefined : prose` and ${listed(later.map((step) => prose`changed to ${doseOf(step)}${because(step)}`))}`}`;
  const stop = known(drug.stop);
  return [
    prose`${given}${doses}${drug.state === "uncertain" ? prose`; this is uncertain` : undefined}`,
    drug.state === "completion not recorded" ? prose`Its completion is not recorded` : undefined,
    stop === undefined ? undefined : prose`It ended: ${said(inside(stop), drug.id)}`,
  ];
}

type DoseStep = EntryOf<"drug">["steps"][number];

/** One course: dose, fractions, organ doses; EQD2 with the values stated beside those computed. */
function courseSentences(telling: Telling, course: EntryOf<"radiotherapy">): Part[] {
  const technique = said(inside(course.technique), course.id);
  const intent = known(course.intent);
  const kind = /radiotherapy|radiation/i.test(course.technique)
    ? [technique]
    : intent === "re-irradiation"
      ? prose`${said(intent, course.id)} (${technique})`
      : prose`${intent === undefined ? undefined : prose`${said(intent, course.id)} `}radiotherapy (${technique})`;
  const site = inside(course.site).replace(/^the /, "").replace(/^([^:]+): (.+)$/, "$1 ($2)");
  const what = prose`${kind} of the ${said(site, course.id)}`;
  const fractions = known(course.fractions);
  const volumes = course.volumes.flatMap((v) => {
    const dose = known(v.dose);
    return dose === undefined ? [] : [{ v, dose }];
  }).toSorted((a, b) => b.dose.value - a.dose.value);
  const inFractions = fractions === undefined ? prose`, in a number of fractions that is not recorded` : prose` in ${said(showNumber(fractions), course.id)} fractions`;
  const dose = volumes.length === 0 ? prose`a dose that is not recorded` : prose`${listed(volumes.map(({ v, dose: d }) => (volumes.length === 1 ? amount(d, course.id) : prose`${amount(d, course.id)} to ${said(v.name, course.id)}`)))}${inFractions}`;
  if (course.state === "planned, not given") return [prose`${what} to ${dose} was planned and not given${reasonOf(course)}`];
  if (course.state === "not performed") {
    return [volumes.length === 0 ? prose`${what} was considered and not done${reasonOf(course)}` : prose`${what} to ${dose} was considered and not done${reasonOf(course)}`];
  }
  const begun = course.state === "completion not recorded";
  const organs = course.organDoses.flatMap((o) => {
    const value = known(o.dose);
    return value === undefined ? [] : [prose`${said(organName(o.organ), course.id)} (${said(o.metric, course.id)}) ${amount(value, course.id)}`];
  });
  const top = known(course.globalMaximum);
  return [
    begun ? prose`${what} to ${dose} was begun; whether it was completed is not recorded` : prose`${what} delivered ${dose}`,
    organs.length === 0 ? prose`No organ dose of this course is recorded` : prose`Recorded organ doses: ${listed(organs)}`,
    top === undefined ? undefined : prose`The highest dose was ${said(`${showNumber(top)} %`, course.id)} of the prescription`,
    ...eqd2Sentences(telling, course),
  ];
}

/** Each volume at several α/β, as its finding has them, beside the value that the document states. */
function eqd2Sentences(telling: Telling, course: EntryOf<"radiotherapy">): Part[] {
  return courseFindings(telling, course.id, "radiobiology/eqd2")
    .filter((f) => f.value !== undefined)
    .toReversed()
    .map((f) => {
      const differs = f.stated !== undefined && !f.stated.agrees;
      const values = equivalents(f);
      return prose`The ${said(f.question, course.id)} is ${values}${differs ? prose`; the document states ${quoted(f.stated?.text ?? "", f.stated?.from, f)}` : undefined}${sourcesOf(f)}`;
    });
}

/** "68.6 Gy at α/β 3 Gy and 67.1 Gy at 10 Gy": late effects and fast-growing tumor, from the table of the finding. */
function equivalents(finding: Finding): Span[] {
  const column = finding.table?.columns.findIndex((c) => c.startsWith("EQD2")) ?? -1;
  const rows = finding.table?.columns[0]?.startsWith("α/β") === true ? finding.table.rows.filter((r) => r[0] === "3" || r[0] === "10") : [];
  if (column < 0 || rows.length === 0) return [found(finding)];
  return listed(rows.map((r) => prose`${found(finding, `${r[column]} Gy`)} at α/β ${found(finding, `${r[0]} Gy`)}`));
}

/** CARE 9c: dose steps with reasons, what was planned and not given, decisions. */
export function changeSentences(telling: Telling): Part[] {
  const { view } = telling;
  const stepped = view.all("drug").filter((d) => happened(d) && d.steps.length > 1);
  const notGiven = [...view.all("drug"), ...view.all("radiotherapy")].filter((e) => e.state === "planned, not given" || e.state === "not performed");
  const decisions = view.all("decision");
  return [
    stepped.length === 0 ? undefined : prose`The dose of ${listed(stepped.map((d) => said(inside(d.name), d.id)))} was changed during treatment`,
    notGiven.length === 0 ? undefined : prose`${count(notGiven.length, ...notGiven.map((e) => e.id))} ${word(notGiven.length === 1 ? "treatment was" : "treatments were")} planned or considered and not given (${table("courses")})`,
    decisions.length === 0
      ? undefined
      : prose`Decisions recorded, in order: ${listed(
          decisions.map((d) => {
            const because = known(d.because);
            return prose`${said(inside(d.what), d.id)} (${because === undefined ? word("reason not recorded") : said(inside(because), d.id)})`;
          }),
        )}`,
  ];
}

