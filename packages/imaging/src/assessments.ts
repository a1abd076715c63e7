import { convert, showNumber } from "@hapax/base";
import { known, lesionSeries, titleOf, type CaseView, type EntryOf, type LesionSeries, type SizePoint } from "@hapax/case";

/** A line of antitumor drugs or a course of radiotherapy, against which a response is judged. */
export interface Treatment {
  /** Id of the drug (the first of a combination) or of the course. */
  readonly id: string;
  readonly name: string;
  readonly drugs: readonly EntryOf<"drug">[];
  readonly course: EntryOf<"radiotherapy"> | undefined;
}

/** All sizes taken at one time point, by lesion. */
export interface Assessment {
  readonly timePoint: string;
  readonly sizes: ReadonlyMap<string, readonly SizePoint[]>;
}

const given = (state: string) => state === "recorded" || state === "completion not recorded";

/** Every treatment against the tumor that was given at least in part, in the order of their times. */
export function treatmentsOf(view: CaseView): Treatment[] {
  const treatments: Treatment[] = [];
  const byLine = new Map<number, EntryOf<"drug">[]>();
  for (const drug of view.all("drug")) {
    if (drug.purpose !== "antitumor" || !given(drug.state)) continue;
    const together = drug.line === undefined ? undefined : byLine.get(drug.line);
    if (together !== undefined) {
      together.push(drug);
      continue;
    }
    const drugs = [drug];
    if (drug.line !== undefined) byLine.set(drug.line, drugs);
    treatments.push({ id: drug.id, drugs, course: undefined, get name() { return drugs.map((d) => d.name).join(" and "); } });
  }
  for (const course of view.all("radiotherapy")) {
    if (given(course.state)) treatments.push({ id: course.id, name: courseName(course), drugs: [], course });
  }
  return treatments.sort((a, b) => (view.timing.rank(a.id)?.start ?? Infinity) - (view.timing.rank(b.id)?.start ?? Infinity));
}

/** A course by its technique and highest dose, short enough for the question of a row. */
function courseName(course: EntryOf<"radiotherapy">): string {
  const dosesGy = course.volumes.flatMap((v) => known(v.dose) ?? []).map((dose) => convert(dose, "Gy"));
  if (course.label !== undefined || dosesGy.length === 0) return titleOf(course);
  return `${course.technique} ${showNumber(Math.max(...dosesGy))} Gy`;
}

/** The time points at which anything was measured, in order. */
export function assessmentsOf(view: CaseView): Assessment[] {
  const byPoint = new Map<string, Map<string, SizePoint[]>>();
  for (const { lesion, points } of lesionSeries(view)) {
    for (const point of points) {
      if (point.timePoint === undefined) continue;
      const sizes = byPoint.get(point.timePoint) ?? new Map<string, SizePoint[]>();
      sizes.set(lesion.id, [...(sizes.get(lesion.id) ?? []), point]);
      byPoint.set(point.timePoint, sizes);
    }
  }
  return view.record.timePoints.flatMap(({ id }) => {
    const sizes = byPoint.get(id);
    return sizes === undefined ? [] : [{ timePoint: id, sizes }];
  });
}

/** Methods whose sizes may be set against one another over time, each with itself only. */
export const comparableMethods: ReadonlySet<string> = new Set(["CT", "MR"]);

/**
 * The size of a lesion at one time point by one method. Of several the largest: a lesion cut off by the edge of one
 * study is whole in another.
 */
export function sizeBy(points: readonly SizePoint[] | undefined, method: string): SizePoint | undefined {
  const same = (points ?? []).filter((p) => p.measurement.method === method);
  return same.reduce<SizePoint | undefined>((a, b) => (a === undefined || (b.diametersCm[0] ?? 0) > (a.diametersCm[0] ?? 0) ? b : a), undefined);
}

