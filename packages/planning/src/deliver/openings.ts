import { pairColumns, type LeafGrid } from "./leaf-grid.ts";

/** The fluence of a beam as pairs of leaves can make it: one value for each pair and column. */
export interface PairFluence {
  /** The first pair that has bixels. */
  readonly firstPair: number;
  readonly pairs: number;
  readonly columns: number;
  /** MU of one fraction, mean over the width of the pair; length columns × pairs, column fastest. */
  readonly values: Float64Array;
  /** Bixels that each stands for; 0 where there is none. */
  readonly weights: Float64Array;
  /** 1 where at least half of the pair's width has bixels: beside them nobody reckons with what is let through. */
  readonly mayOpen: Uint8Array;
  readonly transmission: number;
}

/** Monitor units and the stretch of columns that each pair leaves open; ends may lie within a column, and are equal where it is closed. */
export interface Opening {
  mu: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** @param mu  of each bixel of the beam, one fraction */
export function pairFluence(grid: LeafGrid, mu: ArrayLike<number>): PairFluence {
  const { mlc: { transmission }, columns, bixelAt } = grid;
  const { firstPair, rows, weights, mayOpen } = pairColumns(grid);
  const values = new Float64Array(weights.length);
  for (const [pair, within] of rows.entries()) {
    for (let column = 0; column < columns; column++) {
      const at = pair * columns + column;
      for (const { row, share } of within) {
        const bixel = bixelAt[row * columns + column] as number;
        if (bixel >= 0) values[at] = (values[at] as number) + (share * (mu[bixel] as number)) / (weights[at] as number);
      }
    }
  }
  return { firstPair, pairs: rows.length, columns, values, weights, mayOpen, transmission };
}

/** How much of a column a stretch covers. */
const covered = (column: number, from: number, to: number): number => Math.max(0, Math.min(column + 1, to) - Math.max(column, from));

/** What the openings leave of a fluence. */
export function residual(fluence: PairFluence, openings: readonly Opening[]): Float64Array {
  const left = fluence.values.slice();
  for (const opening of openings) add(fluence, opening, -opening.mu, left);
  return left;
}

/** Squared distance from a fluence, MU² times bixels. */
export function squaredError({ weights }: PairFluence, left: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (weights[i] as number) * (left[i] as number) ** 2;
  return sum;
}

function add({ pairs, columns, transmission }: PairFluence, { from, to }: Opening, mu: number, left: Float64Array): void {
  for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) + mu * transmission;
  for (let pair = 0; pair < pairs; pair++) addStretch(left, pair * columns, from[pair] as number, to[pair] as number, mu * (1 - transmission));
}

function addStretch(left: Float64Array, start: number, from: number, to: number, mu: number): void {
  for (let column = Math.floor(from); column < to; column++) left[start + column] = (left[start + column] as number) + mu * covered(column, from, to);
}

/** By how much a stretch given `mu` lowers the squared error of what is left. */
function gain({ weights }: PairFluence, left: Float64Array, start: number, from: number, to: number, mu: number): number {
  let sum = 0;
  for (let column = Math.floor(from); column < to; column++) {
    const given = mu * covered(column, from, to);
    sum += (weights[start + column] as number) * given * (2 * (left[start + column] as number) - given);
  }
  return sum;
}

/** The stretch of one row that lowers the squared error most: whole columns, then its ends to where they fit. */
function bestStretch(fluence: PairFluence, left: Float64Array, start: number, mu: number): readonly [number, number] {
  const { columns, mayOpen, weights } = fluence;
  let best = 0;
  let from = 0;
  let to = 0;
  let sum = 0;
  let begin = 0;
  for (let column = 0; column < columns; column++) {
    const may = mayOpen[start + column] === 1;
    if (!may || sum <= 0) {
      sum = 0;
      begin = column;
    }
    if (!may) continue;
    sum += (weights[start + column] as number) * mu * (2 * (left[start + column] as number) - mu);
    if (sum > best) {
      best = sum;
      from = begin;
      to = column + 1;
    }
  }
  if (to === from) return [0, 0];
  const fits = (column: number) => (column < 0 || column >= columns || mayOpen[start + column] === 0 ? 0 : Math.min(1, Math.max(0, (left[start + column] as number) / mu)));
  const single = to - from === 1;
  const [low, high] = [fits(from), fits(to - 1)];
  return [low < 1 ? (single ? from : from + 1 - low) : from - fits(from - 1), high < 1 ? (single ? to : to - 1 + high) : to + fits(to)];
}

