import type { Volume } from "@hapax/base";
import { instanceUidOf, type WriteContext } from "./context.ts";
import type { WrittenFile } from "./write-images.ts";
import { writeRtDose, type DoseDescription } from "./write-rt-dose.ts";
import { writeRtPlan, type WrittenPlan } from "./write-rt-plan.ts";

/** SOPInstanceUIDs of the plan of a context and of its dose. */
export const planUidsOf = (context: WriteContext): { readonly planUid: string; readonly doseUid: string } =>
  ({ planUid: instanceUidOf(context, "RTPLAN", 1), doseUid: instanceUidOf(context, "RTDOSE", 1) });

/**
 * A plan and its dose as RTPLAN and RTDOSE, the dose naming the plan.
 *
 * @throws as `writeRtPlan` and `writeRtDose`
 */
export function writePlanAndDose(plan: WrittenPlan, dose: Volume, about: Pick<DoseDescription, "comment" | "notes">, context: WriteContext): { readonly plan: WrittenFile; readonly dose: WrittenFile } {
  return { plan: writeRtPlan(plan, context), dose: writeRtDose(dose, context, { ...about, planUid: planUidsOf(context).planUid }) };
}
