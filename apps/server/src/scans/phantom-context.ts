import { studyUidOf, type WriteContext } from "@hapax/dicom";
import type { PhantomStudy } from "@hapax/imaging/phantom";
import type { PlanMade } from "@hapax/planning";
import { planSeed } from "@hapax/planning/plan-seed";

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

/** Patient, study and date of what joins the study of a phantom. */
export function joiningOf(context: WriteContext): Omit<WriteContext, "seed" | "label"> {
  const { seed: _seed, label: _label, ...told } = context;
  return { ...told, study: { uid: studyUidOf(context), date: context.date.replaceAll("-", ""), time: "000000", id: "1" } };
}

/** Of a plan of that study and its dose; a plan that is made anew has other UIDs. */
export function planContextOf(context: WriteContext, made: PlanMade): WriteContext {
  const joined = joiningOf(context);
  return { ...joined, ...planSeed(made, joined) };
}
