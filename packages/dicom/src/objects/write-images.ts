import { axesOf, HapaxError, originOf, plus, spacingOf, stepOf, times, type Volume } from "@hapax/base";
import type { Tree } from "../write.ts";
import { rounded, writableUid } from "./context.ts";

/** A file to be saved. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws dicom/write-unit for a volume in another unit */
export function expectUnit({ unit }: Volume, wanted: Volume["unit"]): void {
  if (unit !== wanted) throw new HapaxError("dicom/write-unit", `A volume in ${unit === "" ? "no unit" : unit} was to be written in ${wanted}.`, `Give a volume in ${wanted}.`);
}

/** Real values of slice k. */
export function sliceOf({ grid: { size }, values, slope, intercept }: Volume, k: number): Float64Array {
  const each = size[0] * size[1];
  const slice = new Float64Array(each);
  for (let i = 0; i < each; i++) slice[i] = (values[k * each + i] as number) * slope + intercept;
  return slice;
}

/** Stored values of a slice. */
export function int16(values: Float64Array, stored: (value: number) => number): Int16Array {
  const out = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = stored(values[i] as number);
  return out;
}

/** Where slice k lies. @throws dicom/write-grid for axes that are not at right angles, which slices cannot have */
export function placeOf({ grid }: Volume, k: number): Tree {
  const [across, down] = axesOf(grid);
  const [dx, dy, dz] = spacingOf(grid);
  const skew = Math.abs(across[0] * down[0] + across[1] * down[1] + across[2] * down[2]);
  if (skew > 1e-4) throw new HapaxError("dicom/write-grid", "The rows and columns of the volume are not at right angles.", "Resample it onto an upright grid first.");
  return {
    ImagePositionPatient: rounded(plus(originOf(grid), times(stepOf(grid, 2), k)), 8),
    ImageOrientationPatient: rounded([...across, ...down], 12),
    PixelSpacing: rounded([dy, dx], 10),
    SliceThickness: rounded([dz], 6),
    FrameOfReferenceUID: writableUid(grid.frameOfReference, "The frame of reference"),
    PositionReferenceIndicator: "",
    Columns: grid.size[0],
    Rows: grid.size[1],
  };
}

/** Signed pixels of 16 bits. */
export const pixelsOf = (pixels: Int16Array): Tree => ({
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  PixelData: pixels,
});
