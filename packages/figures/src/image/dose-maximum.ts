import { apply, type Vec3, type Volume } from "@hapax/base";

/** The highest dose of a grid and the center of its voxel. */
export interface DoseMaximum {
  readonly gy: number;
  /** LPS, mm. */
  readonly point: Vec3;
}

/** The first of the voxels with the highest dose; undefined where no dose is known. */
export function doseMaximum({ grid, values, slope, intercept }: Volume): DoseMaximum | undefined {
  let at = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > most) {
      most = value;
      at = i;
    }
  }
  if (at === -1) return undefined;
  const [nx, ny] = grid.size;
  return { gy: most * slope + intercept, point: apply(grid.patientFromVoxel, [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]) };
}

/** "Dmax 21.8 Gy, 109.2 %". */
export function maximumText({ gy }: DoseMaximum, referenceGy: number): string {
  return `Dmax ${gy.toFixed(1)} Gy, ${((100 * gy) / referenceGy).toFixed(1)} %`;
}
