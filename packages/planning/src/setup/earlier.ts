import { apply, compose, flat, Gy, HapaxError, minus, spacingOf, times, unit, voxelFromPatient, type Grid, type Vec3, type Volume } from "@hapax/base";
import { doseSampler } from "@hapax/kernels";
import { doseForEqd2, eqd2 } from "@hapax/radiobiology";
import type { EarlierAsked, Goal } from "../request.ts";
import type { EarlierDose, Region, Setting } from "../setting.ts";
import { metricAsked } from "./metric.ts";

/** Effect of all earlier doses in some voxels of the dose grid. */
export interface EarlierEqd2 {
  /** Places on the dose grid. */
  readonly voxels: Int32Array;
  /** EQD2 of the doses that are known in each, Gy: the worst within the shift of each, less its recovery. */
  readonly gy: Float32Array;
  /** 1 where every earlier dose is known, 0 where one is not: there the effect is `gy` or more. */
  readonly known: Uint8Array;
  /** How many of the voxels are not known. */
  readonly unknown: number;
}

/**
 * EQD2 of the earlier doses on the dose grid of the plan. Each is sampled trilinearly in patient millimeters at the voxel and at places
 * within its shift, inside the structure or not; the highest counts, converted with its own fractions, less what is recovered.
 *
 * A voxel beyond the grid of an earlier dose is unknown, not 0: what the other doses and places within the shift give stands there as a
 * lower bound, and the voxel is counted.
 *
 * @param alphaBeta  of the tissue, Gy
 * @param region     left out, the whole body
 * @throws           planning/earlier where a dose that the request names was not given; planning/earlier-frame where it lies in another
 *                   frame of reference; radiobiology/fractions, radiobiology/alpha-beta
 */
export function earlierEqd2(setting: Setting, alphaBeta: number, region?: Region): EarlierEqd2 {
  return earlierAt(setting, alphaBeta, region?.voxels ?? setting.bodyVoxels);
}

function earlierAt({ request, scan, medium: { grid } }: Setting, alphaBeta: number, voxels: Int32Array): EarlierEqd2 {
  const gy = new Float32Array(voxels.length);
  const known = new Uint8Array(voxels.length).fill(1);
  for (const asked of request.earlier ?? []) {
    const worst = worstDose(earlierDose(asked, scan.earlier ?? [], grid), grid, voxels, asked.shiftMm);
    for (let n = 0; n < voxels.length; n++) {
      if (worst.known[n] === 0) known[n] = 0;
      gy[n] = (gy[n] as number) + eqd2(Gy(worst.gy[n] as number), asked.fractions, Gy(alphaBeta)) * (1 - asked.recovery);
    }
  }
  return { voxels, gy, known, unknown: known.reduce((count, is) => count + 1 - is, 0) };
}

/** The dose that a request means, as it was given. */
function earlierDose(asked: EarlierAsked, given: readonly EarlierDose[], grid: Grid): Volume<Float32Array> {
  const one = given.find(({ label }) => label === asked.label);
  if (one === undefined) {
    throw new HapaxError("planning/earlier", `The earlier dose ${asked.label} is asked for and was not given.`, `Give it on this scan${given.length === 0 ? "" : `; there are ${given.map(({ label }) => label).join(", ")}`}.`);
  }
  if (one.dose.grid.frameOfReference !== grid.frameOfReference) {
    throw new HapaxError("planning/earlier-frame", `The earlier dose ${asked.label} lies in the frame of reference ${one.dose.grid.frameOfReference || "(none)"}, the plan in ${grid.frameOfReference || "(none)"}.`, "Bring it onto the planning scan by a registration first.");
  }
  return one.dose;
}

/** Physical dose in some voxels of the dose grid. */
interface WorstDose {
  /** Gy; 0 where none is known within the shift. */
  readonly gy: Float32Array;
  /** 1 where the dose is known in the middle of the voxel itself. */
  readonly known: Uint8Array;
}

/** What was sought before: of one dose, in one list of voxels, within one distance, it is the same each time. */
const sought = new WeakMap<Volume<Float32Array>, WeakMap<Int32Array, Map<number, WorstDose>>>();

function worstDose(dose: Volume<Float32Array>, grid: Grid, voxels: Int32Array, shiftMm: number): WorstDose {
  const ofDose = sought.get(dose) ?? new WeakMap<Int32Array, Map<number, WorstDose>>();
  sought.set(dose, ofDose);
  const ofVoxels = ofDose.get(voxels) ?? new Map<number, WorstDose>();
  ofDose.set(voxels, ofVoxels);
  const found = ofVoxels.get(shiftMm) ?? worstWithin(dose, grid, voxels, shiftMm);
  ofVoxels.set(shiftMm, found);
  return found;
}

/**
 * The highest dose within a distance of the middle of each voxel: there, in the middle of every other voxel of the dose grid within the
 * distance, and in 98 directions at the distance. A trilinear dose is highest in such a middle or at the end of its way.
 */
