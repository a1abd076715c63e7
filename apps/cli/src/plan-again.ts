import { HapaxError, type Volume } from "@hapax/base";
import { calculatePlan, makePlan, outcomesOf, settingOf, type PlanMade, type PlanningScan, type PlanningWork } from "@hapax/planning";
import { reproducedOf, type Reproduced } from "./plan-reproduced.ts";

/**
 * A made plan again: its dose from its beams, or all of it from its request.
 *
 * @throws cli/plan-scan where it was made on another scan, and what planning throws
 */
export async function planAgain(made: PlanMade, scan: PlanningScan, work: PlanningWork, anew: boolean): Promise<{ made: PlanMade; dose: Volume<Float32Array>; reproduced: Reproduced }> {
  requireScan(made, scan);
  if (anew) {
    const again = await makePlan(made.request, scan, work);
    return { ...again, reproduced: reproducedOf("planned anew from its request", made.outcomes, again.made.outcomes) };
  }
  const dose = await calculatePlan(made, scan, work);
  const outcomes = outcomesOf(await settingOf(made.request, scan, work), dose);
  return { made: { ...made, outcomes }, dose, reproduced: reproducedOf("its dose calculated from its beams", made.outcomes, outcomes) };
}

function requireScan({ madeFrom, request }: PlanMade, { uids, ct: { grid } }: PlanningScan): void {
  if (madeFrom.ct === uids.ct && madeFrom.frameOfReference === grid.frameOfReference) return;
  throw new HapaxError("cli/plan-scan", `The plan ${request.name} was made on the CT ${madeFrom.ct}, and this is ${uids.ct}.`, "Give the scan that it was made on, by --series or --study where there are several.");
}
