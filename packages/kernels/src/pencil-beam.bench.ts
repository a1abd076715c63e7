import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openCrew } from "./crew-node.ts";
import { gaussianSpectra, randomNumbers } from "./pencil-beam.fixture.ts";
import { pencilRank, type PencilBeams, type PencilField } from "./pencil-beam.ts";
import { pencilBeamWith, rowsOf } from "./pencil-beam-wasm.ts";
import { report } from "./stopwatch.ts";

const pixels = 192;
const pixelMm = 2.5;

/** Nine beams, 40 degrees apart, bixels of 5 mm over 80 mm × 80 mm, on the voxels of 3 × 3 × 2.5 mm of an ellipse of 300 mm × 150 mm. */
function ninePencilBeams(): PencilBeams {
  const points: (readonly [number, number, number])[] = [];
  for (let k = -40; k < 40; k++) for (let j = -25; j <= 25; j++) for (let i = -50; i <= 50; i++) if ((i / 50) ** 2 + (j / 25) ** 2 <= 1) points.push([3 * i, 3 * j, 2.5 * k]);
  const spectra = gaussianSpectra([pixels, pixels], [1, 2, 4, 8]);
  const bixels: number[] = [];
  for (let j = 0; j < 16; j++) for (let i = 0; i < 16; i++) bixels.push((80 + 2 * j) * pixels + 80 + 2 * i);
  const fields = Array.from({ length: 9 }, (_, f): PencilField => {
    const [c, s] = [Math.cos((f * 40 * Math.PI) / 180), Math.sin((f * 40 * Math.PI) / 180)];
    const positions = new Float32Array(2 * points.length);
    const factors = new Float32Array(pencilRank * points.length);
    points.forEach(([x, y, z], v) => {
      const scale = 1000 / (1000 + x * s + y * c);
      positions[2 * v] = ((x * c - y * s) * scale) / pixelMm + pixels / 2;
      positions[2 * v + 1] = (z * scale) / pixelMm + pixels / 2;
      for (let k = 0; k < pencilRank; k++) factors[pencilRank * v + k] = scale ** 2 * Math.exp(-(k + 1) * 0.002 * (150 + x * s + y * c));
    });
    return { size: [pixels, pixels], spectra, bixels: Int32Array.from(bixels), pixelsPerBixel: 2, openFluence: new Float32Array(pixels * pixels).fill(1), positions, factors };
  });
  return { fields, voxelCount: points.length };
}

/** Best of a few, ms: two cores are shared by many. */
async function best(work: () => Promise<unknown>, times = 15): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** The same in C: milliseconds of the convolutions, the look-up, the transpose, and their results. Undefined without a compiler. */
function inC({ fields, voxelCount }: PencilBeams, weights: Float32Array, gradient: Float32Array): { times: number[]; dose: Float32Array; adjoint: Float32Array } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "hapax-pencil-"));
  try {
    const [program, given, found] = ["peer", "given", "found"].map((name) => join(folder, name)) as [string, string, string];
    const compiled = spawnSync("gcc", ["-O3", "-msse4.1", "-o", program, new URL("../bench/pencil-beam.c", import.meta.url).pathname, "-lm"], { stdio: "ignore" });
    if (compiled.status !== 0) return undefined;
    const bixels = (fields[0] as PencilField).bixels;
    const bytes = (values: Float32Array | Int32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const parts = [bytes(Int32Array.of(pixels, fields.length, voxelCount, bixels.length, ...rowsOfAll(fields))), bytes(bixels), bytes(weights), bytes(gradient)];
    for (const field of fields) parts.push(bytes(field.positions), bytes(field.factors), bytes(field.spectra.map((value) => value / pixels ** 2)));
    writeFileSync(given, Buffer.concat(parts));
    const run = spawnSync(program, [given, found], { encoding: "utf8" });
    const results = readFileSync(found);
    const numbers = new Float32Array(results.buffer, results.byteOffset, results.byteLength / 4);
    return { times: run.stdout.trim().split(" ").map(Number), dose: numbers.slice(0, voxelCount), adjoint: numbers.slice(voxelCount) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rows of every field, as the peer has one set for all. */
function rowsOfAll(fields: readonly PencilField[]): number[] {
  const rows = fields.map(rowsOf) as unknown as [number, number, number, number][];
  const from = Math.min(...rows.map(([, , first]) => first));
  return [...(rows[0] as number[]).slice(0, 2), from, Math.max(...rows.map(([, , first, count]) => first + count)) - from];
}

const farthest = (a: Float32Array, b: Float32Array) => a.reduce((max, value, i) => Math.max(max, Math.abs(value - (b[i] as number))), 0) / b.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Dose of nine beams, a quadratic objective and its gradient: what an optimizer does some hundred times. */
export async function bench(): Promise<void> {
  const beams = ninePencilBeams();
  const weights = randomNumbers(9 * 256, 1).map((value) => 1 + value / 2);
  const gradient = randomNumbers(beams.voxelCount, 2);
  const c = inC(beams, weights, gradient);
  for (const threads of [1, 2]) {
    const crew = await openCrew(threads);
    const operator = pencilBeamWith(crew, beams);
    const slope = new Float32Array(beams.voxelCount);
    const evaluate = async () => {
      const dose = await operator.forward(weights);
      for (let v = 0; v < slope.length; v++) slope[v] = 2 * ((dose[v] as number) - 1);
      return operator.adjoint(slope);
    };
    await best(evaluate, 3);
    const [whole, forward, adjoint] = [await best(evaluate), await best(() => operator.forward(weights)), await best(() => operator.adjoint(gradient))];
    const name = `kernels/pencil-beam, 9 beams × ${beams.voxelCount} voxels, ${threads} threads`;
    if (c === undefined) {
      console.log(`${name}: objective and gradient ${whole.toFixed(1)} ms; no gcc to compare with`);
    } else {
      const [convolutions, look, transpose] = c.times as [number, number, number];
      report(`${name}: forward`, forward, "C", convolutions + look, `convolutions in C ${convolutions.toFixed(1)} ms`);
      report(`${name}: adjoint`, adjoint, "C", transpose, `differs by ${farthest(await operator.forward(weights), c.dose).toExponential(1)} and ${farthest(await operator.adjoint(gradient), c.adjoint).toExponential(1)}`);
      report(`${name}: objective and gradient`, whole, "C without the objective", convolutions + look + transpose);
    }
    operator.close();
    await crew.close();
  }
}

if (import.meta.main) await bench();
