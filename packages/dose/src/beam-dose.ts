import {
  HapaxError, apply, collimatorFromPatient, compose, flat, invert, lengthOf, minus, sourceOf, spacingOf, transform, unit, voxelFromPatient,
  type BeamPosition, type Grid, type Transform, type Vec3,
} from "@hapax/base";
import { coneDoseWith, plainCrew, termaWith, waterDepthWith, type ConeField, type Crew, type WorkOptions } from "@hapax/kernels";
import { coneKernel, conesFor, type ConeCount, type ConeKernel } from "./cone-kernel.ts";
import type { FluenceMap, HeadFluence } from "./fluence.ts";
import { keepingEnergy } from "./lean.ts";
import type { Machine } from "./machine.ts";
import type { Medium } from "./medium.ts";
import { termaTable, type TermaTable } from "./spectrum.ts";

export interface BeamDoseOptions extends WorkOptions {
  readonly machine: Machine;
  readonly medium: Medium;
  readonly position: BeamPosition;
  /** What leaves the head per MU. */
  readonly head: HeadFluence;
  /** Monitor units; left out, the dose is that of 1 MU. */
  readonly meterset?: number;
  /** Left out, 72. */
  readonly cones?: ConeCount;
  /** Threads; left out, the plain form runs in slices of time on the caller's. */
  readonly crew?: Crew;
}

/**
 * Dose of one beam in the medium.
 *
 * @returns Gy, on the grid of the medium, x fastest
 * @throws  dose/beam-misses where no part of it meets the body; dose/entry-unknown where a good part of it enters through what is not
 *          in the image; dose/density-unknown where CT numbers in its way are not known; dose/source-inside for a source within the grid;
 *          dose/not-calibrated for a machine without output
 */
export async function beamDose(options: BeamDoseOptions): Promise<Float32Array> {
  const { machine, meterset = 1 } = options;
  const { gyPerMu, engineGy } = machine.calibration;
  if (!(gyPerMu > 0 && engineGy > 0)) {
    throw new HapaxError("dose/not-calibrated", `${machine.name} has an output of ${gyPerMu} Gy per MU at an engine dose of ${engineGy}.`, "Calibrate the machine: give its Gy per MU, field, SSD and depth.");
  }
  const perFluence = await dosePerFluence(options);
  const factor = (meterset * gyPerMu) / engineGy;
  for (let i = 0; i < perFluence.length; i++) perFluence[i] = (perFluence[i] as number) * factor;
  return perFluence;
}

/** Dose of one beam per unit of its fluence, in the unit of the engine; see `beamDose`. */
export async function dosePerFluence({ machine, medium, position, head, cones = 72, crew = plainCrew, ...watched }: Omit<BeamDoseOptions, "meterset">): Promise<Float32Array> {
  watched.signal?.throwIfAborted();
  refuseBlind(entryOf(machine, medium, position, head), position);
  const { field, electronDose } = await releasedIn({ machine, medium, position, head, crew, signal: watched.signal });
  const directions = conesFor(kernelOf(machine).kernel, field.axis, cones);
  const dose = await coneDoseWith(crew, keepingEnergy(field, directions), directions, watched);
  // Electrons stop in what they meet; air is given the dose of a chamber in it, and outside the body nothing is told.
  for (let i = 0; i < dose.length; i++) dose[i] = medium.density[i] === 0 ? 0 : (dose[i] as number) + (electronDose[i] as number);
  return dose;
}

interface BeamKernel {
  readonly kernel: ConeKernel;
  readonly primary: TermaTable;
  readonly extraFocal: TermaTable;
}
const kernels = new WeakMap<Machine, BeamKernel>();

/** Kernel and TERMA tables of a machine, made once. */
function kernelOf(machine: Machine): BeamKernel {
  let found = kernels.get(machine);
  if (found === undefined) {
    const { primary: { spectrum }, extraFocal } = machine;
    found = { kernel: coneKernel(spectrum), primary: termaTable(spectrum), extraFocal: termaTable(extraFocal.spectrum, spectrum) };
    kernels.set(machine, found);
  }
  return found;
}

