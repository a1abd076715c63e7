import { titleOf, type CaseView, type Finding, type RuleInfo, type Study } from "@hapax/case";
import { cite, findReference } from "@hapax/references";
import { documentReferences, placeOf, shortened } from "./contradiction.ts";

export const gapsRule: RuleInfo = {
  id: "audit/gaps",
  question: "What do the documents leave out?",
  about: "What is known to be missing from a document, treatments whose end is not recorded, claims of a study that the library does not hold.",
  source: cite("care2013"),
};

/** What is known to be missing: in each document, at the end of what was begun, and in the library. */
export function gaps(view: CaseView, studies: readonly Study[]): Finding[] {
  const common = { rule: gapsRule.id, assumptions: [] } as const;
  const ofDocuments = view.record.documents.flatMap((document) =>
    (document.gaps ?? []).map((gap, i): Finding => {
      const reference = document.citation === undefined ? undefined : findReference(document.citation);
      return {
        ...common,
        subject: `${document.id}/${i + 1}`,
        question: `Missing from: ${shortened(document.title, 60)}`,
        status: "not recorded",
        text: gap,
        brief: shortened(gap),
        because: [{ text: `${gap} (${document.title})` }],
        missing: [{ input: gap, decides: "what the record leaves open because of it" }],
        source: reference === undefined ? gapsRule.source : [reference],
      };
    }),
  );
  const unfinished = view.record.entries
    .filter((e) => e.state === "completion not recorded")
    .map((entry): Finding => ({
      ...common,
      subject: entry.id,
      question: `${titleOf(entry)}: completed?`,
      status: "undecided",
      possible: ["completed", "not completed"],
      text: "completion not recorded",
      brief: shortened(entry.reason ?? "its end is not in the documents"),
      because: [{ text: `Begun (${placeOf(view, entry.from, entry.id)}); ${entry.reason ?? "its end is not in the documents"}`, entries: [entry.id] }],
      missing: [{ input: `the end of ${titleOf(entry)}`, decides: "how much of it was given" }],
      source: documentReferences(view),
    }));
  const keys = new Set(studies.map((s) => s.key));
  const strangers = view.all("claim").flatMap((claim): Finding[] => {
    const key = claim.study?.state === "recorded" || claim.study?.state === "uncertain" ? claim.study.value : undefined;
    if (key === undefined || keys.has(key)) return [];
    return [
      {
        ...common,
        subject: claim.id,
        question: `Reference ${claim.reference}: in the library?`,
        status: "not recorded",
        text: `${key} is not in the library`,
        brief: shortened(`${claim.topic}: cannot be held against its source`),
        because: [{ text: `Names ${key} (${placeOf(view, claim.from, claim.id)})`, entries: [claim.id] }],
        missing: [{ input: key, decides: "whether the source says what is cited" }],
        source: documentReferences(view),
      },
    ];
  });
  return [...ofDocuments, ...unfinished, ...strangers];
}
