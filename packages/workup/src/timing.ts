import { titleOf, type CaseView, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";

export const timingRules: RuleInfo[] = [
  {
    id: "workup/timing",
    question: "Time between the time points",
    about: "Bounds from the constraints of the record: order, dates, fractions on weekdays. No date is invented.",
    source: cite("dechter1991"),
  },
];

/** What the constraints of the record say of the time from one time point to the next. */
export function timing(view: CaseView): Finding[] {
  const points = view.record.timePoints;
  return points.slice(1).map((point, i): Finding => {
    const previous = points[i] as (typeof points)[number];
    const gap = view.timing.gap(previous.id, point.id);
    const low = gap.atLeastDays ?? 0;
    const high = gap.atMostDays;
    const text = high === undefined ? (low === 0 ? "length not recorded" : `at least ${low} days`) : low === high ? `${low} days` : `${low} to ${high} days`;
    const lasting = view
      .all("radiotherapy")
      .filter((c) => c.state === "recorded" && (view.timing.gap(previous.id, c.id).atLeastDays ?? -1) >= 0)
      .filter((c) => (view.timing.gap(c.id, point.id).atLeastDays ?? -1) >= 0);
    return {
      rule: "workup/timing",
      subject: `${previous.id}-${point.id}`,
      question: `Time from ${previous.id} to ${point.id}`,
      status: low === high ? "determined" : low === 0 && high === undefined ? "not recorded" : "undecided",
      ...(low === high ? { value: low } : {}),
      bounds: { low, high: high ?? Infinity, unit: "d" },
      text,
      brief: lasting.map((c) => titleOf(c)).join("; ") || (high === undefined ? "order only" : "from the dates recorded"),
      because: lasting.map((c) => ({
        text: `${titleOf(c)}: one fraction each weekday, the first on a Monday, takes at least ${low} days`,
        entries: [c.id],
      })),
      missing: low === high ? [] : [{ input: `Dates of ${previous.id} and ${point.id}`, decides: "growth rate, doubling time" }],
      assumptions: [],
      source: cite("dechter1991"),
    };
  });
}
