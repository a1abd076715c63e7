import { HapaxError } from "@hapax/base";
import type { BeamBixels, Interval, Machine, Mlc } from "@hapax/dose";

/** What lies across the motion of the leaves where one pair, or the tongue between it and the next, limits the beam. */
interface Strip {
  readonly pair: number;
  readonly tongue: boolean;
  /** Rows of bixels that it lies in, and the share of their width. */
  readonly rows: readonly { readonly row: number; readonly share: number }[];
}

/** The bixels of a beam as leaves see them: columns along their motion, rows across it. */
export interface LeafGrid {
  readonly mlc: Mlc;
  readonly bixelMm: number;
  readonly columns: number;
  readonly rows: number;
  /** Edges of the first column and of the first row, mm at the isocenter. */
  readonly alongMm: number;
  readonly acrossMm: number;
  /** Place of each bixel among those of its beam, column fastest; −1 where there is none. */
  readonly bixelAt: Int32Array;
  readonly bixelCount: number;
  readonly strips: readonly Strip[];
}

/**
 * The leaves of a machine.
 *
 * @throws planning/no-leaves where it has none
 */
export function leavesOf({ mlc, name }: Machine): Mlc {
  if (mlc === undefined) throw new HapaxError("planning/no-leaves", `${name} has no leaves.`, "Choose a machine with leaves, or plan without modulation.");
  return mlc;
}

/** @throws planning/no-leaves */
export function leafGrid({ centersMm }: BeamBixels, bixelMm: number, machine: Machine): LeafGrid {
  const mlc = leavesOf(machine);
  const bixelCount = centersMm.length / 2;
  const along = mlc.axis === "x" ? 0 : 1;
  const first = (axis: number) => {
    let least = Infinity;
    for (let i = axis; i < centersMm.length; i += 2) least = Math.min(least, centersMm[i] as number);
    return least;
  };
  const [firstAlong, firstAcross] = [first(along), first(1 - along)];
  const place = (bixel: number) => [Math.round(((centersMm[2 * bixel + along] as number) - firstAlong) / bixelMm), Math.round(((centersMm[2 * bixel + 1 - along] as number) - firstAcross) / bixelMm)] as const;
  let [columns, rows] = [0, 0];
  for (let bixel = 0; bixel < bixelCount; bixel++) {
    const [column, row] = place(bixel);
    columns = Math.max(columns, column + 1);
    rows = Math.max(rows, row + 1);
  }
  const bixelAt = new Int32Array(columns * rows).fill(-1);
  for (let bixel = 0; bixel < bixelCount; bixel++) {
    const [column, row] = place(bixel);
    bixelAt[row * columns + column] = bixel;
  }
  const acrossMm = firstAcross - bixelMm / 2;
  return { mlc, bixelMm, columns, rows, alongMm: firstAlong - bixelMm / 2, acrossMm, bixelAt, bixelCount, strips: stripsOf(mlc, acrossMm, rows, bixelMm) };
}

/** Leaves of an open pair stand no closer than this, mm: the output of narrower slits is not known well. */
export const leastGapMm = 2;

/** Bixels by the pairs of leaves that they lie under. */
export interface PairColumns {
  /** The first pair that has bixels. */
  readonly firstPair: number;
  /** Rows of bixels under each pair from there, and the share of their width. */
  readonly rows: readonly (readonly { readonly row: number; readonly share: number }[])[];
  /** Bixels under each pair in each column; length columns × pairs, column fastest. */
  readonly weights: Float64Array;
  /** 1 where they fill at least half of the pair's width: elsewhere nobody reckons with what an opening lets through. */
  readonly mayOpen: Uint8Array;
}

