import { apply, gridOf, type Vec3, type Volume } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import type { DvhCurve } from "./dvh-figure.ts";
import type { Scene } from "./picture.ts";
import type { OccupancyBox, OutlinedStructure } from "./structure-lines.ts";

/** A trunk no one has: everything about it tells left from right, front from back, head from feet. */
const grid = gridOf({ size: [88, 64, 44], origin: [-174, -126, -129], spacing: [4, 4, 6], frameOfReference: "1.2.3" });
const frameOfReference = grid.frameOfReference;

const ball = ([x, y, z]: Vec3, [a, b, c]: Vec3, r: number) => Math.hypot(x - a, y - b, z - c) < r;
const tumor: Vec3 = [-60, -10, 12];
const inTumor = (p: Vec3) => ball(p, tumor, 45);
const inTarget = (p: Vec3) => ball(p, tumor, 55);
const inCord = ([x, y]: Vec3) => Math.hypot(x - 4, y - 62) < 8;
const inLung = ([x, y, z]: Vec3) => ((x - 75) / 52) ** 2 + ((y + 5) / 68) ** 2 + ((z + 10) / 95) ** 2 < 1;

function hu(p: Vec3): number {
  const [x, y, z] = p;
  // Narrower towards the head, longer to the left.
  const wide = z > 80 ? 0.6 : 1;
  if ((x / (150 * wide)) ** 2 + ((y - 5) / (100 * wide)) ** 2 > 1) return -1000;
  if (inCord(p)) return 40;
  if (Math.hypot(x - 4, y - 62) < 22) return Math.floor((z + 500) / 24) % 2 === 0 ? 600 : 300;
  // The marker: a cube at the left front, towards the head.
  if (Math.abs(x - 55) < 12 && Math.abs(y + 72) < 12 && Math.abs(z - 50) < 20) return 1200;
  if (inTumor(p)) return 70;
  if (inLung(p)) return -780;
  return x > 0 ? 10 : 30;
}

function volumeOf<V extends Int16Array | Float32Array>(on: typeof grid, values: V, value: (p: Vec3) => number, unit: Volume["unit"]): Volume<V> {
  const [nx, ny] = on.size;
  for (let i = 0; i < values.length; i++) values[i] = value(apply(on.patientFromVoxel, [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]));
  return { grid: on, values, slope: 1, intercept: 0, unit };
}

/** The scan, HU. */
export const scan = volumeOf(grid, new Int16Array(88 * 64 * 44), hu, "HU");

const doseGrid = gridOf({ size: [46, 40, 34], origin: [-158.3, -101.7, -88.9], spacing: [5, 5, 6], frameOfReference });
const around = (x: number) => (p: Vec3) => 22 / (1 + Math.exp((Math.hypot(p[0] + x, (p[1] + 10) * 0.9, p[2] - 12) - 66) / 9)) * (1 - 0.0006 * (p[0] + 60));

/** 20 Gy to the target; hotter towards the patient's right. */
export const dose = volumeOf(doseGrid, new Float32Array(46 * 40 * 34), around(60), "Gy");
/** The same moved to the left. */
export const otherDose = volumeOf(doseGrid, new Float32Array(46 * 40 * 34), around(48), "Gy");

function occupancyOf(inside: (p: Vec3) => boolean): OccupancyBox {
  const { values } = volumeOf(grid, new Float32Array(88 * 64 * 44), (p) => shareOf(inside, p), "");
  return { grid, first: [0, 0, 0], size: grid.size, fraction: values };
}

/** 27 points of a voxel. */
function shareOf(inside: (p: Vec3) => boolean, [x, y, z]: Vec3): number {
  let sum = 0;
  for (const dx of [-1.33, 0, 1.33]) for (const dy of [-1.33, 0, 1.33]) for (const dz of [-2, 0, 2]) if (inside([x + dx, y + dy, z + dz])) sum++;
  return sum / 27;
}

/** Circles on every slice. */
function circles([a, b, c]: Vec3, radius: (z: number) => number): Float64Array[] {
  const loops: Float64Array[] = [];
  for (let z = -129; z <= 129; z += 6) {
    const r = radius(z - c);
    if (!(r > 2)) continue;
    loops.push(Float64Array.from({ length: 72 * 3 }, (_, i) => [a + r * Math.cos((Math.floor(i / 3) * Math.PI) / 36), b + r * Math.sin((Math.floor(i / 3) * Math.PI) / 36), z][i % 3] as number));
  }
  return loops;
}

/** Target, tumor and cord with its risk volume, by TG-263 names. */
export const structures: readonly OutlinedStructure[] = [
  { name: "GTV", loops: circles(tumor, (z) => Math.sqrt(45 ** 2 - z * z)), occupancy: occupancyOf(inTumor) },
  { name: "PTV", loops: circles(tumor, (z) => Math.sqrt(55 ** 2 - z * z)), occupancy: occupancyOf(inTarget) },
  { name: "SpinalCord", loops: circles([4, 62, 0], () => 8), occupancy: occupancyOf(inCord) },
  { name: "SpinalCord_PRV05", loops: circles([4, 62, 0], () => 13), occupancy: occupancyOf(([x, y]) => Math.hypot(x - 4, y - 62) < 13) },
];

export const isocenter = tumor;

/** In the middle of the dense cube at the left front. */
export const marker: Vec3 = [55, -72, 50];

const leafEdges = Array.from({ length: 25 }, (_, i) => -60 + 5 * i);
const leaves = (side: -1 | 1) => leafEdges.slice(1).map((edge) => side * (Math.sqrt(Math.max(60 ** 2 - (edge - 2.5) ** 2, 0)) + 2) + (side === 1 && edge > 30 ? 12 : 0));
const limits = { x: [-65, 75], y: [-60, 60], leaves: [...leaves(-1), ...leaves(1)] } as const;
const position = { isocenter: tumor, collimatorDeg: 0, couchDeg: 0, limits };

/** From the front and from the left; the leaves at the upper right stand farther out. */
export const beam: PlanBeam = {
  number: 1, name: "1 AP", type: "STATIC", radiation: "PHOTON", sadMm: 1000, leafEdges, leafAxis: "x",
  controlPoints: [{ ...position, metersetShare: 0, gantryDeg: 0 }, { ...position, metersetShare: 1, gantryDeg: 90 }],
};

const fall = (half: number, width: number, whole: number): DvhCurve["points"] =>
  Array.from({ length: 121 }, (_, i) => [i * 0.2, (whole * (1 + Math.exp(-half / width))) / (1 + Math.exp((i * 0.2 - half) / width))]);

/** Made-up histograms; one fifth of the lung has no known dose. */
export const curves: readonly DvhCurve[] = [
  { name: "PTV", points: fall(20.6, 0.25, 100), coverage: 1 },
  { name: "SpinalCord", points: fall(13, 2.2, 100), coverage: 1 },
  { name: "SpinalCord_PRV05", points: fall(14, 2.4, 100), coverage: 1 },
  { name: "Lung_R", points: fall(7, 3, 80), coverage: 0.8 },
];

/** Fails in a shell at the tumor's left; not evaluated away from it. */
export const gamma: Volume<Float32Array> = {
  ...dose,
  values: dose.values.map((gy, i) => (gy < 2 ? Number.NaN : Math.abs(gy - (otherDose.values[i] as number)) / 6)),
  unit: "",
};

export const scanScene: Scene = { image: { volume: scan, window: { center: 35, width: 420 } }, structures };
