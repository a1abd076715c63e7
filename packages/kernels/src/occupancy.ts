import { invertAffine } from "./affine.ts";
import { polygonCoverage } from "./occupancy-coverage.ts";
import { contourStack, cross, dot, inPlane, norm, originOfLattice, stepAlong, type ContourStack, type Point, type Slab } from "./occupancy-planes.ts";
import { slabsOf, type SlabOptions } from "./occupancy-slabs.ts";
import type { Lattice } from "./resample.ts";

/** How much of each voxel of a box within a grid lies inside a structure. */
export interface Occupancy {
  /** Voxel of the grid at which the box begins. */
  readonly first: readonly [number, number, number];
  /** Voxels of the box along the axes. */
  readonly size: readonly [number, number, number];
  /** 0 to 1, x fastest. */
  readonly fraction: Float32Array;
}

export interface OccupancyOptions extends SlabOptions {
  /** Whether the box may reach beyond the grid, which then goes on with the same steps; left out, it ends with the grid. */
  readonly beyond?: boolean;
}

/**
 * Share of each voxel inside the closed contours of a structure, in any orientation of planes and grid. Within a plane
 * holes come by the even-odd rule; along the normal each contour stands for a slab, see `slabsOf`.
 *
 * @param loops  x, y, z of each point, LPS, mm; or a stack already sorted
 * @param grid   where the shares are asked
 * @returns      the box of voxels that the structure touches; empty where it lies outside the grid
 */
export function occupancy(loops: readonly Float64Array[] | ContourStack, grid: Lattice, options: OccupancyOptions = {}): Occupancy {
  const stack = "planes" in loops ? loops : contourStack(loops);
  const axis = [0, 1, 2].find((a) => alongAxis(stack.normal, grid, a));
  const thickness = axis === undefined ? smallestStep(grid) : norm(stepAlong(grid, axis));
  const slabs = slabsOf(stack, { ...options, spacingMm: options.spacingMm ?? stack.spacingMm ?? thickness });
  const limits = options.beyond === true ? unlimited : { low: [0, 0, 0], high: grid.size };
  return axis === undefined ? obliqueOccupancy(stack, slabs, grid, limits) : alignedOccupancy(stack.normal, slabs, grid, axis, limits);
}

/** The voxels that a box may have. */
interface Limits {
  readonly low: readonly number[];
  readonly high: readonly number[];
}
const unlimited: Limits = { low: [-Infinity, -Infinity, -Infinity], high: [Infinity, Infinity, Infinity] };

/** Contour planes are planes of the grid where no in-plane step leaves them: 0.1 mm over a meter. */
function alongAxis(normal: Point, grid: Lattice, axis: number): boolean {
  const lattice = cross(stepAlong(grid, (axis + 1) % 3), stepAlong(grid, (axis + 2) % 3));
  return norm(cross(lattice, normal)) < 1e-4 * norm(lattice);
}

const smallestStep = (grid: Lattice) => Math.min(...[0, 1, 2].map((a) => norm(stepAlong(grid, a))));

/** Slabs in voxels: the two axes of the plane, and from where to where along the third. */
interface VoxelSlab {
  readonly from: number;
  readonly to: number;
  readonly loops: readonly Float64Array[];
}

function alignedOccupancy(normal: Point, slabs: readonly Slab[], grid: Lattice, axis: number, limits: Limits): Occupancy {
  const [p, q] = [0, 1, 2].filter((a) => a !== axis) as [number, number];
  const lying = slabs.map((slab) => voxelSlab(slab, normal, grid, axis, p, q));
  const { first, size } = boxOf(lying, limits, axis, p, q);
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [width, height] = [size[p] as number, size[q] as number];
  for (const slab of fraction.length === 0 ? [] : lying) {
    const covered = polygonCoverage(slab.loops.map((loop) => shifted(loop, first[p] as number, first[q] as number)), width, height);
    for (let k = 0; k < (size[axis] as number); k++) {
      const from = Math.max(slab.from, (first[axis] as number) + k);
      const share = Math.min(slab.to, (first[axis] as number) + k + 1) - from;
      if (share > 1e-9) addLayer(fraction, covered, width, height, k * (strides[axis] as number), strides[p] as number, strides[q] as number, share);
    }
  }
  return { first, size, fraction };
}

