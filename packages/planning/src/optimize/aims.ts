import { HapaxError } from "@hapax/base";
import type { Goal } from "../request.ts";
import type { Region, Setting } from "../setting.ts";
import { metricAsked } from "../setup/metric.ts";
import { regionNamed } from "../setup/named-structures.ts";
import { fallingDose, type FallOff } from "./falling-dose.ts";
import type { Aim, VoxelGroup } from "./terms.ts";

export interface AimsOptions {
  /** Of the dose grid, which the places of the groups count; left out, tissue around the targets is only kept below their dose. */
  readonly voxels?: ArrayLike<number>;
  /**
   * By how much more is aimed at than a goal asks for, as a part of its dose and at least so many Gy: what sequencing and the
   * final calculation may lose. 1.5 % and 0.3 Gy unless given.
   */
  readonly reserve?: { readonly relative: number; readonly gy: number };
}

/** What is aimed at in a target, of its prescription: evenly for one that is to be even, and how hot a stereotactic one may be. */
const [evenTo, stereotacticTo] = [1.02, 1.4];
/** A small volume that may have more than a limit, cc: a limit of priority 1 holds in it too. */
const smallCc = 0.1;
/** Goals at a share of a target count so much more than its evenness. */
const goalWeight = 3;
/** Tissue is nowhere to be hotter than the targets: as a part of their dose, and what it counts for, spread over the whole body as it is. */
const [hottest, hottestWeight] = [1.02, 10];
/** How the dose is asked to fall around targets. */
const fallOffs: Readonly<Record<"even" | "stereotactic", FallOff>> = { even: { far: 0.35, perMm: 0.08, fromMm: 2 }, stereotactic: { far: 0.25, perMm: 0.12, fromMm: 1 } };

/**
 * What a planner would ask of an optimizer to reach the prescriptions and goals of a request:
 *
 * - limits of priority 1 on the maximum, a mean or a volume are limits, less a reserve; on 0.1 cc or less they hold in every voxel
 * - targets have underdose below their prescription and overdose a little above, each in what is not of a higher one; around the
 *   higher the overdose gives way. Their goals count beside that, with a reserve
 * - other goals of organs are aims at their values, in what is not target: what the target takes up is taken off the goal
 * - at last, the dose is to fall with the distance from the targets
 *
 * @param groups   by ROIName; goals of structures that have none are left out
 * @param limitGy  where a goal's limit is not its own number, as for a cumulative one: the dose that is left, for all or for each voxel of the group
 * @throws         planning/aim where a limit does not fit the group; planning/metric for a metric that cannot be read
 */
export function aimsOf(setting: Setting, groups: ReadonlyMap<string, VoxelGroup>, limitGy: (goal: Goal, region: Region) => number | Float32Array | undefined, { voxels, reserve = { relative: 0.015, gy: 0.3 } }: AimsOptions = {}): Aim[] {
  const { request: { goals } } = setting;
  const targets = targetsIn(setting, groups);
  const margin = (gy: number) => Math.max(reserve.relative * gy, reserve.gy);
  const context: Context = { setting, groups, targets, limitGy, lowered: (gy) => Math.max(0, gy - margin(gy)), raised: (gy) => gy + margin(gy), ...(voxels === undefined ? {} : { voxels }) };
  return [...targetAims(context), ...goals.flatMap((goal) => goalAims(goal, context)), ...tissueAims(context)];
}

interface Context extends Pick<AimsOptions, "voxels"> {
  readonly setting: Setting;
  readonly groups: ReadonlyMap<string, VoxelGroup>;
  /** Of the highest dose first. */
  readonly targets: readonly Target[];
  readonly limitGy: (goal: Goal, region: Region) => number | Float32Array | undefined;
  readonly lowered: (gy: number) => number;
  readonly raised: (gy: number) => number;
}

interface Target {
  readonly name: string;
  readonly doseGy: number;
  readonly group: VoxelGroup;
  /** Places that lie in it by at least half. */
  readonly inside: ReadonlySet<number>;
}

function targetsIn({ targets }: Setting, groups: ReadonlyMap<string, VoxelGroup>): Target[] {
  return targets.flatMap(({ name, doseGy }) => {
    const group = groups.get(name);
    if (group === undefined) return [];
    const whole = group.shares.reduce((most, share) => Math.max(most, share), 0);
    return [{ name, doseGy, group, inside: new Set(group.places.filter((_, i) => (group.shares[i] as number) >= whole / 2)) }];
  }).sort((a, b) => b.doseGy - a.doseGy);
}

