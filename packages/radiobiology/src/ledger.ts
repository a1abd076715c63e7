import { Gy, showNumber } from "@hapax/base";
import type { Assumption, CaseView, Finding, Missing, Reason } from "@hapax/case";
import { cite, type Reference } from "@hapax/references";
import { aboveZero, assumeNumber, coursesOf, doseInFractions, doseOf, gy, interval, range, type Course, type CourseEntry } from "./courses.ts";
import { eqd2 } from "./eqd2.ts";
import { organData, organName, organTable, otherOrganAlphaBeta, regionWords, type OrganData, type PublishedLimit, type Region } from "./organs.ts";

/** Between which values a dose lies; `high` undefined where nothing bounds it. */
export interface Bounds {
  readonly low: number;
  readonly high: number | undefined;
}

/** How the dose of one course to one organ is known. */
export type Known = "recorded" | "bounds only" | "planned, not given" | "supposed";

/** What one course gave, or would have given, to one organ. */
export interface Contribution {
  readonly course: string;
  readonly name: string;
  /** "39 Gy in 30" for a recorded organ dose, "20 Gy in 5" for a prescription that only bounds it. */
  readonly label: string;
  readonly known: Known;
  readonly given: Course["given"];
  readonly fractions: number | undefined;
  /** Physical dose to the organ, Gy. */
  readonly dose: Bounds;
  /** EQD2 at the α/β of the organ, Gy, without recovery. */
  readonly eqd2: Bounds;
  readonly because: string;
}

/** A course that stayed a plan, placed on what had been given before it. */
export interface PlannedContribution extends Contribution {
  readonly before: Bounds;
  /** EQD2 that the organ would have reached at most; undefined where nothing bounds it. */
  readonly reaching: number | undefined;
}

/** A published limit as the reader left it, and how the sum stands to it. */
export interface LedgerLimit extends Omit<PublishedLimit, "source"> {
  readonly source: readonly Reference[];
  /** `below` whatever the doses not recorded were · `exceeded` likewise · `open` they decide. */
  readonly stands: "below" | "open" | "exceeded";
}

/** One organ: its courses end to end, the sum, the limits. All that the figure and a next course need. */
export interface LedgerRow {
  /** TG-263. */
  readonly organ: string;
  readonly name: string;
  readonly short: string;
  readonly metric: "maximum" | "mean";
  readonly alphaBeta: number;
  /** Credited to every course but the latest, percent. */
  readonly recovery: number;
  /** False when the courses may not share a point: the sum is then between the highest course and all of them. */
  readonly samePoint: boolean;
  readonly contributions: readonly Contribution[];
  readonly planned: readonly PlannedContribution[];
  /** EQD2 of the given courses, Gy, after recovery. */
  readonly cumulative: Bounds;
  readonly limits: readonly LedgerLimit[];
  /** The limit that is met first. */
  readonly binding: LedgerLimit | undefined;
  readonly alsoSaid: readonly string[];
  readonly caveats: readonly string[];
  readonly missing: readonly Missing[];
  readonly assumptions: readonly Assumption[];
}

/** EQD2 of a dose known between bounds; undefined above where the dose or the fraction count is. */
export function eqd2Bounds(dose: Bounds, fractions: number | undefined, alphaBeta: number): Bounds {
  const at = (value: number | undefined) =>
    value === undefined || fractions === undefined ? undefined : eqd2(Gy(value), fractions, Gy(alphaBeta));
  return { low: at(dose.low) ?? 0, high: dose.high === 0 ? 0 : at(dose.high) };
}

/**
 * Cumulative EQD2 of an organ: each course in EQD2 by its own fractions, then summed. A summed dose has no one dose per
 * fraction, and taking its EQD2 would lose part of it.
 *
 * @param courses    doses to the organ in order of time
 * @param alphaBeta  α/β of the organ, Gy
 * @param recovery   share of each earlier course that is taken as recovered, 0 to 1
 * @param options    `samePoint: false` when the maxima may lie apart; `credit: "all"` counts the latest as earlier too
 * @returns          EQD2, Gy
 */
