import { known, titleOf, type CaseView, type EntryOf, type Finding, type RuleInfo, type Study } from "@hapax/case";
import { cite } from "@hapax/references";
import { checkedWords, nameOf, sourcesOf } from "./compare.ts";

export const treatmentFactsRule: RuleInfo = {
  id: "evidence/treatment-facts",
  question: "Treatments as published",
  about: "Every treated cohort and patient of the library, with response, outcome and biomarker, beside what the case had. No advice.",
  source: cite("care2013"),
};

/** What was published of each treatment, and which of it concerns a drug or a marker of the case. */
export function treatmentFacts(view: CaseView, studies: readonly Study[]): Finding[] {
  const treated = studies.filter((s) => s.treatment !== undefined);
  if (treated.length === 0) return [];
  const drugs = view.all("drug").filter((d) => d.purpose === "antitumor");
  const about = (drug: EntryOf<"drug">) => treated.filter((s) => names(s, drug));
  const ofClass = (drug: EntryOf<"drug">) => {
    const classes = new Set(about(drug).flatMap((s) => classOf(s) ?? []));
    return treated.filter((s) => !names(s, drug) && [...classes].some((c) => s.treatment?.includes(c)));
  };
  const open = openMarkers(view, treated);
  const direct = treated.filter((s) => s.directness === "this tumor").length;
  return [
    {
      rule: treatmentFactsRule.id,
      question: treatmentFactsRule.question,
      status: "determined",
      value: treated.map((s) => s.key),
      text: `${treated.length} cohorts and patients, ${direct} with this tumor, ${treated.filter((s) => s.checked === "read").length} with the source read`,
      brief: drugs.length === 0 ? "no antitumor drug in the case" : drugs.map((d) => `${d.name}: ${about(d).length} published, ${ofClass(d).length} more of its class`).join(", "),
      because: [
        ...drugs.map((d) => ({ text: `${titleOf(d)} (${d.state === "recorded" ? "given" : d.state}): ${listed(about(d))}; others of its class: ${listed(ofClass(d))}`, entries: [d.id] })),
        ...(drugs.length === 0 ? [{ text: "No antitumor drug is recorded." }] : []),
      ],
      missing: open,
      assumptions: [],
      source: sourcesOf(treated),
      caveats: ["Facts as published, side by side; patients differ, and nothing here compares one treatment with another."],
      unverified: treated.filter((s) => s.checked !== "read").map((s) => `${nameOf(s)}: ${checkedWords[s.checked]}.`),
      table: {
        columns: ["from", "n", "population", "treatment", "response", "outcome", "biomarker", "directness", "checked"],
        rows: treated.map((s) => [
          nameOf(s), s.n === undefined ? "not told" : String(s.n), s.population, s.treatment ?? "", s.response ?? "not told", s.outcome ?? "not told", s.biomarker ?? "none told", s.directness, checkedWords[s.checked],
        ]),
      },
    },
  ];
}

const listed = (studies: readonly Study[]) => studies.map(nameOf).join(", ") || "none in the library";

/** True when a treatment names the drug as a word: neither temsirolimus nor nab-sirolimus is sirolimus by mouth. */
function names(study: Study, drug: EntryOf<"drug">): boolean {
  return study.treatment?.toLowerCase().split(/[^a-z0-9-]+/).includes(drug.name.toLowerCase()) ?? false;
}

/** "mTOR inhibitor" of "mTOR inhibitor: sirolimus". */
const classOf = (study: Study) => /^(.+? inhibitor)(?= with|:|;)/.exec(study.treatment ?? "")?.[1];

/** Markers of the case without a result that a published treatment depends on. */
function openMarkers(view: CaseView, treated: readonly Study[]): Finding["missing"] {
  const tests = [
    ...view.all("stain").map((s) => ({ name: s.marker, fact: s.result })),
    ...view.all("molecular").map((m) => ({ name: m.gene, fact: m.result })),
  ];
  const decided = new Set(tests.filter((t) => known(t.fact) !== undefined).map((t) => t.name));
  const names = [...new Set(tests.map((t) => t.name))].filter((name) => !decided.has(name));
  return names.flatMap((name) => {
    const bears = treated.filter((s) => s.biomarker?.includes(name));
    if (bears.length === 0) return [];
    const state = tests.some((t) => t.name === name && t.fact?.state === "not performed") ? ("not performed" as const) : ("not recorded" as const);
    return [{ input: name, decides: `whether ${bears.map(nameOf).join(", ")} concern this tumor`, state }];
  });
}
