import { spacingOf } from "@hapax/base";
import { octantDistance, padded, surfaceDistance, type Occupancy } from "@hapax/kernels";
import type { Shape } from "./structure-algebra.ts";
import { coarsened, refined } from "./structure-refined.ts";

type Triple = readonly [number, number, number];

/** Distances towards lower and higher voxel counts along each axis of the grid, mm; all grow, or all shrink (negative). */
export type SixMargins = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

/**
 * A structure grown by a distance in every direction, or shrunk by a negative one: where the distance from its surface
 * is no more. The surface is finer than a voxel, and slices thicker than wide are divided.
 *
 * @param mm  distance, or six of them
 */
export function margin({ grid, inside }: Shape, mm: number | SixMargins): Shape {
  const { fine, parts } = refined(inside, spacingOf(grid));
  const step = spacingOf(grid).map((spacing, axis) => spacing / (parts[axis] as number)) as unknown as Triple;
  return { grid, inside: coarsened(typeof mm === "number" ? evenMargin(fine, mm, step) : sixMargin(fine, mm, step), parts) };
}

/** Corners and gaps finer than a distance taken off: shrunk and grown, then grown and shrunk, by the same distance. */
export const smoothed = (shape: Shape, mm: number): Shape => margin(margin(margin(shape, -mm), 2 * mm), -mm);

function evenMargin(inside: Occupancy, mm: number, step: Triple): Occupancy {
  const around = step.map((one) => Math.max(1, Math.ceil(mm / one) + 1)) as unknown as Triple;
  const { first, size, mm: distances } = surfaceDistance(inside, around, step);
  const width = Math.cbrt(step[0] * step[1] * step[2]);
  return { first, size, fraction: Float32Array.from(distances, (distance) => Math.min(1, Math.max(0, 0.5 + (mm - distance) / width))) };
}

function sixMargin(inside: Occupancy, margins: SixMargins, step: Triple): Occupancy {
  const shrinks = margins.flat().some((value) => value < 0);
  const reach = margins.map(([low, high]) => (shrinks ? [-high, -low] : [low, high])) as unknown as SixMargins;
  const box = padded(inside, step.map((one, axis) => Math.ceil(Math.max(...(reach[axis] as readonly [number, number])) / one) + 1) as unknown as Triple);
  // What shrinks is what its surroundings grow into.
  const grown = octantDistance(Uint8Array.from(box.fraction, (share) => (share >= 0.5 !== shrinks ? 1 : 0)), box.size, step, reach);
  return { ...box, fraction: Float32Array.from(grown, (value) => (value <= 1 + 1e-9 !== shrinks ? 1 : 0)) };
}
