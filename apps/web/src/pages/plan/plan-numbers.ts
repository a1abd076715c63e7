import type { PlanMade } from "@hapax/planning";
import type { Bounds } from "@hapax/kernels";
import { metricParts } from "./goal-words.ts";

/** What a plan has for a metric of a structure: from its goals, or from its indices; undefined where neither says. */
export function valueOf({ outcomes, indices }: Pick<PlanMade, "outcomes" | "indices">, structure: string, metric: string): Bounds | undefined {
  const named = outcomes.find(({ goal, value }) => goal.structure === structure && goal.metric === metric && goal.cumulative === undefined && value !== undefined)?.value;
  const { name } = metricParts(metric);
  return named ?? indices.find((index) => index.structure === structure && (index.name === metric || index.name === name))?.value;
}

/** The cord among the goals of plans, as the files call it. */
export function cordOf(plans: readonly Pick<PlanMade, "outcomes">[]): string | undefined {
  return plans.flatMap(({ outcomes }) => outcomes.map(({ goal }) => goal.structure)).find((name) => /^spinalcord(?!.*prv)/i.test(name));
}
