import { boundedMinimum } from "@hapax/kernels";
import type { Merit } from "../optimize/terms.ts";

/** What the weights of openings are sought by. */
export interface WeightsWanted {
  /** Of each opening the dose per MU at some voxels, Gy; all of one length. */
  readonly doses: readonly Float32Array[];
  /** Of those voxels, the ones of the target and the share that each has in it; they sum to 1. */
  readonly target: { readonly places: Int32Array; readonly shares: Float32Array };
  /** Mean dose of the target at which the merit is asked, Gy: weights matter against each other, the dose is normalized in the end. */
  readonly meanGy: number;
  readonly merit: Merit;
  /** MU to begin with; left out, each gives the target the same mean dose. */
  readonly start?: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

export interface OpeningWeights {
  /** MU, 0 or more; the mean dose of the target is as wanted. */
  readonly mu: Float64Array;
  readonly value: number;
  /** Gy at the voxels. */
  readonly doseGy: Float32Array;
  /** Of each voxel, by how much the merit rises for a gray more when the mean of the target is brought back to what is wanted. */
  readonly prices: Float32Array;
}

/** How often multipliers of limits are moved, and the violation that is none, Gy. */
const [rounds, metGy] = [5, 0.02];
/** More do not tell: there are few unknowns. */
const iterations = 60;

/** Weights of openings of the least merit, by a search within their bounds. */
export async function openingWeights({ doses, target, meanGy, merit, start, signal }: WeightsWanted): Promise<OpeningWeights> {
  const length = (doses[0] as Float32Array).length;
  const doseGy = new Float32Array(length);
  const perGy = new Float32Array(length);
  const means = Float64Array.from(doses, (dose) => target.places.reduce((sum, place, n) => sum + (target.shares[n] as number) * (dose[place] as number), 0));
  // Unknowns are shares of the target's mean dose: of one size, whatever the output of a machine.
  const summed = (shares: Float64Array): number => {
    const whole = shares.reduce((sum, share) => sum + share, 0);
    doseGy.fill(0);
    doses.forEach((dose, s) => {
      const mu = ((shares[s] as number) * meanGy) / whole / (means[s] as number);
      if (mu > 0) for (let v = 0; v < length; v++) doseGy[v] = (doseGy[v] as number) + mu * (dose[v] as number);
    });
    return whole;
  };
  const value = (shares: Float64Array, gradient: Float64Array): number => {
    const whole = summed(shares);
    perGy.fill(0);
    const found = merit.value(doseGy, perGy);
    const along = (dose: Float32Array) => {
      let sum = 0;
      for (let v = 0; v < length; v++) sum += (perGy[v] as number) * (dose[v] as number);
      return sum;
    };
    const scaled = along(doseGy);
    doses.forEach((dose, s) => (gradient[s] = ((meanGy * along(dose)) / (means[s] as number) - scaled) / whole));
    return found;
  };
  let shares = Float64Array.from(doses, (_, s) => (start === undefined ? 1 / doses.length : ((start[s] as number) * (means[s] as number)) / meanGy));
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const found = await boundedMinimum({ start: shares, lower: 0, value, atMost: iterations, tolerance: 1e-5, signal });
    shares = Float64Array.from(found.point);
    best = found.value;
    summed(shares);
    if (merit.update(doseGy) <= metGy) break;
  }
  const whole = summed(shares);
  perGy.fill(0);
  merit.value(doseGy, perGy);
  const scaled = perGy.reduce((sum, price, v) => sum + price * (doseGy[v] as number), 0) / meanGy;
  target.places.forEach((place, n) => (perGy[place] = (perGy[place] as number) - scaled * (target.shares[n] as number)));
  return { mu: shares.map((share, s) => (share * meanGy) / whole / (means[s] as number)), value: best, doseGy, prices: perGy };
}
