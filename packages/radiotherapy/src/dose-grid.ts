import { flat, HapaxError, type Grid, type Volume } from "@hapax/base";
import { frameMap, type FrameMap, type Registration } from "@hapax/case";
import { worthOf, type Sampled } from "@hapax/kernels";

/**
 * A dose as a kernel takes it, Gy.
 *
 * @throws radiotherapy/unit when the volume is no absorbed dose
 */
export function sampledDose({ grid, values, slope, intercept, unit }: Volume): Sampled<Float32Array> {
  if (unit !== "Gy") {
    throw new HapaxError("radiotherapy/unit", `The volume is in ${unit === "" ? "no unit" : unit}.`, "Give a dose in Gy; a relative dose needs the dose of 100 %.");
  }
  return { size: grid.size as [number, number, number], patientFromVoxel: flat(grid.patientFromVoxel), values: worthOf(values, slope, intercept) };
}

/**
 * How points of one grid are taken to another.
 *
 * @throws radiotherapy/frame when their frames of reference differ and no registration ties them
 */
export function betweenGrids(from: Grid, to: Grid, registrations: readonly Registration[] = []): FrameMap {
  const found = frameMap(from.frameOfReference, to.frameOfReference, registrations);
  if (found !== undefined) return found;
  const name = (grid: Grid) => (grid.frameOfReference === "" ? "not recorded" : grid.frameOfReference);
  throw new HapaxError(
    "radiotherapy/frame",
    `The frames of reference are ${name(from)} and ${name(to)}.`,
    "Give doses of one frame of reference, or a registration between the two.",
  );
}
