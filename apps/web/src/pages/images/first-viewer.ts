import { apply, axesOf, dot, spacingOf, type Vec3, type Volume } from "@hapax/base";
import { snapped, type Viewer } from "./viewer.ts";
import { usualWindow } from "@hapax/figures";

/** Air, HU. */
const airHu = -300;

/**
 * How a study opens: the patient in the middle of the views, whose widest slice fits, and the crosshair on the tumor, or
 * in the middle of the patient.
 *
 * @param tumor  LPS, mm
 * @param px     the room of a view, CSS px
 */
export function firstViewer(volume: Volume, tumor: Vec3 | undefined, px: { readonly width: number; readonly height: number }): Viewer {
  const { grid } = volume;
  const { low, high } = bodyOf(volume);
  const middle = apply(grid.patientFromVoxel, [0, 1, 2].map((i) => ((low[i] as number) + (high[i] as number)) / 2) as unknown as Vec3);
  // Extent along the axes of the patient, however the voxels lie.
  const spacing = spacingOf(grid);
  const extent = (unit: Vec3) => axesOf(grid).reduce((sum, axis, i) => sum + Math.abs(dot(axis, unit)) * ((high[i] as number) - (low[i] as number) + 1) * (spacing[i] as number), 0);
  const [across, deep, long] = [extent([1, 0, 0]), extent([0, 1, 0]), extent([0, 0, 1])];
  const mmPerPx = Math.max(across / px.width, deep / px.height) * 1.1;
  // A patient longer than the view is shown where the tumor is.
  const seen: Vec3 = tumor !== undefined && long > mmPerPx * px.height ? [middle[0], middle[1], tumor[2]] : middle;
  return { point: snapped(grid, tumor ?? middle), middle: snapped(grid, seen), mmPerPx, window: usualWindow(volume), inverted: volume.unit === "SUVbw" || volume.unit === "SUVlbm" || volume.unit === "Bq/mL", large: undefined };
}

/** The box of what is no air, in voxels; the whole grid where the unit has no air. */
function bodyOf({ grid, values, slope, intercept, unit }: Volume): { low: number[]; high: number[] } {
  const whole = { low: [0, 0, 0], high: grid.size.map((n) => n - 1) };
  if (unit !== "HU") return whole;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const [nx, ny, nz] = grid.size;
  const skip = grid.size.map((n) => Math.max(1, Math.floor(n / 64))) as [number, number, number];
  for (let k = 0; k < nz; k += skip[2]) {
    for (let j = 0; j < ny; j += skip[1]) {
      for (let i = 0; i < nx; i += skip[0]) {
        if (!((values[i + nx * (j + ny * k)] as number) * slope + intercept > airHu)) continue;
        [i, j, k].forEach((at, a) => {
          low[a] = Math.min(low[a] as number, at);
          high[a] = Math.max(high[a] as number, at);
        });
      }
    }
  }
  return Number.isFinite(low[0]) ? { low, high } : whole;
}
