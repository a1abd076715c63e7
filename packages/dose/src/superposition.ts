import { HapaxError } from "@hapax/base";
import { waterAttenuation } from "./attenuation.ts";
import { coneCount, energyDeposition, kernelEnergiesMev, sphereCount, sphereRadiiMm } from "./energy-deposition.ts";
import type { Spectrum } from "./machine.ts";

/** A slab across the beam. */
export interface PhantomSlab {
  readonly thicknessMm: number;
  /** Relative to water, above 0. */
  readonly density: number;
}

/** Slabs square to the beam, wide without end; the last goes on downward. */
export interface SlabPhantom {
  readonly ssdMm: number;
  readonly slabs: readonly PhantomSlab[];
  /** Half the width along x and y where the phantom ends sideways. */
  readonly halfWidthMm?: number;
}

/** Where photons come from and what passes the head. */
export interface PointBeam {
  /** Energy fluence at a point of the beam: x, y across the axis, z from the target, mm. Relative to that of an open field on the axis at the isocenter, the inverse square included. */
  readonly fluence: (x: number, y: number, z: number) => number;
  readonly sadMm: number;
  /** Relative rise of the depth per 100 mm off axis at the isocenter. */
  readonly softeningPer100Mm: number;
}

export interface SuperpositionOptions {
  /** Azimuths about the axis of the beam; 48 unless given. */
  readonly azimuths?: number;
  /** What part of the circle they fill: 8 for a point on the axis of a square field, 4 of a rectangular one; 1 unless given. */
  readonly symmetry?: 1 | 4 | 8;
  /** Turns each kernel to its own ray; else all stand along the axis. */
  readonly tilt?: boolean;
}

export const waterPhantom = (ssdMm: number): SlabPhantom => ({ ssdMm, slabs: [{ thicknessMm: 1, density: 1 }] });

/**
 * Dose at a point by full superposition of the kernels of single energies, scaled by density: for every direction of 48 cones
 * and fine shells of water-equivalent way, the TERMA where that way began times the energy that the kernel leaves here.
 * What the engine is held against: slow, at points only, without collapsed cones, voxels or fitted exponentials.
 *
 * With density scaling the kernel along a ray is that of water in water-equivalent way; geometry alone feels millimeters.
 *
 * @param pointMm      x, y across the axis, z from the target
 * @param energiesMev  of the photons
 * @returns            per energy: dose per unit of its energy fluence at the isocenter in air, cm²/g
 * @source             conehead2022, ahnesjo1989
 */
export function doseOfEnergies(
  beam: PointBeam,
  phantom: SlabPhantom,
  pointMm: readonly [number, number, number],
  energiesMev: readonly number[],
  { azimuths = 48, symmetry = 1, tilt = false }: SuperpositionOptions = {},
): Float64Array {
  const energies = energiesMev.length;
  const { kernel, faded } = tablesOf(energiesMev);
  const water = waterAlong(phantom);
  const [px, py, pz] = pointMm;
  const at = water.depthAt(pz);
  const halfWidth = phantom.halfWidthMm ?? Infinity;
  const dose = new Float64Array(energies);
  for (let cone = 0; cone < coneCount; cone++) {
    const angle = (Math.PI * (cone + 0.5)) / coneCount;
    const cosine = Math.cos(angle);
    for (let a = 0; a < azimuths; a++) {
      const azimuth = (2 * Math.PI * (a + 0.5)) / azimuths / symmetry;
      const ux = Math.sin(angle) * Math.cos(azimuth);
      const uy = Math.sin(angle) * Math.sin(azimuth);
      for (let s = 0; s < shells.length; s++) {
        const way = (shells[s] as Shell).middleMm;
        // Energy that comes along u began its way upstream.
        const depth = at - way * cosine;
        if (depth < 0) continue;
        const z = water.zAt(depth);
        const length = Math.abs(z - pz) > 1e-9 ? (pz - z) / cosine : way / water.densityAt(pz);
        const x = px - length * ux;
        const y = py - length * uy;
        if (Math.abs(x) > halfWidth || Math.abs(y) > halfWidth) continue;
        const fluence = beam.fluence(x, y, z);
        if (fluence === 0) continue;
        const offAxis = Math.hypot(x, y) / z;
        const slant = depth * Math.hypot(1, offAxis) * (1 + (beam.softeningPer100Mm * offAxis * beam.sadMm) / 100);
        const step = Math.min(fadedSteps - 2, slant / fadedStepMm);
        const below = Math.floor(step);
        const between = step - below;
        // The energy of the cones that stand here is spread over their own solid angles.
        const [low, above] = tilt ? conesAt((x * ux + y * uy + z * cosine) / Math.hypot(x, y, z)) : [cone, 0];
        const part = fluence * (solidAngles[cone] as number);
        const ofLow = (part * (1 - above)) / (solidAngles[low] as number);
        const ofHigh = above === 0 ? 0 : (part * above) / (solidAngles[low + 1] as number);
        const k = (low * shells.length + s) * energies;
        const kHigh = above === 0 ? k : k + shells.length * energies;
        for (let e = 0, t = below * energies; e < energies; e++, t++) {
          const terma = (faded[t] as number) * (1 - between) + (faded[t + energies] as number) * between;
          dose[e] = (dose[e] as number) + terma * (ofLow * (kernel[k + e] as number) + ofHigh * (kernel[kHigh + e] as number));
        }
      }
    }
  }
  return dose.map((value) => value / azimuths);
}