/** One size per time point, all by the method of the first CT or MR; the rest, which must not be joined to them. */
export function likeForLike(series: LesionSeries): { method: string | undefined; joined: SizePoint[]; apart: SizePoint[] } {
  const method = series.points.find((p) => comparableMethods.has(p.measurement.method))?.measurement.method;
  if (method === undefined) return { method, joined: [], apart: [...series.points] };
  const byPoint = new Map<string | undefined, SizePoint[]>();
  for (const p of series.points) byPoint.set(p.timePoint, [...(byPoint.get(p.timePoint) ?? []), p]);
  const joined = [...byPoint.values()].flatMap((points) => sizeBy(points, method) ?? []);
  return { method, joined, apart: series.points.filter((p) => p.measurement.method !== method) };
}

/**
 * What to say where sizes of one lesion by one method, taken at different times, fall on one time point: only one of
 * them is used.
 */
export function sharedTimePoints(view: CaseView, lesions: readonly LesionSeries[]): string[] {
  const apart = (a: SizePoint, b: SizePoint) => {
    const { atLeastDays, atMostDays } = view.timing.gap(a.measurement.id, b.measurement.id);
    return (atLeastDays ?? 0) > 0 || (atMostDays ?? 0) < 0;
  };
  const shared = lesions.flatMap(({ points }) =>
    points.filter((p) => p.timePoint !== undefined && points.some((q) => q.timePoint === p.timePoint && q.measurement.method === p.measurement.method && apart(p, q))).map((p) => p.timePoint),
  );
  return [...new Set(shared)].map((t) => `Sizes of different dates fall on ${t}, and only the largest is used: a time point for each date would let them be compared.`);
}

/** Whether `a` is certainly at or before the start of `b`; undefined when the record does not say. */
export function precedes(view: CaseView, a: string, b: string): boolean | undefined {
  const gap = view.timing.gap(a, b);
  if (gap.atLeastDays !== undefined && gap.atLeastDays >= 0) return true;
  return gap.atMostDays !== undefined && gap.atMostDays < 0 ? false : undefined;
}

/** Courses given whose field includes a lesion. */
export function coursesOn(view: CaseView, lesion: string): EntryOf<"radiotherapy">[] {
  return view.all("radiotherapy").filter((c) => given(c.state) && c.lesions?.includes(lesion));
}

/**
 * Whether a lesion lay in the field of a course by the time of a measurement, in words: at or before its start it did
 * not; a course that names no lesion leaves it open.
 */
export function fieldText(view: CaseView, point: SizePoint): string {
  const { id, lesion } = point.measurement;
  const courses = view.all("radiotherapy").filter((c) => given(c.state));
  if (courses.length === 0) return "no radiotherapy";
  const begun = courses.filter((c) => precedes(view, id, c.id) !== true);
  const later = begun.filter((c) => c.lesions?.includes(lesion));
  const within = later.filter((c) => precedes(view, c.id, id) === true);
  if (within.length > 0) return `in field of ${within.map(titleOf).join(", ")}`;
  const unnamed = begun.filter((c) => c.lesions === undefined);
  if (later.length === 0 && unnamed.length > 0) return `${unnamed.map(titleOf).join(", ")}: lesions in the field not recorded`;
  return later.length === 0 ? "out of field" : `${later.map(titleOf).join(", ")}: before or after, not recorded`;
}

/** "+5.4 %", "−33.7 %": the change from one amount to another. */
export function changeText(from: number, to: number, decimals = 1): string {
  if (from === 0) return to === 0 ? "unchanged" : "from nothing";
  const percent = 100 * (to / from - 1);
  const rounded = Number(percent.toFixed(decimals));
  return `${rounded > 0 ? "+" : ""}${showNumber(rounded, decimals)} %`;
}

/** "14.3 × 13.3 cm". */
export function sizeText(point: SizePoint): string {
  return `${point.diametersCm.map((d) => showNumber(d)).join(" × ")} cm`;
}

/** "SD, then PD": a sequence in which repeats say nothing new. */
export function sequenceText(values: readonly string[]): string {
  return values.filter((v, i) => v !== values[i - 1]).join(", then ");
}

