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
  /** Ends of the longest diameter. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** The longest axial diameter over the planes, and the longest square to it in the same plane; undefined where nothing is cut. */
export function axialSize(solid: Solid, planes: readonly number[], stepMm: number): AxialSize | undefined {
  const sizes = planes.flatMap((z): AxialSize[] => {
    const section = solid.section(z);
    const loops = section === undefined ? [] : outlines(section, stepMm, 0.05);
    if (loops.length === 0) return [];
    const { long, short } = longestDiameters(loops);
    return [{ longMm: long.mm, shortMm: short.mm, z, from: long.from, to: long.to }];
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
  const shape = (a: number, b: number) => limits(lumpy(ellipsoid(spec.center, [a, b, spec.heightMm / 2], spec.longAxis), 0.022 * (long + short), 0.3 * long, seed));
  const planes = Array.from({ length: 21 }, (_, i) => spec.center[2] + ((i - 10) / 10) * 0.32 * spec.heightMm);
  let a = long / 2, b = short / 2;
  let best = { off: Infinity, a, b };
  for (let n = 0; n < 16 && best.off > 0.3; n++) {
    const size = axialSize(shape(a, b), planes, 3);
    if (size === undefined) break;
    const off = Math.max(Math.abs(size.longMm - long), Math.abs(size.shortMm - short));
    if (off < best.off) best = { off, a, b };
    // A nearly round mass may be longest along either axis: each is scaled by what it lies along.
    const along = ((size.to[0] - size.from[0]) * spec.longAxis[0] + (size.to[1] - size.from[1]) * spec.longAxis[1]) / size.longMm;
    const share = Math.min(1, along * along), byLong = long / size.longMm, byShort = short / size.shortMm;
    // Never far from the ellipsoid that nothing cuts: where there is no room, the mass stays smaller than asked for.
    a = Math.max(0.4 * long, Math.min(0.75 * long, a * (share * byLong + (1 - share) * byShort)));
    b = Math.max(0.4 * short, Math.min(0.75 * short, b * (share * byShort + (1 - share) * byLong)));
  }
  return shape(best.a, best.b);
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
