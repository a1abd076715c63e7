import { flat, HapaxError, type Grid, type Volume } from "@hapax/base";
import { frameMap, type Registration } from "@hapax/case";
import { resample, worthOf } from "@hapax/kernels";

/** The dose of a course on another grid, and what ties the two. */
export interface DoseOnGrid {
  /** Gy; NaN where it is not known. */
  readonly gy: Float32Array;
  readonly because: string;
}

/**
 * A physical dose on a chosen grid, sampled in patient millimetres: rigid or affine, never deformed.
 *
 * @param name  of the course, for messages
 * @throws      radiobiology/unit when it is no dose in Gy; radiobiology/frame when nothing ties its frame of reference to the grid's
 */
export function doseOnGrid(name: string, dose: Volume, grid: Grid, registrations: readonly Registration[] = []): DoseOnGrid {
  if (dose.unit !== "Gy") {
    throw new HapaxError("radiobiology/unit", `The dose of ${name} is in ${dose.unit === "" ? "no unit" : dose.unit}.`, "Give the absorbed dose of the whole course in Gy.");
  }
  const frames = frameMap(grid.frameOfReference, dose.grid.frameOfReference, registrations);
  if (frames === undefined) {
    throw new HapaxError(
      "radiobiology/frame",
      `The dose of ${name} lies in the frame of reference ${dose.grid.frameOfReference || "(not recorded)"}, the grid in ${grid.frameOfReference || "(not recorded)"}.`,
      "Give a registration between the two; doses are not added by guessing where they lie.",
    );
  }
  const source = { ...latticeOf(dose.grid), values: worthOf(dose.values, dose.slope, dose.intercept) };
  return { gy: resample(source, latticeOf(grid), flat(frames.map)), because: frames.because };
}

function latticeOf({ size, patientFromVoxel }: Grid) {
  return { size: size as [number, number, number], patientFromVoxel: flat(patientFromVoxel) };
}
