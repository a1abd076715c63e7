import { gridOf, type BeamPosition } from "@hapax/base";
import { machineNamed, pencilOperator, type DoseOperator } from "@hapax/dose";
import { boundedMinimum, type Crew } from "@hapax/kernels";
import type { Merit } from "../optimize/terms.ts";

export const machine = machineNamed("generic-6mv");
export const bixelMm = 5;

/** A cube of water of 224 mm in voxels of 7 mm, the isocenter in its middle. */
const n = 32;
const grid = gridOf({ size: [n, n, n], origin: [-108.5, -108.5, -108.5], spacing: [7, 7, 7], frameOfReference: "1" });
const medium = { grid, density: new Float32Array(n ** 3).fill(1), curve: "water", notes: [] };
const at = (voxel: number) => [voxel % n, Math.floor(voxel / n) % n, Math.floor(voxel / n ** 2)].map((i) => 7 * i - 108.5) as [number, number, number];

/** A target that is three quarters of a ring around an organ, and a part of the voxels of the rest. */
const isTarget = ([x, y, z]: readonly [number, number, number]) => Math.abs(z) < 30 && Math.hypot(x, y) > 15 && Math.hypot(x, y) < 36 && !(y > 0 && Math.abs(x) < y);
const isOrgan = ([x, y, z]: readonly [number, number, number]) => Math.abs(z) < 36 && Math.hypot(x, y) < 10;
const all = Array.from({ length: n ** 3 }, (_, voxel) => voxel);
export const target = all.filter((voxel) => isTarget(at(voxel)));
export const organ = all.filter((voxel) => isOrgan(at(voxel)));
const rest = all.filter((voxel) => voxel % 11 === 0 && !isTarget(at(voxel)) && !isOrgan(at(voxel)));

export const prescribedGy = 50;
/** Half to the organ at most, 15 Gy elsewhere: squared deviations, the target's weighing most. */
export const merit: Merit = {
  value(doseGy, gradient) {
    let sum = 0;
    const add = (voxel: number, off: number, weight: number) => {
      sum += weight * off ** 2;
      gradient[voxel] = (gradient[voxel] as number) + 2 * weight * off;
    };
    for (let voxel = 0; voxel < doseGy.length; voxel++) {
      const gy = doseGy[voxel] as number;
      if (voxel < target.length) add(voxel, gy - prescribedGy, 100 / target.length);
      else if (voxel < target.length + organ.length) add(voxel, Math.max(0, gy - 25), 30 / organ.length);
      else add(voxel, Math.max(0, gy - 15), 1 / rest.length);
    }
    return sum;
  },
  update: () => 0,
};

/** Evenly spaced beams onto the target; voxels of target, organ and rest in turn. */
export function beamsOnto(count: number, crew: Crew): Promise<DoseOperator> {
  const beams = Array.from({ length: count }, (_, i): BeamPosition => ({ isocenter: [0, 0, 0], patientPosition: "HFS", gantryDeg: (360 * i) / count, collimatorDeg: 0, couchDeg: 0 }));
  return pencilOperator({ machine, medium, beams, bixelMm, voxels: [...target, ...organ, ...rest], target, crew });
}

export async function meritOf(operator: DoseOperator, weights: Float32Array): Promise<number> {
  const dose = await operator.forward(weights);
  return merit.value(dose, new Float32Array(dose.length));
}

/** Least dose that 95 % of the target has, Gy. */
export async function targetD95(operator: DoseOperator, weights: Float32Array): Promise<number> {
  const sorted = (await operator.forward(weights)).slice(0, target.length).sort();
  return sorted[Math.floor(0.05 * target.length)] as number;
}

/** The fluence of least merit. */
export async function bestFluence(operator: DoseOperator): Promise<Float32Array> {
  const { point } = await boundedMinimum({
    start: new Float64Array(operator.weightCount).fill(800 / operator.bixels.length),
    lower: 0,
    atMost: 60,
    value: async (weights, gradient) => {
      const dose = await operator.forward(Float32Array.from(weights));
      const byDose = new Float32Array(dose.length);
      const value = merit.value(dose, byDose);
      gradient.set(await operator.adjoint(byDose));
      return value;
    },
  });
  return Float32Array.from(point);
}
