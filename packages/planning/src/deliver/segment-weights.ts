import type { BeamBixels, Machine } from "@hapax/dose";
import { leafGrid, letThrough } from "./leaf-grid.ts";
import type { Segment } from "./segment.ts";

/**
 * What segments let through each bixel, with what passes closed leaves: MU of all fractions, as weights of the pencil operator.
 *
 * @returns  beam by beam, in the order of the operator's weights
 * @throws   planning/no-leaves
 */
export function segmentWeights(segments: readonly Segment[], bixels: readonly BeamBixels[], bixelMm: number, machine: Machine, fractions: number): Float32Array {
  const sums = new Float64Array(bixels.reduce((count, { centersMm }) => count + centersMm.length / 2, 0));
  const grids = bixels.map((beam) => leafGrid(beam, bixelMm, machine));
  for (const { beam, leavesMm, mu } of segments) {
    const { firstWeight } = bixels[beam] as BeamBixels;
    letThrough(grids[beam] as (typeof grids)[number], leavesMm).forEach((share, bixel) => (sums[firstWeight + bixel] = (sums[firstWeight + bixel] as number) + mu * fractions * share));
  }
  return Float32Array.from(sums);
}
