import { known, lesionSeries, stateOf, type CaseView, type Finding, type Missing, type Reason, type RuleInfo, type SizePoint } from "@hapax/case";
import { cite } from "@hapax/references";
import { changeText, likeForLike, sizeText } from "./assessments.ts";

export const comparabilityInfo: RuleInfo = {
  id: "imaging/comparability",
  question: "Whether sizes may be compared",
  about: "Method, region, plane and coverage of consecutive measurements, and whether what a document says of the change fits the sizes.",
  source: cite("recist11"),
};

/** What stands between two sizes of one lesion, before they are called a change. */
export interface Comparison {
  readonly from: SizePoint;
  readonly to: SizePoint;
  /** Differences that are recorded. */
  readonly differs: readonly string[];
  /** What nobody recorded, so that a difference cannot be excluded. */
  readonly unknown: readonly string[];
}

/** Sets two sizes of one lesion side by side. */
export function compare(from: SizePoint, to: SizePoint): Comparison {
  const differs: string[] = [];
  const unknown: string[] = [];
  if (from.measurement.method !== to.measurement.method) differs.push(`method: ${from.measurement.method}, then ${to.measurement.method}`);
  const [before, after] = [from.study?.region, to.study?.region];
  if (before !== undefined && after !== undefined && before !== after) differs.push(`region: ${before}, then ${after}`);
  const [plane, planeAfter] = [known(from.measurement.plane), known(to.measurement.plane)];
  if (plane === undefined || planeAfter === undefined) unknown.push("plane");
  else if (plane !== planeAfter) differs.push(`plane: ${plane}, then ${planeAfter}`);
  const [coverage, coverageAfter] = [known(from.measurement.coverage), known(to.measurement.coverage)];
  if (coverage === undefined || coverageAfter === undefined) unknown.push("coverage");
  else if (coverage !== coverageAfter) differs.push(`coverage: ${coverage}, then ${coverageAfter}`);
  if (from.diametersCm.length !== to.diametersCm.length) differs.push(`diameters: ${from.diametersCm.length}, then ${to.diametersCm.length}`);
  return { from, to, differs, unknown };
}

const at = (p: SizePoint) => p.timePoint ?? "time not recorded";

