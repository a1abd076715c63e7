import { HapaxError } from "@hapax/base";

import { shareDose } from "./share-dose.ts";
import type { Aim, VoxelGroup } from "./terms.ts";

/** An aim that is traded against others, made ready to be worked out often. */
export interface AimValue {
  readonly priority: number;
  readonly weight: number;
  /**
   * What the aim is worth at a dose, times its weight, Gy²; 0 where it is met. Where a gradient is given, the derivative by the
   * dose of each voxel, times `factor`, is added to it.
   */
  value(doseGy: Float32Array, factor: number, gradient?: Float32Array): number;
}

/** Doses below this count as this where a generalized mean has a negative exponent, Gy. */
const leastGy = 1e-6;

/**
 * The function of the dose that an aim stands for.
 *
 * @throws planning/aim for a limit, which is none; for an exponent of 0 or a share outside 0 to 1; where levels and voxels are not equally many
 */
export function aimValue(aim: Exclude<Aim, { readonly kind: "limit" }>): AimValue {
  const weight = aim.weight ?? 1;
  return { priority: aim.priority, weight, value: valueOf(aim, weight) };
}

function valueOf(aim: Exclude<Aim, { readonly kind: "limit" }>, weight: number): AimValue["value"] {
  switch (aim.kind) {
    case "overdose":
      return squares(aim.group, aim.gy, weight, true, false);
    case "underdose":
      return squares(aim.group, aim.gy, weight, false, true);
    case "deviation":
      return squares(aim.group, aim.gy, weight, true, true);
    case "mean":
      return meanExcess(aim.group, aim.gy, weight);
    case "gEUD":
      return generalizedMeanExcess(aim.group, aim.gy, aim.a, aim.side, weight);
    case "DVH":
      return shareExcess(aim.group, aim.gy, aim.share, aim.side, weight);
  }
}

/** Levels of the voxels of a group. @throws planning/aim where they are not as many */
export function levelsOf(group: VoxelGroup, gy: number | Float32Array): Float32Array {
  const levels = typeof gy === "number" ? new Float32Array(group.places.length).fill(gy) : gy;
  if (levels.length !== group.places.length) {
    throw new HapaxError("planning/aim", `${levels.length} dose levels were given for the ${group.places.length} voxels of ${group.name}.`, "Give one level for all, or one for each.");
  }
  return levels;
}

function squares(group: VoxelGroup, gy: number | Float32Array, weight: number, above: boolean, below: boolean): AimValue["value"] {
  const { places, shares } = group;
  const levels = levelsOf(group, gy);
  return (doseGy, factor, gradient) => {
    let sum = 0;
    const slope = 2 * weight * factor;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const off = (doseGy[place] as number) - (levels[i] as number);
      if (off > 0 ? !above : !below) continue;
      const part = (shares[i] as number) * off;
      sum += part * off;
      if (gradient !== undefined) gradient[place] = (gradient[place] as number) + slope * part;
    }
    return weight * sum;
  };
}

/** Mean dose of a group, Gy. */
export function meanDose(doseGy: Float32Array, { places, shares }: VoxelGroup): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += (shares[i] as number) * (doseGy[places[i] as number] as number);
  return sum;
}

function meanExcess(group: VoxelGroup, gy: number, weight: number): AimValue["value"] {
  return (doseGy, factor, gradient) => {
    const excess = meanDose(doseGy, group) - gy;
    if (!(excess > 0)) return 0;
    if (gradient !== undefined) addMean(group, 2 * weight * factor * excess, gradient);
    return weight * excess ** 2;
  };
}

/** Adds the gradient of the mean dose times a factor. */
export function addMean({ places, shares }: VoxelGroup, factor: number, gradient: Float32Array): void {
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    gradient[place] = (gradient[place] as number) + factor * (shares[i] as number);
  }
}

