import { HapaxError, type Grid, type Volume } from "@hapax/base";
import type { GeometryClass, ScanModality, ScanOrigin, ScanSeries, SeriesGeometry } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { layoutOf, type SliceLayout } from "./geometry.ts";
import { dateOf, isSynthetic, positive } from "./origin.ts";
import { holderOf, slicesOf, type Slice } from "./slices.ts";
import { stacksOf, type PlacedSlice, type Stack } from "./stacks.ts";
import { compared } from "./slice-values.ts";
import { meaningOf, volumeOfSlices, type AskedUnit, type Meaning } from "./volume.ts";

/** How the volume of a series is made; kept beside the series, so that it can be asked for in another unit. */
const sources = new WeakMap<ScanSeries, (unit?: AskedUnit) => Promise<Volume>>();

/**
 * The volume of a series in a unit of one's choice.
 *
 * @param unit  PET: `SUVbw` (as unasked), `SUVlbm` (Janmahasatian) or `Bq/mL`
 * @throws      dicom/suv-missing naming the attribute that is not there; dicom/unit for a series that has no such unit
 */
export function volumeOf(series: ScanSeries, { unit }: { readonly unit?: AskedUnit } = {}): Promise<Volume> {
  return (sources.get(series) ?? (() => series.volume()))(unit);
}

const modalities: Readonly<Record<string, ScanModality>> = { CT: "CT", MR: "MR", PT: "PT" };

/** Modality as the case has it. */
export const modalityOf = (data: DataSet): ScanModality => modalities[data.text(tags.Modality) ?? ""] ?? "other";

/** The image series of files that have one SeriesInstanceUID: one, or several where they cannot be one volume. */
export async function seriesOf(files: readonly DicomFile[]): Promise<ScanSeries[]> {
  const slices = files.flatMap((file) => slicesOf(file)).sort(byInstance);
  const wrong = slices.map(({ plane }) => plane).filter((plane) => plane instanceof HapaxError);
  if (wrong.length > 0) return [unplaced(slices, wrong)];
  const stacks = stacksOf(slices as PlacedSlice[]);
  return Promise.all(stacks.map((stack, part) => seriesOfStack(stack, stacks, part)));
}

const keyOf = ({ file, frame }: Slice) => `${file.data.text(tags.SOPInstanceUID) ?? ""} ${file.name} ${String(frame).padStart(6, "0")}`;
const byInstance = (a: Slice, b: Slice) => (keyOf(a) < keyOf(b) ? -1 : 1);

/** A series in which a slice has no place in the patient. */
function unplaced(slices: readonly Slice[], wrong: readonly HapaxError[]): ScanSeries {
  const { code, what, remedy } = wrong[0] as HapaxError;
  const others = wrong.length > 1 ? ` The same holds for ${wrong.length - 1} more of its ${slices.length} slices.` : "";
  const refusal = new HapaxError(code, `${what}${others}`, remedy);
  const geometry: SeriesGeometry = { classes: [], shown: "refused", notice: `The series is not shown. ${refusal.what} ${remedy}`, positionsMm: [] };
  return {
    ...described(slices, ""),
    frameOfReference: slices[0]?.file.data.text(tags.FrameOfReferenceUID) ?? "",
    geometry,
    problems: [...problemsOf(slices), refusal],
    volume: () => Promise.reject(refusal),
  };
}

async function seriesOfStack(stack: Stack, stacks: readonly Stack[], part: number): Promise<ScanSeries> {
  const { frameOfReference } = stack;
  const { slices, same, problems } = await compared(stack.slices);
  const data = (slices[0] as PlacedSlice).file.data;
  const thicknessMm = positive(holderOf(data, 0, tags.PixelMeasuresSequence, tags.SliceThickness).number(tags.SliceThickness));
  const layout = layoutOf(slices.map(({ plane }) => plane), same, thicknessMm);
  const geometry = { ...geometryOf(layout), ...describedStack(layout, stack, stacks, part) };
  const grid: Grid | undefined = layout.grid === undefined || layout.shown === "refused" ? undefined : { ...layout.grid, frameOfReference };
  const used = layout.order.map((i) => slices[i] as PlacedSlice);
  const meaning = meaningOf(used);
  const volume = (unit?: AskedUnit): Promise<Volume> =>
    grid === undefined
      ? Promise.reject(new HapaxError("dicom/series-refused", `The series ${data.text(tags.SeriesDescription) ?? frameOfReference} is not shown. ${geometry.notice ?? ""}`, "Choose another series of the study."))
      : volumeOfSlices(used, { ...layout, grid }, meaning, unit);
  const series: ScanSeries = {
    ...described(slices, part === 0 ? "" : `#${part + 1}`, stack.apart),
    ...(thicknessMm === undefined ? {} : { sliceThicknessMm: thicknessMm }),
    frameOfReference,
    geometry,
    ...(grid === undefined ? {} : { grid }),
    problems: [...problemsOf(slices), ...problems, ...problemsOfStack(meaning, layout, thicknessMm, frameOfReference, used)],
    volume: () => volume(),
  };
  sources.set(series, volume);
  return series;
}