/** A slab in voxels that reach from i to i + 1, free of the rounding that inverted matrices leave. */
function voxelSlab({ from, to, loops }: Slab, normal: Point, grid: Lattice, axis: number, p: number, q: number): VoxelSlab {
  const map = invertAffine(grid.patientFromVoxel);
  const step = dot(stepAlong(grid, axis), normal);
  const origin = dot(originOfLattice(grid), normal);
  const ends = [from, to].map((at) => settled((at - origin) / step + 0.5)).sort((a, b) => a - b) as [number, number];
  const coordinate = (loop: Float64Array, i: number, row: number) =>
    settled((map[4 * row] as number) * (loop[i] as number) + (map[4 * row + 1] as number) * (loop[i + 1] as number) + (map[4 * row + 2] as number) * (loop[i + 2] as number) + (map[4 * row + 3] as number) + 0.5);
  return {
    from: ends[0],
    to: ends[1],
    loops: loops.map((loop) => {
      const flat = new Float64Array((loop.length / 3) * 2);
      for (let i = 0, o = 0; i + 2 < loop.length; i += 3, o += 2) {
        flat[o] = coordinate(loop, i, p);
        flat[o + 1] = coordinate(loop, i, q);
      }
      return flat;
    }),
  };
}

/** Contours along the edges of voxels lie on them: a millionth of a voxel is rounding. */
const settled = (value: number) => (Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value);

function shifted(loop: Float64Array, x: number, y: number): Float64Array {
  return loop.map((value, i) => value - (i % 2 === 0 ? x : y));
}

function boxOf(slabs: readonly VoxelSlab[], limits: Limits, axis: number, p: number, q: number): Pick<Occupancy, "first" | "size"> {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const reach = (a: number, value: number) => {
    low[a] = Math.min(low[a] as number, value);
    high[a] = Math.max(high[a] as number, value);
  };
  for (const { from, to, loops } of slabs) {
    for (const end of [from, to]) reach(axis, end);
    for (const loop of loops) for (let i = 0; i < loop.length; i++) reach(i % 2 === 0 ? p : q, loop[i] as number);
  }
  return boxWithin(low, high, limits);
}

/** The voxels from the first touched to the last, within limits; none is an empty box. */
function boxWithin(low: readonly number[], high: readonly number[], limits: Limits): Pick<Occupancy, "first" | "size"> {
  const first = low.map((value, a) => Math.max(limits.low[a] as number, Math.floor(value))) as [number, number, number];
  const size = high.map((value, a) => Math.min(limits.high[a] as number, Math.ceil(value)) - (first[a] as number)) as [number, number, number];
  return size.every((n) => n > 0 && n < Infinity) ? { first, size } : { first: [0, 0, 0], size: [0, 0, 0] };
}

function addLayer(fraction: Float32Array, covered: Float32Array, width: number, height: number, start: number, across: number, down: number, share: number): void {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, o = start + y * down; x < width; x++, i++, o += across) {
      const part = covered[i] as number;
      if (part !== 0) fraction[o] = Math.min(1, (fraction[o] as number) + share * part);
    }
  }
}

/** Samples of a voxel along each of its axes, where planes and grid are oblique to one another. */
const perVoxel = 4;

/**
 * Planes oblique to the grid: the shares on a finer grid that lies with the planes, and the mean of 64 places in each
 * voxel of the other.
 */
function obliqueOccupancy(stack: ContourStack, slabs: readonly Slab[], grid: Lattice, limits: Limits): Occupancy {
  const fine = latticeOf(stack, slabs, smallestStep(grid) / perVoxel);
  const source = alignedOccupancy(stack.normal, slabs, fine, 2, unlimited);
  const { first, size } = boxAround(fine, grid, limits);
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  const map = invertAffine(fine.patientFromVoxel);
  const at = [0, 0, 0];
  for (let k = 0, o = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, o++) {
        let sum = 0;
        for (let s = 0; s < perVoxel ** 3; s++) {
          const place = [s % perVoxel, Math.floor(s / perVoxel) % perVoxel, Math.floor(s / perVoxel ** 2)].map((n) => (n + 0.5) / perVoxel - 0.5) as [number, number, number];
          const [x, y, z] = [first[0] + i + place[0], first[1] + j + place[1], first[2] + k + place[2]];
          for (let row = 0; row < 3; row++) at[row] = composed(map, grid.patientFromVoxel, row, x, y, z) - (source.first[row] as number);
          sum += nearest(source, at);
        }
        fraction[o] = sum / perVoxel ** 3;
      }
    }
  }
  return { first, size, fraction };
}

