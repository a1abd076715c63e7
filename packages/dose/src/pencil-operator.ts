import { apply, collimatorFromPatient, compose, HapaxError, projected, sourceOf, spacingOf, transform, voxelFromPatient, type BeamPosition, type Vec3 } from "@hapax/base";
import { pencilBeamWith, pencilRank, plainCrew, waterDepthWith, type Crew, type PencilCrew, type PencilField } from "@hapax/kernels";

import type { FluenceMap } from "./fluence.ts";
import type { Machine } from "./machine.ts";
import type { Medium } from "./medium.ts";
import { pencilKernel, pencilSpectra, type PencilKernel } from "./pencil-kernel.ts";

export interface PencilOperatorOptions {
  readonly machine: Machine;
  readonly medium: Medium;
  readonly beams: readonly BeamPosition[];
  /** Side of a bixel at the isocenter, mm; edges of bixels lie at multiples of it. */
  readonly bixelMm: number;
  /** Voxels of the medium's grid whose dose is wanted. */
  readonly voxels: ArrayLike<number>;
  /** Voxels of the medium's grid that the beams are to reach: a bixel is open where one of them, or its margin, is seen. */
  readonly target: ArrayLike<number>;
  /** Around the target at the isocenter, mm; a bixel unless given. */
  readonly marginMm?: number;
  /** Threads; left out, the plain form runs. */
  readonly crew?: Crew;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** The bixels of one beam among all weights. */
export interface BeamBixels {
  readonly firstWeight: number;
  /** Centres, x and y of each in turn, mm in the frame of the beam limiting device at the isocenter. */
  readonly centersMm: Float32Array;
}

/** Dose in the chosen voxels from the weights of bixels, and its transpose. */
export interface DoseOperator extends PencilCrew {
  readonly bixels: readonly BeamBixels[];
  /** What the weights of a beam let through, MU per bixel, as the map that `headFluence` takes. */
  fluenceOf(weights: Float32Array, beam: number): FluenceMap;
}

/** Pixels of the maps are this fine or finer, mm: the penumbra is seen straight between them. */
const pixelMm = 2.5;

/**
 * Dose of bixels by pencil beams without a matrix, for optimization: weights in MU, dose in Gy. Water-equivalent depth along
 * each ray, inverse square, horns and softening off axis are exact; scatter is that of water, as wide as at the depth in water. Low
 * densities are therefore wrong by several percent, and what is optimized is calculated again by collapsed cones. Extra-focal
 * photons are those of the axis: beside a field they miss about 1 % of its dose.
 *
 * @returns  `forward` and `adjoint`; the voxels in the order given, weights beam by beam. Close it.
 * @throws   dose/bixel for a bixel not above 0; dose/no-target where a beam sees no target; dose/no-body where all is air;
 *           RangeError where the source stands inside the body's box; the signal's reason when it is aborted
 */
export async function pencilOperator(options: PencilOperatorOptions): Promise<DoseOperator> {
  const { machine, medium, beams, bixelMm, voxels, target, crew = plainCrew, signal, onProgress } = options;
  if (!(bixelMm > 0)) throw new HapaxError("dose/bixel", `The bixels are ${bixelMm} mm wide.`, "Give a width above 0, such as 5 mm.");
  const spectra = new Map<string, Float32Array>();
  const body = bodyBox(medium);
  const fields: PencilField[] = [];
  const bixels: BeamBixels[] = [];
  for (const [b, position] of beams.entries()) {
    signal?.throwIfAborted();
    const open = openBixels(machine, medium, position, target, bixelMm, options.marginMm ?? bixelMm);
    if (open.length === 0) throw new HapaxError("dose/no-target", `Beam ${b + 1} sees no voxel of the target.`, "Give at least one voxel of the dose grid as target.");
    const seen = await seenBy(machine, medium, body, position, voxels, crew, signal);
    const pixelsPerBixel = Math.ceil(bixelMm / pixelMm - 1e-9);
    const side = bixelMm / pixelsPerBixel;
    const map = mapFor(open, bixelMm, seen.places, side);
    // Kernels widen with depth from the surface: one for each 20 mm of its distance.
    const ssdMm = Math.min(2 * machine.sadMm - 20, Math.max(220, 20 * Math.round(surfaceMm(machine, medium, position) / 20)));
    const kernel = kernelOf(machine, ssdMm);
    const key = `${ssdMm} ${map.size.join(" ")}`;
    const lateral = spectra.get(key) ?? pencilSpectra(kernel, map.size, side, machine.primary.blurMm);
    spectra.set(key, lateral);
    const firstPixel = (middle: number, axis: 0 | 1) => Math.round((middle - bixelMm / 2 + side / 2 - map.originMm[axis]) / side);
    fields.push({
      size: map.size,
      spectra: lateral,
      bixels: Int32Array.from(open, ([x, y]) => firstPixel(y, 1) * map.size[0] + firstPixel(x, 0)),
      pixelsPerBixel,
      openFluence: hornsOn(machine, map),
      positions: seen.places.map((mm, i) => (mm - map.originMm[(i % 2) as 0 | 1]) / side),
      factors: factorsOf(machine, medium, kernel, seen, voxels),
    });
    bixels.push({ firstWeight: bixels.reduce((sum, { centersMm }) => sum + centersMm.length / 2, 0), centersMm: Float32Array.from(open.flat()) });
    onProgress?.((b + 1) / beams.length);
  }
  const operator = pencilBeamWith(crew, { fields, voxelCount: voxels.length });
  return { ...operator, bixels, fluenceOf: (weights, beam) => bixelMap(bixels[beam] as BeamBixels, weights, bixelMm) };
}

const kernels = new WeakMap<Machine, Map<number, PencilKernel>>();

/** Kernels of a machine, made once. */
function kernelOf(machine: Machine, ssdMm: number): PencilKernel {
  const known = kernels.get(machine) ?? new Map<number, PencilKernel>();
  kernels.set(machine, known);
  const kernel = known.get(ssdMm) ?? pencilKernel(machine, ssdMm);
  known.set(ssdMm, kernel);
  return kernel;
}

/** Centres of the bixels that hold the projection of the target or its margin, row by row. */
function openBixels(machine: Machine, { grid }: Medium, position: BeamPosition, target: ArrayLike<number>, bixelMm: number, marginMm: number): [number, number][] {
  const collimator = collimatorFromPatient(position);
  const [nx, ny] = grid.size;
  // By number: rows of a thousand bixels are wider than any field.
  const open = new Map<number, [number, number]>();
  for (let t = 0; t < target.length; t++) {
    const voxel = target[t] as number;
    const place: Vec3 = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
    const [x, y] = projected(collimator, machine.sadMm, apply(grid.patientFromVoxel, place));
    for (let j = Math.floor((y - marginMm) / bixelMm); j <= Math.floor((y + marginMm) / bixelMm); j++) {
      for (let i = Math.floor((x - marginMm) / bixelMm); i <= Math.floor((x + marginMm) / bixelMm); i++) {
        if (!open.has(1000 * j + i)) open.set(1000 * j + i, [(i + 0.5) * bixelMm, (j + 0.5) * bixelMm]);
      }
    }
  }
  return [...open.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

interface Seen {
  /** Where the ray through each voxel meets the plane of the isocenter, x then y, mm. */
  readonly places: Float32Array;
  /** Distance of the source along the axis over that of the voxel. */
  readonly scales: Float32Array;
  /** Water-equivalent depth, mm. */
  readonly depths: Float32Array;
}

/** The part of a medium that has density: around it is nothing to follow rays through. */
interface BodyBox {
  readonly first: Vec3;
  readonly size: Vec3;
  readonly density: Float32Array;
}

function bodyBox({ grid: { size: [nx, ny, nz] }, density }: Medium): BodyBox {
  let [x0, y0, z0, x1, y1, z1] = [nx, ny, nz, -1, -1, -1];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (density[at] === 0) continue;
        if (i < x0) x0 = i;
        if (i > x1) x1 = i;
        if (j < y0) y0 = j;
        if (j > y1) y1 = j;
        if (k < z0) z0 = k;
        z1 = k;
      }
    }
  }
  if (z1 < 0) throw new HapaxError("dose/no-body", "The medium has no density anywhere.", "Give a CT with a body, or water.");
  const size = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1] as const;
  const box = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = nx * (y0 + j + ny * (z0 + k));
      box.set(density.subarray(row + x0, row + x1 + 1), size[0] * (j + size[1] * k));
    }
  }
  return { first: [x0, y0, z0], size, density: box };
}

