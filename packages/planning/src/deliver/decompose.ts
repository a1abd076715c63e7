/** An opening of whole columns and the levels that it gives. */
export interface LeveledShape {
  readonly levels: number;
  /** Columns open in each row, from the first to before the last; equal where the row is closed. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/**
 * A map of whole numbers as a sum of openings, each row of which is one stretch of columns, with the least sum of levels, which is
 * the greatest over rows of the sum of rises from column to column, and few openings: each takes as many levels as leave that
 * least sum for the rest, and of the stretches that do, the one that leaves the fewest steps.
 *
 * @param levels  whole numbers from 0; length columns × rows, column fastest
 * @returns       openings whose levels sum to the map exactly
x
 */
export function decomposed(levels: Int32Array, columns: number, rows: number): LeveledShape[] {
  const left = levels.slice();
  const shapes: LeveledShape[] = [];
  for (;;) {
    const rises = Int32Array.from({ length: rows }, (_, row) => risesOf(left, row * columns, columns));
    const most = rises.reduce((a, b) => Math.max(a, b), 0);
    if (most === 0) return shapes;
    const spare = rises.map((rise) => most - rise);
    let taken = most;
    for (let row = 0; row < rows; row++) taken = Math.min(taken, mostTaken(left, row * columns, columns, spare[row] as number));
    const shape = { levels: taken, from: new Int32Array(rows), to: new Int32Array(rows) };
    for (let row = 0; row < rows; row++) {
      const [from, to] = stretch(left, row * columns, columns, spare[row] as number, taken);
      shape.from[row] = from;
      shape.to[row] = to;
      for (let column = from; column < to; column++) left[row * columns + column] = (left[row * columns + column] as number) - taken;
    }
    shapes.push(shape);
  }
}

function risesOf(values: Int32Array, start: number, columns: number): number {
  let sum = 0;
  for (let column = 0, before = 0; column < columns; column++) {
    const value = values[start + column] as number;
    sum += Math.max(0, value - before);
    before = value;
  }
  return sum;
}

/**
 * Calls with every stretch of a row and the most levels it can take: no more than its least value, and only so many that the rises of what is
 * left, with those levels, do not pass the greatest of all rows. Of u levels the step up is relieved of at most itself, the step down likewise, so
 * the rises grow by (u − up)⁺ + (u − down)⁺ − u.
 */
function forStretches(values: Int32Array, start: number, columns: number, spare: number, call: (from: number, to: number, levels: number, up: number, down: number) => void): void {
  for (let from = 0; from < columns; from++) {
    const rise = (values[start + from] as number) - (from === 0 ? 0 : (values[start + from - 1] as number));
    let least = Infinity;
    for (let to = from + 1; to <= columns; to++) {
      const value = values[start + to - 1] as number;
      least = Math.min(least, value);
      if (least <= 0) break;
      const fall = value - (to === columns ? 0 : (values[start + to] as number));
      const [up, down] = [Math.max(0, rise), Math.max(0, fall)];
      const [low, high] = up < down ? [up, down] : [down, up];
      const levels = Math.min(least, spare <= high - low ? low + spare : Math.floor((low + high + spare) / 2));
      call(from, to, levels, rise, fall);
    }
  }
}

function mostTaken(values: Int32Array, start: number, columns: number, spare: number): number {
  let most = spare;
  forStretches(values, start, columns, spare, (_from, _to, levels) => (most = Math.max(most, levels)));
  return most;
}

function stretch(values: Int32Array, start: number, columns: number, spare: number, taken: number): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  // A row that may stay closed leaves its steps as they are.
  let fewest = spare >= taken ? 0 : Infinity;
  forStretches(values, start, columns, spare, (from, to, levels, rise, fall) => {
    if (levels < taken) return;
    const change = (step: number) => (step === 0 ? 1 : step === taken ? -1 : 0);
    const steps = change(rise) + change(fall);
    if (steps < fewest || (steps === fewest && to - from > best[1] - best[0])) {
      fewest = steps;
      best = [from, to];
    }
  });
  return best;
}
