import { execFileSync } from "node:child_process";
import { doseVolume, type DoseField } from "./dose-volume.ts";
import { latticeOf, occupancy } from "./occupancy.ts";
import { contourStack } from "./occupancy-planes.ts";
import { facesOf, slabsOf } from "./occupancy-slabs.ts";
import { medianMs, report } from "./stopwatch.ts";

/** Eight organs of a head and neck: axial ellipses, semi-axes and center in mm, slices of 2.5 mm. */
const organs: readonly (readonly [string, number, number, number, number, number, number])[] = [
  ["SpinalCord", 6, 6, 120, 0, 40, -20],
  ["Brainstem", 14, 13, 26, 0, 20, 110],
  ["Parotid_L", 14, 18, 25, 55, 5, 70],
  ["Parotid_R", 14, 18, 25, -55, 5, 70],
  ["Mandible", 45, 35, 20, 0, -35, 55],
  ["Larynx", 16, 20, 25, 0, -25, -5],
  ["Esophagus", 9, 7, 60, 0, 12, -70],
  ["PTV_Low", 55, 35, 70, 0, 0, 30],
];

function contours([, a, b, c, x, y, z]: (typeof organs)[number]): Float64Array[] {
  const loops: Float64Array[] = [];
  for (let at = Math.ceil((z - c) / 2.5) * 2.5; at < z + c; at += 2.5) {
    const r = Math.sqrt(1 - ((at - z) / c) ** 2);
    loops.push(Float64Array.from({ length: 360 }, (_, i) => (i % 3 === 0 ? x + a * r * Math.cos((i * Math.PI) / 180) : i % 3 === 1 ? y + b * r * Math.sin(((i - 1) * Math.PI) / 180) : at)));
  }
  return loops;
}

/** A dose of 176 x 88 x 136 voxels of 2.5 mm, high around the target. */
function field(): DoseField {
  const size = [176, 88, 136] as const;
  const values = new Float32Array(size[0] * size[1] * size[2]);
  for (let i = 0; i < values.length; i++) {
    const [x, y, z] = [(i % size[0]) * 2.5 - 220, (Math.floor(i / size[0]) % size[1]) * 2.5 - 110, Math.floor(i / (size[0] * size[1])) * 2.5 - 170];
    values[i] = 70 * Math.exp(-((x / 70) ** 2 + (y / 55) ** 2 + ((z - 30) / 90) ** 2));
  }
  return { size, values, patientFromVoxel: Float64Array.of(2.5, 0, 0, -220, 0, 2.5, 0, -110, 0, 0, 2.5, -170) };
}

/** What dicompyler-core 0.5 took for such a case, as its users report: the scale against which the bar was set, ms. */
const dicompylerMs = 6300;

/** DVHs of eight organs from contours: shares of samples of 1.5 mm or less, trilinear dose, exact sorting. */
export function bench(): void {
  const drawn = organs.map(contours);
  const dose = field();
  const ours = () => drawn.map((loops) => {
    const stack = contourStack(loops);
    const slabs = slabsOf(stack);
    const grid = latticeOf(stack, slabs, 1.25);
    return doseVolume(occupancy(stack, grid, { beyond: true }), grid, dose, { surface: facesOf(stack, slabs) });
  });
  const samples = ours().reduce((sum, one) => sum + one.doseGy.length, 0);
  report("kernels/dose-volume, 8 organs", medianMs(ours), "dicompyler-core (scale)", dicompylerMs, `${samples} samples`);
}

if (import.meta.main) bench();
