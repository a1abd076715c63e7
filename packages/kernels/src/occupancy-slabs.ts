import type { ContourPlane, ContourStack, Slab } from "./occupancy-planes.ts";
import { shapedSlabs } from "./occupancy-shape.ts";

/** What lies beyond the last contour, and beside a gap. */
export type EndCap = "half a slice" | "none" | "taper";

/** What lies between two contours: each of them half-way, or a shape that changes evenly from one to the other. */
export type Between = "slab" | "shape";

export interface SlabOptions {
  /** Left out: slab, which gives back a drawing made of voxels, and the volume without bias. */
  readonly between?: Between;
  /** Left out: half a slice. */
  readonly endCap?: EndCap;
  /** Distance of slices where planes do not tell it (a single contour), mm; left out, the voxel of the grid. */
  readonly spacingMm?: number;
}

/** Pieces of a tapering end. */
const taperSteps = 8;

/** The slabs that contour planes stand for, by the rules chosen. */
export function slabsOf(stack: ContourStack, options: SlabOptions = {}): Slab[] {
  const slabs = flatSlabs(stack, options);
  return options.between === "shape" ? shapedSlabs(stack, slabs) : slabs;
}

/**
 * Each plane reaches half-way to its neighbors. At an end, and beside a gap:
 * `half a slice` it reaches as far outward as inward, half the spacing where it stands alone; `none` it ends on its
 * plane; `taper` it shrinks to its center over a whole slice.
 */
function flatSlabs(stack: ContourStack, { endCap = "half a slice", spacingMm = stack.spacingMm ?? 0 }: SlabOptions): Slab[] {
  const { planes } = stack;
  const open = new Set(gapsOf(stack).map((gap) => gap.from));
  const distance = (k: number) => {
    const [below, above] = [planes[k - 1], planes[k]];
    return below === undefined || above === undefined || open.has(below.at) ? undefined : above.at - below.at;
  };
  return planes.flatMap((plane, k): Slab[] => {
    const [below, above] = [distance(k), distance(k + 1)];
    const half = { below: (below ?? above ?? spacingMm) / 2, above: (above ?? below ?? spacingMm) / 2 };
    const reach = (neighbor: number | undefined, far: number) => (neighbor !== undefined || endCap === "half a slice" ? far : 0);
    const slab = { at: plane.at, from: plane.at - reach(below, half.below), to: plane.at + reach(above, half.above), loops: plane.loops };
    if (endCap !== "taper") return slab.to > slab.from ? [slab] : [];
    return [...(below === undefined ? taper(plane, -2 * half.below) : []), ...(slab.to > slab.from ? [slab] : []), ...(above === undefined ? taper(plane, 2 * half.above) : [])];
  });
}

/** Part of a stack where no contour was drawn: wider than one and a half slices, and than the distances beside it. */
export interface Gap {
  /** Positions of the contours on both sides, along the normal, mm. */
  readonly from: number;
  readonly to: number;
}

/** Where contours are missing in between: never filled. A change of slice spacing is no gap. */
export function gapsOf({ planes, spacingMm = Infinity }: ContourStack): Gap[] {
  const steps = planes.slice(1).map((plane, k) => ({ from: (planes[k] as ContourPlane).at, to: plane.at }));
  const length = (gap: Gap | undefined) => (gap === undefined ? 0 : gap.to - gap.from);
  return steps.filter((step, k) => length(step) > 1.5 * Math.max(spacingMm, steps.length < 3 ? 0 : Math.max(length(steps[k - 1]), length(steps[k + 1]))));
}

/** Outlines that shrink to the middle of each loop over a height: a pyramid in steps of equal thickness, exact in volume. */
function taper(plane: ContourPlane, height: number): Slab[] {
  return Array.from({ length: taperSteps }, (_, s): Slab => {
    const [near, far] = [1 - s / taperSteps, 1 - (s + 1) / taperSteps];
    const scale = Math.sqrt((near ** 2 + near * far + far ** 2) / 3);
    const ends = [plane.at + (height * s) / taperSteps, plane.at + (height * (s + 1)) / taperSteps];
    return { at: plane.at, from: Math.min(...ends), to: Math.max(...ends), loops: plane.loops.map((loop) => shrunk(loop, scale)) };
  });
}

function shrunk(loop: Float64Array, scale: number): Float64Array {
  const middle = [0, 1, 2].map((axis) => {
    let sum = 0;
    for (let i = axis; i < loop.length; i += 3) sum += loop[i] as number;
    return (sum * 3) / loop.length;
  });
  return loop.map((value, i) => (middle[i % 3] as number) + scale * (value - (middle[i % 3] as number)));
}

/** Outlines of the lower and upper faces of slabs, x, y, z of each point, LPS, mm. */
export function facesOf({ normal }: ContourStack, slabs: readonly Slab[]): Float64Array[] {
  return slabs.flatMap(({ at, from, to, loops }) => [from - at, to - at].flatMap((shift) => loops.map((loop) => loop.map((value, i) => value + shift * (normal[i % 3] as number)))));
}
