import { spacingOf } from "@hapax/base";
import { octantDistance, padded, surfaceDistance, type Occupancy } from "@hapax/kernels";
import type { Shape } from "./structure-algebra.ts";

type Triple = readonly [number, number, number];

/** Distances towards lower and higher voxel counts along each axis of the grid, mm; all grow, or all shrink (negative). */
export type SixMargins = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

/**
 * A structure grown by a distance in every direction, or shrunk by a negative one: where the distance from its surface
 * is no more. The surface is finer than a voxel.
 *
 * @param mm  distance, or six of them: then whole voxels count, and a face is exact to half a voxel
 */
export function margin(shape: Shape, mm: number | SixMargins): Shape {
  return typeof mm === "number" ? evenMargin(shape, mm) : sixMargin(shape, mm);
}

/** Corners and gaps finer than a distance taken off: shrunk and grown, then grown and shrunk, by the same distance. */
export const smoothed = (shape: Shape, mm: number): Shape => margin(margin(margin(shape, -mm), 2 * mm), -mm);

function evenMargin({ grid, inside }: Shape, mm: number): Shape {
  const spacing = spacingOf(grid);
  const around = spacing.map((step) => Math.max(1, Math.ceil(mm / step) + 1)) as unknown as Triple;
  const { first, size, mm: distances } = surfaceDistance(inside, around, spacing);
  const width = Math.cbrt(spacing[0] * spacing[1] * spacing[2]);
  const fraction = Float32Array.from(distances, (distance) => Math.min(1, Math.max(0, 0.5 + (mm - distance) / width)));
  return { grid, inside: { first, size, fraction } };
}

function sixMargin({ grid, inside }: Shape, margins: SixMargins): Shape {
  const spacing = spacingOf(grid);
  const shrinks = margins.flat().some((value) => value < 0);
  const reach = margins.map(([low, high]) => (shrinks ? [-high, -low] : [low, high])) as unknown as SixMargins;
  const box: Occupancy = padded(inside, spacing.map((step, axis) => Math.ceil(Math.max(...(reach[axis] as readonly [number, number])) / step) + 1) as unknown as Triple);
  // What shrinks is what its surroundings grow into.
  const grown = octantDistance(Uint8Array.from(box.fraction, (share) => (share >= 0.5 !== shrinks ? 1 : 0)), box.size, spacing, reach);
  return { grid, inside: { ...box, fraction: Float32Array.from(grown, (value) => (value <= 1 + 1e-9 !== shrinks ? 1 : 0)) } };
}
