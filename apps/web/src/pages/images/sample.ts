import { apply, voxelFromPatient, type Vec3, type Volume } from "@hapax/base";
import type { OccupancyBox } from "@hapax/figures";
import { doseSampler } from "@hapax/kernels";

/** The value of the voxel that a point lies in, in the unit of the volume, as the file has it; undefined outside. */
export function voxelValue({ grid, values, slope, intercept }: Volume, point: Vec3): number | undefined {
  const [i, j, k] = apply(voxelFromPatient(grid), point).map(Math.round) as [number, number, number];
  const [nx, ny, nz] = grid.size;
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return undefined;
  const value = (values[i + nx * (j + ny * k)] as number) * slope + intercept;
  return Number.isNaN(value) ? undefined : value;
}

/** The dose at a point between its voxels, Gy; undefined where it is unknown. */
export function doseAt({ grid, values, slope, intercept }: Volume, point: Vec3): number | undefined {
  const [u, v, w] = apply(voxelFromPatient(grid), point);
  const gy = doseSampler({ values, size: grid.size, patientFromVoxel: new Float64Array(12), slope, intercept })(u, v, w);
  return Number.isNaN(gy) ? undefined : gy;
}

/** Whether a point lies in a structure, by the voxel of its occupancy. */
export function isInside({ grid, first, size, fraction }: OccupancyBox, point: Vec3): boolean {
  const [i, j, k] = apply(voxelFromPatient(grid), point).map((v, a) => Math.round(v) - (first[a] as number)) as [number, number, number];
  if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return false;
  return (fraction[i + size[0] * (j + size[1] * k)] as number) >= 0.5;
}

/** The highest value of a volume and the center of its voxel. */
export function highestOf({ grid, values, slope, intercept }: Volume): { readonly value: number; readonly at: Vec3 } | undefined {
  let best = -1;
  for (let i = 0; i < values.length; i++) if (best === -1 ? !Number.isNaN(values[i]) : (values[i] as number) > (values[best] as number)) best = i;
  if (best === -1) return undefined;
  const [nx, ny] = grid.size;
  const at = apply(grid.patientFromVoxel, [best % nx, Math.floor(best / nx) % ny, Math.floor(best / (nx * ny))]);
  return { value: (values[best] as number) * slope + intercept, at };
}
