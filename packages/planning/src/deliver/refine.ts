import type { Interval } from "@hapax/dose";
import { boundedMinimum } from "@hapax/kernels";
import { deliveryOf, type Delivery, type DeliveryOptions, type Slope } from "./delivery.ts";
import { leastGapMm, letThrough, roomsOf, type LeafGrid } from "./leaf-grid.ts";
import type { Segment } from "./segment.ts";

export interface RefineOptions extends DeliveryOptions {
  readonly segments: readonly Segment[];
  /** MU of one fraction. */
  readonly leastSegmentMu: number;
  /** Of all rounds together, at most. */
  readonly iterations: number;
  /** Discards everything. */
  readonly signal?: AbortSignal | undefined;
  /** Ends where it is and keeps what was found. */
  readonly stop?: AbortSignal | undefined;
  readonly onIteration?: ((at: RefineIteration) => void) | undefined;
}

export interface RefineIteration {
  /** Of all rounds, from 1. */
  readonly iteration: number;
  /** From 0. */
  readonly round: number;
  readonly objective: number;
}

/** Between so many rounds multipliers of limits move, and leaves get new room. */
const rounds = 4;
/** In one round a leaf goes no further than this, mm: so far the slope at its end tells something. */
const roomMm = 10;

/**
 * Moves leaf ends and monitor units of all segments together so that the merit of their dose is least: the gradient of the merit by dose,
 * through the operator's transpose, is that of each bixel, and from there that of what each segment lets through. Leaves keep apart,
 * within their travel and the bixels of their beam. Segments that come to less than half of the least monitor units are left out, others are
 * held to it.
 *
 * @returns  in the order given
 * @throws   planning/no-leaves; the signal's reason when it is aborted
 */
export async function refined(options: RefineOptions): Promise<Segment[]> {
  const { merit, leastSegmentMu, iterations, signal, stop, onIteration } = options;
  const delivery = deliveryOf(options);
  let segments = [...options.segments];
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    const isLast = round === rounds - 1;
    if (isLast) segments = heldTo(leastSegmentMu, segments);
    if (segments.length === 0 || stop?.aborted === true) continue;
    const unknowns = unknownsOf(segments, delivery, isLast ? leastSegmentMu : 0);
    const before = done;
    const { point, iterations: made } = await boundedMinimum({
      start: new Float64Array(unknowns.lower.length),
      lower: unknowns.lower,
      upper: unknowns.upper,
      value: async (at, gradient) => {
        const slope = await delivery.slope(unknowns.segmentsAt(at));
        unknowns.writeGradient(slope, gradient);
        return slope.value;
      },
      atMost: Math.ceil((iterations - done) / (rounds - round)),
      // Merits have no common size that would tell when a slope is small.
      tolerance: 0,
      onIteration: ({ iteration, value }) => {
        onIteration?.({ iteration: before + iteration, round, objective: value });
        return stop?.aborted === true ? "stop" : undefined;
      },
      signal,
    });
    done += made;
    segments = unknowns.segmentsAt(point);
    if (!isLast) merit.update(await delivery.dose(segments));
  }
  return segments;
}

function heldTo(leastMu: number, segments: readonly Segment[]): Segment[] {
  return segments.filter(({ mu }) => mu >= leastMu / 2).map((segment) => ({ ...segment, mu: Math.max(leastMu, segment.mu) }));
}

interface Unknowns {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  segmentsAt(point: ArrayLike<number>): Segment[];
  writeGradient(slope: Slope, gradient: Float64Array): void;
}

/** A leaf end that may move. */
interface End {
  readonly pair: number;
  readonly bank: 0 | 1;
  readonly from: number;
  readonly to: number;
}

/**
 * The unknowns of a round: how far monitor units and leaf ends are from where they were, in steps that change the fluence alike. The two
 * leaves of a pair share the room between them at its middle, so that they cannot meet.
 */
function unknownsOf(segments: readonly Segment[], { grids }: Delivery, leastMu: number): Unknowns {
  const rooms = grids.map(roomsOf);
  const parts = segments.map((segment) => {
    const grid = grids[segment.beam] as LeafGrid;
    // So much of either unit moves the fluence by one MU through one bixel, root of the sum of squares.
    const muUnit = 1 / Math.sqrt(letThrough(grid, segment.leavesMm).reduce((sum, share) => sum + share ** 2, 0));
    const endUnit = grid.bixelMm / Math.max(segment.mu, 1);
    const ends = segment.leavesMm.flatMap((leaves, pair) => movable(leaves, pair, rooms[segment.beam]?.[pair] ?? []));
    return { segment, muUnit, endUnit, ends };
  });
  const [lower, upper]: [number[], number[]] = [[], []];
  for (const { segment, muUnit, endUnit, ends } of parts) {
    lower.push(Math.min(0, leastMu - segment.mu) / muUnit);
    upper.push(Infinity);
    for (const { pair, bank, from, to } of ends) {
      const here = (segment.leavesMm[pair] as Interval)[bank];
      lower.push((from - here) / endUnit);
      upper.push((to - here) / endUnit);
    }
  }
  return {
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
    segmentsAt(point) {
      let at = 0;
      return parts.map(({ segment, muUnit, endUnit, ends }) => {
        const mu = segment.mu + muUnit * (point[at++] as number);
        const leavesMm = segment.leavesMm.map(([one, two]): [number, number] => [one, two]);
        for (const { pair, bank } of ends) {
          const leaves = leavesMm[pair] as [number, number];
          leaves[bank] += endUnit * (point[at++] as number);
        }
        return { ...segment, mu, leavesMm };
      });
    },
    writeGradient({ byMu, byEnds }, gradient) {
      let at = 0;
      parts.forEach(({ muUnit, endUnit, ends }, s) => {
        gradient[at++] = muUnit * (byMu[s] as number);
        for (const { pair, bank } of ends) gradient[at++] = endUnit * (byEnds[s]?.[2 * pair + bank] as number);
      });
    },
  };
}

/** The ends of a pair and where they may go; none where it is closed. */
function movable([one, two]: Interval, pair: number, rooms: readonly Interval[]): End[] {
  const middle = (one + two) / 2;
  const room = two > one ? rooms.find(([from, to]) => middle >= from && middle <= to) : undefined;
  if (room === undefined) return [];
  return [
    { pair, bank: 0, from: Math.min(one, Math.max(room[0], one - roomMm)), to: Math.max(one, middle - leastGapMm / 2) },
    { pair, bank: 1, from: Math.min(two, middle + leastGapMm / 2), to: Math.max(two, Math.min(room[1], two + roomMm)) },
  ];
}
