import { aimsOf } from "../optimize/aims.ts";
import { onGroup, sampled } from "../optimize/sampling.ts";
import type { Aim, VoxelGroup } from "../optimize/terms.ts";
import type { Region, Setting } from "../setting.ts";
import { dosesLeft } from "../setup/earlier.ts";
import { thinned } from "./positions.ts";

/** By which voxels and aims the weights of openings are judged. */
export interface Judged {
  /** Of the dose grid; a voxel may be there twice, once among those that may be too hot. */
  readonly voxels: Int32Array;
  /** Of the highest prescription. */
  readonly target: VoxelGroup;
  readonly aims: readonly Aim[];
}

/** Voxels that may be too hot, at most. */
const mostHot = 20_000;
/** What counts of the targets and the body: even dose, cold places below 95 %, hot places; and where the dose is to fall, what lies above half the prescription. */
const counts = { uneven: 1, cold: 10, hot: 200, outside: 1 } as const;
const coldShare = 0.95;

/**
 * What open fields are weighed by. Of a plan of open fields an even dose in the targets, nothing below 95 %, no place anywhere hotter
 * than wanted; of a stereotactic one how the dose falls outside, and its hottest place. And in both, the goals of organs: those of the first priority as
 * limits, others over their priority, all at once.
 *
 * @param openDoses  of each beam with its whole opening, Gy per MU on the dose grid
 */
export function judgedBy(setting: Setting, openDoses: readonly Float32Array[]): Judged {
  const { request, targets, bodyVoxels } = setting;
  const organs = new Set(request.goals.map(({ structure }) => structure).filter((name) => targets.every((target) => target.name !== name)));
  const sampling = sampled(setting, organs);
  const [highest] = targets as readonly [(typeof targets)[number], ...typeof targets];
  const target = sampling.groups.get(highest.name) as VoxelGroup;
  const stereotactic = request.technique === "SBRT";
  const apart = placesApart(setting, sampling.voxels, sampling.groups);
  const aimed = apart.flatMap(({ group, doseGy }): Aim[] => [
    { kind: "deviation", group, gy: doseGy, priority: 1, weight: counts.uneven },
    { kind: "underdose", group, gy: coldShare * doseGy, priority: 1, weight: counts.cold },
  ]);
  const goals = aimsOf(setting, sampling.groups, (goal, region) => onGroup(sampling, region, dosesLeft(setting, goal, region)))
    .filter(({ group }) => organs.has(group.name))
    .map((aim): Aim => (aim.kind === "limit" ? aim : { ...aim, weight: (aim.weight ?? 1) / aim.priority }));
  const inTarget = new Set(targets.flatMap(({ voxels }) => [...voxels]));
  const above = (gy: number, weight: number, counted: (voxel: number) => boolean) => ({ gy, weight, voxels: thinned(mayExceed(highest, openDoses, highest.doseGy, gy, bodyVoxels).filter(counted), mostHot) });
  const hot = [
    above((highest.doseGy * (request.conformal?.hottestPercent ?? 107)) / 100, counts.hot, () => true),
    ...(stereotactic ? [above(highest.doseGy / 2, counts.outside, (voxel) => !inTarget.has(voxel))] : []),
  ].filter((one) => one.voxels.length > 0);
  let next = sampling.voxels.length;
  const kept = hot.map(({ gy, weight, voxels: places }): Aim => {
    const first = next;
    next += places.length;
    const group: VoxelGroup = { name: "hot", places: Int32Array.from(places, (_, n) => first + n), shares: new Float32Array(places.length).fill(1 / places.length), volumeCc: NaN };
    return { kind: "overdose", group, gy, priority: 1, weight };
  });
  return { voxels: Int32Array.from([...sampling.voxels, ...hot.flatMap((one) => [...one.voxels])]), target, aims: [...(stereotactic ? [] : aimed), ...kept, ...goals] };
}

/** Voxels that have more than a level by some beam alone that gives the target its dose: no weights together give more. */
function mayExceed({ voxels, parts }: Region, openDoses: readonly Float32Array[], doseGy: number, level: number, bodyVoxels: Int32Array): Int32Array {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const alone = openDoses.map((dose) => (doseGy * whole) / voxels.reduce((sum, voxel, n) => sum + (parts[n] as number) * (dose[voxel] as number), 0));
  return bodyVoxels.filter((voxel) => openDoses.some((dose, b) => (alone[b] as number) * (dose[voxel] as number) > level));
}

/** The targets without what lies in one of a higher prescription. */
function placesApart({ targets }: Setting, voxels: Int32Array, groups: ReadonlyMap<string, VoxelGroup>): { readonly group: VoxelGroup; readonly doseGy: number }[] {
  const taken = new Set<number>();
  return targets.flatMap(({ name, doseGy }) => {
    const group = groups.get(name) as VoxelGroup;
    const own = [...group.places.keys()].filter((n) => !taken.has(voxels[group.places[n] as number] as number));
    for (const place of group.places) taken.add(voxels[place] as number);
    const sum = own.reduce((total, n) => total + (group.shares[n] as number), 0);
    return own.length === 0 ? [] : [{ doseGy, group: { ...group, places: Int32Array.from(own, (n) => group.places[n] as number), shares: Float32Array.from(own, (n) => (group.shares[n] as number) / sum) } }];
  });
}
