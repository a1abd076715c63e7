import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** An image of the dose's grid as NRRD. */
function nrrd(type: "float" | "uint32", data: Float32Array | Uint32Array, { size }: DoseField): Buffer {
  const head = `NRRD0004\ntype: ${type}\ndimension: 3\nspace: left-posterior-superior\nsizes: ${size.join(" ")}\nspace directions: (2.5,0,0) (0,2.5,0) (0,0,2.5)\nkinds: domain domain domain\nendian: little\nencoding: raw\nspace origin: (-220,-110,-170)\n\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(data.buffer)]);
}

/** One bit for each organ whose contours hold half of a dose voxel or more: the rasterizing that plastimatch is spared. */
function masks(drawn: readonly Float64Array[][], dose: DoseField): Uint32Array {
  const bits = new Uint32Array(dose.values.length);
  drawn.forEach((loops, organ) => {
    const { first, size, fraction } = occupancy(loops, dose);
    fraction.forEach((share, i) => {
      const [x, y, z] = [first[0] + (i % size[0]), first[1] + (Math.floor(i / size[0]) % size[1]), first[2] + Math.floor(i / (size[0] * size[1]))];
      const at = x + dose.size[0] * (y + dose.size[1] * z);
      if (share >= 0.5) bits[at] = (bits[at] as number) | (1 << organ);
    });
  });
  return bits;
}

/** Time of `plastimatch dvh` on masks made before, ms, and the rows of its table; undefined where it is not installed. */
function plastimatch(drawn: readonly Float64Array[][], dose: DoseField): { readonly ms: number; readonly rows: number } | undefined {
  if (spawnSync("plastimatch", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "hapax-dvh-"));
  const file = (name: string) => join(folder, name);
  writeFileSync(file("dose.nrrd"), nrrd("float", dose.values as Float32Array, dose));
  writeFileSync(file("organs.nrrd"), nrrd("uint32", masks(drawn, dose), dose));
  writeFileSync(file("organs.txt"), organs.map(([name], i) => `${i}|255 0 0|${name}\n`).join(""));
  const start = performance.now();
  const run = spawnSync("plastimatch", ["dvh", "--input-ss-img", file("organs.nrrd"), "--input-ss-list", file("organs.txt"), "--input-dose", file("dose.nrrd"), "--output-csv", file("dvh.csv")]);
  const ms = performance.now() - start;
  const rows = run.status === 0 ? readFileSync(file("dvh.csv"), "utf8").trim().split("\n").length : 0;
  rmSync(folder, { recursive: true });
  return { ms, rows };
}

/** What dicompyler-core took for a head and neck in the threads of its users, ms: the scale that the bar was set by. */
const dicompylerMs = 6300;

/**
 * DVHs of eight organs from contours: 20,000 samples or steps of 1.5 mm, as a histogram asks, trilinear dose, exact sorting. plastimatch counts dose
 * voxels of masks made before, in bins of 0.5 Gy.
 */
export function bench(): void {
  const drawn = organs.map(contours);
  const dose = field();
  const steps = organs.map(([, a, b, c]) => Math.min(1.5, Math.cbrt(((4 / 3) * Math.PI * a * b * c) / 20_000)));
  const ours = () => drawn.map((loops, organ) => {
    const stack = contourStack(loops);
    const slabs = slabsOf(stack);
    const grid = latticeOf(stack, slabs, steps[organ] as number);
    return doseVolume(occupancy(stack, grid, { beyond: true }), grid, dose, { surface: facesOf(stack, slabs) });
  });
  const samples = ours().reduce((sum, one) => sum + one.doseGy.length, 0);
  const ms = medianMs(ours);
  report("kernels/dose-volume, 8 organs", ms, "dicompyler-core (scale)", dicompylerMs, `${samples} samples`);
  const peer = plastimatch(drawn, dose);
  if (peer === undefined) console.log("kernels/dose-volume, 8 organs  plastimatch is not installed: skipped");
  else report("kernels/dose-volume, 8 organs", ms, "plastimatch dvh (with its start)", peer.ms, `${peer.rows} rows`);
}

if (import.meta.main) bench();
