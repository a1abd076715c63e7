import { convert, show, showNumber, type Quantity } from "@hapax/base";
import { known, shortestCourseDays, stateOf, titleOf, type CaseView, type EntryOf, type Fact, type Finding, type Missing, type Reason, type State } from "@hapax/case";

export type CourseEntry = EntryOf<"radiotherapy">;

/** A course as recorded; what is not recorded is undefined. Doses in Gy, times in days. */
export interface CourseFacts {
  readonly state: State;
  readonly technique: string;
  readonly intent: string | undefined;
  readonly site: string;
  readonly fractions: number | undefined;
  readonly volumes: readonly {
    readonly name: string;
    readonly site: string | undefined;
    readonly boost: boolean;
    readonly gy: number | undefined;
    readonly perFraction: number | undefined;
  }[];
  readonly organs: readonly { readonly organ: string; readonly metric: string; readonly gy: number | undefined; readonly state: State }[];
  /** From the first to the last fraction when none was left out, weekdays only. */
  readonly shortestDays: number | undefined;
  readonly globalMaximumPercent: number | undefined;
  readonly reason: string | undefined;
}

/** A recorded quantity as a dose in Gy; undefined where it is not recorded or of another kind. */
export function doseOf(fact: Fact<Quantity>): number | undefined {
  const quantity = known(fact);
  if (quantity === undefined) return undefined;
  try {
    const dose = convert(quantity, "Gy");
    return dose >= 0 && dose <= 1000 ? dose : undefined;
  } catch {
    return undefined;
  }
}

/** Dose per fraction, Gy, without the noise of the division. */
export function perFraction(dose: number | undefined, fractions: number | undefined): number | undefined {
  return dose === undefined || fractions === undefined ? undefined : Number((dose / fractions).toPrecision(12));
}

/** What became of a course, in words for a row. */
export const stateWords: Readonly<Record<State, string>> = {
  recorded: "given",
  uncertain: "uncertain whether given",
  "not recorded": "not recorded whether given",
  "not performed": "considered, not given",
  "planned, not given": "planned, not given",
  "completion not recorded": "started; completion not recorded",
};

/**
 * The facts of one course.
 *
 * @param perWeek  fractions per week where the record does not say
 */
export function courseFacts(course: CourseEntry, perWeek: number): CourseFacts {
  const fractions = known(course.fractions);
  return {
    state: course.state,
    technique: course.technique,
    intent: known(course.intent),
    site: course.site,
    fractions,
    volumes: course.volumes.map((v) => {
      const dose = doseOf(v.dose);
      return { name: v.name, site: known(v.site), boost: v.boost === true, gy: dose, perFraction: perFraction(dose, fractions) };
    }),
    organs: course.organDoses.map((o) => ({ organ: o.organ, metric: o.metric, gy: doseOf(o.dose), state: stateOf(o.dose) })),
    shortestDays: fractions === undefined ? undefined : shortestCourseDays(fractions, known(course.fractionsPerWeek) ?? perWeek),
    globalMaximumPercent: known(course.globalMaximum),
    reason: course.reason,
  };
}

/** Every course of the case as recorded, with what its record leaves out. */
export function courses(view: CaseView): Finding<CourseFacts>[] {
  const usual = { key: "radiotherapy/courses/fractionsPerWeek", name: "fractions per week", value: 5, why: "one each weekday, where the record does not say", options: [5, 6, 10] };
  const asked = view.assume(usual);
  const perWeek = Number.isFinite(asked.value) && asked.value >= 1 && asked.value <= 21 ? asked : usual;
  return view.all("radiotherapy").map((course): Finding<CourseFacts> => {
    const facts = courseFacts(course, perWeek.value);
    const took = course.state === "recorded" || course.state === "completion not recorded" || course.state === "uncertain";
    const doses = facts.volumes.flatMap((v) => v.gy ?? []).sort((a, b) => b - a);
    const amount = doses.length === 0 ? "no dose" : `${doses.map((d) => showNumber(d)).join(" and ")} Gy`;
    const text = facts.fractions === undefined ? amount : `${amount} in ${facts.fractions}`;
    const because: Reason[] = [
      {
        text: `${course.technique}${facts.intent === undefined ? "" : `, ${facts.intent}`}, ${course.site}: ${stateWords[course.state]}${course.reason === undefined ? "" : ` (${course.reason})`}.`,
        entries: [course.id],
      },
      ...facts.volumes.map((v) => ({
        text: `${v.name}${v.boost ? ", boost" : ""}: ${v.gy === undefined ? "dose not recorded" : `${showNumber(v.gy)} Gy`}${v.perFraction === undefined ? "" : `, ${showNumber(Number(v.perFraction.toFixed(3)))} Gy each`}.`,
        entries: [course.id],
      })),
    ];
    if (facts.shortestDays !== undefined && took) {
      because.push({
        text: `${facts.fractions} fractions, ${showNumber(known(course.fractionsPerWeek) ?? perWeek.value)} a week, take at least ${facts.shortestDays} days from the first to the last.`,
        entries: [course.id],
      });
    }
    const status =
      course.state === "completion not recorded" || course.state === "uncertain"
        ? "undecided"
        : doses.length === 0 && facts.fractions === undefined && course.state === "recorded"
          ? "not recorded"
          : "determined";
    return {
      rule: "radiotherapy/courses",
      subject: course.id,
      question: titleOf(course),
      status,
      value: facts,
      text,
      brief: [stateWords[course.state], facts.intent, facts.shortestDays !== undefined && took ? `at least ${facts.shortestDays} days` : undefined]
        .filter((part) => part !== undefined)
        .join("; "),
      because,
      missing: took ? missingOf(course, facts) : [],
      assumptions:
        facts.shortestDays !== undefined && known(course.fractionsPerWeek) === undefined
          ? [perWeek]
          : [],
      source: [],
      table: {
        columns: ["Volume", "Gy", "Gy each", "Target"],
        rows: facts.volumes.map((v) => [
          v.name,
          v.gy === undefined ? "not recorded" : show({ value: v.gy, unit: "Gy" }),
          v.perFraction === undefined ? "not recorded" : showNumber(v.perFraction, 2),
          v.site ?? course.site,
        ]),
      },
    };
  });
}

function missingOf(course: CourseEntry, facts: CourseFacts): Missing[] {
  const missing: Missing[] = [];
  const name = titleOf(course);
  if (course.state !== "recorded") missing.push({ input: `completion of ${name}`, decides: "dose that was given" });
  if (facts.volumes.length === 0) missing.push({ input: `dose of ${name}`, decides: "every dose of this course" });
  if (facts.fractions === undefined) missing.push({ input: `fractions of ${name}`, decides: "dose per fraction, BED and EQD2" });
  if (facts.intent === undefined) missing.push({ input: `intent of ${name}`, decides: "which literature it compares with" });
  for (const v of facts.volumes) {
    if (v.gy === undefined) missing.push({ input: `dose of ${v.name}, ${name}`, decides: "BED and EQD2" });
  }
  return missing;
}
