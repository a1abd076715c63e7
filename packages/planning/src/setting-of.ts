import { apply, flat, HapaxError, voxelMm3, type Grid, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { curveNamed, machineNamed, mediumOf, type Medium } from "@hapax/dose";
import { occupancy, type Occupancy } from "@hapax/kernels";
import type { PlanRequest } from "./request.ts";
import type { PlanningScan, PlanningWork, Region, Setting } from "./setting.ts";

/**
 * Brings a request onto the dose grid: densities, machine, structures as voxels, and the isocenter.
 *
 * @throws planning/target where a target is not drawn; as `mediumOf`, `machineNamed` and `curveNamed`
 */
export async function settingOf(request: PlanRequest, scan: PlanningScan, { signal, onProgress }: Pick<PlanningWork, "signal" | "onProgress">): Promise<Setting> {
  onProgress?.({ step: "reading densities", share: 0 });
  const machine = machineNamed(request.machine.id);
  const outline = scan.structures.find(({ type, contours }) => type === "EXTERNAL" && contours.length > 0);
  const medium = await mediumOf({ ct: scan.ct, curve: curveNamed(request.curve), grid: request.gridMm, ...(outline === undefined ? {} : { body: outline }), ...(signal === undefined ? {} : { signal }) });
  const bodyVoxels = placesWhere(medium.density, (density) => density > 0);
  const regions = new Map<string, Region>();
  for (const structure of scan.structures) {
    signal?.throwIfAborted();
    const region = structure === outline ? bodyRegion(structure, medium, bodyVoxels) : regionOf(structure, medium.grid);
    if (region.voxels.length > 0) regions.set(structure.name, region);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const targets = request.prescriptions.map(({ structure, doseGy }) => {
    const region = regions.get(structure);
    if (region !== undefined) return { ...region, doseGy };
    throw new HapaxError("planning/target", `The target ${structure} is not drawn on this scan, or lies outside the body.`, `Drawn are ${[...regions.keys()].join(", ") || "no structures"}.`);
  });
  const body = outline === undefined ? undefined : regions.get(outline.name);
  return {
    request, scan, medium, machine, patientPosition: scan.patientPosition,
    isocenter: request.isocenter ?? middleOf(targets.map(({ voxels }) => voxels), medium.grid),
    regions, targets, bodyVoxels,
    ...(body === undefined ? {} : { body }),
  };
}

function regionOf(structure: Structure, grid: Grid): Region {
  const loops = closedLoops(structure);
  const { first, size, fraction } = loops.length === 0 ? nowhere : occupancy(loops, { size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) });
  const inside = placesWhere(fraction, (part) => part > 0);
  const [nx, ny] = grid.size;
  const voxels = inside.map((at) => first[0] + (at % size[0]) + nx * (first[1] + (Math.floor(at / size[0]) % size[1]) + ny * (first[2] + Math.floor(at / (size[0] * size[1])))));
  const parts = Float32Array.from(inside, (at) => fraction[at] as number);
  return { name: structure.name, structure, voxels, parts, volumeCc: (sum(parts) * voxelMm3(grid)) / 1000 };
}

const nowhere: Occupancy = { first: [0, 0, 0], size: [0, 0, 0], fraction: new Float32Array(0) };

function bodyRegion(structure: Structure, { grid }: Medium, voxels: Int32Array): Region {
  return { name: structure.name, structure, voxels, parts: new Float32Array(voxels.length).fill(1), volumeCc: (voxels.length * voxelMm3(grid)) / 1000 };
}

/** The middle of the box of some voxels, LPS, to the millimeter. */
function middleOf(groups: readonly Int32Array[], grid: Grid): Vec3 {
  const [nx, ny] = grid.size;
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (const voxels of groups) {
    for (const voxel of voxels) {
      const place = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
      place.forEach((at, axis) => {
        low[axis] = Math.min(low[axis] as number, at);
        high[axis] = Math.max(high[axis] as number, at);
      });
    }
  }
  const middle = low.map((value, axis) => (value + (high[axis] as number)) / 2) as unknown as Vec3;
  return apply(grid.patientFromVoxel, middle).map(Math.round) as unknown as Vec3;
}

/** Places of an array that fulfil a condition, rising. */
function placesWhere(values: Float32Array, holds: (value: number) => boolean): Int32Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i] as number)) count++;
  const places = new Int32Array(count);
  for (let i = 0, n = 0; i < values.length; i++) if (holds(values[i] as number)) places[n++] = i;
  return places;
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
