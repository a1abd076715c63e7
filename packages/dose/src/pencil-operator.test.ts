import { gridOf, type BeamPosition } from "@hapax/base";
import { pencilRank, type SimdCrew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { plainMachine } from "./head.fixture.ts";
import type { Machine } from "./machine.ts";
import type { Medium } from "./medium.ts";
import { pencilKernel } from "./pencil-kernel.ts";
import { pencilOperator } from "./pencil-operator.ts";
import { aliRogersSpectrum, varianClinac6 } from "./spectrum.ts";

const spectrum = aliRogersSpectrum(varianClinac6);
const machine: Machine = { ...plainMachine(), primary: { ...plainMachine().primary, spectrum, blurMm: [2, 2] }, extraFocal: { ...plainMachine().extraFocal, spectrum } };

/** A cube of water of 300 mm in voxels of 6 mm, the isocenter in its middle: 850 mm to the surface from every side. */
const n = 50;
const grid = gridOf({ size: [n, n, n], origin: [-147, -147, -147], spacing: [6, 6, 6], frameOfReference: "1" });
const water: Medium = { grid, density: new Float32Array(n ** 3).fill(1), curve: "water", notes: [] };
const beam = (gantryDeg: number): BeamPosition => ({ isocenter: [0, 0, 0], patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg: 0 });
const voxel = (i: number, j: number, k: number) => (k * n + j) * n + i;
const all = Int32Array.from({ length: n ** 3 }, (_, v) => v);
/** Voxels whose centres lie within 45 mm of the middle along each axis. */
const target = all.filter((v) => [v % n, Math.floor(v / n) % n, Math.floor(v / n ** 2)].every((at) => Math.abs(6 * at - 147) <= 45));

let crew: SimdCrew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

const options = { machine, medium: water, bixelMm: 5, target } as const;
const open = (count: number) => new Float32Array(count).fill(1);

describe("a beam onto a cube of water", () => {
  test("bixels cover the target and its margin, seen from the source", async () => {
    const operator = await pencilOperator({ ...options, beams: [beam(0)], voxels: [0], crew });
    // The nearest corner, 955 mm from the source: 45 / 0.955 + 5 = 52.1 mm, in bixels to 55.
    const centers = (operator.bixels[0] as (typeof operator.bixels)[0]).centersMm;
    expect([centers.reduce((a, b) => Math.min(a, b)), centers.reduce((a, b) => Math.max(a, b))]).toEqual([-52.5, 52.5]);
    expect(operator.weightCount).toBe(22 * 22);
    operator.close();
  });

  test("the middle gets the dose of a disk of the same area, per MU, by depth and inverse square", async () => {
    // Along the beam, left of the axis by 3 mm, above the isocenter by 3 mm: rows j along patient y, to the back.
    const depths = [10, 24, 40];
    const operator = await pencilOperator({ ...options, beams: [beam(0)], voxels: depths.map((j) => voxel(25, j, 25)), crew });
    const dose = await operator.forward(open(operator.weightCount));
    const kernel = pencilKernel(machine, 860);
    depths.forEach((j, v) => {
      const depth = 6 * j + 3;
      // 110 mm square: the disk of equal area has 62 mm.
      const disk = kernel.within.reduce((sum, curve, k) => sum + curve.at(110 / Math.sqrt(Math.PI)) * (kernel.depth[pencilRank * depth + k] as number), 0);
      expect((dose[v] as number) / (disk * 0.01 * (1000 / (850 + depth)) ** 2)).toBeCloseTo(1, 2);
    });
    operator.close();
  });

  test("from any side the dose is the same, turned", async () => {
    const doses = await Promise.all([0, 90, 180, 270].map(async (gantryDeg) => {
      const operator = await pencilOperator({ ...options, beams: [beam(gantryDeg)], voxels: all, crew });
      const dose = await operator.forward(open(operator.weightCount));
      operator.close();
      return dose;
    }));
    const most = (doses[0] as Float32Array).reduce((a, b) => Math.max(a, b));
    for (const [i, j, k] of [[25, 5, 25], [20, 30, 18], [33, 40, 25], [44, 22, 28]] as const) {
      // Gantry 90 stands at the patient's left, +x; gantry 0 in front, −y.
      const turned = [[i, j], [n - 1 - j, i], [n - 1 - i, n - 1 - j], [j, n - 1 - i]] as const;
      turned.forEach(([x, y], g) => expect(Math.abs((doses[g]?.[voxel(x, y, k)] as number) - (doses[0]?.[voxel(i, j, k)] as number)) / most).toBeLessThan(1e-3));
    }
  });
});

test("weights against the gradient are dose against it: beams, depths and maps at once, plain and on a crew", async () => {
  const voxels = all.filter((v) => v % 31 === 0);
  for (const given of [{ crew }, {}]) {
    const operator = await pencilOperator({ ...options, beams: [beam(0), beam(130)], voxels, ...given });
    const weights = Float32Array.from({ length: operator.weightCount }, (_, i) => 1 + Math.sin(i));
    const gradient = Float32Array.from({ length: voxels.length }, (_, i) => Math.cos(3 * i));
    const dose = await operator.forward(weights);
    const back = await operator.adjoint(gradient);
    const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    const scale = Math.sqrt(inner(dose, dose) * inner(gradient, gradient));
    expect(Math.abs(inner(dose, gradient) - inner(weights, back)) / scale).toBeLessThan(1e-5);
    operator.close();
  }
});

test("weights come back as the map that the head takes", async () => {
  const operator = await pencilOperator({ ...options, beams: [beam(0), beam(90)], voxels: [0], crew });
  const weights = Float32Array.from({ length: operator.weightCount }, (_, i) => i);
  const map = operator.fluenceOf(weights, 1);
  expect(map).toMatchObject({ size: [22, 22], spacingMm: 5, originMm: [-52.5, -52.5] });
  expect(map.values[0]).toBe(operator.bixels[1]?.firstWeight);
  operator.close();
});

test("air around the body changes nothing", async () => {
  const wide = gridOf({ size: [n + 7, n + 4, n + 3], origin: [-165, -153, -153], spacing: [6, 6, 6], frameOfReference: "1" });
  const density = new Float32Array((n + 7) * (n + 4) * (n + 3));
  const shifted = (v: number) => (v % n) + 3 + (n + 7) * ((Math.floor(v / n) % n) + 1 + (n + 4) * (Math.floor(v / n ** 2) + 1));
  for (const v of all) density[shifted(v)] = 1;
  const voxels = all.filter((v) => v % 997 === 0);
  const close = await pencilOperator({ ...options, beams: [beam(35)], voxels, crew });
  const far = await pencilOperator({ ...options, medium: { ...water, grid: wide, density }, target: target.map(shifted), beams: [beam(35)], voxels: [...voxels.map(shifted), 0], crew });
  const [near, wider] = [await close.forward(open(close.weightCount)), await far.forward(open(far.weightCount))];
  near.forEach((dose, i) => expect(wider[i]).toBeCloseTo(dose, 6));
  expect(wider[near.length]).toBe(0);
  close.close();
  far.close();
});

test("outside the body there is no dose, and a beam without a target is refused", async () => {
  const density = water.density.slice();
  density[voxel(25, 49, 25)] = 0;
  const operator = await pencilOperator({ ...options, medium: { ...water, density }, beams: [beam(0)], voxels: [voxel(25, 49, 25), voxel(24, 49, 25)], crew });
  const dose = await operator.forward(open(operator.weightCount));
  expect(dose[0]).toBe(0);
  expect(dose[1]).toBeGreaterThan(0);
  operator.close();
  await expect(pencilOperator({ ...options, beams: [beam(0)], voxels: all, target: [] })).rejects.toThrow("dose/no-target");
});
