import type { BeamBixels } from "@hapax/dose";
import { boundedMinimum } from "@hapax/kernels";

import { meanDose } from "./aim-values.ts";
import { neighboringBixels, roughness } from "./fluence-smoothness.ts";
import { leastViolationGy } from "./limit-multipliers.ts";
import { meritOf, type AimsMerit, type Holding, type MeritOptions } from "./merit.ts";
import type { Aim } from "./terms.ts";

/** Dose of weights and its transpose; `DoseOperator` is one. */
export interface FluenceOperator {
  readonly weightCount: number;
  readonly voxelCount: number;
  readonly bixels: readonly BeamBixels[];
  /** A new array at each call. */
  forward(weights: Float32Array): Promise<Float32Array>;
  adjoint(gradient: Float32Array): Promise<Float32Array>;
}

export interface FluenceOptions extends Pick<MeritOptions, "waiting" | "slack"> {
  readonly operator: FluenceOperator;
  readonly aims: readonly Aim[];
  /** Added to the operator's dose in each voxel: what a better calculation gave more. */
  readonly offsetGy?: Float32Array;
  /** MU of all fractions; left out, all are alike and give the targets their mean dose. */
  readonly start?: ArrayLike<number>;
  /** Of the mean square difference of neighboring bixels; at 1 a difference as large as the mean weight counts as 1 % of the targets' dose does. 0 for none. */
  readonly smoothing: number;
  /** At each priority, at most. */
  readonly iterations: number;
  /** Discards everything. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it where it is. */
  readonly stop?: AbortSignal | undefined;
  readonly onIteration?: ((at: FluenceIteration) => void) | undefined;
}

export interface FluenceIteration {
  /** From 1, of all priorities. */
  readonly iteration: number;
  /** Which priority is being minimized, and what its aims are worth now, Gy². */
  readonly priority: number;
  readonly objective: number;
  /** Greatest violation of a limit, Gy. */
  readonly violationGy: number;
  /** Dose now, offset included; not a copy, but nobody writes to it again. */
  readonly doseGy: Float32Array;
}

export interface FluenceSolution {
  /** MU of all fractions. */
  readonly weights: Float32Array;
  /** Offset included. */
  readonly doseGy: Float32Array;
  /** As it was at the end: of the last priority, with what the others reached held and the prices of limits. */
  readonly merit: AimsMerit;
  readonly history: readonly Omit<FluenceIteration, "doseGy">[];
  /** Limits that hold the dose, the dearest first. */
  readonly holding: readonly Holding[];
  /** Greatest violation of a limit, Gy. */
  readonly violationGy: number;
  readonly evaluations: number;
  /** It was told to. */
  readonly stopped: boolean;
}

/** At rest when over so many iterations it falls by less than this part, 1e-4 at each; where prices are to move yet, by less than the second part. */
const [restWindow, restFall, roughFall] = [5, 5e-4, 1e-2];
/** Falls are reckoned against no less than this, Gy² of a whole structure. */
const leastObjective = 4e-4;
/** What is met but for so much, Gy² of a whole structure, is met: the square of 0.01 Gy. */
const metObjective = 1e-4;
/** Moves of prices at a priority, at most. */
const mostUpdates = 25;

/**
 * Weights of bixels, none below 0, that bring the dose nearest to the aims, priority by priority and within the limits. A
 * priority ends when it has come to rest within its limits, when a limit that cannot be met is violated as little as can be, or
 * with its iterations; the next goes on from there.
 *
 * @throws planning/aim as `meritOf`; the signal's reason when it is aborted
 */
export async function optimizeFluence(options: FluenceOptions): Promise<FluenceSolution> {
  const { operator, aims, offsetGy, smoothing, iterations, signal, stop, onIteration } = options;
  const merit = meritOf(aims, { byPriority: true, ...(options.waiting === undefined ? {} : { waiting: options.waiting }), ...(options.slack === undefined ? {} : { slack: options.slack }) });
  const pairs = smoothing > 0 ? neighboringBixels(operator.bixels) : new Int32Array(0);
  const { perUnit, wantedGy } = await unitOf(operator, aims, offsetGy);
  // Smoothness weighs against what one hundredth of the dose would cost.
  const roughGy = smoothing * (0.01 * wantedGy) ** 2;

  const weights = new Float32Array(operator.weightCount);
  const slopes = new Float32Array(operator.voxelCount);
  const tried = new Map<number, { readonly doseGy: Float32Array; readonly objective: number }>();
  let evaluations = 0;
  let again: Float32Array | undefined;
  const value = async (point: Float64Array, gradient: Float64Array) => {
    for (let b = 0; b < weights.length; b++) weights[b] = perUnit * (point[b] as number);
    const doseGy = again ?? added(await operator.forward(weights), offsetGy);
    again = undefined;
    slopes.fill(0);
    const worth = merit.value(doseGy, slopes);
    tried.set(++evaluations, { doseGy, objective: merit.objective });
    const back = await operator.adjoint(slopes);
    for (let b = 0; b < back.length; b++) gradient[b] = perUnit * (back[b] as number);
    const rough = roughGy * merit.weight;
    return rough > 0 ? worth + rough * roughness(point, pairs, rough, gradient) : worth;
  };

  let point: ArrayLike<number> = options.start === undefined ? new Float64Array(operator.weightCount).fill(1) : Float64Array.from(options.start, (weight) => weight / perUnit);
  let doseGy: Float32Array | undefined;
  const history: Omit<FluenceIteration, "doseGy">[] = [];
  const progress = new PriorityProgress(merit, iterations, pairs.length > 0);
  let stopped = false;
  for (let ended = false; !ended;) {
    const before = evaluations;
    let next: Next;
    const search = await boundedMinimum({
      start: point,
      lower: 0,
      value,
      tolerance: 0,
      atMost: Infinity,
      signal,
      onIteration({ value: worth, evaluation }) {
        const here = tried.get(before + evaluation) as { readonly doseGy: Float32Array; readonly objective: number };
        doseGy = here.doseGy;
        tried.clear();
        const at = { iteration: history.length + 1, priority: merit.priority, objective: here.objective, violationGy: merit.violation(doseGy) };
        history.push(at);
        onIteration?.({ ...at, doseGy });
        stopped = stop?.aborted === true;
        if (stopped) return "stop";
        next = progress.after(worth, here.objective, doseGy);
        if (next === "prices" || next === "priority") again = doseGy;
        return next === "prices" ? "changed" : next === undefined ? undefined : "stop";
      },
    });
    point = search.point;
    doseGy ??= tried.get(evaluations)?.doseGy as Float32Array;
    // Where nothing goes lower, prices move or the next priority begins; what is known of the curvature would mislead there.
    if (search.ended !== "told") next = progress.atRest(doseGy);
    ended = stop?.aborted === true || next === "ended";
  }
  stopped ||= stop?.aborted === true;
  const doseEnd = doseGy as Float32Array;
  return { weights: Float32Array.from(point, (share) => perUnit * share), doseGy: doseEnd, merit, history, holding: merit.holding(), violationGy: merit.violation(doseEnd), evaluations, stopped };
}

