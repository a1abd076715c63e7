import type { VoxelGroup } from "./terms.ts";

const bins = 256;
const volumes = new Float64Array(bins);

/**
 * The dose that a share of a volume may lie beyond: the volume beyond it is at most that share, and with what lies just short of it
 * would be more. A pass over the voxels tells it to a 256th of their spread; three passes are finer than the numbers.
 *
 * @param doseGy  dose of each voxel of the operator, Gy
 * @param side    1 looks for the hottest, −1 for the coldest share
 * @param share   0 to 1
 * @param levels  of each voxel of the group, Gy: not its dose counts, but what it has above its level
 * @returns       Gy
 */
export function shareDose(doseGy: Float32Array, { places, shares }: VoxelGroup, side: 1 | -1, share: number, levels?: Float32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    const beyond = side * ((doseGy[places[i] as number] as number) - (levels === undefined ? 0 : (levels[i] as number)));
    if (beyond < low) low = beyond;
    if (beyond > high) high = beyond;
  }
  let volume = 0;
  for (let pass = 0; pass < 3 && high > low; pass++) {
    volumes.fill(0);
    const perGy = bins / (high - low);
    for (let i = 0; i < places.length; i++) {
      const beyond = side * ((doseGy[places[i] as number] as number) - (levels === undefined ? 0 : (levels[i] as number)));
      // At an edge a voxel is of the lower bin: what is beyond an edge is above it.
      if (beyond > low && beyond <= high) {
        const bin = Math.max(0, Math.min(bins - 1, Math.ceil((beyond - low) * perGy) - 1));
        volumes[bin] = (volumes[bin] as number) + (shares[i] as number);
      }
    }
    let bin = bins - 1;
    // Shares are single numbers and sum to 1 as such do.
    while (bin > 0 && volume + (volumes[bin] as number) <= share * (1 + 1e-6)) volume += volumes[bin--] as number;
    high = low + (bin + 1) / perGy;
    low += bin / perGy;
  }
  return side * high;
}
