import { HapaxError } from "@hapax/base";
import type { PlanPrescription, Structure, TreatmentPlan } from "@hapax/case";
import { machineNamed } from "@hapax/dose";
import type { PlanMade } from "./plan-made.ts";
import type { Goal, Normalization } from "./request.ts";

/** What an RTPLAN says of a plan. */
export interface PlanTerms extends Required<Pick<TreatmentPlan, "intent" | "structureSetUid" | "prescriptions" | "fractions" | "beams">> {
  readonly name: string;
  readonly frameOfReference: string;
  /** From the source to jaws and leaves, mm. */
  readonly deviceDistancesMm: { readonly x?: number; readonly y?: number; readonly leaves?: number };
}

/** Metrics of a goal that are a highest dose, as DICOM has a field for. */
const maxima: ReadonlySet<string> = new Set(["Max[Gy]", "D0.03cc[Gy]", "D0.1cc[Gy]"]);

/**
 * A made plan as DICOM writes one: the dose of each target, the highest dose of each organ that has one among the goals,
 * and the beams. Goals of sums with earlier doses are no limits of this plan alone and are left out.
 *
 * @param structures  of the set that the plan was made with; prescriptions name their ROINumbers
 * @throws planning/structure-missing where a target is not among them; as `machineNamed`
 */
export function treatmentPlanOf({ request, madeFrom, beams }: PlanMade, structures: readonly Structure[]): PlanTerms {
  const numberOf = (name: string) => structures.find((structure) => structure.name === name)?.number;
  const targets = request.prescriptions.map(({ structure, doseGy }): PlanPrescription => {
    const number = numberOf(structure);
    if (number === undefined) {
      throw new HapaxError("planning/structure-missing", `The plan ${request.name} prescribes to ${structure}; there are ${structures.map(({ name }) => name).join(", ") || "no structures"}.`, "Give the structures that the plan was made with.");
    }
    const maximumGy = leastMaximum(request.goals, structure);
    return { structure: number, role: "TARGET", targetGy: doseGy, description: descriptionOf(structure, request.normalization), ...(maximumGy === undefined ? {} : { maximumGy }) };
  });
  const prescribed = new Set(request.prescriptions.map(({ structure }) => structure));
  const organs = [...new Set(request.goals.map(({ structure }) => structure))].flatMap((structure): PlanPrescription[] => {
    const number = numberOf(structure), maximumGy = leastMaximum(request.goals, structure);
    return prescribed.has(structure) || number === undefined || maximumGy === undefined ? [] : [{ structure: number, role: "ORGAN_AT_RISK", maximumGy, description: structure }];
  });
  const { jaws, mlc } = machineNamed(madeFrom.machine.id);
  return {
    name: request.name, intent: request.intent, structureSetUid: madeFrom.structureSet, frameOfReference: madeFrom.frameOfReference, fractions: request.fractions,
    prescriptions: [...targets, ...organs], beams,
    deviceDistancesMm: { ...(jaws.x === undefined ? {} : { x: jaws.x.distanceMm }), ...(jaws.y === undefined ? {} : { y: jaws.y.distanceMm }), ...(mlc === undefined ? {} : { leaves: mlc.distanceMm }) },
  };
}

function leastMaximum(goals: readonly Goal[], structure: string): number | undefined {
  const limits = goals.flatMap((goal) => (goal.structure === structure && goal.cumulative === undefined && maxima.has(goal.metric) && goal.atMost !== undefined ? [goal.atMost] : []));
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Name of the target, and where the plan was normalized to it, how: `PTV_High, D50%[Gy] is 66`. */
function descriptionOf(structure: string, normalization: Normalization): string {
  const here = normalization.kind === "metric" && normalization.structure === structure;
  // LO: at most 64 characters.
  return `${structure}${here ? `, ${normalization.metric} is ${normalization.gy}` : ""}`.slice(0, 64);
}
