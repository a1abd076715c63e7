import { type Grid, type Vec3, type Volume } from "@hapax/base";
import type { BeamLimits } from "@hapax/case";
import type { Solid } from "./solid.ts";

/** A beam along the patient's front–back axis. */
export interface Aperture {
  readonly fromFront: boolean;
  readonly sadMm: number;
  readonly isocenter: Vec3;
  readonly leafEdges: readonly number[];
  readonly limits: BeamLimits;
}

const fanMm = 4;
const fanHalf = 64;
const fan = 2 * fanHalf + 1;
/** Effective attenuation of a 15 MV beam in water, per mm, and how its dose builds up below the skin. */
const attenuation = 0.0031, buildUp = 0.12;

/**
 * Dose of the primary beams: attenuated in water-equivalent depth, inverse square, soft edges; scaled to a median dose in
 * the target. An illustration.
 *
 * @param ct      HU
 * @param grid    where the dose is wanted; axes left, back, head
 * @param target  whose median dose is set
 * @param goal    that dose, Gy
 * @returns       Gy, one value for each voxel of the grid
 */
export function primaryDose(ct: Volume<Int16Array>, grid: Grid, beams: readonly Aperture[], target: Solid | undefined, goal: number): Float32Array {
  const [nx, ny, nz] = grid.size;
  const [[dx, , , x0], [, dy, , y0], [, , dz, z0]] = grid.patientFromVoxel.rows;
  const dose = new Float32Array(nx * ny * nz);
  for (const beam of beams) {
    const depth = waterDepth(ct, beam), open = fluence(beam);
    const sign = beam.fromFront ? 1 : -1;
    for (let k = 0, n = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const away = beam.sadMm + sign * (y0 + j * dy - beam.isocenter[1]);
        const scale = beam.sadMm / away;
        const v = ((z0 + k * dz - beam.isocenter[2]) * scale) / fanMm + fanHalf;
        for (let i = 0; i < nx; i++, n++) {
          const u = ((x0 + i * dx - beam.isocenter[0]) * scale) / fanMm + fanHalf;
          const through = bilinear(open, u, v, 0);
          if (through < 1e-4) continue;
          const water = bilinear(depth.values, u, v, layerOf(depth, away) * fan * fan);
          if (water < 0.5) continue;
          dose[n] = (dose[n] as number) + through * scale * scale * Math.exp(-attenuation * water) * (1 - 0.6 * Math.exp(-buildUp * water));
        }
      }
    }
  }
  const factor = goal / medianIn(dose, grid, target);
  return dose.map((value) => value * factor);
}

interface Depths {
  readonly values: Float32Array;
  readonly firstMm: number;
  readonly layers: number;
}
const layerOf = (depths: Depths, awayMm: number): number => Math.max(0, Math.min(depths.layers - 1, Math.round((awayMm - depths.firstMm) / fanMm)));

/** Water-equivalent depth on a fan of rays from the source, mm, layer after layer. */
function waterDepth(ct: Volume<Int16Array>, { fromFront, sadMm, isocenter }: Aperture): Depths {
  const [nx, ny, nz] = ct.grid.size;
  const [[dx, , , x0], [, dy, , y0], [, , dz, z0]] = ct.grid.patientFromVoxel.rows;
  const sign = fromFront ? 1 : -1;
  const edges = [y0, y0 + (ny - 1) * dy].map((y) => sadMm + sign * (y - isocenter[1]));
  const firstMm = Math.min(...edges), layers = Math.ceil((Math.max(...edges) - firstMm) / fanMm);
  const values = new Float32Array(layers * fan * fan);
  for (let n = 0; n < layers; n++) {
    const away = firstMm + n * fanMm, scale = away / sadMm;
    const j = Math.round((isocenter[1] + sign * (away - sadMm) - y0) / dy);
    for (let q = 0; q < fan; q++) {
      const k = Math.round((isocenter[2] + (q - fanHalf) * fanMm * scale - z0) / dz);
      for (let p = 0; p < fan; p++) {
        const i = Math.round((isocenter[0] + (p - fanHalf) * fanMm * scale - x0) / dx);
        const inside = i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz;
        const hu = inside ? (ct.values[(k * ny + j) * nx + i] as number) : -1000;
        const at = n * fan * fan + q * fan + p;
        values[at] = (n === 0 ? 0 : (values[at - fan * fan] as number)) + fanMm * density(hu);
      }
    }
  }
  return { values, firstMm, layers };
}

/** Electron density relative to water, from HU by two straight lines. */
const density = (hu: number): number => (hu < -950 ? 0 : hu < 50 ? 1 + hu / 1000 : 1.05 + (hu - 50) / 2000);

/** Open share of each ray of the fan behind jaws and leaves, softened as by the source and its scatter. */
function fluence({ leafEdges, limits }: Aperture): Float32Array {
  const open = new Float32Array(fan * fan);
  const leaves = limits.leaves ?? [], pairs = leafEdges.length - 1;
  for (let q = 0; q < fan; q++) {
    const v = (q - fanHalf) * fanMm;
    const pair = leafEdges.findIndex((edge, n) => n < pairs && v >= edge && v < (leafEdges[n + 1] as number));
    if (pair < 0 || v < (limits.y?.[0] ?? -Infinity) || v > (limits.y?.[1] ?? Infinity)) continue;
    const from = Math.max(leaves[pair] as number, limits.x?.[0] ?? -Infinity), to = Math.min(leaves[pair + pairs] as number, limits.x?.[1] ?? Infinity);
    for (let p = 0; p < fan; p++) {
      const u = (p - fanHalf) * fanMm;
      open[q * fan + p] = Math.max(0, Math.min(1, 0.5 + (Math.min(u - from, to - u) / fanMm)));
    }
  }
  for (const step of [1, fan, 1, fan]) {
    const source = open.slice();
    for (let i = step; i + step < open.length; i++) open[i] = 0.25 * (source[i - step] as number) + 0.5 * (source[i] as number) + 0.25 * (source[i + step] as number);
  }
  return open.map((share) => 0.015 + 0.985 * share);
}

function bilinear(plane: Float32Array, u: number, v: number, first: number): number {
  const i = Math.floor(u), j = Math.floor(v);
  if (i < 0 || j < 0 || i + 1 >= fan || j + 1 >= fan) return 0;
  const a = u - i, b = v - j, at = first + j * fan + i;
  const top = (plane[at] as number) * (1 - a) + (plane[at + 1] as number) * a;
  return top * (1 - b) + ((plane[at + fan] as number) * (1 - a) + (plane[at + fan + 1] as number) * a) * b;
}

function medianIn(dose: Float32Array, grid: Grid, target: Solid | undefined): number {
  const [nx, ny, nz] = grid.size;
  const [[dx, , , x0], [, dy, , y0], [, , dz, z0]] = grid.patientFromVoxel.rows;
  const inside: number[] = [];
  for (let k = 0; k < nz; k++) {
    const section = target?.section(z0 + k * dz);
    for (let j = 0; section !== undefined && j < ny; j++) {
      for (let i = 0; i < nx; i++) if (section.at(x0 + i * dx, y0 + j * dy) < 0) inside.push(dose[(k * ny + j) * nx + i] as number);
    }
  }
  inside.sort((p, q) => p - q);
  return inside[inside.length >> 1] ?? 1;
}
