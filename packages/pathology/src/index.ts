import type { CaseView, Finding, RuleInfo, TumorProfile } from "@hapax/case";
import { cite } from "@hapax/references";
import { ampect } from "./ampect.ts";
import { ihcProfile, stainsOf } from "./ihc-profile.ts";
import { matrix, schemesOf } from "./matrix.ts";
import { modifiedFolpe } from "./modified-folpe.ts";
import { molecular } from "./molecular.ts";
import { panel } from "./panel.ts";
import { gatherPecoma } from "./pecoma.ts";
import { answer } from "./scheme.ts";

export { ampect } from "./ampect.ts";
export { bennett2018 } from "./bennett2018.ts";
export { bleeker2012 } from "./bleeker2012.ts";
export { comparatorSets, folpe2005 } from "./folpe2005.ts";
export { garzon2022 } from "./garzon2022.ts";
export { ihcProfile, stainsOf, type StainResult } from "./ihc-profile.ts";
export { modifiedFolpe } from "./modified-folpe.ts";
export { molecular } from "./molecular.ts";
export { pecPro, pecProGroup, pecProScore } from "./pec-pro.ts";
export { gatherPecoma, mitosesPer50, type Pecoma } from "./pecoma.ts";
export { schoolmeester2014 } from "./schoolmeester2014.ts";
export { whoGynecologic2020 } from "./who-gynecologic-2020.ts";
export { whoSoftTissue2020 } from "./who-soft-tissue-2020.ts";

/** Every rule of PEComa pathology, in the order a board reads them. */
export const rules: RuleInfo[] = [
  { id: "pathology/folpe2005", question: "Risk, Folpe 2005", about: "Two or more of six features are malignant; size alone or pleomorphism alone is uncertain.", source: cite("folpe2005") },
  { id: "pathology/who-soft-tissue-2020", question: "Risk, WHO soft tissue 2020", about: "Features of Folpe, two or more malignant; for sites that are not gynecologic.", source: cite("who2020softtissue") },
  { id: "pathology/bleeker2012", question: "Risk, Bleeker 2012", about: "Size and mitoses only: none low, one intermediate, both high.", source: cite("bleeker2012") },
  { id: "pathology/schoolmeester2014", question: "Risk, Schoolmeester 2014", about: "Four or more of five features are malignant; for gynecologic sites.", source: cite("schoolmeester2014") },
  { id: "pathology/bennett2018", question: "Risk, Bennett 2018", about: "Three or more of five features are malignant; for gynecologic sites.", source: cite("bennett2018") },
  { id: "pathology/who-gynecologic-2020", question: "Risk, WHO gynecologic 2020", about: "Three or more of five features are malignant; for gynecologic sites.", source: cite("who2020gynecologic") },
  { id: "pathology/garzon2022", question: "Risk, Garzon cut-offs", about: "Features of Folpe with 8 cm and 5 mitoses per 50 HPF; for the uterus.", source: cite("garzon2022") },
  { id: "pathology/pec-pro", question: "Risk after resection, PEC-PRO", about: "Margins, sex, necrosis and vascular invasion after resection; weights not published, so all are tried.", source: cite("gantzer2025") },
  { id: "pathology/modified-folpe", question: "Risk, modified Folpe", about: "Named by Garzon; its definition was not found, so it is not in use.", source: cite("garzon2022") },
  { id: "pathology/ampect", question: "Malignancy, trial definition (AMPECT)", about: "Marked atypia or pleomorphism with mitotic activity.", source: cite("wagner2021") },
  { id: "pathology/ihc-profile", question: "Immunohistochemical profile", about: "Melanocytic and myoid markers together are the profile of a PEComa.", source: cite("folpe2005", "pathologyoutlines") },
  { id: "pathology/molecular", question: "TFE3, TSC1 and TSC2, PD-L1", about: "What each result would change: subgroup, evidence, prognosis; and what not.", source: cite("testa2023", "wagner2021", "mcbride2021") },
];

/** Schemes, profile and molecular tests of a case. */
export function findings(view: CaseView): Finding[] {
  const tumor = gatherPecoma(view);
  return [
    ...schemesOf(tumor, view).map((scheme) => answer(scheme)),
    modifiedFolpe(),
    ampect(tumor),
    ihcProfile(stainsOf(view)),
    ...molecular(view),
  ];
}

/** The pathology of PEComa: what the profile of the tumor takes from this discipline. */
export const pecoma: Pick<TumorProfile, "rules" | "findings" | "matrix" | "panel" | "morphology" | "differentiation" | "registryGate"> = {
  rules,
  findings,
  matrix,
  panel,
  morphology: ["8714/3", "8714/0"],
  differentiation: {
    scores: [2, 3],
    why: "PEComa is not in the lists read: 2 where the histologic type is certain, 3 where it is not; 1 is for sarcomas close to normal adult tissue. The pathologist decides",
  },
  registryGate: {
    says: "SEER's tables (EOD 2.1 to 3.2) take 8714 out of the AJCC chapters at soft tissue, head and neck, visceral and retroperitoneal sites: not applicable (88). In the corpus uteri 8714 goes to chapter 54.1",
    source: "seerEod2021",
  },
};
