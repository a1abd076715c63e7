import { cross, plus, times, unit, type Vec3 } from "@hapax/base";
import type { Cones } from "@hapax/kernels";
import { coneCount, depositionOf, sphereCount, sphereRadiiMm } from "./energy-deposition.ts";
import type { Spectrum } from "./machine.ts";
import { hardenedMm } from "./spectrum.ts";

/** How many directions energy is collapsed into: preview, final, reference. */
export type ConeCount = 24 | 72 | 288;

/** Rings about the ray and directions in each. All keep left and right alike, and front and back; four and twelve also both axes, six in turns from ring to ring. */
const layouts: Readonly<Record<ConeCount, readonly [rings: number, azimuths: number]>> = { 24: [6, 4], 72: [12, 6], 288: [24, 12] };

/** The kernel of a beam: deposited shares of its TERMA, 48 cones of 24 spheres. */
export interface ConeKernel {
  /** At the surface. */
  readonly surface: Float64Array;
  /** What 200 mm of water add to it. */
  readonly hardening: Float64Array;
}

/**
 * One ring of a collapsed kernel. Energy per way in water, of the TERMA: e(r) = s0 α exp(−αr) + s1 2α exp(−2αr) + s2 β exp(−βr),
 * with shares s = surface + h · hardening.
 */
export interface ConeRing {
  /** Mean angle of the energy of the ring to the ray, radians. */
  readonly angle: number;
  /** α and β, per mm of water. */
  readonly rates: readonly [number, number];
  /** Shares of the whole ring. */
  readonly surface: readonly [number, number, number];
  readonly hardening: readonly [number, number, number];
  /** Relative change of its energy with the cosine to the local ray. */
  readonly tilt: number;
  /** Energy of the ring to 600 mm, of the TERMA, at the surface. */
  readonly energy: number;
  /** Greatest error of the energy deposited within any tabulated way of 15 mm or more, as share of the ring's energy. */
  readonly fitError: number;
}

/** The kernel of a beam from its spectrum. @source conehead2022 */
export function coneKernel(spectrum: Spectrum): ConeKernel {
  const surface = depositionOf(spectrum, 0);
  const hardened = depositionOf(spectrum, hardenedMm);
  return { surface, hardening: hardened.map((value, i) => value - (surface[i] as number)) };
}

/**
 * The kernel collapsed onto rings of polar angle, narrower forward, three exponentials fitted to each ring's cumulative energy.
 * What is deposited beyond the range of electrons counts in full, what a voxel keeps little; the energy to 600 mm, all that is
 * tabulated, is held exactly.
 */
export function coneRings(kernel: ConeKernel, rings: number): readonly ConeRing[] {
  const known = fittedRings.get(kernel)?.get(rings);
  if (known !== undefined) return known;
  const fresh = Array.from({ length: rings }, (_, ring) => {
    const [from, to] = [ringEdge(ring, rings), ringEdge(ring + 1, rings)];
    const surface = cumulative(kernel.surface, from, to);
    const hardening = cumulative(kernel.hardening, from, to);
    return { ...fitted(surface, hardening), ...anglesOf(kernel.surface, from, to) };
  });
  fittedRings.set(kernel, (fittedRings.get(kernel) ?? new Map<number, readonly ConeRing[]>()).set(rings, fresh));
  return fresh;
}

/** Rings of equal width would be too wide forward: they lose what a narrow field scatters down its own length, 1.7 % in 30 mm at 300 mm. */
const ringEdge = (ring: number, rings: number) => Math.PI * (ring / rings) ** 1.4;

/** A fit takes a tenth of a second, and every beam of a plan has the same. */
const fittedRings = new WeakMap<ConeKernel, Map<number, readonly ConeRing[]>>();

/** Energy of a ring within each sphere; cones that a ring's edge cuts are shared by solid angle. */
function cumulative(kernel: Float64Array, from: number, to: number): Float64Array {
  const energy = new Float64Array(sphereCount);
  for (let cone = 0; cone < coneCount; cone++) {
    const share = within(cone, from, to);
    if (share === 0) continue;
    for (let s = 0; s < sphereCount; s++) energy[s] = (energy[s] as number) + share * (kernel[cone * sphereCount + s] as number);
  }
  for (let s = 1; s < sphereCount; s++) energy[s] = (energy[s] as number) + (energy[s - 1] as number);
  return energy;
}

const coneEdge = (cone: number) => (Math.PI * cone) / coneCount;

