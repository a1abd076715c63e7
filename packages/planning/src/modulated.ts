import { voxelMm3 } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { pencilOperator, type ConeCount, type DoseOperator } from "@hapax/dose";
import { doseOfBeams, doseOfFluence } from "./collapsed.ts";
import { beamPositions, type PlacedBeam } from "./conformal/positions.ts";
import { beamsOf } from "./deliver/beams.ts";
import { refined } from "./deliver/refine.ts";
import { segmentWeights } from "./deliver/segment-weights.ts";
import type { Segment } from "./deliver/segment.ts";
import { sequenced } from "./deliver/sequence.ts";
import { aimValue } from "./optimize/aim-values.ts";
import { aimsOf } from "./optimize/aims.ts";
import { groupMetric } from "./optimize/group-metric.ts";
import { optimizeFluence, type FluenceSolution } from "./optimize/optimize-fluence.ts";
import { onGroup, sampled, type Sampling } from "./optimize/sampling.ts";
import type { Aim, Merit, VoxelGroup } from "./optimize/terms.ts";
import type { Hold, PlanMade } from "./plan-made.ts";
import type { ModulatedAsked } from "./request.ts";
import type { PlanningWork, Setting } from "./setting.ts";
import { dosesLeft } from "./setup/earlier.ts";
import type { Shown, Telling } from "./telling.ts";

/** Beams of modulated intensity as they are delivered, and what was found on the way. */
export interface ModulatedBeams extends Pick<PlanMade, "holds" | "sequencing" | "stopped" | "notes"> {
  readonly beams: readonly PlanBeam[];
  /** Of the beams by collapsed cones, Gy on the grid of the medium. */
  readonly doseGy: Float32Array;
}

/** Corrections before the segments are there are of few cones; the last is as the final dose is. */
const [coarseCones, finalCones]: readonly [ConeCount, ConeCount] = [24, 72];
/** What one gray costs is sought in so many iterations, among the goals that come before organs. */
const [priceIterations, pricePriority] = [40, 2];
/** Less than this is not told of as a price, Gy. */
const toldGy = 0.05;
const refineIterations = 80;

/** What optimization, sequencing and prices have in common. */
interface Ground {
  readonly setting: Setting;
  readonly work: PlanningWork;
  readonly asked: ModulatedAsked;
  readonly positions: readonly PlacedBeam[];
  readonly operator: DoseOperator;
  readonly sampling: Sampling;
  readonly aims: readonly Aim[];
  /** What was found too hot outside the targets, among the aims; undefined where nothing was. */
  readonly hot?: HotAim;
  readonly shown: Shown;
  readonly telling: Telling;
}

/**
 * Plans modulated beams: fluence by pencil beams and by priority; corrected to collapsed cones and optimized again; made into segments, whose
 * shapes and monitor units are refined with the same aims, corrected and refined once more.
 *
 * @throws as `pencilOperator`, `optimizeFluence` and `beamDose`; the signal's reason when it is aborted
 */
export async function modulatedBeams(setting: Setting, asked: ModulatedAsked, work: PlanningWork, telling: Telling): Promise<ModulatedBeams> {
  const { machine, targets } = setting;
  const { crew, signal } = work;
  const positions = beamPositions(setting);
  const { ground: corrected, solution, offsetGy } = await optimized(await groundOf({ setting, work, asked, positions, telling }, 0.08));
  const { ground, segments } = await delivered(corrected, solution, offsetGy);
  try {
    const beams = beamsOf(segments, positions, machine);
    const { doseGy, notes } = await doseOfBeams(setting, beams, { crew, cones: finalCones, signal, onProgress: telling.stage("calculating the dose", 0.92) });
    const given = Float32Array.from(ground.sampling.voxels, (voxel) => doseGy[voxel] as number);
    const kept = corrected.sampling.voxels.length;
    return {
      beams, doseGy,
      holds: await holdsOf({ ...ground, aims: corrected.aims }, solution, padded(offsetGy, given.length)),
      sequencing: targets.map(({ name }) => ({ structure: name, optimizedGy: d95(ground, name, solution.doseGy), deliveredGy: d95(ground, name, given.subarray(0, kept)) })),
      stopped: solution.stopped || work.stop?.aborted === true,
      notes: [...positions.flatMap(({ name, why }) => (why === "as asked for" ? [] : [`${name}: ${why}.`])), ...notes],
    };
  } finally {
    ground.operator.close();
  }
}

/** Corrections for voxels that came later are not known, and no aim of the fluence speaks of them. */
function padded(offsetGy: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(offsetGy);
  return longer;
}

async function groundOf(of: Pick<Ground, "setting" | "work" | "asked" | "positions" | "telling">, until: number): Promise<Ground> {
  const { setting, setting: { request, targets } } = of;
  const sampling = sampled(setting, new Set(request.goals.map(({ structure }) => structure)));
  const aims = aimsOf(setting, sampling.groups, (goal, region) => onGroup(sampling, region, dosesLeft(setting, goal, region)), { voxels: sampling.voxels });
  const shown = { groups: sampling.groups, goals: request.goals, highestGy: Math.max(...targets.map(({ doseGy }) => doseGy)) };
  return { ...of, sampling, aims, shown, operator: await operatorOf(of, sampling.voxels, until) };
}

