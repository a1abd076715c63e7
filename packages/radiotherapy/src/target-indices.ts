import { showNumber, type Volume } from "@hapax/base";
import type { Bounds } from "@hapax/kernels";
import { isodoseVolumes } from "./dose-compare.ts";
import type { Dvh } from "./dvh.ts";
import { conformityPaddick, conformityRtog, gradientIndex, homogeneityD5D95, homogeneityIcru83, r50 } from "./indices.ts";

/** An index of a plan; bounds where the dose grid does not reach what it compares, NaN where there is nothing to compare. */
export interface TargetIndex {
  readonly name: string;
  readonly value: Bounds;
  readonly source: string;
}

/** How a dose fits a target. */
export interface TargetIndices {
  readonly target: string;
  readonly prescriptionGy: number;
  readonly targetCc: number;
  /** Of the target, inside the prescription isodose, cc. */
  readonly coveredCc: Bounds;
  /** Inside the isodose of the prescription, and of half of it, everywhere in the patient, cc. */
  readonly prescribedCc: Bounds;
  readonly halfPrescribedCc: Bounds;
  readonly indices: readonly TargetIndex[];
  /** Where isodoses were counted, and what is not known of them. */
  readonly notes: readonly string[];
}

/**
 * Conformity, gradient and homogeneity of a target.
 *
 * @param outline         of the patient; left out, isodoses count wherever the dose grid has them
 * @param dose            that of both histograms
 * @param prescriptionGy  dose of the prescription isodose
 * @throws                radiotherapy/unit
 */
export function targetIndices(target: Dvh, outline: Dvh | undefined, dose: Volume, prescriptionGy: number): TargetIndices {
  const levels = isodoseVolumes(dose, [prescriptionGy, prescriptionGy / 2]);
  const [whole, half] = levels.map(({ gy, cc, open }) => inPatient(outline, { gy, cc, open })) as [PatientVolume, PatientVolume];
  const targetCc = target.volumeCc;
  const coveredCc = target.vAtCc(prescriptionGy);
  const [prescribedCc, halfPrescribedCc] = [whole.cc, half.cc];
  const at = (prescribed: number, covered: number) => ({ targetCc, prescribedCc: prescribed, coveredCc: covered });
  const paddick = { low: conformityPaddick(at(prescribedCc.high, coveredCc.low)), high: Math.min(1, conformityPaddick(at(prescribedCc.low, coveredCc.high))) };
  const gradient = { low: gradientIndex(halfPrescribedCc.low, prescribedCc.high), high: gradientIndex(halfPrescribedCc.high, prescribedCc.low) };
  const reached = prescribedCc.high > 0;
  return {
    target: target.name, prescriptionGy, targetCc, coveredCc, prescribedCc, halfPrescribedCc,
    indices: [
      { name: "conformity, RTOG", value: each(prescribedCc, (cc) => conformityRtog(at(cc, 0))), source: "Shaw 1993" },
      { name: "conformity, Paddick", value: reached ? paddick : nothing, source: "Paddick 2000" },
      { name: "gradient index", value: reached ? gradient : nothing, source: "Paddick 2006" },
      { name: "R50%", value: each(halfPrescribedCc, (cc) => r50(cc, targetCc)), source: "RTOG 0813" },
      { name: "homogeneity, ICRU 83", value: homogeneityIcru83(target), source: "ICRU 83" },
      { name: "D5% / D95%", value: homogeneityD5D95(target), source: "" },
    ],
    notes: [
      ...(outline === undefined ? ["No outline of the patient is drawn: isodoses count wherever the dose grid has them."] : []),
      ...[whole, half].flatMap(({ note }) => note ?? []),
      ...(reached ? [] : [`No place has ${showNumber(prescriptionGy)} Gy.`]),
    ],
  };
}

const nothing: Bounds = { low: NaN, high: NaN };
const each = ({ low, high }: Bounds, of: (value: number) => number): Bounds => ({ low: of(low), high: of(high) });

interface PatientVolume {
  readonly cc: Bounds;
  readonly note?: string;
}

/** An isodose that leaves the dose grid has no volume but a least one; one that closes within it ends there. */
function inPatient(outline: Dvh | undefined, { gy, cc, open }: { readonly gy: number; readonly cc: number; readonly open: boolean }): PatientVolume {
  const isodose = `The isodose of ${showNumber(gy)} Gy`;
  if (outline === undefined) return open ? { cc: { low: cc, high: Infinity }, note: `${isodose} leaves the dose grid.` } : { cc: { low: cc, high: cc } };
  const inside = outline.vAtCc(gy);
  if (outline.coverage === 1) return { cc: inside };
  const known = `the dose is known in ${(100 * outline.coverage).toFixed(1)} % of ${outline.name}`;
  if (open) return { cc: inside, note: `${isodose} leaves the dose grid: ${known}.` };
  return { cc: { low: inside.low, high: inside.low }, note: `${isodose} closes within the dose grid and is taken to end there: ${known}.` };
}
