import type { VoxelGroup } from "./terms.ts";

const bins = 256;
const volumes = new Float64Array(bins);

/**
 * The level that a share of a volume may lie beyond: the volume beyond it is at most that share, and what lies just short of it
 * would be too much. A pass over the voxels tells it to a 256th of their spread; three passes are finer than the numbers.
 *
 * @param doseGy  dose of each voxel of the operator, Gy
 * @param side    1 looks for the hottest, −1 for the coldest share
 * @param share   0 to 1
 * @returns       Gy
 */
export function shareDose(doseGy: Float32Array, { places, shares }: VoxelGroup, side: 1 | -1, share: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    const level = side * (doseGy[places[i] as number] as number);
    if (level < low) low = level;
    if (level > high) high = level;
  }
  let beyond = 0;
  for (let pass = 0; pass < 3 && high > low; pass++) {
    volumes.fill(0);
    const perGy = bins / (high - low);
    for (let i = 0; i < places.length; i++) {
      const level = side * (doseGy[places[i] as number] as number);
      // Of those at an edge, the lower bin has the voxel: what is beyond an edge is above it.
      if (level > low && level <= high) {
        const bin = Math.min(bins - 1, Math.ceil((level - low) * perGy) - 1);
        volumes[bin] = (volumes[bin] as number) + (shares[i] as number);
      }
    }
    let bin = bins - 1;
    // Shares are single numbers and sum to 1 as such do.
    while (bin > 0 && beyond + (volumes[bin] as number) <= share * (1 + 1e-6)) beyond += volumes[bin--] as number;
    high = low + (bin + 1) / perGy;
    low += bin / perGy;
  }
  return side * high;
}
