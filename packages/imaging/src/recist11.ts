import { convert, showNumber } from "@hapax/base";
import {
  known,
  lesionSeries,
  type CaseView,
  type EntryOf,
  type Finding,
  type Missing,
  type Reason,
  type RuleInfo,
  type SizePoint,
  type Tri,
} from "@hapax/case";
import { cite } from "@hapax/references";
import {
  assessmentsOf,
  changeText,
  coursesOn,
  followUpOf,
  likeForLike,
  precedes,
  sequenceText,
  sharedTimePoints,
  sizeBy,
  sizeText,
  targetsOf,
  treatmentsOf,
  type Assessment,
  type FollowUp,
  type Treatment,
} from "./assessments.ts";

export type Response = "CR" | "PR" | "SD" | "PD" | "NE";

/** Cut-offs of RECIST 1.1, mm and ratios. */
export const cutoffs = {
  measurableCtMm: 10,
  thickestSliceMm: 5,
  measurableCaliperMm: 10,
  measurableXrayMm: 20,
  targetNodeMm: 15,
  normalNodeMm: 10,
  partial: 0.7,
  progression: 1.2,
  progressionMm: 5,
} as const;

// Sums are of diameters read to a tenth of a millimeter; less than that is rounding of binary fractions.
const rounding = 1e-6;

/**
 * Response of the target lesions: CR nothing left; PD sum ≥ 120 % of the nadir and at least 5 mm above it;
 * PR sum ≤ 70 % of baseline; SD otherwise.
 *
 * @param sumMm       sum of diameters now, mm; undefined when a target was not measured
 * @param baselineMm  sum at baseline, mm
 * @param nadirMm     smallest sum so far, baseline included, mm
 * @param gone        every target gone and every node below 10 mm
 * @source            recist11
 */
export function targetResponse(sumMm: number | undefined, baselineMm: number, nadirMm: number, gone = false): Response {
  if (sumMm === undefined) return "NE";
  if (gone) return "CR";
  if (isProgression(sumMm, nadirMm)) return "PD";
  return sumMm <= cutoffs.partial * baselineMm + rounding ? "PR" : "SD";
}

function isProgression(sumMm: number, nadirMm: number): boolean {
  return sumMm >= cutoffs.progression * nadirMm - rounding && sumMm - nadirMm >= cutoffs.progressionMm - rounding;
}

/**
 * Whether a lesion is large enough to be followed as a target.
 *
 * @param method    how it was measured
 * @param longestMm longest diameter, mm
 * @param options   `node` with `shortMm` (short axis, mm); `sliceMm` CT slice thickness, mm
 * @returns         undefined when what decides is not recorded
 * @source          recist11
 */
export function measurable(method: EntryOf<"measurement">["method"], longestMm: number, options: { node?: Tri; shortMm?: number | undefined; sliceMm?: number | undefined } = {}): Tri {
  const { node, shortMm, sliceMm } = options;
  switch (method) {
    case "CT":
    case "MR": {
      if (node === true) return shortMm === undefined ? undefined : shortMm >= cutoffs.targetNodeMm;
      const needed = sliceMm !== undefined && sliceMm > cutoffs.thickestSliceMm ? 2 * sliceMm : cutoffs.measurableCtMm;
      return longestMm >= needed;
    }
    case "caliper":
      return longestMm >= cutoffs.measurableCaliperMm;
    case "X-ray":
      return longestMm >= cutoffs.measurableXrayMm;
    default:
      return false;
  }
}

/** Whether a lesion was large enough at one of its sizes. */
function isMeasurable(lesion: EntryOf<"lesion">, size: SizePoint | undefined): Tri {
  if (size === undefined) return undefined;
  const slice = known(size.study?.sliceThickness);
  return measurable(size.measurement.method, 10 * (size.diametersCm[0] ?? 0), {
    node: known(lesion.node),
    shortMm: size.diametersCm.length < 2 ? undefined : 10 * (size.diametersCm.at(-1) ?? 0),
    sliceMm: slice === undefined ? undefined : convert(slice, "mm"),
  });
}

/** What a lesion adds to the sum, mm: its longest diameter; of a node the short axis, which needs two diameters. */
function contributionMm(lesion: EntryOf<"lesion">, size: SizePoint | undefined): number | undefined {
  if (size === undefined) return undefined;
  if (known(lesion.node) !== true) return size.diametersCm[0] === undefined ? undefined : 10 * size.diametersCm[0];
  return size.diametersCm.length < 2 ? undefined : 10 * (size.diametersCm.at(-1) ?? Number.NaN);
}

interface Row {
  readonly timePoint: string;
  readonly sumMm: number | undefined;
  /** Smallest sum before it, baseline included. */
  readonly nadirMm: number;
  readonly response: Response | undefined;
  readonly cells: readonly string[];
  readonly reason: Reason;
}

