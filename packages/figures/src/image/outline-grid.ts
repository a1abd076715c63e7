import { apply, transform, voxelFromPatient, type Grid, type Vec3 } from "@hapax/base";

/** Occupancies of one structure hold at most this many voxels: enough for a line on the screen. */
const mostVoxels = 2_500_000;

/**
 * The grid on which the outline of a structure is sampled: that of the images, its two finest axes thinned where the
 * structure is large.
 */
export function outlineGrid(grid: Grid, loops: readonly Float64Array[]): Grid {
  const { low, high } = extentIn(grid, loops);
  const size = low.map((at, a) => Math.max(0, (high[a] as number) - at) + 2);
  let thin = 1;
  const axes = finestAxes(grid);
  const voxels = () => size.reduce((n, length, axis) => n * (axes.includes(axis) ? length / thin : length), 1);
  while (voxels() > mostVoxels) thin++;
  return thin === 1 ? grid : thinned(grid, axes, thin);
}

/** From where to where loops reach along the axes of a grid, in voxels; infinite where there are none. */
export function extentIn(grid: Grid, loops: readonly Float64Array[]): { readonly low: Vec3; readonly high: Vec3 } {
  const from = voxelFromPatient(grid);
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const loop of loops) {
    for (let i = 0; i + 2 < loop.length; i += 3) {
      apply(from, [loop[i] as number, loop[i + 1] as number, loop[i + 2] as number]).forEach((at, a) => {
        low[a] = Math.min(low[a] as number, at);
        high[a] = Math.max(high[a] as number, at);
      });
    }
  }
  return { low, high };
}

function finestAxes({ patientFromVoxel: { rows } }: Grid): number[] {
  const step = (a: number) => Math.hypot(...rows.map((row) => row[a as 0 | 1 | 2]));
  return [0, 1, 2].sort((a, b) => step(a) - step(b)).slice(0, 2);
}

function thinned(grid: Grid, axes: readonly number[], thin: number): Grid {
  const by = [0, 1, 2].map((a) => (axes.includes(a) ? thin : 1)) as unknown as Vec3;
  // The first wide voxel covers the first few narrow ones, and its center lies in their middle.
  const first = apply(grid.patientFromVoxel, by.map((n) => (n - 1) / 2) as unknown as Vec3);
  const row = (i: 0 | 1 | 2) => {
    const [a, b, c] = grid.patientFromVoxel.rows[i];
    return [a * by[0], b * by[1], c * by[2], first[i]] as const;
  };
  const size = grid.size.map((n, a) => Math.ceil(n / (by[a] as number))) as unknown as Vec3;
  return { size, patientFromVoxel: transform([row(0), row(1), row(2)]), frameOfReference: grid.frameOfReference };
}
