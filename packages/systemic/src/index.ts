import type { CaseView, DrugFacts, Finding, RuleInfo } from "@hapax/case";
import { bsa, bsaInfo } from "./bsa.ts";
import { interactions, interactionsInfo } from "./interactions.ts";
import { lines, linesInfo } from "./lines.ts";
import { sirolimusForecast, sirolimusForecastInfo } from "./sirolimus-forecast.ts";
import { sirolimusLevel, sirolimusLevelInfo } from "./sirolimus-level.ts";
import { sirolimusTypical, sirolimusTypicalInfo } from "./sirolimus-typical.ts";

export { duBois, mosteller } from "./bsa.ts";
export { interactionsWith, interactionTable, overlapOf, substrates, type Interaction, type RecordedInteraction } from "./interactions.ts";
export { doseHistory } from "./lines.ts";
export { pecomaDrugs } from "./pecoma-drugs.ts";
export { sirolimusCourse, type Forecast, type Regimen, type SirolimusCourse } from "./sirolimus.ts";
export * from "./sirolimus-wu2012.ts";

export const rules: RuleInfo[] = [linesInfo, sirolimusTypicalInfo, sirolimusLevelInfo, sirolimusForecastInfo, interactionsInfo, bsaInfo];

/** Everything that the drugs, doses and levels of a case say. */
export function systemic(view: CaseView, drugs: readonly DrugFacts[]): Finding[] {
  return [
    ...lines(view),
    ...sirolimusTypical(view, drugs),
    ...sirolimusLevel(view, drugs),
    ...sirolimusForecast(view, drugs),
    ...interactions(view),
    ...bsa(view),
  ];
}
