import { Gy, HapaxError, listed, showNumber, spacingOf, type Volume } from "@hapax/base";
import { standardNameOf } from "@hapax/case";
import { eqd2 } from "@hapax/radiobiology";
import { constraints, dvhOf, metricOf, setOf, type Constraint, type Dvh } from "@hapax/radiotherapy";
import type { Feasibility, Fractionation, LimitReached } from "../feasibility-answer.ts";
import type { Region, Setting } from "../setting.ts";
import { earlierEqd2 } from "./earlier.ts";
import { metricAsked, unitOf } from "./metric.ts";
import { organsNamed, regionNamed } from "./named-structures.ts";

/**
 * Which organ's limit is reached first, and at which prescription. Dose in organs rises in proportion to the prescription, so one
 * dose answers for all: a limit of a dose D at a value d is reached at L / d of it, a limit of the volume that has a dose by the dose that
 * this volume has. Limits are those published for the number of fractions; with earlier doses also those of the sum of EQD2.
 *
 * @param setting  its target, organs and earlier doses; the fractions of its request do not count here
 * @param dose     Gy of all fractions, on the dose grid: of a plan for the target, however many fractions it has
 * @param planGy   what that plan prescribes
 * @throws         planning/fractions, planning/dose; as `dvhOf` and `earlierEqd2`
 */
export function stereotacticFeasibility(setting: Setting, dose: Volume<Float32Array>, planGy: number, fractionation: Fractionation): Feasibility {
  const { doseGy, fractions } = fractionation;
  if (!Number.isInteger(fractions) || fractions < 1) throw new HapaxError("planning/fractions", `A stereotactic course in ${fractions} fractions is asked for.`, "Give a whole number, 1 or more.");
  for (const gy of [doseGy, planGy]) if (!(gy > 0)) throw new HapaxError("planning/dose", `A prescription of ${gy} Gy was given.`, "Give a dose above 0 Gy.");
  const { structures } = setting.scan;
  const limits = constraints.filter((constraint) => constraint.fractions === fractions && setOf(constraint).phantom !== true);
  const cumulative = (setting.request.earlier ?? []).length === 0 ? [] : constraints.filter((constraint) => setOf(constraint).cumulativeEqd2 === true && constraint.alphaBeta !== undefined);
  const histogramOf = organHistograms(setting, dose);
  const rows = [...limits, ...cumulative].flatMap((constraint) => {
    return namesOf(constraint.structure, setting).flatMap((name) => {
      const region = regionNamed(setting, name);
      if (region === undefined) return [];
      const found = setOf(constraint).cumulativeEqd2 === true ? reachedWithEarlier(setting, dose, constraint, region, planGy, fractionation) : reachedAlone(constraint, histogramOf(region), planGy, doseGy);
      return found === undefined ? [] : [rowOf(constraint, name, found)];
    });
  });
  const reaches = rows.sort((a, b) => a.atPrescriptionGy - b.atPrescriptionGy);
  const notDrawn = [...new Set([...limits, ...cumulative].map(({ structure }) => structure))].filter((organ) => namesOf(organ, setting).length === 0);
  const elsewhere = new Set(constraints.filter((constraint) => constraint.fractions !== undefined && setOf(constraint).phantom !== true).map(({ structure }) => structure));
  const withoutLimit = [...elsewhere].filter((organ) => organsNamed(organ, structures).length > 0 && !limits.some(({ structure }) => structure === organ));
  const limiting = reaches[0];
  const feasible = verdict(reaches, doseGy);
  return { fractionation, reaches, ...(limiting === undefined ? {} : { limiting }), feasible, why: sentence(setting, fractionation, reaches, feasible, notDrawn, withoutLimit), notDrawn, withoutLimit };
}

/** Drawn names of an organ; a pair of which only the sides are drawn keeps its own. */
function namesOf(organ: string, setting: Setting): string[] {
  const names = organsNamed(organ, setting.scan.structures);
  return names.length > 0 ? names : regionNamed(setting, organ) === undefined ? [] : [organ];
}

interface Found {
  readonly limit: number;
  readonly atAsked: number;
  readonly atPrescriptionGy: number;
  readonly whole: boolean;
}

function rowOf(constraint: Constraint, organ: string, found: Found): LimitReached {
  const set = setOf(constraint);
  return {
    organ, metric: constraint.metric, ...found, set: set.name, source: set.source, verified: set.verified,
    ...(set.cumulativeEqd2 === true && constraint.alphaBeta !== undefined ? { cumulativeAlphaBeta: constraint.alphaBeta } : {}),
  };
}

