import { axesOf, HapaxError, originOf, spacingOf, type Volume } from "@hapax/base";
import { tags } from "../dictionary.ts";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, rounded, SYNTHETIC, writableUid, type WriteContext } from "./context.ts";
import type { WrittenFile } from "./write-images.ts";

const RTDOSE = "1.2.840.10008.5.1.4.1.1.481.2";
const RTPLAN = "1.2.840.10008.5.1.4.1.1.481.5";

/** What a dose is the dose of. */
export interface DoseDescription {
  /** SOPInstanceUID of the plan, or of the plans of a sum; DoseSummationType PLAN needs one. */
  readonly planUid?: string | readonly string[];
  /** PLAN, or MULTI_PLAN for a sum. */
  readonly summation?: string;
  /** PHYSICAL, or EFFECTIVE for EQD2 and BED. */
  readonly type?: string;
  /** 64 characters. */
  readonly comment?: string;
  /** What it was made with, as long as it takes; as ImageComments. */
  readonly notes?: string;
  /** 16 unless asked: a step of Dmax/65535 is 1 mGy at 66 Gy. */
  readonly bits?: 16 | 32;
}

/**
 * An RTDOSE from a volume in Gy on any upright grid; the highest dose takes the highest stored number, so that every
 * voxel comes back within half a step of Dmax / (2^bits − 1).
 *
 * @throws dicom/write-unit, dicom/write-unknown where a voxel is below 0 or unknown; dicom/write-grid for a sheared grid
 */
export function writeRtDose(volume: Volume, context: WriteContext, description: DoseDescription = {}): WrittenFile {
  const { planUid, summation = "PLAN", type = "PHYSICAL", comment, notes, bits = 16 } = description;
  const plans = planUid === undefined ? [] : [planUid].flat();
  const { grid, values, slope, intercept, unit } = volume;
  if (unit !== "Gy") throw new HapaxError("dicom/write-unit", `A volume in ${unit === "" ? "no unit" : unit} was to be written as dose.`, "Give a volume in Gy.");
  const [across, down, along] = axesOf(grid);
  const normal = [across[1] * down[2] - across[2] * down[1], across[2] * down[0] - across[0] * down[2], across[0] * down[1] - across[1] * down[0]] as const;
  const upright = normal[0] * along[0] + normal[1] * along[1] + normal[2] * along[2];
  if (upright < 1 - 1e-6) throw new HapaxError("dicom/write-grid", "The planes of the dose are not stacked along their normal.", "Resample it onto an upright grid first.");
  const [dx, dy, dz] = spacingOf(grid);
  const gray = new Float64Array(values.length);
  for (let i = 0; i < gray.length; i++) gray[i] = (values[i] as number) * slope + intercept;
  const { stored, scaling } = scaled(gray, bits);
  const tree: Tree = {
    ...commonOf(context, "RTDOSE", RTDOSE),
    ...momentTags(context),
    ImageComments: [...(context.synthetic ? [SYNTHETIC] : []), ...(notes === undefined ? [] : [notes])].join("\n") || undefined,
    SliceThickness: rounded([dz], 6),
    FrameOfReferenceUID: writableUid(grid.frameOfReference, "The frame of reference"),
    PositionReferenceIndicator: "",
    ImagePositionPatient: rounded(originOf(grid), 8),
    ImageOrientationPatient: rounded([...across, ...down], 12),
    PixelSpacing: rounded([dy, dx], 10),
    Columns: grid.size[0],
    Rows: grid.size[1],
    NumberOfFrames: grid.size[2],
    FrameIncrementPointer: tags.GridFrameOffsetVector,
    GridFrameOffsetVector: rounded(Array.from({ length: grid.size[2] }, (_, k) => k * dz), 8),
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    DoseUnits: "GY",
    DoseType: type,
    DoseComment: comment,
    DoseSummationType: summation,
    DoseGridScaling: scaling,
    TissueHeterogeneityCorrection: "",
    ReferencedRTPlanSequence: plans.length === 0 ? undefined : plans.map((uid) => ({ ReferencedSOPClassUID: RTPLAN, ReferencedSOPInstanceUID: writableUid(uid, "The plan") })),
    PixelData: stored,
  };
  return { name: "RTDOSE.dcm", bytes: dicomFile(tree) };
}

const momentTags = (context: WriteContext): Tree => {
  const { date, time } = momentOf(context);
  return { ContentDate: date, ContentTime: time };
};

function scaled(gray: Float64Array, bits: 16 | 32): { stored: Uint16Array | Uint32Array; scaling: number } {
  const top = 2 ** bits - 1;
  let highest = 0;
  for (const value of gray) {
    if (!(value >= 0)) throw new HapaxError("dicom/write-unknown", `A voxel has ${value} Gy.`, "Dose is 0 or more; crop the grid to where the dose is known.");
    if (value > highest) highest = value;
  }
  // Ten digits fit a decimal string; where they round down, Dmax takes the highest number and is off by 1e-10 of itself.
  const scaling = highest === 0 ? 1 : Number((highest / top).toPrecision(10));
  const stored = bits === 16 ? new Uint16Array(gray.length) : new Uint32Array(gray.length);
  for (let i = 0; i < gray.length; i++) stored[i] = Math.min(top, Math.round((gray[i] as number) / scaling));
  return { stored, scaling };
}
