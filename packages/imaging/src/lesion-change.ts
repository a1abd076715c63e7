import { showNumber } from "@hapax/base";
import { lesionSeries, type CaseView, type Finding, type RuleInfo, type SizePoint } from "@hapax/case";
import { cite } from "@hapax/references";
import { changeText, fieldText, likeForLike, sharedTimePoints, sizeText } from "./assessments.ts";

export const lesionChangeInfo: RuleInfo = {
  id: "imaging/lesion-change",
  question: "Change of a lesion",
  about: "Longest diameter of each lesion over time by one method, and whether it lay in a field of radiotherapy by then.",
  source: cite("recist11"),
};

/** Percent by which the longest diameter of each lesion changed, step by step and over all, with its fields. */
export function lesionChange(view: CaseView): Finding<number>[] {
  return lesionSeries(view).flatMap((series): Finding<number>[] => {
    const { lesion } = series;
    const { joined, apart, method } = likeForLike(series);
    const [first, last] = [joined[0], joined.at(-1)];
    if (first === undefined || last === undefined) return [];
    const longest = (p: SizePoint) => p.diametersCm[0] ?? 0;
    const field = (p: SizePoint) => fieldText(view, p);
    const name = (p: SizePoint) => p.timePoint ?? "time not recorded";
    const value = joined.length < 2 || longest(first) === 0 ? undefined : 100 * (longest(last) / longest(first) - 1);
    const steps = joined.slice(1).map((to, i) => ({ from: joined[i] as SizePoint, to }));
    const firstInField = steps.find((s) => field(s.to).startsWith("in field"));
    const place = firstInField !== undefined ? `in field from ${name(firstInField.to)}` : field(last).endsWith("not recorded") ? "field not recorded" : field(last);
    return [{
      rule: lesionChangeInfo.id,
      subject: lesion.id,
      question: `Change, ${lesion.name.toLowerCase()}`,
      status: value === undefined ? "not recorded" : "determined",
      ...(value === undefined ? {} : { value }),
      text: value === undefined ? "one size only" : `${changeText(longest(first), longest(last), 0)}, ${name(first)} to ${name(last)}`,
      brief:
        value === undefined
          ? `${sizeText(first)} at ${name(first)}`
          : `${joined.map((p) => showNumber(longest(p), 1)).join(" → ")} cm, ${method ?? ""} only; ${place}`,
      because: steps.map(({ from, to }) => ({
        text: `${name(from)} to ${name(to)}: ${showNumber(longest(from), 1)} to ${showNumber(longest(to), 1)} cm, ${changeText(longest(from), longest(to))}, ${field(to)}.`,
        entries: [from.measurement.id, to.measurement.id],
      })),
      missing: value === undefined ? [{ input: `A second ${method ?? "CT or MR"} of ${lesion.name}`, decides: "its change" }] : [],
      assumptions: [],
      source: lesionChangeInfo.source,
      caveats: [
        ...(apart.length === 0 ? [] : [`Not compared: ${apart.map((p) => `${p.measurement.method} ${name(p)} ${sizeText(p)}`).join("; ")}.`]),
        ...sharedTimePoints(view, [series]),
      ],
      table: {
        columns: ["Time point", "Method", "Size", "Against the one before", "Against the first", "Field"],
        rows: series.points.map((p) => {
          const i = joined.indexOf(p);
          const before = joined[i - 1];
          return [
            name(p),
            p.measurement.method,
            sizeText(p),
            i < 0 ? "not compared" : before === undefined ? "first" : changeText(longest(before), longest(p)),
            i < 0 ? "not compared" : before === undefined ? "first" : changeText(longest(first), longest(p)),
            field(p),
          ];
        }),
      },
    }];
  });
}