/** (Σ share dᵃ)^(1/a): the mean at a = 1, towards the maximum and the minimum for a large and a very negative. */
function generalizedMeanExcess(group: VoxelGroup, gy: number, a: number, side: "above" | "below", weight: number): AimValue["value"] {
  if (a === 0 || !Number.isFinite(a)) throw new HapaxError("planning/aim", `The generalized mean of ${group.name} has the exponent ${a}.`, "Give a number above or below 0: 1 is the mean.");
  const { places, shares } = group;
  const powers = new Float64Array(places.length);
  return (doseGy, factor, gradient) => {
    // Relative to the extreme that counts most no power is above 1.
    let extreme = a > 0 ? leastGy : Infinity;
    for (let i = 0; i < places.length; i++) {
      const dose = Math.max(leastGy, doseGy[places[i] as number] as number);
      if (a > 0 ? dose > extreme : dose < extreme) extreme = dose;
    }
    let sum = 0;
    for (let i = 0; i < places.length; i++) {
      powers[i] = Math.pow(Math.max(leastGy, doseGy[places[i] as number] as number) / extreme, a);
      sum += (shares[i] as number) * (powers[i] as number);
    }
    const mean = extreme * Math.pow(sum, 1 / a);
    const off = mean - gy;
    if (side === "above" ? !(off > 0) : !(off < 0)) return 0;
    if (gradient !== undefined) {
      // d mean / d dose = share (dose / extreme)ᵃ (mean / dose) / Σ
      const scale = (2 * weight * factor * off * mean) / sum;
      for (let i = 0; i < places.length; i++) {
        const place = places[i] as number;
        gradient[place] = (gradient[place] as number) + (scale * (shares[i] as number) * (powers[i] as number)) / Math.max(leastGy, doseGy[place] as number);
      }
    }
    return weight * off ** 2;
  };
}

/** The share that may lie beyond is left out, the others count by the square of what they lie beyond. */
function shareExcess(group: VoxelGroup, gy: number | Float32Array, share: number, side: "above" | "below", weight: number): AimValue["value"] {
  const { places, shares } = group;
  const levels = levelsOf(group, gy);
  const sign = side === "above" ? 1 : -1;
  const exempt = exemptShare(group, share, side);
  return (doseGy, factor, gradient) => {
    const last = lastCounted(doseGy, group, sign, exempt, levels);
    if (last <= 0) return 0;
    const slope = 2 * sign * weight * factor;
    let sum = 0;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const off = sign * ((doseGy[place] as number) - (levels[i] as number));
      if (off <= 0 || off > last) continue;
      const part = (shares[i] as number) * off;
      sum += part * off;
      if (gradient !== undefined) gradient[place] = (gradient[place] as number) + slope * part;
    }
    return weight * sum;
  };
}

/** The share of a volume that may lie beyond a level, where so much of it may, or is to, have more. @throws planning/aim for a share outside 0 to 1 */
export function exemptShare({ name }: VoxelGroup, share: number, side: "above" | "below"): number {
  if (!(share >= 0 && share <= 1)) throw new HapaxError("planning/aim", `A share of ${share} of ${name} was given.`, "Give a part of the volume from 0 to 1.");
  return side === "above" ? share : 1 - share;
}

/** How far beyond its level a voxel may lie, Gy, and still count; farther out lies the share that is exempt. 0 where all that is beyond is exempt. */
export function lastCounted(doseGy: Float32Array, group: VoxelGroup, side: 1 | -1, exempt: number, levels: Float32Array): number {
  const { places, shares } = group;
  let beyond = 0;
  for (let i = 0; i < places.length; i++) if (side * ((doseGy[places[i] as number] as number) - (levels[i] as number)) > 0) beyond += shares[i] as number;
  return beyond <= exempt * (1 + 1e-6) ? 0 : Math.max(0, side * shareDose(doseGy, group, side, exempt, levels));
}

/** Share of a group whose dose lies beyond a level. */
export function volumeBeyond(doseGy: Float32Array, { places, shares }: VoxelGroup, side: 1 | -1, gy: number): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) if (side * ((doseGy[places[i] as number] as number) - gy) > 0) sum += shares[i] as number;
  return sum;
}
