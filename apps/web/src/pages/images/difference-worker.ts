import { apply, type Vec3, type Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { doseDifference, highestDose } from "@hapax/radiotherapy";
import { answerWith } from "./answer-with.ts";

/** Two doses, the one less the other. */
export interface DifferenceWork {
  readonly shown: Volume;
  readonly less: Volume;
  readonly registrations: readonly Registration[];
  /** Dose of 100 %, Gy; undefined takes the highest of `less`. */
  readonly wholeGy: number | undefined;
}

export interface DifferenceAnswer {
  /** Gy, on the grid of the dose that is taken away; NaN where the shown one is not known. */
  readonly difference: Volume<Float32Array>;
  /** Dose of 100 %, Gy. */
  readonly wholeGy: number;
  /** Voxels of `fromPercent` of that dose and more where both are known. */
  readonly compared: number;
  readonly meanGy: number;
  readonly most: { readonly gy: number; readonly at: Vec3 };
  readonly least: { readonly gy: number; readonly at: Vec3 };
  /** Share of them that differ by at most 2, 3 and 5 % of that dose. */
  readonly within: readonly { readonly percent: number; readonly share: number }[];
}

/** Voxels with less than this share of 100 % are not counted. */
export const fromPercent = 10;
const bounds = [2, 3, 5] as const;

self.addEventListener("message", ({ data }: MessageEvent<DifferenceWork>) => void answerWith(() => differing(data), ({ difference }) => [difference.values.buffer]));

function differing({ shown, less, registrations, wholeGy: stated }: DifferenceWork): DifferenceAnswer {
  const difference = doseDifference(less, shown, "Gy", registrations);
  const wholeGy = stated ?? highestDose(less)?.gy ?? 0;
  const { values, grid: { size: [nx, ny], patientFromVoxel } } = difference;
  const from = (fromPercent / 100) * wholeGy;
  const within = bounds.map(() => 0);
  let [compared, sum, most, least] = [0, 0, -1, -1];
  for (let i = 0; i < values.length; i++) {
    const apart = values[i] as number;
    if (Number.isNaN(apart) || (less.values[i] as number) * less.slope + less.intercept < from) continue;
    compared++;
    sum += apart;
    if (most < 0 || apart > (values[most] as number)) most = i;
    if (least < 0 || apart < (values[least] as number)) least = i;
    bounds.forEach((percent, b) => {
      if (Math.abs(apart) <= (percent / 100) * wholeGy) within[b] = (within[b] as number) + 1;
    });
  }
  const at = (i: number) => ({ gy: values[i] ?? 0, at: apply(patientFromVoxel, [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]) });
  return { difference, wholeGy, compared, meanGy: sum / Math.max(1, compared), most: at(most), least: at(least), within: bounds.map((percent, b) => ({ percent, share: (within[b] as number) / Math.max(1, compared) })) };
}