/** What a beam meets on its way to the voxels. */
async function seenBy(machine: Machine, { grid }: Medium, body: BodyBox, position: BeamPosition, voxels: ArrayLike<number>, crew: Crew, signal: AbortSignal | undefined): Promise<Seen> {
  const [nx, ny] = grid.size;
  const spacingMm = spacingOf(grid);
  const [a, b, c] = body.first;
  const boxMm = compose(transform<"voxel", "voxel">([[spacingMm[0], 0, 0, -a * spacingMm[0]], [0, spacingMm[1], 0, -b * spacingMm[1]], [0, 0, spacingMm[2], -c * spacingMm[2]]]), voxelFromPatient(grid));
  const depthMm = await waterDepthWith(crew, { size: body.size, spacingMm, density: body.density, sourceMm: apply(boxMm, sourceOf(position, machine.sadMm)) }, { signal });
  const { rows: [p, q, r] } = compose(collimatorFromPatient(position), grid.patientFromVoxel);
  const places = new Float32Array(2 * voxels.length);
  const scales = new Float32Array(voxels.length);
  const depths = new Float32Array(voxels.length);
  for (let v = 0; v < voxels.length; v++) {
    const voxel = voxels[v] as number;
    const i = voxel % nx;
    const j = Math.floor(voxel / nx) % ny;
    const k = Math.floor(voxel / (nx * ny));
    const scale = machine.sadMm / (machine.sadMm - (r[0] * i + r[1] * j + r[2] * k + r[3]));
    places[2 * v] = (p[0] * i + p[1] * j + p[2] * k + p[3]) * scale;
    places[2 * v + 1] = (q[0] * i + q[1] * j + q[2] * k + q[3]) * scale;
    scales[v] = scale;
    const inside = i >= a && j >= b && k >= c && i < a + body.size[0] && j < b + body.size[1] && k < c + body.size[2];
    depths[v] = inside ? (depthMm[i - a + body.size[0] * (j - b + body.size[1] * (k - c))] as number) : 0;
  }
  return { places, scales, depths };
}