const info: RuleInfo = {
  id: "imaging/recist11",
  question: "Response, RECIST 1.1",
  about: "Sum of the diameters of up to five targets, by the same method at every time point, against baseline and nadir; new and non-target lesions. One answer per line of therapy and per course of radiotherapy.",
  source: cite("recist11"),
};
export const recist11Info = info;

/** Response to every treatment given, each with a baseline of its own. */
export function recist11(view: CaseView): Finding<Response[]>[] {
  const assessments = assessmentsOf(view);
  const first = new Map(lesionSeries(view).map((s) => [s.lesion.id, likeForLike(s).joined[0]]));
  const targets = targetsOf(view, (lesion) => isMeasurable(lesion, first.get(lesion.id)) === true);
  return treatmentsOf(view).flatMap((treatment) => {
    const followUp = followUpOf(view, treatment, targets, assessments);
    if (followUp !== undefined) return [responseTo(view, followUp)];
    return view.all("lesion").length === 0 ? [] : [withoutBaseline(treatment)];
  });
}

function withoutBaseline(treatment: Treatment): Finding<Response[]> {
  return {
    rule: info.id,
    subject: treatment.id,
    question: `Response to ${treatment.name}, RECIST`,
    status: "not recorded",
    text: "no baseline",
    brief: `No CT or MR of all targets before ${treatment.name}`,
    because: [{ text: `No time point before ${treatment.name} has every target lesion measured on CT or MR.`, entries: [treatment.id] }],
    missing: [{ input: `Baseline CT or MR before ${treatment.name}`, decides: "the sum that later sums are held against" }],
    assumptions: [],
    source: info.source,
  };
}

