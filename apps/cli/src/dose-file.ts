import { showNumber, spacingOf } from "@hapax/base";
import type { ScanPatient, TreatmentPlan } from "@hapax/case";
import { writeRtDose } from "@hapax/dicom";
import type { PlanDose } from "@hapax/dose";

export interface DoseOf {
  readonly plan: TreatmentPlan;
  readonly patient: ScanPatient;
  /** PatientName as the file of the plan has it. */
  readonly patientName: string | undefined;
  /** What else the dose was made from, such as the series; with the plan it makes the UIDs. */
  readonly from: readonly unknown[];
  /** Whether plan or images are no scan of a person. */
  readonly synthetic: boolean;
  /** Hapax and its version. */
  readonly engine: string;
}

/** DoseComment holds so many characters. */
const longestComment = 64;

/** A calculated dose as RTDOSE of its plan, in a study of its own. The same dose of the same plan gives the same file. */
export function doseFile(dose: PlanDose, { plan, patient, patientName, from, synthetic, engine }: DoseOf): Uint8Array {
  const { grid, doseGy: values, machines, curve, cones } = dose;
  const made = [machines.map(({ id, version }) => `${id} ${version}`).join(", "), curve, `${showNumber(spacingOf(grid)[0])} mm`, `${cones} cones`, engine].join("; ");
  const seed = JSON.stringify(["dose", plan.uid, made, from]);
  const { bytes } = writeRtDose({ grid, values, slope: 1, intercept: 0, unit: "Gy" }, {
    patient: { id: patient.id ?? "", name: patientName ?? "", ...(patient.sex === undefined ? {} : { sex: patient.sex }) },
    seed,
    label: `dose ${plan.label}`,
    date: plan.date ?? new Date().toISOString().slice(0, 10),
    synthetic,
  }, {
    planUid: plan.uid,
    summation: "PLAN",
    comment: made.length <= longestComment ? made : `${made.slice(0, longestComment - 1)}…`,
    notes: [made, ...dose.notes].join("\n"),
  });
  return bytes;
}
