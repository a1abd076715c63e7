import { isolines } from "./isolines.ts";
import { slice, type Sampled } from "./slice.ts";
import { paintBands, paintGray } from "./slice-shades.ts";
import { medianMs, report } from "./stopwatch.ts";

const pixels = 400;
const bands = [20, 20.4, 21.8].map((from, i) => ({ from, rgb: [i * 100, 80, 255] as const, alpha: 0.35 }));
const levels = [22, 21.4, 21, 20, 19, 18, 16, 10, 6];

/** A chest-sized CT of 512 × 512 × 150 and a dose of 140 × 110 × 90 on a grid of its own, a fraction of a voxel off. */
function patient(): { ct: Sampled; dose: Sampled } {
  const ct = new Int16Array(512 * 512 * 150);
  for (let i = 0; i < ct.length; i++) ct[i] = ((i * 2654435761) >>> 20) - 1024;
  const dose = new Float32Array(140 * 110 * 90);
  for (let i = 0, z = 0; z < 90; z++) {
    for (let y = 0; y < 110; y++) for (let x = 0; x < 140; x++, i++) dose[i] = 23 - 0.003 * ((x - 70) ** 2 + (y - 55) ** 2 + (z - 45) ** 2);
  }
  return { ct: { values: ct, size: [512, 512, 150] }, dose: { values: dose, size: [140, 110, 90] } };
}

/** Maps of the three planes from px to voxels: 500 mm in 400 px of a CT of 0.977 × 0.977 × 3 mm, dose of 3 × 3 × 3.3 mm. */
function planes(offset: number): { ct: Float64Array; dose: Float64Array }[] {
  const mm = 1.25;
  return [
    { axes: [[mm, 0, -250], [0, mm, -250], [0, 0, 10 + offset]] },
    { axes: [[mm, 0, -250], [0, 0, 15 + offset], [0, -mm, 250]] },
    { axes: [[0, 0, -20 + offset], [mm, 0, -250], [0, -mm, 250]] },
  ].map(({ axes }) => {
    const rows = (spacing: readonly number[], origin: readonly number[]) =>
      Float64Array.from(axes.flatMap(([x = 0, y = 0, t = 0], i) => [x / (spacing[i] as number), y / (spacing[i] as number), 0, (t - (origin[i] as number)) / (spacing[i] as number)]));
    return { ct: rows([0.977, 0.977, 3], [-249.6, -249.6, -223.5]), dose: rows([3, 3, 3.3], [-208.63, -164.41, -148.7]) };
  });
}

/** Three pictures of 400 × 400 with wash and nine isodoses while a person scrolls, against reading the planes alone with a plain loop. */
export function bench(): void {
  const { ct, dose } = patient();
  const values = new Float32Array(pixels * pixels);
  const gy = new Float32Array(pixels * pixels);
  const rgba = new Uint8ClampedArray(4 * pixels * pixels);
  let scrolled = 0;
  const draw = () => {
    scrolled = (scrolled + 3) % 90;
    for (const plane of planes(scrolled)) {
      slice(ct, plane.ct, pixels, pixels, { out: values });
      paintGray(values, pixels, { center: 35, width: 420 }, rgba);
      slice(dose, plane.dose, pixels, pixels, { out: gy });
      paintBands(gy, bands, rgba);
      isolines(gy, pixels, pixels, levels);
    }
  };
  const plain = () => {
    scrolled = (scrolled + 3) % 90;
    for (const plane of planes(scrolled)) {
      plainSlice(ct, plane.ct, values);
      plainSlice(dose, plane.dose, gy);
    }
  };
  const start = performance.now();
  draw();
  const first = performance.now() - start;
  report("kernels/slice, three planes", medianMs(draw), "plain trilinear without paint and lines", medianMs(plain), `the first picture took ${first.toFixed(0)} ms`);
}

function plainSlice({ values, size: [nx, ny, nz] }: Sampled, m: Float64Array, out: Float32Array): void {
  const voxel = (x: number, y: number, z: number) => (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? Number.NaN : (values[x + nx * (y + ny * z)] as number));
  for (let y = 0; y < pixels; y++) {
    for (let x = 0; x < pixels; x++) {
      const at = [0, 1, 2].map((r) => (m[4 * r] as number) * x + (m[4 * r + 1] as number) * y + (m[4 * r + 3] as number)) as [number, number, number];
      const low = at.map(Math.floor) as [number, number, number];
      let sum = 0;
      for (let c = 0; c < 8; c++) {
        const corner = [c & 1, (c >> 1) & 1, c >> 2] as const;
        let weight = 1;
        for (const a of [0, 1, 2] as const) weight *= corner[a] === 1 ? at[a] - low[a] : 1 - (at[a] - low[a]);
        sum += weight * voxel(low[0] + corner[0], low[1] + corner[1], low[2] + corner[2]);
      }
      out[y * pixels + x] = sum;
    }
  }
}

if (import.meta.main) bench();
