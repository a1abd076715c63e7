import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addConeDose } from "./cone-dose.ts";
import { coneDoseWith } from "./cone-dose-wasm.ts";
import type { ConeField, Cones } from "./cone-field.ts";
import { openCrew } from "./crew-node.ts";
import type { SimdCrew, Task } from "./crew.ts";
import { report } from "./stopwatch.ts";

const size = [200, 160, 120] as const;
const spacing = 2.5;
const axis = [0, 1, 0] as const;
const sourceMm = [248.75, -800, 148.75] as const;

/** A 10 × 10 cm field at 1000 mm from above into water; beside it the jaws let through half a percent, so that every voxel releases energy. */
function openField(): ConeField {
  const length = size[0] * size[1] * size[2];
  const [terma, hardTerma] = [new Float32Array(length), new Float32Array(length)];
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, n++) {
        const [x, y, z] = [spacing * i - sourceMm[0], spacing * j - sourceMm[1], spacing * k - sourceMm[2]];
        const inside = Math.abs((1000 * x) / y) < 50 && Math.abs((1000 * z) / y) < 50;
        terma[n] = (inside ? 1 : 0.005) * (1000 / y) ** 2 * Math.exp(-0.0045 * spacing * j);
        hardTerma[n] = terma[n]! * 0.002 * spacing * j;
      }
    }
  }
  return { size, spacingMm: [spacing, spacing, spacing], density: new Float32Array(length).fill(1), terma, hardTerma, sourceMm, axis };
}

/** 6 rings of 12 cones around the beam, shares as of Henyey and Greenstein with a mean cosine of 0.7. */
function rings(): Cones {
  const list = Array.from({ length: 72 }, (_, c) => {
    const cos = 1 - (Math.floor(c / 12) + 0.5) / 3;
    const azimuth = (2 * Math.PI * ((c % 12) + 0.5)) / 12;
    const sin = Math.sqrt(1 - cos * cos);
    return { cos, direction: [sin * Math.cos(azimuth), cos, sin * Math.sin(azimuth)], weight: (1 - 0.49) / (1.49 - 1.4 * cos) ** 1.5 / 72 };
  });
  return {
    count: 72,
    directions: Float32Array.from(list.flatMap(({ direction }) => direction)),
    rates: Float32Array.from(list.flatMap(({ cos }) => [0.08 + 0.1 * (1 - cos), 0.005])),
    shares: Float32Array.from(list.flatMap(({ weight }) => [0.5, 0.3, 0.2, 0.02, -0.01, 0.02].map((share) => share * weight))),
    tilts: Float32Array.from(list.map(({ cos }) => 2 * (1 - cos * cos))),
  };
}

interface Times {
  /** ms from beginning to end, and of processor time, in all and in the sweeps. */
  wall: number;
  processor: number;
  sweeps: number;
}

const processorMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const isSweep = (chains: readonly (readonly Task[])[]) => chains.some((tasks) => tasks.some(([kernel]) => kernel === "coneSweep"));

const shorter = (a: Times, b: Times): Times => ({ wall: Math.min(a.wall, b.wall), processor: Math.min(a.processor, b.processor), sweeps: Math.min(a.sweeps, b.sweeps) });

/** The shortest of each time in a few runs. */
async function best(runs: number, crew: SimdCrew, field: ConeField, cones: Cones): Promise<Times> {
  const times: Times = { wall: Infinity, processor: Infinity, sweeps: Infinity };
  const watched: SimdCrew = {
    ...crew,
    run: async (chains, options) => {
      const before = process.cpuUsage();
      await crew.run(chains, options);
      if (isSweep(chains)) times.sweeps = Math.min(times.sweeps, processorMs(before));
    },
  };
  for (let n = 0; n < runs; n++) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await coneDoseWith(watched, field, cones);
    times.wall = Math.min(times.wall, performance.now() - start);
    times.processor = Math.min(times.processor, processorMs(before));
  }
  return times;
}

/** How many times more the machine does with two threads than with one, while nothing but their registers is used. */
async function atOnce(two: SimdCrew): Promise<number> {
  const room = two.room();
  // Adds 0 to four numbers, over and over.
  const spin = (): Task[] => [["coneSum", room.put(new Float32Array(4)), room.put(new Float32Array(4)), 3e8, 0, 0, 4]];
  let [one, both] = [Infinity, Infinity];
  for (let turn = 0; turn < 3; turn++) {
    for (const chains of [[spin()], [spin(), spin()]]) {
      const start = performance.now();
      await two.run(chains);
      const ms = performance.now() - start;
      if (chains.length === 1) one = Math.min(one, ms);
      else both = Math.min(both, ms);
    }
  }
  room.close();
  return (2 * one) / both;
}