function operatorOf({ setting: { machine, medium, targets }, work: { crew, signal }, asked: { bixelMm }, positions, telling }: Pick<Ground, "setting" | "work" | "asked" | "positions" | "telling">, voxels: Int32Array, until: number): Promise<DoseOperator> {
  const target = Int32Array.from(new Set(targets.flatMap((region) => [...region.voxels])));
  return pencilOperator({ machine, medium, beams: positions, bixelMm, voxels, target, crew, signal, onProgress: telling.stage("preparing beams", until) });
}

/** Tissue hotter than this part of the highest prescription is sought out and held down to it, as a planner would draw it and ask for less. */
const [hotFrom, hotWeight] = [1.02, 5];

type HotAim = Exclude<Aim, { readonly kind: "limit" }>;

/** The ground with the voxels outside the targets that a dose leaves too hot, after all others, so that groups keep their places; undefined where there are none but those known. */
async function withHot(ground: Ground, doseGy: Float32Array, until: number): Promise<(Ground & { readonly hot: HotAim }) | undefined> {
  const { setting: { targets, bodyVoxels, medium: { grid } }, sampling: { voxels }, shown: { highestGy }, aims } = ground;
  const inTarget = new Uint8Array(doseGy.length);
  for (const region of targets) for (const voxel of region.voxels) inTarget[voxel] = 1;
  const known = new Set(ground.hot?.group.places);
  const placeOf = new Map<number, number>();
  voxels.forEach((voxel, place) => placeOf.set(voxel, place));
  const found = bodyVoxels.filter((voxel) => inTarget[voxel] === 0 && (doseGy[voxel] as number) > hotFrom * highestGy);
  if (found.every((voxel) => known.has(placeOf.get(voxel) ?? -1))) return undefined;
  const added = found.filter((voxel) => !placeOf.has(voxel));
  added.forEach((voxel, n) => placeOf.set(voxel, voxels.length + n));
  const places = Int32Array.from(new Set([...known, ...found.map((voxel) => placeOf.get(voxel) as number)]));
  const group: VoxelGroup = { name: "hot tissue", places, shares: new Float32Array(places.length).fill(1 / places.length), volumeCc: (places.length * voxelMm3(grid)) / 1000 };
  const priority = Math.min(...aims.flatMap((aim) => (aim.kind === "underdose" ? [aim.priority] : [])));
  const hot: HotAim = { kind: "overdose", group, gy: highestGy, priority, weight: hotWeight };
  const all = Int32Array.from([...voxels, ...added]);
  ground.operator.close();
  return { ...ground, hot, aims: [...aims.filter((aim) => aim !== ground.hot), hot], sampling: { ...ground.sampling, voxels: all }, operator: await operatorOf(ground, all, until) };
}

/** The fluence, its dose corrected to collapsed cones as often as asked for; with the ground that it stands on at the end, whose operator is the caller's to close. */
async function optimized(first: Ground): Promise<{ ground: Ground; solution: FluenceSolution; offsetGy: Float32Array }> {
  const { setting, work, asked, positions, telling } = first;
  let ground = first;
  try {
    let offsetGy = new Float32Array(ground.operator.voxelCount);
    let solution = await fluence(ground, { offsetGy, round: 0, iterations: asked.iterations, until: asked.corrections === 0 ? 0.55 : 0.35 });
    for (let round = 1; round <= asked.corrections && work.stop?.aborted !== true; round++) {
      const onProgress = telling.stage("correcting the dose", 0.35 + (0.2 * (round - 0.6)) / asked.corrections);
      const whole = await doseOfFluence(setting, positions, ground.operator, solution.weights, { crew: work.crew, cones: coarseCones, signal: work.signal, onProgress });
      ground = (await withHot(ground, whole, 0.35 + (0.2 * (round - 0.5)) / asked.corrections)) ?? ground;
      offsetGy = difference(whole, ground.sampling.voxels, await ground.operator.forward(solution.weights));
      solution = await fluence(ground, { offsetGy, round, iterations: Math.ceil(asked.iterations / 2), until: 0.35 + (0.2 * round) / asked.corrections, start: solution.weights });
    }
    return { ground, solution, offsetGy };
  } catch (error) {
    ground.operator.close();
    throw error;
  }
}

function fluence({ work, asked, operator, aims, shown, telling }: Ground, { offsetGy, round, iterations, until, start }: { readonly offsetGy: Float32Array; readonly round: number; readonly iterations: number; readonly until: number; readonly start?: Float32Array }): Promise<FluenceSolution> {
  const atMost = iterations * new Set(aims.map(({ priority }) => priority)).size;
  telling.stage("optimizing", until);
  return optimizeFluence({
    operator, aims, offsetGy, smoothing: asked.smoothing, iterations, signal: work.signal, stop: work.stop,
    ...(start === undefined ? {} : { start }),
    onIteration: ({ iteration, objective, priority, doseGy }) => telling.iteration("optimizing", iteration / atMost, { objective, priority, round, atMost }, doseGy, shown),
  });
}