const geometryOf = ({ classes, shown, positionsMm, notice }: SliceLayout): SeriesGeometry =>
  ({ classes, shown, positionsMm, ...(notice === undefined ? {} : { notice }) });

/** Classes and words that need the whole series: a scout view, one of several orientations, one of several phases. */
function describedStack(layout: SliceLayout, { localizer, apart }: Stack, stacks: readonly Stack[], part: number) {
  const others = stacks.filter((one) => !one.localizer);
  const orientations = others.length > 1 && !localizer && others.some((one) => one.apart === undefined);
  const special: GeometryClass[] = [...(localizer ? ["localizer" as const] : []), ...(orientations ? ["several orientations" as const] : [])];
  const words = [
    ...(localizer ? ["A scout view, for planning the scan; nothing is measured on it."] : []),
    ...(orientations ? [`The series holds images of ${others.length} orientations, sizes, frames of reference or patients; each is a series of its own here.`] : []),
    ...(apart === undefined ? [] : [`The same place was imaged several times; this is ${apart}, number ${part + 1} of ${stacks.length}.`]),
    ...(layout.notice === undefined ? [] : [layout.notice]),
  ];
  const classes = special.length === 0 ? layout.classes : [...special, ...layout.classes.filter((one) => one !== "regular")];
  return { classes, ...(words.length === 0 ? {} : { notice: words.join(" ") }) };
}

function problemsOfStack(meaning: Meaning, layout: SliceLayout, thicknessMm: number | undefined, frameOfReference: string, used: readonly Slice[]): HapaxError[] {
  const name = used[0]?.name ?? "";
  const depth = layout.classes.includes("single") && thicknessMm === undefined
    ? [new HapaxError("dicom/thickness-missing", `${name} stands alone and has no SliceThickness.`, "It is drawn 1 mm thick; do not measure a volume on it.")]
    : [];
  const lossy = used.filter(({ file }) => file.data.text(tags.LossyImageCompression) === "01").length;
  return [
    ...meaning.problems,
    ...depth,
    ...(lossy === 0 ? [] : [new HapaxError("dicom/lossy", `${lossy} of ${used.length} slices were compressed with loss, ${name} for one.`, "Values are near those of the scanner, not equal to them.")]),
    ...(layout.shown === "as it is" ? [] : [new HapaxError(layout.shown === "refused" ? "dicom/series-refused" : "dicom/series-resampled", layout.notice ?? "", "Ask for a series of even, upright slices where it matters.")]),
    ...(frameOfReference === "" ? [new HapaxError("dicom/frame-of-reference-missing", `${name} has no FrameOfReferenceUID.`, "It is shown alone; no contour and no dose can be laid over it.")] : []),
  ];
}

const problemsOf = (slices: readonly Slice[]) => [...new Set(slices.map(({ file }) => file))].flatMap(({ problems }) => problems);

function described(slices: readonly Slice[], suffix: string, apart?: string): Omit<ScanOrigin, "problems"> & Pick<ScanSeries, "modality" | "description" | "bodyPart" | "patientPosition"> {
  const files = [...new Set(slices.map(({ file }) => file))];
  const [{ data, name }] = files as [DicomFile];
  const seriesUid = data.text(tags.SeriesInstanceUID) ?? "";
  const description = [data.text(tags.SeriesDescription), apart].filter((part) => part !== undefined).join(", ");
  const date = dateOf(data);
  const bodyPart = data.text(tags.BodyPartExamined);
  const patientPosition = data.text(tags.PatientPosition);
  return {
    uid: (seriesUid === "" ? name : seriesUid) + suffix,
    studyUid: data.text(tags.StudyInstanceUID) ?? "",
    seriesUid,
    files: files.map((file) => file.name).sort(),
    label: description === "" ? (data.text(tags.Modality) ?? "images") : description,
    ...(date === undefined ? {} : { date }),
    synthetic: files.some((file) => isSynthetic(file.data)),
    modality: modalityOf(data),
    description,
    ...(bodyPart === undefined ? {} : { bodyPart }),
    ...(patientPosition === undefined ? {} : { patientPosition }),
  };
}
