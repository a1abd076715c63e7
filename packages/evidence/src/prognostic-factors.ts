import { convert, show, type Quantity } from "@hapax/base";
import { atDiagnosis, beforeTreatment, known, type AtDiagnosis, type CaseView, type Finding, type RuleInfo, type Study, type Tri } from "@hapax/case";
import { cite } from "@hapax/references";
import { checkedWords, documentsOf, nameOf, sourcesOf } from "./compare.ts";
import { figures } from "./cards.ts";

export const prognosticFactorsRule: RuleInfo = {
  id: "evidence/prognostic-factors",
  question: "Published prognostic factors, in this case",
  about: "Every factor that the library or the documents call prognostic, with its presence in the case and its source.",
  source: cite("care2013"),
};

const prefix = "Prognosis: ";

/** A factor as the case has it: present, absent, or not known, in words. */
interface InCase {
  readonly met: Tri;
  readonly says: string;
  readonly entries: readonly string[];
  /** True where something would have to be recorded to know; a size between two cuts lacks nothing. */
  readonly lacking?: boolean;
}

/**
 * The published prognostic factors beside the case. A factor is one association in one cohort, most of them after
 * resection: the finding lists, it does not weigh.
 */
export function prognosticFactors(view: CaseView, studies: readonly Study[]): Finding[] {
  const published = studies.flatMap((study) => study.results.filter((r) => r.topic.startsWith(prefix)).map((result) => ({ study, result })));
  const cited = view.all("claim").filter((c) => c.topic.startsWith(prefix));
  const factors = [...new Set([...published.map((p) => p.result.topic), ...cited.map((c) => c.topic)])];
  if (factors.length === 0) return [];
  const diagnosis = atDiagnosis(view);
  const rows = factors.map((topic) => {
    const factor = topic.slice(prefix.length);
    const of = published.filter((p) => p.result.topic === topic);
    const cut = of.flatMap((p) => p.result.figures?.find((f) => f.name === "size")?.quantity ?? []);
    return { factor, of, cited: cited.filter((c) => c.topic === topic), inCase: inCase(view, diagnosis, factor, cut) };
  });
  const names = (met: Tri) => rows.filter((r) => r.inCase.met === met).map((r) => r.factor);
  const [present, absent, open] = [names(true), names(false), names(undefined)];
  const citations = new Map(view.record.documents.flatMap((d) => (d.citation === undefined ? [] : [[d.id, d.citation] as const])));
  const sources = [...sourcesOf(published.map((p) => p.study)), ...documentsOf(cited, citations)];
  return [
    {
      rule: prognosticFactorsRule.id,
      question: prognosticFactorsRule.question,
      status: open.length === 0 ? "determined" : "undecided",
      value: present,
      text: [`present: ${list(present)}`, `absent: ${list(absent)}`, `open: ${list(open)}`].join(" · "),
      brief: `${present.length} present, ${absent.length} absent, ${open.length} not known`,
      because: rows.map((r) => ({ text: `${r.factor}: ${r.inCase.says}`, met: r.inCase.met, entries: r.inCase.entries })),
      missing: rows.filter((r) => r.inCase.lacking === true).map((r) => ({ input: r.factor, decides: "whether this factor is present" })),
      assumptions: [],
      source: sources.length > 0 ? sources : prognosticFactorsRule.source,
      caveats: ["Associations in single cohorts, most of them after resection; they are listed and not added up."],
      unverified: published.filter((p) => p.study.checked !== "read").map((p) => `${nameOf(p.study)}: ${checkedWords[p.study.checked]}.`),
      table: {
        columns: ["factor", "in this case", "published", "figures", "directness", "from"],
        rows: rows.flatMap((r) =>
          r.of.length > 0
            ? r.of.map((p) => [r.factor, r.inCase.says, p.result.says, figures(p.result.figures), p.study.directness, nameOf(p.study)])
            : r.cited.map((c) => [r.factor, r.inCase.says, c.says, figures(c.figures), "as cited", `cited as ${c.reference}, source not found`]),
        ),
      },
    },
  ];
}

const list = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(", "));

