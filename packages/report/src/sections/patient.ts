import { known, type EntryOf } from "@hapax/case";
import { show } from "@hapax/base";
import type { Section, Span } from "../document.ts";
import { amount, article, inside, listed, prose, said, word } from "../prose.ts";
import { absent, atPoint, happened, lesionName, orAbsent, paragraphs, patientReason, sizeOf, who, type Telling } from "../telling.ts";

/** A complaint with what was lost and over which time, where that is recorded. */
export function complaintPhrase(complaint: EntryOf<"complaint">): Span[] {
  const lost = known(complaint.weightLoss);
  const over = known(complaint.over);
  const what = withArticle(inside(complaint.what));
  if (lost === undefined) return prose`${said(what, complaint.id)}${over === undefined ? undefined : prose` over ${amount(over, complaint.id)}`}`;
  const figures = prose`${amount(lost, complaint.id)}${over === undefined ? undefined : prose` over ${amount(over, complaint.id)}`}`;
  return /^(weight loss|loss of weight)$/.test(what) ? prose`weight loss of ${figures}` : what.includes(show(lost)) ? [said(what, complaint.id)] : prose`${said(what, complaint.id)} (${figures})`;
}

/** "a mass of the neck": things that can be counted take an article, symptoms do not. */
function withArticle(phrase: string): string {
  const head = phrase.split(/ (?:of|in|at|on|with|over|since|and|,)\b|,/)[0] ?? phrase;
  const countable = /\b(mass|lump|nodule|swelling|tumor|lesion|ulcer|cough|rash|headache|fracture|seizure)$/.test(head);
  return countable && !/^(an?|the|one|two|three|multiple|several) /.test(phrase) ? `${article(phrase)} ${phrase}` : phrase;
}

/** CARE 5: who, with which complaints, which history, what was done before. */
export function patientInformation(telling: Telling): Section {
  const { view } = telling;
  const { patient } = view.record;
  const weight = known(patient.weight);
  const height = known(patient.height);
  const body = [
    ...(weight === undefined ? [] : [prose`weighed ${amount(weight, "patient")}`]),
    ...(height === undefined ? [] : [prose`was ${amount(height, "patient")} tall`]),
  ];
  const unknownBody = [...(weight === undefined ? ["body weight"] : []), ...(height === undefined ? ["height"] : [])];
  const complaints = view.all("complaint");
  const history = known(patient.history);
  const family = known(patient.familyHistory);
  return {
    care: "5",
    heading: "Patient information",
    blocks: [
      ...paragraphs(
        "5a",
        known(patient.age) === undefined && known(patient.sex) === undefined ? prose`Age and sex are not recorded` : prose`The patient was ${who(telling)}`,
        known(patient.age) !== undefined && known(patient.sex) === undefined ? prose`Sex is not recorded` : undefined,
        body.length === 0 ? undefined : prose`The patient ${listed(body)}`,
        unknownBody.length === 0 ? undefined : prose`${listed(unknownBody.map((w) => word(w)))} ${word(unknownBody.length === 1 ? "is" : "are")} not recorded`,
      ),
      ...(complaints.length === 0
        ? [absent("5b", "the main concerns and symptoms of the patient")]
        : paragraphs("5b", prose`The patient presented with ${listed(complaints.map((c) => prose`${complaintPhrase(c)}`))}`)),
      ...(history === undefined && family === undefined
        ? [absent("5c", "medical, family and psychosocial history, including genetic information", patientReason(patient.history))]
        : paragraphs(
            "5c",
            history === undefined ? prose`Medical history is not recorded` : prose`Medical history: ${said(inside(history), "patient")}`,
            family === undefined ? prose`Family history is not recorded` : prose`Family history: ${said(inside(family), "patient")}`,
          )),
      ...earlier(telling),
    ],
  };
}

/** Treatments that the record places before its first time point. */
export function earlierInterventions({ view }: Telling): (EntryOf<"procedure"> | EntryOf<"drug"> | EntryOf<"radiotherapy">)[] {
  const first = view.record.timePoints[0]?.id;
  if (first === undefined) return [];
  return [...view.all("procedure"), ...view.all("drug"), ...view.all("radiotherapy")].filter((entry) => {
    const gap = view.timing.gap(entry.id, first);
    return gap.atLeastDays !== undefined && gap.atLeastDays >= 0 && gap.atMostDays !== 0;
  });
}

function earlier(telling: Telling) {
  const entries = earlierInterventions(telling);
  if (entries.length === 0) return [absent("5d", "relevant interventions in the past and their outcomes")];
  return paragraphs(
    "5d",
    prose`Before the first time point: ${listed(entries.map((e) => said(inside(e.label ?? (e.kind === "procedure" ? e.what : e.kind === "drug" ? e.name : e.technique)), e.id)))}`,
  );
}

/** CARE 6: the examination. */
export function clinicalFindings(telling: Telling): Section {
  const { view } = telling;
  const done = view.all("examination").filter(happened);
  const by = view.all("measurement").filter((m) => m.method === "palpation" || m.method === "caliper");
  const results = done.map((e): Span[] => {
    const result = known(e.result);
    return prose`${said(inside(e.what), e.id)}${result === undefined ? prose` (result not recorded)` : prose`: ${said(inside(result), e.id)}`}`;
  });
  const blocks = paragraphs(
    "6",
    ...results,
    ...by.map((m) => prose`By ${word(m.method)}${atPoint(telling, m.id).length > 0 ? prose`, ${atPoint(telling, m.id)},` : undefined} the ${lesionName(telling, m.lesion)} measured ${sizeOf(m)}`),
  );
  return { care: "6", heading: "Clinical findings", blocks: orAbsent(blocks, "6", "the findings of the physical examination") };
}
