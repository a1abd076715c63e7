import { spacingOf, type Grid } from "@hapax/base";
import { nearestSeed } from "@hapax/kernels";

/** Voxels of the dose grid that are to have a dose, from which it is to fall. */
export interface DoseSource {
  readonly voxels: ArrayLike<number>;
  readonly doseGy: number;
}

/** How a dose falls from a target: nothing of it is lost up to `fromMm`, then a part of what is above `far` at each millimeter. */
export interface FallOff {
  readonly far: number;
  readonly perMm: number;
  readonly fromMm: number;
}

/** Beyond this distance a dose has fallen as far as it is asked to, mm. */
const reachMm = 60;

/**
 * Dose that tissue around targets may have, Gy: that of the nearest target, falling with the distance.
 *
 * @param sources  of the highest dose first: a voxel that two share is of the first
 * @param voxels   of the grid
 */
export function fallingDose(grid: Grid, sources: readonly DoseSource[], voxels: ArrayLike<number>, { far, perMm, fromMm }: FallOff): Float32Array {
  const [nx, ny] = grid.size;
  const place = (voxel: number) => [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))] as const;
  const spacing = spacingOf(grid);
  const [low, high] = [[Infinity, Infinity, Infinity], [-1, -1, -1]];
  for (const { voxels: inside } of sources) {
    for (let n = 0; n < inside.length; n++) {
      place(inside[n] as number).forEach((at, a) => {
        low[a] = Math.min(low[a] as number, at);
        high[a] = Math.max(high[a] as number, at);
      });
    }
  }
  const around = spacing.map((mm) => Math.ceil(reachMm / mm));
  const first = low.map((at, a) => Math.max(0, at - (around[a] as number)));
  const size = high.map((at, a) => Math.min((grid.size[a] as number) - 1, at + (around[a] as number)) - (first[a] as number) + 1) as [number, number, number];
  const inBox = ([x, y, z]: readonly [number, number, number]) => x - (first[0] as number) + size[0] * (y - (first[1] as number) + size[1] * (z - (first[2] as number)));
  const seeds = new Uint8Array(size[0] * size[1] * size[2]);
  const doses = new Float32Array(seeds.length);
  for (const { voxels: inside, doseGy } of sources) {
    for (let n = 0; n < inside.length; n++) {
      const at = inBox(place(inside[n] as number));
      if (seeds[at] === 1) continue;
      seeds[at] = 1;
      doses[at] = doseGy;
    }
  }
  const nearest = nearestSeed(seeds, size, spacing);
  const farGy = far * sources.reduce((most, { doseGy }) => Math.max(most, doseGy), 0);
  return Float32Array.from({ length: voxels.length }, (_, n) => {
    const at = place(voxels[n] as number);
    if (at.some((p, a) => p < (first[a] as number) || p >= (first[a] as number) + (size[a] as number))) return farGy;
    const here = inBox(at);
    const seed = nearest[here] as number;
    const [x, y, z] = [(seed % size[0]) - (here % size[0]), (Math.floor(seed / size[0]) % size[1]) - (Math.floor(here / size[0]) % size[1]), Math.floor(seed / (size[0] * size[1])) - Math.floor(here / (size[0] * size[1]))];
    const mm = Math.hypot(x * spacing[0], y * spacing[1], z * spacing[2]);
    return (doses[seed] as number) * (far + (1 - far) * Math.exp(-perMm * Math.max(0, mm - fromMm)));
  });
}
