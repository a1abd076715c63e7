import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCrew } from "./crew-node.ts";
import type { SimdCrew, Task } from "./crew.ts";
import { report } from "./stopwatch.ts";
import { termaWith } from "./terma-wasm.ts";
import type { HeadOverGrid, PlaneMap } from "./terma.ts";
import { waterDepthWith } from "./water-depth-wasm.ts";

const size = [200, 160, 120] as const;
const spacingMm = [2.5, 2.5, 2.5] as const;
const length = size[0] * size[1] * size[2];
const middle = [248.75, 198.75, 148.75] as const;
const density = Float32Array.from({ length }, (_, n) => 1 + 0.05 * Math.sin(12.9898 * n));

/** A beam of a gantry angle around the grid's z: where its source stands, and its collimator. */
function beam(gantryDeg: number): { sourceMm: [number, number, number]; collimatorFromGrid: number[] } {
  const [c, s] = [Math.cos((gantryDeg * Math.PI) / 180), Math.sin((gantryDeg * Math.PI) / 180)];
  const row = (axis: readonly number[]) => [...axis, -axis.reduce((sum, value, n) => sum + value * middle[n as 0 | 1 | 2], 0)];
  return { sourceMm: [middle[0] + 1000 * s, middle[1] - 1000 * c, middle[2]], collimatorFromGrid: [...row([c, s, 0]), ...row([0, 0, 1]), ...row([s, -c, 0])] };
}

/** 10 × 10 cm, 1 % beside it, as far as the primary collimator. */
function openField(spacingMm: number, value: number): PlaneMap {
  const count = 560 / spacingMm;
  const at = (n: number) => (n + 0.5) * spacingMm - 280;
  return { size: [count, count], spacingMm, originMm: [at(0), at(0)], values: Float32Array.from({ length: count ** 2 }, (_, n) => value * (Math.max(Math.abs(at(n % count)), Math.abs(at(Math.floor(n / count)))) < 50 ? 1 : 0.01)) };
}

function head(depthMm: Float32Array, collimatorFromGrid: readonly number[]): HeadOverGrid {
  const table = { stepMm: 1, terma: Float32Array.from({ length: 600 }, (_, n) => 0.005 * Math.exp(-0.005 * n)), hardening: Float32Array.from({ length: 600 }, (_, n) => n / 600) };
  return {
    size, spacingMm, depthMm, collimatorFromGrid, sadMm: 1000,
    primary: { map: openField(1, 1), table, softeningPer100Mm: 0.02 },
    extraFocal: { map: openField(5, 0.1), table, distanceMm: 125 },
    electrons: { map: openField(2, 0.2), ratePerMm: 0.15 },
  };
}

interface Times {
  /** Of the whole function, wall. */
  readonly wall: number;
  /** Of the kernel alone, processor. */
  readonly kernel: number;
}

async function best(runs: number, crew: SimdCrew, work: (crew: SimdCrew) => Promise<unknown>): Promise<Times> {
  let [wall, kernel] = [Infinity, Infinity];
  const watched: SimdCrew = {
    ...crew,
    run: async (chains, options) => {
      const before = process.cpuUsage();
      await crew.run(chains, options);
      const { user, system } = process.cpuUsage(before);
      kernel = Math.min(kernel, (user + system) / 1000);
    },
  };
  for (let n = 0; n < runs; n++) {
    const start = performance.now();
    await work(watched);
    wall = Math.min(wall, performance.now() - start);
  }
  return { wall, kernel };
}

/** Runs the same call in C over the same memory; ms of processor time and the sum of what it wrote, or undefined without a compiler. */
async function inC(crew: SimdCrew, work: (crew: SimdCrew) => Promise<unknown>): Promise<{ ms: number; sum: number } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "hapax-terma-"));
  try {
    const [program, data] = [join(folder, "terma"), join(folder, "call")];
    const source = join(import.meta.dirname, "../bench/terma.c");
    if (spawnSync("gcc", ["-O3", "-msse4.1", "-o", program, source, "-lm"]).status !== 0) return undefined;
    await work({
      ...crew,
      run: async (chains, options) => {
        write(data, crew, chains.flat());
        await crew.run(chains, options);
      },
    });
    const { status, stdout } = spawnSync(program, [data, "5"], { encoding: "utf8" });
    const [ms, sum] = stdout.split(" ").map(Number) as [number, number];
    return status === 0 ? { ms, sum } : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The memory and one call for all of its tasks, as bench/terma.c reads them. */
function write(path: string, crew: SimdCrew, tasks: readonly Task[]): void {
  const [[kernel, ...given], last] = [tasks[0] as Task, tasks.at(-1) as Task];
  const release = kernel === "releaseRows";
  // The last number of either call is where it ends.
  given[given.length - 1] = last.at(-1) as number;
  const memory = new Uint8Array(crew.room().floats(0, 0).buffer);
  const file = openSync(path, "w");
  writeSync(file, Int32Array.of(Number(release), memory.length, given[release ? 4 : 2] as number, length, ...given, ...Array<number>(14 - given.length).fill(0)));
  writeSync(file, memory);
  closeSync(file);
}

/** 200 × 160 × 120 voxels on one thread. The bars: depth and TERMA in 250 ms, half the speed of C. */
export async function bench(): Promise<void> {
  const crew = await openCrew(1);
  for (const gantryDeg of [0, 45]) {
    const { sourceMm, collimatorFromGrid } = beam(gantryDeg);
    const depthMm = await waterDepthWith(crew, { size, spacingMm, density, sourceMm });
    const field = head(depthMm, collimatorFromGrid);
    const released = await termaWith(crew, field);
    const works = [
      ["water depth", (one: SimdCrew) => waterDepthWith(one, { size, spacingMm, density, sourceMm }), depthMm],
      ["TERMA", (one: SimdCrew) => termaWith(one, field), released.terma],
    ] as const;
    let wall = 0;
    for (const [name, work, result] of works) {
      const ours = await best(7, crew, work);
      wall += ours.wall;
      const c = await inC(crew, work);
      const title = `kernels/terma, gantry ${gantryDeg}, ${name}`;
      if (c === undefined) console.log(`${title}  there is no gcc: skipped`);
      else {
        const off = c.sum / result.reduce((sum, value) => sum + value, 0) - 1;
        report(title, ours.kernel, "C", c.ms, `of processor time; bar ×0.5; sums differ by ${off.toExponential(0)}`);
      }
    }
    console.log(`kernels/terma, gantry ${gantryDeg}, both with their copies  ${wall.toFixed(0)} ms  (bar 250 ms)`);
  }
  await crew.close();
}

if (import.meta.main) await bench();