/** From the source to the first tissue on the axis, mm; where there is none, to the isocenter. */
function surfaceMm(machine: Machine, { grid, density }: Medium, position: BeamPosition): number {
  const toVoxel = voxelFromPatient(grid);
  const from = apply(toVoxel, sourceOf(position, machine.sadMm));
  const to = apply(toVoxel, position.isocenter);
  const [nx, ny, nz] = grid.size;
  for (let mm = 0; mm < machine.sadMm; mm++) {
    const [i, j, k] = from.map((start, a) => Math.round(start + ((to[a] as number) - start) * (mm / machine.sadMm))) as [number, number, number];
    if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && (density[(k * ny + j) * nx + i] as number) > 0.1) return mm;
  }
  return machine.sadMm;
}

/** A map over the bixels and the places of the voxels, wide enough that nothing comes around its edges. */
function mapFor(open: readonly (readonly [number, number])[], bixelMm: number, places: Float32Array, side: number): Omit<FluenceMap, "values"> {
  const along = (axis: 0 | 1) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < places.length; i += 2) {
      low = Math.min(low, places[i] as number);
      high = Math.max(high, places[i] as number);
    }
    const from = open.reduce((least, middle) => Math.min(least, middle[axis]), Infinity) - bixelMm / 2;
    const to = open.reduce((most, middle) => Math.max(most, middle[axis]), -Infinity) + bixelMm / 2;
    const [first, last] = [Math.min(low, from), Math.max(high, to)];
    const farthest = Math.max(high - from, to - low, 0);
    const pixels = smoothAbove(Math.max((last - first + bixelMm) / side + 3, (2 * farthest) / side + 2));
    // The first pixel begins at an edge of bixels.
    return { pixels, origin: bixelMm * Math.floor((first - side) / bixelMm) + side / 2 };
  };
  const [x, y] = [along(0), along(1)];
  return { size: [x.pixels, y.pixels], spacingMm: side, originMm: [x.origin, y.origin] };
}

