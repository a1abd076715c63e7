import type { Occupancy } from "./occupancy.ts";

type Triple = readonly [number, number, number];

/** Distances from a surface on a box of voxels. */
export interface SurfaceDistance {
  readonly first: Triple;
  readonly size: Triple;
  /** Millimeters from the center of each voxel to the surface, negative inside, x fastest. */
  readonly mm: Float64Array;
}

/**
 * Nearest of some voxels for every voxel: lower envelopes of parabolas, along one axis after the other; exact
 * (Felzenszwalb and Huttenlocher 2012).
 *
 * @param seeds    1 for the voxels looked for
 * @param size     voxels along the axes, x fastest
 * @param spacing  distances of neighbors along the axes, mm
 * @returns        index of the nearest seed of each voxel; −1 where there is none at all
 */
export function nearestSeed(seeds: Uint8Array, size: Triple, spacing: Triple): Int32Array {
  const squared = Float64Array.from(seeds, (seed) => (seed === 1 ? 0 : Infinity));
  const nearest = Int32Array.from(seeds, (seed, i) => (seed === 1 ? i : -1));
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const [across, up] = [0, 1, 2].filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
    const envelope = new LowerEnvelope(size[axis], spacing[axis]);
    for (let a = 0; a < size[up]; a++) {
      for (let b = 0; b < size[across]; b++) envelope.spread(squared, nearest, a * strides[up] + b * strides[across], strides[axis]);
    }
  }
  return nearest;
}

/** The lowest of the parabolas that stand on a line of voxels. */
class LowerEnvelope {
  readonly #n: number;
  readonly #spacing: number;
  readonly #feet: Int32Array;
  readonly #from: Float64Array;
  readonly #heights: Float64Array;
  readonly #names: Int32Array;

  constructor(n: number, spacing: number) {
    this.#n = n;
    this.#spacing = spacing;
    this.#feet = new Int32Array(n);
    this.#from = new Float64Array(n + 1);
    this.#heights = new Float64Array(n);
    this.#names = new Int32Array(n);
  }

