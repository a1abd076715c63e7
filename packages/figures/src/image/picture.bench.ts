import { apply, compose, gridOf, voxelFromPatient, type Volume } from "@hapax/base";
import { medianMs, report } from "@hapax/kernels/stopwatch";
import { percentLevels } from "./dose-bands.ts";
import { picture, type Scene } from "./picture.ts";
import { planeThrough, stepped, type ViewPlane } from "./plane.ts";
import type { OutlinedStructure } from "./structure-lines.ts";

const frameOfReference = "1";
const size = { width: 400, height: 400 };

/** A ball with its contours on every slice and its occupancy on the grid of the scan. */
function ball(name: string, at: readonly [number, number, number], radius: number, grid: Volume["grid"]): OutlinedStructure {
  const half = [Math.ceil(radius / 0.977) + 1, Math.ceil(radius / 0.977) + 1, Math.ceil(radius / 3) + 1] as const;
  const middle = [Math.round((at[0] + 249.6) / 0.977), Math.round((at[1] + 249.6) / 0.977), Math.round((at[2] + 223.5) / 3)] as const;
  const box = half.map((h) => 2 * h + 1) as [number, number, number];
  const fraction = new Float32Array(box[0] * box[1] * box[2]);
  const loops: Float64Array[] = [];
  for (let i = 0, k = -half[2]; k <= half[2]; k++) {
    const r = Math.sqrt(Math.max(radius ** 2 - (3 * k) ** 2, 0));
    if (r > 1) loops.push(Float64Array.from({ length: 360 }, (_, n) => [at[0] + r * Math.cos(Math.floor(n / 3) / 19.1), at[1] + r * Math.sin(Math.floor(n / 3) / 19.1), -223.5 + 3 * (middle[2] + k)][n % 3] as number));
    for (let j = -half[1]; j <= half[1]; j++) for (let n = -half[0]; n <= half[0]; n++, i++) fraction[i] = Math.min(Math.max(radius - Math.hypot(0.977 * n, 0.977 * j, 3 * k) + 0.5, 0), 1);
  }
  return { name, loops, occupancy: { grid, first: [middle[0] - half[0], middle[1] - half[1], middle[2] - half[2]], size: box, fraction } };
}

/** CT of 512 × 512 × 150, dose of 140 × 110 × 90 off its grid, eight structures. */
function chest(): Scene {
  const grid = gridOf({ size: [512, 512, 150], origin: [-249.6, -249.6, -223.5], spacing: [0.977, 0.977, 3], frameOfReference });
  const values = new Int16Array(512 * 512 * 150);
  for (let i = 0; i < values.length; i++) values[i] = ((i * 2654435761) >>> 20) - 1024;
  const dose = new Float32Array(140 * 110 * 90);
  for (let i = 0, z = 0; z < 90; z++) for (let y = 0; y < 110; y++) for (let x = 0; x < 140; x++, i++) dose[i] = 23 - 0.003 * ((x - 70) ** 2 + (y - 55) ** 2 + (z - 45) ** 2);
  const doseGrid = gridOf({ size: [140, 110, 90], origin: [-208.63, -164.41, -148.7], spacing: [3, 3, 3.3], frameOfReference });
  const organs = ["PTV", "GTV", "Lung_L", "Lung_R", "Heart", "SpinalCord", "Esophagus", "Liver"];
  return {
    image: { volume: { grid, values, slope: 1, intercept: 0, unit: "HU" }, window: { center: 35, width: 420 } },
    dose: { volume: { grid: doseGrid, values: dose, slope: 1, intercept: 0, unit: "Gy" }, scheme: percentLevels, referenceGy: 20 },
    structures: organs.map((name, i) => ball(name, [12 * i - 40, 10 * i - 40, 8 * i - 30], 20 + 10 * (i % 5), grid)),
  };
}

/** Three planes of 400 × 400 with wash, nine isodoses and eight outlines while a person scrolls, against grays alone by a plain loop. */
export function bench(): void {
  const scene = chest();
  const start = performance.now();
  let planes: ViewPlane[] = (["axial", "coronal", "sagittal"] as const).map((kind) => planeThrough(kind, scene.image.volume.grid, [0, 0, 0], size));
  for (const plane of planes) picture(scene, plane);
  const first = performance.now() - start;
  let way = 1;
  let steps = 0;
  const scroll = () => {
    if (++steps % 20 === 0) way = -way;
    planes = planes.map((plane) => stepped(plane, scene.image.volume.grid, way));
    for (const plane of planes) picture(scene, plane);
  };
  const gray = () => planes.map((plane) => nearestGrays(scene.image.volume, plane));
  report("figures/picture, three planes", medianMs(scroll), "nearest voxels in gray by a plain loop", medianMs(gray), `the first picture took ${first.toFixed(0)} ms; limits 500 and 50 ms`);
}

/** What a viewer without interpolation, dose and outlines would do. */
function nearestGrays({ grid, values }: Volume, plane: ViewPlane): Uint8ClampedArray {
  const map = compose(voxelFromPatient(grid), plane.patientFromScreen);
  const rgba = new Uint8ClampedArray(4 * plane.width * plane.height);
  for (let y = 0, o = 0; y < plane.height; y++) {
    for (let x = 0; x < plane.width; x++, o += 4) {
      const [i, j, k] = apply(map, [x, y, 0]).map(Math.round) as [number, number, number];
      const inside = i >= 0 && j >= 0 && k >= 0 && i < grid.size[0] && j < grid.size[1] && k < grid.size[2];
      const level = inside ? ((values[i + grid.size[0] * (j + grid.size[1] * k)] as number) - 34.5) / 419 + 0.5 : 0;
      rgba[o] = rgba[o + 1] = rgba[o + 2] = level * 255;
      rgba[o + 3] = 255;
    }
  }
  return rgba;
}

if (import.meta.main) bench();
