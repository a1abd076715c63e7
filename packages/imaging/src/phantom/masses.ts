import { longestDiameters } from "../measure.ts";
import { outlines } from "./outline.ts";
import { solidOf, ellipsoid, lumpy, without, type Solid } from "./solid.ts";
import type { MassSpec } from "./spec.ts";

/** What a solid measures on its axial planes. */
export interface AxialSize {
  readonly longMm: number;
  readonly shortMm: number;
  /** The plane of the longest diameter. */
  readonly z: number;
}

/** The longest axial diameter over the planes, and the longest square to it in the same plane; undefined where nothing is cut. */
export function axialSize(solid: Solid, planes: readonly number[], stepMm: number): AxialSize | undefined {
  const sizes = planes.flatMap((z): AxialSize[] => {
    const section = solid.section(z);
    const loops = section === undefined ? [] : outlines(section, stepMm, 0.05);
    if (loops.length === 0) return [];
    const { long, short } = longestDiameters(loops);
    return [{ longMm: long.mm, shortMm: short.mm, z }];
  });
  return sizes.reduce<AxialSize | undefined>((best, size) => (best === undefined || size.longMm > best.longMm ? size : best), undefined);
}

/**
 * A lobulated mass cut by what it cannot enter, its two axial half axes set so that the whole measures what was published.
 *
 * @param spec    where and how large
 * @param limits  what it takes from the ellipsoid: bone, the chest wall, the airway
 * @param seed    of its surface
 */
export function mass(spec: MassSpec, limits: (solid: Solid) => Solid, seed: number): Solid {
  const [long, short] = spec.axialMm;
  const shape = (a: number, b: number) => limits(lumpy(ellipsoid(spec.center, [a, b, spec.heightMm / 2], spec.longAxis), 0.035 * (long + short), 0.3 * long, seed));
  const planes = Array.from({ length: 15 }, (_, i) => spec.center[2] + ((i - 7) / 7) * 0.32 * spec.heightMm);
  let a = long / 2, b = short / 2;
  for (let n = 0; n < 12; n++) {
    const size = axialSize(shape(a, b), planes, 3);
    if (size === undefined) break;
    // Never far from the ellipsoid that nothing cuts: where there is no room, the mass stays smaller than asked for.
    a = Math.max(0.33 * long, Math.min(0.75 * long, (a * long) / size.longMm));
    b = Math.max(0.33 * short, Math.min(0.75 * short, (b * short) / size.shortMm));
  }
  return shape(a, b);
}

/** The necrotic part about the middle of a mass. */
export function coreOf(spec: MassSpec): Solid {
  const [long, short] = spec.axialMm;
  return lumpy(ellipsoid(spec.center, [(long / 2) * spec.necrosis, (short / 2) * spec.necrosis, (spec.heightMm / 2) * spec.necrosis], spec.longAxis), 0.09 * long, 0.2 * long, 91);
}

/** Only the part of a solid on the right of a sagittal plane, mm. */
export const rightOf = (x: number): Solid => solidOf(() => ({ box: [-400, x, -400, 400], at: (u) => u - x }));

/** A mass never enters these, by this margin. */
export const keptClear = (solids: readonly Solid[], gapMm: number) => (solid: Solid): Solid => without(solid, solids, gapMm);
