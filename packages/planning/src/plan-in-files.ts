import { showNumber } from "@hapax/base";
import type { PlanMade } from "./plan-made.ts";
import type { PlanningScan } from "./setting.ts";
import { sourceSkinMm } from "./source-skin.ts";
import { treatmentPlanOf, type PlanTerms } from "./treatment-plan.ts";

/** What RTPLAN and RTDOSE of a made plan say. */
export interface PlanInFiles {
  readonly plan: PlanTerms & {
    readonly description: string;
    readonly patientPosition: string;
    /** From the source to the skin, mm, by BeamNumber, where a body is drawn. */
    readonly surfaceDistancesMm: ReadonlyMap<number, number>;
  };
  readonly dose: { readonly comment: string; readonly notes: string };
}

const notClinical = "Research and education. Not a medical device.";

/**
 * A made plan as its files have it: every door that writes it says the same.
 *
 * @throws as `treatmentPlanOf`
 */
export function planInFiles(made: PlanMade, { structures, patientPosition }: Pick<PlanningScan, "structures" | "patientPosition">): PlanInFiles {
  const { request, madeFrom: { machine, cones, engine }, notes } = made;
  const by = `${machine.id} ${machine.version}; ${request.curve}; ${showNumber(request.gridMm)} mm; ${cones} cones; ${engine}`;
  return {
    plan: { ...treatmentPlanOf(made, structures), description: `${by}. ${notClinical}`, patientPosition, surfaceDistancesMm: skinOf(made, structures, patientPosition) },
    dose: { comment: shortened(request.name, 64), notes: [by, ...notes, notClinical].join("\n") },
  };
}

/** To a tenth of a millimeter, along each beam. */
function skinOf({ beams }: PlanMade, structures: PlanningScan["structures"], patientPosition: PlanningScan["patientPosition"]): Map<number, number> {
  const body = structures.find(({ type, contours }) => type === "EXTERNAL" && contours.length > 0);
  return new Map(beams.flatMap(({ number, sadMm, controlPoints: [point] }) => {
    const mm = body === undefined || point === undefined ? undefined : sourceSkinMm({ ...point, patientPosition }, sadMm, body);
    return mm === undefined ? [] : [[number, Number(mm.toFixed(1))] as const];
  }));
}

const shortened = (text: string, longest: number): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);
