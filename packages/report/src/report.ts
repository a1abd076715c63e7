import type { CaseView, Finding, TumorProfile } from "@hapax/case";
import type { Figure } from "@hapax/figures";
import { careLint } from "./care.ts";
import { plainText, spanLists, type ReportDocument, type Section } from "./document.ts";
import { glossaryOf } from "./glossary.ts";
import { notes } from "./notes.ts";
import { numberPointers, numberReferences } from "./references.ts";
import { discussion, informedConsent, patientPerspective } from "./sections/discussion.ts";
import { diagnosticAssessment } from "./sections/diagnosis.ts";
import { abstract, introduction, keyWords, title } from "./sections/opening.ts";
import { followUp } from "./sections/outcome.ts";
import { clinicalFindings, patientInformation } from "./sections/patient.ts";
import { timeline } from "./sections/timeline.ts";
import { therapeuticIntervention } from "./sections/treatment.ts";
import type { Telling } from "./telling.ts";

/** Width at which a timeline is drawn so that its words can be read within the text of a page, px. */
export const timelineWidth = 760;

export interface ReportOptions {
  readonly tumor?: TumorProfile | undefined;
  readonly authors?: readonly string[];
}

export const disclaimers = [
  "Research and education. Not a medical device.",
  "Written by Hapax from the record of the case; every number is bound to an entry of the record or to a rule.",
] as const;

/**
 * Writes the case up in CARE order. Every number of the text is bound to the entries or the finding that it comes
 * from; what is not recorded is said, never filled in. Figures are placed by their names.
 *
 * @param view      the record, whole or as known at a time point
 * @param findings  everything computed from it
 * @param figures   pictures that belong in the text; the renderers are given the same ones
 */
export function report(view: CaseView, findings: readonly Finding[], figures: readonly Figure[], options: ReportOptions = {}): ReportDocument {
  const telling: Telling = { view, findings, figures, tumor: options.tumor };
  const heading = title(telling);
  const told: Section[] = [
    keyWords(telling),
    abstract(telling),
    introduction(telling),
    patientInformation(telling),
    clinicalFindings(telling),
    timeline(telling),
    diagnosticAssessment(telling),
    therapeuticIntervention(telling),
    followUp(telling),
    discussion(telling),
    patientPerspective(telling),
    informedConsent(telling),
  ];
  const { sections, references } = numberReferences(heading, numberPointers(told));
  const text = [...spanLists({ title: heading, sections })].map(plainText).join("\n");
  return {
    title: heading,
    runningHead: view.record.title,
    caseName: view.record.name,
    ...(options.authors === undefined ? {} : { authors: options.authors }),
    ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
    sections,
    glossary: glossaryOf(text),
    references,
    notes: notes({ sections }, findings),
    lint: careLint(view, findings),
    disclaimers,
  };
}
