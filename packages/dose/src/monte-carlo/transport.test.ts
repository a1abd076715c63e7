import { describe, expect, test } from "vitest";
import { waterAttenuation } from "../attenuation.ts";
import { coneCount, energyDeposition, sphereCount, sphereRadiiMm } from "../energy-deposition.ts";
import { randomNumbers } from "./random.ts";
import { slabTransport, type Layer } from "./transport.ts";

interface Deposit {
  readonly zCm: number;
  readonly mev: number;
}

/** All that some photons of 6 MeV leave in layers, in the order it is left. */
function deposits(layers: readonly Layer[], histories: number): Deposit[] {
  const left: Deposit[] = [];
  const { enter } = slabTransport(layers, randomNumbers(11), (_x, _y, zCm, _density, mev) => left.push({ zCm, mev }));
  for (let i = 0; i < histories; i++) enter(6, 0, 0, 0, 0, 0, 1);
  return left;
}

describe("photons and their electrons in layers", () => {
  test("of every photon all energy is left or leaves", () => {
    let left = 0;
    const layers = [{ thicknessCm: 2, density: 1 }, { thicknessCm: 5, density: 0.25 }, { thicknessCm: 3, density: 1 }];
    const { enter, escaped } = slabTransport(layers, randomNumbers(1), (_x, _y, _z, _density, mev) => (left += mev));
    for (let i = 1; i <= 2000; i++) {
      enter(6, 0, 0, 0, 0.6, 0, 0.8);
      expect(left + escaped.photonsMev + escaped.electronsMev).toBeCloseTo(6 * i, 6);
    }
    expect(escaped.electronsMev).toBeGreaterThan(0);
  });

  test("as many pass untouched as the tabulated attenuation lets, through water and as much water made thin", () => {
    for (const layers of [[{ thicknessCm: 20, density: 1 }], [{ thicknessCm: 10, density: 1 }, { thicknessCm: 40, density: 0.25 }]]) {
      let touched = 0;
      let now = false;
      const { enter } = slabTransport(layers, randomNumbers(2), () => (now = true));
      for (let i = 0; i < 20_000; i++) {
        now = false;
        enter(2, 0, 0, 0, 0, 0, 1);
        if (now) touched++;
      }
      // Spread of a share of 0.37 among 20 000: 0.0034.
      expect(Math.abs(1 - touched / 20_000 - Math.exp(-20 * waterAttenuation(2)))).toBeLessThan(0.012);
    }
  });

  test("water cut into layers is water", () => {
    const whole = deposits([{ thicknessCm: 30, density: 1 }], 100);
    const cut = deposits(Array.from({ length: 12 }, () => ({ thicknessCm: 2.5, density: 1 })), 100);
    expect(cut.length).toBe(whole.length);
    for (const [i, { zCm, mev }] of whole.entries()) {
      expect(cut[i]?.zCm).toBeCloseTo(zCm, 8);
      expect(cut[i]?.mev).toBeCloseTo(mev, 8);
    }
  });

  test("four times as far through a quarter of the density the same happens (oconnor1957)", () => {
    const dense = deposits([{ thicknessCm: 30, density: 1 }], 100);
    const thin = deposits([{ thicknessCm: 120, density: 0.25 }], 100);
    expect(thin.length).toBe(dense.length);
    for (const [i, { zCm }] of dense.entries()) expect((thin[i]?.zCm ?? 0) / 4).toBeCloseTo(zCm, 8);
  });

  test.each([1, 4])("the energy released at a point at %d MeV goes where EDKnrc says", (mev) => {
    const kernel = new Float64Array(coneCount * sphereCount);
    const middle = 200;
    const { enter } = slabTransport([{ thicknessCm: 2 * middle, density: 1 }], randomNumbers(3), (x, y, zCm, _density, left) => {
      const z = zCm - middle;
      const radius = Math.hypot(x, y, z);
      const sphere = sphereRadiiMm.findIndex((mm) => 10 * radius < mm);
      if (sphere < 0) return;
      const cone = Math.min(coneCount - 1, Math.floor((coneCount * Math.acos(radius > 0 ? z / radius : 1)) / Math.PI));
      kernel[cone * sphereCount + sphere] = (kernel[cone * sphereCount + sphere] as number) + left;
    });
    const histories = 15_000;
    for (let i = 0; i < histories; i++) enter(mev, 0, 0, middle, 0, 0, 1, true);
    const published = energyDeposition(mev);
    const within = (values: Float64Array, cones: number, spheres: number): number =>
      values.reduce((sum, value, i) => sum + (Math.floor(i / sphereCount) < cones && i % sphereCount < spheres ? value : 0), 0);
    for (const [cones, spheres] of [[48, 4], [48, 10], [48, 14], [48, 20], [48, 24], [24, 24], [12, 16], [8, 16]] as const) {
      // Spread of the share that one photon leaves is below 0.35: 0.35 / √15 000 is 0.003.
      expect(Math.abs(within(kernel, cones, spheres) / (histories * mev) - within(published, cones, spheres))).toBeLessThan(0.012);
    }
  });
});
