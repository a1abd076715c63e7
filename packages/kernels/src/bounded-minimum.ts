/** A function of many unknowns, and how its least value is looked for. */
export interface BoundedSearch {
  /** Where to begin; left as it is, brought within the bounds. */
  readonly start: ArrayLike<number>;
  /** Least of each unknown, or of all; left out, there is none. */
  readonly lower?: number | ArrayLike<number>;
  /** Greatest of each unknown, or of all; left out, there is none. */
  readonly upper?: number | ArrayLike<number>;
  /** Value at a point; writes its gradient there, all of it. Both arrays are the search's own. */
  value(point: Float64Array, gradient: Float64Array): number | Promise<number>;
  /** Steps that the curvature is told from; 12 unless given. */
  readonly history?: number;
  /** Iterations, at most; 500 unless given. */
  readonly atMost?: number;
  /** Greatest component of the projected gradient, in units of value per unknown, at which it has arrived; 1e-6 unless given. */
  readonly tolerance?: number;
  /** After each iteration. "stop" ends the search; "changed" says that `value` is now another function, of nearly the same curvature. */
  readonly onIteration?: (at: BoundedIteration) => "stop" | "changed" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where a search stands after an iteration. */
export interface BoundedIteration {
  readonly iteration: number;
  /** How often `value` was called in all, and which of these calls was at this point; from 1. */
  readonly evaluations: number;
  readonly evaluation: number;
  readonly value: number;
  /** Not a copy: it changes with the next iteration. */
  readonly point: Float64Array;
}

export interface BoundedMinimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** Arrived by the gradient, told to stop, out of iterations, or no step goes lower in the numbers at hand. */
  readonly ended: "arrived" | "told" | "iterations" | "precision";
}

/** A step has gone down if by this part of what the slope promises, and far enough if the slope is less than this part of the first. */
const [sufficientDecrease, steepAfter] = [1e-4, 0.9];
/** Trials along one direction. */
const mostTrials = 20;
/** Values that differ by less than this part are the same in the numbers at hand: there the slope alone is asked. */
const rounding = 1e-13;

/**
 * Finds a local minimum within bounds by projected quasi-Newton steps: unknowns at a bound that the gradient pushes against rest,
 * the others move by the inverse curvature of limited memory on their own subspace, and the path is bent at the bounds it meets.
 * The same input gives the same answer.
 *
 * @returns  the lowest point of the last iteration
 * @throws   RangeError where bounds cross, lengths differ, the start has no finite value, or a gradient is not a number; the
 *           signal's reason when it is aborted
 * @source   Bertsekas 1982, SIAM Journal on Control and Optimization 20:221; Nocedal 1980, Mathematics of Computation 35:773
 */
