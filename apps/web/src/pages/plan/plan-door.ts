import type { PlanMade } from "@hapax/planning";
import { ask } from "../../api.ts";

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

/** The plans of a case, and how far those are that the server makes itself. */
export interface PlansOfCase {
  readonly plans: readonly KeptPlan[];
  readonly preparing?: { readonly step: string; readonly done: number; readonly of: number };
}

const plansAt = (id: string): string => `/api/cases/${encodeURIComponent(id)}/plans`;

export async function readPlans(id: string): Promise<PlansOfCase> {
  return (await ask("GET", plansAt(id))) as PlansOfCase;
}

/** Keeps a plan with the case; the server says as which revision. */
export async function keepPlan(id: string, made: PlanMade): Promise<{ readonly revision: number }> {
  return (await ask("POST", plansAt(id), { made })) as { revision: number };
}
