import { closedLoops, readName, standardNameOf, standardNames, type Structure } from "@hapax/case";
import { isFor } from "@hapax/radiotherapy";
import type { Region, Setting } from "../setting.ts";

/** Whether a structure encloses anything; others are only named. */
export const isDrawn = (structure: Structure): boolean => closedLoops(structure).length > 0;

/**
 * Drawn structures that an organ's TG-263 name stands for, however the file spells them: both sides where the name has none, the
 * outline of the body for External.
 *
 * @returns their ROINames; none where it is not drawn
 */
export function organsNamed(organ: string, structures: readonly Structure[]): string[] {
  const drawn = structures.filter(isDrawn);
  if (organ === "External") {
    const outline = drawn.find(({ type }) => type === "EXTERNAL") ?? drawn.find(({ name }) => standardNameOf(name) === "External");
    return outline === undefined ? [] : [outline.name];
  }
  return drawn.filter(({ name }) => isFor({ set: "", structure: organ, metric: "" }, name)).map(({ name }) => name);
}

const targetTypes: ReadonlySet<string | undefined> = new Set(["PTV", "CTV", "GTV"]);

/** Drawn structures that are targets, by their type or their name. */
export function drawnTargets(structures: readonly Structure[]): string[] {
  const named = (name: string) => standardNames.some((entry) => entry.target === true && (standardNameOf(name).startsWith(entry.name)));
  return structures.filter((one) => isDrawn(one) && readName(one.name).purpose === "evaluation" && (targetTypes.has(one.type) || named(one.name))).map(({ name }) => name);
}

/**
 * The target that a role of a template means: of that name, else of that name in TG-263, else the planning target volume that
 * carries the dose in its name (PTV_6600), else the only planning target volume where the template has one target.
 *
 * @param sole  whether the template has no other target
 * @returns     ROINames that fit: one, where it is plain which
 */
export function targetsFor(role: string, doseGy: number, sole: boolean, structures: readonly Structure[]): string[] {
  const targets = drawnTargets(structures);
  const planning = targets.filter((name) => /^PTV/i.test(standardNameOf(name)) || structures.some((one) => one.name === name && one.type === "PTV"));
  const steps = [
    targets.filter((name) => name === role),
    targets.filter((name) => standardNameOf(name) === role),
    planning.filter((name) => new RegExp(`_${Math.round(100 * doseGy)}$`).test(name)),
    sole ? planning : [],
  ];
  return steps.find((found) => found.length > 0) ?? [];
}

/** A pair that is drawn as its sides and not as one. */
function pairsOf(structures: readonly Structure[]): { name: string; sides: readonly [Structure, Structure] }[] {
  const drawn = structures.filter(isDrawn);
  return standardNames.flatMap(({ name, plural, sided }) => {
    if (plural === undefined || sided !== true || organsNamed(plural, structures).length > 0) return [];
    const [left, right] = ["L", "R"].map((side) => drawn.filter((one) => standardNameOf(one.name) === `${name}_${side}`)) as [Structure[], Structure[]];
    const sides = [left[0], right[0]];
    return left.length === 1 && right.length === 1 ? [{ name: plural, sides: sides as [Structure, Structure] }] : [];
  });
}

/** The structures, and as one each pair of which both sides are drawn and not the pair: Lungs of Lung_L and Lung_R. */
export function withPairs(structures: readonly Structure[]): Structure[] {
  const last = structures.reduce((most, { number }) => Math.max(most, number), 0);
  return [...structures, ...pairsOf(structures).map(({ name, sides: [left, right] }, n) => joined(name, last + 1 + n, left, right))];
}

function joined(name: string, number: number, left: Structure, right: Structure): Structure {
  return { number, name, type: "ORGAN", contours: [...left.contours, ...right.contours] };
}

/** Pairs that were joined before, by the regions of their setting. */
const joinedBefore = new WeakMap<Setting["regions"], Map<string, Region>>();

/** A structure of a setting by its name; a pair as one where only its sides are there. Undefined where it has no voxel. */
export function regionNamed({ regions, scan }: Pick<Setting, "regions" | "scan">, name: string): Region | undefined {
  const before = regions.get(name) ?? joinedBefore.get(regions)?.get(name);
  if (before !== undefined) return before;
  const pair = pairsOf(scan.structures).find((one) => one.name === name);
  const [left, right] = (pair?.sides ?? []).map((side) => regions.get(side.name));
  if (left === undefined || right === undefined) return undefined;
  const pairs = joinedBefore.get(regions) ?? new Map<string, Region>();
  joinedBefore.set(regions, pairs.set(name, joinedRegion(name, left, right)));
  return pairs.get(name);
}

function joinedRegion(name: string, left: Region, right: Region): Region {
  const parts = new Map<number, number>();
  for (const side of [left, right]) side.voxels.forEach((voxel, n) => parts.set(voxel, Math.min(1, (parts.get(voxel) ?? 0) + (side.parts[n] as number))));
  const voxels = Int32Array.from(parts.keys()).sort();
  return {
    name, voxels,
    structure: joined(name, left.structure.number, left.structure, right.structure),
    parts: Float32Array.from(voxels, (voxel) => parts.get(voxel) as number),
    volumeCc: left.volumeCc + right.volumeCc,
  };
}