/** The segments, refined twice: by pencil beams corrected for the fluence, then corrected for themselves. With the ground that it ends on, whose operator is the caller's to close. */
async function delivered(start: Ground, { weights, merit }: FluenceSolution, offsetGy: Float32Array): Promise<{ ground: Ground; segments: readonly Segment[] }> {
  const { setting, work, asked: { bixelMm, segmentsPerBeam, leastSegmentMu, corrections }, positions, telling } = start;
  const { machine, request: { fractions } } = setting;
  let ground = start;
  try {
    telling.stage("sequencing", 0.58);
    const refine = ({ operator, shown }: Ground, segments: readonly Segment[], by: Merit, offset: Float32Array, round: number, until: number) => {
      telling.stage("refining segments", until);
      return refined({
        segments, operator, bixelMm, machine, merit: by, offsetGy: offset, fractions, leastSegmentMu, iterations: refineIterations, signal: work.signal, stop: work.stop,
        onIteration: ({ iteration }) => telling.iteration("refining segments", iteration / refineIterations, { objective: merit.objective, priority: merit.priority, round, atMost: refineIterations }, undefined, shown),
      });
    };
    const { bixels } = ground.operator;
    const first = await refine(ground, sequenced({ weights, bixels, bixelMm, machine, fractions, segmentsPerBeam, leastSegmentMu }), merit, offsetGy, corrections + 1, 0.7);
    if (work.stop?.aborted === true) return { ground, segments: first };
    const { doseGy } = await doseOfBeams(setting, beamsOf(first, positions, machine), { crew: work.crew, cones: finalCones, signal: work.signal, onProgress: telling.stage("correcting the dose", 0.76) });
    const hotter = await withHot(ground, doseGy, 0.77);
    ground = hotter ?? ground;
    const byPencil = await ground.operator.forward(segmentWeights(first, bixels, bixelMm, machine, fractions));
    return { ground, segments: await refine(ground, first, hotter === undefined ? merit : withAim(merit, hotter.hot), difference(doseGy, ground.sampling.voxels, byPencil), corrections + 2, 0.86) };
  } catch (error) {
    ground.operator.close();
    throw error;
  }
}

/** A merit with one more aim beside those that are being minimized. */
function withAim(merit: FluenceSolution["merit"], aim: HotAim): Merit {
  const { value } = aimValue(aim);
  return {
    value: (doseGy, gradient) => merit.value(doseGy, gradient) + value(doseGy, 1, gradient),
    update: (doseGy) => merit.update(doseGy),
  };
}

function difference(whole: Float32Array, voxels: Int32Array, byPencil: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(voxels, (voxel, place) => (whole[voxel] as number) - (byPencil[place] as number));
}

function d95({ sampling: { groups } }: Ground, target: string, doseGy: Float32Array): number {
  const group = groups.get(target);
  return group === undefined ? Number.NaN : groupMetric("D95%[Gy]", doseGy, group);
}

/**
 * What one gray at each limit that holds would change, found by optimizing again with it, against as many iterations without.
 */
async function holdsOf(ground: Ground, { weights, holding, stopped }: FluenceSolution, offsetGy: Float32Array): Promise<Hold[]> {
  const { setting: { request, targets }, work, operator, aims, asked, telling } = ground;
  if (stopped || holding.length === 0) return [];
  const told = telling.stage("finding what holds", 0.97);
  const again = (changed: readonly Aim[]) => optimizeFluence({
    operator, offsetGy, smoothing: asked.smoothing, iterations: priceIterations, start: weights, signal: work.signal, stop: work.stop,
    aims: changed.filter(({ priority }) => priority <= pricePriority),
  });
  const before = (await again(aims)).doseGy;
  const holds: Hold[] = [];
  for (const [n, { aim }] of holding.entries()) {
    told((n + 1) / (holding.length + 1));
    const goal = request.goals.find(({ structure, priority, atMost, atLeast }) => structure === aim.group.name && priority === aim.priority && (("side" in aim && aim.side === "below") ? atLeast : atMost) !== undefined);
    if (goal === undefined || goal.priority > pricePriority) continue;
    const more = (gy: number) => gy + ("side" in aim && aim.side === "below" ? -1 : 1);
    const relaxed = { ...aim, gy: typeof aim.gy === "number" ? more(aim.gy) : aim.gy.map(more) } as Aim;
    const after = (await again(aims.map((one) => (one === aim ? relaxed : one)))).doseGy;
    const price = targets.map(({ name }) => ({ structure: name, metric: "D95%[Gy]", changePerGy: d95(ground, name, after) - d95(ground, name, before) }));
    const metric = goal.metric.replace(/\[.*$/, "");
    const dear = price.some(({ changePerGy }) => Math.abs(changePerGy) >= toldGy);
    holds.push({ goal, price, why: `The limit ${metric} of ${goal.structure} is active.${dear ? "" : ` It costs the targets little: one gray more changes no D95% by ${toldGy} Gy.`}` });
  }
  return holds;
}
