import { HapaxError, type Volume } from "@hapax/base";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, SYNTHETIC, type WriteContext } from "./context.ts";
import { expectUnit, int16, pixelsOf, placeOf, sliceOf, type WrittenFile } from "./write-images.ts";

const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";

/**
 * A CT series, one file per slice, from a volume in HU. Values are whole HU; unknown voxels (NaN) are not written as air.
 *
 * @throws dicom/write-unit, dicom/write-range, dicom/write-unknown, dicom/write-grid where a volume has no true form in it
 */
export function writeCtSeries(volume: Volume, context: WriteContext, { patientPosition = "HFS", kvp = 120 } = {}): WrittenFile[] {
  expectUnit(volume, "HU");
  return Array.from({ length: volume.grid.size[2] }, (_, k) => {
    const tree: Tree = {
      ...commonOf(context, "CT", CT_IMAGE, k + 1),
      ...placeOf(volume, k),
      ...(context.synthetic ? { ImageComments: SYNTHETIC } : {}),
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      PatientPosition: patientPosition,
      KVP: kvp,
      AcquisitionNumber: 1,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: "HU",
      WindowCenter: 40,
      WindowWidth: 400,
      ...pixelsOf(int16(sliceOf(volume, k), wholeHu)),
    };
    return { name: `CT.${String(k + 1).padStart(4, "0")}.dcm`, bytes: dicomFile(tree) };
  });
}

function wholeHu(value: number): number {
  if (Number.isNaN(value)) throw new HapaxError("dicom/write-unknown", "The volume has unknown voxels (NaN), and CT has no number for them.", "Fill or crop them before writing.");
  const whole = Math.round(value);
  if (whole < -32768 || whole > 32767) throw new HapaxError("dicom/write-range", `A voxel has ${value} HU, beyond what 16 bits hold.`, "Clip the volume to −32768 to 32767 HU.");
  return whole;
}
