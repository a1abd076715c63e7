import { machineNamed, pencilOperator, waterMedium } from "@hapax/dose";
import { openCrew } from "@hapax/kernels/crew-node";
import { describe, expect, test } from "vitest";

import { groupMetric } from "./group-metric.ts";
import { neighboringBixels, roughness } from "./fluence-smoothness.ts";
import { optimizeFluence, type FluenceIteration, type FluenceOperator, type FluenceOptions } from "./optimize-fluence.ts";
import type { Aim, VoxelGroup } from "./terms.ts";

/** A matrix as an operator: rows are voxels, columns bixels in one row of 5 mm. */
function matrix(rows: readonly (readonly number[])[]): FluenceOperator {
  const weightCount = rows[0]?.length as number;
  return {
    weightCount,
    voxelCount: rows.length,
    bixels: [{ firstWeight: 0, centersMm: Float32Array.from({ length: 2 * weightCount }, (_, i) => (i % 2 === 0 ? 2.5 * i : 0)) }],
    forward: (weights) => Promise.resolve(Float32Array.from(rows, (row) => row.reduce((sum, gy, b) => sum + gy * (weights[b] as number), 0))),
    adjoint: (gradient) => Promise.resolve(Float32Array.from({ length: weightCount }, (_, b) => rows.reduce((sum, row, v) => sum + (row[b] as number) * (gradient[v] as number), 0))),
  };
}

const of = (name: string, ...places: number[]): VoxelGroup => ({ name, places: Int32Array.from(places), shares: new Float32Array(places.length).fill(1 / places.length), volumeCc: places.length });
const target = of("PTV", 0);
const organ = of("SpinalCord", 1);
const covered = (gy: number, priority = 1): Aim => ({ kind: "underdose", group: target, gy, priority });
const limit = (gy: number): Aim => ({ kind: "limit", of: "each voxel", group: organ, gy, side: "above", priority: 1 });
const solved = (options: Partial<FluenceOptions> & Pick<FluenceOptions, "operator" | "aims">) => optimizeFluence({ smoothing: 0, iterations: 300, ...options });
/** One bixel: a target that has all of it, an organ that has half. */
const one = matrix([[1], [0.5]]);

