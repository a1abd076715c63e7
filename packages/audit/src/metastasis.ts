import { lowerFirst } from "@hapax/base";
import { known, type CaseView, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, documentReferences, placeOf } from "./contradiction.ts";

export const metastasisRule: RuleInfo = {
  id: "audit/metastasis",
  question: "Does M0 agree with what is said and seen of metastasis?",
  about: "The M of a stated stage beside observations called metastatic or equivocal, and statements about the stage.",
  source: cite("ajcc8"),
};

/** A stage with M0 beside everything recorded that speaks of metastasis; the strongest stands first. */
export function metastasis(view: CaseView): Finding[] {
  return view.all("stage").flatMap((stage) => {
    const m = known(stage.m);
    if (m === undefined || !/^[cp]?M0/.test(m)) return [];
    const seen = view.all("observation").flatMap((o) => {
      const metastatic = known(o.metastatic);
      return metastatic === "unequivocal" || metastatic === "equivocal"
        ? [{ weight: metastatic === "unequivocal" ? 3 : 1, says: `${lowerFirst(o.what)}, ${metastatic}`, place: placeOf(view, o.from, o.id), entries: [o.id] }]
        : [];
    });
    const said = view.all("statement").filter((s) => s.about?.includes(stage.id)).map((s) => ({
      weight: /metasta/i.test(s.reading) ? 2 : 0,
      says: s.reading,
      place: placeOf(view, s.from, s.id),
      entries: [s.id],
    }));
    const [strongest, ...more] = [...seen, ...said].sort((a, b) => b.weight - a.weight);
    if (strongest === undefined) return [];
    return [
      contradiction({
        rule: metastasisRule,
        subject: stage.id,
        question: "M0 beside metastasis",
        // A nodule in doubt leaves M0 open; a metastasis that is named contradicts it.
        status: strongest.weight >= 2 ? "contradiction" : "undecided",
        first: { says: m, place: placeOf(view, stage.from, stage.id), entries: [stage.id] },
        second: strongest,
        more,
        brief: more.length === 0 ? `${m}, and one place that suggests otherwise` : `${m}, and ${1 + more.length} places that say or suggest otherwise`,
        caveats: ["A stage is of its time: a metastasis that came later does not change the M at diagnosis."],
        source: [...documentReferences(view), ...metastasisRule.source],
      }),
    ];
  });
}