function worstWithin(dose: Volume<Float32Array>, grid: Grid, voxels: Int32Array, distanceMm: number): WorstDose {
  const doseAt = doseSampler({ size: dose.grid.size, patientFromVoxel: flat(dose.grid.patientFromVoxel), values: dose.values, slope: dose.slope, intercept: dose.intercept });
  const { rows: [a, b, c] } = compose(voxelFromPatient(dose.grid), grid.patientFromVoxel);
  const atPlace = (i: number, j: number, k: number) => doseAt(a[0] * i + a[1] * j + a[2] * k + a[3], b[0] * i + b[1] * j + b[2] * k + b[3], c[0] * i + c[1] * j + c[2] * k + c[3]);
  const [nx, ny, nz] = grid.size;
  const middles = new Float32Array(nx * ny * nz);
  const met = new Uint8Array(middles.length);
  const inMiddle = (i: number, j: number, k: number): number => {
    const voxel = i + nx * (j + ny * k);
    if (met[voxel] === 0) {
      met[voxel] = 1;
      middles[voxel] = atPlace(i, j, k);
    }
    return middles[voxel] as number;
  };
  const beside = Int32Array.from(voxelsWithin(distanceMm, grid).flat());
  const ends = Float64Array.from(endsAt(distanceMm, grid).flat());
  const gy = new Float32Array(voxels.length);
  const known = new Uint8Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n] as number;
    const [i, j, k] = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
    const here = inMiddle(i, j, k);
    known[n] = Number.isNaN(here) ? 0 : 1;
    let worst = here > 0 ? here : 0;
    for (let m = 0; m < beside.length; m += 3) {
      const [x, y, z] = [i + (beside[m] as number), j + (beside[m + 1] as number), k + (beside[m + 2] as number)];
      if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
      const there = inMiddle(x, y, z);
      if (there > worst) worst = there;
    }
    for (let m = 0; m < ends.length; m += 3) {
      const there = atPlace(i + (ends[m] as number), j + (ends[m + 1] as number), k + (ends[m + 2] as number));
      if (there > worst) worst = there;
    }
    gy[n] = worst;
  }
  return { gy, known };
}

/** Steps to the voxels of a grid whose middles lie within a distance. */
function voxelsWithin(distanceMm: number, grid: Grid): Vec3[] {
  const { rows: [a, b, c] } = grid.patientFromVoxel;
  const [x, y, z] = spacingOf(grid).map((mm) => Math.floor(distanceMm / mm)) as unknown as Vec3;
  const lengthOf = ([i, j, k]: Vec3) => Math.hypot(a[0] * i + a[1] * j + a[2] * k, b[0] * i + b[1] * j + b[2] * k, c[0] * i + c[1] * j + c[2] * k);
  return stepsTo(x, y, z).filter((step) => lengthOf(step) <= distanceMm);
}

/** Ways of one length in directions that fill the sphere, in voxels of a grid. */
function endsAt(distanceMm: number, grid: Grid): Vec3[] {
  if (!(distanceMm > 0)) return [];
  const toVoxels = voxelFromPatient(grid);
  const origin = apply(toVoxels, [0, 0, 0]);
  // Of steps in one direction the shortest: (2, 0, 0) is (1, 0, 0) again.
  const directions = stepsTo(2, 2, 2).filter((step) => step.some((part) => Math.abs(part) === 1));
  return directions.map((step) => minus(apply(toVoxels, times(unit(step), distanceMm)), origin));
}

/** Whole steps up to so many along each axis, both ways, but for none. */
function stepsTo(x: number, y: number, z: number): Vec3[] {
  const steps: Vec3[] = [];
  for (let k = -z; k <= z; k++) for (let j = -y; j <= y; j++) for (let i = -x; i <= x; i++) if (i !== 0 || j !== 0 || k !== 0) steps.push([i, j, k]);
  return steps;
}

/**
 * Physical dose that each voxel of a region may still have in the fractions of the plan under a limit of the sum of EQD2, Gy; 0 where
 * nothing is left. For a volume that receives a dose it is what is left under that dose; for a mean it is the same in every voxel, from
 * what the mean leaves, which an even dose would use up and an uneven one passes sooner.
 *
 * Where an earlier dose is not known it is what the known ones leave, that is at most so much: `earlierEqd2` counts these voxels, and the
 * outcome of the goal cannot be told.
 *
 * @returns  one number for each voxel of the region; undefined where the goal is not cumulative or has no upper limit
 * @throws   as `earlierEqd2`
 */
export function dosesLeft(setting: Setting, goal: Goal, region: Region): Float32Array | undefined {
  const { cumulative, atMost } = goal;
  if (cumulative === undefined || atMost === undefined) return undefined;
  const { alphaBeta } = cumulative;
  const { gy } = earlierEqd2(setting, alphaBeta, region);
  const asked = metricAsked(goal.metric);
  const left = (limit: number, given: number) => doseForEqd2(Gy(Math.max(0, limit - given)), setting.request.fractions, Gy(alphaBeta));
  if (asked.kind === "mean") return new Float32Array(gy.length).fill(left(atMost, meanOf(gy, region.parts)));
  const limit = asked.kind === "volume" ? asked.gy : atMost;
  return gy.map((given) => left(limit, given));
}

