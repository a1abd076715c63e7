import { showNumber } from "@hapax/base";
import { lesionSeries, type CaseView, type Finding, type RuleInfo, type SizePoint } from "@hapax/case";
import type { Gap } from "@hapax/case";
import { cite } from "@hapax/references";
import { changeText, likeForLike } from "./assessments.ts";
import { ellipsoidMl, volumeModel, volumeText } from "./volume.ts";

/**
 * How many times a volume doubled.
 *
 * @param fromMl  volume at first, mL, above 0
 * @param toMl    volume later, mL, above 0
 * @returns       log₂(V₂/V₁); negative when it shrank
 * @source        schwartz1961
 */
export function doublings(fromMl: number, toMl: number): number {
  return Math.log2(toMl / fromMl);
}

/** Doubling time over an interval known only within bounds, days; an end that nothing bounds is undefined. */
export function doublingTime(count: number, interval: Gap): Gap {
  const time = (days: number | undefined) => (days === undefined || !(count > 0) ? undefined : days / count);
  return { atLeastDays: time(interval.atLeastDays), atMostDays: time(interval.atMostDays) };
}

/** Specific growth rate ln(V₂/V₁)/Δt, percent per day; a longer interval means a smaller rate, so the bounds swap. */
export function specificGrowthRate(count: number, interval: Gap): { low: number | undefined; high: number | undefined } {
  const rate = (days: number | undefined) => (days === undefined || days === 0 ? undefined : (100 * count * Math.LN2) / days);
  return { low: rate(interval.atMostDays), high: rate(interval.atLeastDays) };
}

export const growthInfo: RuleInfo = {
  id: "imaging/growth",
  question: "Growth of a lesion",
  about: "Doublings of the volume between measurements by the same method, and doubling time as far as the interval is known.",
  source: cite("schwartz1961", "ferte2014"),
};

const days = (value: number) => `${showNumber(value, value < 10 ? 1 : 0)} d`;

/** "≥ 25 d", "25 to 40 d", "30 d": bounds rounded outward would promise less than is known, so they are rounded down and up. */
function boundsText({ atLeastDays: low, atMostDays: high }: Gap): string | undefined {
  if (low !== undefined && high !== undefined && high - low < 0.5) return days(low);
  const floor = low === undefined || low <= 0 ? undefined : Math.floor(low);
  if (floor !== undefined && high !== undefined) return `${floor} to ${Math.ceil(high)} d`;
  if (floor !== undefined) return `≥ ${floor} d`;
  return high === undefined ? undefined : `≤ ${Math.ceil(high)} d`;
}

/** Doublings, doubling time and growth rate of every lesion with two measurements by one method. */
export function growth(view: CaseView): Finding<number>[] {
  const { model, assumption } = volumeModel(view);
  return lesionSeries(view).flatMap((series): Finding<number>[] => {
    const { lesion } = series;
    const { joined, method } = likeForLike(series);
    const pairs = joined.slice(1).map((to, i) => interval(view, joined[i] as SizePoint, to, model)).filter((p) => p !== undefined);
    if (pairs.length === 0) return [];
    const grown = pairs.some((p) => p.count > 0);
    const monotone = pairs.every((p) => p.count >= 0) || pairs.every((p) => p.count <= 0);
    // The best-known interval speaks for the lesion: growing, and bounded as closely as any.
    const told = pairs.filter((p) => p.count > 0).sort((a, b) => closeness(b.gap) - closeness(a.gap))[0];
    const exact = told !== undefined && told.gap.atLeastDays !== undefined && told.gap.atLeastDays > 0 && told.gap.atLeastDays === told.gap.atMostDays;
    const time = told === undefined ? undefined : boundsText(doublingTime(told.count, told.gap));
    const total = pairs.reduce((sum, p) => sum + p.count, 0);
    const status = !grown ? "not applicable" : exact ? "determined" : "undecided";
    return [{
      rule: growthInfo.id,
      subject: lesion.id,
      question: `Doubling time, ${lesion.name.toLowerCase()}`,
      status,
      ...(exact ? { value: told.gap.atLeastDays as number / told.count } : {}),
      text: told === undefined ? "no growth" : `${time ?? "not bounded"} (${told.span})`,
      brief: `${pairs.map((p) => `${p.span} ${showNumber(p.count, 2)}`).join(", ")} doublings${told === undefined ? "" : `; VDT = Δt / ${showNumber(told.count, 2)}`}`,
      because: pairs.map((p) => ({
        text: `${p.span}: ${volumeText(p.from)} → ${volumeText(p.to)} mL, ${showNumber(p.count, 2)} doublings${p.count > 0 ? `, VDT = Δt / ${showNumber(p.count, 2)}` : ""}${p.intervalText === undefined ? "; Δt not recorded" : `; Δt ${p.intervalText}`}.`,
        entries: p.entries,
      })),
      missing: pairs.some((p) => p.gap.atLeastDays === undefined || p.gap.atLeastDays !== p.gap.atMostDays)
        ? [{ input: "Dates of the imaging", decides: "doubling times in days" }]
        : [],
      assumptions: [assumption],
      source: growthInfo.source,
      caveats: [
        ...(monotone ? [] : [`${lesion.name} does not change in one direction: read the sizes in the light of imaging/comparability before its growth.`]),
        ...(pairs.length > 1 ? [`Over all: ${showNumber(total, 2)} doublings.`] : []),
        ...(method === undefined ? [] : [`${method} only.`]),
      ],
      unverified: ["doubling time and growth-rate papers recalled, not read"],
      table: {
        columns: ["Interval", "Volume", "Doublings", "Interval in days", "Doubling time", "Growth per day"],
        rows: pairs.map((p) => {
          const rate = specificGrowthRate(p.count, p.gap);
          const percent = (value: number) => `${showNumber(value, 1)} %`;
          return [
            p.span,
            changeText(p.from, p.to, 0),
            showNumber(p.count, 2),
            p.intervalText ?? "not recorded",
            p.count <= 0 ? "shrinking" : (boundsText(doublingTime(p.count, p.gap)) ?? "not bounded"),
            p.count <= 0 ? "shrinking" : rate.high === undefined ? "not bounded" : rate.low !== undefined && rate.high - rate.low < 0.05 ? percent(rate.high) : `≤ ${percent(rate.high)}`,
          ];
        }),
      },
    }];
  });
}

function closeness(gap: Gap): number {
  return (gap.atLeastDays !== undefined && gap.atLeastDays > 0 ? 1 : 0) + (gap.atMostDays !== undefined ? 2 : 0);
}

function interval(view: CaseView, a: SizePoint, b: SizePoint, model: Parameters<typeof ellipsoidMl>[1]) {
  // One diameter against two would compare a sphere with an ellipsoid.
  const shared = Math.min(a.diametersCm.length, b.diametersCm.length);
  const from = ellipsoidMl(a.diametersCm.slice(0, shared), model);
  const to = ellipsoidMl(b.diametersCm.slice(0, shared), model);
  if (!(from > 0 && to > 0)) return undefined;
  const gap = view.timing.gap(a.measurement.id, b.measurement.id);
  return {
    span: `${a.timePoint ?? "?"}–${b.timePoint ?? "?"}`,
    from,
    to,
    count: doublings(from, to),
    gap,
    intervalText: boundsText(gap),
    entries: [a.measurement.id, b.measurement.id],
  };
}
