import { HapaxError } from "@hapax/base";
import type { BeamBixels, Interval, Machine } from "@hapax/dose";
import { decomposed } from "./decompose.ts";
import { leafGrid, leastGapMm, type LeafGrid } from "./leaf-grid.ts";
import { fitted, merged, pairFluence, residual, squaredError, type Opening, type PairFluence } from "./openings.ts";
import type { Segment } from "./segment.ts";

export interface SequenceOptions {
  /** MU of all fractions through each bixel, beam by beam. */
  readonly weights: Float32Array;
  readonly bixels: readonly BeamBixels[];
  readonly bixelMm: number;
  readonly machine: Machine;
  readonly fractions: number;
  /** At most. */
  readonly segmentsPerBeam: number;
  /** MU of one fraction. */
  readonly leastSegmentMu: number;
}

/** Closed pairs stand this far beside the bixels, mm, so that what passes between their tips falls outside. */
const besideMm = 10;
/** Numbers of levels that are tried. */
const levelsTried = [3, 4, 5, 6, 8, 10, 12, 16, 20];
/** More openings than so many times those wanted only cost time. */
const mostOpenings = 2;
const sweepsBetween = 2;
const sweepsAtLast = 30;

/**
 * Step-and-shoot segments whose sum is near a fluence. Each beam is rounded to a number of levels and decomposed with the fewest
 * monitor units; openings are merged until there are few enough; then their leaf ends and monitor units are fitted to the fluence
 * by least squares, with what passes closed leaves. Of several numbers of levels that which comes nearest is kept.
 *
 * @returns  beam by beam; a beam without fluence has none
 * @throws   planning/no-leaves; planning/segments where fewer than one is allowed
 */
export function sequenced({ weights, bixels, bixelMm, machine, fractions, segmentsPerBeam, leastSegmentMu }: SequenceOptions): Segment[] {
  if (!(segmentsPerBeam >= 1)) throw new HapaxError("planning/segments", `A beam may have ${segmentsPerBeam} segments.`, "Allow at least one.");
  return bixels.flatMap((beam, b) => {
    const grid = leafGrid(beam, bixelMm, machine);
    const fluence = pairFluence(grid, weights.subarray(beam.firstWeight, beam.firstWeight + grid.bixelCount).map((mu) => mu / fractions));
    return openingsOf(fluence, Math.floor(segmentsPerBeam), leastSegmentMu).map((opening) => ({ beam: b, leavesMm: leavesOf(grid, fluence, opening), mu: opening.mu }));
  });
}

/** Openings, at most so many and each of at least so many MU, whose sum is near a fluence. */
export function openingsOf(fluence: PairFluence, most: number, leastMu: number): Opening[] {
  let [best, least]: [Opening[], number] = [[], Infinity];
  for (const levels of levelsTried) {
    let openings = leveled(fluence, levels);
    if (openings.length > mostOpenings * most && best.length > 0) break;
    while (openings.length > most) openings = fitted(fluence, merged(fluence, openings), sweepsBetween);
    openings = fitted(fluence, openings, sweepsAtLast);
    openings = noneBelow(fluence, openings, leastMu);
    const error = squaredError(fluence, residual(fluence, openings));
    if (error < least) [best, least] = [openings, error];
  }
  return best;
}

/** Openings of at least so many MU: the smallest goes, its monitor units to whichever it changes the fluence least with, until none is smaller. */
function noneBelow(fluence: PairFluence, openings: Opening[], leastMu: number): Opening[] {
  const smallest = openings.reduce((at, { mu }, i) => (mu < (openings[at] as Opening).mu ? i : at), 0);
  const mu = openings[smallest]?.mu ?? leastMu;
  if (mu >= leastMu) return openings;
  if (openings.length === 1 && mu >= leastMu / 2) return openings.map((opening) => ({ ...opening, mu: leastMu }));
  return noneBelow(fluence, fitted(fluence, merged(fluence, openings, smallest), sweepsBetween), leastMu);
}

/** A fluence in so many equal levels as openings that sum to it. */
export function leveled({ values, mayOpen, pairs, columns, transmission }: PairFluence, levels: number): Opening[] {
  const most = values.reduce((a, b, i) => (mayOpen[i] === 1 ? Math.max(a, b) : a), 0);
  if (most === 0) return [];
  const open = (background: number) => {
    const step = (most - background) / (1 - transmission) / levels;
    const rounded = Int32Array.from(values, (value, i) => (mayOpen[i] === 1 ? Math.max(0, Math.round((value - background) / (1 - transmission) / step)) : 0));
    return { step, shapes: decomposed(rounded, columns, pairs) };
  };
  // What passes closed leaves is given everywhere and needs no opening; how much that is, the openings say.
  const first = open(0);
  const mu = first.shapes.reduce((sum, shape) => sum + shape.levels, 0) * first.step;
  const { step, shapes } = transmission === 0 ? first : open(Math.min(most / 2, transmission * mu));
  return shapes.map(({ levels: taken, from, to }) => ({ mu: taken * step, from: Float64Array.from(from), to: Float64Array.from(to) }));
}

/** Ends of all leaves of the machine for an opening; closed pairs stand together beside the bixels, at the side that is nearer to what is open. */
function leavesOf({ mlc, alongMm, bixelMm, columns }: LeafGrid, { firstPair, pairs }: PairFluence, { from, to }: Opening): Interval[] {
  const [least, greatest] = mlc.travelMm;
  const within = (mm: number) => Math.min(greatest, Math.max(least, mm));
  const sides = [within(alongMm - besideMm), within(alongMm + columns * bixelMm + besideMm)] as const;
  const open = (pair: number): Interval | undefined => {
    const row = pair - firstPair;
    if (row < 0 || row >= pairs || !((to[row] as number) > (from[row] as number))) return undefined;
    const one = within(alongMm + (from[row] as number) * bixelMm + mlc.tipOffsetMm);
    const two = within(alongMm + (to[row] as number) * bixelMm - mlc.tipOffsetMm);
    if (two - one >= leastGapMm) return [one, two];
    const middle = Math.min(greatest - leastGapMm / 2, Math.max(least + leastGapMm / 2, (one + two) / 2));
    return [middle - leastGapMm / 2, middle + leastGapMm / 2];
  };
  const stretches = mlc.leafEdgesMm.slice(1).map((_, pair) => open(pair));
  const opened = stretches.filter((stretch) => stretch !== undefined);
  const middle = opened.reduce((sum, [one, two]) => sum + (one + two) / 2, 0) / Math.max(1, opened.length);
  const parked = middle - sides[0] <= sides[1] - middle ? sides[0] : sides[1];
  return stretches.map((stretch) => stretch ?? [parked, parked]);
}
