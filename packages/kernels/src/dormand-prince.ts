/** Writes the derivative of `y` at time `t` into `out`. */
export type Derivative = (t: number, y: Float64Array, out: Float64Array) => void;

export interface Tolerance {
  /** Error allowed per step relative to the size of the state; 1e-8 unless given. */
  readonly relative?: number;
  /** Error allowed per step, in the unit of the state; 1e-10 unless given. */
  readonly absolute?: number;
  /** Steps after which it gives up; 100 000 unless given. */
  readonly maxSteps?: number;
}

const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1] as const;
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
] as const;
/** Fifth-order weights minus those of the embedded fourth-order formula. */
const errorWeights = [
  35 / 384 - 5179 / 57600,
  0,
  500 / 1113 - 7571 / 16695,
  125 / 192 - 393 / 640,
  -2187 / 6784 + 92097 / 339200,
  11 / 84 - 187 / 2100,
  -1 / 40,
] as const;

/**
 * Integrates ordinary differential equations by the Dormand-Prince 5(4) pair with step-size control. The plain
 * specification against which closed forms and faster solvers are tested.
 *
 * @param derivative  right-hand side; smooth between the times given
 * @param start       state at times[0]; length n, left as it is
 * @param times       ascending times at which the state is wanted; steps land on each of them
 * @returns           states, length times.length × n, one row per time
 * @throws            RangeError when the times descend or the step underflows
 */
export function integrate(derivative: Derivative, start: Float64Array, times: Float64Array, tolerance: Tolerance = {}): Float64Array {
  const { relative = 1e-8, absolute = 1e-10, maxSteps = 100_000 } = tolerance;
  const n = start.length;
  const states = new Float64Array(times.length * n);
  const y = Float64Array.from(start);
  const trial = new Float64Array(n);
  const k = Array.from({ length: 7 }, () => new Float64Array(n));
  const first = k[0] as Float64Array;
  const last = k[6] as Float64Array;
  let t = times[0] ?? 0;
  states.set(y, 0);
  let step = 0;
  let steps = 0;
  for (let row = 1; row < times.length; row++) {
    const target = times[row] as number;
    if (!(target >= t)) throw new RangeError(`Time ${target} follows ${t}: times ascend.`);
    if (row === 1) {
      derivative(t, y, first);
      step = firstStep(y, first, target - t, relative, absolute);
    }
    while (t < target) {
      if (++steps > maxSteps) throw new RangeError(`No end after ${maxSteps} steps at time ${t}.`);
      const left = target - t;
      const h = step >= left ? left : step;
      for (let s = 1; s < 7; s++) {
        const row7 = stages[s] as readonly number[];
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < s; j++) sum += (row7[j] as number) * ((k[j] as Float64Array)[i] as number);
          trial[i] = (y[i] as number) + h * sum;
        }
        derivative(t + (nodes[s] as number) * h, trial, k[s] as Float64Array);
      }
      let square = 0;
      for (let i = 0; i < n; i++) {
        let error = 0;
        for (let s = 0; s < 7; s++) error += (errorWeights[s] as number) * ((k[s] as Float64Array)[i] as number);
        const scale = absolute + relative * Math.max(Math.abs(y[i] as number), Math.abs(trial[i] as number));
        square += ((h * error) / scale) ** 2;
      }
      const error = n === 0 ? 0 : Math.sqrt(square / n);
      if (error <= 1) {
        t = h === left ? target : t + h;
        // The last stage of a step is the first of the next one.
        y.set(trial);
        first.set(last);
      }
      const factor = error === 0 ? 5 : Math.min(5, Math.max(0.2, 0.9 * error ** -0.2));
      // A step cut short to land on a time must not shrink the ones after it.
      if (error > 1 || h === step) step = h * factor;
      else step = Math.max(step, h * factor);
      if (!(step > Math.abs(t) * 1e-15)) throw new RangeError(`The step underflows at time ${t}.`);
    }
    states.set(y, row * n);
  }
  return states;
}

function firstStep(y: Float64Array, slope: Float64Array, span: number, relative: number, absolute: number): number {
  let size = 0;
  let speed = 0;
  for (let i = 0; i < y.length; i++) {
    const scale = absolute + relative * Math.abs(y[i] as number);
    size += ((y[i] as number) / scale) ** 2;
    speed += ((slope[i] as number) / scale) ** 2;
  }
  const guess = size < 1e-10 || speed < 1e-10 ? 1e-4 : 0.01 * Math.sqrt(size / speed);
  return span > 0 ? Math.min(guess, span) : guess;
}
