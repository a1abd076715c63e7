import type { BeamBixels, DoseOperator, Machine } from "@hapax/dose";
import type { Merit } from "../optimize/terms.ts";
import { endsGradient, leafGrid, letThrough, type LeafGrid } from "./leaf-grid.ts";
import type { Segment } from "./segment.ts";

export interface DeliveryOptions {
  readonly operator: Pick<DoseOperator, "forward" | "adjoint" | "bixels" | "voxelCount">;
  readonly bixelMm: number;
  readonly machine: Machine;
  readonly merit: Merit;
  /** Added to what the operator gives, Gy. */
  readonly offsetGy?: Float32Array | undefined;
  readonly fractions: number;
}

/** Value of a merit, and its derivatives by what segments are made of. */
export interface Slope {
  readonly value: number;
  /** By the monitor units of each segment, one fraction. */
  readonly byMu: Float64Array;
  /** By the ends of the leaves of each segment, per mm: bank 1 and bank 2 of each pair in turn. */
  readonly byEnds: readonly Float64Array[];
  /** By the weight of each bixel. */
  readonly byBixel: Float32Array;
}

/** Dose and merit as functions of segments. */
export interface Delivery {
  readonly grids: readonly LeafGrid[];
  /** Gy of all fractions, in the operator's voxels. */
  dose(segments: readonly Segment[]): Promise<Float32Array>;
  slope(segments: readonly Segment[]): Promise<Slope>;
}

/** @throws planning/no-leaves */
export function deliveryOf({ operator, bixelMm, machine, merit, offsetGy, fractions }: DeliveryOptions): Delivery {
  const grids = operator.bixels.map((beam) => leafGrid(beam, bixelMm, machine));
  const gridOf = ({ beam }: Segment) => grids[beam] as LeafGrid;
  const firstOf = ({ beam }: Segment) => (operator.bixels[beam] as BeamBixels).firstWeight;
  const weightCount = grids.reduce((count, { bixelCount }) => count + bixelCount, 0);
  const passing = (segments: readonly Segment[]) => segments.map((segment) => letThrough(gridOf(segment), segment.leavesMm));
  const doseThrough = async (segments: readonly Segment[], shares: readonly Float64Array[]) => {
    const weights = new Float64Array(weightCount);
    segments.forEach((segment, s) => {
      const first = firstOf(segment);
      (shares[s] as Float64Array).forEach((share, bixel) => (weights[first + bixel] = (weights[first + bixel] as number) + segment.mu * fractions * share));
    });
    const dose = await operator.forward(Float32Array.from(weights));
    return offsetGy === undefined ? dose : dose.map((gy, voxel) => gy + (offsetGy[voxel] as number));
  };
  return {
    grids,
    dose: (segments) => doseThrough(segments, passing(segments)),
    async slope(segments) {
      const shares = passing(segments);
      const gradient = new Float32Array(operator.voxelCount);
      const value = merit.value(await doseThrough(segments, shares), gradient);
      const byBixel = await operator.adjoint(gradient);
      const byMu = new Float64Array(segments.length);
      const byEnds = segments.map((segment, s) => {
        const first = firstOf(segment);
        const own = byBixel.subarray(first, first + gridOf(segment).bixelCount);
        byMu[s] = fractions * (shares[s] as Float64Array).reduce((sum, share, bixel) => sum + share * (own[bixel] as number), 0);
        return endsGradient(gridOf(segment), segment.leavesMm, own).map((slope) => slope * segment.mu * fractions);
      });
      return { value, byMu, byEnds, byBixel };
    },
  };
}