/** Runs the same sweeps in C over the same memory; ms of processor time and the sum of the dose, or undefined without a compiler or SSE 4.1. */
async function inC(crew: SimdCrew, field: ConeField, cones: Cones): Promise<{ ms: number; sum: number } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "hapax-cones-"));
  try {
    const [program, data] = [join(folder, "cone-dose"), join(folder, "sweeps")];
    const source = join(import.meta.dirname, "../bench/cone-dose.c");
    if (spawnSync("gcc", ["-O3", "-msse4.1", "-o", program, source]).status !== 0) return undefined;
    const spy: SimdCrew = {
      ...crew,
      run: async (chains, options) => {
        if (isSweep(chains)) write(data, crew, chains.flat().filter(([kernel]) => kernel === "coneSweep"));
        await crew.run(chains, options);
      },
    };
    await coneDoseWith(spy, field, cones);
    const { status, stdout } = spawnSync(program, [data, "5"], { encoding: "utf8" });
    const [ms, sum] = stdout.split(" ").map(Number) as [number, number];
    return status === 0 ? { ms, sum } : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The sweeps with all that they read, as bench/cone-dose.c reads them. */
function write(path: string, crew: SimdCrew, sweeps: readonly Task[]): void {
  const memory = crew.room();
  const floats = (pointer: number, length: number) => memory.floats(pointer, length).slice();
  const integers = (pointer: number, length: number) => memory.integers(pointer, length).slice();
  // As the arguments of coneSweep: cone, offsets, extents, states, voxels, dose, nx, pitch, lines, shift, rows, planes and so on.
  const given = sweeps.map(([, ...numbers]) => numbers as readonly number[] as readonly [number, number, number, number, number, number, number, number, ...number[]]);
  const layouts = [...new Map(given.map((one) => [one[4], one])).values()];
  const rows = (pitch: number) => (size[0] * size[1] * size[2]) / pitch;
  const file = openSync(path, "w");
  writeSync(file, Int32Array.of(layouts.length, given.length));
  for (const [, , extents, , voxels, , , pitch] of layouts) {
    writeSync(file, Int32Array.of(rows(pitch) * pitch, rows(pitch)));
    writeSync(file, floats(voxels, 4 * rows(pitch) * pitch));
    writeSync(file, integers(extents, 2 * rows(pitch)));
  }
  for (const one of given) {
    writeSync(file, Int32Array.of(layouts.findIndex((layout) => layout[4] === one[4]), ...one.slice(6)));
    writeSync(file, floats(one[0], 13));
    writeSync(file, integers(one[1], 2 * (one[11] as number)));
  }
  closeSync(file);
}

/** 72 cones, 200 × 160 × 120 voxels. The bars: 1.2 s on one thread, 1.6 times faster on two, half the speed of C, 500 MB. */
export async function bench(): Promise<void> {
  const [field, cones] = [openField(), rings()];
  const one = await openCrew(1);
  let alone = await best(7, one, field, cones);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(`kernels/cone-dose, one thread  ${alone.wall.toFixed(0)} ms  (bar 1200 ms)  processor ${alone.processor.toFixed(0)} ms  the process ${peakMb.toFixed(0)} MB (bar 500 MB)`);

  const c = await inC(one, field, cones);
  if (c === undefined) console.log("kernels/cone-dose, sweeps  there is no gcc with SSE 4.1: skipped");
  else report("kernels/cone-dose, sweeps", alone.sweeps, "C with 128-bit SIMD", c.ms, "of processor time; bar ×0.5");

  const start = performance.now();
  addConeDose(new Float32Array(field.density.length), field, cones, 0);
  report("kernels/cone-dose", alone.processor, "plain form, from one cone", cones.count * (performance.now() - start));

  // By turns, so that whatever else the machine does is done to both.
  const two = await openCrew(2);
  let both = await best(2, two, field, cones);
  for (let turn = 0; turn < 5; turn++) {
    alone = shorter(alone, await best(1, one, field, cones));
    both = shorter(both, await best(1, two, field, cones));
  }
  const machine = await atOnce(two);
  await Promise.all([one.close(), two.close()]);
  report("kernels/cone-dose, two threads", both.wall, "one thread", alone.wall, `bar ×1.6; two threads that share nothing: ×${machine.toFixed(1)}; processor ${both.processor.toFixed(0)} and ${alone.processor.toFixed(0)} ms`);
}

if (import.meta.main) await bench();
