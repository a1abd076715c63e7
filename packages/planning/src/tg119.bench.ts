import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beamDose, headFluence, pencilOperator } from "@hapax/dose";
import type { Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { aimValue } from "./optimize/aim-values.ts";
import { optimizeFluence } from "./optimize/optimize-fluence.ts";
import type { Aim } from "./optimize/terms.ts";
import { equalObjectives } from "./tg119/equal-objectives.ts";

/** matRad 3.2.2 in Octave 7.3, the same beams and objectives on the same scan, CPU seconds of a run that was kept; its matrix by columns. */
const matrad = { matrix: 355.6, pairLeast: 0.87, optimization: 310, plan: 679, peakMb: 5860, columns: 2887, rows: 312_850, nonzeros: 111_792_978, run: 14 } as const;
/** More than the search takes. */
const iterations = 500;

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

interface Took {
  readonly wall: number;
  readonly cpu: number;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly took: Took }> {
  const [start, before] = [performance.now(), cpuSeconds()];
  const result = await work();
  return { result, took: { wall: (performance.now() - start) / 1000, cpu: cpuSeconds() - before } };
}

const problem = equalObjectives();
const operatorWith = (crew: Crew) => pencilOperator({ machine: problem.machine, medium: problem.medium, beams: problem.positions, bixelMm: problem.bixelMm, marginMm: problem.marginMm, voxels: problem.voxels, target: problem.target, crew });
type Operator = Awaited<ReturnType<typeof operatorWith>>;
const optimized = (operator: Operator) => optimizeFluence({ operator, aims: problem.aims, smoothing: 0, iterations });

/** Products with a stored matrix of as many entries, ms. Undefined without a compiler or the room. */
function storedProducts(): { readonly ms: number; readonly note: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "hapax-stored-"));
  try {
    const program = join(folder, "peer");
    const source = new URL("../../kernels/bench/stored-matrix.c", import.meta.url).pathname;
    if (spawnSync("gcc", ["-O3", "-msse4.1", "-o", program, source], { stdio: "ignore" }).status !== 0) return undefined;
    const { status, stdout } = spawnSync(program, [matrad.columns, matrad.rows, matrad.nonzeros, matrad.run].map(String), { encoding: "utf8" });
    if (status !== 0) return undefined;
    const [forward, adjoint, count, megabytes] = stdout.trim().split(" ").map(Number) as [number, number, number, number];
    const scale = matrad.nonzeros / count;
    const part = scale < 1.01 ? "" : `; 1/${scale.toFixed(0)} of it found room, scaled up`;
    return { ms: scale * (forward + adjoint), note: `stored matrix in C: ${(scale * forward).toFixed(0)} ms and transposed ${(scale * adjoint).toFixed(0)} ms, ${(count / 1e6).toFixed(1)} M entries in ${megabytes} MB${part}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Dose, the three objectives, and their gradient by the weights: the best of some, s of wall clock, and the mean, s of processor. */
async function pairOf(operator: Operator): Promise<Took> {
  const weights = new Float32Array(operator.weightCount).fill(1);
  const values = problem.aims.map((aim) => aimValue(aim as Exclude<Aim, { readonly kind: "limit" }>));
  const slopes = new Float32Array(operator.voxelCount);
  const evaluate = async () => {
    const dose = await operator.forward(weights);
    slopes.fill(0);
    for (const { value } of values) value(dose, 1, slopes);
    return operator.adjoint(slopes);
  };
  for (let i = 0; i < 5; i++) await evaluate();
  const times = 30;
  let wall = Infinity;
  const before = cpuSeconds();
  for (let i = 0; i < times; i++) wall = Math.min(wall, (await timed(evaluate)).took.wall);
  return { wall, cpu: (cpuSeconds() - before) / times };
}

function line(name: string, { wall, cpu }: Took, target: string, peer: number, note = ""): void {
  const inUnits = (seconds: number) => (seconds < 0.5 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`);
  console.log(`planning/tg119: ${name}  ${inUnits(wall)} (processor ${inUnits(cpu)})  wanted ${target}  matRad ${peer} CPU s  ×${(peer / cpu).toFixed(0)}${note === "" ? "" : `  ${note}`}`);
}

/** From densities to an optimized fluence, in steps, on one thread. */
async function steps(): Promise<void> {
  const crew = await openCrew(1);
  const { result: operator, took: ready } = await timed(() => operatorWith(crew));
  line("ready to optimize, one thread", ready, "2 s", matrad.matrix, `${operator.weightCount} bixels, ${operator.voxelCount} voxels`);
  const pair = await pairOf(operator);
  const stored = storedProducts();
  line("one objective and gradient, one thread", pair, "60 ms", matrad.pairLeast, stored === undefined ? "no gcc, or no room, for a stored matrix" : `${stored.note}: ×${(stored.ms / 1000 / pair.wall).toFixed(1)}`);
  const { result: solution, took } = await timed(() => optimized(operator));
  line("whole optimization, one thread", took, "10 s", matrad.optimization, `${solution.evaluations} evaluations, objective ${solution.history.at(-1)?.objective.toFixed(1)}`);
  operator.close();
  await crew.close();
}

/** All at once on two threads, with the dose of the fluence by collapsed cones. */
async function plan(): Promise<void> {
  const crew = await openCrew(2);
  const { took } = await timed(async () => {
    const operator = await operatorWith(crew);
    const { weights } = await optimized(operator);
    for (const [b, position] of problem.positions.entries()) {
      await beamDose({ machine: problem.machine, medium: problem.medium, position, head: headFluence(problem.machine, operator.fluenceOf(weights, b)), cones: 72, crew });
    }
    operator.close();
  });
  line("plan with its dose by 72 collapsed cones, two threads", took, "20 s", matrad.plan, "matRad's without cones");
  await crew.close();
  console.log(`planning/tg119: memory of that process at its peak  ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB  wanted 500 MB  matRad ${matrad.peakMb} MB; load ${loadavg().map((load) => load.toFixed(1)).join(", ")}`);
}

const wholePlan = "plan";

/** The C-shape with nine beams, bixels of 5 mm, doses on 3 mm; the whole plan in a process of its own, whose memory is told. */
export async function bench(): Promise<void> {
  await steps();
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), wholePlan], { stdio: "inherit" });
}

if (import.meta.main) await (process.argv[2] === wholePlan ? plan() : bench());