export async function boundedMinimum(search: BoundedSearch): Promise<BoundedMinimum> {
  const { start, history = 12, atMost = 500, tolerance = 1e-6, onIteration, signal } = search;
  const n = start.length;
  const lower = boundOf(search.lower ?? -Infinity, n);
  const upper = boundOf(search.upper ?? Infinity, n);
  for (let i = 0; i < n; i++) if (!((lower[i] as number) <= (upper[i] as number))) throw new RangeError(`Unknown ${i} is to be at least ${lower[i]} and at most ${upper[i]}.`);
  const within = (value: number, i: number) => Math.min(upper[i] as number, Math.max(lower[i] as number, value));

  let here: Place = { point: Float64Array.from(start, within), gradient: new Float64Array(n), value: NaN, evaluation: 0 };
  // Of two more places, one is tried and one was tried and went down.
  const spare: Place[] = [{ ...here, point: new Float64Array(n), gradient: new Float64Array(n) }, { ...here, point: new Float64Array(n), gradient: new Float64Array(n) }];
  const direction = new Float64Array(n);
  const free = new Int32Array(n);
  const memory = new CurvatureMemory(n, history);
  let evaluations = 0;
  const evaluate = async (place: Place) => {
    signal?.throwIfAborted();
    place.value = await search.value(place.point, place.gradient);
    place.evaluation = ++evaluations;
    signal?.throwIfAborted();
    if (Number.isFinite(place.value)) place.gradient.forEach(refuseNan);
  };
  await evaluate(here);
  if (!Number.isFinite(here.value)) throw new RangeError(`The value at the start is ${here.value}.`);

  let iteration = 0;
  const end = (ended: BoundedMinimum["ended"]): BoundedMinimum => ({ point: here.point, value: here.value, iterations: iteration, evaluations, ended });
  while (iteration < atMost) {
    const { count, steepest } = movable(here, lower, upper, free);
    if (!(steepest > tolerance)) return end("arrived");
    let found = false;
    // Where curvature misleads, the gradient alone is tried once.
    while (!found) {
      const known = memory.towards(here.gradient, free, count, direction);
      const length = known ? 1 : firstLength(here, free, count);
      found = await lineSearch(length, known ? 2 : 10);
      if (!found && !known) return end("precision");
      if (!found) memory.forget();
    }
    iteration++;
    const told = onIteration?.({ iteration, evaluations, evaluation: here.evaluation, value: here.value, point: here.point });
    if (told === "stop") return end("told");
    if (told === "changed") await evaluate(here);
  }
  return end("iterations");

  /** Moves `here` along the direction, bent at the bounds; false where no step goes down. */
  async function lineSearch(first: number, leastGrowth: number): Promise<boolean> {
    let step = first;
    let down: Place | undefined;
    for (let trial = 0; trial < mostTrials; trial++) {
      const there = spare.find((place) => place !== down) as Place;
      let promised = 0;
      for (let i = 0; i < n; i++) {
        const from = here.point[i] as number;
        const to = within(from + step * (direction[i] as number), i);
        there.point[i] = to;
        promised += (here.gradient[i] as number) * (to - from);
      }
      if (!(promised < 0)) break;
      await evaluate(there);
      let slope = 0;
      for (let i = 0; i < n; i++) {
        const to = there.point[i] as number;
        if (to > (lower[i] as number) && to < (upper[i] as number)) slope += (there.gradient[i] as number) * (direction[i] as number);
      }
      const before = promised / step;
      const level = there.value <= here.value + rounding * Math.abs(here.value) && Math.abs(slope) <= -steepAfter * before;
      if (!level && !(there.value <= here.value + sufficientDecrease * promised)) {
        if (down !== undefined) break;
        const bottom = (-promised * step) / (2 * (there.value - here.value - promised));
        step = Math.min(0.5 * step, Math.max(0.1 * step, Number.isFinite(bottom) ? bottom : 0));
        continue;
      }
      if (down !== undefined && there.value >= down.value) break;
      down = there;
      // Still steep: the step was too short to learn the curvature from.
      if (trial > 3 || slope >= steepAfter * before) break;
      step *= Math.min(10, Math.max(leastGrowth, before / (before - slope)));
    }
    if (down === undefined) return false;
    memory.learn(here, down);
    spare[spare.indexOf(down)] = here;
    here = down;
    return true;
  }
}

interface Place {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  value: number;
  evaluation: number;
}

function boundOf(bound: number | ArrayLike<number>, n: number): Float64Array {
  if (typeof bound === "number") return new Float64Array(n).fill(bound);
  if (bound.length !== n) throw new RangeError(`${bound.length} bounds were given for ${n} unknowns.`);
  return Float64Array.from(bound);
}

function refuseNan(slope: number, i: number): void {
  if (Number.isNaN(slope)) throw new RangeError(`The gradient by unknown ${i} is not a number.`);
}

/** Lists the unknowns that are not held by a bound; how many, and the greatest component of the projected gradient. */
function movable({ point, gradient }: Place, lower: Float64Array, upper: Float64Array, free: Int32Array): { count: number; steepest: number } {
  let count = 0;
  let steepest = 0;
  for (let i = 0; i < point.length; i++) {
    const [x, slope] = [point[i] as number, gradient[i] as number];
    const room = slope > 0 ? x - (lower[i] as number) : (upper[i] as number) - x;
    if (room <= 0) continue;
    free[count++] = i;
    steepest = Math.max(steepest, Math.min(Math.abs(slope), room));
  }
  return { count, steepest };
}

