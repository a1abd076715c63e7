import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gamma } from "./gamma.ts";
import type { Sampled } from "./resample.ts";
import { report } from "./stopwatch.ts";

const size = [150, 150, 99] as const;
const spacingMm = 2.5;

/** A 10 × 10 cm field in water at 2.5 mm, 50 Gy: soft edges, a little tilted, falling by depth; shifted and scaled. */
function field(shiftMm: number, scale: number): Sampled<Float32Array> {
  const half = 50;
  const edge = (mm: number) => 1 / (1 + Math.exp(-mm / 2.2));
  const values = new Float32Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    const spread = 1 + (k * spacingMm) / 1000;
    const depth = Math.exp((-k * spacingMm) / 220) * (1 - 0.5 * Math.exp((-k * spacingMm) / 5));
    for (let j = 0; j < size[1]; j++) {
      const y = (j - size[1] / 2) * spacingMm - shiftMm + 0.02 * k;
      const across = edge(half * spread - y) * edge(half * spread + y);
      for (let i = 0; i < size[0]; i++) {
        const x = (i - size[0] / 2) * spacingMm - shiftMm - 0.03 * k;
        values[n++] = 50 * scale * depth * across * edge(half * spread - x) * edge(half * spread + x);
      }
    }
  }
  return { size, values, patientFromVoxel: Float64Array.of(spacingMm, 0, 0, 0, 0, spacingMm, 0, 0, 0, 0, spacingMm, 0) };
}

function writeNrrd(path: string, { values }: Sampled<Float32Array>): void {
  const header = `NRRD0004\ntype: float\ndimension: 3\nspace: left-posterior-superior\nsizes: ${size.join(" ")}\nspace directions: (${spacingMm},0,0) (0,${spacingMm},0) (0,0,${spacingMm})\nkinds: domain domain domain\nendian: little\nencoding: raw\nspace origin: (0,0,0)\n\n`;
  writeFileSync(path, Buffer.concat([Buffer.from(header), Buffer.from(values.buffer)]));
}

/** Pass rate of plastimatch with its interpolated search, and how long it took; undefined where it is not installed. */
function plastimatch(reference: Sampled<Float32Array>, evaluated: Sampled<Float32Array>, thresholdShare: number): { ms: number; passRate: number } | undefined {
  if (spawnSync("plastimatch", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "hapax-gamma-"));
  const files = [join(folder, "reference.nrrd"), join(folder, "evaluated.nrrd")] as const;
  writeNrrd(files[0], reference);
  writeNrrd(files[1], evaluated);
  const start = performance.now();
  const run = spawnSync("plastimatch", ["gamma", "--interp-search", "--ref-only-threshold", "--analysis-threshold", String(thresholdShare), ...files], { encoding: "utf8" });
  const ms = performance.now() - start;
  rmSync(folder, { recursive: true });
  return { ms, passRate: Number(/Pass rate = ([\d.]+)/.exec(run.stdout)?.[1]) };
}

/** 3 %/3 mm, global, 10 % threshold. The bar: 9 times faster than plastimatch, pass rates within 0.1 points. */
export function bench(): void {
  const reference = field(0, 1);
  const normalizationGy = reference.values.reduce((most, value) => Math.max(most, value), 0);
  const criteria = { mm: 3, percent: 3, local: false, normalizationGy, thresholdGy: 0.1 * normalizationGy, cap: 2, search: "interpolated" } as const;
  const evaluated = field(2, 1.03);
  const start = performance.now();
  const { counts } = gamma(reference, evaluated, criteria);
  const ms = performance.now() - start;
  const rate = ((100 * counts.passed) / counts.evaluated).toFixed(3);
  const peer = plastimatch(reference, evaluated, 0.1);
  const name = `kernels/gamma, ${counts.evaluated} points, ${rate} % pass`;
  if (peer === undefined) console.log(`${name}  ${ms.toFixed(0)} ms  plastimatch is not installed: skipped`);
  else report(name, ms, "plastimatch --interp-search", peer.ms, `${peer.passRate.toFixed(3)} % pass there`);
}

if (import.meta.main) bench();
