import type { EntryOf } from "@hapax/case";
import { isCalculated } from "./calculated-doses.ts";
import type { DoseInfo } from "./scan-summary.ts";

/**
 * Which doses are added to a first one unless the reader says otherwise: of each other study its dose, where it is of one
 * plan that may have been given. Several plans of one study are often alternatives of which one was given at most; which
 * one, only the reader knows.
 *
 * @param notGiven  SOPInstanceUIDs of plans of which the record says so
 * @returns         SOPInstanceUIDs
 */
export function addedByItself(first: DoseInfo, doses: readonly DoseInfo[], notGiven: ReadonlySet<string>): ReadonlySet<string> {
  const whole = doses.filter(({ summation, type, planUid }) => type !== "ERROR" && summation !== "FRACTION" && summation !== "BEAM" && !notGiven.has(planUid ?? ""));
  const groups = Map.groupBy(whole, ({ grid }) => grid.frameOfReference);
  groups.delete(first.grid.frameOfReference);
  return new Set([...groups.values()].flatMap((doses) => {
    const plans = new Set(doses.map(({ planUid, uid }) => planUid ?? uid));
    // What came with the plan, before what was calculated from it.
    const one = doses.find((dose) => !isCalculated(dose)) ?? doses[0];
    return plans.size === 1 && one !== undefined ? [one.uid] : [];
  }));
}

/** Plans of courses that the record has as not given. */
export const plansNotGiven = (courses: readonly EntryOf<"radiotherapy">[]): ReadonlySet<string> =>
  new Set(courses.flatMap(({ state, plans = [] }) => (state === "planned, not given" || state === "not performed" ? plans : [])));