/** Dose of a spectrum at a point: cm²/g per unit of energy fluence. */
export function superposition(spectrum: Spectrum, beam: PointBeam, phantom: SlabPhantom, pointMm: readonly [number, number, number], options: SuperpositionOptions = {}): number {
  const perEnergy = doseOfEnergies(beam, phantom, pointMm, spectrum.energiesMev, options);
  return perEnergy.reduce((sum, dose, i) => sum + dose * (spectrum.energyFluence[i] ?? 0), 0);
}

interface Shell {
  readonly sphere: number;
  readonly fromMm: number;
  readonly toMm: number;
  readonly middleMm: number;
}

/** The spheres cut into shells of a twentieth of their radius, half a millimeter to 5 mm. */
const shells: readonly Shell[] = sphereRadiiMm.flatMap((outer, sphere) => {
  const inner = sphereRadiiMm[sphere - 1] ?? 0;
  const parts = Math.ceil((outer - inner) / Math.min(5, Math.max(0.5, inner / 20)) - 1e-9);
  return Array.from({ length: parts }, (_, part) => {
    const fromMm = inner + ((outer - inner) * part) / parts;
    const toMm = inner + ((outer - inner) * (part + 1)) / parts;
    return { sphere, fromMm, toMm, middleMm: (fromMm + toMm) / 2 };
  });
});

/** Energy of each shell of each cone of one tabulated energy; within a sphere it falls as between its neighbours. */
function shellEnergies(mono: Float64Array): Float64Array {
  const out = new Float64Array(coneCount * shells.length);
  for (let cone = 0; cone < coneCount; cone++) {
    const energy = (sphere: number) => mono[cone * sphereCount + sphere] ?? 0;
    const inner = (sphere: number) => sphereRadiiMm[sphere - 1] ?? 0;
    const perMm = (sphere: number) => energy(sphere) / ((sphereRadiiMm[sphere] as number) - inner(sphere));
    const middle = (sphere: number) => (inner(sphere) + (sphereRadiiMm[sphere] as number)) / 2;
    for (let sphere = 0; sphere < sphereCount; sphere++) {
      const [low, high] = [Math.max(0, sphere - 1), Math.min(sphereCount - 1, sphere + 1)];
      const slope = perMm(low) > 0 && perMm(high) > 0 ? Math.log(perMm(high) / perMm(low)) / (middle(high) - middle(low)) : 0;
      const parts = shells.map((shell, s) => ({ s, weight: shell.sphere === sphere ? (shell.toMm - shell.fromMm) * Math.exp(slope * (shell.middleMm - middle(sphere))) : 0 }));
      const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
      for (const { s, weight } of parts) if (weight > 0) out[cone * shells.length + s] = (energy(sphere) * weight) / whole;
    }
  }
  return out;
}

let ofTabulated: Float64Array[] | undefined;

const fadedStepMm = 1;
const fadedSteps = 1601;

interface Tables {
  /** Share of the TERMA that a shell of a cone receives, per cone, shell and energy. */
  readonly kernel: Float64Array;
  /** TERMA per energy fluence behind each millimeter of water, per energy. */
  readonly faded: Float64Array;
}

const tables = new Map<string, Tables>();

function tablesOf(energiesMev: readonly number[]): Tables {
  const key = energiesMev.join(" ");
  const known = tables.get(key);
  if (known !== undefined) return known;
  ofTabulated ??= kernelEnergiesMev.map((mev) => shellEnergies(energyDeposition(mev)));
  const energies = energiesMev.length;
  const kernel = new Float64Array(coneCount * shells.length * energies);
  const faded = new Float64Array(fadedSteps * energies);
  energiesMev.forEach((mev, e) => {
    const [first, last] = [kernelEnergiesMev[0] as number, kernelEnergiesMev[kernelEnergiesMev.length - 1] as number];
    const place = (Math.min(last, Math.max(first, mev)) - first) / ((kernelEnergiesMev[1] as number) - first);
    const low = Math.min(kernelEnergiesMev.length - 2, Math.floor(place));
    const [below, above] = [(ofTabulated as Float64Array[])[low] as Float64Array, (ofTabulated as Float64Array[])[low + 1] as Float64Array];
    below.forEach((value, i) => (kernel[i * energies + e] = value + (place - low) * ((above[i] as number) - value)));
    const mu = waterAttenuation(mev);
    for (let i = 0; i < fadedSteps; i++) faded[i * energies + e] = mu * Math.exp((-mu * i * fadedStepMm) / 10);
  });
  const fresh = { kernel, faded };
  tables.set(key, fresh);
  return fresh;
}

