import { HapaxError, apply, collimatorFromPatient, compose, lengthOf, minus, plus, sourceOf, spacingOf, unit, voxelFromPatient, type BeamPosition, type Transform, type Vec3 } from "@hapax/base";
import { entryOf, type FluenceMap } from "@hapax/dose";
import { pathThrough } from "@hapax/kernels";
import type { Region, Setting } from "../setting.ts";
import { beamsEyeOutline, distanceAt, distancesAround } from "./outline.ts";

/** A direction of the plan. */
export interface PlacedBeam extends BeamPosition {
  readonly name: string;
  /** Why from there, in words. */
  readonly why: string;
}

/** Directions are sought every so many degrees. */
const everyDeg = 10;
/** So many beams may face each other in pairs; more gain nothing by it. */
const mostOpposed = 4;
/** What a beam of some 6 MV loses in a millimeter of water, scatter reckoned in. */
const lossPerMm = 0.004;
/** Places by which an organ, and the body, is judged, at most. */
const [organPlaces, bodyPlaces] = [200, 1500];
/** What the body counts against an organ of the first priority, and what directions count that all come from one side. */
const [bodyCounts, oneSidedCounts] = [3, 1];
/** A direction may enter where nothing is known by this share of its field, as the engine has it. */
const mayEnterBlind = 0.05;

/**
 * Beams as asked for: as given; evenly spaced around the patient, the first from gantry 0; or chosen among directions each
 * 10 degrees.
 *
 * The cost of a direction is the mean dose of its open field to each organ that has a goal, over its priority, and to the
 * body, when the targets have 1 on average: so overlap in the beam's eye view counts, the depth of the targets, and the way
 * through the body. Taken are those of least cost that stand apart and do not all come from one side.
 *
 * @throws planning/directions where fewer may enter than are asked for
 */
export function beamPositions(setting: Setting): PlacedBeam[] {
  const { beams } = setting.request;
  if ("given" in beams) return beams.given.map(({ name, gantryDeg, collimatorDeg, couchDeg }) => ({ ...towards(setting, gantryDeg), collimatorDeg, couchDeg, name, why: "as asked for" }));
  if ("chosen" in beams) return chosen(setting, beams.chosen);
  return Array.from({ length: beams.even }, (_, n) => Math.round((3600 * n) / beams.even) / 10).map((gantryDeg) => named(setting, gantryDeg, `one of ${beams.even}, evenly spaced`));
}

function towards({ isocenter, patientPosition }: Setting, gantryDeg: number): BeamPosition {
  return { isocenter, patientPosition, gantryDeg, collimatorDeg: 0, couchDeg: 0 };
}

function named(setting: Setting, gantryDeg: number, why: string): PlacedBeam {
  return { ...towards(setting, gantryDeg), name: `Gantry ${gantryDeg}`, why };
}

interface Direction {
  readonly gantryDeg: number;
  /** From the isocenter to the source. */
  readonly unit: Vec3;
  readonly cost: number;
  /** Mean dose to the body, and to organs where it is above 0, when the targets have 1. */
  readonly body: number;
  readonly organs: readonly { readonly name: string; readonly share: number }[];
}

