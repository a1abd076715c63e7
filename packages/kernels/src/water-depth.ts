type Triple = readonly [number, number, number];

/** What rays cross: a grid with its axes as the frame, origin at the centre of the first voxel, mm; x fastest. */
export interface Attenuating {
  readonly size: Triple;
  readonly spacingMm: Triple;
  /** Density relative to water, the same throughout a voxel; 0 outside the grid. */
  readonly density: Float32Array;
}

/**
 * Water-equivalent length of the straight way between two points: density times length, exact for voxels that are each of
 * one density.
 *
 * @returns mm of water
 * @source  siddon1985
 */
export function pathThrough({ size, spacingMm, density }: Attenuating, fromMm: Triple, toMm: Triple): number {
  const at: number[] = [];
  const step: number[] = [];
  // Shares of the way, 0 at its start, at which the next plane of each axis is met, and from plane to plane.
  const next: number[] = [];
  const apart: number[] = [];
  let enters = 0;
  let leaves = 1;
  for (const axis of [0, 1, 2] as const) {
    const start = fromMm[axis] / spacingMm[axis] + 0.5;
    const way = (toMm[axis] - fromMm[axis]) / spacingMm[axis];
    if (way === 0 && !(start >= 0 && start < size[axis])) return 0;
    if (way !== 0) {
      enters = Math.max(enters, Math.min(-start / way, (size[axis] - start) / way));
      leaves = Math.min(leaves, Math.max(-start / way, (size[axis] - start) / way));
    }
  }
  if (!(enters < leaves)) return 0;
  for (const axis of [0, 1, 2] as const) {
    const start = fromMm[axis] / spacingMm[axis] + 0.5;
    const way = (toMm[axis] - fromMm[axis]) / spacingMm[axis];
    const cell = Math.min(size[axis] - 1, Math.max(0, Math.floor(start + enters * way)));
    at.push(cell);
    step.push(Math.sign(way));
    next.push(way === 0 ? Infinity : (cell + (way > 0 ? 1 : 0) - start) / way);
    apart.push(way === 0 ? Infinity : 1 / Math.abs(way));
  }
  let sum = 0;
  let reached = enters;
  while (reached < leaves) {
    const axis = nearest(next);
    const until = Math.min(leaves, next[axis] as number);
    const [i, j, k] = at as [number, number, number];
    if (until > reached) sum += (until - reached) * (density[i + size[0] * (j + size[1] * k)] as number);
    reached = Math.max(reached, until);
    at[axis] = (at[axis] as number) + (step[axis] as number);
    if ((at[axis] as number) < 0 || (at[axis] as number) >= size[axis]) break;
    next[axis] = (next[axis] as number) + (apart[axis] as number);
  }
  return sum * Math.hypot(toMm[0] - fromMm[0], toMm[1] - fromMm[1], toMm[2] - fromMm[2]);
}

function nearest([x, y, z]: readonly number[]): 0 | 1 | 2 {
  return (x as number) <= (y as number) && (x as number) <= (z as number) ? 0 : (y as number) <= (z as number) ? 1 : 2;
}

/** Rays from a source through a grid, two to a voxel where they are widest apart, and the axis along which they are stepped. */
export interface Fan {
  /** The axis stepped, and the two across it. */
  readonly axes: readonly [a: 0 | 1 | 2, b: 0 | 1 | 2, c: 0 | 1 | 2];
  /** The source in voxel counts along a, b, c; centres of voxels are whole. */
  readonly source: Triple;
  /** Order in which planes are met: from the first up, or from the last down. */
  readonly ascending: boolean;
  readonly count: readonly [number, number];
  /** Slope of the first ray along a and b, in voxels per plane, and from ray to ray. */
  readonly first: readonly [number, number];
  readonly apart: readonly [number, number];
}

const raysPerVoxel = 2;

/**
 * The rays of `waterDepth`.
 *
 * @throws RangeError where the source stands inside the grid
 */
