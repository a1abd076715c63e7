import { HapaxError, type Volume } from "@hapax/base";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, SYNTHETIC, type WriteContext } from "./context.ts";
import { expectUnit, int16, pixelsOf, placeOf, sliceOf, type WrittenFile } from "./write-images.ts";

const PET_IMAGE = "1.2.840.10008.5.1.4.1.1.128";

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
