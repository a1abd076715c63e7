import type { DoseInfo, PlanInfo, ScanSummary, StructureInfo } from "./scan-summary.ts";

/** A dose that may be 100 %, and who says so. */
export interface ReferenceDose {
  readonly gy: number;
  readonly because: string;
}

/** The plan that a dose belongs to. */
export const planOf = (dose: DoseInfo | undefined, { plans }: ScanSummary): PlanInfo | undefined => plans.find((p) => p.uid === dose?.planUid);

/** Doses that a plan prescribes to its targets, the highest first; none where it prescribes none: nothing is guessed. */
export function referenceDoses(plan: PlanInfo | undefined, structures: readonly StructureInfo[]): ReferenceDose[] {
  const doses = (plan?.prescriptions ?? []).flatMap((p): ReferenceDose[] => {
    if (p.role !== "TARGET" || p.targetGy === undefined) return [];
    const name = structures.find((s) => s.number === p.structure)?.name;
    return [{ gy: p.targetGy, because: `prescribed${name === undefined ? "" : ` to ${name}`}` }];
  });
  return doses.filter((d, i) => doses.findIndex((e) => e.gy === d.gy) === i).sort((a, b) => b.gy - a.gy);
}