/** A tenth of the way that the point is from the origin, or of 1. */
function firstLength({ point, gradient }: Place, free: Int32Array, count: number): number {
  let [far, steep] = [0, 0];
  for (let f = 0; f < count; f++) {
    const i = free[f] as number;
    far += (point[i] as number) ** 2;
    steep += (gradient[i] as number) ** 2;
  }
  return (0.1 * Math.max(1, Math.sqrt(far))) / Math.sqrt(steep);
}

/** Steps and the changes of gradient that they brought, the newest over the oldest. */
class CurvatureMemory {
  readonly #steps: readonly Float64Array[];
  readonly #changes: readonly Float64Array[];
  readonly #curvatures: Float64Array;
  readonly #shares: Float64Array;
  #count = 0;
  #newest = -1;

  constructor(n: number, length: number) {
    this.#steps = Array.from({ length }, () => new Float64Array(n));
    this.#changes = Array.from({ length }, () => new Float64Array(n));
    this.#curvatures = new Float64Array(length);
    this.#shares = new Float64Array(length);
  }

  forget(): void {
    this.#count = 0;
  }

  /** Keeps a step where the function curves upward along it. */
  learn(from: Place, to: Place): void {
    const at = (this.#newest + 1) % this.#steps.length;
    const [step, change] = [this.#steps[at] as Float64Array, this.#changes[at] as Float64Array];
    let [along, squared] = [0, 0];
    for (let i = 0; i < step.length; i++) {
      const s = (to.point[i] as number) - (from.point[i] as number);
      const y = (to.gradient[i] as number) - (from.gradient[i] as number);
      step[i] = s;
      change[i] = y;
      along += s * y;
      squared += y * y;
    }
    if (!(along > 1e-12 * squared)) return this.#spoil(at);
    this.#newest = at;
    this.#count = Math.min(this.#count + 1, this.#steps.length);
  }

  /** The oldest was overwritten by a step that is not kept. */
  #spoil(at: number): void {
    if (this.#count === this.#steps.length && at === (this.#newest + 1) % this.#steps.length) this.#count--;
  }

  /** Writes the direction of free unknowns, 0 for the others; false where nothing is known and it is the gradient's. */
  towards(gradient: Float64Array, free: Int32Array, count: number, direction: Float64Array): boolean {
    direction.fill(0);
    for (let f = 0; f < count; f++) {
      const i = free[f] as number;
      direction[i] = -(gradient[i] as number);
    }
    const length = this.#steps.length;
    let scale = 0;
    for (let back = 0; back < this.#count; back++) {
      const at = (this.#newest - back + length) % length;
      const [step, change] = [this.#steps[at] as Float64Array, this.#changes[at] as Float64Array];
      let [along, squared, share] = [0, 0, 0];
      for (let f = 0; f < count; f++) {
        const i = free[f] as number;
        const [s, y] = [step[i] as number, change[i] as number];
        along += s * y;
        squared += y * y;
        share += s * (direction[i] as number);
      }
      // On the free unknowns alone a step may have lost its curvature.
      const kept = along > 1e-12 * squared;
      this.#curvatures[at] = kept ? along : 0;
      if (!kept) continue;
      if (scale === 0) scale = along / squared;
      share /= along;
      this.#shares[at] = share;
      for (let f = 0; f < count; f++) {
        const i = free[f] as number;
        direction[i] = (direction[i] as number) - share * (change[i] as number);
      }
    }
    if (scale === 0) return false;
    for (let f = 0; f < count; f++) {
      const i = free[f] as number;
      direction[i] = scale * (direction[i] as number);
    }
    for (let back = this.#count - 1; back >= 0; back--) {
      const at = (this.#newest - back + length) % length;
      const along = this.#curvatures[at] as number;
      if (along === 0) continue;
      const [step, change] = [this.#steps[at] as Float64Array, this.#changes[at] as Float64Array];
      let other = 0;
      for (let f = 0; f < count; f++) {
        const i = free[f] as number;
        other += (change[i] as number) * (direction[i] as number);
      }
      const add = (this.#shares[at] as number) - other / along;
      for (let f = 0; f < count; f++) {
        const i = free[f] as number;
        direction[i] = (direction[i] as number) + add * (step[i] as number);
      }
    }
    return true;
  }
}
