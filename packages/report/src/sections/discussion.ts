import { keyOf, known, titleOf } from "@hapax/case";
import type { Section } from "../document.ts";
import { count, counted, listed, prose, said, table, word } from "../prose.ts";
import { absent, led, orAbsent, paragraphs, patientReason, type Telling } from "../telling.ts";
import { answer } from "./diagnosis.ts";
import { claimParagraphs, isBackground } from "./literature.ts";
import { determinedRisks } from "./risks.ts";
import { contradictions, contradictionTable, openTable } from "./tables.ts";

/** CARE 11: strengths and limits, literature, rationale, lessons. */
export function discussion(telling: Telling): Section {
  const { view, findings } = telling;
  const against = contradictions(telling);
  const unverified = findings.filter((f) => (f.unverified ?? []).length > 0);
  const assumed = findings.filter((f) => f.assumptions.length > 0);
  const waiting = findings.filter((f) => f.status === "undecided");
  const limits = paragraphs(
    "11a",
    findings.length === 0 ? undefined : prose`A strength of this account is that it can be recomputed: ${counted(findings.length, "finding", "findings")} ${word(findings.length === 1 ? "follows" : "follow")} from the record by named rules`,
    waiting.length === 0 ? undefined : prose`It is limited by what was not recorded: ${counted(waiting.length, "finding stays", "findings stay")} undecided (${table("open")})`,
    against.length === 0 ? undefined : prose`The documents contradict themselves, their sources or the computed values in ${counted(against.length, "place", "places")} (${table("contradictions")})`,
    assumed.length === 0 ? undefined : prose`Assumptions that the reader can change stand behind ${counted(assumed.length, "finding", "findings")}`,
    unverified.length === 0 ? undefined : prose`Facts that have not been checked against their source enter ${counted(unverified.length, "finding", "findings")}`,
  );
  const told = new Set<string>();
  const beside = view.all("decision").flatMap((d) => {
    const bearing = findings
      .filter((f) => d.bears?.some((id) => id === f.rule || id === keyOf(f)))
      .filter((f) => f.status === "determined" || f.status === "undecided" || f.status === "contradiction")
      .slice(0, 3)
      .filter((f) => !told.has(keyOf(f)));
    for (const f of bearing) told.add(keyOf(f));
    return bearing.length === 0 ? [] : [prose`Beside the decision “${said(titleOf(d), d.id)}” stand ${listed(bearing.map((f) => answer(f)))}`];
  });
  const decisions = view.all("decision").filter((d) => known(d.because) !== undefined);
  const settled = determinedRisks(telling, false);
  const lessons = [settled, against.length === 0 ? undefined : prose`What the documents state and what follows from them differ in ${counted(against.length, "place", "places")}, and each is listed with both sides`];
  return {
    care: "11",
    heading: "Discussion",
    blocks: [
      ...orAbsent(claimParagraphs(telling, "11b", (c) => !isBackground(c)), "11b", "the relevant literature, with references"),
      ...orAbsent([...limits, ...openTable(telling), ...contradictionTable(telling)], "11a", "strengths and limitations"),
      ...(beside.length > 0
        ? paragraphs("11c", ...beside)
        : decisions.length > 0
          ? paragraphs("11c", prose`The record gives reasons for ${count(decisions.length, ...decisions.map((d) => d.id))} ${word(decisions.length === 1 ? "decision" : "decisions")}`)
          : [absent("11c", "the rationale for the conclusions")]),
      ...(settled === undefined && against.length === 0 ? [absent("11d", "the lessons of the case")] : led("11d", "Conclusion", ...lessons)),
    ],
  };
}

/** CARE 12. */
export function patientPerspective({ view }: Telling): Section {
  const perspective = known(view.record.patient.perspective);
  return {
    care: "12",
    heading: "Patient perspective",
    blocks: perspective === undefined ? [absent("12", "the experience of the patient, in the patient's words where possible", patientReason(view.record.patient.perspective))] : paragraphs("12", said(perspective, "patient")),
  };
}

/** CARE 13. */
export function informedConsent({ view }: Telling): Section {
  const consent = known(view.record.patient.consent);
  return {
    care: "13",
    heading: "Informed consent",
    blocks: consent === undefined ? [absent("13", "whether the patient gave informed consent", patientReason(view.record.patient.consent))] : paragraphs("13", said(consent, "patient")),
  };
}

