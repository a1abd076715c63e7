import { HapaxError } from "@hapax/base";
import type { Aperture, Block, Interval, Leaves } from "./aperture.ts";
import type { JawPair, Machine, Mlc } from "./machine.ts";

/** Square pixels in the plane of the isocenter, frame of the collimator; the origin is the centre of the first. */
export interface Pixels {
  readonly size: readonly [number, number];
  readonly spacingMm: number;
  readonly originMm: readonly [number, number];
}

/** Edges met on the way along one axis, mm, and the share that passes between each and the next; the last holds on. */
interface Passing {
  readonly from: number;
  readonly share: number;
}

/** From how far off the target's the shadows of a device are seen: 1 from the target itself. */
type Magnified = (distanceMm: number) => number;
const fromTarget: Magnified = () => 1;

/**
 * Share of the fluence that an aperture lets through to each pixel, mean over its area: jaws and leaves to the last digit, an outline of a
 * block likewise where no other edge crosses its pixel. Beside the outermost leaves their transmission holds on.
 *
 * @param magnified  how much larger than from the target a device at a distance appears, where the source is another; default 1
 * @returns          1 open; x fastest
 * @throws           as `checkedAperture`
 */
export function openingOf(machine: Machine, aperture: Aperture, pixels: Pixels, magnified: Magnified = fromTarget): Float64Array {
  const { x, y, leaves, blocks = [] } = checkedAperture(machine, aperture);
  const { size: [nx, ny], spacingMm, originMm: [x0, y0] } = pixels;
  const open = new Float64Array(nx * ny);
  const jawsX = between(x, machine.jaws.x, magnified);
  const jawsY = between(y, machine.jaws.y, magnified);
  const alongX = leaves?.axis !== "y";
  const [along, across] = alongX ? [jawsX, jawsY] : [jawsY, jawsX];
  const [alongCount, acrossCount] = alongX ? [nx, ny] : [ny, nx];
  const [alongStart, acrossStart] = alongX ? [x0, y0] : [y0, x0];
  const line = new Float64Array(alongCount);
  for (const strip of stripsOf(leaves, across, magnified)) {
    const share = (from: number) => strip.profiles.reduce((product, profile) => product * shareAt(profile, from), shareAt(along, from) * strip.share);
    const edges = [...new Set([...along, ...strip.profiles.flat()].map(({ from }) => from))].sort((a, b) => a - b);
    line.fill(0);
    edges.forEach((from, i) => addOverlap(line, alongStart, spacingMm, from, edges[i + 1] ?? Infinity, share(from)));
    const [first, last] = pixelsWithin(acrossStart, spacingMm, acrossCount, strip.from, strip.to);
    for (let n = first; n <= last; n++) {
      const covered = overlap(acrossStart + (n - 0.5) * spacingMm, spacingMm, strip.from, strip.to);
      for (let m = 0; m < alongCount; m++) {
        const at = alongX ? m + nx * n : n + nx * m;
        open[at] = (open[at] as number) + covered * (line[m] as number);
      }
    }
  }
  for (const block of blocks) {
    const inside = coverage(block, pixels);
    for (let i = 0; i < open.length; i++) {
      const covered = block.kind === "shielding" ? (inside[i] as number) : 1 - (inside[i] as number);
      open[i] = (open[i] as number) * (1 - covered * (1 - block.transmission));
    }
  }
  return open;
}

/** Part of the plane between two lines across the motion of the leaves. */
interface Strip {
  readonly from: number;
  readonly to: number;
  /** What the jaws across let through, with what lies beside all leaves. */
  readonly share: number;
  readonly profiles: readonly (readonly Passing[])[];
}

/** A machine's leaves where they stand. */
interface StandingLeaves {
  readonly mlc: Mlc;
  readonly axis: "x" | "y";
  readonly edgesMm: readonly number[];
  readonly positionsMm: readonly number[];
}

