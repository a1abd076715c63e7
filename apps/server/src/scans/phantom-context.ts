import { instanceUidOf, studyUidOf, type WriteContext } from "@hapax/dicom";
import type { PhantomStudy } from "@hapax/imaging/phantom";
import type { PlanMade } from "@hapax/planning";

/** Made up with the rest. */
export const phantomWeightKg = 75;

/** Of whom and in which study the objects of a phantom are written; `n` is the place of the study in its description. */
export function contextOf(study: PhantomStudy, n: number): WriteContext {
  return {
    patient: { id: "SYNTHETIC", name: "SYNTHETIC^PHANTOM", sex: "male", weightKg: phantomWeightKg, heightM: 1.75 },
    seed: study.studyUid,
    label: `${study.spec.timePoint} ${study.spec.title}`,
    // The report gives no date; these are no dates of a person and only keep the order.
    date: `1900-01-${String(n + 1).padStart(2, "0")}`,
    studyDescription: "SYNTHETIC phantom",
    synthetic: true,
  };
}

/** The same for a plan of that study and its dose; a plan that is made anew has other UIDs. */
export function planContextOf(context: WriteContext, { request, madeFrom, beams }: PlanMade): WriteContext {
  const study = { uid: studyUidOf(context), date: context.date.replaceAll("-", ""), time: "000000", id: "1" };
  return { ...context, study, seed: JSON.stringify([request, madeFrom, beams]), label: request.name };
}

/** SOPInstanceUIDs of a plan that comes with the phantom, and of its dose. */
export function planUidsOf(context: WriteContext, made: PlanMade): { readonly planUid: string; readonly doseUid: string } {
  const own = planContextOf(context, made);
  return { planUid: instanceUidOf(own, "RTPLAN", 1), doseUid: instanceUidOf(own, "RTDOSE", 1) };
}
