import "../../no-eval.ts";
import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { WriteContext } from "@hapax/dicom";
import { uidOf } from "@hapax/dicom/uid";
import { writeRtDose } from "@hapax/dicom/write-rt-dose";
import { writeRtPlan } from "@hapax/dicom/write-rt-plan";
import { treatmentPlanOf, type PlanMade } from "@hapax/planning";
import { answerWith } from "../images/answer-with.ts";

/** A made plan that becomes an RTPLAN and an RTDOSE. */
export interface PlanFileWork {
  readonly made: PlanMade;
  readonly dose: Volume;
  readonly structures: readonly Structure[];
  readonly patientPosition: string;
  readonly context: WriteContext;
}

export interface PlanFileAnswer {
  readonly plan: { readonly uid: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly dose: { readonly uid: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

self.addEventListener("message", ({ data }: MessageEvent<PlanFileWork>) => void answerWith(() => filesOf(data), ({ plan, dose }) => [plan.bytes.buffer, dose.bytes.buffer]));

function filesOf({ made, dose, structures, patientPosition, context }: PlanFileWork): PlanFileAnswer {
  const { request, madeFrom, notes } = made;
  const terms = treatmentPlanOf(made, structures);
  // As `instanceUidOf` has it for the files.
  const uidFor = (modality: string) => uidOf(`${context.seed} ${modality} ${context.label} 1`);
  const uid = uidFor("RTPLAN");
  const plan = writeRtPlan({ ...terms, name: request.name, frameOfReference: madeFrom.frameOfReference, patientPosition }, context);
  const written = writeRtDose(dose, context, { planUid: uid, comment: request.name.slice(0, 64), notes: [`${madeFrom.engine}; ${madeFrom.machine.name}, version ${madeFrom.machine.version}.`, ...notes].join("\n") });
  return { plan: { uid, bytes: new Uint8Array(plan.bytes) }, dose: { uid: uidFor("RTDOSE"), bytes: new Uint8Array(written.bytes) } };
}
