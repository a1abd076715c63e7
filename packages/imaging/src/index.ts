import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { comparability, comparabilityInfo } from "./comparability.ts";
import { growth, growthInfo } from "./growth.ts";
import { lesionChange, lesionChangeInfo } from "./lesion-change.ts";
import { percist10, percist10Info } from "./percist10.ts";
import { recist11, recist11Info } from "./recist11.ts";
import { volume, volumeInfo } from "./volume.ts";
import { who1979, who1979Info } from "./who1979.ts";

export * from "./assessments.ts";
export { compare, type Comparison } from "./comparability.ts";
export { doublings, doublingTime, specificGrowthRate } from "./growth.ts";
export { metabolicResponse, percistCutoffs, type MetabolicResponse } from "./percist10.ts";
export { cutoffs, measurable, targetResponse, type Response } from "./recist11.ts";
export * from "./structure-algebra.ts";
export * from "./structure-contours.ts";
export * from "./structure-margin.ts";
export { ellipsoidMl, type VolumeModel } from "./volume.ts";
export { product as productCm2, whoCutoffs, whoResponse, type WhoResponse } from "./who1979.ts";

export const rules: RuleInfo[] = [recist11Info, who1979Info, lesionChangeInfo, volumeInfo, growthInfo, comparabilityInfo, percist10Info];

/** Everything that the measurements of a case say: response to each treatment, change, volume, growth, and how far to trust them. */
export function imaging(view: CaseView): Finding[] {
  return [...recist11(view), ...who1979(view), ...lesionChange(view), ...volume(view), ...growth(view), ...comparability(view), ...percist10(view)];
}
