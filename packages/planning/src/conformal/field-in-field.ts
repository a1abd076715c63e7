import { apply, collimatorFromPatient, compose, type BeamPosition, type Grid } from "@hapax/base";
import type { Interval, Mlc } from "@hapax/dose";
import { closedPair } from "./leaves.ts";

/** What a change of the dose of some voxels is worth. */
export interface PricedVoxels {
  /** Of the dose grid. */
  readonly voxels: Int32Array;
  /** By how much the merit rises when all voxels have more, each its part of a beam; negative where more is better. */
  readonly prices: Float32Array;
}

/** Pixels in which prices are gathered, mm, and how often neighbors are averaged: scattered light reaches no less far. */
const [pixelMm, smoothings] = [5, 2];
/** What stays open of a pair is at least so wide, mm. */
const narrowestMm = 20;

/**
 * A field within a field: of each pair of leaves stays open the part, within the open field, through which more is worth most.
 * So leaves close over places that are too hot as the beam sees them, and where it can do nothing about them they do not.
 *
 * @param openField  ends of the leaves of each pair, mm at the isocenter
 * @returns          undefined where nothing is worth opening, or nothing worth closing
 */
export function fieldInField(mlc: Mlc, openField: readonly Interval[], position: BeamPosition, sadMm: number, grid: Grid, { voxels, prices }: PricedVoxels): Interval[] | undefined {
  const map = gathered(mlc, openField, position, sadMm, grid, voxels, prices);
  const chosen = openField.map(([from, to], pair): Interval => (to - from < narrowestMm ? closedPair : cheapestPart(map, from, to, ((mlc.leafEdgesMm[pair] as number) + (mlc.leafEdgesMm[pair + 1] as number)) / 2)));
  const changed = chosen.some(([from, to], pair) => Math.abs(from - (openField[pair] as Interval)[0]) + Math.abs(to - (openField[pair] as Interval)[1]) > 1);
  return changed && chosen.some(([from, to]) => to > from) ? chosen : undefined;
}

interface PriceMap {
  /** Along the leaves and across. */
  readonly size: readonly [number, number];
  /** Center of the first pixel. */
  readonly originMm: readonly [number, number];
  readonly values: Float64Array;
}

/** Prices along the rays of a beam, on pixels of the plane of the isocenter. */
function gathered({ axis, leafEdgesMm }: Mlc, openField: readonly Interval[], position: BeamPosition, sadMm: number, grid: Grid, voxels: Int32Array, prices: Float32Array): PriceMap {
  const open = openField.flatMap(([from, to], pair) => (to > from ? [{ from, to, low: leafEdgesMm[pair] as number, high: leafEdgesMm[pair + 1] as number }] : []));
  const around = smoothings * pixelMm;
  const originMm = [Math.min(...open.map(({ from }) => from)) - around, Math.min(...open.map(({ low }) => low)) - around] as const;
  const size = [Math.ceil((Math.max(...open.map(({ to }) => to)) + around - originMm[0]) / pixelMm) + 1, Math.ceil((Math.max(...open.map(({ high }) => high)) + around - originMm[1]) / pixelMm) + 1] as const;
  let values = new Float64Array(size[0] * size[1]);
  const collimator = compose(collimatorFromPatient(position), grid.patientFromVoxel);
  const [nx, ny] = grid.size;
  voxels.forEach((voxel, n) => {
    const price = prices[n] as number;
    if (price === 0) return;
    const [x, y, z] = apply(collimator, [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))]);
    const scale = sadMm / (sadMm - z) / pixelMm;
    const [along, across] = axis === "x" ? [x, y] : [y, x];
    const [u, v] = [along * scale - originMm[0] / pixelMm, across * scale - originMm[1] / pixelMm];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    if (i < 0 || j < 0 || i + 1 >= size[0] || j + 1 >= size[1]) return;
    const at = i + size[0] * j;
    values[at]! += price * (i + 1 - u) * (j + 1 - v);
    values[at + 1]! += price * (u - i) * (j + 1 - v);
    values[at + size[0]]! += price * (i + 1 - u) * (v - j);
    values[at + size[0] + 1]! += price * (u - i) * (v - j);
  });
  for (let n = 0; n < smoothings; n++) values = averaged(averaged(values, 1), size[0]);
  return { size, originMm, values };
}

/** Of each pixel and its neighbors along one axis, 1 : 2 : 1. */
function averaged(values: Float64Array, stride: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (value, i) => ((values[i - stride] ?? 0) + 2 * value + (values[i + stride] ?? 0)) / 4);
}

/** The part of a strip with the least sum of prices, no narrower than may be; closed where none is below 0. */
function cheapestPart({ size, originMm, values }: PriceMap, from: number, to: number, across: number): Interval {
  const v = Math.min(size[1] - 1, Math.max(0, (across - originMm[1]) / pixelMm));
  const j = Math.min(size[1] - 2, Math.floor(v));
  // Steps of a fraction of a pixel, ending on both ends of the strip.
  const steps = Math.max(1, Math.round((to - from) / 2));
  const step = (to - from) / steps;
  const sums = new Float64Array(steps + 1);
  for (let n = 0; n < steps; n++) {
    const u = (from + (n + 0.5) * step - originMm[0]) / pixelMm;
    const i = Math.floor(u);
    const row = (at: number) => (values[at] as number) + (u - i) * ((values[at + 1] as number) - (values[at] as number));
    sums[n + 1] = (sums[n] as number) + row(i + size[0] * j) + (v - j) * (row(i + size[0] * (j + 1)) - row(i + size[0] * j));
  }
  let best: readonly [number, number, number] = [0, 0, 0];
  const least = Math.ceil(narrowestMm / step);
  for (let a = 0; a <= steps; a++) {
    for (let b = a + least; b <= steps; b++) {
      const sum = (sums[b] as number) - (sums[a] as number);
      if (sum < best[2]) best = [a, b, sum];
    }
  }
  return best[2] < 0 ? [tenth(from + best[0] * step), tenth(from + best[1] * step)] : closedPair;
}

const tenth = (mm: number): number => Math.round(mm * 10) / 10;
