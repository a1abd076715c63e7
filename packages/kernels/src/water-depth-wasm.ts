import type { Crew, Room, Task } from "./crew.ts";
import type { WorkOptions } from "./work-options.ts";
import { fanOf, waterDepth, type Attenuating } from "./water-depth.ts";

/**
 * Water-equivalent depth on a crew: the fast form of `waterDepth`, which is what a plain crew runs.
 *
 * @returns mm of water; length nx·ny·nz
 * @throws  RangeError as `waterDepth`, and when the memory is too small; the signal's reason when it is aborted
 */
export async function waterDepthWith(crew: Crew, medium: Attenuating & { readonly sourceMm: readonly [number, number, number] }, options: WorkOptions = {}): Promise<Float32Array> {
  if (crew.form === "plain") return waterDepth(medium);
  const room = crew.room();
  try {
    const length = medium.density.length;
    const depth = room.take(4 * length);
    await crew.run(depthChains(room, medium, room.put(medium.density), depth, crew.threads), options);
    return room.floats(depth, length).slice();
  } finally {
    room.close();
  }
}

/** Bands of the fan, so many to a thread that all end together; what they share is one row of rays. */
const bandsPerThread = 4;

function depthChains(room: Room, { size, spacingMm, sourceMm }: Omit<Attenuating, "density"> & { readonly sourceMm: readonly [number, number, number] }, density: number, depth: number, threads: number): Task[][] {
  const { axes: [a, b, c], source, ascending, count: [rays, rows], first, apart } = fanOf({ size, spacingMm }, sourceMm);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const fan = doubles(room, [...source, first[0], apart[0], first[1], apart[1], spacingMm[c], spacingMm[a] / spacingMm[c], spacingMm[b] / spacingMm[c]]);
  const bands = threads === 1 ? 1 : Math.min(rows - 1, threads * bandsPerThread);
  return Array.from({ length: bands }, (_, band): Task[] => {
    const [from, to] = [Math.floor((band * (rows - 1)) / bands), Math.floor(((band + 1) * (rows - 1)) / bands)];
    const passed = room.take(4 * (to - from + 1) * rays);
    return [["depthAlongRays", fan, density, depth, passed, size[a], size[b], size[c], strides[a], strides[b], strides[c], Number(ascending), rays, from, to]];
  });
}

/** Takes room for numbers of 8 bytes and copies them there. */
export function doubles(room: Room, values: ArrayLike<number>): number {
  const pointer = room.take(8 * values.length);
  new Float64Array(room.floats(pointer, 0).buffer, pointer, values.length).set(values);
  return pointer;
}
