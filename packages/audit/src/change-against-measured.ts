import { showNumber } from "@hapax/base";
import { known, lesionSeries, type CaseView, type Finding, type RuleInfo, type SizePoint } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, documentReferences, placeOf } from "./contradiction.ts";

export const changeAgainstMeasuredRule: RuleInfo = {
  id: "audit/change-against-measured",
  question: "Do the measurements bear out the change that is stated?",
  about: "A lesion called larger or smaller, beside its longest diameter and the product of two, at this study and the last before it.",
  source: cite("recist11", "who1979"),
};

/** Stated growth or shrinkage that neither the longest diameter nor the product of diameters shows. */
export function changeAgainstMeasured(view: CaseView): Finding[] {
  const series = lesionSeries(view);
  return view.all("observation").flatMap((observation) => {
    const change = known(observation.change);
    if (change !== "larger" && change !== "smaller") return [];
    const points = series.find((s) => s.lesion.id === observation.lesion)?.points ?? [];
    const at = points.findIndex((p) => p.measurement.study !== undefined && p.measurement.study === observation.study);
    const now = points[at];
    // Only the same method: a palpated or PET size says nothing of growth on CT.
    const before = now && points.slice(0, at).findLast((p) => p.measurement.method === now.measurement.method);
    if (now === undefined || before === undefined) return [];
    const sign = change === "larger" ? 1 : -1;
    const measured = steps(before, now);
    if (measured.some((m) => Math.sign(m.now - m.before) === sign)) return [];
    const lesion = series.find((s) => s.lesion.id === observation.lesion)?.lesion;
    return [
      contradiction({
        rule: changeAgainstMeasuredRule,
        subject: observation.id,
        question: `${lesion?.name ?? "Lesion"}: change stated and measured`,
        first: { says: `${change}, ${sizes(now)}`, place: placeOf(view, observation.from, observation.id), entries: [observation.id, now.measurement.id] },
        second: { says: `${measured.every((m) => m.now === m.before) ? "unchanged" : sign > 0 ? "smaller" : "larger"} than ${sizes(before)}`, place: placeOf(view, before.measurement.from, before.measurement.id), entries: [before.measurement.id] },
        brief: measured.map((m) => `${m.name} ${showNumber(m.before, m.decimals)} → ${showNumber(m.now, m.decimals)} ${m.unit}`).join(", "),
        because: measured.map((m) => ({ text: `${m.name}: ${showNumber(m.before, m.decimals)} → ${showNumber(m.now, m.decimals)} ${m.unit} (${percent(m.before, m.now)})` })),
        missing: [
          ...(known(now.measurement.plane) === undefined || known(before.measurement.plane) === undefined ? [{ input: "plane of both measurements", decides: "whether they may be compared" }] : []),
          ...(known(now.measurement.coverage) === undefined ? [{ input: "coverage of the lesion", decides: "whether a part was outside the field" }] : []),
        ],
        caveats: now.study !== undefined && before.study !== undefined && now.study.region !== before.study.region
          ? [`The studies differ: ${before.study.modality} ${before.study.region.toLowerCase()}, then ${now.study.modality} ${now.study.region.toLowerCase()}.`]
          : [],
        source: [...documentReferences(view), ...changeAgainstMeasuredRule.source],
      }),
    ];
  });
}

interface Step {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  readonly unit: string;
  readonly decimals: number;
}

function steps(before: SizePoint, now: SizePoint): Step[] {
  const [a1 = 0, a2] = before.diametersCm;
  const [b1 = 0, b2] = now.diametersCm;
  const longest: Step = { name: "longest", before: a1, now: b1, unit: "cm", decimals: 1 };
  return a2 === undefined || b2 === undefined ? [longest] : [longest, { name: "product", before: a1 * a2, now: b1 * b2, unit: "cm²", decimals: 1 }];
}

const sizes = (p: SizePoint) => `${p.diametersCm.map((d) => showNumber(d)).join(" × ")} cm`;

function percent(before: number, now: number): string {
  const change = (100 * (now - before)) / before;
  return `${change > 0 ? "+" : ""}${showNumber(change, 0)} %`;
}
