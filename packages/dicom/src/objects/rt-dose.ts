import { cross, dot, gridOf, plus, times, type Grid, type Vec3, type Volume } from "@hapax/base";
import type { DoseGrid } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { decodeFrames } from "../pixels.ts";
import { originOfFile, positive } from "./origin.ts";
import type { Pixels } from "./resample.ts";
import { lintRtDose, MOST_PLANES } from "./rt-dose-lint.ts";
import { expectModality } from "./rt-struct.ts";
import { slicesOf } from "./slices.ts";
import type { Plane } from "./geometry.ts";

/** Dose planes may lie off even steps by this share of the step before they are resampled. */
const STEP_TOLERANCE = 0.01;

/**
 * The dose of an RTDOSE: Gy = stored value · DoseGridScaling, on the grid that ImagePositionPatient,
 * ImageOrientationPatient, PixelSpacing and GridFrameOffsetVector give.
 *
 * @throws dicom/dose-… where dose in Gy or its place cannot be had truly; what {@link lintRtDose} finds besides is told
 */
export function readRtDose(file: DicomFile): DoseGrid {
  expectModality(file, "RTDOSE");
  const { data } = file;
  const findings = lintRtDose(file);
  const fatal = findings.find(({ code }) => fatalCodes.has(code));
  if (fatal !== undefined) throw fatal;
  const plane = slicesOf(file)[0]?.plane as Plane;
  const planes = planesOf(data, plane);
  const scaling = data.number(tags.DoseGridScaling) as number;
  const comment = data.text(tags.DoseComment);
  const notes = data.text(tags.ImageComments);
  const planUid = data.items(tags.ReferencedRTPlanSequence)[0]?.text(tags.ReferencedSOPInstanceUID);
  const summation = data.text(tags.DoseSummationType) ?? "not recorded";
  return {
    ...originOfFile(file, comment ?? `dose, ${summation}`, findings),
    type: data.text(tags.DoseType) ?? "not recorded",
    summation,
    ...(planUid === undefined ? {} : { planUid }),
    ...(comment === undefined ? {} : { comment }),
    ...(notes === undefined ? {} : { notes }),
    grid: planes.grid,
    volume: async () => doseVolume((await decodeFrames(file)).frames, planes, scaling),
  };
}

const fatalCodes = new Set([
  "dicom/dose-units", "dicom/dose-scaling", "dicom/dose-offsets", "dicom/size-missing", "dicom/position-missing", "dicom/spacing-missing", "dicom/orientation-wrong",
]);

/** Where the planes of a dose lie, and how they become an even grid. */
interface DosePlanes {
  readonly grid: Grid;
  /** Frame and height (in steps of the grid) of each plane, from low to high. */
  readonly frames: readonly { readonly frame: number; readonly step: number }[];
  readonly even: boolean;
}

/**
 * Heights of the planes above the first, mm along the normal of the slices. GridFrameOffsetVector begins with 0 and is
 * measured along the normal, or it holds z coordinates of axial planes (PS3.3 C.8.8.3.2).
 */
export function heightsMm(data: DataSet, plane: Plane): readonly number[] {
  const offsets = data.numbers(tags.GridFrameOffsetVector);
  const first = offsets[0] ?? 0;
  const normal = cross(plane.across, plane.down);
  return first === 0 ? (offsets.length === 0 ? [0] : offsets) : offsets.map((z) => (z - first) * dot([0, 0, 1], normal));
}

function planesOf(data: DataSet, plane: Plane): DosePlanes {
  const normal = cross(plane.across, plane.down);
  const heights = heightsMm(data, plane);
  const sorted = heights.map((height, frame) => ({ height, frame })).sort((a, b) => a.height - b.height);
  const low = sorted[0]?.height as number;
  const range = (sorted.at(-1)?.height as number) - low;
  const distances = sorted.slice(1).map(({ height }, i) => height - (sorted[i]?.height as number));
  const meanMm = range / Math.max(1, distances.length);
  const even = distances.length === 0 || sorted.every(({ height }, i) => Math.abs(height - low - i * meanMm) <= STEP_TOLERANCE * meanMm);
  const count = even ? sorted.length : evenCount(sorted.map(({ height }) => height - low));
  const stepMm = distances.length === 0 ? (positive(data.number(tags.SliceThickness)) ?? 1) : range / (count - 1);
  const origin: Vec3 = plus(plane.position, times(normal, low));
  const grid = gridOf({
    size: [plane.columns, plane.rows, count], origin, spacing: [plane.spacing[0], plane.spacing[1], stepMm], axes: [plane.across, plane.down, normal],
    frameOfReference: data.text(tags.FrameOfReferenceUID) ?? "",
  });
  return { grid, frames: sorted.map(({ height, frame }) => ({ frame, step: (height - low) / stepMm })), even };
}

/**
 * Planes of the even grid that uneven ones are put on, from the first to the last of them: the fewest on which every
 * plane lies, so that no maximum is smoothed away; where there is none, steps no wider than the least distance.
 *
 * @param heights  above the first plane, mm, ascending
 */
function evenCount(heights: readonly number[]): number {
  const range = heights.at(-1) as number;
  const least = Math.min(...heights.slice(1).map((height, i) => height - (heights[i] as number)));
  for (let steps = heights.length; steps <= MOST_PLANES * heights.length; steps++) {
    if (heights.every((height) => Math.abs((height / range) * steps - Math.round((height / range) * steps)) <= STEP_TOLERANCE)) return steps + 1;
  }
  return Math.ceil(range / least - 1e-6) + 1;
}

function doseVolume(stored: readonly Pixels[], { grid, frames, even }: DosePlanes, scaling: number): Volume<Float32Array> {
  const each = grid.size[0] * grid.size[1];
  const values = new Float32Array(each * grid.size[2]);
  for (let k = 0; k < grid.size[2]; k++) {
    const [below, above, t] = even ? [frames[k], frames[k], 0] : between(frames, k);
    const low = stored[below?.frame as number] as Pixels;
    const high = stored[above?.frame as number] as Pixels;
    for (let i = 0; i < each; i++) values[k * each + i] = ((low[i] as number) * (1 - t) + (high[i] as number) * t) * scaling;
  }
  return { grid, values, slope: 1, intercept: 0, unit: "Gy" };
}

/** The planes on both sides of step k, and how far it is to the upper one. */
function between(frames: DosePlanes["frames"], k: number): [DosePlanes["frames"][number], DosePlanes["frames"][number], number] {
  const last = frames.length - 1;
  const above = Math.min(last, Math.max(1, frames.findIndex(({ step }) => step >= k - 1e-9)));
  const [low, high] = [frames[above - 1], frames[above]] as [DosePlanes["frames"][number], DosePlanes["frames"][number]];
  return [low, high, Math.min(1, Math.max(0, (k - low.step) / (high.step - low.step)))];
}
