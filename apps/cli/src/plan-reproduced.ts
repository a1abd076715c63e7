import type { GoalOutcome } from "@hapax/planning";

/** A goal, then and now; in the unit of its metric. */
export interface GoalAgain {
  readonly structure: string;
  readonly metric: string;
  /** The middle of its bounds; undefined where it is not known. */
  readonly before?: number;
  readonly now?: number;
  /** Of what it was; of its limit where it was 0. */
  readonly percent?: number;
}

/** How well a plan came out again. */
export interface Reproduced {
  readonly how: "its dose calculated from its beams" | "planned anew from its request";
  readonly goals: readonly GoalAgain[];
  /** Largest difference of a goal, percent, 0 or more; undefined where none could be compared. */
  readonly largestPercent?: number;
}

/** The most that a plan may differ from its file, percent. */
export const mayDifferPercent = 0.5;

/** Goals of two plans of one request, in its order. */
export function reproducedOf(how: Reproduced["how"], before: readonly GoalOutcome[], now: readonly GoalOutcome[]): Reproduced {
  const goals = before.map(({ goal: { structure, metric, atMost, atLeast }, value }, n): GoalAgain => {
    const [was, is] = [middleOf(value), middleOf(now[n]?.value)];
    // A volume that received nothing has no percent of its own.
    const whole = was === 0 ? (atMost ?? atLeast ?? NaN) : (was ?? NaN);
    const percent = was === undefined || is === undefined ? undefined : was === is ? 0 : (100 * (is - was)) / whole;
    return { structure, metric, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { now: is }), ...(percent === undefined ? {} : { percent }) };
  });
  const differences = goals.flatMap(({ percent }) => (percent === undefined ? [] : [Math.abs(percent)]));
  return { how, goals, ...(differences.length === 0 ? {} : { largestPercent: Math.max(...differences) }) };
}

function middleOf(value: GoalOutcome["value"]): number | undefined {
  const middle = value === undefined ? NaN : (value.low + value.high) / 2;
  return Number.isFinite(middle) ? middle : undefined;
}
