import type { Bounds } from "@hapax/kernels";
import type { Dvh } from "./dvh.ts";

/** Volumes that a conformity index compares, cm³. */
export interface TargetCover {
  /** The target. */
  readonly targetCc: number;
  /** Inside the prescription isodose, everywhere in the patient. */
  readonly prescribedCc: number;
  /** The part of the target inside it. */
  readonly coveredCc: number;
}

/** Conformity index of RTOG: prescription isodose volume over target volume; 1 where they are equal, wherever they lie. Shaw 1993. */
export const conformityRtog = ({ targetCc, prescribedCc }: TargetCover): number => prescribedCc / targetCc;

/** Conformity index of Paddick (and van 't Riet): covered² / (target · prescribed); 1 where they are the same. Paddick 2000. */
export const conformityPaddick = ({ targetCc, prescribedCc, coveredCc }: TargetCover): number => coveredCc ** 2 / (targetCc * prescribedCc);

/** Gradient index of Paddick: volume at half the prescription over volume at the prescription. Paddick 2006. */
export const gradientIndex = (halfPrescribedCc: number, prescribedCc: number): number => halfPrescribedCc / prescribedCc;

/** R50%: volume at half the prescription over the target. RTOG 0813. */
export const r50 = (halfPrescribedCc: number, targetCc: number): number => halfPrescribedCc / targetCc;

/** Homogeneity index of ICRU 83: (D2% − D98%) / D50%; 0 is an even dose. Bounds where part of the target has no dose. */
export function homogeneityIcru83({ d2, d98, d50 }: Pick<Dvh, "d2" | "d98" | "d50">): Bounds {
  return { low: Math.max(0, d2.low - d98.high) / d50.high, high: (d2.high - d98.low) / d50.low };
}

/** D5% / D95%; 1 is an even dose. */
export function homogeneityD5D95(dvh: Pick<Dvh, "dAt" | "d95">): Bounds {
  const d5 = dvh.dAt(0.05);
  return { low: d5.low / dvh.d95.high, high: d5.high / dvh.d95.low };
}

/**
 * Cover of a target from two histograms of one dose: the target, and everything that is irradiated (the patient's
 * outline).
 *
 * @param prescriptionGy  dose of the prescription isodose
 */
export function targetCover(target: Dvh, everything: Dvh, prescriptionGy: number): { readonly low: TargetCover; readonly high: TargetCover } {
  const [covered, prescribed] = [target.vAtCc(prescriptionGy), everything.vAtCc(prescriptionGy)];
  const at = (end: "low" | "high") => ({ targetCc: target.volumeCc, prescribedCc: prescribed[end], coveredCc: covered[end] });
  return { low: at("low"), high: at("high") };
}