function targetAims({ setting, targets, voxels, lowered, raised }: Context): Aim[] {
  const { request: { goals, technique }, medium: { grid } } = setting;
  return targets.flatMap((target, rank): Aim[] => {
    const higher = targets.slice(0, rank);
    const group = without(target.group, higher);
    if (group === undefined) return [];
    const own = goals.filter(({ structure }) => structure === target.name);
    const priority = targetPriority(target.name, setting);
    const most = own.flatMap(({ metric, atMost }) => (atMost !== undefined && isHottest(metric) ? [lowered(atMost)] : []));
    const least = own.flatMap(({ metric, atLeast }) => (atLeast !== undefined && isColdest(metric) ? [raised(atLeast)] : []));
    const under = Math.min(Math.max(target.doseGy, ...least), ...most);
    const over = technique === "SBRT" ? Math.min(stereotacticTo * target.doseGy, ...most) : Math.min(evenTo * under, ...most);
    const fall = higher.length === 0 || voxels === undefined ? undefined : fallingDose(grid, higher.map((one) => sourceOf(one, voxels)), voxelsOf(group, voxels), fallOffs.even);
    const highest = higher.reduce((gy, { doseGy }) => Math.max(gy, doseGy), 0);
    const ceiling = fall === undefined ? Math.max(over, (over + highest) / 2) : fall.map((gy) => Math.max(over, gy));
    return [
      { kind: "underdose", group, gy: under, priority },
      { kind: "overdose", group, gy: higher.length === 0 ? over : ceiling, priority },
    ];
  });
}

/** That of its most urgent goal, or where it has none of any target's. */
function targetPriority(name: string, { request: { goals }, targets }: Setting): number {
  const ofTargets = goals.filter(({ structure }) => targets.some((target) => target.name === structure));
  const own = ofTargets.filter(({ structure }) => structure === name);
  return (own.length > 0 ? own : ofTargets).reduce((most, { priority }) => Math.min(most, priority), ofTargets.length === 0 ? 1 : Infinity);
}

/** D2%, D0.03cc or the maximum. */
function isHottest(metric: string): boolean {
  const asked = metricAsked(metric);
  return asked.kind === "max" || (asked.kind === "dose" && asked.part <= (asked.to === "cc" ? 2 : 0.1));
}

/** D90% to D100%, or the minimum. */
function isColdest(metric: string): boolean {
  const asked = metricAsked(metric);
  return asked.kind === "min" || (asked.kind === "dose" && asked.to === "share" && asked.part >= 0.9);
}

function goalAims(goal: Goal, context: Context): Aim[] {
  const { setting, groups, targets, limitGy, lowered, raised } = context;
  const { structure, priority, atMost, atLeast, cumulative } = goal;
  const group = groups.get(structure);
  const region = regionNamed(setting, structure);
  if (group === undefined || region === undefined) return [];
  const asked = metricAsked(goal.metric);
  const volumeShare = (amount: number, unit: "%" | "cc") => Math.min(1, unit === "%" ? amount / 100 : amount / group.volumeCc);
  if (asked.kind === "spared") {
    return atLeast === undefined ? [] : upperAims({ level: lowered(asked.gy), share: 1 - volumeShare(atLeast, "cc") }, goal, group, context);
  }
  const doseShare = asked.kind === "dose" ? (asked.to === "share" ? asked.part : volumeShare(asked.part, "cc")) : 0;
  if (atMost !== undefined) {
    const left = limitGy(goal, region) ?? (cumulative === undefined ? (asked.kind === "volume" ? asked.gy : atMost) : undefined);
    if (left === undefined) return [];
    if (typeof left !== "number" && left.length !== group.places.length) {
      throw new HapaxError("planning/aim", `The dose left in ${structure} was given for ${left.length} voxels of ${group.places.length}.`, "Give one dose for all, or one for each voxel of its group.");
    }
    const level = typeof left === "number" ? lowered(left) : left.map(lowered);
    if (asked.kind === "mean") return meanAims(typeof level === "number" ? level : meanOf(level, group), goal, group, context);
    const small = asked.kind === "max" || (asked.kind === "dose" && doseShare * group.volumeCc <= smallCc);
    return upperAims({ level, share: asked.kind === "volume" ? volumeShare(atMost, asked.in) : small && priority === 1 ? 0 : doseShare }, goal, group, context);
  }
  if (atLeast === undefined) return [];
  const weight = targets.some(({ name }) => name === structure) ? goalWeight : 1;
  switch (asked.kind) {
    case "mean": return [{ kind: "gEUD", group, gy: raised(atLeast), a: 1, side: "below", priority, weight }];
    case "min": return [{ kind: "underdose", group, gy: raised(atLeast), priority, weight }];
    case "dose": return [{ kind: "DVH", group, gy: raised(atLeast), share: doseShare, side: "below", priority, weight }];
    case "volume": return [{ kind: "DVH", group, gy: raised(asked.gy), share: volumeShare(atLeast, asked.in), side: "below", priority, weight }];
    case "max": return [];
  }
}

