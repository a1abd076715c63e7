import { HapaxError, type Grid, type Volume, type VolumeUnit } from "@hapax/base";
import { tags } from "../dictionary.ts";
import type { SliceLayout } from "./geometry.ts";
import { resampled, type Pixels } from "./resample.ts";
import { rescaleOf, storedValues, type Rescale } from "./slice-values.ts";
import type { Slice } from "./slices.ts";
import { suvScale, type SuvScale } from "./suv.ts";

/** Units that a caller may ask a series for. */
export type AskedUnit = "HU" | "SUVbw" | "SUVlbm" | "Bq/mL";

/** What the numbers of a series mean. */
export interface Meaning {
  /** Of the rescaled values. */
  readonly unit: VolumeUnit;
  /** PET in Bq/mL: factors to SUV. */
  readonly suv?: SuvScale | HapaxError;
  readonly problems: readonly HapaxError[];
  /** How stored values become real ones, slice by slice. */
  readonly rescales: readonly Linear[];
}

/** The unit of a series, from Modality, Units and RescaleType; what is missing for it is named. */
export function meaningOf(slices: readonly Slice[]): Meaning {
  const { file: { data }, name } = slices[0] as Slice;
  const rescales = slices.map((slice) => rescaleOf(slice));
  const modality = data.text(tags.Modality);
  const without = slices.filter((_, i) => rescales[i]?.absent);
  if (without.length > 0) {
    const problems = modality === "CT" || modality === "PT" || without.length < slices.length ? [withoutRescale(modality ?? "", without, slices.length)] : [];
    return { unit: "", problems, rescales: slices.map(() => ({ slope: 1, intercept: 0 })) };
  }
  const meaning = modality === "CT" ? meaningOfCt(rescales, name) : modality === "PT" ? meaningOfPet(slices, name) : unitless;
  return { ...meaning, rescales };
}

type UnitOnly = Omit<Meaning, "rescales">;
const unitless: UnitOnly = { unit: "", problems: [] };

/** Stored values of all slices are shown as they are where one of them has no slope and intercept: to mix them would be a false picture. */
function withoutRescale(modality: string, without: readonly Slice[], all: number): HapaxError {
  const others = without.length === 1 ? "" : ` The same holds for ${without.length - 1} more of its ${all} slices.`;
  return new HapaxError("dicom/rescale-missing", `${without[0]?.name} is ${modality} and has no RescaleSlope and RescaleIntercept that can be used.${others}`, "Stored values are shown without a unit; export the original series.");
}

function meaningOfCt(rescales: readonly Rescale[], name: string): UnitOnly {
  const type = rescales.find((rescale) => rescale.type !== undefined && rescale.type !== "HU")?.type;
  if (type !== undefined) {
    return { unit: "", problems: [new HapaxError("dicom/rescale-type", `${name} is CT in RescaleType ${type}, not HU.`, "It is shown without a unit; do not read its numbers as HU.")] };
  }
  return { unit: "HU", problems: [] };
}

function meaningOfPet(slices: readonly Slice[], name: string): UnitOnly {
  const data = slices.map(({ file }) => file.data);
  const units = data[0]?.text(tags.Units);
  if (units === "GML") return meaningOfGml(data[0]?.text(tags.SUVType), name);
  if (units !== "BQML") {
    return { unit: "", problems: [new HapaxError("dicom/pet-units", `${name} has the Units ${units ?? "not recorded"}; BQML or GML is needed.`, "It is shown without a unit; export the series in BQML for SUV.")] };
  }
  try {
    const suv = suvScale([...new Set(data)], name);
    return { unit: "Bq/mL", suv, problems: suv.told };
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
    return { unit: "Bq/mL", suv: error, problems: [error] };
  }
}

/** GML is a SUV already; the standard has body weight where SUVType is absent. */
function meaningOfGml(type: string | undefined, name: string): UnitOnly {
  if (type === undefined || type === "BW") return { unit: "SUVbw", problems: [] };
  if (type === "LBM" || type === "LBMJAMES128" || type === "LBMJANMA") return { unit: "SUVlbm", problems: [] };
  return { unit: "", problems: [new HapaxError("dicom/pet-units", `${name} has the SUVType ${type}, which is not read here.`, "It is shown without a unit; export the series in BQML.")] };
}

/**
 * The volume of a stack: stored values rescaled slice by slice, as integers where they fit Int16 exactly. Values at
 * PixelPaddingValue stay what they are: the number says that it was no measurement, and the scanner chose it.
 */
export async function volumeOfSlices(slices: readonly Slice[], layout: SliceLayout & { readonly grid: Grid }, meaning: Meaning, asked?: AskedUnit): Promise<Volume> {
  const { unit, factor } = asIs(meaning, asked);
  const stored = await storedValues(slices);
  const rescales = meaning.rescales.map(({ slope, intercept }) => ({ slope: slope * factor, intercept: intercept * factor }));
  if (layout.shown === "resampled") {
    const real = stored.map((pixels, i) => rescaled(pixels, rescales[i] as Linear, new Float32Array(pixels.length), 0));
    return { grid: layout.grid, values: resampled(real, (stored[0] as Pixels).length / rowsOf(slices), layout), slope: 1, intercept: 0, unit };
  }
  const each = (stored[0] as Pixels).length;
  const whole = stored.every((pixels, i) => fitsInt16(pixels, rescales[i] as Linear));
  const values = whole ? new Int16Array(each * stored.length) : new Float32Array(each * stored.length);
  stored.forEach((pixels, i) => rescaled(pixels, rescales[i] as Linear, values, i * each));
  return { grid: layout.grid, values, slope: 1, intercept: 0, unit };
}

interface Linear {
  readonly slope: number;
  readonly intercept: number;
}

const rowsOf = (slices: readonly Slice[]) => slices[0]?.file.data.number(tags.Rows) as number;

/** The unit that is given, and the factor that leads to it. */
function asIs({ unit, suv }: Meaning, asked?: AskedUnit): { unit: VolumeUnit; factor: number } {
  if (suv === undefined || asked === "Bq/mL") {
    if (asked !== undefined && asked !== unit) throw new HapaxError("dicom/unit", `The series is in ${unit === "" ? "no stated unit" : unit}, not in ${asked}.`, "Ask for it in its own unit.");
    return { unit, factor: 1 };
  }
  if (suv instanceof HapaxError) {
    if (asked !== undefined) throw suv;
    return { unit, factor: 1 };
  }
  if (asked !== "SUVlbm") return { unit: "SUVbw", factor: suv.SUVbw };
  if (suv.SUVlbm instanceof HapaxError) throw suv.SUVlbm;
  return { unit: "SUVlbm", factor: suv.SUVlbm };
}

function rescaled<Out extends Int16Array | Float32Array>(pixels: Pixels, { slope, intercept }: Linear, out: Out, at: number): Out {
  if (slope === 1 && intercept === 0) out.set(pixels, at);
  else for (let i = 0; i < pixels.length; i++) out[at + i] = (pixels[i] as number) * slope + intercept;
  return out;
}

/** Whether every rescaled value is a whole number between −32768 and 32767. */
function fitsInt16(pixels: Pixels, { slope, intercept }: Linear): boolean {
  if (pixels instanceof Float32Array || pixels instanceof Float64Array || !Number.isInteger(slope) || !Number.isInteger(intercept)) return false;
  if (pixels instanceof Int16Array && slope === 1 && intercept === 0) return true;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const ends = [low * slope + intercept, high * slope + intercept];
  return Math.min(...ends) >= -32768 && Math.max(...ends) <= 32767;
}
