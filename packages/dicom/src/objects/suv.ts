import { HapaxError } from "@hapax/base";
import type { DataSet } from "../data-set.ts";
import { isoDate } from "../dates.ts";
import { tags } from "../dictionary.ts";
import { positive } from "./origin.ts";

/** From the stored unit to a SUV: value × factor; body weight, and lean body mass where sex and height are known. */
export interface SuvScale {
  readonly SUVbw: number;
  readonly SUVlbm: number | HapaxError;
  /** Assumptions that touch the number. */
  readonly told: readonly HapaxError[];
}

/** Formulas for lean body mass. */
export type LeanFormula = "janmahasatian" | "james";

/**
 * Lean body mass, kg.
 *
 * Janmahasatian: 9270 W / (6680 + 216 BMI) for men, 9270 W / (8780 + 244 BMI) for women. James: 1.10 W − 128 (W/H)² for
 * men, 1.07 W − 148 (W/H)² for women, H in cm; it falls again in obesity, so the first is the one used unasked.
 *
 * @source Janmahasatian 2005 (Clin Pharmacokinet 44:1051), James 1976
 */
export function leanMassKg(sex: "male" | "female", weightKg: number, heightM: number, formula: LeanFormula = "janmahasatian"): number {
  if (formula === "james") {
    const ratio = weightKg / (heightM * 100);
    return sex === "male" ? 1.1 * weightKg - 128 * ratio ** 2 : 1.07 * weightKg - 148 * ratio ** 2;
  }
  const bmi = weightKg / heightM ** 2;
  return (9270 * weightKg) / (sex === "male" ? 6680 + 216 * bmi : 8780 + 244 * bmi);
}

const missing = (what: string, name: string) =>
  new HapaxError("dicom/suv-missing", `${name}: no SUV, for ${what}.`, "Export the PET series with all its attributes; until then it is shown in Bq/mL.");

/**
 * How a PET slice in Bq/mL becomes SUV: SUVbw = C · W / A, with C in Bq/mL, W in g, and A the injected activity, decayed
 * to the time to which the image is corrected (DecayCorrection START) or as injected (ADMIN).
 *
 * @throws dicom/suv-missing naming the attribute that is not there
 * @source Kinahan and Fletcher 2010; QIBA FDG-PET profile
 */
export function suvScale(slices: readonly DataSet[], name: string): SuvScale {
  const data = slices[0] as DataSet;
  const dose = data.items(tags.RadiopharmaceuticalInformationSequence)[0];
  const need = (value: number | undefined, what: string): number => {
    if (value === undefined) throw missing(`${what} is not recorded`, name);
    return value;
  };
  const likely = (value: number, least: number, most: number, what: string, unit: string): number => {
    if (value >= least && value <= most) return value;
    throw missing(`${what} is ${value} ${unit}, which cannot be; another unit was written, it seems`, name);
  };
  const corrected = data.texts(tags.CorrectedImage);
  if (!corrected.includes("ATTN")) throw missing("CorrectedImage does not name ATTN (attenuation)", name);
  const weightKg = likely(need(positive(data.number(tags.PatientWeight)), "PatientWeight"), 0.3, 650, "PatientWeight", "kg");
  if (slices.some((slice) => slice.number(tags.PatientWeight) !== data.number(tags.PatientWeight))) throw missing("PatientWeight is not the same in all slices", name);
  const injectedBq = likely(need(positive(dose?.number(tags.RadionuclideTotalDose)), "RadionuclideTotalDose"), 1e5, 1e11, "RadionuclideTotalDose", "Bq");
  const { factor, told } = decayFactor(slices, dose as DataSet, name, need);
  const perBq = 1 / (injectedBq * factor);
  return { SUVbw: weightKg * 1000 * perBq, SUVlbm: leanScale(data, weightKg, perBq, name), told };
}

function leanScale(data: DataSet, weightKg: number, perBq: number, name: string): number | HapaxError {
  const sex = data.text(tags.PatientSex);
  const heightM = positive(data.number(tags.PatientSize));
  if (heightM === undefined) return missing("PatientSize is not recorded, which lean body mass needs", name);
  if (heightM > 3) return missing(`PatientSize is ${heightM} m, which cannot be`, name);
  if (sex !== "M" && sex !== "F") return missing(`PatientSex is ${sex ?? "not recorded"}, and the formulas of lean body mass know M and F`, name);
  return leanMassKg(sex === "M" ? "male" : "female", weightKg, heightM) * 1000 * perBq;
}

/** Share of the injected activity that is left at the time to which the image is corrected. */
function decayFactor(slices: readonly DataSet[], dose: DataSet, name: string, need: (value: number | undefined, what: string) => number) {
  const data = slices[0] as DataSet;
  const correction = data.text(tags.DecayCorrection);
  if (correction === "ADMIN") return { factor: 1, told: [] };
  if (correction !== "START") throw missing(`DecayCorrection is ${correction ?? "not recorded"}; START or ADMIN is needed`, name);
  const halfLifeS = need(positive(dose.number(tags.RadionuclideHalfLife)), "RadionuclideHalfLife");
  const scan = scanStart(slices, name);
  const injected = momentOf(dose.text(tags.RadiopharmaceuticalStartDateTime))
    ?? moment(data.text(tags.SeriesDate), dose.text(tags.RadiopharmaceuticalStartTime));
  const waitS = scan.seconds - need(injected, "RadiopharmaceuticalStartDateTime (or RadiopharmaceuticalStartTime)");
  if (waitS < 0) throw missing(`the injection is ${Math.round(-waitS)} s after the scan`, name);
  if (waitS > 86_400) throw missing(`the injection is ${(waitS / 3600).toFixed(1)} h before the scan`, name);
  return { factor: 2 ** (-waitS / halfLifeS), told: scan.told };
}

/** The time to which START corrects: the series' own, unless it was stamped after the first acquisition. */
function scanStart(slices: readonly DataSet[], name: string): { seconds: number; told: readonly HapaxError[] } {
  const data = slices[0] as DataSet;
  const series = moment(data.text(tags.SeriesDate), data.text(tags.SeriesTime));
  const acquired = slices
    .map((slice) => moment(slice.text(tags.AcquisitionDate) ?? slice.text(tags.SeriesDate), slice.text(tags.AcquisitionTime)))
    .filter((time) => time !== undefined);
  const earliest = acquired.length === 0 ? undefined : acquired.reduce((a, b) => Math.min(a, b));
  if (series !== undefined && (earliest === undefined || series <= earliest)) return { seconds: series, told: [] };
  if (earliest === undefined) throw missing("neither SeriesTime nor AcquisitionTime is recorded", name);
  const told = new HapaxError("dicom/suv-time", `${name}: SeriesTime is not before the first AcquisitionTime, so the activity is decayed to the first AcquisitionTime.`,
    "Check one SUV against the scanner's console.");
  return { seconds: earliest, told: [told] };
}

/** A DT as seconds of an own clock; its zone is left out, as it is that of the times beside it. */
const momentOf = (text: string | undefined) => (text === undefined ? undefined : moment(text.slice(0, 8), text.slice(8)));

/** DA and TM as seconds since 1970. */
function moment(date: string | undefined, time: string | undefined): number | undefined {
  const day = isoDate(date);
  const match = /^(\d{2}):?(\d{2})(?::?(\d{2}(?:\.\d+)?))?/.exec(time ?? "");
  if (day === undefined || match === null) return undefined;
  return Date.parse(day) / 1000 + Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0);
}
