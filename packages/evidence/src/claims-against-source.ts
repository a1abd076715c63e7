import type { CaseView, Finding, RuleInfo, Study } from "@hapax/case";
import { cite, type Reference } from "@hapax/references";
import { checkedWords, compareClaim, documentsOf, nameOf, sourcesOf, type Comparison } from "./compare.ts";

export const claimsAgainstSourceRule: RuleInfo = {
  id: "evidence/claims-against-source",
  question: "Does the source say what is cited?",
  about: "Each claim beside its source and the rest of the library: reading, figures, population, qualifiers.",
  source: cite("care2013"),
};

/** Each claim of the case held against its source; undecided where the source was not found or is silent. */
export function claimsAgainstSource(view: CaseView, studies: readonly Study[]): Finding[] {
  const citations = new Map(view.record.documents.flatMap((d) => (d.citation === undefined ? [] : [[d.id, d.citation] as const])));
  return view.all("claim").map((claim) => finding(compareClaim(claim, studies), documentsOf([claim], citations)));
}

function finding(comparison: Comparison, documents: readonly Reference[]): Finding<string> {
  const { claim, study, results, differences, beside } = comparison;
  const reading = claim.reading ?? claim.says;
  const place = claim.from?.[0]?.place ?? claim.id;
  const cited = { text: `Cited: ${claim.says}`, entries: [claim.id] };
  const consulted = [study, ...differences.map((d) => d.study), ...beside.map((b) => b.study)].filter((s) => s !== undefined);
  const sources = [...sourcesOf(consulted), ...documents];
  const common = {
    rule: claimsAgainstSourceRule.id,
    subject: claim.id,
    question: `${claim.topic}, reference ${claim.reference}`,
    assumptions: [],
    source: sources.length > 0 ? sources : claimsAgainstSourceRule.source,
    caveats: beside.map((b) => `${nameOf(b.study)} on the same: ${b.result.says}`),
    unverified: doubts(comparison),
  };
  const first = differences[0];
  if (first !== undefined) {
    return {
      ...common,
      status: "contradiction",
      possible: [...new Set([first.claim, ...differences.map((d) => d.source)])],
      text: `${first.claim} ≠ ${first.source}`,
      brief: kinds[first.kind],
      because: [cited, ...differences.map((d) => ({ text: `${nameOf(d.study)}: ${d.says}` }))],
      missing: [],
      stated: { text: claim.says, from: claim.from, agrees: false },
      table: { columns: ["says", "place"], rows: [[first.claim, place], ...differences.map((d) => [d.source, nameOf(d.study)])] },
    };
  }
  if (study !== undefined && results.length > 0) {
    return {
      ...common,
      status: "determined",
      value: reading,
      text: reading,
      brief: `${nameOf(study)} says so, ${checkedWords[study.checked]}`,
      because: [cited, ...results.map((r) => ({ text: `${nameOf(study)}: ${r.says}`, met: true }))],
      missing: [],
      stated: { text: claim.says, from: claim.from, agrees: true },
      table: { columns: ["says", "place"], rows: [[reading, place], ...results.map((r) => [r.reading, nameOf(study)])] },
    };
  }
  return {
    ...common,
    status: "undecided",
    text: `${reading}, not checked`,
    brief: study === undefined ? `the work behind reference ${claim.reference} was not found` : `${nameOf(study)}: nothing read on this`,
    because: [cited],
    missing: [{ input: study === undefined ? `the work cited as ${claim.reference}` : `what ${nameOf(study)} says on this`, decides: "whether the source says what is cited" }],
  };
}

const kinds = {
  reading: "the source reads otherwise",
  figure: "the source gives another figure",
  directness: "the source is about other tumors",
  qualifier: "a qualifier of the source is dropped",
  "source against itself": "the source contradicts itself",
  "another source": "another source reads otherwise",
} as const;

function doubts({ claim, study, inferred }: Comparison): string[] {
  if (study === undefined) return [];
  const words = [
    inferred ? `That reference ${claim.reference} is ${nameOf(study)} is inferred.` : "",
    study.checked === "second-hand" ? `${nameOf(study)} was read second-hand.` : "",
  ];
  return words.filter((w) => w !== "");
}
