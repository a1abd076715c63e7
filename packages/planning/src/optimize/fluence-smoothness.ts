import type { BeamBixels } from "@hapax/dose";

/**
 * Pairs of bixels that touch, within each beam.
 *
 * @returns places among all weights, two of each pair in turn
 */
export function neighboringBixels(beams: readonly BeamBixels[]): Int32Array {
  const pairs: number[] = [];
  for (const { firstWeight, centersMm } of beams) {
    const [columns, rows] = [placesAlong(centersMm, 0), placesAlong(centersMm, 1)];
    const width = Math.max(...columns) + 2;
    const places = new Map<number, number>();
    columns.forEach((column, b) => places.set(width * (rows[b] as number) + column, firstWeight + b));
    for (const [place, bixel] of places) {
      for (const beside of [place + 1, place + width]) {
        const neighbor = places.get(beside);
        if (neighbor !== undefined) pairs.push(bixel, neighbor);
      }
    }
  }
  return Int32Array.from(pairs);
}

/** Columns or rows of bixels, from 0, as far apart as the nearest two are. */
function placesAlong(centersMm: Float32Array, axis: 0 | 1): number[] {
  const middles = Array.from(centersMm).filter((_, i) => i % 2 === axis);
  const distinct = [...new Set(middles)].sort((a, b) => a - b);
  const first = distinct[0] ?? 0;
  const step = distinct.reduce((least, middle, i) => (i === 0 ? least : Math.min(least, middle - (distinct[i - 1] as number))), Infinity);
  return middles.map((middle) => (distinct.length === 1 ? 0 : Math.round((middle - first) / step)));
}

/** Mean square of the differences of neighbors; its gradient, times `factor`, is added. */
export function roughness(weights: Float64Array, pairs: Int32Array, factor: number, gradient: Float64Array): number {
  if (pairs.length === 0) return 0;
  const count = pairs.length / 2;
  let sum = 0;
  for (let p = 0; p < pairs.length; p += 2) {
    const [a, b] = [pairs[p] as number, pairs[p + 1] as number];
    const off = (weights[a] as number) - (weights[b] as number);
    sum += off * off;
    const slope = (2 * factor * off) / count;
    gradient[a] = (gradient[a] as number) + slope;
    gradient[b] = (gradient[b] as number) - slope;
  }
  return sum / count;
}