type Next = "prices" | "priority" | "ended" | undefined;

/** Decides at each iteration whether to go on, to move prices, to begin the next priority, or to end. */
class PriorityProgress {
  readonly #merit: AimsMerit;
  readonly #iterations: number;
  readonly #smooth: boolean;
  /** Since prices or priority last changed. */
  #values: number[] = [];
  #iteration = 0;
  #updates = 0;
  #leastViolation = Infinity;
  #vain = 0;

  constructor(merit: AimsMerit, iterations: number, smooth: boolean) {
    this.#smooth = smooth;
    this.#merit = merit;
    this.#iterations = iterations;
  }

  after(value: number, objective: number, doseGy: Float32Array): Next {
    this.#iteration++;
    this.#values.push(value);
    if (this.#met(objective, doseGy) || this.#iteration >= this.#iterations) return this.#next(doseGy);
    if (this.#values.length <= restWindow) return undefined;
    const { weight } = this.#merit;
    const fall = (this.#values.at(-1 - restWindow) as number) - value;
    const against = Math.max(Math.abs(value), leastObjective * weight);
    if (fall < restFall * against) return this.atRest(doseGy);
    if (fall < roughFall * against && this.#merit.unrest(doseGy) > 1) return this.#move(doseGy);
    return undefined;
  }

  /** The value falls no more. */
  atRest(doseGy: Float32Array): Next {
    const settled = this.#merit.unrest(doseGy) <= 1;
    // What does not shrink over some moves cannot be met.
    return settled || this.#vain >= 4 || this.#updates >= mostUpdates ? this.#next(doseGy) : this.#move(doseGy);
  }

  #move(doseGy: Float32Array): Next {
    const violation = this.#merit.update(doseGy);
    this.#vain = violation > leastViolationGy && violation > 0.95 * this.#leastViolation ? this.#vain + 1 : 0;
    this.#leastViolation = Math.min(this.#leastViolation, violation);
    this.#updates++;
    this.#values = [];
    return "prices";
  }

  #next(doseGy: Float32Array): Next {
    this.#values = [];
    [this.#iteration, this.#updates, this.#leastViolation, this.#vain] = [0, 0, Infinity, 0];
    while (this.#merit.next(doseGy)) if (!this.#met(this.#merit.objective, doseGy)) return "priority";
    return "ended";
  }

  #met(objective: number, doseGy: Float32Array): boolean {
    // Smoothness goes on to the end.
    if (this.#smooth && this.#merit.last) return false;
    return objective <= metObjective * this.#merit.weight && this.#merit.violation(doseGy) <= leastViolationGy && !this.#merit.exceeded(doseGy);
  }
}

function added(doseGy: Float32Array, offsetGy: Float32Array | undefined): Float32Array {
  if (offsetGy !== undefined) for (let v = 0; v < doseGy.length; v++) doseGy[v] = (doseGy[v] as number) + (offsetGy[v] as number);
  return doseGy;
}

/** The weight that, given to all bixels, comes nearest to the dose that is wanted, and that dose, Gy. */
async function unitOf(operator: FluenceOperator, aims: readonly Aim[], offsetGy: Float32Array | undefined): Promise<{ perUnit: number; wantedGy: number }> {
  const uniform = await operator.forward(new Float32Array(operator.weightCount).fill(1));
  let [along, squared, wanted, weights] = [0, 0, 0, 0];
  for (const aim of aims) {
    if (!(aim.kind === "underdose" || aim.kind === "deviation" || ("side" in aim && aim.side === "below"))) continue;
    const { shares } = aim.group;
    const { gy } = aim;
    const level = typeof gy === "number" ? gy : gy.reduce((sum, voxel, i) => sum + voxel * (shares[i] as number), 0);
    const left = level - (offsetGy === undefined ? 0 : meanDose(offsetGy, aim.group));
    const mean = meanDose(uniform, aim.group);
    const weight = aim.weight ?? 1;
    along += weight * mean * left;
    squared += weight * mean ** 2;
    wanted += weight * level;
    weights += weight;
  }
  const perUnit = along / squared;
  return { perUnit: perUnit > 0 && Number.isFinite(perUnit) ? perUnit : 1, wantedGy: weights > 0 ? wanted / weights : 1 };
}