function chosen(setting: Setting, count: number): PlacedBeam[] {
  const judged = judgeOf(setting);
  const directions = Array.from({ length: 360 / everyDeg }, (_, n) => judged(n * everyDeg)).filter((direction) => direction !== undefined);
  const apart = Math.max(2 * everyDeg, everyDeg * Math.floor((0.6 * 360) / count / everyDeg));
  const fit = (a: Direction, b: Direction) => {
    const turn = Math.abs(((b.gantryDeg - a.gantryDeg + 540) % 360) - 180);
    return turn >= apart && (count <= mostOpposed || turn !== 180);
  };
  const found = leastOf(directions, count, fit);
  if (found === undefined) {
    throw new HapaxError("planning/directions", `${count} directions are asked for; ${directions.length} of ${360 / everyDeg} may enter the body where it is in the image, and too few of them stand ${apart}° apart.`, "Ask for fewer, or give the beams.");
  }
  return found.toSorted((a, b) => a.gantryDeg - b.gantryDeg).map(({ gantryDeg, body, organs }) => {
    const met = organs.toSorted((a, b) => b.share - a.share).slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`);
    return named(setting, gantryDeg, `chosen: mean dose when the targets have 100 %: body ${percent(body)}${met.length === 0 ? ", no organ with a goal in its way" : `, ${met.join(", ")}`}`);
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The set of least mean cost and one-sidedness: from each direction on the best next one, then exchanges while they gain. */
function leastOf(directions: readonly Direction[], count: number, fit: (a: Direction, b: Direction) => boolean): Direction[] | undefined {
  const meritOf = (set: readonly Direction[]) => (set.reduce((sum, { cost }) => sum + cost, 0) + oneSidedCounts * lengthOf(set.reduce<Vec3>((sum, direction) => plus(sum, direction.unit), [0, 0, 0]))) / set.length;
  const bestWith = (set: readonly Direction[]) => {
    const possible = directions.filter((one) => set.every((other) => other !== one && fit(one, other))).map((one) => [...set, one]);
    return possible.reduce<Direction[] | undefined>((best, next) => (best === undefined || meritOf(next) < meritOf(best) ? next : best), undefined);
  };
  let best: Direction[] | undefined;
  for (const first of directions) {
    let set: Direction[] | undefined = [first];
    while (set !== undefined && set.length < count) set = bestWith(set);
    if (set === undefined) continue;
    for (let gains = true; gains; ) {
      const now: Direction[] = set;
      const next = now.map((one) => bestWith(now.filter((other) => other !== one)) ?? now).reduce((a, b) => (meritOf(b) < meritOf(a) ? b : a));
      gains = meritOf(next) < meritOf(now) - 1e-9;
      if (gains) set = next;
    }
    if (best === undefined || meritOf(set) < meritOf(best) - 1e-9) best = set;
  }
  return best;
}

/** What there is to say of a direction; undefined for one that may not enter. */
function judgeOf(setting: Setting): (gantryDeg: number) => Direction | undefined {
  const { request, medium, machine, targets, regions, body, bodyVoxels } = setting;
  const { grid, density } = medium;
  const placesOf = (voxels: Int32Array, most: number) => thinned(voxels, most).map((voxel) => [voxel % grid.size[0], Math.floor(voxel / grid.size[0]) % grid.size[1], Math.floor(voxel / (grid.size[0] * grid.size[1]))] as const);
  const priorities = new Map<Region, number>();
  for (const { structure, priority, atMost } of request.goals) {
    const region = regions.get(structure);
    if (region === undefined || region === body || atMost === undefined || targets.some(({ name }) => name === structure)) continue;
    priorities.set(region, Math.min(priority, priorities.get(region) ?? Infinity));
  }
  const organs = [...priorities].map(([{ name, voxels }, priority]) => ({ name, priority, places: placesOf(voxels, organPlaces) }));
  const target = targets.flatMap(({ voxels }) => placesOf(voxels, organPlaces));
  const around = placesOf(bodyVoxels, bodyPlaces);
  const spacingMm = spacingOf(grid);
  const marginMm = request.conformal?.marginMm ?? 0;
  const inMm = (place: Vec3): Vec3 => [place[0] * spacingMm[0], place[1] * spacingMm[1], place[2] * spacingMm[2]];

  return (gantryDeg) => {
    const position = towards(setting, gantryDeg);
    const outline = distancesAround(beamsEyeOutline(targets.map(({ structure }) => structure), position, machine.sadMm, request.gridMm), marginMm);
    const source = sourceOf(position, machine.sadMm);
    const sourceMm = inMm(apply(voxelFromPatient(grid), source));
    const open: FluenceMap = { size: outline.size, spacingMm: outline.spacingMm, originMm: outline.originMm, values: Float32Array.from(outline.mm, (mm) => (mm >= -marginMm ? 1 : 0)) };
    const { throughCut, unknown, meets } = entryOf(machine, medium, position, { primary: open, extraFocal: open, electrons: open });
    if (!meets || throughCut > mayEnterBlind || unknown > 0) return undefined;
    const collimator: Transform<"collimator", "voxel"> = compose(collimatorFromPatient(position), grid.patientFromVoxel);
    const doseAt = (place: Vec3, always = false) => {
      const [x, y, z] = apply(collimator, place);
      const scale = machine.sadMm / (machine.sadMm - z);
      if (!always && distanceAt(outline, x * scale, y * scale) < -marginMm) return 0;
      return scale ** 2 * Math.exp(-lossPerMm * pathThrough({ size: grid.size, spacingMm, density }, sourceMm, inMm(place)));
    };
    const mean = (places: readonly Vec3[], always = false) => places.reduce((sum, place) => sum + doseAt(place, always), 0) / places.length;
    const unitDose = mean(target, true);
    const shares = organs.map(({ name, priority, places }) => ({ name, priority, share: mean(places) / unitDose }));
    const bodyShare = mean(around) / unitDose;
    return {
      gantryDeg,
      unit: unit(minus(source, setting.isocenter)),
      cost: bodyCounts * bodyShare + shares.reduce((sum, { share, priority }) => sum + share / priority, 0),
      body: bodyShare,
      organs: shares.filter(({ share }) => share > 0.005),
    };
  };
}

/** At most so many of some voxels, evenly. */
export function thinned(voxels: Int32Array, most: number): number[] {
  const step = Math.max(1, voxels.length / most);
  return Array.from({ length: Math.min(voxels.length, most) }, (_, n) => voxels[Math.floor(n * step)] as number);
}