/** What a beam releases in the medium, in the frame of the grid: mm along its axes, origin at the center of the first voxel. */
export async function releasedIn({ machine, medium, position, head, crew = plainCrew, signal }: Omit<BeamDoseOptions, "meterset" | "cones" | "onProgress">): Promise<{ field: ConeField; electronDose: Float32Array }> {
  const { grid, density } = medium;
  const size = grid.size;
  const spacingMm = spacingOf(grid);
  const gridFromPatient = gridMmFromPatient(grid);
  const sourceMm = apply(gridFromPatient, sourceOf(position, machine.sadMm));
  const axis = unit(minus(apply(gridFromPatient, position.isocenter), sourceMm));
  if (sourceMm.every((at, a) => Math.abs(at / (spacingMm[a] as number) - ((size[a] as number) - 1) / 2) <= (size[a] as number) / 2)) {
    throw new HapaxError("dose/source-inside", `The source at ${position.isocenter.join(", ")} mm from gantry ${position.gantryDeg}° stands inside the dose grid.`, "Check isocenter and couch, or give a smaller grid.");
  }
  const { primary, extraFocal } = kernelOf(machine);
  const { terma: released, hardTerma, electronDose } = await termaWith(crew, {
    size,
    spacingMm,
    depthMm: await waterDepthWith(crew, { size, spacingMm, density, sourceMm }, { signal }),
    collimatorFromGrid: flat(compose(collimatorFromPatient(position), invert(gridFromPatient))),
    sadMm: machine.sadMm,
    primary: { map: head.primary, table: primary, softeningPer100Mm: machine.primary.softeningPer100Mm },
    extraFocal: { map: head.extraFocal, table: extraFocal, distanceMm: machine.extraFocal.distanceMm },
    electrons: { map: head.electrons, ratePerMm: machine.contamination.ratePerMm },
  }, { signal });
  return { field: { size, spacingMm, density, terma: released, hardTerma, sourceMm, axis }, electronDose };
}

/** Patient to mm along the axes of a grid; the third row is along its own third axis, even where that makes the frame left-handed. */
function gridMmFromPatient(grid: Grid): Transform<"voxel", "patient"> {
  const [x, y, z] = spacingOf(grid);
  return compose(transform<"voxel", "voxel">([[x, 0, 0, 0], [0, y, 0, 0], [0, 0, z, 0]]), voxelFromPatient(grid));
}

/** Where the light of a beam falls on what is known and what is not. */
export interface BeamEntry {
  /** Whether any of it meets the body. */
  readonly meets: boolean;
  /** Share of the field that enters the body where the image, or the grid, ends. */
  readonly throughCut: number;
  /** Voxels in the beam where the body leaves the image. */
  readonly leavesThroughCut: number;
  /** Voxels in the beam whose CT number is not known. */
  readonly unknown: number;
  readonly isocenterInside: boolean;
}

/** A beam is where its primary fluence is at least this share of its greatest: beyond is leakage. */
const litFrom = 0.1;
/** A voxel is tissue from this density on. */
const tissue = 0.05;
/** The share of a field that may enter where nothing is known; then its dose is off by no more than a penumbra. */
const mayEnterBlind = 0.05;

