import { axesOf, HapaxError, originOf, plus, spacingOf, stepOf, times, type Volume } from "@hapax/base";
import type { Tree } from "../write.ts";
import { dicomFile } from "../write.ts";
import { commonOf, momentOf, rounded, SYNTHETIC, writableUid, type WriteContext } from "./context.ts";

const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const PET_IMAGE = "1.2.840.10008.5.1.4.1.1.128";

/** A file to be saved. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

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

/** What turns Bq/mL into SUV. */
export interface PetTracer {
  readonly injectedBq: number;
  readonly halfLifeS: number;
  /** From injection to the start of the scan, s. */
  readonly waitS: number;
  /** Radiopharmaceutical, as `Fluorodeoxyglucose`. */
  readonly name: string;
}

/**
 * A PET series in Bq/mL, decay corrected to its start, with what SUV needs: weight, height and sex of the context,
 * activity, half-life and times. Each slice has its own RescaleSlope, so that values come back within half of 1/32767
 * of the highest of the slice.
 */
export function writePetSeries(volume: Volume, context: WriteContext, tracer: PetTracer): WrittenFile[] {
  expectUnit(volume, "Bq/mL");
  const slices = volume.grid.size[2];
  return Array.from({ length: slices }, (_, k) => {
    const values = sliceOf(volume, k);
    const highest = values.reduce((most, value) => Math.max(most, value), 0);
    const slope = highest === 0 ? 1 : Number((highest / 32767).toPrecision(9));
    const tree: Tree = {
      ...commonOf(context, "PT", PET_IMAGE, k + 1),
      ...placeOf(volume, k),
      ...petOf(context, tracer, slices, k),
      ...(context.synthetic ? { ImageComments: SYNTHETIC } : {}),
      RescaleIntercept: 0,
      RescaleSlope: slope,
      ...pixelsOf(int16(values, (value) => wholeCounts(value, slope))),
    };
    return { name: `PT.${String(k + 1).padStart(4, "0")}.dcm`, bytes: dicomFile(tree) };
  });
}

function wholeCounts(value: number, slope: number): number {
  if (!(value >= 0)) throw new HapaxError("dicom/write-unknown", `A voxel has ${value} Bq/mL.`, "Activity is 0 or more; fill or crop unknown voxels before writing.");
  return Math.min(32767, Math.round(value / slope));
}

function petOf(context: WriteContext, { injectedBq, halfLifeS, waitS, name }: PetTracer, slices: number, k: number): Tree {
  const { date, time } = momentOf(context);
  const start = Date.parse(`${context.date.slice(0, 10)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
  const injected = new Date(start - waitS * 1000).toISOString().replace(/[-:TZ]/g, "").slice(0, 18);
  return {
    ImageType: ["ORIGINAL", "PRIMARY"],
    AcquisitionDate: date,
    AcquisitionTime: time,
    ContentDate: date,
    ContentTime: time,
    SeriesType: ["STATIC", "IMAGE"],
    Units: "BQML",
    CountsSource: "EMISSION",
    CorrectedImage: ["DECY", "ATTN"],
    DecayCorrection: "START",
    DecayFactor: 1,
    CollimatorType: "NONE",
    NumberOfSlices: slices,
    ImageIndex: k + 1,
    FrameReferenceTime: 0,
    ActualFrameDuration: 0,
    RadiopharmaceuticalInformationSequence: [{
      Radiopharmaceutical: name,
      RadiopharmaceuticalStartTime: injected.slice(8),
      RadiopharmaceuticalStartDateTime: injected,
      RadionuclideTotalDose: injectedBq,
      RadionuclideHalfLife: halfLifeS,
      RadionuclideCodeSequence: [],
    }],
    PatientOrientationCodeSequence: [],
    PatientGantryRelationshipCodeSequence: [],
  };
}

function expectUnit({ unit }: Volume, wanted: Volume["unit"]): void {
  if (unit !== wanted) throw new HapaxError("dicom/write-unit", `A volume in ${unit === "" ? "no unit" : unit} was to be written in ${wanted}.`, `Give a volume in ${wanted}.`);
}

/** Real values of slice k. */
function sliceOf({ grid: { size }, values, slope, intercept }: Volume, k: number): Float64Array {
  const each = size[0] * size[1];
  const slice = new Float64Array(each);
  for (let i = 0; i < each; i++) slice[i] = (values[k * each + i] as number) * slope + intercept;
  return slice;
}

function int16(values: Float64Array, stored: (value: number) => number): Int16Array {
  const out = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = stored(values[i] as number);
  return out;
}

/** Where slice k lies. @throws dicom/write-grid for axes that are not at right angles, which slices cannot have */
function placeOf({ grid }: Volume, k: number): Tree {
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

const pixelsOf = (pixels: Int16Array): Tree => ({
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  PixelData: pixels,
});
