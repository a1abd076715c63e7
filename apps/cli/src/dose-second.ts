import { collimatorFromPatient, apply, sourceOf, type PatientPosition } from "@hapax/base";
import type { TreatmentPlan } from "@hapax/case";
import { beamSegments, headFluence, machineNamed, measuredBeam, measuredTpr2010, nyholmDose, squareField, superposedDose, waterDepthOf, type Machine, type Medium, type PlanDose } from "@hapax/dose";

/** What the second, independent way gives at the isocenter of a beam, all fractions. */
export interface SecondDose {
  readonly beam: number;
  /** Gy; undefined where that way does not reach, and `why` says so. */
  readonly gy?: number;
  readonly why?: string;
}

/** From this water-equivalent depth on the kernel of the second way is valid, mm. */
const leastDepthMm = 15;

/** Nyholm's dose at the isocenter of each beam of a calculated plan. */
export function secondDoses(plan: TreatmentPlan, { beams, machines, fractions }: PlanDose, medium: Medium, patientPosition: PatientPosition): SecondDose[] {
  const qualities = new Map(machines.map((machine) => [machine, qualityOf(machine)]));
  return plan.beams.map((beam): SecondDose => {
    const used = beams.find(({ number }) => number === beam.number)?.machine;
    const machine = machines.find(({ id }) => id === used) ?? machineNamed(used ?? "");
    if (beam.meterset === undefined) return { beam: beam.number, why: "the beam has no monitor units" };
    const calibrationHead = headFluence(machine, [{ ...squareField(machine.calibration.fieldMm), share: 1 }]);
    let gy = 0;
    for (const { apertures, isocenter, ...angles } of beamSegments(beam, machine).segments) {
      const position = { ...angles, isocenter, patientPosition };
      const waterDepthMm = waterDepthOf(medium, sourceOf(position, machine.sadMm), isocenter);
      if (waterDepthMm < leastDepthMm) return { beam: beam.number, why: `the isocenter lies ${waterDepthMm.toFixed(1)} mm of water deep, less than ${leastDepthMm} mm` };
      const pointMm = apply(collimatorFromPatient(position), isocenter);
      const tpr2010 = qualities.get(machine) as number;
      gy += nyholmDose({ machine, tpr2010, head: headFluence(machine, apertures), calibrationHead, pointMm, waterDepthMm, mu: beam.meterset * fractions });
    }
    return { beam: beam.number, gy };
  });
}

/** TPR20,10 as measured; of a machine without measurements, from its spectrum by full superposition. */
function qualityOf(machine: Machine): number {
  const measured = measuredBeam(machine.id);
  const doseOf = superposedDose(machine);
  return (measured && measuredTpr2010(measured)) ?? doseOf(100, 200) / doseOf(100, 100);
}