function meanOf(values: Float32Array, parts: Float32Array): number {
  let [sum, all] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    sum += (values[n] as number) * (parts[n] as number);
    all += parts[n] as number;
  }
  return all === 0 ? 0 : sum / all;
}

/** Sum of the EQD2 of a plan and of the earlier doses around a region. */
export interface CumulativeEqd2 {
  /** NaN where an earlier dose is not known, and beyond the surroundings of the region. */
  readonly sum: Volume<Float32Array>;
  /** The same with what is known: the truth is this or more. */
  readonly least: Volume<Float32Array>;
  /** Voxels of the region in which an earlier dose is not known. */
  readonly unknown: number;
}

/**
 * A dose on the dose grid of a setting, voxel by voxel as EQD2 in the fractions of its plan, with the earlier doses added.
 *
 * @param dose       Gy of all fractions, on the dose grid
 * @param alphaBeta  of the tissue, Gy
 * @throws           planning/dose-grid where the dose has another grid; as `earlierEqd2`
 */
export function cumulativeEqd2(setting: Setting, dose: Volume<Float32Array>, alphaBeta: number, region: Region): CumulativeEqd2 {
  const { medium: { grid }, request: { fractions } } = setting;
  if (dose.values.length !== grid.size[0] * grid.size[1] * grid.size[2]) {
    throw new HapaxError("planning/dose-grid", `The dose has ${dose.values.length} voxels, the grid of the plan ${grid.size.join(" × ")}.`, "Calculate the dose on the grid of the plan.");
  }
  const { unknown } = earlierEqd2(setting, alphaBeta, region);
  const { voxels, gy, known } = beyondEdges(earlierAt(setting, alphaBeta, surroundings(region, grid)), region, grid);
  const sum = new Float32Array(dose.values.length).fill(NaN);
  const least = new Float32Array(dose.values.length).fill(NaN);
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n] as number;
    const own = (dose.values[voxel] as number) * dose.slope + dose.intercept;
    const all = eqd2(Gy(own), fractions, Gy(alphaBeta)) + (gy[n] as number);
    least[voxel] = all;
    if (known[n] === 1) sum[voxel] = all;
  }
  const volume = (values: Float32Array): Volume<Float32Array> => ({ grid, values, slope: 1, intercept: 0, unit: "Gy" });
  return { sum: volume(sum), least: volume(least), unknown };
}

/**
 * A voxel is known by its middle: beside a region, where an earlier dose ends, the highest of the known voxels next to it in the region
 * goes on, so that the last voxel of the region is known as a whole.
 */
function beyondEdges(found: EarlierEqd2, region: Region, { size: [nx, ny, nz] }: Grid): EarlierEqd2 {
  if (found.unknown === 0) return found;
  const inside = new Set(region.voxels);
  const knownInside = new Map<number, number>();
  found.voxels.forEach((voxel, n) => {
    if (found.known[n] === 1 && inside.has(voxel)) knownInside.set(voxel, found.gy[n] as number);
  });
  const [gy, known] = [found.gy.slice(), found.known.slice()];
  const steps = stepsTo(1, 1, 1);
  found.voxels.forEach((voxel, n) => {
    if (found.known[n] === 1 || inside.has(voxel)) return;
    const [i, j, k] = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
    for (const [di, dj, dk] of steps) {
      if (i + di < 0 || j + dj < 0 || k + dk < 0 || i + di >= nx || j + dj >= ny || k + dk >= nz) continue;
      const beside = knownInside.get(voxel + di + nx * (dj + ny * dk));
      if (beside === undefined) continue;
      known[n] = 1;
      gy[n] = Math.max(gy[n] as number, beside);
    }
  });
  return { ...found, gy, known };
}

const around = new WeakMap<Region, Int32Array>();

/** The voxels of a region and two more on every side: a dose within it is trilinear between these. */
function surroundings(region: Region, { size: [nx, ny, nz] }: Grid): Int32Array {
  const before = around.get(region);
  if (before !== undefined) return before;
  let marked = new Uint8Array(nx * ny * nz);
  for (const voxel of region.voxels) marked[voxel] = 1;
  for (const [count, stride] of [[nx, 1], [ny, nx], [nz, nx * ny]] as const) {
    const wider = new Uint8Array(marked.length);
    for (let i = 0; i < marked.length; i++) {
      if (marked[i] === 0) continue;
      const at = Math.floor(i / stride) % count;
      for (let by = -Math.min(2, at); by <= Math.min(2, count - 1 - at); by++) wider[i + by * stride] = 1;
    }
    marked = wider;
  }
  let count = 0;
  for (const one of marked) count += one;
  const voxels = new Int32Array(count);
  for (let i = 0, n = 0; i < marked.length; i++) if (marked[i] === 1) voxels[n++] = i;
  around.set(region, voxels);
  return voxels;
}