/** How a beam meets the body, for refusals and notes. */
export function entryOf({ sadMm }: Machine, { grid, density, cut, unknown }: Medium, position: BeamPosition, { primary }: HeadFluence): BeamEntry {
  const collimator = compose(collimatorFromPatient(position), grid.patientFromVoxel);
  const source = apply(voxelFromPatient(grid), sourceOf(position, sadMm));
  const spacing = spacingOf(grid);
  const least = litFrom * primary.values.reduce((most, value) => Math.max(most, value), 0);
  const nx = grid.size[0];
  const placeOf = (voxel: number): Vec3 => [voxel % nx, Math.floor(voxel / nx) % grid.size[1], Math.floor(voxel / (nx * grid.size[1]))];
  const lit = (place: Vec3): number => {
    const [x, y, z] = apply(collimator, place);
    const scale = sadMm / (sadMm - z);
    return z < sadMm && valueAt(primary, x * scale, y * scale) >= least ? scale : 0;
  };
  let meets = false;
  for (let voxel = 0; voxel < density.length && !meets; voxel++) meets = (density[voxel] as number) >= tissue && lit(placeOf(voxel)) > 0;
  let blindMm2 = 0;
  let leaves = 0;
  cut?.voxels.forEach((voxel, n) => {
    const place = placeOf(voxel);
    const scale = lit(place);
    if (scale === 0) return;
    const face = cut.faces[n] as number;
    const axis = (face >> 1) as 0 | 1 | 2;
    const way = minus(place, source).map((steps, a) => steps * (spacing[a] as number)) as unknown as Vec3;
    const outward = ((face % 2 === 1 ? 1 : -1) * way[axis]) / lengthOf(way);
    if (outward >= 0) leaves++;
    else blindMm2 += ((-outward * spacing[0] * spacing[1] * spacing[2]) / spacing[axis]) * scale * scale;
  });
  const fieldMm2 = primary.values.reduce((sum, value) => sum + (value >= least ? 1 : 0), 0) * primary.spacingMm ** 2;
  const iso = apply(voxelFromPatient(grid), position.isocenter);
  return {
    meets,
    // Voxels at the rim are in the beam by their centers.
    throughCut: Math.min(1, blindMm2 / fieldMm2),
    leavesThroughCut: leaves,
    unknown: unknown === undefined ? 0 : unknown.reduce((count, voxel) => count + (lit(placeOf(voxel)) > 0 ? 1 : 0), 0),
    isocenterInside: iso.every((at, a) => at >= -0.5 && at <= (grid.size[a] as number) - 0.5),
  };
}

function refuseBlind({ meets, throughCut, unknown }: BeamEntry, { isocenter, gantryDeg }: BeamPosition): void {
  const where = `The beam from gantry ${gantryDeg}° to ${isocenter.map((mm) => Math.round(mm * 10) / 10).join(", ")} mm`;
  if (!meets) throw new HapaxError("dose/beam-misses", `${where} meets no part of the body in the image.`, "Check that plan and CT belong together, and the frame of reference.");
  if (throughCut > mayEnterBlind) {
    throw new HapaxError("dose/entry-unknown", `${where} enters the body where the image ends, with ${Math.round(100 * throughCut)} % of its field.`, "What it passes there is not known: give a CT with a larger field of view, or a larger dose grid.");
  }
  if (unknown > 0) throw new HapaxError("dose/density-unknown", `${where} passes ${unknown} voxels whose CT number is not known.`, "Set the density of a structure that holds them, or give a CT without gaps.");
}

/** What is to be said of a beam that may be calculated. */
export function entryNotes({ throughCut, leavesThroughCut, isocenterInside }: BeamEntry): string[] {
  return [
    ...(isocenterInside ? [] : ["its isocenter lies outside the dose grid"]),
    ...(throughCut > 0.001 ? [`${(100 * throughCut).toFixed(1)} % of its field enters where the image ends, as if through air`] : []),
    ...(leavesThroughCut > 0 ? ["the body goes on beyond the image where it leaves: scatter from there is missing"] : []),
  ];
}

function valueAt({ size, spacingMm, originMm, values }: FluenceMap, x: number, y: number): number {
  const i = Math.round((x - originMm[0]) / spacingMm);
  const j = Math.round((y - originMm[1]) / spacingMm);
  return i < 0 || j < 0 || i >= size[0] || j >= size[1] ? 0 : (values[i + size[0] * j] as number);
}
