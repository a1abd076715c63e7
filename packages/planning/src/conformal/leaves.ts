import { HapaxError } from "@hapax/base";
import type { Interval, Mlc } from "@hapax/dose";
import type { LeafStrategy } from "../request.ts";
import { distanceAt, type OutlineDistances } from "./outline.ts";

/** Ends of a pair that is closed; who delivers it hides it behind a jaw. */
export const closedPair: Interval = [0, 0];

/**
 * Leaves of each pair around an outline that is grown by a margin, or shrunk by a negative one.
 *
 * `outside`: no leaf end covers any of it ("out of field" in AAPM report 72, of task group 50); `inside`: nothing beyond it is open
 * ("in field"); `middle`: as much is covered inside as is open outside ("cross boundary"). A pair whose strip holds several
 * parts of the outline is open from the first to the last.
 *
 * @returns ends of the leaves of each pair, mm at the isocenter, to a tenth
 * @throws  planning/field-too-large where the outline reaches beyond the leaves; planning/field-closed where nothing is open
 */
export function fittedLeaves(mlc: Mlc, outline: OutlineDistances, marginMm: number, strategy: LeafStrategy): Interval[] {
  const { leafEdgesMm } = mlc;
  const fitted = leafEdgesMm.slice(1).map((to, pair) => openingBetween(outline, mlc.axis, leafEdgesMm[pair] as number, to, marginMm, strategy));
  requireWithin(mlc, outline, marginMm, fitted);
  if (fitted.every((gap) => gap === undefined)) {
    throw new HapaxError("planning/field-closed", `With a margin of ${marginMm} mm and leaves ${strategy} nothing of the target is left open.`, "Give a larger margin, or leaves farther outside.");
  }
  return fitted.map((gap) => (gap === undefined ? closedPair : [tenth(gap[0]), tenth(gap[1])]));
}

/** Where the strip of a pair is open, not rounded; undefined where it is closed. */
function openingBetween(outline: OutlineDistances, axis: "x" | "y", from: number, to: number, marginMm: number, strategy: LeafStrategy): Interval | undefined {
  const count = Math.max(2, Math.ceil((to - from) / outline.spacingMm));
  const rows = Array.from({ length: count + 1 }, (_, n) => rowOf(outline, axis, from + ((to - from) * n) / count, marginMm));
  const met = rows.filter((row) => row !== undefined);
  if (met.length === 0) return undefined;
  const [lefts, rights] = [met.map(([left]) => left), met.map(([, right]) => right)];
  if (strategy === "outside") return [Math.min(...lefts), Math.max(...rights)];
  const gap: Interval = strategy === "inside" ? [Math.max(...lefts), Math.min(...rights)] : [meanOf(lefts), meanOf(rights)];
  const enough = strategy === "inside" ? met.length === rows.length : 2 * met.length >= rows.length;
  return enough && gap[1] > gap[0] ? gap : undefined;
}

/** From the first to the last place on a line along the leaves that lies within the margin. */
function rowOf(outline: OutlineDistances, axis: "x" | "y", across: number, marginMm: number): Interval | undefined {
  const a = axis === "x" ? 0 : 1;
  const [start, step, count] = [outline.originMm[a], outline.spacingMm, outline.size[a]];
  const inside = (n: number) => (axis === "x" ? distanceAt(outline, start + n * step, across) : distanceAt(outline, across, start + n * step)) + marginMm;
  let [first, last] = [-1, -1];
  for (let n = 0; n < count; n++) {
    if (!(inside(n) >= 0)) continue;
    if (first < 0) first = n;
    last = n;
  }
  if (first < 0) return undefined;
  /** Where it is 0 between a pixel inside and its neighbor outside. */
  const edge = (within: number, beyond: number) => {
    const [here, there] = [inside(within), inside(beyond)];
    return start + step * (Number.isFinite(there) ? within + (beyond - within) * (here / (here - there)) : within);
  };
  return [edge(first, first - 1), edge(last, last + 1)];
}

function requireWithin({ leafEdgesMm, travelMm, axis }: Mlc, outline: OutlineDistances, marginMm: number, fitted: readonly (Interval | undefined)[]): void {
  const a = axis === "x" ? 1 : 0;
  const [edge, end] = [leafEdgesMm[0] as number, leafEdgesMm.at(-1) as number];
  const rows = [outline.originMm[a], outline.originMm[a] + (outline.size[a] - 1) * outline.spacingMm];
  const beyond = [...rowsBetween(rows[0] as number, edge, outline.spacingMm), ...rowsBetween(end, rows[1] as number, outline.spacingMm)];
  const past = beyond.some((across) => rowOf(outline, axis, across, marginMm) !== undefined);
  const far = fitted.find((gap) => gap !== undefined && (gap[0] < travelMm[0] || gap[1] > travelMm[1]));
  if (!past && far === undefined) return;
  const reach = past ? `beyond the outermost leaves at ${edge} and ${end} mm` : `to ${far?.map(tenth).join(" and ")} mm, and the leaves travel from ${travelMm.join(" to ")} mm`;
  throw new HapaxError("planning/field-too-large", `The target with its margin reaches ${reach}.`, "Turn the collimator, move the isocenter, or take another machine.");
}

/** Lines from a place to another, both left out. */
function rowsBetween(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step) - 1) }, (_, n) => from + (n + 1) * step);
}

const tenth = (mm: number): number => Math.round(mm * 10) / 10;
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