/** Lesions followed as targets: those that the record calls so, or what a reader would choose at baseline. */
export interface Targets {
  readonly lesions: readonly EntryOf<"lesion">[];
  /** True when nobody recorded a choice and the largest measurable lesions were taken. */
  readonly chosen: boolean;
  readonly dropped: readonly EntryOf<"lesion">[];
}

const mostTargets = 5;
const mostPerOrgan = 2;

/** At most five targets, at most two in an organ, largest first where there are more. */
export function targetsOf(view: CaseView, measurable: (lesion: EntryOf<"lesion">) => boolean): Targets {
  const series = lesionSeries(view);
  const flagged = view.record.entries.filter((e) => e.kind === "lesion").filter((l) => known(l.target) === true);
  const chosen = flagged.length === 0;
  const firstSize = (l: EntryOf<"lesion">) =>
    series.find((s) => s.lesion.id === l.id)?.points.find((p) => comparableMethods.has(p.measurement.method))?.diametersCm[0] ?? 0;
  const candidates = chosen ? series.map((s) => s.lesion).filter((l) => known(l.target) !== false && measurable(l)) : flagged;
  const byOrgan = new Map<string, number>();
  const lesions: EntryOf<"lesion">[] = [];
  for (const lesion of [...candidates].sort((a, b) => firstSize(b) - firstSize(a))) {
    // A lesion whose organ nobody named counts as an organ of its own.
    const organ = lesion.organ ?? lesion.id;
    if (lesions.length === mostTargets || (byOrgan.get(organ) ?? 0) === mostPerOrgan) continue;
    byOrgan.set(organ, (byOrgan.get(organ) ?? 0) + 1);
    lesions.push(lesion);
  }
  return { lesions, chosen, dropped: candidates.filter((l) => !lesions.includes(l)) };
}

/** The targets of a treatment at its baseline and after it. */
export interface FollowUp {
  readonly treatment: Treatment;
  readonly targets: Targets;
  readonly baseline: Assessment;
  /** Method by which each target is followed, fixed at baseline. */
  readonly methodOf: ReadonlyMap<string, string>;
  readonly after: readonly Assessment[];
  readonly caveats: readonly string[];
}

/** The last assessment at or before the start of a treatment at which every target was measured, and all later ones. */
export function followUpOf(view: CaseView, treatment: Treatment, targets: Targets, assessments: readonly Assessment[]): FollowUp | undefined {
  if (targets.lesions.length === 0 || !view.timing.has(treatment.id)) return undefined;
  const methodsAt = (a: Assessment) => {
    const methods = new Map<string, string>();
    for (const { id } of targets.lesions) {
      const method = ["CT", "MR"].find((m) => sizeBy(a.sizes.get(id), m) !== undefined);
      if (method === undefined) return undefined;
      methods.set(id, method);
    }
    return methods;
  };
  const startRank = view.timing.rank(treatment.id)?.start ?? Infinity;
  const pointRank = (id: string) => view.timing.rank(id)?.start ?? Infinity;
  const certain = (a: Assessment) => precedes(view, a.timePoint, treatment.id) === true;
  const inOrder = (a: Assessment) => precedes(view, a.timePoint, treatment.id) === undefined && pointRank(a.timePoint) <= startRank;
  const complete = assessments.filter((a) => methodsAt(a) !== undefined);
  const baseline = complete.findLast(certain) ?? complete.findLast(inOrder);
  const methodOf = baseline === undefined ? undefined : methodsAt(baseline);
  if (baseline === undefined || methodOf === undefined) return undefined;
  const caveats: string[] = [];
  if (!certain(baseline)) caveats.push(`Whether ${baseline.timePoint} lies before the start of ${treatment.name} is not recorded; it is listed before it.`);
  const after = assessments.slice(assessments.indexOf(baseline) + 1);
  for (const a of after) {
    if (precedes(view, treatment.id, a.timePoint) !== true && precedes(view, a.timePoint, treatment.id) !== true) {
      caveats.push(`Whether ${a.timePoint} lies after the start of ${treatment.name} is not recorded; it is listed after it.`);
    }
  }
  return { treatment, targets, baseline, methodOf, after, caveats };
}
