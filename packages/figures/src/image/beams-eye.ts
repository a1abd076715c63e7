import { apply, collimatorFromPatient, flat, HapaxError, invert, minus, sourceOf, type PatientPosition, type Transform, type Vec3, type Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { isolines, paintGray, radiograph, type Rays } from "@hapax/kernels";
import { lettersOf, type EdgeLetters, type PictureSize } from "./plane.ts";
import type { OccupancyBox, OutlinedStructure } from "./structure-lines.ts";
import { structureLook } from "./structure-colors.ts";
import type { StructureOutline } from "./picture.ts";

/**
 * The plane of the isocenter as the source sees it, in the frame of the beam limiting device: jaws and leaves stand
 * upright, x to the right and y up; sizes are those at the isocenter.
 */
export interface BeamsEye extends PictureSize {
  readonly collimatorFromPatient: Transform<"collimator", "patient">;
  /** LPS, mm. */
  readonly source: Vec3;
  readonly sadMm: number;
  readonly mmPerPx: number;
  readonly letters: EdgeLetters;
}

/** The view from a beam at one of its control points. */
export function beamsEye(beam: PlanBeam, point: ControlPoint, patientPosition: PatientPosition, size: PictureSize, mmPerPx: number): BeamsEye {
  const position = { ...point, patientPosition };
  const map = collimatorFromPatient(position);
  const back = invert(map);
  const direction = (x: number, y: number) => lettersOf(minus(apply(back, [x, y, 0]), apply(back, [0, 0, 0])));
  return {
    ...size, mmPerPx,
    collimatorFromPatient: map,
    source: sourceOf(position, beam.sadMm),
    sadMm: beam.sadMm,
    letters: { left: direction(-1, 0), right: direction(1, 0), top: direction(0, 1), bottom: direction(0, -1) },
  };
}

/** Pixel of a point at the isocenter's plane, mm in the frame of the beam limiting device. */
export function beamPixel({ width, height, mmPerPx }: BeamsEye, x: number, y: number): readonly [number, number] {
  return [(width - 1) / 2 + x / mmPerPx, (height - 1) / 2 - y / mmPerPx];
}

/**
 * Water that the rays of a view pass, mm, width × height.
 *
 * @param rows  drawn from and up to, with the array to write into: a picture in parts
 * @throws      figures/radiograph-unit where the scan is not in HU
 */
export function radiographOf(volume: Volume, view: BeamsEye, rows?: { readonly from: number; readonly to: number; readonly out: Float32Array }): Float32Array {
  const { grid, values, slope, intercept, unit } = volume;
  if (unit !== "HU") {
    throw new HapaxError("figures/radiograph-unit", `A radiograph was asked of a scan in ${unit === "" ? "no unit" : unit}.`, "Give a CT: only Hounsfield units say how much a voxel weakens the beam.");
  }
  const part = rows === undefined ? {} : { rows: [rows.from, rows.to] as const, out: rows.out };
  const crossed = { values, size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) };
  return radiograph(crossed, raysOf(view, 1), view.width, view.height, { scale: slope / 1000, offset: 1 + intercept / 1000, ...part });
}

/** A radiograph as grays: the least and the most that a hundredth of its rays meet are black and white. */
export function radiographPixels(waterMm: Float32Array, width: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * waterMm.length);
  const met = waterMm.filter((v) => v > 1).sort();
  const [least, most] = [met[Math.floor(met.length * 0.01)] ?? 0, met[Math.floor(met.length * 0.995)] ?? 1];
  paintGray(waterMm, width, { center: (least + most) / 2, width: Math.max(most - least, 1), law: "LINEAR_EXACT" }, rgba);
  return rgba;
}

/** Outlines of the shadows that structures throw; those without occupancy are left out. */
export function shadowsOf(structures: readonly OutlinedStructure[], view: BeamsEye): StructureOutline[] {
  return structures
    .map(({ name, color, occupancy }) => ({ name, ...structureLook(name, color), lines: occupancy === undefined ? [] : shadowLines(occupancy, view), points: [] }))
    .filter(({ lines }) => lines.length > 0);
}

const coarse = 2;

function shadowLines({ grid, first, size, fraction }: OccupancyBox, view: BeamsEye): Float64Array[] {
  const { rows } = grid.patientFromVoxel;
  const origin = apply(grid.patientFromVoxel, first);
  const patientFromBox = Float64Array.from(rows.flatMap((row, i) => [row[0], row[1], row[2], origin[i] as number]));
  const [width, height] = [Math.ceil(view.width / coarse) + 1, Math.ceil(view.height / coarse) + 1];
  // A ray that meets the surface, one half of occupancy, is in the shadow.
  const highest = radiograph({ values: fraction, size, patientFromVoxel: patientFromBox }, raysOf(view, coarse), width, height, { keep: "highest" });
  const lines = (isolines(highest, width, height, [0.5], { beyond: 0 })[0] as Float64Array[]).filter((line) => line.length > 6);
  return lines.map((line) => line.map((v) => v * coarse));
}

function raysOf(view: BeamsEye, step: number): Rays {
  const back = invert(view.collimatorFromPatient);
  const at = (px: number, py: number) => apply(back, [(px - (view.width - 1) / 2) * view.mmPerPx, ((view.height - 1) / 2 - py) * view.mmPerPx, 0]);
  const corner = at(0, 0);
  return { source: view.source, corner, right: minus(at(step, 0), corner), down: minus(at(0, step), corner) };
}