function stripsOf(leaves: StandingLeaves | undefined, across: readonly Passing[], magnified: Magnified): Strip[] {
  const strips: Strip[] = [];
  const add = (from: number, to: number, profiles: Strip["profiles"], passing = 1) => {
    // The jaws across cut each strip where they stand.
    const cuts = [from, ...across.map(({ from: edge }) => edge).filter((edge) => edge > from && edge < to), to];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const share = shareAt(across, cuts[i] as number) * passing;
      if ((cuts[i + 1] as number) > (cuts[i] as number)) strips.push({ from: cuts[i] as number, to: cuts[i + 1] as number, share, profiles });
    }
  };
  if (leaves === undefined) {
    add(-Infinity, Infinity, []);
    return strips;
  }
  const { mlc, edgesMm, positionsMm } = leaves;
  const scale = magnified(mlc.distanceMm);
  const pairs = edgesMm.length - 1;
  const gap = (pair: number): Interval => [scale * ((positionsMm[pair] as number) - mlc.tipOffsetMm), scale * ((positionsMm[pair + pairs] as number) + mlc.tipOffsetMm)];
  const half = (scale * mlc.tongueMm) / 2;
  add(-Infinity, scale * (edgesMm[0] as number), [], mlc.transmission);
  for (let pair = 0; pair < pairs; pair++) {
    const from = scale * (edgesMm[pair] as number) + (pair === 0 ? 0 : half);
    const to = scale * (edgesMm[pair + 1] as number) - (pair === pairs - 1 ? 0 : half);
    add(from, to, [steps(gap(pair), mlc.transmission)]);
    if (pair < pairs - 1 && half > 0) add(to, to + 2 * half, [tongued(gap(pair), gap(pair + 1), mlc)]);
  }
  add(scale * (edgesMm[pairs] as number), Infinity, [], mlc.transmission);
  return strips;
}

/** Where two pairs overlap: open where both are, closed where both are, else only a tongue or what lies over its groove. */
function tongued(one: Interval, other: Interval, { transmission, tongueTransmission }: Mlc): Passing[] {
  const edges = [-Infinity, ...[...one, ...other].sort((a, b) => a - b)];
  const inside = ([from, to]: Interval, at: number) => at >= from && at < to;
  return edges.map((from) => {
    const open = Number(inside(one, from)) + Number(inside(other, from));
    return { from, share: open === 2 ? 1 : open === 1 ? tongueTransmission : transmission };
  });
}

function between(limits: Interval | undefined, pair: JawPair | undefined, magnified: Magnified): Passing[] {
  if (limits === undefined || pair === undefined) return [{ from: -Infinity, share: 1 }];
  const scale = magnified(pair.distanceMm);
  return steps([scale * limits[0], scale * limits[1]], pair.transmission);
}

function steps([from, to]: Interval, transmission: number): Passing[] {
  return [{ from: -Infinity, share: transmission }, { from, share: 1 }, { from: to, share: transmission }];
}

/** The share that passes from a place on. */
function shareAt(profile: readonly Passing[], at: number): number {
  let share = 0;
  for (const passing of profile) if (passing.from <= at) share = passing.share;
  return share;
}

/** Adds a share to the pixels of a line, by how much of each lies between two places. */
function addOverlap(line: Float64Array, start: number, spacingMm: number, from: number, to: number, share: number): void {
  if (share === 0) return;
  const [first, last] = pixelsWithin(start, spacingMm, line.length, from, to);
  for (let n = first; n <= last; n++) line[n] = (line[n] as number) + share * overlap(start + (n - 0.5) * spacingMm, spacingMm, from, to);
}

function pixelsWithin(start: number, spacingMm: number, count: number, from: number, to: number): Interval {
  return [Math.max(0, Math.floor((from - start) / spacingMm + 0.5)), Math.min(count - 1, Math.floor((to - start) / spacingMm + 0.5))];
}

function overlap(edge: number, width: number, from: number, to: number): number {
  return Math.max(0, Math.min(edge + width, to) - Math.max(edge, from)) / width;
}