function responseTo(view: CaseView, followUp: FollowUp): Finding<Response[]> {
  const { treatment, targets, baseline, methodOf, after } = followUp;
  const sumAt = (a: Assessment) => {
    const parts = targets.lesions.map((lesion) => ({
      lesion,
      size: sizeBy(a.sizes.get(lesion.id), methodOf.get(lesion.id) ?? ""),
    }));
    const values = parts.map(({ lesion, size }) => contributionMm(lesion, size));
    const measured = values.filter((v) => v !== undefined);
    const partial = measured.reduce((x, y) => x + y, 0);
    const gone = parts.every(({ lesion }, i) => {
      const v = values[i];
      return v !== undefined && (known(lesion.node) === true ? v < cutoffs.normalNodeMm : v === 0);
    });
    return { parts, values, partial, sum: measured.length === values.length ? partial : undefined, measured: measured.length, gone };
  };
  const start = sumAt(baseline);
  const baselineMm = start.sum ?? 0;
  let nadirMm = baselineMm;
  const missing: Missing[] = [];
  const rows: Row[] = [];
  for (const a of after) {
    const { parts, values, partial, sum, measured, gone } = sumAt(a);
    const seen = progressionSeen(view, baseline.timePoint, a.timePoint, targets.lesions);
    const beforeStart = precedes(view, a.timePoint, treatment.id) === true;
    if ((measured === 0 && seen.length === 0) || beforeStart) {
      const methods = [...new Set([...a.sizes.values()].flat().map((p) => p.measurement.method))].join(", ");
      const sizes = targets.lesions.flatMap((l) => (a.sizes.get(l.id) ?? []).map((p) => p.diametersCm[0] ?? 0));
      const other = sizes.length === targets.lesions.length ? ` Its longest diameters add up to ${cm(10 * sizes.reduce((x, y) => x + y, 0))}.` : "";
      rows.push({
        timePoint: a.timePoint,
        sumMm: undefined,
        nadirMm,
        response: undefined,
        cells: [a.timePoint, methods, "not compared", "not compared", "not compared", "not compared"],
        reason: {
          text: `${a.timePoint}: ${beforeStart ? `${methods} before the start` : methods}, not compared with ${[...new Set(methodOf.values())].join(", ")} of ${baseline.timePoint}.${other}`,
          entries: entriesOf(a),
        },
      });
      continue;
    }
    let response = targetResponse(sum, baselineMm, nadirMm, gone);
    const because: string[] = [];
    let asked: Missing | undefined;
    if (sum === undefined) {
      const unmeasured = parts.filter((p) => p.size === undefined).map((p) => p.lesion.name);
      because.push(`${unmeasured.join(" and ")} not measured by ${[...new Set(methodOf.values())].join(", ")}`);
      // What was measured can only grow by what was not.
      if (isProgression(partial, nadirMm)) {
        response = "PD";
        because.push(`the others alone reach ${cm(partial)}, ${changeText(nadirMm, partial)} against nadir`);
      } else asked = { input: `${unmeasured.join(" and ")} at ${a.timePoint}`, decides: `response at ${a.timePoint}` };
    } else {
      const terms = parts.length < 2 ? "" : `${values.map((v) => cm(v ?? 0, "")).join(" + ")} = `;
      because.push(`${terms}${cm(sum)}, ${changeText(baselineMm, sum)} against baseline ${cm(baselineMm)}`);
      because.push(`${changeText(nadirMm, sum)} and ${signedCm(sum - nadirMm)} against nadir ${cm(nadirMm)}`);
    }
    if (response === "CR" && !nonTargetsResolved(view, a.timePoint, targets.lesions)) {
      response = "PR";
      because.push("targets gone, lesions that are not targets not recorded as resolved");
    }
    if (seen.length > 0) {
      response = "PD";
      because.push(...seen.map((s) => s.text));
    }
    if (asked !== undefined && response !== "PD") missing.push(asked);
    rows.push({
      timePoint: a.timePoint,
      sumMm: sum,
      nadirMm,
      response,
      cells: [
        a.timePoint,
        [...new Set(parts.flatMap((p) => p.size?.measurement.method ?? []))].join(", ") || "not measured",
        sum === undefined ? "not measured" : cm(sum),
        sum === undefined ? "not measured" : changeText(baselineMm, sum),
        sum === undefined ? "not measured" : `${changeText(nadirMm, sum)}, ${signedCm(sum - nadirMm)}`,
        response,
      ],
      reason: { text: `${a.timePoint}: ${because.join("; ")}: ${response}.`, entries: [...entriesOf(a), ...seen.flatMap((s) => s.entries)] },
    });
    if (sum !== undefined) nadirMm = Math.min(nadirMm, sum);
  }
  const value = rows.flatMap((r) => r.response ?? []);
  const assessed = rows.filter((r) => r.response !== undefined);
  const turns = assessed.filter((r, i) => r.response !== assessed[i - 1]?.response && r.sumMm !== undefined);
  const status = assessed.length === 0 ? "not recorded" : value.every((v) => v === "NE") ? "undecided" : "determined";
  const base = start.parts.map((p) => `${p.lesion.name} ${p.size === undefined ? "not measured" : sizeText(p.size)}`).join(", ");
  return {
    rule: info.id,
    subject: treatment.id,
    question: `Response to ${treatment.name}, RECIST`,
    status,
    ...(status === "determined" ? { value } : {}),
    ...(status === "undecided" && value.length === 1 ? { possible: [["CR"], ["PR"], ["SD"], ["PD"]] as Response[][] } : {}),
    text: assessed.length === 0 ? "not assessed" : sequenceText(value),
    brief:
      assessed.length === 0
        ? `Baseline ${baseline.timePoint}, ${cm(baselineMm)}; no comparable imaging after it`
        : turns.length === 0
          ? `Baseline ${cm(baselineMm)}; ${assessed.map((r) => `${r.response} at ${r.timePoint}`).join(", ")}`
          : `Sum ${cm(baselineMm, "")} → ${turns.map((r) => `${cm(r.sumMm ?? 0)} (${turnText(baselineMm, r)}) at ${r.timePoint}`).join("; ")}`,
    because: [
      { text: `Baseline ${baseline.timePoint}: ${base}; sum ${cm(baselineMm)}.`, entries: entriesOf(baseline) },
      ...rows.map((r) => r.reason),
    ],
    missing: assessed.length === 0 ? [{ input: `CT or MR after ${treatment.name}`, decides: `response to ${treatment.name}` }] : missing,
    assumptions: targets.chosen
      ? [{
          key: "imaging/recist11/targets",
          name: "Target lesions",
          value: targets.lesions.map((l) => l.name).join(", "),
          why: "No lesion is recorded as a target; the largest measurable ones are taken, at most five and two in an organ.",
        }]
      : [],
    source: info.source,
    caveats: [...followUp.caveats, ...caveatsOf(view, followUp, rows), "That the baseline is no more than 4 weeks before the start is recalled, and not checked here."],
    table: {
      columns: ["Time point", "Method", "Sum", "Against baseline", "Against nadir", "Response"],
      rows: [[baseline.timePoint, [...new Set(methodOf.values())].join(", "), cm(baselineMm), "baseline", "baseline", "baseline"], ...rows.map((r) => r.cells)],
    },
  };
}

const cm = (mm: number, unit = " cm") => `${showNumber(mm / 10, 1)}${unit}`;
const signedCm = (mm: number) => `${mm > 0 ? "+" : ""}${cm(mm)}`;
const entriesOf = (a: Assessment) => [...a.sizes.values()].flat().map((p) => p.measurement.id);

