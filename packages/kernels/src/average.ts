/** How the voxels of one row share in those of another that lies along it. */
export interface RowShares {
  /** Voxels of the row that is filled. */
  readonly count: number;
  /** Source voxel i gives to `target[n]` for n from `from[i]` to `from[i + 1]`. */
  readonly from: Int32Array;
  readonly target: Int32Array;
  /** The part of the target voxel that it fills. */
  readonly share: Float64Array;
}

/**
 * Shares of the voxels of a row in those of another.
 *
 * @param sources  voxels of the source
 * @param targets  voxels of the target
 * @param scale    steps of the source in one of the target; negative where they run against one another
 * @param shift    center of the first target voxel, in voxels of the source
 */
export function rowShares(sources: number, targets: number, scale: number, shift: number): RowShares {
  const lists = Array.from({ length: sources }, (): [number, number][] => []);
  for (let t = 0; t < targets; t++) {
    const middle = scale * t + shift;
    const [low, high] = [middle - Math.abs(scale) / 2, middle + Math.abs(scale) / 2];
    for (let s = Math.max(0, Math.floor(low + 0.5)); s <= Math.min(sources - 1, Math.ceil(high + 0.5)); s++) {
      const overlap = Math.min(high, s + 0.5) - Math.max(low, s - 0.5);
      // Edges that coincide but for rounding do not overlap.
      if (overlap > 1e-9) lists[s]?.push([t, overlap / Math.abs(scale)]);
    }
  }
  const from = new Int32Array(sources + 1);
  lists.forEach((list, s) => (from[s + 1] = (from[s] as number) + list.length));
  return { count: targets, from, target: Int32Array.from(lists.flat(), ([t]) => t), share: Float64Array.from(lists.flat(), ([, share]) => share) };
}

/**
 * Adds one plane of an image to its volume averages on another grid with parallel axes. Once every plane was added, sum times
 * volume is what it was, and a voxel that the image fills in part holds that part.
 *
 * @param sums    averages on the grid so far, x fastest
 * @param plane   numbers of the plane, x fastest
 * @param z       number of the plane
 * @param shares  along x, y and z
 */
export function addPlaneAverage(sums: Float32Array, plane: Float32Array, z: number, [xs, ys, zs]: readonly [RowShares, RowShares, RowShares]): void {
  if (zs.from[z] === zs.from[z + 1]) return;
  const nx = xs.from.length - 1;
  // Rows first: what is left to be shared along x is fewer.
  const rows = new Float64Array(nx * ys.count);
  for (let y = 0; y + 1 < ys.from.length; y++) {
    for (let n = ys.from[y] as number; n < (ys.from[y + 1] as number); n++) {
      const share = ys.share[n] as number;
      const start = (ys.target[n] as number) * nx;
      for (let x = 0; x < nx; x++) rows[start + x] = (rows[start + x] as number) + share * (plane[x + nx * y] as number);
    }
  }
  const narrow = new Float64Array(xs.count * ys.count);
  for (let t = 0; t < ys.count; t++) {
    for (let x = 0; x < nx; x++) {
      const value = rows[x + nx * t] as number;
      if (value === 0) continue;
      for (let n = xs.from[x] as number; n < (xs.from[x + 1] as number); n++) {
        const at = (xs.target[n] as number) + xs.count * t;
        narrow[at] = (narrow[at] as number) + (xs.share[n] as number) * value;
      }
    }
  }
  for (let n = zs.from[z] as number; n < (zs.from[z + 1] as number); n++) {
    const share = zs.share[n] as number;
    const start = (zs.target[n] as number) * narrow.length;
    for (let i = 0; i < narrow.length; i++) sums[start + i] = (sums[start + i] as number) + share * (narrow[i] as number);
  }
}
