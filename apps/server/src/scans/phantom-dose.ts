import { HapaxError, type Volume } from "@hapax/base";
import type { Structure, TreatmentPlan } from "@hapax/case";
import { curveNamed, mediumOf, planDose } from "@hapax/dose";
import type { Crew } from "@hapax/kernels";
import { dvhOf } from "@hapax/radiotherapy";

/** A plan with monitor units, and the dose that they give. */
export interface CalculatedPlan {
  readonly plan: TreatmentPlan;
  /** Gy of all fractions. */
  readonly dose: Volume<Float32Array>;
  /** Median dose of the target, Gy. */
  readonly medianGy: number;
  /** How it was calculated, in the 64 characters of a DoseComment. */
  readonly comment: string;
  /** Approximations and assumptions, in words. */
  readonly notes: readonly string[];
}

/**
 * The phantom's tissues are as bright as with contrast medium: tumor, liver and vessels lie from 80 to 210 HU. This curve rises
 * evenly there, where those after Schneider 2000 fall by a twentieth at 101 HU.
 */
const curve = curveNamed("matrad-default");
const cones = 72;

export interface CalculationOptions {
  readonly crew: Crew;
  /** Of the dose grid; left out, 3 mm. */
  readonly gridMm?: number;
}

/**
 * The dose of a plan of the phantom, each beam with the same monitor units: those, to a tenth, that give half of the target
 * what is prescribed.
 *
 * @param structures  with the outline of the body, type EXTERNAL, and the target
 * @throws scans/phantom-plan where the plan prescribes to no structure that is there; as `mediumOf`, `planDose` and `dvhOf`
 */
export async function calculatedPlan(plan: TreatmentPlan, ct: Volume, structures: readonly Structure[], { crew, gridMm = 3 }: CalculationOptions): Promise<CalculatedPlan> {
  const goal = plan.prescriptions.find(({ role, targetGy }) => role === "TARGET" && targetGy !== undefined);
  const target = structures.find(({ number }) => number === goal?.structure);
  const body = structures.find(({ type }) => type === "EXTERNAL");
  if (goal?.targetGy === undefined || target === undefined || body === undefined) {
    throw new HapaxError("scans/phantom-plan", `The plan ${plan.label} prescribes to ${goal?.structure ?? "nothing"}, among ${structures.map(({ name }) => name).join(", ")}.`, "Give the structures that the plan was made with, the outline of the body among them.");
  }
  const medium = await mediumOf({ ct, curve, grid: gridMm, body });
  const ofOneMu = await planDose({ plan: withMeterset(plan, 1), medium, patientPosition: "HFS", cones, crew });
  const volume = (factor: number): Volume<Float32Array> => ({ grid: medium.grid, values: ofOneMu.doseGy.map((gy) => gy * factor), slope: 1, intercept: 0, unit: "Gy" });
  const median = dvhOf(target, volume(1), { frameOfReference: medium.grid.frameOfReference }).d50.low;
  const meterset = Math.round((10 * goal.targetGy) / median) / 10;
  const machine = ofOneMu.machines.map(({ id, version }) => `${id} ${version}`).join(", ");
  return {
    plan: withMeterset(plan, meterset), dose: volume(meterset), medianGy: median * meterset,
    comment: `SYNTHETIC, calculated: ${machine}, ${curve.id}, ${cones} cones`,
    notes: ofOneMu.notes,
  };
}

function withMeterset(plan: TreatmentPlan, meterset: number): TreatmentPlan {
  return { ...plan, beams: plan.beams.map((beam) => ({ ...beam, meterset })) };
}