export function fanOf({ size, spacingMm }: Pick<Attenuating, "size" | "spacingMm">, sourceMm: Triple): Fan {
  const standoffMm = ([0, 1, 2] as const).map((axis) => {
    const at = sourceMm[axis] / spacingMm[axis];
    return Math.max(-0.5 - at, at - (size[axis] - 0.5)) * spacingMm[axis];
  }) as [number, number, number];
  const c = standoffMm.indexOf(Math.max(...standoffMm)) as 0 | 1 | 2;
  if (!(standoffMm[c] > 0)) throw new RangeError(`The source at ${sourceMm.join(", ")} mm stands inside the grid of ${size.join(" × ")} voxels.`);
  const [a, b] = c === 0 ? ([1, 2] as const) : c === 1 ? ([0, 2] as const) : ([0, 1] as const);
  const source = [sourceMm[a] / spacingMm[a], sourceMm[b] / spacingMm[b], sourceMm[c] / spacingMm[c]] as const;
  const ascending = source[2] < 0;
  const near = ascending ? -source[2] : source[2] - (size[c] - 1);
  const far = near + size[c] - 1;
  const across = ([a, b] as const).map((axis, i) => {
    const ends = [0, size[axis] - 1].flatMap((end) => [(end - (source[i] as number)) / near, (end - (source[i] as number)) / far]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const apart = 1 / (raysPerVoxel * far);
    // Even, so that no ray of a fan that is centred on the grid runs along a face between voxels; and symmetric.
    const count = 2 * (Math.ceil((high - low) / apart / 2) + 1);
    return { count, apart, first: (low + high) / 2 - ((count - 1) / 2) * apart };
  }) as [Across, Across];
  const [u, v] = across;
  return { axes: [a, b, c], source, ascending, count: [u.count, v.count], first: [u.first, v.first], apart: [u.apart, v.apart] };
}

interface Across {
  readonly count: number;
  readonly apart: number;
  readonly first: number;
}

/**
 * Water-equivalent depth of the centre of every voxel along the ray from the source.
 *
 * Rays fan out from the source, no more than half a voxel apart, and each is followed exactly through voxels of one
 * density; a voxel takes the depth at its near face from the four rays around its own, and its own half exactly. Exact for slabs across
 * the stepped axis and for uniform grids; where density changes along the ray's side, a voxel sees the mean over half a
 * voxel's width in place of its centre.
 *
 * @returns mm of water; length nx·ny·nz
 * @throws  RangeError where the source stands inside the grid
 * @source  siddon1985
 */
export function waterDepth(medium: Attenuating & { readonly sourceMm: Triple }): Float32Array {
  const { size, spacingMm, density } = medium;
  const { axes: [a, b, c], source: [sa, sb, sc], ascending, count: [rays, rows], first, apart } = fanOf(medium, medium.sourceMm);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [na, nb, nc] = [size[a], size[b], size[c]];
  // Sums of density over the planes passed, in planes: the secant of each ray follows at the end, exact for each voxel.
  const passed = new Float64Array(rays * rows);
  const depthMm = new Float32Array(density.length);
  const perSlopeA = spacingMm[a] / spacingMm[c];
  const perSlopeB = spacingMm[b] / spacingMm[c];
  for (let step = 0; step < nc; step++) {
    const k = ascending ? step : nc - 1 - step;
    const centre = Math.abs(k - sc);
    const slab: Slab = { density, na, nb, strideA: strides[a], strideB: strides[b], start: k * strides[c] };
    for (let j = 0; j < nb; j++) {
      const v = (j - sb) / centre;
      const row = (v - first[1]) / apart[1];
      const n = Math.floor(row);
      for (let i = 0; i < na; i++) {
        const u = (i - sa) / centre;
        const column = (u - first[0]) / apart[0];
        const m = Math.floor(column);
        const at = m + rays * n;
        const near = mixed(passed[at] as number, passed[at + 1] as number, column - m);
        const far = mixed(passed[at + rays] as number, passed[at + rays + 1] as number, column - m);
        const own = 0.5 * alongSlab(slab, i - 0.5 * u, i, j - 0.5 * v, j);
        const secant = Math.sqrt(1 + (u * perSlopeA) ** 2 + (v * perSlopeB) ** 2);
        depthMm[slab.start + i * slab.strideA + j * slab.strideB] = (mixed(near, far, row - n) + own) * spacingMm[c] * secant;
      }
    }
    const [enters, leaves] = [centre - 0.5, centre + 0.5];
    const [fromM, toM] = touching(sa, na, enters, leaves, first[0], apart[0], rays);
    const [fromN, toN] = touching(sb, nb, enters, leaves, first[1], apart[1], rows);
    for (let n = fromN; n <= toN; n++) {
      const v = first[1] + n * apart[1];
      for (let m = fromM; m <= toM; m++) {
        const u = first[0] + m * apart[0];
        passed[m + rays * n] = (passed[m + rays * n] as number) + alongSlab(slab, sa + u * enters, sa + u * leaves, sb + v * enters, sb + v * leaves);
      }
    }
  }
  return depthMm;
}

/** The rays of one axis that may touch the grid between two distances from the source. */
function touching(source: number, size: number, enters: number, leaves: number, first: number, apart: number, count: number): [number, number] {
  const [low, high] = [-0.5 - source, size - 0.5 - source];
  const from = Math.floor((Math.min(low / enters, low / leaves) - first) / apart);
  const to = Math.ceil((Math.max(high / enters, high / leaves) - first) / apart);
  return [Math.max(0, from), Math.min(count - 1, to)];
}

/** One plane of voxels. */
interface Slab {
  readonly density: Float32Array;
  readonly na: number;
  readonly nb: number;
  readonly strideA: number;
  readonly strideB: number;
  readonly start: number;
}

/** Mean density along a line inside a plane of voxels, from a0, b0 on one face to a1, b1; nothing beyond the grid's edge. */
function alongSlab({ density, na, nb, strideA, strideB, start }: Slab, a0: number, a1: number, b0: number, b1: number): number {
  let i = Math.floor(a0 + 0.5);
  let j = Math.floor(b0 + 0.5);
  const [da, db] = [a1 - a0, b1 - b0];
  let nextA = da > 0 ? (i + 0.5 - a0) / da : da < 0 ? (i - 0.5 - a0) / da : Infinity;
  let nextB = db > 0 ? (j + 0.5 - b0) / db : db < 0 ? (j - 0.5 - b0) / db : Infinity;
  let sum = 0;
  let reached = 0;
  while (true) {
    const until = Math.min(nextA, nextB, 1);
    if (i >= 0 && j >= 0 && i < na && j < nb) sum += (until - reached) * (density[start + i * strideA + j * strideB] as number);
    if (until >= 1) return sum;
    reached = until;
    if (nextA <= nextB) {
      i += Math.sign(da);
      nextA += 1 / Math.abs(da);
    } else {
      j += Math.sign(db);
      nextB += 1 / Math.abs(db);
    }
  }
}

function mixed(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