describe("closed answers", () => {
  test("where as many bixels as voxels see them apart, each voxel gets its dose", async () => {
    const operator = matrix([[1, 0.2, 0], [0.1, 1, 0.1], [0, 0.3, 1]]);
    const { doseGy, weights } = await solved({ operator, aims: [{ kind: "deviation", group: of("PTV", 0, 1, 2), gy: Float32Array.of(60, 54, 66), priority: 1 }] });
    [60, 54, 66].forEach((gy, v) => expect(doseGy[v]).toBeCloseTo(gy, 1));
    expect([...(await operator.forward(weights))]).toEqual([...doseGy]);
  });

  test("a limit that binds is held, and its price is what the target would gain by a gray more", async () => {
    const { doseGy, holding, violationGy } = await solved({ operator: one, aims: [covered(60), limit(20)] });
    expect(doseGy[1]).toBeCloseTo(20, 1);
    expect(doseGy[0]).toBeCloseTo(40, 1);
    expect(violationGy).toBeLessThan(0.05);
    // (60 − 2 L)² falls by 4 (60 − 2 L) = 80 a gray at L = 20.
    expect(holding).toHaveLength(1);
    expect(holding[0]?.aim.group.name).toBe("SpinalCord");
    expect(Math.abs((holding[0]?.multiplier as number) / 80 - 1)).toBeLessThan(0.02);
  });

  test("a limit that does not bind has no price", async () => {
    const { doseGy, holding } = await solved({ operator: one, aims: [covered(60), limit(31)] });
    expect(doseGy[0]).toBeCloseTo(60, 1);
    expect(holding).toEqual([]);
  });

  test("a limit that the earlier dose exceeds already is violated as little as can be, and named", async () => {
    const { doseGy, holding, violationGy } = await solved({ operator: one, aims: [covered(60), limit(20)], offsetGy: Float32Array.of(0, 25) });
    expect(doseGy[1]).toBeCloseTo(25, 0);
    expect(violationGy).toBeCloseTo(5, 0);
    expect(holding[0]?.aim.group.name).toBe("SpinalCord");
  });

  test("limits of the mean and of a share bind at the mean and at the share", async () => {
    // Two organ voxels that have a half and a quarter of the target's dose.
    const operator = matrix([[1], [0.5], [0.25]]);
    const both = of("Lungs", 1, 2);
    const mean = await solved({ operator, aims: [covered(60), { kind: "limit", of: "mean", group: both, gy: 15, priority: 1 }] });
    expect(mean.doseGy[0]).toBeCloseTo(15 / 0.375, 1);
    const share = await solved({ operator, aims: [covered(60), { kind: "limit", of: "share", share: 0.5, group: both, gy: 10, side: "above", priority: 1 }] });
    // The hotter half may have anything; the other has a quarter.
    expect(share.doseGy[0]).toBeCloseTo(40, 1);
  });

  test("of priorities that conflict the earlier wins, but for its slack", async () => {
    const spared = (priority: number): Aim => ({ kind: "mean", group: organ, gy: 10, priority });
    const slack = { relative: 0.05, gy: 0.1 };
    const first = await solved({ operator: one, aims: [covered(60), spared(2)], slack });
    expect(first.doseGy[0]).toBeGreaterThan(59.85);
    expect(first.doseGy[0]).toBeLessThan(60);
    const second = await solved({ operator: one, aims: [covered(60, 2), spared(1)], slack });
    expect(second.doseGy[1]).toBeLessThan(10.15);
    expect(second.doseGy[1]).toBeGreaterThan(10);
    expect(second.history.map(({ priority }) => priority)).toEqual(second.history.map(({ priority }) => priority).toSorted());
  });

  test("what the first priority leaves open the second decides", async () => {
    // Two bixels reach the target; one of them passes the organ.
    const { doseGy, weights } = await solved({ operator: matrix([[1, 1], [0.5, 0]]), aims: [covered(60), { kind: "overdose", group: organ, gy: 5, priority: 2 }] });
    expect(doseGy[0]).toBeGreaterThan(59.85);
    expect(doseGy[1]).toBeLessThan(5.05);
    expect(weights[1]).toBeGreaterThan(49);
  });

  test("weights are never below 0", async () => {
    // More than one alone would take some of the other away.
    const { weights } = await solved({ operator: matrix([[1, 1], [0, 1]]), aims: [{ kind: "deviation", group: of("PTV", 0, 1), gy: Float32Array.of(10, 30), priority: 1 }] });
    // ½ [(a + b − 10)² + (b − 30)²] with a = 0: b = 20.
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeCloseTo(20, 1);
  });

  test("what a better calculation gives more is reckoned with", async () => {
    const { doseGy, weights } = await solved({ operator: one, aims: [{ kind: "deviation", group: target, gy: 60, priority: 1 }], offsetGy: Float32Array.of(6, 0) });
    expect(doseGy[0]).toBeCloseTo(60, 1);
    expect(weights[0]).toBeCloseTo(54, 1);
  });
});

describe("smoothness", () => {
  test("neighbors are bixels that touch, within a beam", () => {
    const beams = [
      { firstWeight: 0, centersMm: Float32Array.of(-2.5, -2.5, 2.5, -2.5, 2.5, 2.5, 12.5, 2.5) },
      { firstWeight: 4, centersMm: Float32Array.of(2.5, 2.5, 2.5, 7.5) },
    ];
    expect([...neighboringBixels(beams)]).toEqual([0, 1, 1, 2, 4, 5]);
  });

  test("differences of neighbors count by their mean square", () => {
    const gradient = new Float64Array(3);
    expect(roughness(Float64Array.of(1, 3, 4), Int32Array.of(0, 1, 1, 2), 10, gradient)).toBe((4 + 1) / 2);
    expect([...gradient]).toEqual([-20, 20 - 10, 10]);
  });

  test("evens out what the dose leaves open", async () => {
    const operator = matrix([[1, 1, 1]]);
    const aims: Aim[] = [{ kind: "deviation", group: target, gy: 60, priority: 1 }];
    const start = [50, 0, 10];
    const rough = await solved({ operator, aims, start });
    expect([...rough.weights].map(Math.round)).toEqual(start);
    const smooth = await solved({ operator, aims, start, smoothing: 1 });
    expect(smooth.doseGy[0]).toBeCloseTo(60, 0);
    smooth.weights.forEach((weight) => expect(weight).toBeCloseTo(20, 0));
  });
});