function composed(map: Float64Array, grid: ArrayLike<number>, row: number, x: number, y: number, z: number): number {
  let sum = map[4 * row + 3] as number;
  for (let c = 0; c < 3; c++) {
    sum += (map[4 * row + c] as number) * ((grid[4 * c] as number) * x + (grid[4 * c + 1] as number) * y + (grid[4 * c + 2] as number) * z + (grid[4 * c + 3] as number));
  }
  return sum;
}

function nearest({ size, fraction }: Occupancy, at: readonly number[]): number {
  const [x, y, z] = [Math.round(at[0] as number), Math.round(at[1] as number), Math.round(at[2] as number)];
  return x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2] ? 0 : (fraction[x + size[0] * (y + size[1] * z)] as number);
}

/** The voxels of a grid that another may touch. */
function boxAround(other: Lattice, grid: Lattice, limits: Limits): Pick<Occupancy, "first" | "size"> {
  const map = invertAffine(grid.patientFromVoxel);
  const ends = other.size.map((n) => [-0.5, n - 0.5]) as [number, number][];
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => [0, 1, 2].map((row) => composed(map, other.patientFromVoxel, row, ...([0, 1, 2].map((a) => (ends[a] as [number, number])[(c >> a) & 1]) as [number, number, number]))));
  const range = (most: (...values: number[]) => number) => [0, 1, 2].map((a) => most(...corners.map((c) => c[a] as number)) + 0.5);
  return boxWithin(range(Math.min), range(Math.max), limits);
}

/**
 * A grid that lies with the planes of a structure and just holds it: two axes in the plane, the third along the normal
 * from the first slab to the last.
 *
 * @param stepMm  the largest step wished, mm; along the normal a slab is cut into whole steps
 */
export function latticeOf(stack: ContourStack, slabs: readonly Slab[], stepMm: number): Lattice {
  const { normal } = stack;
  const across = inPlane(normal);
  const down = cross(normal, across);
  const range = (axis: Point) => {
    let [low, high] = [Infinity, -Infinity];
    for (const { loops } of stack.planes) {
      for (const loop of loops) {
        for (let i = 0; i < loop.length; i += 3) {
          const value = (loop[i] as number) * axis[0] + (loop[i + 1] as number) * axis[1] + (loop[i + 2] as number) * axis[2];
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
    return [low, high] as const;
  };
  const from = Math.min(...slabs.map((slab) => slab.from));
  const to = Math.max(...slabs.map((slab) => slab.to));
  const slice = Math.min(...slabs.map((slab) => slab.to - slab.from));
  const upStep = slice > stepMm ? slice / Math.ceil(slice / stepMm) : stepMm;
  const spans = [range(across), range(down), [from, to] as const] as const;
  const steps = [stepMm, stepMm, upStep] as const;
  const axes = [across, down, normal] as const;
  const size = spans.map(([low, high], a) => Math.max(1, Math.ceil((high - low) / (steps[a] as number) - 1e-6))) as unknown as Point;
  // The grid is centred on the structure, so that what is over lies on both sides alike; along the normal it begins with the first slab.
  const starts = spans.map(([low, high], a) => (a === 2 ? low : (low + high - (size[a] as number) * (steps[a] as number)) / 2) + (steps[a] as number) / 2);
  const row = (r: 0 | 1 | 2) => [...axes.map((axis, a) => axis[r] * (steps[a] as number)), axes.reduce((sum, axis, a) => sum + axis[r] * (starts[a] as number), 0)];
  return { size, patientFromVoxel: Float64Array.from([...row(0), ...row(1), ...row(2)]) };
}
