import { HapaxError, dot, lengthOf, unit, type Vec3 } from "@hapax/base";
import type { DataSet, DicomFile, Tag } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import type { Plane } from "./geometry.ts";

/** One frame of one file. */
export interface Slice {
  readonly file: DicomFile;
  /** From 0. */
  readonly frame: number;
  readonly name: string;
  /** Where it lies, or why that is not known. */
  readonly plane: Plane | HapaxError;
}

/** Every frame of a file, each with its place. */
export function slicesOf(file: DicomFile): Slice[] {
  const frames = frameCount(file.data);
  return Array.from({ length: frames }, (_, frame) => {
    const name = frames === 1 ? file.name : `${file.name} frame ${frame + 1}`;
    return { file, frame, name, plane: planeOf(file.data, frame, name) };
  });
}

/** Frames that an image says it has; one where NumberOfFrames is absent. */
export function statedFrames(data: DataSet): number {
  const frames = data.number(tags.NumberOfFrames) ?? 1;
  return Number.isInteger(frames) && frames > 0 ? frames : 1;
}

/** Frames that can be there: no more than are stated, and no more than there are pixels for. */
export function frameCount(data: DataSet): number {
  const { bytes, fragments } = data.elements.get(tags.PixelData) ?? {};
  const bits = [tags.Rows, tags.Columns, tags.BitsAllocated].reduce((product, tag) => product * (data.number(tag) ?? 1), data.number(tags.SamplesPerPixel) ?? 1);
  const room = fragments === undefined ? Math.ceil(((bytes?.length ?? 0) * 8) / Math.max(1, bits)) : fragments.length;
  return Math.min(statedFrames(data), Math.max(1, room));
}

/**
 * The data set that holds an attribute of a frame: its own functional group, the shared group, or the image itself.
 *
 * @param group  the functional group's sequence, as PlanePositionSequence
 */
export function holderOf(data: DataSet, frame: number, group: Tag, tag: Tag): DataSet {
  const own = data.items(tags.PerFrameFunctionalGroupsSequence)[frame]?.items(group)[0];
  if (own?.has(tag) === true) return own;
  const shared = data.items(tags.SharedFunctionalGroupsSequence)[0]?.items(group)[0];
  return shared?.has(tag) === true ? shared : data;
}

/** Cosines may be rounded to three decimals, and no further from unit length and right angles. */
const COSINE_TOLERANCE = 2e-3;

function planeOf(data: DataSet, frame: number, name: string): Plane | HapaxError {
  const numbers = (group: Tag, tag: Tag) => holderOf(data, frame, group, tag).numbers(tag);
  const position = numbers(tags.PlanePositionSequence, tags.ImagePositionPatient);
  const cosines = numbers(tags.PlaneOrientationSequence, tags.ImageOrientationPatient);
  const spacing = numbers(tags.PixelMeasuresSequence, tags.PixelSpacing);
  const columns = data.number(tags.Columns);
  const rows = data.number(tags.Rows);
  if (columns === undefined || rows === undefined || columns < 1 || rows < 1) {
    return new HapaxError("dicom/size-missing", `${name} does not say how many Rows and Columns it has.`, "Export the image again from the scanner or archive.");
  }
  if (!isPoint(position)) {
    return new HapaxError("dicom/position-missing", `${name} has no ImagePositionPatient, so its place in the patient is not known.`,
      "Export the original series, not a screen capture or a reformatted print.");
  }
  if (spacing.length !== 2 || !spacing.every((mm) => mm > 0)) {
    return new HapaxError("dicom/spacing-missing", `${name} has no PixelSpacing${spacing.length > 0 ? ` that can be right (${spacing.join("\\")})` : ""}.`,
      "Export the series again with its PixelSpacing; without it nothing can be measured.");
  }
  const across = cosines.slice(0, 3);
  const down = cosines.slice(3, 6);
  if (cosines.length !== 6 || !isPoint(across) || !isPoint(down) || !rightAngled(across, down)) {
    return new HapaxError("dicom/orientation-wrong",
      `${name} has ${cosines.length === 0 ? "no ImageOrientationPatient" : `an ImageOrientationPatient whose directions are no unit vectors at right angles (${cosines.join("\\")})`}.`,
      "Export the original series again; which way the image faces is not to be guessed.");
  }
  return { name, position, across: unit(across), down: unit(down), spacing: [spacing[1] as number, spacing[0] as number], columns, rows };
}

/** Three finite numbers. */
export function isPoint(numbers: readonly number[]): numbers is Vec3 {
  return numbers.length === 3 && numbers.every((x) => Number.isFinite(x));
}

const rightAngled = (a: Vec3, b: Vec3) =>
  Math.abs(lengthOf(a) - 1) < COSINE_TOLERANCE && Math.abs(lengthOf(b) - 1) < COSINE_TOLERANCE && Math.abs(dot(a, b)) < COSINE_TOLERANCE;