export function pairColumns({ mlc: { leafEdgesMm }, columns, rows, acrossMm, bixelMm, bixelAt }: LeafGrid): PairColumns {
  const within = leafEdgesMm.slice(1).map((to, pair) => rowsBetween(leafEdgesMm[pair] as number, to, acrossMm, rows, bixelMm));
  const firstPair = Math.max(0, within.findIndex((found) => found.length > 0));
  const under = within.slice(firstPair, within.findLastIndex((found) => found.length > 0) + 1);
  const weights = Float64Array.from({ length: columns * under.length }, (_, at) =>
    (under[Math.floor(at / columns)] as (typeof under)[number]).reduce((sum, { row, share }) => sum + ((bixelAt[row * columns + (at % columns)] as number) >= 0 ? share : 0), 0));
  const mayOpen = Uint8Array.from(weights, (weight, at) => {
    const pair = firstPair + Math.floor(at / columns);
    return weight > 0 && weight >= ((leafEdgesMm[pair + 1] as number) - (leafEdgesMm[pair] as number)) / bixelMm / 2 - 1e-9 ? 1 : 0;
  });
  return { firstPair, rows: under, weights, mayOpen };
}

/** Between which places the light edges of each pair of the machine may stand open, mm: stretches of bixels within the travel. */
export function roomsOf(grid: LeafGrid): Interval[][] {
  const { mlc: { leafEdgesMm, tipOffsetMm, travelMm }, columns, alongMm, bixelMm } = grid;
  const { firstPair, rows, mayOpen } = pairColumns(grid);
  return leafEdgesMm.slice(1).map((_, machinePair) => {
    const rooms: Interval[] = [];
    const pair = machinePair - firstPair;
    for (let column = 0, from = -1; pair >= 0 && pair < rows.length && column <= columns; column++) {
      const open = column < columns && mayOpen[pair * columns + column] === 1;
      if (open && from < 0) from = column;
      if (open || from < 0) continue;
      rooms.push([Math.max(travelMm[0], alongMm + from * bixelMm + tipOffsetMm), Math.min(travelMm[1], alongMm + column * bixelMm - tipOffsetMm)]);
      from = -1;
    }
    return rooms.filter(([from, to]) => to - from >= leastGapMm);
  });
}

/** Rows of bixels between two lines across the motion, and the share of each row's width. */
export function rowsBetween(fromMm: number, toMm: number, acrossMm: number, rows: number, bixelMm: number): { readonly row: number; readonly share: number }[] {
  const found = [];
  for (let row = Math.max(0, Math.floor((fromMm - acrossMm) / bixelMm)); row < rows && acrossMm + row * bixelMm < toMm; row++) {
    const edge = acrossMm + row * bixelMm;
    const share = (Math.min(toMm, edge + bixelMm) - Math.max(fromMm, edge)) / bixelMm;
    // Edges of leaves and bixels that coincide differ by rounding.
    if (share > 1e-9) found.push({ row, share });
  }
  return found;
}

function stripsOf({ leafEdgesMm, tongueMm }: Mlc, acrossMm: number, rows: number, bixelMm: number): Strip[] {
  const strips: Strip[] = [];
  const pairs = leafEdgesMm.length - 1;
  for (let pair = 0; pair < pairs; pair++) {
    const from = (leafEdgesMm[pair] as number) + (pair === 0 ? 0 : tongueMm / 2);
    const to = (leafEdgesMm[pair + 1] as number) - (pair === pairs - 1 ? 0 : tongueMm / 2);
    strips.push({ pair, tongue: false, rows: rowsBetween(from, to, acrossMm, rows, bixelMm) });
    if (pair < pairs - 1) strips.push({ pair, tongue: true, rows: rowsBetween(to, to + tongueMm, acrossMm, rows, bixelMm) });
  }
  return strips.filter((strip) => strip.rows.length > 0);
}

/** A stretch along a strip, mm, through which more passes than through closed leaves, by `more`; its ends belong to leaves. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly more: number;
  /** Pairs whose leaves its ends are, and the part each has in them. */
  readonly ends: readonly { readonly pair: number; readonly bank: 0 | 1; readonly part: number }[];
}

/** Radiation passes behind the light edge of rounded tips. */
const openingOfPair = ({ tipOffsetMm }: Mlc, [one, two]: Interval): Interval => [one - tipOffsetMm, two + tipOffsetMm];

