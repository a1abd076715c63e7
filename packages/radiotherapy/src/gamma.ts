import { flat, HapaxError, showNumber, type Volume } from "@hapax/base";
import type { FrameMap, Registration } from "@hapax/case";
import { gamma, type GammaCriteria, type GammaMap } from "@hapax/kernels";
import { betweenGrids, sampledDose } from "./dose-grid.ts";

export interface GammaOptions {
  /** Dose difference, %. */
  readonly percent: number;
  /** Distance to agreement, mm. */
  readonly mm: number;
  /** Dose difference of the reference dose at each point; else of the normalization. */
  readonly local: boolean;
  /** Reference points below this share of the normalization are not compared, %. */
  readonly thresholdPercent: number;
  /** 100 %, Gy; left out, the highest reference dose. */
  readonly normalizationGy?: number;
  /** `voxels` compares voxel centers alone, as SlicerRT and plastimatch do unless told otherwise; left out, the evaluated dose is interpolated. */
  readonly search?: GammaCriteria["search"];
  /** Ties the two frames of reference where they differ. */
  readonly registrations?: readonly Registration[];
}

export interface GammaResult {
  /** Share of the compared points with gamma 1 or less, 0 to 1; undefined where none could be compared. */
  readonly passRate: number | undefined;
  readonly counts: GammaMap["counts"];
  /** Of the compared points; undefined where there are none. */
  readonly mean: number | undefined;
  readonly highest: number | undefined;
  /** Points per tenth of gamma; the last bin is the cap, and all beyond it. */
  readonly histogram: readonly { readonly from: number; readonly count: number }[];
  /** Gamma on the grid of the reference; NaN where not compared. */
  readonly map: Volume<Float32Array>;
  /** The dose that is 100 %, Gy. */
  readonly normalizationGy: number;
  /** How it was done, sentence by sentence. */
  readonly method: readonly string[];
}

/** A gamma of this much says "this or more": the search goes no further. */
const cap = 2;

/**
 * Gamma index of a dose against a reference, in patient millimetres: any two grids in one frame of reference, or tied by a
 * registration.
 *
 * @param reference  dose, Gy: where gamma is told
 * @param evaluated  dose, Gy: where it is looked for; axes at right angles
 * @throws           radiotherapy/unit, radiotherapy/frame, radiotherapy/gamma-criteria
 * @source           low1998, ju2008
 */
export function gammaOf(reference: Volume, evaluated: Volume, options: GammaOptions): GammaResult {
  const frames = betweenGrids(reference.grid, evaluated.grid, options.registrations);
  const from = sampledDose(reference);
  const normalizationGy = options.normalizationGy ?? highestOf(from.values);
  checkCriteria(options, normalizationGy);
  const criteria: GammaCriteria = {
    percent: options.percent,
    mm: options.mm,
    local: options.local,
    normalizationGy,
    thresholdGy: (options.thresholdPercent / 100) * normalizationGy,
    cap,
    search: options.search ?? "interpolated",
  };
  const found = gamma(from, sampledDose(evaluated), criteria, flat(frames.map));
  const { evaluated: compared, passed } = found.counts;
  return {
    passRate: compared === 0 ? undefined : passed / compared,
    counts: found.counts,
    ...summaryOf(found),
    map: { grid: reference.grid, values: found.gamma, slope: 1, intercept: 0, unit: "" },
    normalizationGy,
    method: methodOf(criteria, options, frames, found.counts),
  };
}

function highestOf(values: Float32Array): number {
  let highest = 0;
  for (const value of values) if (value > highest) highest = value;
  return highest;
}

function checkCriteria({ percent, mm, thresholdPercent }: GammaOptions, normalizationGy: number): void {
  const met = [percent > 0 && percent <= 100, mm > 0 && mm <= 100, thresholdPercent >= 0 && thresholdPercent <= 100, normalizationGy > 0];
  if (met.every(Boolean)) return;
  throw new HapaxError(
    "radiotherapy/gamma-criteria",
    `Asked for ${percent} %, ${mm} mm, a threshold of ${thresholdPercent} %, with 100 % at ${normalizationGy} Gy.`,
    "Give a dose difference up to 100 %, a distance up to 100 mm, a threshold of 0 to 100 %, and a reference with dose.",
  );
}

function summaryOf({ gamma: values, counts }: GammaMap): Pick<GammaResult, "mean" | "highest" | "histogram"> {
  const bins = new Array<number>(cap * 10 + 1).fill(0);
  let [sum, highest] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    highest = Math.max(highest, value);
    const bin = Math.min(cap * 10, Math.floor(value * 10));
    bins[bin] = (bins[bin] as number) + 1;
  }
  const none = counts.evaluated === 0;
  return { mean: none ? undefined : sum / counts.evaluated, highest: none ? undefined : highest, histogram: bins.map((count, i) => ({ from: i / 10, count })) };
}

function methodOf(criteria: GammaCriteria, options: GammaOptions, frames: FrameMap, counts: GammaMap["counts"]): string[] {
  const normalization = `${showNumber(criteria.normalizationGy, 2)} Gy (${options.normalizationGy === undefined ? "highest reference dose" : "given"})`;
  const difference = criteria.local ? "of the reference dose at each point" : `of ${normalization}`;
  const points = (n: number) => `${n} point${n === 1 ? "" : "s"}`;
  return [
    `${criteria.local ? "Local" : "Global"} gamma, ${showNumber(criteria.percent)} % ${difference} and ${showNumber(criteria.mm)} mm; passed at gamma 1 or less.`,
    `Compared are reference voxels of ${showNumber(criteria.thresholdGy, 2)} Gy or more, ${showNumber(options.thresholdPercent)} % of ${normalization}; the threshold is not asked of the evaluated dose.`,
    criteria.search === "interpolated"
      ? "The evaluated dose is linear in tetrahedra between voxel centers, and the nearest point is found exactly."
      : "Only voxel centers of the evaluated dose are compared, without interpolation: points that agree between voxels fail.",
    `The search ends at gamma ${criteria.cap}, which means that or more.`,
    `Positions: ${frames.because}.`,
    ...(counts.unknown > 0 ? [`${points(counts.unknown)} could not be compared, because a dose is not known there: neither passed nor failed.`] : []),
  ];
}
