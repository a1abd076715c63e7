import type { PlanMade } from "@hapax/planning";
import { ask } from "../../api.ts";
import type { ToldProblem } from "../images/scan-summary.ts";

/** A plan that lies with the case. */
export interface KeptPlan {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  /** When it was kept, ISO 8601. */
  readonly kept: string;
  readonly made: PlanMade;
  /** SOPInstanceUIDs of its RTDOSE and RTPLAN. */
  readonly doseUid?: string;
  readonly planUid?: string;
}

/** The plans of a case, what lies there and cannot be read, and how far those are that the server makes itself. */
export interface PlansOfCase {
  readonly plans: readonly KeptPlan[];
  readonly problems?: readonly ToldProblem[];
  readonly preparing?: { readonly step: string; readonly done: number; readonly of: number };
}

const plansAt = (id: string): string => `/api/cases/${encodeURIComponent(id)}/plans`;

export async function readPlans(id: string): Promise<PlansOfCase> {
  return (await ask("GET", plansAt(id))) as PlansOfCase;
}

/** An answer whose plans are those that were known already: what is kept does not change, and nothing is drawn anew for it. */
export function withKnown(before: PlansOfCase | undefined, next: PlansOfCase): PlansOfCase {
  if (before === undefined) return next;
  const same = (a: KeptPlan, b: KeptPlan) => a.id === b.id && a.revision === b.revision && a.kept === b.kept && a.doseUid === b.doseUid;
  const plans = next.plans.map((one) => before.plans.find((known) => same(known, one)) ?? one);
  const all = plans.length === before.plans.length && plans.every((one, i) => one === before.plans[i]);
  return { ...next, plans: all ? before.plans : plans };
}

/** Keeps a plan with the case, its RTPLAN and RTDOSE among the scans by then; the server says as which revision. */
export async function keepPlan(id: string, plan: { readonly made: PlanMade; readonly planUid: string; readonly doseUid: string }): Promise<{ readonly revision: number }> {
  return (await ask("POST", plansAt(id), plan)) as { revision: number };
}
