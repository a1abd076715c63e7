import { cross, dot, HapaxError, lengthOf, minus, plus, times, type Vec3 } from "@hapax/base";
import type { Contour, ContourType, Structure, StructureSet } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { originOfFile } from "./origin.ts";

const contourTypes: ReadonlySet<string> = new Set<ContourType>(["CLOSED_PLANAR", "OPEN_PLANAR", "POINT", "CLOSEDPLANAR_XOR", "OPEN_NONPLANAR"]);

/** A point of a planar contour may lie this far off the plane of the others, mm. */
const OFF_PLANE_MM = 0.1;

/**
 * The structure set of an RTSTRUCT. Every region of interest is kept, drawn or not; keyholes and rings stay as they are.
 *
 * @throws dicom/object-other when the file is no RTSTRUCT
 */
export function readRtStruct(file: DicomFile): StructureSet {
  return structureSetsOf(file)[0] as StructureSet;
}

/** One structure set for each frame of reference in which regions were drawn; almost always one. */
export function structureSetsOf(file: DicomFile): StructureSet[] {
  const { data } = file;
  expectModality(file, "RTSTRUCT");
  const problems: HapaxError[] = [];
  const regions = data.items(tags.StructureSetROISequence);
  const fallback = frameOfSet(data);
  const frames = [...new Set([...regions.map((roi) => roi.text(tags.ReferencedFrameOfReferenceUID) ?? fallback)])];
  if (frames.length === 0) frames.push(fallback);
  if (frames.includes("")) {
    problems.push(new HapaxError("dicom/frame-of-reference-missing", `${file.name} does not say in which frame of reference its structures lie.`, "They cannot be laid over images; export the structure set again."));
  }
  if (frames.length > 1) {
    problems.push(new HapaxError("dicom/several-frames-of-reference", `${file.name} has structures in ${frames.length} frames of reference.`, "Each is a structure set of its own here."));
  }
  const ambiguous = ambiguousNumbers(data, file.name, problems);
  const structures = regions.map((roi) => ({ frame: roi.text(tags.ReferencedFrameOfReferenceUID) ?? fallback, structure: structureOf(roi, data, ambiguous, file.name, problems) }));
  const referencedSeries = referencedSeriesOf(data);
  return frames.map((frame, i) => {
    const origin = originOfFile(file, data.text(tags.StructureSetLabel) ?? "structures", problems);
    return {
      ...origin,
      uid: i === 0 ? origin.uid : `${origin.uid}#${i + 1}`,
      frameOfReference: frame,
      ...(referencedSeries === undefined ? {} : { referencedSeries }),
      structures: structures.filter((one) => one.frame === frame).map((one) => one.structure),
    };
  });
}

/** Refuses a file of another kind. */
export function expectModality({ data, name }: DicomFile, modality: string): void {
  const found = data.text(tags.Modality);
  if (found !== modality) {
    throw new HapaxError("dicom/object-other", `${name} has the Modality ${found ?? "not recorded"}, not ${modality}.`, `Give a file that holds ${modality}.`);
  }
}

const frameOfSet = (data: DataSet): string =>
  data.items(tags.ReferencedFrameOfReferenceSequence)[0]?.text(tags.FrameOfReferenceUID) ?? data.text(tags.FrameOfReferenceUID) ?? "";

function referencedSeriesOf(data: DataSet): string | undefined {
  return data.items(tags.ReferencedFrameOfReferenceSequence)
    .flatMap((frame) => frame.items(tags.RTReferencedStudySequence))
    .flatMap((study) => study.items(tags.RTReferencedSeriesSequence))
    .map((series) => series.text(tags.SeriesInstanceUID))
    .find((uid) => uid !== undefined);
}

/** Where a region is drawn; some exporters divide its contours over several items. */
const drawnOf = (data: DataSet, number: number) => data.items(tags.ROIContourSequence).filter((one) => one.number(tags.ReferencedROINumber) === number);

