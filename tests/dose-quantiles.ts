import type { VoxelGroup } from "@hapax/planning";

/** What was kept of a dose in a structure, Gy: doses that 2 to 98 % of the volume have or exceed. */
export interface DoseQuantiles {
  /** Voxels. */
  readonly n: number;
  readonly mean: number;
  readonly D98: number;
  readonly D95: number;
  readonly D50: number;
  readonly D10: number;
  readonly D2: number;
  readonly Dmax: number;
}

/** Squared differences from a level, above it alone or on both sides. */
export interface Objective {
  readonly side: "above" | "both";
  readonly gy: number;
}

/** Parts of the volume from the hottest, and what is known at each. */
const parts: readonly number[] = [0, 0.02, 0.1, 0.5, 0.95, 0.98, 1];
const dosesOf = ({ Dmax, D2, D10, D50, D95, D98 }: DoseQuantiles) => [Dmax, D2, D10, D50, D95, D98] as const;

/** Quantiles of a dose by counting voxels, as they were counted there. */
export function quantilesOf(doses: Float32Array, n = doses.length): DoseQuantiles {
  const sorted = Float32Array.from(doses).sort().reverse();
  const at = (part: number) => sorted[Math.ceil(part * n) - 1] ?? 0;
  return { n, mean: doses.reduce((sum, gy) => sum + gy, 0) / n, D98: at(0.98), D95: at(0.95), D50: at(0.5), D10: at(0.1), D2: at(0.02), Dmax: sorted[0] as number };
}

export const dosesIn = (doseGy: Float32Array, { places }: Pick<VoxelGroup, "places">): Float32Array => Float32Array.from(places, (place) => doseGy[place] as number);

/** Mean squared difference that a dose with these quantiles has at least: in each band between two of them no voxel is nearer to the level than the band. */
export function leastMean(quantiles: DoseQuantiles, { side, gy }: Objective): number {
  const doses = [...dosesOf(quantiles), -Infinity];
  return parts.slice(1).reduce((sum, part, band) => {
    const [high, low] = [doses[band] as number, doses[band + 1] as number];
    const off = low > gy ? low - gy : side === "both" && high < gy ? gy - high : 0;
    return sum + (part - (parts[band] as number)) * off ** 2;
  }, 0);
}

/** Mean squared difference of a dose that runs straight from one quantile to the next, and is all D98 in the coldest 2 %. */
export function straightMean(quantiles: DoseQuantiles, { side, gy }: Objective): number {
  const doses = [...dosesOf(quantiles), quantiles.D98];
  const beyond = (dose: number) => (side === "both" ? dose - gy : Math.max(0, dose - gy));
  return parts.slice(1).reduce((sum, part, band) => {
    const [high, low] = [doses[band] as number, doses[band + 1] as number];
    const [a, b] = [beyond(high), beyond(low)];
    // The mean of a square along a straight line, on the part of the band that lies beyond.
    const share = side === "above" && high > gy && low < gy ? (high - gy) / (high - low) : 1;
    return sum + (part - (parts[band] as number)) * share * ((a * a + a * b + b * b) / 3);
  }, 0);
}

/** The mean over a structure without another that lies in it, whose voxels all have more than the level. */
export function withoutInner(whole: { readonly n: number; readonly mean: number }, inner: { readonly n: number; readonly mean: number }, n: number): number {
  return Math.max(0, whole.mean * whole.n - inner.mean * inner.n) / n;
}

/** The same at least, whatever the inner ones have: they can be no more than all of the hottest band. */
export function leastWithoutInner(whole: DoseQuantiles, inner: number, n: number, { gy }: Objective): number {
  return (Math.max(0, 0.02 * whole.n - inner) * Math.max(0, whole.D2 - gy) ** 2) / n;
}
