import { Gy, showNumber } from "@hapax/base";
import type { CaseView, Finding, Missing } from "@hapax/case";
import { cite } from "@hapax/references";
import { bed } from "./bed.ts";
import { assumeNumber, gy, interval, range } from "./courses.ts";
import type { LedgerRow } from "./ledger.ts";

export type NiederGroup = "low" | "intermediate" | "high";

/** Points by cumulative BED, Gy at α/β 2: from the first entry whose upper end is not passed. From memory. */
export const niederSteps: readonly { readonly upTo: number; readonly points: number }[] = [
  { upTo: 120, points: 0 },
  { upTo: 130, points: 1 },
  { upTo: 140, points: 2 },
  { upTo: 150, points: 3 },
  { upTo: 160, points: 4 },
  { upTo: 170, points: 5 },
  { upTo: 180, points: 6 },
  { upTo: 190, points: 7 },
  { upTo: 200, points: 8 },
  { upTo: Infinity, points: 9 },
];
const niederRules = { shortInterval: { days: 182, points: 4.5 }, highCourse: { bed: 102, points: 4.5 }, lowUpTo: 3, intermediateUpTo: 6 } as const;
const groupRisk: Record<NiederGroup, string> = { low: "3 %", intermediate: "25 %", high: "90 %" };

/**
 * Points of the Nieder score.
 *
 * @param cumulativeBed  BED of all courses, Gy at the α/β of the cord
 * @param highestBed     BED of the course with the highest, Gy
 * @param shortInterval  less than 6 months between the courses
 * @source               nieder2005, nieder2006
 */
export function niederPoints(cumulativeBed: number, highestBed: number, shortInterval: boolean): number {
  const step = niederSteps.find((s) => cumulativeBed <= s.upTo)?.points ?? 9;
  return (
    step +
    (shortInterval ? niederRules.shortInterval.points : 0) +
    (highestBed >= niederRules.highCourse.bed ? niederRules.highCourse.points : 0)
  );
}

/** The group of a number of points. */
export function niederGroup(points: number): NiederGroup {
  if (points <= niederRules.lowUpTo) return "low";
  return points <= niederRules.intermediateUpTo ? "intermediate" : "high";
}

/** The value: between which points, and BED in Gy. */
export interface NiederValue {
  readonly points: { readonly low: number; readonly high: number };
  readonly group: NiederGroup;
}

/** Nieder's score for the cord over the courses given, as the set of groups that remain possible. */
export function nieder(view: CaseView, cord: LedgerRow | undefined): Finding<NiederValue["group"]> {
  const alphaBeta = assumeNumber(
    view,
    {
      key: "radiobiology/nieder/alphaBeta",
      name: "α/β of the cord",
      value: 2,
      unit: "Gy",
      why: "Nieder 2006: 2 for the cervical and thoracic cord, 4 for the lumbar",
      options: [2, 4],
    },
    (value) => value > 0 && value <= 1000,
  );
  const common = {
    rule: "radiobiology/nieder",
    question: "Myelopathy after re-irradiation, Nieder 2006",
    source: cite("nieder2006", "nieder2005", "doi2021"),
    assumptions: [alphaBeta],
    unverified: ["The point steps and the cut-offs of the groups are from memory; the three variables and the 102 Gy of a single course were read."],
  } as const;
  const courses = cord?.contributions ?? [];
  if (cord === undefined || courses.length < 2) {
    return {
      ...common,
      status: "not applicable",
      text: "one course or none",
      brief: "The score is for two or more courses to the cord",
      because: [{ text: `${courses.length} course${courses.length === 1 ? "" : "s"} given.`, entries: courses.map((c) => c.course) }],
      missing: [],
    };
  }
  const beds = courses.map((c) => {
    const at = (dose: number | undefined) =>
      dose === undefined || c.fractions === undefined ? undefined : bed(Gy(dose), c.fractions, Gy(alphaBeta.value));
    return { low: at(c.dose.low) ?? 0, high: c.dose.high === 0 ? 0 : at(c.dose.high) };
  });
  // An unbounded course takes every higher step of the table, and may be the one of 102 Gy.
  const high = beds.map((b) => b.high ?? Infinity);
  const total = { low: sum(beds.map((b) => b.low)), high: sum(high) };
  const single = { low: Math.max(...beds.map((b) => b.low)), high: Math.max(...high) };
  const gaps = courses.slice(1).map((later, i) => interval(view, courses[i]?.course ?? later.course, later.course));
  const limit = niederRules.shortInterval.days;
  const short = gaps.some((g) => g.high !== undefined && g.high < limit) ? [true] : gaps.every((g) => (g.low ?? 0) >= limit) ? [false] : [false, true];
  const totals = [total.low, ...niederSteps.map((s) => s.upTo + 1e-6).filter((b) => b > total.low && b < total.high), total.high];
  const highs = [...new Set([single.low, single.high])];
  const scores = [...new Set(totals.flatMap((t) => highs.flatMap((h) => short.map((s) => niederPoints(t, h, s)))))].sort((a, b) => a - b);
  const groups = (["low", "intermediate", "high"] as const).filter((g) => scores.some((s) => niederGroup(s) === g));
  const [only] = groups;
  const missing: Missing[] = [
    ...(short.length > 1 ? [{ input: `interval from ${courses[0]?.name} to ${courses.at(-1)?.name}`, decides: "4.5 points of the Nieder score (under 6 months)" }] : []),
    ...cord.missing.map((m) => ({ ...m, decides: "points of the Nieder score" })),
  ];
  const points = { low: scores[0] ?? 0, high: scores.at(-1) ?? 0 };
  const bounded = total.high === Infinity ? undefined : total.high;
  return {
    ...common,
    status: groups.length === 1 ? "determined" : "undecided",
    value: groups.length === 1 ? only : undefined,
    possible: groups,
    bounds: { ...points, unit: "1" },
    text: groups.length === 1 ? `${only}` : `{${groups.join(", ")}}`,
    brief: `${showNumber(points.low)}${points.low === points.high ? "" : ` to ${showNumber(points.high)}`} points; BED ${range(total.low, bounded)} Gy${short.length > 1 ? "; interval not recorded" : ""}`,
    because: [
      ...courses.map((c, i) => ({ text: `${c.name}: BED ${range(beds[i]?.low ?? 0, beds[i]?.high)} Gy (α/β ${showNumber(alphaBeta.value)}); ${c.because}.`, entries: [c.course] })),
      { text: `Cumulative BED ${range(total.low, bounded)} Gy: ${pointsText(niederPoints(total.low, 0, false), niederPoints(total.high, 0, false))}.` },
      {
        text:
          short.length > 1
            ? "Interval not recorded: 4.5 points if below 6 months."
            : short[0]
              ? "Interval below 6 months: 4.5 points."
              : "Interval of 6 months or more: 0 points.",
        met: short.length > 1 ? undefined : short[0],
      },
      {
        text: `Highest course ${single.high === Infinity ? "not bounded" : `at most ${gy(single.high)} Gy`}: 4.5 points from ${niederRules.highCourse.bed} Gy.`,
        met: single.low >= niederRules.highCourse.bed ? true : single.high < niederRules.highCourse.bed ? false : undefined,
      },
    ],
    missing,
    caveats: [
      ...groups.map((g) => `Group ${g}: myelopathy in ${groupRisk[g]} of the patients it was made from.`),
      "Made from 78 patients; the same point of the cord in every course is assumed.",
    ],
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const pointsText = (low: number, high: number) => (low === high ? `${low} points` : `${low} to ${high} points`);