export function cumulate(
  courses: readonly { readonly dose: Bounds; readonly fractions: number | undefined }[],
  alphaBeta: number,
  recovery: number,
  options: { readonly samePoint?: boolean; readonly credit?: "earlier" | "all" } = {},
): Bounds {
  const last = courses.length - 1;
  const parts = courses.map((course, i) => {
    const whole = eqd2Bounds(course.dose, course.fractions, alphaBeta);
    const left = i < last || options.credit === "all" ? 1 - recovery : 1;
    return { low: whole.low * left, high: whole.high === undefined ? undefined : whole.high * left };
  });
  const lows = parts.map((p) => p.low);
  const low = options.samePoint === false ? Math.max(0, ...lows) : lows.reduce((a, b) => a + b, 0);
  const high = parts.reduce<number | undefined>((sum, p) => (sum === undefined || p.high === undefined ? undefined : sum + p.high), 0);
  return { low, high };
}

/**
 * Dose of every organ over all courses.
 *
 * A recorded organ dose counts as it is; one not recorded lies between 0 and the highest prescription of its course;
 * a course whose completion is not recorded gave between nothing and all; what stayed a plan stands apart.
 * `suppose: { "dose/<course>/<organ>": 12 }` tries an organ dose in Gy.
 */
export function ledger(view: CaseView): LedgerRow[] {
  const courses = coursesOf(view).filter((c) => c.given !== "not performed" && c.entry.volumes.length + c.entry.organDoses.length > 0);
  if (courses.length === 0) return [];
  const organs = organsOf(view, courses);
  return organs.list.map((organ) => ledgerRow(view, organ, courses, organs.assumption));
}

function ledgerRow(view: CaseView, organ: string, courses: readonly Course[], organs: Assumption): LedgerRow {
  const data = organData(organ);
  const metric = data?.metric ?? "maximum";
  const name = organName(organ);
  const short = data?.short ?? organ;
  const alphaBeta = organAlphaBeta(view, organ);
  const recovery = assumeNumber(
    view,
    {
      key: "radiobiology/ledger/recovery",
      name: "recovery of earlier courses",
      value: 0,
      unit: "%",
      why: "0 unless set: published factors ask for 6 months or more, and centers differ",
      options: [0, 10, 25, 50],
    },
    (value) => value >= 0 && value <= 100,
  );
  const samePoint = view.assume({
    key: "radiobiology/ledger/samePoint",
    name: "same point in every course",
    value: true,
    why: "no dose distribution is recorded that would show where the maxima lie",
    options: [true, false],
  });
  const all = courses.map((course) => contribution(view, course, organ, metric, alphaBeta.value));
  const contributions = all.filter((c) => c.given !== "planned, not given");
  const sum = (list: readonly Contribution[]) =>
    cumulate(list, alphaBeta.value, recovery.value / 100, { samePoint: samePoint.value });
  const planned = all.flatMap((c, i): PlannedContribution[] => {
    if (c.given !== "planned, not given") return [];
    const earlier = all.slice(0, i).filter((e) => e.given !== "planned, not given");
    return [{ ...c, before: sum(earlier), reaching: sum([...earlier, c]).high }];
  });
  const cumulative = sum(contributions);
  const limitAssumptions: Assumption[] = [];
  const limits = (data?.limits ?? [])
    .map((limit): LedgerLimit => {
      const set = limitOf(view, organ, limit);
      limitAssumptions.push(...set.assumptions);
      return { ...limit, low: set.low, high: set.high, source: cite(limit.source), stands: standing(cumulative, set) };
    })
    .sort((a, b) => a.low - b.low || a.high - b.high);
  return {
    organ,
    name,
    short,
    metric,
    alphaBeta: alphaBeta.value,
    recovery: recovery.value,
    samePoint: samePoint.value,
    contributions,
    planned,
    cumulative,
    limits,
    binding: limits[0],
    alsoSaid: data?.alsoSaid ?? [],
    caveats: [
      ...recoveryCaveats(view, contributions, recovery.value),
      ...(metric === "maximum" ? hotSpotCaveats(courses, all) : []),
      ...(data !== undefined && limits.length > 0 && alphaBeta.value !== data.alphaBeta ? [`The limits are EQD2 at α/β ${showNumber(data.alphaBeta)}; the sum is at ${showNumber(alphaBeta.value)}.`] : []),
      ...(limits.length === 0 ? [`No published cumulative limit for ${name} is in the library.`] : []),
      ...metricCaveats(courses, organ),
    ],
    missing: contributions
      .filter((c) => c.eqd2.low !== c.eqd2.high)
      .flatMap((c) => [
        ...(c.fractions === undefined ? [`fractions of ${c.name}`] : []),
        ...(c.fractions === undefined && c.known === "recorded" ? [] : [`${short.toLowerCase()} dose of ${c.label}`]),
      ])
      .map((input) => ({ input, decides: `cumulative ${short.toLowerCase()}, ${range(cumulative.low, cumulative.high)} Gy` })),
    assumptions: [alphaBeta, recovery, samePoint, organs, ...limitAssumptions],
  };
}

