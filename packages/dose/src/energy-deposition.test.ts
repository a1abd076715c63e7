import { expect, test } from "vitest";
import { coneCount, depositionOf, energyDeposition, sphereCount } from "./energy-deposition.ts";
import { aliRogersSpectrum, varianClinac6 } from "./spectrum.ts";

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

test("within 60 cm of water these shares of the released energy stay, as EDKnrc gave them", () => {
  const published: readonly (readonly [number, number])[] = [[0.5, 0.9841], [1, 0.973], [2, 0.9577], [3, 0.9475], [4, 0.9407], [6, 0.9335]];
  for (const [mev, share] of published) expect(sum(energyDeposition(mev))).toBeCloseTo(share, 4);
});

test("at 2 MeV 0.897 of the energy goes forward", () => {
  expect(sum(energyDeposition(2).subarray(0, (coneCount / 2) * sphereCount))).toBeCloseTo(0.8973, 4);
});

test("between two energies a kernel lies half way between theirs, below 0.5 MeV it is the first", () => {
  const [one, between, two] = [1, 1.25, 1.5].map(energyDeposition) as [Float64Array, Float64Array, Float64Array];
  expect(between[100]).toBeCloseTo(((one[100] as number) + (two[100] as number)) / 2, 12);
  expect(energyDeposition(0.2)).toEqual(energyDeposition(0.5));
});

test("a hardened beam sends more energy forward and keeps less of it near", () => {
  const spectrum = aliRogersSpectrum(varianClinac6);
  const [surface, deep] = [depositionOf(spectrum, 0), depositionOf(spectrum, 200)];
  const forward = (kernel: Float64Array) => sum(kernel.subarray(0, (coneCount / 4) * sphereCount)) / sum(kernel);
  expect(forward(deep)).toBeGreaterThan(forward(surface));
  expect(sum(deep)).toBeLessThan(sum(surface));
});
