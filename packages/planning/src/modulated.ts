import type { PlanBeam } from "@hapax/case";
import { pencilOperator, type ConeCount, type DoseOperator } from "@hapax/dose";
import { doseOfBeams, doseOfFluence } from "./collapsed.ts";
import { beamPositions, type PlacedBeam } from "./conformal/positions.ts";
import { beamsOf } from "./deliver/beams.ts";
import { refined } from "./deliver/refine.ts";
import { segmentWeights } from "./deliver/segment-weights.ts";
import type { Segment } from "./deliver/segment.ts";
import { sequenced } from "./deliver/sequence.ts";
import { aimsOf } from "./optimize/aims.ts";
import { groupMetric } from "./optimize/group-metric.ts";
import { optimizeFluence, type FluenceSolution } from "./optimize/optimize-fluence.ts";
import { sampled, type Sampling } from "./optimize/sampling.ts";
import type { Aim } from "./optimize/terms.ts";
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
  const { request, machine, medium, targets } = setting;
  const { crew, signal } = work;
  const positions = beamPositions(setting);
  const sampling = sampled(setting, new Set(request.goals.map(({ structure }) => structure)));
  const target = Int32Array.from(new Set(targets.flatMap(({ voxels }) => [...voxels])));
  const operator = await pencilOperator({ machine, medium, beams: positions, bixelMm: asked.bixelMm, voxels: sampling.voxels, target, crew, signal, onProgress: telling.stage("preparing beams", 0.08) });
  try {
    const aims = aimsOf(setting, sampling.groups, (goal, region) => onGroup(sampling, region, dosesLeft(setting, goal, region)), { voxels: sampling.voxels });
    const highestGy = Math.max(...targets.map(({ doseGy }) => doseGy));
    const ground: Ground = { setting, work, asked, positions, operator, sampling, aims, shown: { groups: sampling.groups, goals: request.goals, highestGy }, telling };
    const { solution, offsetGy } = await optimized(ground);
    const segments = await delivered(ground, solution, offsetGy);
    const beams = beamsOf(segments, positions, machine);
    const { doseGy, notes } = await doseOfBeams(setting, beams, { crew, cones: finalCones, signal, onProgress: telling.stage("calculating the dose", 0.92) });
    const given = Float32Array.from(sampling.voxels, (voxel) => doseGy[voxel] as number);
    return {
      beams, doseGy,
      holds: await holdsOf(ground, solution, offsetGy),
      sequencing: targets.map(({ name }) => ({ structure: name, optimizedGy: d95(ground, name, solution.doseGy), deliveredGy: d95(ground, name, given) })),
      stopped: solution.stopped || work.stop?.aborted === true,
      notes: [...positions.flatMap(({ name, why }) => (why === "as asked for" ? [] : [`${name}: ${why}.`])), ...notes],
    };
  } finally {
    operator.close();
  }
}

/** Doses of a region's voxels for those of its group; undefined stays so. */
function onGroup({ voxels, groups }: Sampling, { name, voxels: all }: { readonly name: string; readonly voxels: Int32Array }, doses: Float32Array | undefined): Float32Array | undefined {
  const group = groups.get(name);
  if (doses === undefined || group === undefined) return undefined;
  const placeIn = new Map<number, number>();
  all.forEach((voxel, n) => placeIn.set(voxel, n));
  return Float32Array.from(group.places, (place) => doses[placeIn.get(voxels[place] as number) as number] as number);
}

/** The fluence, its dose corrected to collapsed cones as often as asked for. */
async function optimized(ground: Ground): Promise<{ solution: FluenceSolution; offsetGy: Float32Array }> {
  const { setting, work, asked, positions, operator, sampling, telling } = ground;
  let offsetGy = new Float32Array(operator.voxelCount);
  let solution = await fluence(ground, { offsetGy, round: 0, iterations: asked.iterations, until: asked.corrections === 0 ? 0.55 : 0.35 });
  for (let round = 1; round <= asked.corrections && work.stop?.aborted !== true; round++) {
    const onProgress = telling.stage("correcting the dose", 0.35 + (0.2 * (round - 0.6)) / asked.corrections);
    const whole = await doseOfFluence(setting, positions, operator, solution.weights, { crew: work.crew, cones: coarseCones, signal: work.signal, onProgress });
    offsetGy = difference(whole, sampling.voxels, await operator.forward(solution.weights));
    solution = await fluence(ground, { offsetGy, round, iterations: Math.ceil(asked.iterations / 2), until: 0.35 + (0.2 * round) / asked.corrections, start: solution.weights });
  }
  return { solution, offsetGy };
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

/** The segments, refined twice: by pencil beams corrected for the fluence, then corrected for themselves. */
async function delivered(ground: Ground, { weights, merit }: FluenceSolution, offsetGy: Float32Array): Promise<readonly Segment[]> {
  const { setting, work, asked: { bixelMm, segmentsPerBeam, leastSegmentMu }, positions, operator, sampling, telling } = ground;
  const { machine, request: { fractions } } = setting;
  telling.stage("sequencing", 0.58);
  let segments: readonly Segment[] = sequenced({ weights, bixels: operator.bixels, bixelMm, machine, fractions, segmentsPerBeam, leastSegmentMu });
  const refine = (offset: Float32Array, round: number, until: number) => {
    telling.stage("refining segments", until);
    return refined({
      segments, operator, bixelMm, machine, merit, offsetGy: offset, fractions, leastSegmentMu, iterations: refineIterations, signal: work.signal, stop: work.stop,
      onIteration: ({ iteration }) => telling.iteration("refining segments", iteration / refineIterations, { objective: merit.objective, priority: merit.priority, round, atMost: refineIterations }, undefined, ground.shown),
    });
  };
  const rounds = ground.asked.corrections + 1;
  segments = await refine(offsetGy, rounds, 0.7);
  if (work.stop?.aborted === true) return segments;
  const { doseGy } = await doseOfBeams(setting, beamsOf(segments, positions, machine), { crew: work.crew, cones: finalCones, signal: work.signal, onProgress: telling.stage("correcting the dose", 0.76) });
  const byPencil = await operator.forward(segmentWeights(segments, operator.bixels, bixelMm, machine, fractions));
  return refine(difference(doseGy, sampling.voxels, byPencil), rounds + 1, 0.86);
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
    holds.push({ goal, price, why: `The limit ${goal.metric} of ${goal.structure} is active.` });
  }
  return holds;
}
