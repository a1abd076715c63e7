import { HapaxError, type Volume } from "@hapax/base";
import { doseOfBeams } from "./collapsed.ts";
import type { PlanMade } from "./plan-made.ts";
import { settingOf } from "./setting-of.ts";
import type { PlanningScan, PlanningWork } from "./setting.ts";

/**
 * The dose of a made plan again, from its beams on its scan.
 *
 * @returns Gy of all fractions
 * @throws  planning/other-scan where the plan was made on another frame of reference; as `settingOf` and `planDose`
 */
export async function calculatePlan({ request, madeFrom, beams }: PlanMade, scan: PlanningScan, work: Pick<PlanningWork, "crew" | "signal" | "onProgress">): Promise<Volume<Float32Array>> {
  const here = scan.ct.grid.frameOfReference;
  if (here !== madeFrom.frameOfReference) {
    throw new HapaxError("planning/other-scan", `The plan ${request.name} was made in the frame of reference ${madeFrom.frameOfReference}, the CT lies in ${here}.`, "Give the CT that it was made on.");
  }
  const { crew, signal, onProgress } = work;
  const setting = await settingOf({ ...request, isocenter: beams[0]?.controlPoints[0]?.isocenter ?? [0, 0, 0] }, scan, work);
  const { doseGy } = await doseOfBeams(setting, beams, { crew, cones: 72, signal, onProgress: (share) => onProgress?.({ step: "calculating the dose", share }) });
  return { grid: setting.medium.grid, values: doseGy as Float32Array<ArrayBuffer>, slope: 1, intercept: 0, unit: "Gy" };
}
