import type { CaseView, Finding, RuleInfo, TumorProfile } from "@hapax/case";
import { cite } from "@hapax/references";
import { ajcc8 } from "./ajcc8.ts";
import { fnclcc } from "./fnclcc.ts";
import { metastasis } from "./metastasis.ts";
import { seerSummary2018 } from "./seer-summary-2018.ts";

export { ajcc8 } from "./ajcc8.ts";
export { ajcc8Tables, chapterFor, chapterOf, groupOf, tBySize, type Chapter, type ChapterKey, type Group } from "./chapter.ts";
export { fnclcc, fnclccScores, gradeOf, mitoticScore, necrosisScore, totals, type FnclccScores, type Grade } from "./fnclcc.ts";
export { metastasis, metastasisEvidence } from "./metastasis.ts";
export { seerSummary2018, type SummaryStage } from "./seer-summary-2018.ts";

/** Every rule of staging, in the order a board reads them. */
export const rules: RuleInfo[] = [
  { id: "staging/ajcc8", question: "Stage at diagnosis, AJCC 8", about: "Chapter from site and compartment, T from size, group from T, N, M and grade; every alternative shown.", source: cite("ajcc8", "seerEod2021") },
  { id: "staging/fnclcc", question: "Grade, FNCLCC", about: "Differentiation, mitoses and necrosis added up; what is not recorded stays a range.", source: cite("fnclcc1984") },
  { id: "staging/metastasis", question: "Metastasis, as known", about: "M from what was seen up to the time point asked.", source: cite("ajcc8", "seerEod2021") },
  { id: "staging/seer-summary-2018", question: "SEER Summary Stage 2018", about: "Localized, regional or distant: at diagnosis, and as known now.", source: cite("seerEod2021") },
];

/** Stage and grade of a case; the tumor brings what registries say of its histology. */
export function staging(view: CaseView, tumor: TumorProfile | undefined): Finding[] {
  return [ajcc8(view, tumor), fnclcc(view, tumor), metastasis(view), ...seerSummary2018(view)];
}
