import { gridOf, type BeamPosition, type Vec3 } from "@hapax/base";
import { machineNamed, type Machine, type Medium } from "@hapax/dose";
import type { Aim, VoxelGroup } from "../optimize/terms.ts";

/** The C-shape as another system was given it, with the same three objectives: what either makes of them can be compared. */
export interface EqualObjectives {
  readonly machine: Machine;
  readonly medium: Medium;
  readonly positions: readonly BeamPosition[];
  readonly bixelMm: number;
  /** Around the target's voxels, mm: about as many bixels as the other had. */
  readonly marginMm: number;
  /** Voxels of the medium's grid whose dose is optimized, rising, and those of the target among them. */
  readonly voxels: Int32Array;
  readonly target: Int32Array;
  /** Each the mean over its structure of a squared difference, Gy² of the whole course; on one priority. */
  readonly aims: readonly Aim[];
  readonly groups: Readonly<Record<"Core" | "OuterTarget" | "BODY", VoxelGroup>>;
  /** Voxels of the whole block with all that is in it. */
  readonly bodyCount: number;
}

const spacingMm = 3;
/** The lattice of the other without the air around the block. */
const size = [103, 53, 103] as const;
const origin: Vec3 = [-153, -78, -154];
const isocenter: Vec3 = [0, -14.45, 0];
/** Body along x, y and z; half of each, mm. */
const bodyHalf = [148.5, 73.5, 148.75] as const;
/** No beam comes farther along the table, mm: what lies beyond stays far below every level. */
const reachMm = 96;

const inBody = (x: number, y: number, z: number) => Math.abs(x) <= bodyHalf[0] && Math.abs(y) <= bodyHalf[1] && Math.abs(z) <= bodyHalf[2];
const inCore = (x: number, y: number, z: number) => Math.hypot(x, y) <= 10 && Math.abs(z) <= 46.25;
/** Open to the back over 151 degrees. */
const inTarget = (x: number, y: number, z: number) => Math.abs(z) <= 38.75 && Math.hypot(x, y) >= 15 && Math.hypot(x, y) <= 37 && Math.atan2(Math.abs(x), -y) <= (104.5 * Math.PI) / 180;

/**
 * Nine beams 40° apart on the C-shape in a block of water, bixels of 5 mm, doses on 3 mm; the core at most 25 Gy with weight 300,
 * the target at 50 Gy with 1000, everything else at most 30 Gy with 100.
 *
 * @source matRad 3.2, its TG119 and the objectives that come with it; the shapes by their dimensions
 */
export function equalObjectives(): EqualObjectives {
  const grid = gridOf({ size, origin, spacing: [spacingMm, spacingMm, spacingMm], frameOfReference: "TG-119" });
  const density = new Float32Array(size[0] * size[1] * size[2]);
  const voxels: number[] = [];
  const places: Record<"Core" | "OuterTarget" | "BODY", number[]> = { Core: [], OuterTarget: [], BODY: [] };
  let [bodyCount, counted] = [0, 0];
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const place = [origin[0] + i * spacingMm, origin[1] + j * spacingMm, origin[2] + k * spacingMm] as const;
        if (!inBody(...place)) continue;
        density[at] = 1;
        const of = inTarget(...place) ? "OuterTarget" : inCore(...place) ? "Core" : "BODY";
        bodyCount++;
        if (of === "BODY") counted++;
        if (Math.abs(place[2]) > reachMm) continue;
        places[of].push(voxels.length);
        voxels.push(at);
      }
    }
  }
  const groupOf = (name: keyof typeof places): VoxelGroup => {
    const count = places[name].length;
    return { name, places: Int32Array.from(places[name]), shares: new Float32Array(count).fill(1 / count), volumeCc: (count * spacingMm ** 3) / 1000 };
  };
  const groups = { Core: groupOf("Core"), OuterTarget: groupOf("OuterTarget"), BODY: groupOf("BODY") };
  const priority = 1;
  return {
    machine: machineNamed("generic-6mv"),
    medium: { grid, density, curve: "water", notes: [] },
    positions: Array.from({ length: 9 }, (_, n): BeamPosition => ({ isocenter, patientPosition: "HFS", gantryDeg: 40 * n, collimatorDeg: 0, couchDeg: 0 })),
    bixelMm: 5,
    marginMm: 7.5,
    voxels: Int32Array.from(voxels),
    target: Int32Array.from(places.OuterTarget, (place) => voxels[place] as number),
    aims: [
      { kind: "overdose", group: groups.Core, gy: 25, weight: 300, priority },
      { kind: "deviation", group: groups.OuterTarget, gy: 50, weight: 1000, priority },
      // The mean is over the whole structure, of which only what beams reach is calculated.
      { kind: "overdose", group: groups.BODY, gy: 30, weight: (100 * groups.BODY.places.length) / counted, priority },
    ],
    groups,
    bodyCount,
  };
}
