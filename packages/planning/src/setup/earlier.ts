import { apply, compose, flat, Gy, HapaxError, spacingOf, voxelFromPatient, type Grid, type Vec3, type Volume } from "@hapax/base";
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

/** What was found before: of one setting, at one α/β, in one list of voxels, it is the same each time. */
const found = new WeakMap<Setting, Map<number, WeakMap<Int32Array, EarlierEqd2>>>();

function earlierAt(setting: Setting, alphaBeta: number, voxels: Int32Array): EarlierEqd2 {
  const ofSetting = found.get(setting) ?? new Map<number, WeakMap<Int32Array, EarlierEqd2>>();
  found.set(setting, ofSetting);
  const ofTissue = ofSetting.get(alphaBeta) ?? new WeakMap<Int32Array, EarlierEqd2>();
  ofSetting.set(alphaBeta, ofTissue);
  const before = ofTissue.get(voxels);
  if (before !== undefined) return before;
  const now = sumAt(setting, alphaBeta, voxels);
  ofTissue.set(voxels, now);
  return now;
}

function sumAt({ request, scan, medium: { grid } }: Setting, alphaBeta: number, voxels: Int32Array): EarlierEqd2 {
  const gy = new Float32Array(voxels.length);
  const known = new Uint8Array(voxels.length).fill(1);
  for (const asked of request.earlier ?? []) {
    const dose = earlierDose(asked, scan.earlier ?? [], grid);
    const worst = worstDose(dose, grid, voxels, asked.shiftMm);
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

/** The highest dose within a distance of each voxel, Gy, and whether the dose at the voxel itself is known; 0 where none is. */
function worstDose(dose: Volume<Float32Array>, grid: Grid, voxels: Int32Array, shiftMm: number): { gy: Float32Array; known: Uint8Array } {
  const doseAt = doseSampler({ size: dose.grid.size, patientFromVoxel: flat(dose.grid.patientFromVoxel), values: dose.values, slope: dose.slope, intercept: dose.intercept });
  const fromGrid = compose(voxelFromPatient(dose.grid), grid.patientFromVoxel);
  const origin = apply(voxelFromPatient(dose.grid), [0, 0, 0]);
  const steps = placesWithin(shiftMm, Math.min(...spacingOf(dose.grid))).map((mm): Vec3 => {
    const to = apply(voxelFromPatient(dose.grid), mm);
    return [to[0] - origin[0], to[1] - origin[1], to[2] - origin[2]];
  });
  const [nx, ny] = grid.size;
  const gy = new Float32Array(voxels.length);
  const known = new Uint8Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n] as number;
    const [u, v, w] = apply(fromGrid, [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))]);
    const here = doseAt(u, v, w);
    known[n] = Number.isNaN(here) ? 0 : 1;
    let worst = known[n] === 1 ? here : 0;
    for (const [du, dv, dw] of steps) {
      const there = doseAt(u + du, v + dv, w + dw);
      if (there > worst) worst = there;
    }
    gy[n] = worst;
  }
  return { gy, known };
}

/** Places within a distance of a point, mm: a lattice of half the dose's spacing, but no finer than a quarter of the distance, and the surface. */
function placesWithin(distanceMm: number, spacingMm: number): Vec3[] {
  if (!(distanceMm > 0)) return [];
  const step = Math.max(spacingMm / 2, distanceMm / 4);
  const reach = Math.floor(distanceMm / step);
  const places: Vec3[] = [];
  for (let k = -reach; k <= reach; k++) {
    for (let j = -reach; j <= reach; j++) {
      for (let i = -reach; i <= reach; i++) if (i !== 0 || j !== 0 || k !== 0) if (step * Math.hypot(i, j, k) <= distanceMm) places.push([i * step, j * step, k * step]);
    }
  }
  for (let k = -1; k <= 1; k++) {
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const far = Math.hypot(i, j, k);
        if (far > 0) places.push([(i * distanceMm) / far, (j * distanceMm) / far, (k * distanceMm) / far]);
      }
    }
  }
  return places;
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
  const { voxels, gy, known } = earlierAt(setting, alphaBeta, surroundings(region, grid));
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
  return { sum: volume(sum), least: volume(least), unknown: earlierEqd2(setting, alphaBeta, region).unknown };
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