function organHistograms(setting: Setting, dose: Volume<Float32Array>): (region: Region) => Dvh {
  const made = new Map<string, Dvh>();
  return (region) => {
    const dvh = made.get(region.name) ?? dvhOf(region.structure, dose, optionsOf(setting));
    made.set(region.name, dvh);
    return dvh;
  };
}

const optionsOf = ({ scan: { ct } }: Setting) => ({ frameOfReference: ct.grid.frameOfReference, sliceMm: spacingOf(ct.grid)[2] });

/** A limit of this course alone, by the proportion; undefined where the organ is smaller than the limit asks. */
function reachedAlone(constraint: Constraint, dvh: Dvh, planGy: number, askedGy: number): Found | undefined {
  const limit = constraint.atMost ?? (constraint.atLeast as number);
  const asked = metricAsked(constraint.metric);
  // Share or volume that may have the dose of the metric, and what it has in the plan.
  const at = asked.kind === "volume" ? (asked.in === "%" ? dvh.dAt(limit / 100) : dvh.dAtCc(limit)) : asked.kind === "spared" ? dvh.dAtCc(dvh.volumeCc - limit) : metricOf(constraint.metric, dvh);
  if (Number.isNaN(at.low) || (asked.kind === "spared" && dvh.volumeCc <= limit)) return undefined;
  const reachedBy = asked.kind === "volume" || asked.kind === "spared" ? asked.gy : limit;
  const atPrescriptionGy = at.low > 0 ? (planGy * reachedBy) / at.low : Infinity;
  return { limit, atAsked: valueAt(constraint.metric, dvh, planGy / askedGy), atPrescriptionGy, whole: dvh.coverage === 1 };
}

/** A metric of a dose that is another, divided by a factor. */
function valueAt(metric: string, dvh: Dvh, factor: number): number {
  const asked = metricAsked(metric);
  if (asked.kind === "volume") return asked.in === "%" ? 100 * dvh.vAt(asked.gy * factor).low : dvh.vAtCc(asked.gy * factor).low;
  if (asked.kind === "spared") return dvh.volumeCc - dvh.vAtCc(asked.gy * factor).low;
  return metricOf(metric, dvh).low / factor;
}

/** Prescriptions are sought to this, Gy. */
const soughtTo = 0.005;
/** Beyond this no prescription is looked for, Gy. */
const mostGy = 500;

/**
 * A limit of the sum of EQD2 with the earlier doses: it rises with the prescription, and where it reaches the limit is sought between
 * bounds. Each voxel of the dose grid is taken by its middle.
 */
function reachedWithEarlier(setting: Setting, dose: Volume<Float32Array>, constraint: Constraint, region: Region, planGy: number, { doseGy, fractions }: Fractionation): Found | undefined {
  const { atMost: limit, alphaBeta, metric } = constraint;
  if (limit === undefined || alphaBeta === undefined) return undefined;
  const { gy: earlier, unknown } = earlierEqd2(setting, alphaBeta, region);
  const own = Float32Array.from(region.voxels, (voxel) => (dose.values[voxel] as number) * dose.slope + dose.intercept);
  const sum = new Float32Array(own.length);
  const valueFor = (prescriptionGy: number): number => {
    for (let n = 0; n < sum.length; n++) sum[n] = eqd2(Gy(((own[n] as number) * prescriptionGy) / planGy), fractions, Gy(alphaBeta)) + (earlier[n] as number);
    return metricOfVoxels(metric, sum, region);
  };
  const atAsked = valueFor(doseGy);
  if (Number.isNaN(atAsked)) return undefined;
  return { limit, atAsked, atPrescriptionGy: whereReached((gy) => valueFor(gy) - limit, doseGy), whole: unknown === 0 };
}

/** A metric of voxels and their parts; NaN where it asks for more than the organ has. */
function metricOfVoxels(metric: string, gy: Float32Array, { parts, volumeCc }: Region): number {
  const asked = metricAsked(metric);
  const all = parts.reduce((sum, part) => sum + part, 0);
  const shareWith = (holds: (value: number) => boolean) => gy.reduce((sum, value, n) => (holds(value) ? sum + (parts[n] as number) : sum), 0) / all;
  if (asked.kind === "max") return gy.reduce((most, value) => Math.max(most, value), -Infinity);
  if (asked.kind === "min") return gy.reduce((least, value) => Math.min(least, value), Infinity);
  if (asked.kind === "mean") return gy.reduce((sum, value, n) => sum + value * (parts[n] as number), 0) / all;
  if (asked.kind === "volume") return shareWith((value) => value >= asked.gy) * (asked.in === "%" ? 100 : volumeCc);
  if (asked.kind === "spared") return shareWith((value) => value < asked.gy) * volumeCc;
  if (asked.kind !== "dose") return NaN;
  const share = asked.to === "share" ? asked.part : asked.part / volumeCc;
  if (share > 1) return NaN;
  const hottestFirst = Uint32Array.from(gy.keys()).sort((a, b) => (gy[b] as number) - (gy[a] as number));
  let left = share * all;
  for (const n of hottestFirst) {
    left -= parts[n] as number;
    if (left <= 0) return gy[n] as number;
  }
  return gy[hottestFirst.at(-1) as number] as number;
}

