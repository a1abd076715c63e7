import { spacingOf } from "@hapax/base";
import type { SliceLayout } from "./geometry.ts";

/** Numbers of one slice, row by row. */
export type Pixels = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * A stack on its upright grid: linear between neighbouring slices, bilinear where a slice is shifted in its plane.
 * NaN where nothing is known: inside a gap, beside a slice, beyond the last one.
 *
 * @param slices   real values of each used slice, from low to high
 * @param columns  pixels in a row of a slice
 * @param layout   with a grid, shown as resampled
 */
export function resampled(slices: readonly Pixels[], columns: number, layout: SliceLayout): Float32Array {
  const grid = layout.grid as NonNullable<SliceLayout["grid"]>;
  const [nx, ny, nz] = grid.size;
  const [dx, dy, dz] = spacingOf(grid);
  const [z0] = layout.positionsMm as [number];
  const lowest = [0, 1].map((axis) => Math.min(...layout.shiftsMm.map((shift) => shift[axis] as number))) as [number, number];
  const rows = (slices[0] as Pixels).length / columns;
  // Without a shear the grid begins at the first slice, and a drift below a fifth of a pixel is left as it is.
  const sheared = nx > columns || ny > rows;
  const shiftOf = (i: number): [number, number] => {
    const [u, v] = layout.shiftsMm[i] as readonly [number, number];
    return sheared ? [(lowest[0] - u) / dx, (lowest[1] - v) / dy] : [0, 0];
  };
  const out = new Float32Array(nx * ny * nz).fill(NaN);
  const plane = new Float32Array(nx * ny);
  for (let k = 0; k < nz; k++) {
    const weights = neighbours(layout, z0 + k * dz, dz);
    const target = out.subarray(k * nx * ny, (k + 1) * nx * ny);
    weights.forEach(([slice, weight], n) => {
      shifted(slices[slice] as Pixels, columns, rows, shiftOf(slice), plane, nx, ny);
      for (let i = 0; i < plane.length; i++) target[i] = (n === 0 ? 0 : (target[i] as number)) + weight * (plane[i] as number);
    });
  }
  return out;
}

/** A slice this near to the plane asked for, in shares of the step, is that plane. */
const ON_PLANE = 0.05;

/** The one or two slices that make a plane, with their weights; none inside a gap. */
function neighbours({ positionsMm, gapAfter }: SliceLayout, z: number, step: number): [slice: number, weight: number][] {
  const on = positionsMm.findIndex((p) => Math.abs(p - z) <= ON_PLANE * step);
  if (on >= 0) return [[on, 1]];
  const after = positionsMm.findIndex((p) => p > z);
  if (after <= 0 || gapAfter[after - 1] === true) return [];
  const low = positionsMm[after - 1] as number;
  const t = (z - low) / ((positionsMm[after] as number) - low);
  return [[after - 1, 1 - t], [after, t]];
}

/** A slice sampled at pixels (i + shift, j + shift), bilinear; NaN beside it. */
function shifted(slice: Pixels, columns: number, rows: number, [du, dv]: [number, number], out: Float32Array, nx: number, ny: number): void {
  const [iu, iv] = [Math.floor(du + 1e-6), Math.floor(dv + 1e-6)];
  const fu = Math.max(0, du - iu) < 1e-5 ? 0 : du - iu;
  const fv = Math.max(0, dv - iv) < 1e-5 ? 0 : dv - iv;
  const [right, below] = [fu === 0 ? 0 : 1, fv === 0 ? 0 : 1];
  for (let j = 0; j < ny; j++) {
    const y = j + iv;
    for (let i = 0; i < nx; i++) {
      const x = i + iu;
      if (x < 0 || y < 0 || x + right >= columns || y + below >= rows) {
        out[j * nx + i] = NaN;
        continue;
      }
      const at = y * columns + x;
      const top = (slice[at] as number) * (1 - fu) + (slice[at + right] as number) * fu;
      const low = (slice[at + below * columns] as number) * (1 - fu) + (slice[at + below * columns + right] as number) * fu;
      out[j * nx + i] = top * (1 - fv) + low * fv;
    }
  }
}
