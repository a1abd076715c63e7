import { cross, invert, lengthOf, times, transform, type Transform, type Vec3 } from "./frames.ts";

/** A regular lattice of voxels in the patient frame. */
export interface Grid {
  /** Voxels along its own three axes. */
  readonly size: Vec3;
  /** Voxel counts to LPS, mm; the columns are the steps along the axes. */
  readonly patientFromVoxel: Transform<"patient", "voxel">;
  /** FrameOfReferenceUID: points of two grids may be compared only where these are equal, or registered. */
  readonly frameOfReference: string;
}

/** What a voxel's number means. */
export type VolumeUnit = "HU" | "Gy" | "SUVbw" | "SUVlbm" | "Bq/mL" | "%" | "";

/**
 * Numbers on a grid, x fastest, then y, then z. A voxel is worth `values[i] · slope + intercept`, in `unit`; NaN is
 * unknown, never a stand-in for air.
 */
export interface Volume<Values extends Int16Array | Uint16Array | Float32Array = Int16Array | Uint16Array | Float32Array> {
  readonly grid: Grid;
  readonly values: Values;
  readonly slope: number;
  readonly intercept: number;
  readonly unit: VolumeUnit;
}

/** How a grid is usually given. */
export interface GridLayout {
  readonly size: Vec3;
  /** Centre of the first voxel, LPS, mm. */
  readonly origin: Vec3;
  /** Steps between centres along the axes, mm. */
  readonly spacing: Vec3;
  /** Unit vectors of the axes in LPS; left out, they are left, back, head. */
  readonly axes?: readonly [Vec3, Vec3, Vec3];
  readonly frameOfReference: string;
}

/** A grid from its origin, spacing and axes. */
export function gridOf({ size, origin, spacing, axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]], frameOfReference }: GridLayout): Grid {
  const row = (i: 0 | 1 | 2) => [axes[0][i] * spacing[0], axes[1][i] * spacing[1], axes[2][i] * spacing[2], origin[i]] as const;
  return { size, patientFromVoxel: transform([row(0), row(1), row(2)]), frameOfReference };
}

/** Patient coordinates to voxel counts, not rounded. */
export function voxelFromPatient(grid: Grid): Transform<"voxel", "patient"> {
  return invert(grid.patientFromVoxel);
}

/** The step along an axis of the grid, mm, as a vector of the patient frame. */
export function stepOf({ patientFromVoxel: { rows } }: Grid, axis: 0 | 1 | 2): Vec3 {
  return [rows[0][axis], rows[1][axis], rows[2][axis]];
}

/** Distances between the centres of neighbours along the axes, mm. */
export function spacingOf(grid: Grid): Vec3 {
  return [lengthOf(stepOf(grid, 0)), lengthOf(stepOf(grid, 1)), lengthOf(stepOf(grid, 2))];
}

/** Unit vectors of the axes in the patient frame. */
export function axesOf(grid: Grid): readonly [Vec3, Vec3, Vec3] {
  const axis = (i: 0 | 1 | 2) => times(stepOf(grid, i), 1 / lengthOf(stepOf(grid, i)));
  return [axis(0), axis(1), axis(2)];
}

/** Centre of the first voxel, LPS, mm. */
export function originOf({ patientFromVoxel: { rows } }: Grid): Vec3 {
  return [rows[0][3], rows[1][3], rows[2][3]];
}

/** Volume of a voxel, mm³. */
export function voxelMm3(grid: Grid): number {
  const c = cross(stepOf(grid, 0), stepOf(grid, 1));
  const s = stepOf(grid, 2);
  return Math.abs(c[0] * s[0] + c[1] * s[1] + c[2] * s[2]);
}

/** Number of voxels. */
export function voxelCount({ size }: Grid): number {
  return size[0] * size[1] * size[2];
}
