import { isCalculated } from "./calculated-doses.ts";
import type { DoseInfo } from "./scan-summary.ts";

/**
 * Which doses are added to a first one unless the reader says otherwise: of each other study its dose, where it is of one
 * plan. Several plans of one study are often alternatives of which one was given at most; which one, only the reader knows.
 *
 * @returns SOPInstanceUIDs
 */
export function addedByItself(first: DoseInfo, doses: readonly DoseInfo[]): ReadonlySet<string> {
  const whole = doses.filter(({ summation, type }) => type !== "ERROR" && summation !== "FRACTION" && summation !== "BEAM");
  const groups = Map.groupBy(whole, ({ grid }) => grid.frameOfReference);
  groups.delete(first.grid.frameOfReference);
  return new Set([...groups.values()].flatMap((doses) => {
    const plans = new Set(doses.map(({ planUid, uid }) => planUid ?? uid));
    // What came with the plan, before what was calculated from it.
    const one = doses.find((dose) => !isCalculated(dose)) ?? doses[0];
    return plans.size === 1 && one !== undefined ? [one.uid] : [];
  }));
}
