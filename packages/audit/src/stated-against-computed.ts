import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, placeOf, shortened, type Place } from "./contradiction.ts";

export const statedAgainstComputedRule: RuleInfo = {
  id: "audit/stated-against-computed",
  question: "Does what is stated follow from what is recorded?",
  about: "Every finding whose value the documents state otherwise or with more certainty, or whose inputs contradict one another.",
  source: cite("care2013"),
};

/** Rules whose contradictions have a rule of the audit to themselves. */
const elsewhere = new Set(["imaging/comparability", "evidence/cards", "evidence/claims-against-source"]);

/**
 * Gathers what other rules computed and the documents state otherwise, or state as certain where what is recorded
 * leaves more than one value.
 */
export function statedAgainstComputed(view: CaseView, findings: readonly Finding[]): Finding[] {
  return findings
    .filter((f) => !elsewhere.has(f.rule))
    .flatMap((f) => {
      const differs = f.stated?.agrees === false || f.status === "contradiction";
      const open = f.stated !== undefined && f.status === "undecided" && (f.possible?.length ?? 0) > 1;
      if (!differs && !open) return [];
      const [one, other] = f.because;
      const stated: Place | undefined = f.stated && { says: f.stated.text, place: placeOf(view, f.stated.from, "as stated") };
      return [
        contradiction({
          rule: statedAgainstComputedRule,
          subject: f.subject === undefined ? f.rule : `${f.rule}#${f.subject}`,
          question: f.question,
          status: differs ? "contradiction" : "undecided",
          first: stated ?? { says: one?.text ?? f.text, place: f.rule, entries: one?.entries ?? [] },
          // "IIIB ≠ IIIB" would not say in what they differ; the closed row of the stage does.
          second: stated !== undefined ? { says: differs && stated.says.endsWith(f.text) ? `${f.text}: ${f.brief}` : f.text, place: `computed by ${f.rule}` } : { says: other?.text ?? f.brief, place: f.rule, entries: other?.entries ?? [] },
          brief: shortened(differs ? f.brief : "one answer is stated; what is recorded leaves more than one"),
          because: stated === undefined ? f.because.slice(2) : f.because,
          missing: f.missing,
          assumptions: f.assumptions,
          source: f.source,
          unverified: f.unverified ?? [],
        }),
      ];
    });
}
