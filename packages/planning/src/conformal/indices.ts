import { spacingOf, type Volume } from "@hapax/base";
import { surfaceDistance, type Bounds, type Occupancy } from "@hapax/kernels";
import { dvhOf, metricOf, targetIndices } from "@hapax/radiotherapy";
import type { PlanIndex } from "../plan-made.ts";
import type { Region, Setting } from "../setting.ts";

type Triple = readonly [number, number, number];

/** Where the dose around a target is judged, mm from its surface. */
const aroundMm = 20;

/**
 * Indices of every target of a plan: what ICRU report 83 asks to report, in Gy; cover, conformity and fall of dose, with
 * R50% and D2cm in percent of the prescription.
 *
 * @param dose  Gy over all fractions, on the grid of the setting
 */
export function planIndices({ targets, body, bodyVoxels, medium }: Pick<Setting, "targets" | "body" | "bodyVoxels" | "medium">, dose: Volume<Float32Array>): PlanIndex[] {
  const asked = { frameOfReference: medium.grid.frameOfReference };
  const outline = body === undefined ? undefined : dvhOf(body.structure, dose, asked);
  return targets.flatMap((target): PlanIndex[] => {
    const dvh = dvhOf(target.structure, dose, asked);
    const least = 0.95 * target.doseGy;
    const icru: PlanIndex[] = (["D98%", "D50%", "D2%", "Mean"] as const).map((name) => ({ name, structure: target.name, value: metricOf(`${name}[Gy]`, dvh), source: "ICRU 83" }));
    const covered = { name: "V95%", structure: target.name, value: metricOf(`V${least}Gy[%]`, dvh), source: "ICRU 83" };
    const fit = targetIndices(dvh, outline, dose, target.doseGy).indices.map(({ name, value, source }): PlanIndex => ({ name, structure: target.name, value, source }));
    const beyond = highestBeyond(target, bodyVoxels, dose, aroundMm);
    const d2cm = beyond === undefined ? [] : [{ name: "D2cm", structure: target.name, value: same((100 * beyond) / target.doseGy), source: "RTOG 0813" }];
    return [...icru, covered, ...fit, ...d2cm].filter(({ value }) => !Number.isNaN(value.low) && !Number.isNaN(value.high));
  });
}

const same = (value: number): Bounds => ({ low: value, high: value });

/**
 * The highest dose in the body so far or farther from a structure.
 *
 * @param distanceMm  from its surface
 * @returns           Gy; undefined where nothing of the body is so far away
 */
export function highestBeyond(region: Region, bodyVoxels: Int32Array, { grid, values }: Volume<Float32Array>, distanceMm: number): number | undefined {
  const { size } = grid;
  const spacing = spacingOf(grid);
  const { first, size: box, mm } = surfaceDistance(occupancyOf(region, size), spacing.map((step) => Math.ceil(distanceMm / step) + 1) as unknown as Triple, spacing);
  let highest: number | undefined;
  for (const voxel of bodyVoxels) {
    const i = (voxel % size[0]) - first[0];
    const j = (Math.floor(voxel / size[0]) % size[1]) - first[1];
    const k = Math.floor(voxel / (size[0] * size[1])) - first[2];
    const inBox = i >= 0 && j >= 0 && k >= 0 && i < box[0] && j < box[1] && k < box[2];
    // What lies beyond the box lies farther.
    if (inBox && (mm[i + box[0] * (j + box[1] * k)] as number) < distanceMm) continue;
    const gy = values[voxel] as number;
    if (highest === undefined || gy > highest) highest = gy;
  }
  return highest;
}

/** A region as shares of the voxels of its box. */
function occupancyOf({ voxels, parts }: Region, [nx, ny]: Triple): Occupancy {
  const place = (voxel: number): Triple => [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (const voxel of voxels) {
    place(voxel).forEach((at, axis) => {
      low[axis] = Math.min(low[axis] as number, at);
      high[axis] = Math.max(high[axis] as number, at);
    });
  }
  const first = low as unknown as Triple;
  const size = high.map((at, axis) => at - (low[axis] as number) + 1) as unknown as Triple;
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  voxels.forEach((voxel, n) => {
    const [x, y, z] = place(voxel);
    fraction[x - first[0] + size[0] * (y - first[1] + size[1] * (z - first[2]))] = parts[n] as number;
  });
  return { first, size, fraction };
}
