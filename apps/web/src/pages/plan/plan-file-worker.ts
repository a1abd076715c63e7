import "../../no-eval.ts";
import type { PatientPosition, Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { WriteContext } from "@hapax/dicom";
import { planUidsOf, writePlanAndDose } from "@hapax/dicom/write-plan-and-dose";
import { planInFiles, planSeed, type PlanMade } from "@hapax/planning";
import { answerWith } from "../images/answer-with.ts";

/** A made plan that becomes an RTPLAN and an RTDOSE. */
export interface PlanFileWork {
  readonly made: PlanMade;
  readonly dose: Volume;
  readonly structures: readonly Structure[];
  readonly patientPosition: PatientPosition;
  /** Patient, study and date of the files. */
  readonly joined: Omit<WriteContext, "seed" | "label">;
}

export interface PlanFileAnswer {
  readonly plan: { readonly uid: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly dose: { readonly uid: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

self.addEventListener("message", ({ data }: MessageEvent<PlanFileWork>) => void answerWith(() => filesOf(data), ({ plan, dose }) => [plan.bytes.buffer, dose.bytes.buffer]));

function filesOf({ made, dose, structures, patientPosition, joined }: PlanFileWork): PlanFileAnswer {
  const context: WriteContext = { ...joined, ...planSeed(made, joined) };
  const inFiles = planInFiles(made, { structures, patientPosition });
  const files = writePlanAndDose(inFiles.plan, dose, inFiles.dose, context);
  const { planUid, doseUid } = planUidsOf(context);
  return { plan: { uid: planUid, bytes: new Uint8Array(files.plan.bytes) }, dose: { uid: doseUid, bytes: new Uint8Array(files.dose.bytes) } };
}