/** Share of each pixel inside a closed outline: signed areas to the right of its sides, summed along the rows. */
function coverage({ outlineMm }: Block, { size: [nx, ny], spacingMm, originMm }: Pixels): Float64Array {
  const area = new Float64Array(nx * ny);
  const corner = ([x, y]: Interval): Interval => [(x - originMm[0]) / spacingMm + 0.5, (y - originMm[1]) / spacingMm + 0.5];
  outlineMm.forEach((point, i) => {
    const [ax, ay] = corner(point);
    const [bx, by] = corner(outlineMm[(i + 1) % outlineMm.length] as Interval);
    if (ay === by) return;
    const down = ay > by ? 1 : -1;
    const [low, high] = [Math.max(0, Math.min(ay, by)), Math.min(ny, Math.max(ay, by))];
    const slope = (bx - ax) / (by - ay);
    for (let row = Math.floor(low); row < high; row++) {
      const [from, to] = [Math.max(low, row), Math.min(high, row + 1)];
      const [p, q] = [ax + slope * (from - ay), ax + slope * (to - ay)];
      addSide(area.subarray(row * nx, (row + 1) * nx), Math.min(p, q), Math.max(p, q), down * (to - from));
    }
  });
  // Either turning: what counts is how far it is from nothing.
  return area.map((share) => Math.min(1, Math.abs(share)));
}

/** A side from x = p to q within one row, of the given height: all to its right is covered, its own pixels in part. */
function addSide(row: Float64Array, p: number, q: number, height: number): void {
  for (let m = Math.max(0, Math.floor(p)); m < row.length; m++) {
    row[m] = (row[m] as number) + height * toTheRight(m, p, q);
  }
}

/** Mean over a side from x = p to q of how much of pixel m lies to its right. */
function toTheRight(m: number, p: number, q: number): number {
  if (m >= q) return 1;
  if (q - p < 1e-6) return Math.min(1, m + 1 - (p + q) / 2);
  return (ramp(m + 1 - p) - ramp(m + 1 - q) - ramp(m - p)) / (q - p);
}

/** Integral of the integral of a step. */
function ramp(x: number): number {
  return x > 0 ? (x * x) / 2 : 0;
}

/** Positions in files are rounded, mm. */
const roundingMm = 0.05;

/**
 * An aperture as the machine can have it: its leaves with their edges, and leaves in place of jaws that the machine lacks.
 *
 * @throws dose/jaw-travel, dose/jaws-crossed, dose/leaf-travel, dose/leaves-crossed, dose/leaf-count, dose/no-leaves,
 *         dose/no-jaws where it cannot; dose/closed where nothing is open
 */
export function checkedAperture(machine: Machine, aperture: Aperture): { readonly x?: Interval; readonly y?: Interval; readonly leaves?: StandingLeaves; readonly blocks?: readonly Block[] } {
  const leaves = aperture.leaves === undefined ? leavesForJaws(machine, aperture) : standing(machine, aperture.leaves);
  for (const axis of ["x", "y"] as const) {
    const [limits, pair] = [aperture[axis], machine.jaws[axis]];
    if (limits === undefined) continue;
    if (limits[0] > limits[1]) {
      throw new HapaxError("dose/jaws-crossed", `Jaw ${axis}1 stands at ${limits[0]} mm and ${axis}2 at ${limits[1]} mm.`, "The first must not stand beyond the second.");
    }
    if (pair === undefined && leaves === undefined) {
      throw new HapaxError("dose/no-jaws", `${machine.name} has no ${axis} jaws, and the field is limited to ${limits.join(" to ")} mm.`, "Give positions of its leaves, or another machine.");
    }
    limits.forEach((position, i) => {
      if (pair !== undefined && outside(position, pair.travelMm)) {
        throw new HapaxError("dose/jaw-travel", `Jaw ${axis}${i + 1} stands at ${position} mm; that of ${machine.name} goes from ${pair.travelMm.join(" to ")} mm.`, "Choose the machine of the plan, or move the jaw.");
      }
    });
  }
  if (leaves !== undefined) checkLeaves(machine, leaves);
  const closed = (["x", "y"] as const).some((axis) => aperture[axis] !== undefined && aperture[axis][0] === aperture[axis][1]);
  if (closed || (leaves !== undefined && !anyGap(leaves, aperture))) {
    throw new HapaxError("dose/closed", "Nothing is open between the jaws and leaves.", "Open the field, or leave it out.");
  }
  return {
    ...(aperture.x === undefined ? {} : { x: aperture.x }),
    ...(aperture.y === undefined ? {} : { y: aperture.y }),
    ...(leaves === undefined ? {} : { leaves }),
    ...(aperture.blocks === undefined ? {} : { blocks: aperture.blocks }),
  };
}