/** α/β at which an organ is counted, the same in every rule. */
export function organAlphaBeta(view: CaseView, organ: string): Assumption & { readonly value: number } {
  const data = organData(organ);
  return assumeNumber(
    view,
    {
      key: `radiobiology/ledger/${organ}/alphaBeta`,
      name: `α/β of ${organName(organ).toLowerCase()}`,
      value: data?.alphaBeta ?? otherOrganAlphaBeta,
      unit: "Gy",
      why: data === undefined ? "not in the table of organs; late effects are usually read at 3" : "as tabulated by Rulach 2021",
      options: data?.alphaBetaOptions ?? [2, 3, 10],
    },
    aboveZero,
  );
}

function limitOf(view: CaseView, organ: string, limit: PublishedLimit): { low: number; high: number; assumptions: Assumption[] } {
  const key = `radiobiology/ledger/${organ}/limit/${limit.key}`;
  const one = (suffix: string, words: string, value: number) =>
    assumeNumber(
      view,
      { key: `${key}${suffix}`, name: `limit of ${limit.name}${words}`, value, unit: "Gy", why: limit.note ?? `as published, ${limit.metric}` },
      aboveZero,
    );
  if (limit.low === limit.high) {
    const only = one("", "", limit.low);
    return { low: only.value, high: only.value, assumptions: [only] };
  }
  const low = one("/low", ", lower end", limit.low);
  const high = one("/high", ", upper end", limit.high);
  return { low: low.value, high: Math.max(low.value, high.value), assumptions: [low, high] };
}

function standing(cumulative: Bounds, limit: { low: number; high: number }): LedgerLimit["stands"] {
  if (cumulative.low > limit.high) return "exceeded";
  return cumulative.high !== undefined && cumulative.high <= limit.low ? "below" : "open";
}

/** The metrics that stand for an organ's maximum or mean, best first. */
const preferred = { maximum: ["Dmax", "D0.1cc", "D1cc"], mean: ["Dmean"] } as const;

/** The organ dose of a course that the ledger counts; undefined when none of its kind is recorded. */
export function recordedOrganDose(
  entry: CourseEntry,
  organ: string,
  metric: "maximum" | "mean",
): { readonly dose: Gy; readonly metric: string } | undefined {
  for (const wanted of preferred[metric]) {
    for (const o of entry.organDoses) {
      const dose = o.organ === organ && o.metric === wanted ? doseOf(o.dose) : undefined;
      if (dose !== undefined) return { dose, metric: wanted };
    }
  }
  return undefined;
}

