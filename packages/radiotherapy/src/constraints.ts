import { HapaxError, showNumber } from "@hapax/base";
import { readName, standardNameOf } from "@hapax/case";
import type { Bounds } from "@hapax/kernels";
import data from "./constraints.json" with { type: "json" };
import type { Dvh } from "./dvh.ts";

/** A published or practiced set of limits. */
export interface ConstraintSet {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** The source itself was read; false is second-hand or recalled. */
  readonly verified: boolean;
  /** For 1.8 to 2.2 Gy a fraction, whatever their number. */
  readonly conventional?: boolean;
  /** For the sum of EQD2 over courses: no plan alone is judged by it. */
  readonly cumulativeEqd2?: boolean;
  /** For a phantom, not for a patient. */
  readonly phantom?: boolean;
}

/** A limit of one number of a dose–volume histogram. */
export interface Constraint {
  /** Its `ConstraintSet`. */
  readonly set: string;
  /** TG-263 name; without a side it holds for both. */
  readonly structure: string;
  /** As TG-263 writes it: `Max[Gy]`, `Mean[Gy]`, `D0.1cc[Gy]`, `D95%[Gy]`, `V20Gy[%]`, `V15Gy[cc]`, `CV12.5Gy[cc]` (volume that receives less). */
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** A stricter value that is wished, where the source has two. */
  readonly ideal?: number;
  /** Number of fractions for which it holds; undefined where the set says it otherwise. */
  readonly fractions?: number;
  /** Gy, where the limit is an EQD2. */
  readonly alphaBeta?: number;
  readonly note?: string;
}

export const constraintSets: readonly ConstraintSet[] = data.sets;
export const constraints: readonly Constraint[] = data.constraints;

export interface Verdict {
  readonly constraint: Constraint;
  readonly verdict: "pass" | "fail" | "cannot tell";
  /** The number judged; bounds that differ where part of the structure has no dose. */
  readonly value?: Bounds;
  readonly why: string;
}

/**
 * Limits that may be asked of a course: those of its number of fractions, and of conventional fractionation where each
 * fraction has 1.8 to 2.2 Gy. A course whose fractions are not recorded has none: the number is never guessed.
 *
 * @param perFractionGy  dose of a fraction, Gy
 */
export function constraintsFor(course: { readonly fractions?: number; readonly perFractionGy?: number }): Constraint[] {
  const { fractions, perFractionGy } = course;
  if (fractions === undefined) return [];
  const conventional = perFractionGy !== undefined && perFractionGy >= 1.8 && perFractionGy <= 2.2;
  return constraints.filter((constraint) => {
    const set = setOf(constraint);
    if (set.cumulativeEqd2 === true || set.phantom === true) return false;
    return set.conventional === true ? conventional : constraint.fractions === fractions;
  });
}

/** Limits of the EQD2 summed over courses, as published at this α/β; the sum of another α/β is not judged by them. */
export function cumulativeConstraints(alphaBeta: number): Constraint[] {
  return constraints.filter((constraint) => setOf(constraint).cumulativeEqd2 === true && constraint.alphaBeta === alphaBeta);
}

/** The set of a limit. @throws radiotherapy/constraint-set when the limit names none that is known */
export function setOf(constraint: Constraint): ConstraintSet {
  const set = constraintSets.find((one) => one.id === constraint.set);
  if (set === undefined) throw new HapaxError("radiotherapy/constraint-set", `The limit of ${constraint.structure} belongs to ${constraint.set}, which is no set.`, "Name one of the sets of constraints.json.");
  return set;
}

/**
 * Whether a limit is for a structure of this name: by TG-263, however the file spells it. A limit without side is for both
 * sides; one of lungs or liver also for what is left of them without a target, as QUANTEC counts them.
 */
export function isFor(constraint: Constraint, structureName: string): boolean {
  const name = standardNameOf(structureName);
  if (readName(structureName).purpose !== "evaluation") return false;
  return [name, name.replace(/_[LR]$/, ""), name.replace(/^(Lungs|Liver)-(IGTV|GTV|CTV|ITV|PTV)$/, "$1")].includes(constraint.structure);
}

/**
 * Judges a limit: pass or fail where bounds leave no doubt, cannot tell where they do, or where there is nothing to judge.
 *
 * @param dvh      histogram of the structure; undefined where it is not drawn
 * @param because  why there is none, in words
 * @throws         radiotherapy/metric when the metric cannot be read
 */
export function judge(constraint: Constraint, dvh: Dvh | undefined, because = `${constraint.structure} is not drawn.`): Verdict {
  if (dvh === undefined) return { constraint, verdict: "cannot tell", why: because };
  const value = metricOf(constraint.metric, dvh);
  if (Number.isNaN(value.low)) {
    return { constraint, verdict: "cannot tell", why: `${dvh.name} has ${showNumber(dvh.volumeCc, 2)} cc: ${constraint.metric} asks for more.` };
  }
  const { atMost = Infinity, atLeast = -Infinity } = constraint;
  const wished = constraint.ideal === undefined ? "" : `, ${constraint.ideal} wished`;
  const said = `${constraint.metric} is ${boundsText(value)}, ${constraint.atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`} asked${wished}`;
  if (value.high <= atMost && value.low >= atLeast) return { constraint, verdict: "pass", value, why: `${said}.` };
  if (value.low > atMost || value.high < atLeast) return { constraint, verdict: "fail", value, why: `${said}.` };
  return { constraint, verdict: "cannot tell", value, why: `${said}; the dose is known in ${(100 * dvh.coverage).toFixed(1)} % of ${dvh.name}.` };
}

/**
 * A number of a histogram by its TG-263 name; Gy, %, or cc as the name says.
 *
 * @throws radiotherapy/metric when the name cannot be read
 */
export function metricOf(metric: string, dvh: Dvh): Bounds {
  if (metric === "Max[Gy]") return dvh.max;
  if (metric === "Mean[Gy]") return dvh.mean;
  if (metric === "Min[Gy]") return dvh.min;
  const [, kind, number, of, unit] = /^(D|V|CV)([\d.]+)(cc|%|Gy)\[(Gy|cc|%)\]$/.exec(metric) ?? [];
  const value = Number(number);
  if (kind === "D" && unit === "Gy") return of === "cc" ? dvh.dAtCc(value) : dvh.dAt(value / 100);
  if (kind === "V" && of === "Gy" && unit === "%") return times(dvh.vAt(value), 100);
  if (kind === "V" && of === "Gy" && unit === "cc") return dvh.vAtCc(value);
  if (kind === "CV" && of === "Gy" && unit === "cc") return spared(dvh, value);
  throw new HapaxError("radiotherapy/metric", `${metric} is no metric that is known.`, "Write it as TG-263 does: Max[Gy], Mean[Gy], D0.1cc[Gy], D95%[Gy], V20Gy[%], V15Gy[cc], CV12.5Gy[cc].");
}

/** Volume that receives less than a dose, cc. */
function spared(dvh: Dvh, gy: number): Bounds {
  const { low, high } = dvh.vAtCc(gy);
  return { low: dvh.volumeCc - high, high: dvh.volumeCc - low };
}

const times = ({ low, high }: Bounds, factor: number): Bounds => ({ low: low * factor, high: high * factor });

function boundsText({ low, high }: Bounds): string {
  if (low === high) return showNumber(low, 2);
  return high === Infinity ? `${showNumber(low, 2)} or more` : `${showNumber(low, 2)} to ${showNumber(high, 2)}`;
}
