import { equieffectiveDose } from "./eqd2-voxels.ts";
import { resample, type Sampled } from "./resample.ts";
import { medianMs, report } from "./stopwatch.ts";

const lattice = (n: number, mm: number) => ({ size: [n, n, n] as const, patientFromVoxel: Float64Array.of(mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, mm, 0) });
const dose: Sampled<Float32Array> = { ...lattice(128, 2.5), values: Float32Array.from({ length: 128 ** 3 }, (_, i) => 30 + 30 * Math.sin(i / 1000)) };

/** Voxel by voxel with the formula as it is written. */
function plain(): number[] {
  return Array.from(dose.values, (d) => (d * (d / 30 + 3)) / (2 + 3));
}

/** Two million voxels: EQD2 against the formula mapped over an array, and resampling against copying as the ceiling. */
export function bench(): void {
  report("kernels/eqd2-voxels", medianMs(() => equieffectiveDose(dose.values, 30, 3, 2)), "formula over an array", medianMs(plain), "2.1 million voxels");
  const finer = lattice(150, 2.1);
  report("kernels/resample", medianMs(() => resample(dose, finer)), "copying as many numbers", medianMs(() => new Float32Array(150 ** 3).fill(1)), "3.4 million voxels, trilinear");
}

if (import.meta.main) bench();
