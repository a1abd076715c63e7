import type { CaseView, Finding, RuleInfo, Study } from "@hapax/case";
import { changeAgainstMeasured, changeAgainstMeasuredRule } from "./change-against-measured.ts";
import { claimAgainstSource, claimAgainstSourceRule } from "./claim-against-source.ts";
import { fractionation, fractionationRule } from "./fractionation.ts";
import { gaps, gapsRule } from "./gaps.ts";
import { horizon, horizonRule } from "./horizon.ts";
import { metastasis, metastasisRule } from "./metastasis.ts";
import { partAgainstPart, partAgainstPartRule } from "./part-against-part.ts";
import { statedAgainstComputed, statedAgainstComputedRule } from "./stated-against-computed.ts";
import { time, timeRule } from "./time.ts";

export type { TwoReadings } from "./contradiction.ts";

/** The rules of the audit, in the order a board reads them. */
export const rules: RuleInfo[] = [
  statedAgainstComputedRule,
  partAgainstPartRule,
  changeAgainstMeasuredRule,
  metastasisRule,
  fractionationRule,
  horizonRule,
  claimAgainstSourceRule,
  timeRule,
  gapsRule,
];

/**
 * What in the documents of a case contradicts itself, its numbers or its sources, and what they leave out.
 *
 * @param view      the case, whole or as known at a time point
 * @param findings  what the other rules found of it
 * @param studies   the library of its tumor
 */
export function audit(view: CaseView, findings: readonly Finding[], studies: readonly Study[]): Finding[] {
  return [
    ...statedAgainstComputed(view, findings),
    ...partAgainstPart(view),
    ...changeAgainstMeasured(view),
    ...metastasis(view),
    ...fractionation(view),
    ...horizon(view),
    ...claimAgainstSource(view, findings),
    ...time(view),
    ...gaps(view, studies),
  ];
}