function contribution(view: CaseView, course: Course, organ: string, metric: "maximum" | "mean", alphaBeta: number): Contribution {
  const supposed = view.suppose[`dose/${course.id}/${organ}`];
  const found = recordedOrganDose(course.entry, organ, metric);
  const partly = course.given === "given in part or in full";
  const common = { course: course.id, name: course.name, given: course.given, fractions: course.fractions };
  if (typeof supposed === "number" && supposed >= 0 && supposed <= 1000) {
    const dose = { low: supposed, high: supposed };
    return {
      ...common,
      label: doseInFractions(supposed, course.fractions),
      known: course.given === "planned, not given" ? "planned, not given" : "supposed",
      dose,
      eqd2: eqd2Bounds(dose, course.fractions, alphaBeta),
      because: `supposed: ${doseInFractions(supposed, course.fractions)} to the organ`,
    };
  }
  const high = found?.dose ?? course.highest;
  const low = found !== undefined && !partly ? found.dose : 0;
  const dose = { low, high };
  const label = doseInFractions(high, course.fractions);
  const why =
    found !== undefined
      ? `${found.metric} ${showNumber(found.dose)} Gy recorded`
      : high === undefined
        ? "no dose recorded"
        : `organ dose not recorded: 0 to the prescription of ${showNumber(high)} Gy`;
  const part = partly ? "; completion not recorded, so 0 to all of it" : "";
  const refused = course.fractions === undefined ? "; fractions not recorded, so no EQD2" : "";
  return {
    ...common,
    label,
    known: course.given === "planned, not given" ? "planned, not given" : found !== undefined && !partly ? "recorded" : "bounds only",
    dose,
    eqd2: eqd2Bounds(dose, course.fractions, alphaBeta),
    because: `${why}${part}${refused}`,
  };
}

/** Organs of the ledger: those with a recorded dose, and those of the regions that the courses name. */
function organsOf(view: CaseView, courses: readonly Course[]): { list: string[]; assumption: Assumption } {
  const recordedOrgans = courses.flatMap((c) => c.entry.organDoses.map((o) => o.organ));
  const sites = courses.map((c) => [c.entry.site, ...c.entry.volumes.map((v) => (v.site?.state === "recorded" ? v.site.value : ""))].join(" ")).join(" ");
  const regions = (Object.keys(regionWords) as Region[]).filter((region) => regionWords[region].test(sites));
  const sides = [/\bright\b/i.test(sites) ? "_R" : "", /\bleft\b/i.test(sites) ? "_L" : ""].filter((s) => s !== "");
  const named = (o: OrganData) => (o.sided === true && sides.length > 0 ? sides.map((s) => `${o.organ}${s}`) : [o.organ]);
  const template = organTable.filter((o) => o.regions.some((r) => regions.includes(r))).flatMap(named);
  const first = [...new Set([...template, ...recordedOrgans])];
  const assumption = view.assume({
    key: "radiobiology/ledger/organs",
    name: "organs",
    value: first.join(" "),
    why: regions.length > 0 ? `organs of ${regions.join(" and ")}, which the sites of the courses name, and those with a recorded dose` : "organs with a recorded dose",
  });
  const list = [...new Set(String(assumption.value).split(/[\s,]+/).filter((o) => o !== ""))].slice(0, 40);
  return { list, assumption };
}

const halfYearDays = 182;

function recoveryCaveats(view: CaseView, contributions: readonly Contribution[], recovery: number): string[] {
  return contributions.slice(1).flatMap((later, i) => {
    const earlier = contributions[i];
    if (earlier === undefined) return [];
    const days = interval(view, earlier.course, later.course);
    const pair = `From ${earlier.name} to ${later.name}`;
    if (days.low !== undefined && days.low >= halfYearDays) return [];
    const credited = recovery > 0 ? `; the ${showNumber(recovery)} % credited here has no published support` : "";
    if (days.high !== undefined && days.high < halfYearDays) return [`${pair} at most ${showNumber(days.high)} days passed: below 6 months no recovery is credited${credited}.`];
    return [`${pair} the interval is not recorded: without 6 months shown, no recovery is credited${credited}.`];
  });
}

function hotSpotCaveats(courses: readonly Course[], contributions: readonly Contribution[]): string[] {
  return courses.flatMap((course, i) => {
    const percent = course.entry.globalMaximum?.state === "recorded" ? course.entry.globalMaximum.value : undefined;
    if (percent === undefined || percent <= 100 || course.highest === undefined || contributions[i]?.known !== "bounds only") return [];
    return [
      `${doseInFractions(course.highest, course.fractions)} is bounded by its prescription; its hot spot was ${showNumber(percent)} %, ${showNumber(Number(((course.highest * percent) / 100).toFixed(2)))} Gy.`,
    ];
  });
}

