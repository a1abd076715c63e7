import { spacingOf } from "@hapax/base";
import { nearestSeed } from "@hapax/kernels";
import type { Region, Setting } from "../setting.ts";
import { regionNamed } from "../setup/named-structures.ts";
import type { VoxelGroup } from "./terms.ts";

/** The voxels whose dose is optimized, and each structure among them. */
export interface Sampling {
  /** Of the dose grid, rising. */
  readonly voxels: Int32Array;
  readonly groups: ReadonlyMap<string, VoxelGroup>;
}

/** Structures with fewer voxels are taken whole. */
const takenWhole = 4000;
/** Around the targets everything counts; beyond, organs are sampled each second voxel along each axis, the rest of the body each fourth. */
const nearMm = 12;
const strides = { near: 1, bodyNear: 2, organ: 2, body: 4 } as const;

/**
 * The voxels that an optimization looks at: all of targets and small organs and of what lies near a target, a regular sample of the
 * rest, each voxel of it standing for those around it. No chance is in it.
 *
 * @param organs  names of the structures that goals speak of; the body is always among them
 */
export function sampled(setting: Setting, organs: ReadonlySet<string>): Sampling {
  const { medium: { grid }, targets, bodyVoxels } = setting;
  const [nx, ny] = grid.size;
  const near = nearTargets(setting);
  const step = new Uint8Array(grid.size[0] * ny * grid.size[2]);
  const ask = (voxel: number, stride: number) => {
    if (step[voxel] === 0 || (step[voxel] as number) > stride) step[voxel] = stride;
  };
  for (const voxel of bodyVoxels) ask(voxel, near[voxel] === 1 ? strides.bodyNear : strides.body);
  const named = [...organs].flatMap((name) => regionNamed(setting, name) ?? []);
  for (const region of named) {
    if (region === setting.body) continue;
    const whole = region.voxels.length <= takenWhole;
    for (const voxel of region.voxels) ask(voxel, whole || near[voxel] === 1 ? strides.near : strides.organ);
  }
  for (const { voxels } of targets) for (const voxel of voxels) ask(voxel, strides.near);
  const chosen = step.map((stride, voxel) => {
    if (stride <= 1) return stride;
    const onLattice = (voxel % nx) % stride === 0 && (Math.floor(voxel / nx) % ny) % stride === 0 && Math.floor(voxel / (nx * ny)) % stride === 0;
    return onLattice ? stride : 0;
  });
  let count = 0;
  for (const stride of chosen) if (stride > 0) count++;
  const voxels = new Int32Array(count);
  const placeOf = new Int32Array(chosen.length).fill(-1);
  for (let voxel = 0, n = 0; voxel < chosen.length; voxel++) {
    if (chosen[voxel] === 0) continue;
    placeOf[voxel] = n;
    voxels[n++] = voxel;
  }
  const wanted = [...targets, ...named, ...(setting.body === undefined ? [] : [setting.body])];
  const groups = new Map<string, VoxelGroup>();
  for (const region of wanted) if (!groups.has(region.name)) groups.set(region.name, groupOf(region, chosen, placeOf));
  return { voxels, groups };

  function groupOf({ name, voxels: all, parts, volumeCc }: Region, stepAt: Uint8Array, places: Int32Array): VoxelGroup {
    const inside: number[] = [];
    const weights: number[] = [];
    let total = 0;
    all.forEach((voxel, n) => {
      const place = places[voxel] as number;
      if (place < 0) return;
      const weight = (parts[n] as number) * (stepAt[voxel] as number) ** 3;
      inside.push(place);
      weights.push(weight);
      total += weight;
    });
    return { name, places: Int32Array.from(inside), shares: Float32Array.from(weights, (weight) => weight / total), volumeCc };
  }
}

/** 1 where a voxel lies in or near a target. */
function nearTargets({ medium: { grid }, targets }: Setting): Uint8Array {
  const seeds = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  for (const { voxels } of targets) for (const voxel of voxels) seeds[voxel] = 1;
  const spacing = spacingOf(grid);
  const nearest = nearestSeed(seeds, grid.size, spacing);
  const [nx, ny] = grid.size;
  const near = new Uint8Array(seeds.length);
  for (let voxel = 0; voxel < near.length; voxel++) {
    const seed = nearest[voxel] as number;
    if (seed < 0) continue;
    const x = ((seed % nx) - (voxel % nx)) * spacing[0];
    const y = ((Math.floor(seed / nx) % ny) - (Math.floor(voxel / nx) % ny)) * spacing[1];
    const z = (Math.floor(seed / (nx * ny)) - Math.floor(voxel / (nx * ny))) * spacing[2];
    near[voxel] = x * x + y * y + z * z <= nearMm * nearMm ? 1 : 0;
  }
  return near;
}

/** Doses of a region's voxels for the places of its group; undefined where there are none, or no group. */
export function onGroup({ voxels, groups }: Sampling, { name, voxels: all }: Pick<Region, "name" | "voxels">, doses: Float32Array | undefined): Float32Array | undefined {
  const group = groups.get(name);
  if (doses === undefined || group === undefined) return undefined;
  const at = new Map<number, number>();
  all.forEach((voxel, n) => at.set(voxel, n));
  return Float32Array.from(group.places, (place) => doses[at.get(voxels[place] as number) as number] as number);
}