/** Moves the ends of every row of an opening to where its monitor units leave the least; `left` is kept in step. */
function fitStretches(fluence: PairFluence, opening: Opening, left: Float64Array): void {
  const mu = opening.mu * (1 - fluence.transmission);
  for (let pair = 0; pair < fluence.pairs; pair++) {
    const start = pair * fluence.columns;
    const [from, to] = [opening.from[pair] as number, opening.to[pair] as number];
    addStretch(left, start, from, to, mu);
    const found = bestStretch(fluence, left, start, mu);
    const better = gain(fluence, left, start, found[0], found[1], mu) > gain(fluence, left, start, from, to, mu);
    const [a, b] = better ? found : [from, to];
    opening.from[pair] = a;
    opening.to[pair] = b;
    addStretch(left, start, a, b, -mu);
  }
}

/** Gives an opening the monitor units that leave the least. */
function fitMu(fluence: PairFluence, opening: Opening, left: Float64Array, shape: Float64Array): void {
  shape.fill(0);
  add(fluence, opening, 1, shape);
  let [product, square] = [0, 0];
  for (let i = 0; i < left.length; i++) {
    product += (fluence.weights[i] as number) * (shape[i] as number) * (left[i] as number);
    square += (fluence.weights[i] as number) * (shape[i] as number) ** 2;
  }
  const mu = Math.max(0, opening.mu + product / square);
  for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) - (mu - opening.mu) * (shape[i] as number);
  opening.mu = mu;
}

/** Rows and monitor units of every opening in turn, each to its least squared error while the others stand; the error never rises. */
export function fitted(fluence: PairFluence, given: readonly Opening[], sweeps: number): Opening[] {
  const openings = given.map(copied);
  const left = residual(fluence, openings);
  const shape = new Float64Array(left.length);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const opening of openings) {
      fitMu(fluence, opening, left, shape);
      if (opening.mu > 0) fitStretches(fluence, opening, left);
    }
  }
  return openings.filter(isOpen);
}

const copied = ({ mu, from, to }: Opening): Opening => ({ mu, from: from.slice(), to: to.slice() });
const isOpen = ({ mu, from, to }: Opening): boolean => mu > 0 && from.some((start, pair) => (to[pair] as number) > start);

/**
 * One opening fewer: of every two, or of those with one of them given, the two become one with the monitor units of both, or one is left out, whatever changes
 * the fluence least for the squared error.
 *
 * @param only  place of an opening that is to go
 */
export function merged(fluence: PairFluence, openings: readonly Opening[], only?: number): Opening[] {
  const left = residual(fluence, openings);
  const scratch = left.slice();
  let least = Infinity;
  let best: Opening[] = [];
  for (const [i, one] of openings.entries()) {
    if (only === undefined || only === i) {
      const alone = left.slice();
      add(fluence, one, one.mu, alone);
      const change = squaredError(fluence, alone) - squaredError(fluence, left);
      if (change < least) [least, best] = [change, openings.filter((_, at) => at !== i)];
    }
    for (const [j, other] of openings.entries()) {
      if (j <= i || (only !== undefined && only !== i && only !== j)) continue;
      const { union, change } = unionOf(fluence, left, one, other, scratch);
      if (change < least) [least, best] = [change, openings.flatMap((opening, at) => (at === i ? [union] : at === j ? [] : [opening]))];
    }
  }
  return best;
}

/** Two openings as one with the monitor units of both, and by how much that changes the squared error. What passes closed leaves stays the same. */
function unionOf(fluence: PairFluence, left: Float64Array, one: Opening, other: Opening, scratch: Float64Array): { readonly union: Opening; readonly change: number } {
  const { pairs, columns, weights, transmission } = fluence;
  const union = { mu: one.mu + other.mu, from: new Float64Array(pairs), to: new Float64Array(pairs) };
  let change = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const closed = one.to[pair] === one.from[pair] && other.to[pair] === other.from[pair];
    if (closed) continue;
    const start = pair * columns;
    for (let at = start; at < start + columns; at++) scratch[at] = left[at] as number;
    addStretch(scratch, start, one.from[pair] as number, one.to[pair] as number, one.mu * (1 - transmission));
    addStretch(scratch, start, other.from[pair] as number, other.to[pair] as number, other.mu * (1 - transmission));
    for (let at = start; at < start + columns; at++) change += (weights[at] as number) * ((scratch[at] as number) ** 2 - (left[at] as number) ** 2);
    const mu = union.mu * (1 - transmission);
    const [from, to] = bestStretch(fluence, scratch, start, mu);
    union.from[pair] = from;
    union.to[pair] = to;
    change -= gain(fluence, scratch, start, from, to, mu);
  }
  return { union, change };
}
