import { HapaxError, voxelMm3, type Grid } from "@hapax/base";
import type { Occupancy } from "@hapax/kernels";

type Triple = readonly [number, number, number];

/**
 * A structure on a grid, made or drawn. Two structures are put together on one grid; what shares of one voxel overlap is
 * the smaller of the two, so volumes add up: |A ∪ B| + |A ∩ B| = |A| + |B|.
 */
export interface Shape {
  readonly grid: Grid;
  readonly inside: Occupancy;
}

export const union = (a: Shape, b: Shape): Shape => joined(a, b, (x, y) => Math.max(x, y));
export const intersection = (a: Shape, b: Shape): Shape => joined(a, b, (x, y) => Math.min(x, y));
export const difference = (a: Shape, b: Shape): Shape => joined(a, b, (x, y) => Math.max(0, x - y));
/** What is in one and not in both. */
export const exclusive = (a: Shape, b: Shape): Shape => joined(a, b, (x, y) => Math.abs(x - y));

/** Volume, mL. */
export const volumeMl = ({ grid, inside }: Shape): number => (inside.fraction.reduce((sum, share) => sum + share, 0) * voxelMm3(grid)) / 1000;

/**
 * Two structures voxel by voxel.
 *
 * @throws imaging/grids-differ when they are not on one grid
 */
function joined(a: Shape, b: Shape, of: (x: number, y: number) => number): Shape {
  const same = a.grid.frameOfReference === b.grid.frameOfReference && a.grid.patientFromVoxel.rows.flat().every((value, i) => Math.abs(value - (b.grid.patientFromVoxel.rows.flat()[i] as number)) < 1e-6);
  if (!same) throw new HapaxError("imaging/grids-differ", "Two structures lie on different grids.", "Bring both to one grid first: ask their occupancy on it.");
  const { first, size } = boxAround(a.inside, b.inside);
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let x = 0; x < size[0]; x++, i++) {
        const at = [first[0] + x, first[1] + j, first[2] + k] as const;
        fraction[i] = of(shareAt(a.inside, at), shareAt(b.inside, at));
      }
    }
  }
  return { grid: a.grid, inside: { first, size, fraction } };
}

function boxAround(a: Occupancy, b: Occupancy): { first: Triple; size: Triple } {
  if (a.fraction.length === 0) return b;
  if (b.fraction.length === 0) return a;
  const first = a.first.map((value, axis) => Math.min(value, b.first[axis] as number)) as unknown as Triple;
  const size = a.first.map((value, axis) => Math.max(value + (a.size[axis] as number), (b.first[axis] as number) + (b.size[axis] as number)) - (first[axis] as number)) as unknown as Triple;
  return { first, size };
}

function shareAt({ first, size, fraction }: Occupancy, [x, y, z]: Triple): number {
  const [i, j, k] = [x - first[0], y - first[1], z - first[2]];
  return i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2] ? 0 : (fraction[i + size[0] * (j + size[1] * k)] as number);
}
