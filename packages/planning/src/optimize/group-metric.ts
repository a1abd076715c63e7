import type { Goal } from "../request.ts";
import { metricAsked } from "../setup/metric.ts";
import { meanDose, volumeBeyond } from "./aim-values.ts";
import { shareDose } from "./share-dose.ts";
import type { VoxelGroup } from "./terms.ts";

/**
 * A metric of a structure from the voxels that an optimization looks at: near to what the whole structure has, and quick.
 *
 * @param doseGy  of the operator's voxels, Gy
 * @returns       in the unit of the metric
 * @throws        planning/metric
 */
export function groupMetric(metric: Goal["metric"], doseGy: Float32Array, group: VoxelGroup): number {
  const asked = metricAsked(metric);
  switch (asked.kind) {
    case "dose": return shareDose(doseGy, group, 1, asked.to === "share" ? asked.part : Math.min(1, asked.part / group.volumeCc));
    case "volume": return volumeBeyond(doseGy, group, 1, asked.gy) * (asked.in === "%" ? 100 : group.volumeCc);
    case "spared": return (1 - volumeBeyond(doseGy, group, 1, asked.gy)) * group.volumeCc;
    case "mean": return meanDose(doseGy, group);
    case "max": return extreme(doseGy, group, Math.max);
    case "min": return extreme(doseGy, group, Math.min);
  }
}

const extreme = (doseGy: Float32Array, { places }: VoxelGroup, of: (a: number, b: number) => number): number => places.reduce((found, place) => of(found, doseGy[place] as number), doseGy[places[0] as number] as number);

/**
 * Cumulative histogram of a structure from the same voxels.
 *
 * @returns  share of the volume at 0, step, 2 step … Gy, so many values
 */
export function groupHistogram(doseGy: Float32Array, { places, shares }: VoxelGroup, stepGy: number, count: number): Float32Array {
  const bins = new Float32Array(count);
  for (let i = 0; i < places.length; i++) {
    const bin = Math.min(count - 1, Math.max(0, Math.floor((doseGy[places[i] as number] as number) / stepGy)));
    bins[bin] = (bins[bin] as number) + (shares[i] as number);
  }
  for (let bin = count - 2; bin >= 0; bin--) bins[bin] = (bins[bin] as number) + (bins[bin + 1] as number);
  return bins;
}
