import { showNumber } from "@hapax/base";
import { lesionSeries, type CaseView, type Finding, type RuleInfo, type SizePoint } from "@hapax/case";
import { cite } from "@hapax/references";
import { assessmentsOf, changeText, followUpOf, sequenceText, sizeBy, sizeText, targetsOf, treatmentsOf, type Assessment } from "./assessments.ts";

export type WhoResponse = "CR" | "PR" | "NC" | "PD" | "NE";

/** Cut-offs of the WHO criteria on the sum of products: −50 % and +25 %. */
export const whoCutoffs = { partial: 0.5, progression: 1.25 } as const;

const rounding = 1e-9;

/**
 * Response by sums of products of two diameters: PD at +25 % over the smallest sum, PR at −50 % of baseline, no change
 * between.
 *
 * @param sumCm2       sum of products now, cm²; undefined when a lesion lacks two diameters
 * @param baselineCm2  sum at baseline, cm²
 * @param nadirCm2     smallest sum so far, baseline included, cm²
 * @source             who1979
 */
export function whoResponse(sumCm2: number | undefined, baselineCm2: number, nadirCm2: number): WhoResponse {
  if (sumCm2 === undefined) return "NE";
  if (sumCm2 === 0) return "CR";
  if (sumCm2 >= whoCutoffs.progression * nadirCm2 * (1 - rounding)) return "PD";
  return sumCm2 <= whoCutoffs.partial * baselineCm2 * (1 + rounding) ? "PR" : "NC";
}

export const who1979Info: RuleInfo = {
  id: "imaging/who1979",
  question: "Response, WHO 1979",
  about: "Sum of the products of the two largest perpendicular diameters; it can turn another way than the sum of longest diameters when a lesion changes its shape.",
  source: cite("who1979"),
};

/** Product of the two largest diameters, cm²; undefined where fewer than two are reported. */
export const product = (size: SizePoint | undefined) =>
  size === undefined || size.diametersCm.length < 2 ? undefined : (size.diametersCm[0] ?? 0) * (size.diametersCm[1] ?? 0);
const cm2 = (value: number) => `${showNumber(value, 1)} cm²`;

/** Response of the two-diameter products to every treatment that has a baseline. */
export function who1979(view: CaseView): Finding<WhoResponse[]>[] {
  const assessments = assessmentsOf(view);
  const twoDiameters = new Set(lesionSeries(view).filter((s) => s.points.some((p) => p.diametersCm.length > 1)).map((s) => s.lesion.id));
  const targets = targetsOf(view, (lesion) => twoDiameters.has(lesion.id));
  return treatmentsOf(view).flatMap((treatment): Finding<WhoResponse[]>[] => {
    const followUp = followUpOf(view, treatment, targets, assessments);
    if (followUp === undefined) return [];
    const { baseline, methodOf, after } = followUp;
    const sums = (a: Assessment) => {
      const sizes = targets.lesions.map((l) => sizeBy(a.sizes.get(l.id), methodOf.get(l.id) ?? ""));
      const products = sizes.map(product);
      const known = products.filter((p) => p !== undefined);
      return {
        measured: sizes.some((s) => s !== undefined),
        product: known.length === products.length ? known.reduce((x, y) => x + y, 0) : undefined,
        longest: sizes.every((s) => s !== undefined) ? sizes.reduce((x, s) => x + (s?.diametersCm[0] ?? 0), 0) : undefined,
        sizes,
      };
    };
    const start = sums(baseline);
    const base = start.product;
    if (base === undefined || base === 0) return [];
    let nadir = base;
    const caveats = [...followUp.caveats];
    const rows = after.flatMap((a) => {
      const now = sums(a);
      if (!now.measured) return [];
      const response = whoResponse(now.product, base, nadir);
      const against = now.product === undefined ? undefined : { baseline: changeText(base, now.product), nadir: changeText(nadir, now.product) };
      if (now.product !== undefined && now.longest !== undefined && start.longest !== undefined && (now.product - base) * (now.longest - start.longest) < 0) {
        const shapes = targets.lesions.flatMap((l, i) => {
          const [before, later] = [start.sizes[i], now.sizes[i]];
          return before !== undefined && later !== undefined && ((product(later) ?? 0) - base) !== 0 && (product(later) ?? 0) < (product(before) ?? 0)
            ? [`${l.name} ${sizeText(before)}, then ${sizeText(later)}`]
            : [];
        });
        caveats.push(`At ${a.timePoint} the products and the longest diameters disagree on direction: ${changeText(base, now.product)} and ${changeText(start.longest, now.longest)} (${shapes.join("; ")}).`);
      }
      if (now.product !== undefined) nadir = Math.min(nadir, now.product);
      return [{ timePoint: a.timePoint, sum: now.product, response, against, entries: [...a.sizes.values()].flat().map((p) => p.measurement.id) }];
    });
    const value = rows.map((r) => r.response);
    const turns = rows.filter((r, i) => r.response !== rows[i - 1]?.response);
    return [{
      rule: who1979Info.id,
      subject: treatment.id,
      question: `Response to ${treatment.name}, WHO products`,
      status: rows.length === 0 ? "not recorded" : value.every((v) => v === "NE") ? "undecided" : "determined",
      ...(rows.length > 0 && value.some((v) => v !== "NE") ? { value } : {}),
      text: rows.length === 0 ? "not assessed" : sequenceText(value),
      brief:
        rows.length === 0
          ? `Baseline ${baseline.timePoint}, ${cm2(base)}; no comparable imaging after it`
          : `${showNumber(base, 1)} → ${turns.map((r) => (r.sum === undefined ? `${r.timePoint} not measured` : `${cm2(r.sum)} (${changeText(base, r.sum, 0)}) at ${r.timePoint}`)).join("; ")}`,
      because: [
        {
          text: `Baseline ${baseline.timePoint}: ${start.sizes.map((s) => (s === undefined ? "" : `${s.diametersCm.slice(0, 2).map((d) => showNumber(d)).join(" × ")} = ${cm2(product(s) ?? 0)}`)).join(", ")}; sum ${cm2(base)}.`,
          entries: [...baseline.sizes.values()].flat().map((p) => p.measurement.id),
        },
        ...rows.map((r) => ({
          text: r.sum === undefined || r.against === undefined
            ? `${r.timePoint}: not every target has two diameters by the same method: NE.`
            : `${r.timePoint}: ${cm2(r.sum)}, ${r.against.baseline} against baseline, ${r.against.nadir} against the smallest: ${r.response}.`,
          entries: r.entries,
        })),
      ],
      missing: [
        ...(rows.length === 0 ? [{ input: `CT or MR after ${treatment.name}`, decides: `response to ${treatment.name}` }] : []),
        ...rows.filter((r) => r.sum === undefined).map((r) => ({ input: `Two diameters of every target at ${r.timePoint}`, decides: `product at ${r.timePoint}` })),
      ],
      assumptions: [],
      source: who1979Info.source,
      caveats: [...caveats, "Products only: new lesions, and lesions that are not measured, are judged in imaging/recist11.", "That the two diameters are perpendicular is not recorded."],
      table: {
        columns: ["Time point", "Sum of products", "Against baseline", "Against smallest", "Response"],
        rows: [
          [baseline.timePoint, cm2(base), "baseline", "baseline", "baseline"],
          ...rows.map((r) => [r.timePoint, r.sum === undefined ? "not measured" : cm2(r.sum), r.against?.baseline ?? "not measured", r.against?.nadir ?? "not measured", r.response]),
        ],
      },
    }];
  });
}
