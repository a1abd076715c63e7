import type { Volume } from "@hapax/base";
import type { PlanMade } from "@hapax/planning";
import type { KeptPlan } from "./plan-door.ts";
import type { MadeHere } from "./plan-runs.ts";

/** A plan of the case as it is listed: kept with it, or made in this page. */
export interface PlanColumn {
  /** Stays the same while the page is open. */
  readonly key: string;
  /** "3, kept", "now, not kept". */
  readonly words: string;
  readonly name: string;
  readonly made: PlanMade;
  /** Gy over all fractions; of a kept plan it is read by its UID. */
  readonly dose?: Volume<Float32Array>;
  readonly doseUid?: string;
  /** Place among those made in this page that are not kept. */
  readonly place?: number;
}

/** Plans of a study: those kept, in the order in which they were, then those that are not. */
export function planColumns(kept: readonly KeptPlan[], made: readonly MadeHere[], seriesUid: string): PlanColumn[] {
  const own = kept
    .filter((one) => one.made.madeFrom.ct === seriesUid)
    .toSorted((a, b) => a.kept.localeCompare(b.kept) || a.id.localeCompare(b.id) || a.revision - b.revision)
    .map(({ id, revision, name, made: plan, doseUid }): PlanColumn => ({ key: `${id} ${revision}`, words: `${revision}, kept`, name, made: plan, ...(doseUid !== undefined && { doseUid }) }));
  const open = made
    .filter((one) => one.revision === undefined && one.made.madeFrom.ct === seriesUid)
    .map(({ place, made: plan, dose }): PlanColumn => ({ key: `made ${place}`, words: "now, not kept", name: plan.request.name, made: plan, dose, place }));
  return [...own, ...open];
}
