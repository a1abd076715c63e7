import { beforeTreatment, known, type CaseView, type Finding } from "@hapax/case";
import type { CareItem, CareStatus } from "./document.ts";
import { diagnosticChallenges } from "./sections/diagnosis.ts";
import { toleranceStatements } from "./sections/outcome.ts";
import { earlierInterventions } from "./sections/patient.ts";
import { happened, type Telling } from "./telling.ts";

/** The 30 sub-items of the CARE checklist of 2013, in its order. */
const topics = {
  "1": "Title with the focus and “case report”",
  "2": "Two to five key words",
  "3a": "Abstract: what is unique",
  "3b": "Abstract: main symptoms and findings",
  "3c": "Abstract: diagnoses, interventions, outcomes",
  "3d": "Abstract: main lesson",
  "4": "Introduction: why it is unique, with references",
  "5a": "Demographics without identity",
  "5b": "Main concerns and symptoms",
  "5c": "Medical, family, psychosocial and genetic history",
  "5d": "Past interventions and their outcomes",
  "6": "Physical examination",
  "7": "Timeline",
  "8a": "Diagnostic methods",
  "8b": "Diagnostic challenges",
  "8c": "Diagnostic reasoning, with other diagnoses considered",
  "8d": "Prognostic characteristics, such as stage",
  "9a": "Types of intervention",
  "9b": "Dose, strength, duration",
  "9c": "Changes of the intervention, with reasons",
  "10a": "Outcomes as assessed by clinicians and the patient",
  "10b": "Important follow-up test results",
  "10c": "Adherence and tolerance",
  "10d": "Adverse and unanticipated events",
  "11a": "Strengths and limitations",
  "11b": "Relevant literature",
  "11c": "Rationale for the conclusions",
  "11d": "Main lessons",
  "12": "Perspective of the patient",
  "13": "Informed consent",
} as const;
type Item = keyof typeof topics;
type Verdict = readonly [status: CareStatus, why: string];

/**
 * Holds a record against the CARE checklist: which of its 30 sub-items the record answers, and what it lacks. Findings
 * count as reasoning, prognosis, limits and lessons, since the write-up states them.
 *
 * @source  care2013
 */
export function careLint(view: CaseView, findings: readonly Finding[]): CareItem[] {
  const verdicts = judge({ view, findings, figures: [], tumor: undefined });
  return (Object.keys(topics) as Item[]).sort(byNumber).map((item) => ({ item, topic: topics[item], status: verdicts[item][0], why: verdicts[item][1] }));
}

/** How many sub-items are answered, at least partly. */
export function careCoverage(lint: readonly CareItem[]): { covered: number; of: number } {
  return { covered: lint.filter((i) => i.status !== "missing").length, of: lint.length };
}

const byNumber = (a: string, b: string) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b);