function standing(machine: Machine, { positionsMm, edgesMm, axis }: Leaves): StandingLeaves {
  const { mlc } = machine;
  if (mlc === undefined) throw new HapaxError("dose/no-leaves", `The field has ${positionsMm.length / 2} pairs of leaves; ${machine.name} has none.`, "Choose the machine of the plan.");
  const leaves = { mlc, axis: axis ?? mlc.axis, edgesMm: edgesMm ?? mlc.leafEdgesMm, positionsMm };
  if (positionsMm.length !== 2 * (leaves.edgesMm.length - 1)) {
    throw new HapaxError("dose/leaf-count", `The field has ${positionsMm.length} leaf positions for ${leaves.edgesMm.length - 1} pairs of leaves.`, "Give two for each pair, bank 1 first, or choose the machine of the plan.");
  }
  return leaves;
}

/** Where a machine has no jaws in the direction of its leaves, these make the field: open between the other jaws, closed beside. */
function leavesForJaws(machine: Machine, aperture: Aperture): StandingLeaves | undefined {
  const { mlc } = machine;
  const limits = mlc === undefined ? undefined : aperture[mlc.axis];
  if (mlc === undefined || limits === undefined || machine.jaws[mlc.axis] !== undefined) return undefined;
  const [from, to] = aperture[mlc.axis === "x" ? "y" : "x"] ?? [-Infinity, Infinity];
  const edges = mlc.leafEdgesMm;
  const open = edges.slice(1).map((edge, pair) => edge > from && (edges[pair] as number) < to);
  // A light edge is asked for; the closed pairs meet where the tips of the first bank stand.
  const bank = (at: number) => open.map((isOpen) => (isOpen ? at : limits[0]));
  return { mlc, axis: mlc.axis, edgesMm: edges, positionsMm: [...bank(limits[0]), ...bank(limits[1])] };
}

function checkLeaves(machine: Machine, { mlc, positionsMm }: StandingLeaves): void {
  const pairs = positionsMm.length / 2;
  positionsMm.forEach((position, i) => {
    if (outside(position, mlc.travelMm)) {
      throw new HapaxError(
        "dose/leaf-travel",
        `Leaf ${(i % pairs) + 1} of bank ${i < pairs ? 1 : 2} stands at ${position} mm; those of ${machine.name} go from ${mlc.travelMm.join(" to ")} mm.`,
        "Choose the machine of the plan, or move the leaf.",
      );
    }
  });
  for (let pair = 0; pair < pairs; pair++) {
    const [one, two] = [positionsMm[pair] as number, positionsMm[pair + pairs] as number];
    if (one > two + roundingMm) {
      throw new HapaxError("dose/leaves-crossed", `The leaves of pair ${pair + 1} stand at ${one} and ${two} mm.`, "That of bank 1 must not stand beyond that of bank 2; give bank 1 first.");
    }
  }
}

/** Whether leaves leave anything open that the jaws do not close. */
function anyGap({ axis, edgesMm, positionsMm }: StandingLeaves, aperture: Aperture): boolean {
  const pairs = edgesMm.length - 1;
  const [alongFrom, alongTo] = aperture[axis] ?? [-Infinity, Infinity];
  const [acrossFrom, acrossTo] = aperture[axis === "x" ? "y" : "x"] ?? [-Infinity, Infinity];
  return Array.from({ length: pairs }, (_, pair) => pair).some((pair) => {
    const along = Math.min(positionsMm[pair + pairs] as number, alongTo) - Math.max(positionsMm[pair] as number, alongFrom);
    const across = Math.min(edgesMm[pair + 1] as number, acrossTo) - Math.max(edgesMm[pair] as number, acrossFrom);
    return along > 0 && across > 0;
  });
}

function outside(position: number, [least, greatest]: Interval): boolean {
  return !(position >= least - roundingMm && position <= greatest + roundingMm);
}
