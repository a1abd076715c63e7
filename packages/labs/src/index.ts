import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { anemia, anemiaInfo } from "./anemia.ts";
import { ctcae5Info, gradesOf } from "./ctcae5.ts";
import { plateletsInfo, thrombocytosis } from "./platelets.ts";
import { transfusionTarget, transfusionTargetInfo } from "./transfusion-target.ts";
import { weightLoss, weightLossInfo } from "./weight-loss.ts";

export * from "./analytes.ts";
export { anemiaCauses, commonThresholds, type AnemiaCause, type AnemiaInputs, type AnemiaThresholds, type Hypothesis } from "./anemia.ts";
export { anemiaGrade, ctcae5, plateletGrade, weightLossGrade, type CtcaeGrade, type Grade } from "./ctcae5.ts";
export { weightLossRanges, type GradeRange } from "./weight-loss.ts";

export const rules: RuleInfo[] = [anemiaInfo, ctcae5Info, plateletsInfo, transfusionTargetInfo, weightLossInfo];

/** Everything that the laboratory values, transfusions and weight of a case say. */
export function labs(view: CaseView): Finding[] {
  return [...anemia(view), ...gradesOf(view), ...thrombocytosis(view), ...transfusionTarget(view), ...weightLoss(view)];
}