/** The least product of 4 and of twos and threes that is no less. */
function smoothAbove(count: number): number {
  for (let n = 4 * Math.ceil(count / 4); ; n += 4) {
    let left = n;
    for (const prime of [2, 3]) while (left % prime === 0) left /= prime;
    if (left === 1) return n;
  }
}

function hornsOn({ primary: { horns: { radiiMm, values } } }: Machine, { size: [nx, ny], spacingMm, originMm }: Omit<FluenceMap, "values">): Float32Array {
  const last = radiiMm.length - 1;
  return Float32Array.from({ length: nx * ny }, (_, pixel) => {
    const radius = Math.hypot(originMm[0] + (pixel % nx) * spacingMm, originMm[1] + Math.floor(pixel / nx) * spacingMm);
    if (radius > (radiiMm[last] as number)) return 0;
    let i = 1;
    while (i < last && (radiiMm[i] as number) < radius) i++;
    const [from, to] = [radiiMm[i - 1] as number, radiiMm[i] as number];
    return (values[i - 1] as number) + ((radius - from) / (to - from)) * ((values[i] as number) - (values[i - 1] as number));
  });
}

/** The four depth factors of each voxel, Gy per MU; outside the body 0. */
function factorsOf(machine: Machine, { density }: Medium, { depth: table, depthStepMm }: PencilKernel, { places, scales, depths }: Seen, voxels: ArrayLike<number>): Float32Array {
  const { gyPerMu, engineGy } = machine.calibration;
  const factors = new Float32Array(pencilRank * voxels.length);
  const last = table.length / pencilRank - 1;
  for (let v = 0; v < voxels.length; v++) {
    if (!((density[voxels[v] as number] as number) > 0)) continue;
    const offAxis = Math.sqrt((places[2 * v] as number) ** 2 + (places[2 * v + 1] as number) ** 2);
    const softened = 1 + (machine.primary.softeningPer100Mm * offAxis) / 100;
    const place = Math.min(last, ((depths[v] as number) * softened) / depthStepMm);
    const i = Math.min(last - 1, Math.floor(place));
    const perMu = ((scales[v] as number) ** 2 * gyPerMu) / engineGy;
    for (let k = 0; k < pencilRank; k++) {
      const low = table[pencilRank * i + k] as number;
      const high = table[pencilRank * (i + 1) + k] as number;
      factors[pencilRank * v + k] = perMu * (low + (place - i) * (high - low));
    }
  }
  return factors;
}

function bixelMap({ firstWeight, centersMm }: BeamBixels, weights: Float32Array, bixelMm: number): FluenceMap {
  const xs = centersMm.filter((_, i) => i % 2 === 0);
  const ys = centersMm.filter((_, i) => i % 2 === 1);
  const [x0, y0] = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.min(a, b))];
  const nx = Math.round((xs.reduce((a, b) => Math.max(a, b)) - x0) / bixelMm) + 1;
  const ny = Math.round((ys.reduce((a, b) => Math.max(a, b)) - y0) / bixelMm) + 1;
  const values = new Float32Array(nx * ny);
  xs.forEach((x, b) => (values[Math.round(((ys[b] as number) - y0) / bixelMm) * nx + Math.round((x - x0) / bixelMm)] = weights[firstWeight + b] as number));
  return { size: [nx, ny], spacingMm: bixelMm, originMm: [x0, y0], values };
}