/** ROINumbers that two regions have; contours refer to regions by nothing else. Contours of no region are told as well. */
function ambiguousNumbers(data: DataSet, file: string, problems: HapaxError[]): ReadonlySet<number> {
  const regions = Map.groupBy(data.items(tags.StructureSetROISequence), (roi) => roi.number(tags.ROINumber) ?? NaN);
  const twice = [...regions].filter(([, rois]) => rois.length > 1);
  for (const [number, rois] of twice) {
    const names = rois.map((roi) => roi.text(tags.ROIName) ?? "without a name").join(", ");
    problems.push(new HapaxError("dicom/roi-number", `${file} has ${rois.length} structures of number ${number}: ${names}. Which contours are whose cannot be told.`, "None of them is drawn; export the structure set again."));
  }
  const stray = data.items(tags.ROIContourSequence).filter((one) => !regions.has(one.number(tags.ReferencedROINumber) ?? NaN) && one.items(tags.ContourSequence).length > 0);
  if (stray.length > 0) {
    problems.push(new HapaxError("dicom/roi-unnamed", `${file} has contours of ${stray.length} structure${stray.length > 1 ? "s" : ""} that it does not name.`, "They are left out; export the structure set again."));
  }
  return new Set(twice.map(([number]) => number));
}

function structureOf(roi: DataSet, data: DataSet, ambiguous: ReadonlySet<number>, file: string, problems: HapaxError[]): Structure {
  const number = roi.number(tags.ROINumber) ?? NaN;
  const name = roi.text(tags.ROIName) ?? "";
  const parts = drawnOf(data, number);
  const observed = data.items(tags.RTROIObservationsSequence).find((one) => one.number(tags.ReferencedROINumber) === number);
  const type = observed?.text(tags.RTROIInterpretedType);
  const color = colorOf(parts[0]);
  const what = `${file}, structure ${name === "" ? number : name}`;
  const contours = (ambiguous.has(number) ? [] : parts).flatMap((drawn) => drawn.items(tags.ContourSequence)).flatMap((item, i) => contourOf(item, `${what}, contour ${i + 1}`, problems));
  return { number, name, ...(type === undefined ? {} : { type }), ...(color === undefined ? {} : { color }), contours };
}

function colorOf(drawn: DataSet | undefined): string | undefined {
  const rgb = drawn?.numbers(tags.ROIDisplayColor) ?? [];
  if (rgb.length !== 3 || !rgb.every((part) => part >= 0 && part <= 255)) return undefined;
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function contourOf(item: DataSet, what: string, problems: HapaxError[]): Contour[] {
  const type = item.text(tags.ContourGeometricType) ?? "";
  const points = Float64Array.from(item.numbers(tags.ContourData));
  const tell = (code: string, met: string, remedy: string) => problems.push(new HapaxError(code, `${what} ${met}`, remedy));
  if (!contourTypes.has(type)) {
    tell("dicom/contour-type", `has the ContourGeometricType ${type === "" ? "not recorded" : type}.`, "It is left out; export the structure set again.");
    return [];
  }
  if (points.length === 0 || points.length % 3 !== 0) {
    tell("dicom/contour-points", `has ${points.length} coordinates, which are no points in space.`, "It is left out; export the structure set again.");
    return [];
  }
  if (type.startsWith("CLOSED") && points.length < 9) tell("dicom/contour-points", `is closed and has ${points.length / 3} point${points.length === 3 ? "" : "s"}.`, "It encloses nothing; it adds no volume.");
  const stated = item.number(tags.NumberOfContourPoints);
  if (stated !== undefined && stated !== points.length / 3) {
    tell("dicom/contour-count", `says ${stated} points and holds ${points.length / 3}.`, "The points that are there are used.");
  }
  const off = type === "POINT" || type === "OPEN_NONPLANAR" ? 0 : offPlaneMm(points);
  if (off > OFF_PLANE_MM) {
    tell("dicom/contour-not-planar", `is ${type} and its points lie up to ${off.toFixed(2)} mm off one plane.`, "It is used as it is; look at it in all planes.");
  }
  return [{ type: type as ContourType, points }];
}

/** How far a point lies off the mean plane (Newell's normal through the centroid), mm. */
export function offPlaneMm(points: Float64Array): number {
  const count = points.length / 3;
  const point = (i: number): Vec3 => [points[3 * (i % count)] as number, points[3 * (i % count) + 1] as number, points[3 * (i % count) + 2] as number];
  let middle: Vec3 = [0, 0, 0];
  for (let i = 0; i < count; i++) middle = plus(middle, times(point(i), 1 / count));
  let normal: Vec3 = [0, 0, 0];
  for (let i = 0; i < count; i++) normal = plus(normal, cross(minus(point(i), middle), minus(point(i + 1), middle)));
  const length = lengthOf(normal);
  if (length < 1e-9) return 0;
  let furthest = 0;
  for (let i = 0; i < count; i++) furthest = Math.max(furthest, Math.abs(dot(minus(point(i), middle), normal)) / length);
  return furthest;
}