describe("how it is watched and ended", () => {
  const operator = matrix([[1, 0.2, 0.1], [0.4, 0.3, 0], [0.1, 0.9, 0.4], [0, 0.3, 1]]);
  const aims: Aim[] = [{ kind: "deviation", group: of("PTV", 0, 2, 3), gy: 60, priority: 1 }, limit(15), { kind: "mean", group: organ, gy: 5, priority: 2 }];

  test("each iteration tells the dose, the objective, the priority and the violation", async () => {
    const seen: FluenceIteration[] = [];
    const { history, doseGy } = await solved({ operator, aims, onIteration: (at) => void seen.push(at) });
    expect(seen.map(({ iteration }) => iteration)).toEqual(seen.map((_, i) => i + 1));
    expect(history).toHaveLength(seen.length);
    expect(seen.at(-1)?.doseGy).toEqual(doseGy);
    for (const { doseGy: gy, objective, priority, violationGy } of seen) {
      const worth = [0, 2, 3].reduce((sum, v) => sum + ((gy[v] as number) - 60) ** 2 / 3, 0);
      if (priority === 1) expect(objective / worth).toBeCloseTo(1, 5);
      expect(violationGy).toBeCloseTo(Math.max(0, (gy[1] as number) - 15), 4);
    }
  });

  test("the same request gives the same bits", async () => {
    const [once, again] = [await solved({ operator, aims, smoothing: 1 }), await solved({ operator, aims, smoothing: 1 })];
    expect(again.weights).toEqual(once.weights);
    expect(again.history).toEqual(once.history);
  });

  test("told to stop it returns what it has", async () => {
    const stop = new AbortController();
    const { stopped, history, weights, doseGy } = await solved({ operator, aims, stop: stop.signal, onIteration: ({ iteration }) => void (iteration === 2 && stop.abort()) });
    expect(stopped).toBe(true);
    expect(history).toHaveLength(2);
    expect(await operator.forward(weights)).toEqual(doseGy);
    expect((await solved({ operator, aims })).stopped).toBe(false);
  });

  test("told before it began it returns its start", async () => {
    const { stopped, weights } = await solved({ operator: one, aims: [covered(60)], stop: AbortSignal.abort() });
    expect(stopped).toBe(true);
    expect(weights[0]).toBeCloseTo(60, 3);
  });

  test("aborted it throws the reason", async () => {
    const abort = new AbortController();
    await expect(solved({ operator, aims, signal: abort.signal, onIteration: ({ iteration }) => void (iteration === 2 && abort.abort(new Error("enough"))) })).rejects.toThrow("enough");
  });

  test("no priority has more iterations than it may", async () => {
    const { history } = await solved({ operator, aims, iterations: 4 });
    for (const priority of [1, 2]) expect(history.filter((at) => at.priority === priority).length).toBeLessThanOrEqual(4);
  });
});

test("in water five beams around a ring give it its dose and spare what it surrounds", async () => {
  const medium = waterMedium({ size: [24, 24, 10], spacingMm: 8, origin: [-92, -92, -36] });
  const voxels = Int32Array.from({ length: 24 * 24 * 10 }, (_, v) => v);
  const radius = (v: number) => Math.hypot(-92 + 8 * (v % 24), -92 + 8 * (Math.floor(v / 24) % 24));
  const level = (v: number) => Math.abs(-36 + 8 * Math.floor(v / 576)) <= 20;
  const ring = voxels.filter((v) => radius(v) > 22 && radius(v) <= 40 && level(v));
  const core = of("Core", ...voxels.filter((v) => radius(v) <= 10 && level(v)));
  const beams = [0, 72, 144, 216, 288].map((gantryDeg) => ({ isocenter: [0, 0, 0] as const, patientPosition: "HFS" as const, gantryDeg, collimatorDeg: 0, couchDeg: 0 }));
  const crew = await openCrew(2);
  const operator = await pencilOperator({ crew, machine: machineNamed("generic-6mv"), medium, beams, bixelMm: 10, voxels, target: ring });
  const ptv = of("PTV", ...ring);
  const { doseGy, violationGy, holding } = await optimizeFluence({
    operator, smoothing: 0.1, iterations: 40,
    aims: [
      { kind: "limit", of: "each voxel", group: core, gy: 10, side: "above", priority: 1 },
      { kind: "deviation", group: ptv, gy: 50, priority: 2 },
      { kind: "overdose", group: of("Water", ...voxels), gy: 20, priority: 3 },
    ],
  });
  expect(violationGy).toBeLessThan(0.3);
  expect(holding[0]?.aim.group.name).toBe("Core");
  expect(groupMetric("D95%[Gy]", doseGy, ptv)).toBeGreaterThan(42);
  expect(groupMetric("D2%[Gy]", doseGy, ptv)).toBeLessThan(58);
  operator.close();
  await crew.close();
});