function metricCaveats(courses: readonly Course[], organ: string): string[] {
  const metrics = new Set(
    courses.flatMap((c) => recordedOrganDose(c.entry, organ, "maximum")?.metric ?? []).filter((m) => m !== "Dmax"),
  );
  return [...metrics].map((m) => `${m} stands for the maximum, which may be higher.`);
}

/** The ledger of one organ as a finding. */
export function ledgerFinding(row: LedgerRow): Finding<{ eqd2: number }> {
  const { cumulative: sum, contributions } = row;
  const exact = sum.high !== undefined && Math.abs(sum.high - sum.low) < 1e-9;
  const because: Reason[] = contributions.map((c) => ({
    text: `${c.name}: ${c.because}; EQD2 ${range(c.eqd2.low, c.eqd2.high)} Gy.`,
    entries: [c.course],
  }));
  for (const p of row.planned) {
    because.push({
      text: `${p.name}, planned and not given, is not counted; it would have reached ${p.reaching === undefined ? "an unknown dose" : `up to ${gy(p.reaching)} Gy`}.`,
      entries: [p.course],
    });
  }
  for (const limit of row.limits) {
    because.push({
      text: `${limit.name}${limit.metric === "D0.1cc" ? ", D0.1cc" : ""} ${limitText(limit)} Gy: ${limit.stands === "open" ? "depends on the doses not recorded" : limit.stands}.`,
      met: limit.stands === "below" ? true : limit.stands === "exceeded" ? false : undefined,
    });
  }
  const parts = contributions.map((c) => `${c.label}: ${range(c.eqd2.low, c.eqd2.high)}`);
  const against = row.binding === undefined ? "" : `; lowest limit ${limitText(row.binding)}, ${row.binding.name}`;
  return {
    rule: "radiobiology/ledger",
    subject: row.organ,
    question: `${row.name}, EQD2 of all courses`,
    status: contributions.length === 0 ? "not applicable" : exact ? "determined" : "undecided",
    value: exact && contributions.length > 0 ? { eqd2: sum.low } : undefined,
    ...(sum.high === undefined ? {} : { bounds: { low: sum.low, high: sum.high, unit: "Gy" } }),
    text: contributions.length === 0 ? "nothing given" : `${range(sum.low, sum.high)} Gy (α/β ${showNumber(row.alphaBeta)})`,
    brief: contributions.length === 0 ? "No course was given" : shorter(`${parts.join(", ")}${against}`, `${contributions.length} courses${against}`),
    because,
    missing: row.missing,
    assumptions: row.assumptions,
    source: uniqueReferences([...cite("fowler1989", "rulach2021"), ...row.limits.flatMap((l) => l.source)]),
    caveats: [...row.caveats, ...limitNotes(row.limits), ...row.alsoSaid],
    table: {
      columns: ["Course", "Gy to the organ", "EQD2, Gy", "State"],
      rows: [...contributions, ...row.planned].map((c) => [c.name, range(c.dose.low, c.dose.high), range(c.eqd2.low, c.eqd2.high), c.known]),
    },
  };
}

/** The conditions under which a limit was published. */
export function limitNotes(limits: readonly LedgerLimit[]): string[] {
  return limits.flatMap((l) => (l.note === undefined ? [] : [`${l.name} ${limitText(l)} Gy: ${l.note}.`]));
}

/** The first of two lines where it fits a closed row, else the second. */
export function shorter(long: string, short: string): string {
  return long.length < 90 ? long : short;
}

/** "54" or "80–95". */
export function limitText(limit: { readonly low: number; readonly high: number }): string {
  return limit.low === limit.high ? showNumber(limit.low) : `${showNumber(limit.low)}–${showNumber(limit.high)}`;
}

/** References without repetition, in order. */
export function uniqueReferences(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((r) => [r.key, r])).values()];
}