/** Looks the factor up in the record; a factor that the record has no place for is not known. */
function inCase(view: CaseView, { inputs, origins }: AtDiagnosis, factor: string, cuts: readonly Quantity[]): InCase {
  const not = (says: string): InCase => ({ met: undefined, says, entries: [], lacking: true });
  switch (factor) {
    case "tumor size": {
      const { size } = inputs;
      const highest = cuts.reduce<Quantity | undefined>((a, b) => (a === undefined || convert(b, "cm") > convert(a, "cm") ? b : a), undefined);
      if (size === undefined || highest === undefined) return not("not recorded");
      const met = cuts.map((cut) => convert(size, "cm") >= convert(cut, "cm"));
      const all = met.every(Boolean) ? true : met.some(Boolean) ? undefined : false;
      return { met: all, says: `${show(size)}; cuts ${cuts.map(show).join(" and ")}`, entries: origins.size?.entries ?? [] };
    }
    case "mitotic rate": {
      const { mitoses } = inputs;
      if (mitoses === undefined) return not("not recorded");
      // Twelve digits, so that 1 in 50 stays exactly on the cut of 1.
      const per50 = Number(((mitoses.count * 50) / mitoses.hpf).toPrecision(12));
      return { met: per50 > 1, says: `${show({ value: per50, unit: "1" })} per 50 HPF`, entries: origins.mitoses?.entries ?? [] };
    }
    case "necrosis":
      return yesNo(inputs.necrosis, origins.necrosis?.entries);
    case "positive margins":
      if (inputs.resected === false) return { met: undefined, says: "not resected", entries: [] };
      return inputs.margins === undefined ? not("not recorded") : { met: inputs.margins !== "R0", says: inputs.margins, entries: origins.margins?.entries ?? [] };
    case "male sex":
      return inputs.sex === undefined ? not("not recorded") : { met: inputs.sex === "male", says: inputs.sex, entries: [] };
    case "histologic grade": {
      const stage = view.all("stage")[0];
      const grade = stage && known(stage.g);
      return grade === undefined ? not("not recorded") : { met: undefined, says: `${grade} as stated; see the grade`, entries: stage ? [stage.id] : [] };
    }
    case "metastasis at diagnosis":
      return atStage(view, "m");
    case "lymph node metastasis":
      return atStage(view, "n");
    case "interval to the first lung metastasis":
      return not("not in the record");
    case "grouped risk of Bleeker":
      return { met: undefined, says: "see the risk by Bleeker 2012", entries: [] };
    default: {
      const marker = /^(.+) over-expression$/.exec(factor)?.[1];
      const stain = view.all("stain").find((s) => s.marker.toLowerCase() === marker?.toLowerCase());
      if (stain === undefined) return not("not in the record");
      const result = known(stain.result);
      const met = result === undefined || result === "equivocal" ? undefined : result !== "negative";
      return { met, says: `${stain.marker} ${result ?? stain.result?.state ?? "not recorded"}`, entries: [stain.id], lacking: met === undefined };
    }
  }
}

function yesNo(value: Tri, entries: readonly string[] = []): InCase {
  return { met: value, says: value === undefined ? "not recorded" : value ? "yes" : "no", entries, lacking: value === undefined };
}

/** N or M as stated, in doubt where something seen before treatment may be a metastasis. */
function atStage(view: CaseView, category: "n" | "m"): InCase {
  const stage = view.all("stage")[0];
  const stated = stage && known(stage[category]);
  const seen = category === "n" ? [] : view.all("observation").filter((o) => ["equivocal", "unequivocal"].includes(known(o.metastatic) ?? "") && beforeTreatment(view, o.id));
  const entries = [...(stage ? [stage.id] : []), ...seen.map((o) => o.id)];
  if (seen.some((o) => known(o.metastatic) === "unequivocal")) return { met: true, says: "seen before treatment", entries };
  if (stated === undefined) return { met: undefined, says: "not recorded", entries, lacking: true };
  if (/X/i.test(stated)) return { met: undefined, says: `${stated} as stated`, entries, lacking: true };
  const positive = !/0/.test(stated);
  if (!positive && seen.length > 0) return { met: undefined, says: `${stated} as stated, with ${seen.map((o) => o.what.toLowerCase()).join(", ")}`, entries, lacking: true };
  return { met: positive, says: `${stated} as stated`, entries };
}
