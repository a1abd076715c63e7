import { addMean, exemptShare, lastCounted, levelsOf, meanDose } from "./aim-values.ts";
import type { Aim } from "./terms.ts";

export type LimitAim = Extract<Aim, { readonly kind: "limit" }>;

/** A limit in the form of the augmented Lagrangian: a price for each gray beyond it, and a penalty on its square. */
export interface LimitTerm {
  readonly aim: LimitAim;
  /** Adds the gradient by the dose of each voxel; returns what price and penalty come to. */
  value(doseGy: Float32Array, gradient: Float32Array): number;
  /** Moves prices after the dose has come to rest, and stiffens the penalty where what is beyond did not shrink. */
  update(doseGy: Float32Array): void;
  /** How far the worst voxel that counts lies beyond, Gy; 0 within the limit. */
  violation(doseGy: Float32Array): number;
  /** How far prices are from having come to rest with this dose, Gy: what lies beyond, or short while it still has a price. */
  unrest(doseGy: Float32Array): number;
  /** Multiplies prices and penalty: the objective counts for so much more. */
  rescale(factor: number): void;
  /** By how much the objective would fall if the limit moved by a gray: the sum of all prices. */
  multiplier(): number;
}

/** What is beyond is to fall to this part from update to update, or the penalty is made so much stiffer, but not more in all. */
const [shrinks, stiffer, stiffest] = [0.3, 4, 256];
/** Less beyond a limit than this, Gy, is not beyond it. */
export const leastViolationGy = 0.02;

/**
 * @param penalty  of the mean square of what lies beyond, per Gy²
 * @throws         planning/aim where levels and voxels are not equally many, or for a share outside 0 to 1
 * @source         Hestenes 1969, Journal of Optimization Theory and Applications 4:303
 */
export function limitTerm(aim: LimitAim, penalty: number): LimitTerm {
  return aim.of === "mean" ? meanLimit(aim, penalty) : voxelLimit(aim, penalty);
}

function meanLimit(aim: Extract<LimitAim, { readonly of: "mean" }>, penalty: number): LimitTerm {
  let price = 0;
  const stiffness = stiffening(penalty);
  const beyond = (doseGy: Float32Array) => meanDose(doseGy, aim.group) - aim.gy;
  return {
    aim,
    value(doseGy, gradient) {
      const stiff = stiffness.now();
      const pull = price + stiff * beyond(doseGy);
      if (pull > 0) addMean(aim.group, pull, gradient);
      return (Math.max(0, pull) ** 2 - price ** 2) / (2 * stiff);
    },
    update(doseGy) {
      price = Math.max(0, price + stiffness.now() * beyond(doseGy));
      stiffness.after(Math.max(0, beyond(doseGy)));
    },
    violation: (doseGy) => Math.max(0, beyond(doseGy)),
    unrest: (doseGy) => Math.abs(Math.max(beyond(doseGy), -price / stiffness.now())),
    rescale(factor) {
      price *= factor;
      stiffness.rescale(factor);
    },
    multiplier: () => price,
  };
}

/** Of each voxel, or of each but the share that is exempt: whichever lie farthest beyond. */
function voxelLimit(aim: Exclude<LimitAim, { readonly of: "mean" }>, penalty: number): LimitTerm {
  const { group } = aim;
  const { places, shares } = group;
  const sign = aim.side === "above" ? 1 : -1;
  const levels = levelsOf(group, aim.gy);
  const prices = new Float64Array(places.length);
  const stiffness = stiffening(penalty);
  const exempt = aim.of === "each voxel" ? 0 : exemptShare(group, aim.share, aim.side);
  const lastOf = (doseGy: Float32Array) => (aim.of === "each voxel" ? Infinity : lastCounted(doseGy, group, sign, exempt, levels));
  const violation = (doseGy: Float32Array) => {
    const last = lastOf(doseGy);
    let worst = 0;
    for (let i = 0; i < places.length; i++) {
      const beyond = sign * ((doseGy[places[i] as number] as number) - (levels[i] as number));
      if (beyond > worst && beyond <= last) worst = beyond;
    }
    return worst;
  };
  return {
    aim,
    value(doseGy, gradient) {
      const last = lastOf(doseGy);
      const stiff = stiffness.now();
      let sum = 0;
      for (let i = 0; i < places.length; i++) {
        const place = places[i] as number;
        const beyond = sign * ((doseGy[place] as number) - (levels[i] as number));
        if (beyond > last) continue;
        const price = prices[i] as number;
        const pull = price + stiff * beyond;
        if (pull > 0) {
          sum += (shares[i] as number) * (pull * pull - price * price);
          gradient[place] = (gradient[place] as number) + sign * (shares[i] as number) * pull;
        } else if (price > 0) sum -= (shares[i] as number) * price * price;
      }
      return sum / (2 * stiff);
    },
    update(doseGy) {
      const last = lastOf(doseGy);
      const stiff = stiffness.now();
      for (let i = 0; i < places.length; i++) {
        const beyond = sign * ((doseGy[places[i] as number] as number) - (levels[i] as number));
        prices[i] = beyond > last ? 0 : Math.max(0, (prices[i] as number) + stiff * beyond);
      }
      stiffness.after(violation(doseGy));
    },
    violation,
    unrest(doseGy) {
      const last = lastOf(doseGy);
      const stiff = stiffness.now();
      let most = 0;
      for (let i = 0; i < places.length; i++) {
        const beyond = sign * ((doseGy[places[i] as number] as number) - (levels[i] as number));
        if (beyond <= last) most = Math.max(most, Math.abs(Math.max(beyond, -(prices[i] as number) / stiff)));
      }
      return most;
    },
    rescale(factor) {
      for (let i = 0; i < prices.length; i++) prices[i] = factor * (prices[i] as number);
      stiffness.rescale(factor);
    },
    multiplier: () => prices.reduce((sum, price, i) => sum + (shares[i] as number) * price, 0),
  };
}

/** The penalty of a limit over its updates. */
function stiffening(first: number): { now(): number; after(violation: number): void; rescale(factor: number): void } {
  let stiff = first;
  let most = stiffest * first;
  let before = Infinity;
  return {
    now: () => stiff,
    after(violation) {
      if (violation > leastViolationGy && violation > shrinks * before) stiff = Math.min(stiff * stiffer, most);
      before = violation;
    },
    rescale(factor) {
      stiff *= factor;
      most *= factor;
    },
  };
}
