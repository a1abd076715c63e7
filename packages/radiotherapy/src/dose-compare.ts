import { apply, flat, type Vec3, type Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { resample, volumesAbove } from "@hapax/kernels";
import { betweenGrids, sampledDose } from "./dose-grid.ts";

/** What a difference is told in: Gy, or percent of the highest reference dose, or of the reference dose at each place. */
export type DifferenceIn = "Gy" | "% of the highest reference dose" | "% of the reference dose";

/**
 * Evaluated less reference on the grid of the reference; NaN where the evaluated dose is not known, and in percent of
 * the reference dose where that is 0.
 *
 * @throws radiotherapy/unit, radiotherapy/frame
 */
export function doseDifference(reference: Volume, evaluated: Volume, told: DifferenceIn, registrations: readonly Registration[] = []): Volume<Float32Array> {
  const frames = betweenGrids(reference.grid, evaluated.grid, registrations);
  const from = sampledDose(reference);
  const values = resample(sampledDose(evaluated), from, flat(frames.map));
  const highest = highestDose(reference)?.gy ?? NaN;
  for (let i = 0; i < values.length; i++) {
    const dose = from.values[i] as number;
    const difference = (values[i] as number) - dose;
    if (told === "Gy") values[i] = difference;
    else if (told === "% of the highest reference dose") values[i] = (100 * difference) / highest;
    else values[i] = dose > 0 ? (100 * difference) / dose : NaN;
  }
  return { grid: reference.grid, values, slope: 1, intercept: 0, unit: told === "Gy" ? "Gy" : "%" };
}

/** A dose and where it is, LPS, mm. */
export interface PlacedDose {
  readonly gy: number;
  readonly at: Vec3;
}

/**
 * The highest dose of a grid, which lies on a voxel center; undefined where nothing is known.
 *
 * @throws radiotherapy/unit
 */
export function highestDose(dose: Volume): PlacedDose | undefined {
  const { values, size: [nx, ny] } = sampledDose(dose);
  let found = -1;
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) > (found < 0 ? -Infinity : (values[found] as number))) found = i;
  }
  if (found < 0) return undefined;
  const voxel: Vec3 = [found % nx, Math.floor(found / nx) % ny, Math.floor(found / (nx * ny))];
  return { gy: values[found] as number, at: apply(dose.grid.patientFromVoxel, voxel) };
}

/**
 * Dose at a point of the patient, Gy, trilinear between voxel centers; undefined where it is not known.
 *
 * @param at  LPS, mm, in the frame of reference of the dose
 * @throws    radiotherapy/unit
 */
export function doseAt(dose: Volume, at: Vec3): number | undefined {
  const value = resample(sampledDose(dose), { size: [1, 1, 1], patientFromVoxel: Float64Array.of(0, 0, 0, at[0], 0, 0, 0, at[1], 0, 0, 0, at[2]) })[0] as number;
  return Number.isNaN(value) ? undefined : value;
}

/** A volume enclosed by an isodose. */
export interface IsodoseVolume {
  readonly gy: number;
  readonly cc: number;
  /** The isodose leaves the grid: the volume is that much or more. */
  readonly open: boolean;
}

/**
 * Volumes that receive a dose or more, from the dose between voxel centers; by no structure bounded.
 *
 * @param levelsGy  doses, Gy
 * @throws          radiotherapy/unit
 */
export function isodoseVolumes(dose: Volume, levelsGy: readonly number[]): IsodoseVolume[] {
  const found = volumesAbove(sampledDose(dose), levelsGy);
  return levelsGy.map((gy, i) => ({ gy, cc: (found.mm3[i] as number) / 1000, open: found.open[i] as boolean }));
}
