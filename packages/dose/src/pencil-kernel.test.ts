import { pencilBeam, pencilRank } from "@hapax/kernels";
import { describe, expect, test } from "vitest";

import type { Machine } from "./machine.ts";
import { plainMachine } from "./head.fixture.ts";
import { pencilKernel, pencilSpectra } from "./pencil-kernel.ts";
import { aliRogersSpectrum, termaAt, varianClinac6 } from "./spectrum.ts";
import { headField, normalBelow, openField, superposition, waterPhantom } from "./superposition.ts";

const spectrum = aliRogersSpectrum(varianClinac6);
const machine: Machine = { ...plainMachine(), primary: { ...plainMachine().primary, spectrum, blurMm: [2.5, 2.5] }, extraFocal: { ...plainMachine().extraFocal, weight: 0.08, spectrum } };
const kernel = pencilKernel(machine, 900);
const pixelMm = 2.5;

/** Dose of a square field at places x, y of the plane of the isocenter, each at a depth in water 900 mm from the source. */
function byPencils(sideMm: number, places: readonly (readonly [x: number, y: number, depth: number])[]): Float32Array {
  const pixels = sideMm > 150 ? 192 : 128;
  const wide = sideMm / pixelMm;
  const first = (pixels - wide) / 2;
  const factors = places.flatMap(([, , depth]) => Array.from(kernel.depth.subarray(pencilRank * depth, pencilRank * depth + pencilRank), (value) => value * (1000 / (900 + depth)) ** 2));
  const field = {
    size: [pixels, pixels] as const,
    spectra: pencilSpectra(kernel, [pixels, pixels], pixelMm, machine.primary.blurMm),
    bixels: Int32Array.of(first * pixels + first),
    pixelsPerBixel: wide,
    openFluence: new Float32Array(pixels * pixels).fill(1),
    positions: Float32Array.from(places.flatMap(([x, y]) => [x / pixelMm + (pixels - 1) / 2, y / pixelMm + (pixels - 1) / 2])),
    factors: Float32Array.from(factors),
  };
  return pencilBeam({ fields: [field], voxelCount: places.length }).forward(Float32Array.of(1));
}

/** The same by superposition of the kernels of single energies; places in the plane of the isocenter. */
function bySuperposition(sideMm: number, [x, y, depth]: readonly [number, number, number]): number {
  const half = [sideMm / 2, sideMm / 2] as const;
  const water = waterPhantom(900);
  const point = [(x * (900 + depth)) / 1000, (y * (900 + depth)) / 1000, 900 + depth] as const;
  const options = { tilt: true, symmetry: x === 0 && y === 0 ? 8 : 1, azimuths: x === 0 && y === 0 ? 12 : 36 } as const;
  const { extraFocal, contamination, mlc } = machine;
  const collimatorMm = [mlc?.distanceMm ?? 0, mlc?.distanceMm ?? 0] as const;
  const primary = superposition(spectrum, openField(half, { blurMm: machine.primary.blurMm }), water, point, options);
  const head = superposition(extraFocal.spectrum, headField(half, { ...extraFocal, collimatorMm }), water, point, options);
  const open = (at: number) => normalBelow((half[0] - at) / contamination.sigmaMm) - normalBelow((-half[0] - at) / contamination.sigmaMm);
  const electrons = contamination.weight * termaAt(spectrum, 0) * open(x) * open(y) * Math.exp(-contamination.ratePerMm * depth) * (1000 / (900 + depth)) ** 2;
  return primary + extraFocal.weight * head + electrons;
}

test("four products hold disks of every width behind the build-up to 0.3 % of the dose of 100 mm", () => {
  expect(kernel.fitError).toBeLessThan(0.003);
});

describe("open fields in water, against the superposition of single energies", () => {
  test.each([30, 50, 100, 200])("%i mm wide: on the axis within 1 %, from 15 to 300 mm deep", (sideMm) => {
    const depths = [15, 50, 100, 200, 300];
    const dose = byPencils(sideMm, depths.map((depth) => [0, 0, depth] as const));
    depths.forEach((depth, i) => expect(Math.abs((dose[i] as number) / bySuperposition(sideMm, [0, 0, depth]) - 1)).toBeLessThan(0.01));
  });

  test.each([15, 100])("100 mm wide, %i mm deep: edges within 0.7 mm, and within 1.5 % of the axis inside and outside", (depth) => {
    const axis = bySuperposition(100, [0, 0, depth]);
    const inside = [20, 40, 60, 80];
    byPencils(100, inside.map((x) => [x, 0, depth] as const)).forEach((dose, i) => {
      expect(Math.abs(dose - bySuperposition(100, [inside[i] as number, 0, depth])) / axis).toBeLessThan(0.015);
    });
    const xs = Array.from({ length: 701 }, (_, i) => 35 + i / 20);
    const profile = byPencils(100, xs.map((x) => [x, 0, depth] as const));
    for (const level of [0.8, 0.5, 0.2]) {
      const at = xs[profile.findIndex((dose) => dose < level * axis)] as number;
      expect(bySuperposition(100, [at - 0.7, 0, depth])).toBeGreaterThan(level * axis);
      expect(bySuperposition(100, [at + 0.7, 0, depth])).toBeLessThan(level * axis);
    }
  });
});

test("on a map the kernel's pixels add up to what it brings within the same area", () => {
  // The spectrum at frequency 0 is the sum of all pixels; blur leaves it.
  const spectra = pencilSpectra(kernel, [256, 256], pixelMm, [2.5, 2.5]);
  kernel.within.forEach((curve, k) => {
    // A square of 640 mm holds the disk of 320 and lies in that of 453.
    const [least, most] = [curve.at(320), curve.at(400)].sort((a, b) => a - b) as [number, number];
    const slack = 0.01 * Math.abs(curve.at(100));
    expect(spectra[k]).toBeGreaterThan(least - slack);
    expect(spectra[k]).toBeLessThan(most + slack);
  });
});

test("a surface at the source is refused", () => {
  expect(() => pencilKernel(machine, 100)).toThrow("dose/ssd");
});