  spread(squared: Float64Array, nearest: Int32Array, start: number, stride: number): void {
    const count = this.#gather(squared, nearest, start, stride);
    if (count === 0) return;
    for (let i = 0, k = 0; i < this.#n; i++) {
      const at = i * this.#spacing;
      while (k + 1 < count && (this.#from[k + 1] as number) < at) k++;
      const foot = this.#feet[k] as number;
      squared[start + i * stride] = (at - foot * this.#spacing) ** 2 + (this.#heights[foot] as number);
      nearest[start + i * stride] = this.#names[foot] as number;
    }
  }

  /** Stacks the parabolas that are lowest somewhere; how many there are. */
  #gather(squared: Float64Array, nearest: Int32Array, start: number, stride: number): number {
    let count = 0;
    for (let i = 0; i < this.#n; i++) {
      this.#heights[i] = squared[start + i * stride] as number;
      this.#names[i] = nearest[start + i * stride] as number;
      if (this.#heights[i] === Infinity) continue;
      let meet = -Infinity;
      while (count > 0 && (meet = this.#meet(this.#feet[count - 1] as number, i)) <= (this.#from[count - 1] as number)) count--;
      this.#feet[count] = i;
      this.#from[count] = count === 0 ? -Infinity : meet;
      count++;
    }
    return count;
  }

  /** Where two parabolas cross, mm. */
  #meet(a: number, b: number): number {
    const [x, y] = [a * this.#spacing, b * this.#spacing];
    return ((this.#heights[b] as number) + y * y - (this.#heights[a] as number) - x * x) / (2 * (y - x));
  }
}

/**
 * Signed distance from the surface of a structure. The surface passes through voxels at the depth that their share
 * says, so distances are finer than a voxel: exact at flat faces along the axes, 0.15 voxels (rms) on a sphere.
 *
 * @param around   voxels added on each side of the box
 * @param spacing  mm
 */
export function surfaceDistance(inside: Occupancy, around: Triple, spacing: Triple): SurfaceDistance {
  const { first, size, fraction } = padded(inside, around);
  const surface = surfacePoints(fraction, size, spacing);
  // From outside, the nearest of the inner voxels of the surface counts, and from inside the nearest of the outer.
  const side = (inner: boolean) => nearestSeed(surface.seeds.map((seed, i) => (seed === 1 && (fraction[i] as number) >= 0.5 === inner ? 1 : 0)), size, spacing);
  const [inner, outer] = [side(true), side(false)];
  const mm = new Float64Array(fraction.length);
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let x = 0; x < size[0]; x++, i++) {
        const within = (fraction[i] as number) >= 0.5;
        const nearest = within ? outer : inner;
        const place = [x * spacing[0], j * spacing[1], k * spacing[2]] as const;
        let least = surface.from(nearest[i] as number, place);
        // The nearest voxel is not always that with the nearest point: neighbors may know a better one.
        for (const axis of [0, 1, 2] as const) {
          const at = axis === 0 ? x : axis === 1 ? j : k;
          if (at > 0) least = Math.min(least, surface.from(nearest[i - strides[axis]] as number, place));
          if (at + 1 < size[axis]) least = Math.min(least, surface.from(nearest[i + strides[axis]] as number, place));
        }
        mm[i] = within ? -Math.sqrt(least) : Math.sqrt(least);
      }
    }
  }
  return { first, size, mm };
}

/** A box with room around it. */
export function padded(inside: Occupancy, around: Triple): Occupancy {
  const first = inside.first.map((value, a) => value - (around[a] as number)) as unknown as Triple;
  const size = inside.size.map((value, a) => value + 2 * (around[a] as number)) as unknown as Triple;
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < inside.size[2]; k++) {
    for (let j = 0; j < inside.size[1]; j++) {
      const row = inside.size[0] * (j + inside.size[1] * k);
      fraction.set(inside.fraction.subarray(row, row + inside.size[0]), around[0] + size[0] * (j + around[1] + size[1] * (k + around[2])));
    }
  }
  return { first, size, fraction };
}

/** Voxels at the surface, and for each the squared distance of a place from its patch of the surface, mm². */
function surfacePoints(share: Float32Array, size: Triple, spacing: Triple): { seeds: Uint8Array; from: (seed: number, place: Triple) => number } {
  const seeds = new Uint8Array(share.length);
  const patches = new Map<number, { readonly point: Triple; readonly normal: Triple }>();
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let x = 0; x < size[0]; x++, i++) {
        const here = share[i] as number;
        const at = [x, j, k] as const;
        const beside = (axis: 0 | 1 | 2, step: 1 | -1) => (at[axis] + step < 0 || at[axis] + step >= size[axis] ? 0 : (share[i + step * strides[axis]] as number));
        const slope = [0, 1, 2].map((axis) => (beside(axis as 0, 1) - beside(axis as 0, -1)) / (2 * (spacing[axis] as number))) as unknown as Triple;
        const crosses = ([0, 1, 2] as const).some((axis) => beside(axis, 1) >= 0.5 !== here >= 0.5 || beside(axis, -1) >= 0.5 !== here >= 0.5);
        const steep = Math.hypot(...slope);
        if (!crosses || steep === 0) continue;
        // Across a flat face the share falls from 1 to 0 over the width of the voxel along the normal.
        const width = slope.reduce((sum, part, axis) => sum + (Math.abs(part) / steep) * (spacing[axis] as number), 0);
        const depth = (here - 0.5) * width;
        seeds[i] = 1;
        const normal = slope.map((part) => -part / steep) as unknown as Triple;
        patches.set(i, { normal, point: at.map((value, axis) => value * (spacing[axis] as number) + depth * (normal[axis] as number)) as unknown as Triple });
      }
    }
  }
  // A voxel holds a flat, round patch of the surface; its width was found on spheres of 5 to 9 voxels, where distances then err by 0.15 voxels (rms).
  const radius = Math.min(...spacing) / 5;
  const from = (seed: number, place: Triple) => {
    const patch = patches.get(seed);
    if (patch === undefined) return Infinity;
    const [x, y, z] = [place[0] - patch.point[0], place[1] - patch.point[1], place[2] - patch.point[2]];
    const off = x * patch.normal[0] + y * patch.normal[1] + z * patch.normal[2];
    const along = Math.sqrt(Math.max(0, x * x + y * y + z * z - off * off));
    return off * off + Math.max(0, along - radius) ** 2;
  };
  return { seeds, from };
}

/**
 * A structure grown or shrunk by different distances in six directions: every voxel within the ellipsoid octants of an
 * inside voxel. Whole voxels count from a share of one half, so a face is exact to half a voxel.
 *
 * @param reach  mm towards lower and higher voxel counts along each axis
 * @returns      squared distance in units of the reach: 1 on the new surface
 */
export function octantDistance(inside: Uint8Array, size: Triple, spacing: Triple, reach: readonly [Pair, Pair, Pair]): Float64Array {
  let field = Float64Array.from(inside, (one) => (one === 1 ? 0 : Infinity));
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const [lower, higher] = reach[axis];
    const [back, ahead] = [Math.floor(higher / spacing[axis] + 1e-9), Math.floor(lower / spacing[axis] + 1e-9)];
    const next = new Float64Array(field.length).fill(Infinity);
    for (let i = 0; i < field.length; i++) {
      const at = Math.floor(i / strides[axis]) % size[axis];
      let least = Infinity;
      for (let step = -Math.min(back, at); step <= Math.min(ahead, size[axis] - 1 - at); step++) {
        const mm = step * spacing[axis];
        const cost = (field[i + step * strides[axis]] as number) + (step === 0 ? 0 : (mm / (step < 0 ? higher : lower)) ** 2);
        if (cost < least) least = cost;
      }
      next[i] = least;
    }
    field = next;
  }
  return field;
}

/** Two distances along an axis, mm. */
export type Pair = readonly [number, number];