/** At most a share may have more than a level: a limit of the whole at priority 1, else an aim of what is not target. */
function upperAims({ level, share }: { readonly level: number | Float32Array; readonly share: number }, { priority, structure }: Goal, group: VoxelGroup, { targets }: Context): Aim[] {
  if (priority === 1) {
    return [share === 0 ? { kind: "limit", of: "each voxel", group, gy: level, side: "above", priority } : { kind: "limit", of: "share", share, group, gy: level, side: "above", priority }];
  }
  if (targets.some(({ name }) => name === structure)) return [atMostBeyond(group, level, share, priority, goalWeight)];
  const outside = without(group, targets);
  if (outside === undefined) return [];
  const levels = typeof level === "number" ? level : levelsWithout(level, group, targets);
  // What targets fill with more than the level is a part of the share already.
  const taken = taking(group, targets).filter(({ doseGy, i }) => doseGy > (typeof level === "number" ? level : (level[i] as number)));
  const used = taken.reduce((sum, { share: part }) => sum + part, 0);
  const left = shareOutside(group, targets);
  return [atMostBeyond(outside, levels, Math.max(0, share - used) / left, priority, 1)];
}

function atMostBeyond(group: VoxelGroup, gy: number | Float32Array, share: number, priority: number, weight: number): Aim {
  return share === 0 ? { kind: "overdose", group, gy, priority, weight } : { kind: "DVH", group, gy, share: Math.min(1, share), side: "above", priority, weight };
}

function meanAims(gy: number, { priority }: Goal, group: VoxelGroup, { targets }: Context): Aim[] {
  if (priority === 1) return [{ kind: "limit", of: "mean", group, gy, priority }];
  const outside = without(group, targets);
  if (outside === undefined) return [];
  // What lies in a target has its dose.
  const used = taking(group, targets).reduce((sum, { share, doseGy }) => sum + share * doseGy, 0);
  return [{ kind: "mean", group: outside, gy: Math.max(0, gy - used) / shareOutside(group, targets), priority }];
}

function tissueAims({ setting, groups, targets, voxels }: Context): Aim[] {
  const { body, request: { goals, technique }, medium: { grid } } = setting;
  const whole = body === undefined ? undefined : groups.get(body.name);
  const group = whole === undefined ? undefined : without(whole, targets);
  if (group === undefined || targets.length === 0) return [];
  const highest = targets.reduce((most, { doseGy }) => Math.max(most, doseGy), 0);
  const first = Math.min(...targets.map(({ name }) => targetPriority(name, setting)));
  const last = Math.max(first, ...goals.map(({ priority }) => priority)) + 1;
  const hot: Aim = { kind: "overdose", group, gy: hottest * highest, priority: first, weight: hottestWeight };
  if (voxels === undefined) return [hot];
  const fall = fallOffs[technique === "SBRT" ? "stereotactic" : "even"];
  return [hot, { kind: "overdose", group, gy: fallingDose(grid, targets.map((target) => sourceOf(target, voxels)), voxelsOf(group, voxels), fall), priority: last }];
}

const sourceOf = ({ inside, doseGy }: Target, voxels: ArrayLike<number>) => ({ voxels: Int32Array.from(inside, (place) => voxels[place] as number), doseGy });
const voxelsOf = ({ places }: VoxelGroup, voxels: ArrayLike<number>) => places.map((place) => voxels[place] as number);
const isIn = (targets: readonly Target[], place: number) => targets.some(({ inside }) => inside.has(place));

/** A group without what lies in targets; undefined where nothing is left. */
function without(group: VoxelGroup, targets: readonly Target[]): VoxelGroup | undefined {
  if (targets.length === 0) return group;
  const left = shareOutside(group, targets);
  const kept = Array.from(group.places, (place, i) => ({ place, i })).filter(({ place }) => !isIn(targets, place));
  if (kept.length === 0 || left === 0) return undefined;
  return { name: group.name, places: Int32Array.from(kept, ({ place }) => place), shares: Float32Array.from(kept, ({ i }) => (group.shares[i] as number) / left), volumeCc: left * group.volumeCc };
}

const shareOutside = (group: VoxelGroup, targets: readonly Target[]) => group.places.reduce((sum, place, i) => (isIn(targets, place) ? sum : sum + (group.shares[i] as number)), 0);
const levelsWithout = (levels: Float32Array, { places }: VoxelGroup, targets: readonly Target[]) => levels.filter((_, i) => !isIn(targets, places[i] as number));
const meanOf = (values: Float32Array, { shares }: VoxelGroup) => values.reduce((sum, value, i) => sum + value * (shares[i] as number), 0);

/** What targets take of a group, and the dose that they are to have. */
function taking(group: VoxelGroup, targets: readonly Target[]): { readonly i: number; readonly share: number; readonly doseGy: number }[] {
  return Array.from(group.places).flatMap((place, i) => {
    const target = targets.find(({ inside }) => inside.has(place));
    return target === undefined ? [] : [{ i, share: group.shares[i] as number, doseGy: target.doseGy }];
  });
}
