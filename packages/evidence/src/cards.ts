import { show } from "@hapax/base";
import type { CaseView, EntryOf, Finding, RuleInfo, Study, StudyResult } from "@hapax/case";
import { cite } from "@hapax/references";
import { checkedWords, documentsOf, nameOf, sourcesOf, valueOf } from "./compare.ts";

export const cardsRule: RuleInfo = {
  id: "evidence/cards",
  question: "What is published, and how directly does it apply?",
  about: "One card per topic: what the documents of the case cite, what the library holds, how far it was checked.",
  source: cite("care2013"),
};

/** One card per topic: claims as cited beside results as read, with directness; two readings are shown, never merged. */
export function cards(view: CaseView, studies: readonly Study[]): Finding[] {
  const citations = new Map(view.record.documents.flatMap((d) => (d.citation === undefined ? [] : [[d.id, d.citation] as const])));
  const claims = Map.groupBy(view.all("claim"), (c) => c.topic);
  const results = Map.groupBy(
    studies.flatMap((study) => study.results.map((result) => ({ study, result }))),
    (r) => r.result.topic,
  );
  return [...new Set([...claims.keys(), ...results.keys()])].map((topic) => {
    const cited = claims.get(topic) ?? [];
    const read = results.get(topic) ?? [];
    const readings = [...new Set([...read.map((r) => r.result.reading), ...cited.flatMap((c) => c.reading ?? [])])];
    const sources = [...sourcesOf(read.map((r) => r.study)), ...documentsOf(cited, citations)];
    const says = readings.join(" or ");
    const checked = read.length > 0;
    return {
      rule: cardsRule.id,
      subject: slug(topic),
      question: topic,
      status: !checked || readings.length > 1 ? "undecided" : "determined",
      ...(checked && readings.length === 1 ? { value: readings[0] } : { possible: readings }),
      text: readings.length > 1 ? `{${readings.join("; ")}}` : says,
      brief: !checked ? "cited, source not found" : readings.length > 1 ? "two or more readings" : briefOf(read),
      because: [
        ...cited.map((c) => ({ text: `Cited (${c.reference}): ${c.says}`, entries: [c.id] })),
        ...read.map((r) => ({ text: `${nameOf(r.study)}${sizeOf(r.study)}: ${r.result.says}` })),
      ],
      missing: checked ? [] : cited.map((c) => ({ input: `the work cited as ${c.reference}`, decides: "whether the source says what is cited" })),
      assumptions: [],
      source: sources.length > 0 ? sources : cardsRule.source,
      unverified: read.filter((r) => r.study.checked !== "read").map((r) => `${nameOf(r.study)}: ${checkedWords[r.study.checked]}.`),
      table: {
        columns: ["from", "says", "figures", "directness", "checked"],
        rows: [
          ...cited.map((c) => [`cited as ${c.reference}`, c.reading ?? c.says, figures(c.figures), "as cited", citedChecked(c, studies)]),
          ...read.map((r) => [nameOf(r.study) + sizeOf(r.study), r.result.reading, figures(r.result.figures), r.study.directness, checkedWords[r.study.checked]]),
        ],
      },
    };
  });
}

function citedChecked(claim: EntryOf<"claim">, studies: readonly Study[]): string {
  const study = studies.find((s) => s.key === valueOf(claim.study));
  if (study === undefined) return "source not found";
  return claim.study?.state === "uncertain" ? `likely ${nameOf(study)}` : nameOf(study);
}

const briefOf = (read: readonly { study: Study }[]) => read.map((r) => `${nameOf(r.study)}${sizeOf(r.study)}`).join("; ").slice(0, 88);

/** ", n 26", or nothing where the number of patients is not known. */
const sizeOf = (study: Study) => (study.n === undefined ? "" : `, n ${study.n}`);

/** Figures for the eye: "median PFS 9 months (5.5 to 12)". */
export function figures(list: StudyResult["figures"]): string {
  if (list === undefined || list.length === 0) return "none";
  return list.map((f) => `${f.name} ${show(f.quantity)}${f.interval === undefined ? "" : ` (${f.interval[0]} to ${f.interval[1]})`}`).join("; ");
}

const slug = (topic: string) => topic.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