/** Share of a tabulated cone's solid angle that lies between two polar angles. */
function within(cone: number, from: number, to: number): number {
  const low = Math.max(from, coneEdge(cone));
  const high = Math.min(to, coneEdge(cone + 1));
  if (high - low < 1e-12) return 0;
  return (Math.cos(low) - Math.cos(high)) / (Math.cos(coneEdge(cone)) - Math.cos(coneEdge(cone + 1)));
}

/** Energy of a cone from a sphere on. */
const energyOfCone = (kernel: Float64Array, cone: number, from = 0) => kernel.subarray(cone * sphereCount + from, (cone + 1) * sphereCount).reduce((sum, value) => sum + value, 0);

/** Most electrons have stopped here, mm. */
const electronsMm = 15;

/** Energy that stays within the range of electrons never feels how its ray leans: tilt is that of what goes further. */
const beyondElectrons = sphereRadiiMm.indexOf(electronsMm) + 1;

/**
 * The slope at the axis, as exponent, goes a little too far. With nine tenths of it, dose on the axis stays within 0.3 % of
 * that of kernels turned exactly, for fields of 3 to 40 cm down to 30 cm.
 */
const chord = 0.9;

/** Mean angle of a ring's energy, and how its energy per solid angle changes with the cosine, from the mean of the slope in it. */
function anglesOf(kernel: Float64Array, from: number, to: number): { angle: number; tilt: number } {
  let [energy, angle, scattered, slope] = [0, 0, 0, 0];
  for (let cone = 0; cone < coneCount; cone++) {
    const share = within(cone, from, to);
    if (share === 0) continue;
    const part = share * energyOfCone(kernel, cone);
    energy += part;
    angle += (part * (Math.max(from, coneEdge(cone)) + Math.min(to, coneEdge(cone + 1)))) / 2;
    const far = share * energyOfCone(kernel, cone, beyondElectrons);
    scattered += far;
    slope += far * slopeAt(kernel, cone);
  }
  return { angle: angle / energy, tilt: (chord * slope) / scattered };
}

/** d ln(energy per solid angle) / d cos θ at a cone, over its neighbours. */
function slopeAt(kernel: Float64Array, cone: number): number {
  const low = Math.max(0, cone - 2);
  const high = Math.min(coneCount - 1, cone + 2);
  const density = (c: number) => energyOfCone(kernel, c, beyondElectrons) / (Math.cos(coneEdge(c)) - Math.cos(coneEdge(c + 1)));
  const cosine = (c: number) => Math.cos(coneEdge(c + 0.5));
  return Math.log(density(high) / density(low)) / (cosine(high) - cosine(low));
}

/** The way to which the energy of a ring is held. */
const heldSphere = sphereRadiiMm.indexOf(600);

/**
 * Weight of the cumulative energy at a way. Exponentials cannot follow electrons to their end: their first millimeters are given
 * up, no more. Lung stretches a centimeter of their way to four, and lesser weights there lost 2.4 % of a narrow field in it.
 */
const weights = sphereRadiiMm.map((radius) => Math.min(1, radius / electronsMm));

function fitted(surface: Float64Array, hardening: Float64Array): Omit<ConeRing, "angle" | "tilt"> {
  const energy = surface[heldSphere] as number;
  const misfit = (alpha: number, beta: number) => {
    const [first, added] = [sharesAt(alpha, beta, surface), sharesAt(alpha, beta, hardening)];
    return sound(alpha, beta, first.shares, added.shares) ? first.misfit + added.misfit : Infinity;
  };
  let best: [alpha: number, beta: number] = [0.2, 0.0033];
  let least = Infinity;
  // A coarse grid, then ever finer ones about the best.
  for (let level = 0, spanA = 40, spanB = 2.5, [alpha0, beta0] = [0.25, 0.004]; level < 5; level++, spanA **= 0.3, spanB **= 0.3, [alpha0, beta0] = best) {
    for (let i = -10; i <= 10; i++) {
      for (let j = -4; j <= 4; j++) {
        const [alpha, beta] = [alpha0 * spanA ** (i / 10), beta0 * spanB ** (j / 4)];
        const value = misfit(alpha, beta);
        if (value < least) [least, best] = [value, [alpha, beta]];
      }
    }
  }
  const fit = sharesAt(...best, surface);
  return { rates: best, surface: fit.shares, hardening: sharesAt(...best, hardening).shares, energy, fitError: fit.greatest / energy };
}

/** Hardening of the softest extra-focal beam at the surface and of any behind half a meter of water. */
const hardeningRange = [-0.5, 2] as const;