/** New lesions and unequivocal growth of lesions that are not targets, seen after baseline and up to a time point. */
function progressionSeen(view: CaseView, baseline: string, timePoint: string, targets: readonly EntryOf<"lesion">[]) {
  const order = view.record.timePoints.map((t) => t.id);
  const [from, to] = [order.indexOf(baseline), order.indexOf(timePoint)];
  return view.all("observation").flatMap((o) => {
    const at = order.indexOf(view.timePointOf(o.id) ?? "");
    if (at <= from || at > to || known(o.metastatic) !== "unequivocal") return [];
    const change = known(o.change);
    const wasDoubted = view.all("observation").some((other) => other !== o && other.lesion !== undefined && other.lesion === o.lesion && known(other.metastatic) === "equivocal");
    const isTarget = targets.some((t) => t.id === o.lesion);
    const where = at === to ? "" : ` (since ${order[at]})`;
    if (change === "new") return [{ text: `new lesion: ${o.what}${where}`, entries: [o.id] }];
    if (!isTarget && (change === "larger" || (change === undefined && wasDoubted))) {
      return [{ text: `unequivocal progression of a lesion that is no target: ${o.what}${where}`, entries: [o.id] }];
    }
    return [];
  });
}

function nonTargetsResolved(view: CaseView, timePoint: string, targets: readonly EntryOf<"lesion">[]): boolean {
  const others = view.all("lesion").filter((l) => !targets.some((t) => t.id === l.id));
  return others.every((l) =>
    view.all("observation").some((o) => o.lesion === l.id && view.timePointOf(o.id) === timePoint && (known(o.presence) === "absent" || known(o.change) === "resolved")),
  );
}

function caveatsOf(view: CaseView, followUp: FollowUp, rows: readonly Row[]): string[] {
  const { treatment, targets, baseline, methodOf, after } = followUp;
  const caveats: string[] = [];
  caveats.push(...sharedTimePoints(view, lesionSeries(view).filter((s) => targets.lesions.includes(s.lesion))));
  const outside = targets.lesions.filter((l) => treatment.course?.lesions !== undefined && !treatment.course.lesions.includes(l.id));
  if (outside.length > 0) caveats.push(`${outside.map((l) => l.name).join(" and ")} lay outside the field of ${treatment.name}, and ${outside.length > 1 ? "count" : "counts"} in the sum all the same.`);
  for (const lesion of targets.lesions) {
    if (isMeasurable(lesion, sizeBy(baseline.sizes.get(lesion.id), methodOf.get(lesion.id) ?? "")) === false) {
      caveats.push(`${lesion.name} is recorded as a target and was too small to be one at ${baseline.timePoint}.`);
    }
    for (const course of coursesOn(view, lesion.id)) {
      if (course.id === treatment.id) continue;
      const name = course.label ?? course.technique;
      if (precedes(view, course.id, baseline.timePoint) === true) {
        caveats.push(`${lesion.name} was irradiated before baseline (${name}): it counts as measurable only if it had grown since.`);
      } else if (precedes(view, course.id, baseline.timePoint) === false || precedes(view, baseline.timePoint, course.id) === true) {
        const last = after.at(-1);
        if (last !== undefined && precedes(view, last.timePoint, course.id) !== true) {
          caveats.push(`${lesion.name} was irradiated after baseline (${name}): its change is not that of ${treatment.name} alone.`);
        }
      }
    }
    // One lesion may cross the line while the sum does not.
    for (const [i, row] of rows.entries()) {
      const method = methodOf.get(lesion.id) ?? "";
      const then = contributionMm(lesion, sizeBy(baseline.sizes.get(lesion.id), method));
      const now = contributionMm(lesion, sizeBy(after[i]?.sizes.get(lesion.id), method));
      if (row.response === "SD" && then !== undefined && now !== undefined && isProgression(now, then)) {
        caveats.push(`${lesion.name} alone grew ${changeText(then, now)} by ${row.timePoint} while the sum stayed SD.`);
      }
    }
  }
  if (targets.dropped.length > 0) caveats.push(`More lesions than five, or than two in an organ: ${targets.dropped.map((l) => l.name).join(", ")} not summed.`);
  if (rows.some((r) => r.response === "PR" || r.response === "CR")) caveats.push("Confirmation after at least 4 weeks is asked for where response is an endpoint; it is not checked here.");
  return caveats;
}

/** The change that made a response what it is: progression is counted from the smallest sum, the rest from baseline. */
function turnText(baselineMm: number, turn: Row): string {
  const sum = turn.sumMm ?? 0;
  return turn.response === "PD" && turn.nadirMm < baselineMm ? `${changeText(turn.nadirMm, sum, 0)} from the smallest` : changeText(baselineMm, sum, 0);
}
