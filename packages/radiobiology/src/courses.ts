import { convert, Gy, showNumber, type Quantity } from "@hapax/base";
import { known, titleOf, type Assumption, type CaseView, type EntryOf, type Fact } from "@hapax/case";

export type CourseEntry = EntryOf<"radiotherapy">;

/** What reached the patient: all of it, an unknown part of it, nothing because it stayed a plan, or nothing at all. */
export type Given = "given" | "given in part or in full" | "planned, not given" | "not performed";

/** A course in numbers; what is not recorded, or is no dose, is undefined. */
export interface Course {
  readonly id: string;
  readonly name: string;
  readonly entry: CourseEntry;
  readonly given: Given;
  readonly fractions: number | undefined;
  readonly volumes: readonly { readonly name: string; readonly dose: Gy | undefined }[];
  /** Prescription of the volume with the highest dose, Gy. */
  readonly highest: Gy | undefined;
}

// The schema takes any number and any unit; a dose of 10⁶ Gy or of 5 kg is a slip, and no formula should meet it.
const highestDose = 1000;

/** A recorded dose in Gy; undefined when it is not recorded, in no unit of dose, or not within 0 to 1000 Gy. */
export function doseOf(fact: Fact<Quantity>): Gy | undefined {
  const quantity = known(fact);
  if (quantity === undefined) return undefined;
  try {
    const dose = convert(quantity, "Gy");
    return dose >= 0 && dose <= highestDose ? Gy(dose) : undefined;
  } catch {
    return undefined;
  }
}

const givenBy: Record<CourseEntry["state"], Given> = {
  recorded: "given",
  uncertain: "given in part or in full",
  "not recorded": "given in part or in full",
  "completion not recorded": "given in part or in full",
  "planned, not given": "planned, not given",
  "not performed": "not performed",
};

/** The courses of a case in the order of their times. */
export function coursesOf(view: CaseView): Course[] {
  return view.all("radiotherapy").map((entry) => {
    const volumes = entry.volumes.map((v) => ({ name: v.name, dose: doseOf(v.dose) }));
    const doses = volumes.flatMap((v) => v.dose ?? []);
    return {
      id: entry.id,
      name: titleOf(entry),
      entry,
      given: givenBy[entry.state],
      fractions: known(entry.fractions),
      volumes,
      highest: doses.length > 0 ? Gy(Math.max(...doses)) : undefined,
    };
  });
}

/** One decimal where it says something: 68.6, 30, 21.8. */
export function gy(dose: number): string {
  return showNumber(toTenths(dose));
}

/** One decimal always, for columns: 68.6, 30.0, 21.8. */
export function tenths(dose: number): string {
  return showNumber(toTenths(dose), 1);
}

// 64.35 is stored a little below itself; a half that the field would round up must not go down for that.
function toTenths(dose: number): number {
  return Math.round(dose * 10 + 1e-9) / 10;
}

/** What must be said of a dose because of the state of its course; nothing for a course that was given. */
export function courseCaveats(course: Course): string[] {
  switch (course.given) {
    case "given":
      return [];
    case "given in part or in full":
      return [`How much of ${course.name} was given is not recorded.`];
    case "planned, not given":
      return [`${course.name} was planned and not given.`];
    case "not performed":
      return [`${course.name} was not performed.`];
  }
}

/** "66 Gy in 30"; the fraction count is left out where it is not recorded. */
export function doseInFractions(dose: number | undefined, fractions: number | undefined): string {
  const amount = dose === undefined ? "dose not recorded" : `${showNumber(dose)} Gy`;
  return fractions === undefined ? amount : `${amount} in ${fractions}`;
}

/** The bounds for the eye: "32.2", "0 to 30", "at least 32.2". */
export function range(low: number, high: number | undefined): string {
  if (high === undefined) return `at least ${gy(low)}`;
  return gy(low) === gy(high) ? gy(low) : `${gy(low)} to ${gy(high)}`;
}

/** A numeric assumption as the reader set it; a value outside its sense leaves it as it stands. */
export function assumeNumber(
  view: CaseView,
  assumption: Assumption & { readonly value: number },
  fits: (value: number) => boolean,
): Assumption & { readonly value: number } {
  const changed = view.assume(assumption);
  return Number.isFinite(changed.value) && fits(changed.value) ? changed : assumption;
}

export const aboveZero = (value: number): boolean => value > 0 && value <= 1000;

/**
 * Days from the end of one event to the start of a later one.
 *
 * @returns bounds; undefined where nothing bounds it
 */
export function interval(view: CaseView, earlier: string, later: string): { low: number | undefined; high: number | undefined } {
  const back = view.timing.gap(later, earlier, { end: true });
  const negate = (days: number | undefined) => (days === undefined ? undefined : 0 - days);
  return { low: negate(back.atMostDays), high: negate(back.atLeastDays) };
}

/** A list of names in which repeated ones are counted: PTV, PTV (2). Subjects of findings must differ. */
export function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