/** No way receives less than nothing, at either end of hardening and so between. */
function sound(alpha: number, beta: number, surface: readonly number[], hardening: readonly number[]): boolean {
  return hardeningRange.every((h) => {
    const [a, b, c] = surface.map((share, i) => share + h * (hardening[i] as number)) as [number, number, number];
    for (let r = 0; r <= 800; r += r < 10 ? 1 : r / 8) {
      const x = Math.exp(-alpha * r);
      if (alpha * x * (a + 2 * b * x) + c * beta * Math.exp(-beta * r) < 0) return false;
    }
    return true;
  });
}

/** Shares of three exponentials of given rates by least squares on cumulative energy, the last of which is held. */
function sharesAt(alpha: number, beta: number, energy: Float64Array): { shares: [number, number, number]; misfit: number; greatest: number } {
  const rates = [alpha, 2 * alpha, beta] as const;
  const last = heldSphere;
  const deposited = (rate: number, radius: number) => -Math.expm1(-rate * radius);
  const [whole0, whole1, whole2] = rates.map((rate) => deposited(rate, sphereRadiiMm[last] as number)) as [number, number, number];
  const total = energy[last] as number;
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  // The first share follows from the others and the whole.
  for (let s = 0; s < last; s++) {
    const radius = sphereRadiiMm[s] as number;
    const weight = (weights[s] as number) ** 2;
    const first = deposited(alpha, radius) / whole0;
    const a = deposited(2 * alpha, radius) - whole1 * first;
    const b = deposited(beta, radius) - whole2 * first;
    const y = (energy[s] as number) - total * first;
    aa += weight * a * a;
    ab += weight * a * b;
    bb += weight * b * b;
    ay += weight * a * y;
    by += weight * b * y;
  }
  const determinant = aa * bb - ab * ab;
  const s1 = (ay * bb - by * ab) / determinant;
  const s2 = (by * aa - ay * ab) / determinant;
  const shares: [number, number, number] = [(total - s1 * whole1 - s2 * whole2) / whole0, s1, s2];
  let [misfit, greatest] = [0, 0];
  for (let s = 0; s < last; s++) {
    const radius = sphereRadiiMm[s] as number;
    const error = shares.reduce((sum, share, i) => sum + share * deposited(rates[i] as number, radius), -(energy[s] as number));
    misfit += ((weights[s] as number) * error) ** 2;
    if (radius >= electronsMm) greatest = Math.max(greatest, Math.abs(error));
  }
  return { shares, misfit, greatest };
}

/**
 * Directions and shares of a kernel about the axis of a beam, in the frame of the axis.
 *
 * Azimuths are staggered from ring to ring. The set is its own mirror image through the two planes that contain the axis and
 * one of the directions across it, so a symmetric field has a symmetric dose.
 *
 * @param axis   unit vector of the central ray, from the source
 * @param count  24 for a preview, 72, or 288 for reference
 */
export function conesFor(kernel: ConeKernel, axis: Vec3, count: ConeCount): Cones {
  const [rings, azimuths] = layouts[count];
  const [across, along] = acrossAxis(axis);
  const cones = {
    count,
    directions: new Float32Array(3 * count),
    rates: new Float32Array(2 * count),
    shares: new Float32Array(6 * count),
    tilts: new Float32Array(count),
  };
  coneRings(kernel, rings).forEach((ring, r) => {
    for (let a = 0; a < azimuths; a++) {
      const c = r * azimuths + a;
      const azimuth = (2 * Math.PI * (a + (r % 2) / 2)) / azimuths;
      const sideways = plus(times(across, Math.cos(azimuth)), times(along, Math.sin(azimuth)));
      cones.directions.set(plus(times(axis, Math.cos(ring.angle)), times(sideways, Math.sin(ring.angle))), 3 * c);
      cones.rates.set(ring.rates, 2 * c);
      cones.shares.set([...ring.surface, ...ring.hardening].map((share) => share / azimuths), 6 * c);
      cones.tilts[c] = ring.tilt;
    }
  });
  return cones;
}

/** Two directions across an axis; the first follows the axis of the grid that is most across it. */
function acrossAxis(axis: Vec3): [Vec3, Vec3] {
  // The first of those that are the least but for rounding: a beam that turns with its grid keeps its azimuths.
  const least = Math.min(...axis.map(Math.abs));
  const nearest = axis.findIndex((value) => Math.abs(value) < least + 1e-6);
  const grid: Vec3 = [nearest === 0 ? 1 : 0, nearest === 1 ? 1 : 0, nearest === 2 ? 1 : 0];
  const across = unit(plus(grid, times(axis, -(axis[nearest] as number))));
  return [across, cross(axis, across)];
}
