import { beforeTreatment, known, type EntryOf } from "@hapax/case";
import { showNumber } from "@hapax/base";
import type { Block, Section, Span } from "../document.ts";
import { amount, inside, listed, prose, said, word, type Part } from "../prose.ts";
import { absent, findingsOf, happened, levelsText, orAbsent, paragraphs, type Telling } from "../telling.ts";
import { conclusions } from "./diagnosis.ts";
import { labPhrases, looseSentences, studyParagraphs } from "./studies.ts";
import { labTable } from "./tables.ts";
import { placed } from "./timeline.ts";

/** Statements on how treatment was taken and tolerated. */
export function toleranceStatements({ view }: Telling): EntryOf<"statement">[] {
  return view.all("statement").filter((s) => /adheren|toler|complian/i.test(s.topic));
}

/** How the case ended or where it stands, in one sentence. */
export function outcomeSentence({ view }: Telling): Part {
  const outcome = view.all("outcome").at(-1);
  if (outcome === undefined) return prose`The outcome is not recorded`;
  const verb = { died: "died", alive: "was alive at the last contact", "lost to follow-up": "was lost to follow-up" }[outcome.status];
  const place = known(outcome.place) ?? (outcome.place?.state === "uncertain" ? outcome.place.value : undefined);
  const cause = known(outcome.cause);
  const date = outcome.when?.date;
  return prose`The patient ${said(verb, outcome.id)}${date === undefined ? undefined : prose` on ${said(date, outcome.id)}`}${place === undefined ? undefined : prose` (place: ${said(inside(place), outcome.id)}${outcome.place?.state === "uncertain" ? prose`, not certain` : undefined})`}${cause === undefined ? undefined : prose`; cause: ${said(inside(cause), outcome.id)}`}${date === undefined ? prose`; the date is not recorded` : undefined}`;
}

/** CARE 10: imaging and tests under treatment, tolerance, adverse events, outcome. */
export function followUp(telling: Telling): Section {
  const { view } = telling;
  const late = (id: string) => !beforeTreatment(view, id);
  const studies = view.all("imaging").filter((i) => late(i.id));
  const labs = view.all("lab").filter((l) => late(l.id) && happened(l));
  const levels = view.all("drugLevel").filter(happened);
  const assessed: Block[] = [...studyParagraphs(telling, "10a", studies), ...paragraphs("10a", ...looseSentences(telling, late))];
  const response = paragraphs("10a", ...conclusions(findingsOf(telling, "imaging/recist11", "imaging/who1979"), "Computed from the sizes recorded"));
  const tests = paragraphs(
    "10b",
    labs.length === 0 ? undefined : prose`Later blood tests: ${listed(labPhrases(labs))}`,
    ...levels.map((l) => levelSentence(telling, l)),
    ...conclusions(findingsOf(telling, "systemic", "labs"), "Computed from the drug doses, levels and blood values"),
  );
  const values = labTable(telling);
  const tolerance = toleranceStatements(telling);
  const complications = view.all("complication");
  return {
    care: "10",
    heading: "Follow-up and outcomes",
    blocks: [
      ...orAbsent(assessed.length + response.length === 0 ? [] : [...assessed, ...placed(telling, "10a"), ...response], "10a", "outcomes as clinicians and the patient assessed them"),
      ...orAbsent(tests.length + values.length === 0 ? [] : [...tests, ...values, ...placed(telling, "10b")], "10b", "important test results of the follow-up"),
      ...(tolerance.length === 0 ? [absent("10c", "adherence to the interventions and how they were tolerated")] : paragraphs("10c", ...tolerance.map((s) => prose`${said(s.topic, s.id)}: ${said(inside(s.reading), s.id)}`))),
      ...(complications.length === 0
        ? [absent("10d", "adverse and unanticipated events")]
        : paragraphs("10d", prose`Complications recorded, in order: ${listed(complications.map(complicationPhrase))}`)),
      ...paragraphs("10a", outcomeSentence(telling)),
    ],
  };
}

function complicationPhrase(c: EntryOf<"complication">): Span[] {
  const levels = levelsText(known(c.levels));
  const grade = known(c.grade);
  const cause = known(c.attribution);
  const notes: Part[] = [
    ...(levels === undefined ? [] : [said(levels, c.id)]),
    ...(grade === undefined ? [] : [prose`grade ${said(String(grade), c.id)}`]),
    cause === undefined ? word(c.attribution?.state === "uncertain" ? "cause uncertain" : "cause not recorded") : prose`from ${said(cause === "other" ? "another cause" : `the ${cause}`.replace("the radiotherapy", "radiotherapy"), c.id)}`,
  ];
  return prose`${said(inside(c.label ?? c.what), c.id)} (${notes.flatMap((n, i) => (i === 0 ? [n] : [word(", "), n]))})`;
}

function levelSentence({ view }: Telling, level: EntryOf<"drugLevel">): Part {
  const drug = view.get(level.drug);
  const value = known(level.value);
  const dose = known(level.dose);
  const day = known(level.dayOfTherapy);
  const name = said(drug?.kind === "drug" ? inside(drug.name) : level.drug, level.id);
  const unknown = [...(known(level.draw) === undefined ? ["time of drawing"] : []), ...(known(level.assay) === undefined ? ["assay"] : []), ...(day === undefined ? ["day of therapy"] : [])];
  return prose`The level of ${name} was ${value === undefined ? word("not recorded") : amount(value, level.id)}${dose === undefined ? undefined : prose` at ${amount(dose, level.id)}`}${known(level.draw) === undefined ? undefined : prose` (${said(known(level.draw) ?? "", level.id)})`}${day === undefined ? undefined : prose` on day ${said(showNumber(day), level.id)}`}${unknown.length === 0 ? undefined : prose`; ${listed(unknown.map((u) => word(u)))} ${word(unknown.length === 1 ? "is" : "are")} not recorded`}`;
}
