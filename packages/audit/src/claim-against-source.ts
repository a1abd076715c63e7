import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, shortened } from "./contradiction.ts";

export const claimAgainstSourceRule: RuleInfo = {
  id: "audit/claim-against-source",
  question: "Do the sources say what is cited?",
  about: "Every claim of the documents that differs from its source, or that another source contradicts.",
  source: cite("care2013"),
};

/** Gathers the claims that the evidence found to differ, with what is cited and each source that reads otherwise. */
export function claimAgainstSource(view: CaseView, findings: readonly Finding[]): Finding[] {
  return findings
    .filter((f) => f.rule === "evidence/claims-against-source" && f.status === "contradiction")
    .flatMap((f) => {
      const [first, second, ...more] = (f.table?.rows ?? []).map(([says = "", place = ""]) => ({ says, place }));
      if (first === undefined || second === undefined) return [];
      const entries = view.get(f.subject ?? "") === undefined ? [] : [f.subject ?? ""];
      return [
        contradiction({
          rule: claimAgainstSourceRule,
          subject: f.subject ?? f.question,
          question: f.question,
          first: { ...first, entries },
          second,
          more,
          brief: shortened(f.brief),
          because: f.because,
          caveats: f.caveats ?? [],
          unverified: f.unverified ?? [],
          source: f.source,
        }),
      ];
    });
}