function stretchesOf(mlc: Mlc, { pair, tongue }: Strip, leavesMm: readonly Interval[]): Stretch[] {
  const { transmission, tongueTransmission } = mlc;
  const own = openingOfPair(mlc, leavesMm[pair] as Interval);
  const alone = (at: number, [from, to]: Interval, more: number): Stretch => ({ from, to, more, ends: [{ pair: at, bank: 0, part: 1 }, { pair: at, bank: 1, part: 1 }] });
  if (!tongue) return [alone(pair, own, 1 - transmission)];
  const other = openingOfPair(mlc, leavesMm[pair + 1] as Interval);
  const both: Interval = [Math.max(own[0], other[0]), Math.min(own[1], other[1])];
  // Open where both pairs are, closed where both are, else only the tongue or what lies over its groove.
  const stretches = [alone(pair, own, tongueTransmission - transmission), alone(pair + 1, other, tongueTransmission - transmission)];
  if (both[1] > both[0]) {
    const part = (bank: 0 | 1, of: Interval) => (own[bank] === other[bank] ? 0.5 : of[bank] === both[bank] ? 1 : 0);
    const ends = ([0, 1] as const).flatMap((bank) => [{ pair, bank, part: part(bank, own) }, { pair: pair + 1, bank, part: part(bank, other) }]);
    stretches.push({ from: both[0], to: both[1], more: 1 - 2 * tongueTransmission + transmission, ends });
  }
  return stretches;
}

/**
 * Share of the fluence that leaves let through each bixel of their beam, mean over its area: tips, tongues and transmission as
 * `openingOf` of the dose engine has them. Jaws are left out: beyond them less passes.
 *
 * @returns  1 open; in the order of the beam's bixels
 */
export function letThrough(grid: LeafGrid, leavesMm: readonly Interval[]): Float64Array {
  const { mlc, bixelMm, columns, alongMm, bixelAt } = grid;
  const shares = new Float64Array(grid.bixelCount).fill(mlc.transmission);
  for (const strip of grid.strips) {
    for (const { from, to, more } of stretchesOf(mlc, strip, leavesMm)) {
      const [first, last] = [Math.max(0, Math.floor((from - alongMm) / bixelMm)), Math.min(columns - 1, Math.floor((to - alongMm) / bixelMm))];
      for (let column = first; column <= last; column++) {
        const edge = alongMm + column * bixelMm;
        const covered = (more * Math.max(0, Math.min(to, edge + bixelMm) - Math.max(from, edge))) / bixelMm;
        for (const { row, share } of strip.rows) {
          const bixel = bixelAt[row * columns + column] as number;
          if (bixel >= 0) shares[bixel] = (shares[bixel] as number) + share * covered;
        }
      }
    }
  }
  return shares;
}

/**
 * Derivative of Σ gradient · `letThrough` by the ends of the leaves, per mm; at an edge between bixels the mean of both sides.
 *
 * @param gradient  of each bixel of the beam
 * @returns         bank 1 and bank 2 of each pair in turn
 */
export function endsGradient(grid: LeafGrid, leavesMm: readonly Interval[], gradient: ArrayLike<number>): Float64Array {
  const { mlc, bixelMm, columns, alongMm, bixelAt } = grid;
  const result = new Float64Array(2 * leavesMm.length);
  const inColumn = (strip: Strip, column: number) => {
    if (column < 0 || column >= columns) return 0;
    let sum = 0;
    for (const { row, share } of strip.rows) {
      const bixel = bixelAt[row * columns + column] as number;
      if (bixel >= 0) sum += share * (gradient[bixel] as number);
    }
    return sum;
  };
  const atPlace = (strip: Strip, mm: number) => {
    const place = (mm - alongMm) / bixelMm;
    const border = Math.round(place);
    return Math.abs(place - border) < 1e-9 ? (inColumn(strip, border - 1) + inColumn(strip, border)) / 2 : inColumn(strip, Math.floor(place));
  };
  for (const strip of grid.strips) {
    for (const { from, to, more, ends } of stretchesOf(mlc, strip, leavesMm)) {
      const slopes = [-(more * atPlace(strip, from)) / bixelMm, (more * atPlace(strip, to)) / bixelMm] as const;
      for (const { pair, bank, part } of ends) result[2 * pair + bank] = (result[2 * pair + bank] as number) + part * slopes[bank];
    }
  }
  return result;
}