function judge(telling: Telling): Record<Item, Verdict> {
  const { view, findings } = telling;
  const { patient, keywords = [], title } = view.record;
  const some = (list: readonly unknown[], one: string, none: string): Verdict => (list.length > 0 ? ["present", `${list.length} ${one}`] : ["missing", none]);
  const all = (parts: readonly (readonly [name: string, there: boolean])[]): Verdict => {
    const lacking = parts.filter(([, there]) => !there).map(([name]) => name);
    return lacking.length === 0 ? ["present", parts.map(([n]) => n).join(", ")] : [lacking.length === parts.length ? "missing" : "partly", `not recorded: ${lacking.join(", ")}`];
  };

  const histologies = view.all("histology").filter(happened);
  const drugs = view.all("drug");
  const courses = view.all("radiotherapy");
  const given = [...drugs, ...courses, ...view.all("procedure")].filter(happened);
  const withoutDose = [
    ...drugs.filter((d) => happened(d) && !d.steps.some((s) => known(s.dose) !== undefined)).map((d) => `dose of ${d.name}`),
    ...courses.filter((c) => happened(c) && (known(c.fractions) === undefined || !c.volumes.some((v) => known(v.dose) !== undefined))).map((c) => `dose or fractions of ${c.technique}`),
  ];
  const steps = drugs.filter(happened).flatMap((d) => d.steps.slice(1));
  const notGiven = [...drugs, ...courses].filter((e) => e.state === "planned, not given" || e.state === "not performed");
  const changes = [...steps, ...notGiven];
  const late = (id: string) => !beforeTreatment(view, id);
  const followed = [...view.all("imaging"), ...view.all("measurement"), ...view.all("lab"), ...view.all("drugLevel")].filter((e) => happened(e) && late(e.id));
  const outcome = view.all("outcome");
  const methods = [...view.all("imaging"), ...view.all("specimen"), ...histologies, ...view.all("stain"), ...view.all("lab")].filter(happened);
  const claims = view.all("claim");
  const statements = view.all("statement");
  const differential = new Set(histologies.map((h) => h.diagnosis)).size > 1 || statements.some((s) => /differential/i.test(s.topic));
  const risk = findings.some((f) => (f.rule.startsWith("pathology/") || f.rule.startsWith("staging/")) && (f.status === "determined" || f.status === "undecided"));
  const limits = statements.some((s) => /limitation|strength/i.test(s.topic));
  const reasoned = view.all("decision").filter((d) => known(d.because) !== undefined);
  const settled = findings.filter((f) => f.status === "determined" || f.status === "contradiction");
  const timed = view.record.entries.filter((e) => e.when !== undefined);
  const complaints = view.all("complaint");
  const examined = view.all("examination").filter(happened);
  const tested = view.all("molecular").some((m) => happened(m) && known(m.result) !== undefined);

  return {
    "1": [title === view.record.name ? "partly" : "present", title === view.record.name ? "the title names no diagnosis" : "the title of the case"],
    "2": keywords.length === 0 ? ["missing", "no key words are recorded"] : keywords.length < 2 || keywords.length > 5 ? ["partly", `${keywords.length} where two to five are asked for`] : ["present", `${keywords.length} key words`],
    "3a": histologies.length > 0 ? ["present", "the diagnosis and its place"] : ["missing", "no diagnosis is recorded"],
    "3b": all([["complaints", complaints.length > 0], ["findings", examined.length + methods.length > 0]]),
    "3c": all([["diagnosis", histologies.length > 0], ["interventions", given.length > 0], ["outcome", outcome.length > 0]]),
    "3d": settled.length > 0 ? ["present", `${settled.length} conclusions`] : ["missing", "nothing is concluded from the record"],
    "4": claims.length > 0 ? ["present", `${claims.length} statements on the literature`] : ["missing", "no reference to the literature is recorded"],
    "5a": all([["age", known(patient.age) !== undefined], ["sex", known(patient.sex) !== undefined]]),
    "5b": some(complaints, "complaints", "no complaint is recorded"),
    "5c": all([["medical history", known(patient.history) !== undefined], ["family history", known(patient.familyHistory) !== undefined], ["genetic information", tested]]),
    "5d": some(earlierInterventions(telling), "interventions before the first time point", "no earlier intervention is recorded, nor that there was none"),
    "6": some(examined, "examinations", "no examination is recorded"),
    "7": timed.length === 0 ? ["missing", "no event has a time"] : view.record.timePoints.length < 2 ? ["partly", "one time point only"] : ["present", `${view.record.timePoints.length} time points`],
    "8a": some(methods, "studies and tests", "no study or test is recorded"),
    "8b": some(diagnosticChallenges(telling), "difficulties named", "no difficulty of the diagnosis is named"),
    "8c": histologies.length === 0 ? ["missing", "no diagnosis is recorded"] : differential ? ["present", "other diagnoses are considered"] : ["partly", "no other diagnosis is considered"],
    "8d": view.all("stage").some(happened) || risk ? ["present", "stage or risk"] : ["missing", "no stage and no risk"],
    "9a": some(given, "interventions", "no intervention is recorded"),
    "9b": given.length === 0 ? ["missing", "no intervention is recorded"] : withoutDose.length === 0 ? ["present", "every dose is recorded"] : ["partly", `not recorded: ${withoutDose.join(", ")}`],
    "9c": changes.length === 0 ? ["missing", "no change is recorded"] : changes.some((c) => c.reason !== undefined) ? ["present", `${changes.length} changes`] : ["partly", "no reason of a change is recorded"],
    "10a": outcome.length === 0 && followed.length === 0 ? ["missing", "no outcome and no follow-up is recorded"] : outcome.length === 0 ? ["partly", "no outcome is recorded"] : ["present", "outcome as clinicians saw it"],
    "10b": some(followed, "tests after the start of treatment", "no test after the start of treatment is recorded"),
    "10c": some(toleranceStatements(telling), "statements", "adherence and tolerance are not recorded"),
    "10d": some(view.all("complication"), "complications", "no complication is recorded, nor that there was none"),
    "11a": limits ? ["present", "strengths or limitations are stated"] : settled.length > 0 ? ["partly", "the record states no limitation; those that the rules found are listed"] : ["missing", "no strength or limitation is recorded"],
    "11b": some(claims, "statements on the literature", "no reference to the literature is recorded"),
    "11c": some(reasoned, "decisions with reasons", "no decision with a reason is recorded"),
    "11d": settled.length > 0 ? ["present", `${settled.length} conclusions`] : ["missing", "nothing is concluded from the record"],
    "12": known(patient.perspective) === undefined ? ["missing", "not recorded"] : ["present", "recorded"],
    "13": known(patient.consent) === undefined ? ["missing", "not recorded"] : ["present", "recorded"],
  };
}
