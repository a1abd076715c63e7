import { cross, HapaxError } from "@hapax/base";
import type { DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { positive } from "./origin.ts";
import { slicesOf, statedFrames } from "./slices.ts";

const POINTER = tags.GridFrameOffsetVector;

/**
 * What is wrong in an RTDOSE, tag by tag, in words: for the person whose viewer shows no dose, or a green block.
 * An empty list is a dose that every reader of the standard shows in its place.
 */
export function lintRtDose(file: DicomFile): HapaxError[] {
  return [...lintUnits(file), ...lintScaling(file), ...lintPlace(file), ...lintPlanes(file), ...lintKind(file)];
}

const found = (value: string | number | undefined) => (value === undefined ? "not there" : String(value));

function lintUnits({ data, name }: DicomFile): HapaxError[] {
  const units = data.text(tags.DoseUnits);
  if (units === "GY") return [];
  if (units === "RELATIVE") {
    return [new HapaxError("dicom/dose-units", `${name} is dose in percent of a reference that it does not state: DoseUnits (3004,0002) is RELATIVE.`,
      "Export the dose in Gy (absolute dose) from the planning system.")];
  }
  return [new HapaxError("dicom/dose-units", `${name}: DoseUnits (3004,0002) is ${found(units)}; GY is needed.`, "Export the dose in Gy (absolute dose) from the planning system.")];
}

function lintScaling({ data, name }: DicomFile): HapaxError[] {
  const scaling = data.number(tags.DoseGridScaling);
  if (scaling !== undefined && scaling > 0) return [];
  return [new HapaxError("dicom/dose-scaling", `${name}: DoseGridScaling (3004,000E) is ${found(scaling)}, so stored numbers cannot become Gy.`,
    "Export the dose again; the factor is not to be guessed.")];
}

function lintPlace(file: DicomFile): HapaxError[] {
  const { data, name } = file;
  const plane = slicesOf(file)[0]?.plane;
  const place = plane instanceof HapaxError ? [plane] : [];
  const frame = data.text(tags.FrameOfReferenceUID) === undefined
    ? [new HapaxError("dicom/frame-of-reference-missing", `${name}: FrameOfReferenceUID (0020,0052) is not there, so nobody can say over which images the dose lies.`, "Export the dose again together with its CT.")]
    : [];
  return [...place, ...frame];
}

function lintPlanes(file: DicomFile): HapaxError[] {
  const { data, name } = file;
  const offsets = data.numbers(tags.GridFrameOffsetVector);
  const frames = statedFrames(data);
  const stated = data.number(tags.NumberOfFrames);
  const refuse = (what: string) => [new HapaxError("dicom/dose-offsets", `${name}: ${what}`, "Export the dose again; where its planes lie is not to be guessed.")];
  if (data.has(tags.NumberOfFrames) && stated === undefined) return refuse("NumberOfFrames (0028,0008) is no number.");
  if (frames === 1 && offsets.length <= 1) return lintThickness(file);
  if (offsets.length === 0) return refuse(`GridFrameOffsetVector (3004,000C) is not there, and the dose has ${frames} planes.`);
  if (offsets.length !== frames) return refuse(`GridFrameOffsetVector (3004,000C) has ${offsets.length} offsets for ${frames} planes.`);
  if (new Set(offsets).size !== offsets.length) return refuse("GridFrameOffsetVector (3004,000C) names one offset twice.");
  const range = Math.max(...offsets) - Math.min(...offsets);
  const least = leastDistance(offsets);
  if (!(range / least <= MOST_PLANES * frames)) return refuse(`the planes of the dose are ${least} mm apart in one place and span ${range} mm; no even grid holds that.`);
  return [...lintPointer(file), ...lintOffsets(file, offsets)];
}

function lintThickness({ data, name }: DicomFile): HapaxError[] {
  if (positive(data.number(tags.SliceThickness)) !== undefined) return [];
  return [new HapaxError("dicom/thickness-missing", `${name} is dose on one plane, and its SliceThickness (0018,0050) is ${found(data.number(tags.SliceThickness))}.`, "It is taken 1 mm thick; do not measure a volume or a DVH on it.")];
}

/** An even grid may have this many planes for each that is stored. */
export const MOST_PLANES = 8;

function leastDistance(offsets: readonly number[]): number {
  const sorted = offsets.toSorted((a, b) => a - b);
  return Math.min(...sorted.slice(1).map((z, i) => z - (sorted[i] as number)));
}

function lintPointer({ data, name }: DicomFile): HapaxError[] {
  const pointer = data.number(tags.FrameIncrementPointer);
  if (pointer === POINTER) return [];
  const shown = pointer === undefined ? "not there" : `(${(pointer >>> 16).toString(16).padStart(4, "0")},${(pointer & 0xffff).toString(16).padStart(4, "0")})`;
  return [new HapaxError("dicom/dose-frame-pointer", `${name}: FrameIncrementPointer (0028,0009) is ${shown}; it must point to GridFrameOffsetVector (3004,000C), or some viewers show one plane or a block.`,
    "The dose is read all the same.")];
}

function lintOffsets(file: DicomFile, offsets: readonly number[]): HapaxError[] {
  const { name } = file;
  const plane = slicesOf(file)[0]?.plane;
  if (plane === undefined || plane instanceof HapaxError) return [];
  const problems: HapaxError[] = [];
  const first = offsets[0] as number;
  const axial = Math.abs(cross(plane.across, plane.down)[2]) > 0.999;
  if (first !== 0 && !axial) {
    return [new HapaxError("dicom/dose-offsets", `${name}: GridFrameOffsetVector (3004,000C) begins with ${first}, which are z coordinates, and the planes are not axial.`, "Export the dose again, with offsets that begin with 0.")];
  }
  if (first !== 0 && Math.abs(first - plane.position[2]) > 0.01) {
    problems.push(new HapaxError("dicom/dose-offsets-first", `${name}: GridFrameOffsetVector (3004,000C) begins with ${first}; neither 0 nor the z of ImagePositionPatient, ${plane.position[2]}.`,
      "The first plane is put at ImagePositionPatient and the others by their distance from it; compare with the planning system."));
  }
  const distances = offsets.slice(1).map((z, i) => z - (offsets[i] as number));
  const mixed = distances.some((d) => d > 0) && distances.some((d) => d < 0);
  const widths = distances.map((d) => Math.abs(d));
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  if (mixed) problems.push(new HapaxError("dicom/dose-offsets-order", `${name}: the planes of the dose are not in order of place.`, "They are sorted by GridFrameOffsetVector (3004,000C)."));
  if (most - least > 0.02 * least) {
    problems.push(new HapaxError("dicom/dose-offsets-uneven", `${name}: the planes of the dose are ${least} to ${most} mm apart.`, "Between them the dose is interpolated, linear."));
  }
  return problems;
}

function lintKind({ data, name }: DicomFile): HapaxError[] {
  const problems: HapaxError[] = [];
  const tell = (keyword: string, value: string | undefined, remedy: string) =>
    problems.push(new HapaxError("dicom/dose-kind", `${name}: ${keyword} is ${found(value)}.`, remedy));
  const type = data.text(tags.DoseType);
  const summation = data.text(tags.DoseSummationType);
  const plans = data.items(tags.ReferencedRTPlanSequence).length;
  if (type !== "PHYSICAL" && type !== "EFFECTIVE" && type !== "ERROR") tell("DoseType (3004,0004)", type, "PHYSICAL, EFFECTIVE or ERROR is expected; ask what the dose is before it is used.");
  if (type === "EFFECTIVE") tell("DoseType (3004,0004)", type, "It is weighted for biological effect: do not sum it with physical dose.");
  if (type === "ERROR") tell("DoseType (3004,0004)", type, "It is a difference or an uncertainty and no dose: do not use it for a DVH.");
  if (summation === undefined) tell("DoseSummationType (3004,000A)", summation, "Whether it is of a plan, a fraction or a beam is not known; ask before it is used.");
  if (summation !== undefined && summation !== "PLAN" && summation !== "MULTI_PLAN") tell("DoseSummationType (3004,000A)", summation, "It is not the dose of the whole plan.");
  if (summation === "PLAN" && plans !== 1) tell("ReferencedRTPlanSequence (300C,0002)", plans === 0 ? undefined : `${plans} plans`, "One plan is expected; some viewers refuse the dose without it.");
  return problems;
}