/** The least prescription at which a rising excess is 0, Gy, by false position between bounds that close in. */
function whereReached(excess: (prescriptionGy: number) => number, startGy: number): number {
  let low = 0;
  let below = excess(low);
  if (below > 0) return 0;
  let high = startGy;
  let beyond = excess(high);
  while (beyond <= 0) {
    if (high >= mostGy) return Infinity;
    [low, below] = [high, beyond];
    high = Math.min(2 * high, mostGy);
    beyond = excess(high);
  }
  for (let side = 0, n = 0; n < 60 && high - low > soughtTo; n++) {
    // The middle where the line between the bounds has nothing to go by, as on the steps of a volume.
    const line = low - (below * (high - low)) / (beyond - below);
    const at = n % 3 === 2 || !(line > low && line < high) ? (low + high) / 2 : line;
    const value = excess(at);
    if (Math.abs(value) < 1e-4) return at;
    if (value > 0) {
      [high, beyond] = [at, value];
      if (side === 1) below /= 2;
      side = 1;
    } else {
      [low, below] = [at, value];
      if (side === -1) beyond /= 2;
      side = -1;
    }
  }
  return (low + high) / 2;
}

function verdict(reaches: readonly LimitReached[], doseGy: number): boolean | undefined {
  if (reaches.some(({ atPrescriptionGy }) => atPrescriptionGy < doseGy)) return false;
  return reaches.length === 0 || reaches.some(({ whole }) => !whole) ? undefined : true;
}

function sentence({ targets }: Setting, { doseGy, fractions }: Fractionation, reaches: readonly LimitReached[], feasible: boolean | undefined, notDrawn: readonly string[], withoutLimit: readonly string[]): string {
  const what = `${showNumber(doseGy)} Gy in ${fractions} to ${targets.map(({ name }) => name).join(" and ") || "the target"}`;
  const first = firstOfEachOrgan(reaches);
  const passed = first.filter(({ atPrescriptionGy }) => atPrescriptionGy < doseGy);
  const said = passed.map((row) => `${row.organ} ${row.atPrescriptionGy === 0 ? "by what was given before" : `at ${showNumber(row.atPrescriptionGy, 1)} Gy`} (${limitText(row)})`);
  const nearest = first[0];
  const main =
    feasible === false
      ? `${what} cannot be given: limits are reached by ${listed(said)}.`
      : nearest === undefined
        ? `Nothing limits ${what}: no organ with a limit in ${fractions} fraction${fractions === 1 ? "" : "s"} is drawn.`
        : `${what} ${feasible === true ? "stays within every limit that was judged" : "passes no limit that is known"}; ${nearest.atPrescriptionGy === Infinity ? "no prescription reaches one" : `the first, of ${nearest.organ} (${limitText(nearest)}), is reached at ${showNumber(nearest.atPrescriptionGy, 1)} Gy`}.`;
  return [
    main,
    ...(notDrawn.length === 0 ? [] : [`Not drawn and not judged: ${listed(notDrawn)}.`]),
    ...(withoutLimit.length === 0 ? [] : [`No limit in ${fractions} fractions is kept here for ${listed(withoutLimit)}.`]),
  ].join(" ");
}

/** Of each organ the limit that is reached first: Spinal canal and SPINALCANAL are one. */
function firstOfEachOrgan(reaches: readonly LimitReached[]): LimitReached[] {
  const first = new Map<string, LimitReached>();
  for (const row of reaches) if (!first.has(standardNameOf(row.organ))) first.set(standardNameOf(row.organ), row);
  return [...first.values()];
}

function limitText({ metric, limit, set, cumulativeAlphaBeta, verified }: LimitReached): string {
  const least = metricAsked(metric).kind === "spared" ? "at least" : "at most";
  return `${metric} ${least} ${showNumber(limit)} ${unitOf(metric)}${cumulativeAlphaBeta === undefined ? "" : ` of EQD2 with earlier doses, α/β ${showNumber(cumulativeAlphaBeta)}`}, ${set}${verified ? "" : ", read second-hand"}`;
}