/** Solid angle of each cone, 2π sr. */
const solidAngles = Array.from({ length: coneCount }, (_, cone) => Math.cos((Math.PI * cone) / coneCount) - Math.cos((Math.PI * (cone + 1)) / coneCount));

/** The tabulated cone below an angle, by their middles, and how far the angle lies towards the next. */
function conesAt(cosine: number): [cone: number, above: number] {
  const place = Math.max(0, (Math.acos(Math.min(1, Math.max(-1, cosine))) * coneCount) / Math.PI - 0.5);
  const low = Math.min(coneCount - 1, Math.floor(place));
  return [low, low === coneCount - 1 ? 0 : place - low];
}

interface WaterAlong {
  /** Water-equivalent depth along the axis at a distance from the target, mm; below 0 above the surface. */
  readonly depthAt: (z: number) => number;
  readonly zAt: (depthMm: number) => number;
  readonly densityAt: (z: number) => number;
}

function waterAlong({ ssdMm, slabs }: SlabPhantom): WaterAlong {
  const tops: { z: number; depth: number; density: number }[] = [];
  let [z, depth] = [ssdMm, 0];
  for (const { thicknessMm, density } of slabs) {
    tops.push({ z, depth, density });
    z += thicknessMm;
    depth += thicknessMm * density;
  }
  const [first] = tops;
  if (first === undefined) throw new HapaxError("dose/phantom", "A phantom without slabs has no dose.", "Give at least one slab; the last goes on downward.");
  const holding = (of: "z" | "depth", value: number) => tops.findLast((top) => top[of] <= value) ?? first;
  return {
    depthAt: (at) => {
      const slab = holding("z", at);
      return slab.depth + (at - slab.z) * slab.density;
    },
    zAt: (at) => {
      const slab = holding("depth", at);
      return slab.z + (at - slab.depth) / slab.density;
    },
    densityAt: (at) => holding("z", at).density,
  };
}

/** Share of a standard normal distribution below a value, to 1e-7. Abramowitz and Stegun 7.1.26 on the error function. */
export function normalBelow(value: number): number {
  const x = Math.abs(value) / Math.SQRT2;
  if (x > 5) return value > 0 ? 1 : 0;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return value > 0 ? 1 - tail : tail;
}

/**
 * Photons of the target through a square or rectangular opening.
 *
 * @param halfMm   half the sides along x and y at the isocenter
 * @param blurMm   standard deviation of the source seen at the isocenter, along x and y; 0 for sharp edges
 * @param horns    energy fluence off axis, at a radius at the isocenter, relative to the axis; 1 unless given
 */
export function openField(
  halfMm: readonly [number, number],
  { sadMm = 1000, blurMm = [0, 0], horns = () => 1, softeningPer100Mm = 0 }: { sadMm?: number; blurMm?: readonly [number, number]; horns?: (radiusMm: number) => number; softeningPer100Mm?: number } = {},
): PointBeam {
  const open = (at: number, half: number, blur: number) => {
    if (blur === 0) return Math.abs(at) < half ? 1 : 0;
    return normalBelow((half - at) / blur) - normalBelow((-half - at) / blur);
  };
  return {
    sadMm,
    softeningPer100Mm,
    fluence: (x, y, z) => {
      const scale = sadMm / z;
      const [atX, atY] = [x * scale, y * scale];
      const edges = open(atX, halfMm[0], blurMm[0]) * open(atY, halfMm[1], blurMm[1]);
      return edges < 1e-6 ? 0 : edges * horns(Math.hypot(atX, atY)) * scale * scale;
    },
  };
}

/**
 * Photons of the head through the same opening: a Gaussian source below the target, of which a point at the isocenter sees
 * what the opening shows, carried along the rays of that source.
 *
 * @param halfMm        half the sides along x and y at the isocenter
 * @param distanceMm    of the source below the target
 * @param sigmaMm       its standard deviation
 * @param collimatorMm  from the target to what closes x and y
 */
export function headField(
  halfMm: readonly [number, number],
  { distanceMm, sigmaMm, collimatorMm, sadMm = 1000 }: { distanceMm: number; sigmaMm: number; collimatorMm: readonly [number, number]; sadMm?: number },
): PointBeam {
  // Seen from (at, sad), the edge at `half` · collimator / sad meets the plane of the source here.
  const seen = (at: number, half: number, collimator: number) => {
    const lever = (sadMm - distanceMm) / (sadMm - collimator);
    const meets = (edge: number) => at + ((edge * collimator) / sadMm - at) * lever;
    return normalBelow(meets(half) / sigmaMm) - normalBelow(meets(-half) / sigmaMm);
  };
  const ownSad = sadMm - distanceMm;
  return {
    sadMm,
    softeningPer100Mm: 0,
    fluence: (x, y, z) => {
      const scale = ownSad / (z - distanceMm);
      if (!(scale > 0)) return 0;
      const share = seen(x * scale, halfMm[0], collimatorMm[0]) * seen(y * scale, halfMm[1], collimatorMm[1]);
      return share < 1e-5 ? 0 : share * scale * scale;
    },
  };
}
