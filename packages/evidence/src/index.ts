import type { CaseView, Finding, RuleInfo, Study } from "@hapax/case";
import { cards, cardsRule } from "./cards.ts";
import { claimsAgainstSource, claimsAgainstSourceRule } from "./claims-against-source.ts";
import { prognosticFactors, prognosticFactorsRule } from "./prognostic-factors.ts";
import { treatmentFacts, treatmentFactsRule } from "./treatment-facts.ts";

export { checkedWords, compareClaim, nameOf, type Comparison, type Difference, type DifferenceKind } from "./compare.ts";
export { pecomaStudies } from "./pecoma-studies.ts";

/** The rules of this discipline, in the order a board reads them. */
export const rules: RuleInfo[] = [prognosticFactorsRule, treatmentFactsRule, cardsRule, claimsAgainstSourceRule];

/**
 * What the literature says of a case.
 *
 * @param view     the case, whole or as known at a time point
 * @param studies  the library of its tumor
 */
export function evidence(view: CaseView, studies: readonly Study[]): Finding[] {
  return [...prognosticFactors(view, studies), ...treatmentFacts(view, studies), ...cards(view, studies), ...claimsAgainstSource(view, studies)];
}
