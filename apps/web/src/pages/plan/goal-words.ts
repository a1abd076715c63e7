import type { Goal, GoalOutcome } from "@hapax/planning";
import { signed } from "../images/words.ts";

/** A metric as TG-263 writes it, apart from its unit: `D0.03cc[Gy]` is "D0.03cc" in Gy. */
export function metricParts(metric: string): { readonly name: string; readonly unit: string } {
  const [, name = metric, unit = ""] = /^(.*)\[(.*)\]$/.exec(metric) ?? [];
  return { name: name === "Mean" ? "mean" : name === "Max" ? "max" : name, unit: unit === "cc" ? "cm³" : unit };
}

/** "D95% ≥ 62.7", with its unit where it is not Gy. */
export function limitWords({ metric, atMost, atLeast }: Goal): string {
  const { name, unit } = metricParts(metric);
  const limit = (sign: string, value: number) => `${sign} ${short(value)}`;
  const limits = [...(atLeast === undefined ? [] : [limit("≥", atLeast)]), ...(atMost === undefined ? [] : [limit("≤", atMost)])].join(", ");
  return `${name} ${limits}${unit === "" || unit === "Gy" ? "" : ` ${unit}`}`;
}

/** What the dose has, with its bounds where it is known no closer. */
export function valueWords({ value }: GoalOutcome): string | undefined {
  if (value === undefined || Number.isNaN(value.low)) return undefined;
  const { low, high } = value;
  if (high === Infinity) return `≥ ${signed(low)}`;
  return Math.abs(high - low) < 0.05 ? signed((low + high) / 2) : `${signed(low)} to ${signed(high)}`;
}

/** A limit with one decimal, or the two that it was given with. */
const short = (value: number): string => signed(value, Number.isInteger(Math.round(value * 1e6) / 1e5) ? 1 : 2);

/** What a goal is known by on the page: no two of one plan are alike in all of this. */
export const goalKey = ({ structure, metric, atMost, atLeast, priority, cumulative }: Goal): string => [structure, metric, atMost ?? "", atLeast ?? "", priority, cumulative === undefined ? "" : "sum"].join(" ");

/** Goals in the order in which they give way, the last first to do so. */
export const byPriority = <G extends { readonly goal: Goal }>(of: readonly G[]): G[] => [...of].sort((a, b) => a.goal.priority - b.goal.priority);