/** One answer per lesion with two sizes or more. */
export function comparability(view: CaseView): Finding<string>[] {
  return lesionSeries(view).flatMap((series): Finding<string>[] => {
    const { lesion } = series;
    const { joined, apart: others } = likeForLike(series);
    // One size per time point: where a CT or MR stands beside another method, the CT or MR speaks.
    const points = series.points.filter((p) => joined.includes(p) || (others.includes(p) && !joined.some((j) => j.timePoint === p.timePoint)));
    if (points.length < 2) return [];
    const pairs = points.slice(1).map((to, i) => compare(points[i] as SizePoint, to));
    const contradictions = joined.slice(1).flatMap((to, i) => statedAgainst(view, lesion.id, joined[i] as SizePoint, to));
    const longest = joined.map((p) => p.diametersCm[0] ?? 0);
    const steps = longest.slice(1).map((d, i) => d - (longest[i] ?? 0));
    const monotone = steps.every((s) => s >= 0) || steps.every((s) => s <= 0);
    const doubtful = points.filter((p) => stateOf(p.measurement.coverage) === "uncertain");
    const different = pairs.filter((p) => p.differs.length > 0);
    const unknown = pairs.filter((p) => p.unknown.length > 0);
    const first = contradictions[0];
    const because: Reason[] = [
      ...contradictions.map((c) => ({ text: c.text, entries: c.entries })),
      ...pairs.map((p) => ({
        text: `${at(p.from)}–${at(p.to)}, ${sizeText(p.from)} to ${sizeText(p.to)}: ${[...p.differs, ...(p.unknown.length > 0 ? [`${p.unknown.join(" and ")} not recorded`] : [])].join("; ") || "alike"}.`,
        entries: [p.from.measurement.id, p.to.measurement.id],
        ...(p.differs.length > 0 ? { met: false } : p.unknown.length > 0 ? {} : { met: true }),
      })),
      ...(monotone || joined.length < 3
        ? []
        : [{ text: `Longest diameters by one method go ${longest.map((d) => d.toFixed(1)).join(", ")} cm: not one direction.`, entries: joined.map((p) => p.measurement.id) }]),
      ...doubtful.map((p) => {
        const { coverage } = p.measurement;
        return {
          text: `${at(p)}: coverage in doubt${coverage?.state === "uncertain" && coverage.reason !== undefined ? `: ${coverage.reason}` : ""}.`,
          entries: [p.measurement.id],
        };
      }),
    ];
    const status = first !== undefined ? "contradiction" : different.length === 0 && (unknown.length > 0 || doubtful.length > 0) ? "undecided" : "determined";
    const apart = different.map((p) => `${at(p.from)}–${at(p.to)}`);
    const verdict = apart.length === 0 ? "like for like" : `not like for like: ${apart.join(", ")}`;
    return [{
      rule: comparabilityInfo.id,
      subject: lesion.id,
      question: `Sizes compared, ${lesion.name.toLowerCase()}`,
      status,
      ...(status === "determined" ? { value: verdict } : status === "undecided" ? { possible: ["like for like", "not like for like"] } : {}),
      text: first !== undefined ? first.short : status === "determined" ? verdict : "{like for like, not like for like}",
      brief:
        first !== undefined
          ? first.brief
          : `${different.length} of ${pairs.length} steps differ in method, region or diameters; ${unknown.length} lack plane or coverage`,
      because,
      missing: missingOf(pairs, doubtful),
      assumptions: [],
      source: comparabilityInfo.source,
      ...(first === undefined ? {} : { stated: { text: first.stated, from: first.from, agrees: false } }),
      table: {
        columns: ["Step", "Sizes", "Longest", "What differs", "Not recorded"],
        rows: pairs.map((p) => [
          `${at(p.from)}–${at(p.to)}`,
          `${sizeText(p.from)}, then ${sizeText(p.to)}`,
          changeText(p.from.diametersCm[0] ?? 0, p.to.diametersCm[0] ?? 0),
          p.differs.join("; ") || "nothing recorded",
          p.unknown.join(", ") || "nothing",
        ]),
      },
    }];
  });
}

function missingOf(pairs: readonly Comparison[], doubtful: readonly SizePoint[]): Missing[] {
  const missing: Missing[] = [];
  if (pairs.some((p) => p.unknown.includes("plane"))) missing.push({ input: "Plane of the measurements", decides: "whether its sizes may be compared" });
  if (pairs.some((p) => p.unknown.includes("coverage"))) {
    missing.push({ input: "Coverage of the measurements", decides: "whether its sizes may be compared", ...(doubtful.length > 0 ? { state: "uncertain" as const } : {}) });
  }
  return missing;
}

/** What a document says of the change at a time point, where the sizes say the opposite. */
function statedAgainst(view: CaseView, lesion: string, from: SizePoint, to: SizePoint) {
  const product = (p: SizePoint) => (p.diametersCm[0] ?? 0) * (p.diametersCm[1] ?? p.diametersCm[0] ?? 0);
  const smaller = (to.diametersCm[0] ?? 0) < (from.diametersCm[0] ?? 0) && product(to) < product(from);
  const larger = (to.diametersCm[0] ?? 0) > (from.diametersCm[0] ?? 0) && product(to) > product(from);
  return view.all("observation").flatMap((o) => {
    const change = known(o.change);
    if (o.lesion !== lesion || view.timePointOf(o.id) !== to.timePoint) return [];
    if (!((change === "larger" && smaller) || (change === "smaller" && larger))) return [];
    const is = smaller ? "smaller" : "larger";
    return [{
      text: `${at(to)}: called ${change}, yet ${sizeText(to)} is ${is} than ${sizeText(from)} at ${at(from)}.`,
      short: `called ${change}, measured ${is}`,
      brief: `${sizeText(to)} at ${at(to)}, ${sizeText(from)} at ${at(from)}`,
      stated: o.what,
      from: o.from,
      entries: [o.id, from.measurement.id, to.measurement.id],
    }];
  });
}
