import type { IterationPoint } from "@hapax/planning";

/** The optimization drawn from left to right: one line for each priority and round. */
export interface ObjectiveCurve {
  /** Iterations so far, those of all rounds together, and the objective at each. */
  readonly lines: readonly (readonly { readonly at: number; readonly objective: number }[])[];
  /** Where a round ended and the dose was corrected. */
  readonly corrected: readonly number[];
  /** Where a priority began, after the first. */
  readonly turns: readonly { readonly at: number; readonly priority: number }[];
  /** Iterations in all. */
  readonly end: number;
  /** Percent by which the objective fell in the last ten iterations of this line; undefined before there are so many. */
  readonly fall: number | undefined;
}

/** Points of the optimizer one after the other; where they are counted anew, they go on from the last. */
export function objectiveCurve(points: readonly IterationPoint[]): ObjectiveCurve {
  const lines: { at: number; objective: number }[][] = [];
  const corrected: number[] = [];
  const turns: { at: number; priority: number }[] = [];
  let [before, shift, end]: [IterationPoint | undefined, number, number] = [undefined, 0, 0];
  for (const point of points) {
    const anew = before === undefined || point.priority !== before.priority || point.round !== before.round;
    if (before !== undefined && anew) {
      if (point.iteration <= before.iteration) shift = end;
      if (point.round !== before.round) corrected.push(end);
      else turns.push({ at: end, priority: point.priority });
    }
    if (anew) lines.push([]);
    end = shift + point.iteration;
    lines.at(-1)?.push({ at: end, objective: point.objective });
    before = point;
  }
  return { lines, corrected, turns, end, fall: fallOf(lines.at(-1) ?? []) };
}

function fallOf(line: readonly { readonly at: number; readonly objective: number }[]): number | undefined {
  const last = line.at(-1);
  const earlier = last === undefined ? undefined : line.findLast(({ at }) => at <= last.at - 10);
  return last === undefined || earlier === undefined || earlier.objective <= 0 ? undefined : 100 * (1 - last.objective / earlier.objective);
}
