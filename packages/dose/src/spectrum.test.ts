import { fc, test as prop } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { aluminumAttenuation, tungstenAttenuation, waterAttenuation, waterEnergyAbsorption } from "./attenuation.ts";
import { aliRogersSpectrum, lognormalSpectrum, meanAttenuation, meanEnergies, sheikhBagheriSpectrum, spectrumOf, termaTable, varianClinac6 } from "./spectrum.ts";

test("attenuation passes through its table and is straight in logarithms between", () => {
  expect(waterAttenuation(2)).toBeCloseTo(0.04942, 10);
  // Half way in ln E between 2 and 3 MeV lies the geometric mean of the two.
  expect(waterAttenuation(Math.sqrt(6))).toBeCloseTo(Math.sqrt(0.04942 * 0.03969), 10);
  expect(waterEnergyAbsorption(1)).toBeCloseTo(0.03103, 10);
  expect(tungstenAttenuation(0.5)).toBeCloseTo(0.1378, 10);
  expect(aluminumAttenuation(3)).toBeCloseTo(0.03541, 10);
});

prop.prop([fc.double({ min: 0.1, max: 9, noNaN: true })])("water attenuates less the higher the energy, and never absorbs more than it attenuates", (mev) => {
  expect(waterAttenuation(mev * 1.05)).toBeLessThan(waterAttenuation(mev));
  expect(waterEnergyAbsorption(mev)).toBeLessThan(waterAttenuation(mev));
});

test("the spectrum of a Varian Clinac of 6 MV has the means of the published form", () => {
  const spectrum = aliRogersSpectrum(varianClinac6);
  // 1.596 and 2.469 MeV with bins that begin higher: the lowest bin weighs in the number of photons.
  expect(Math.abs(meanEnergies(spectrum).byFluence / 1.596 - 1)).toBeLessThan(0.015);
  expect(meanEnergies(spectrum).byEnergyFluence).toBeCloseTo(2.469, 2);
  expect(meanAttenuation(spectrum)).toBeCloseTo(0.0512, 4);
});

test("Monte Carlo's and the log-normal spectrum of 6 MV have a mean photon of 1.6 to 1.8 MeV", () => {
  for (const spectrum of [sheikhBagheriSpectrum, lognormalSpectrum()]) {
    expect(meanEnergies(spectrum).byFluence).toBeGreaterThan(1.6);
    expect(meanEnergies(spectrum).byFluence).toBeLessThan(1.8);
  }
});

prop.prop([fc.double({ min: 0.3, max: 6, noNaN: true })])("photons of one energy fade exponentially and do not harden", (mev) => {
  const { terma, hardening } = termaTable(spectrumOf([mev], [1]), undefined, 2, 400);
  const mu = waterAttenuation(mev);
  terma.forEach((value, i) => expect(value / (mu * Math.exp((-mu * 2 * i) / 10))).toBeCloseTo(1, 6));
  expect(hardening.every((value) => value === 0)).toBe(true);
});

test("hardening is 0 at the surface, 1 behind 200 mm and rises; that of a softer beam begins below 0", () => {
  const spectrum = aliRogersSpectrum(varianClinac6);
  const own = termaTable(spectrum).hardening;
  expect(own[0]).toBe(0);
  expect(own[200]).toBeCloseTo(1, 6);
  expect(own.every((value, i) => i === 0 || value > (own[i - 1] as number))).toBe(true);
  const softer = termaTable(aliRogersSpectrum({ ...varianClinac6, c2: 3 }), spectrum).hardening;
  expect(softer[0]).toBeLessThan(0);
});
