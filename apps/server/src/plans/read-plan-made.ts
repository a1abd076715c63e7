import { HapaxError } from "@hapax/base";
import { planSchema, planVersion, type PlanMade } from "@hapax/planning";

/** @throws planning/file */
export function planMadeOf(json: unknown): PlanMade {
  const { request, mu } = (typeof json === "object" && json !== null ? json : {}) as Partial<PlanMade>;
  if (request?.schema !== planSchema || request.version !== planVersion || !/^[A-Za-z0-9-]+$/.test(request.id) || typeof mu !== "number") {
    throw new HapaxError("planning/file", "The plan cannot be read.", `Give a plan that Hapax made, ${planSchema} of version ${planVersion}.`);
  }
  return json as PlanMade;
}
