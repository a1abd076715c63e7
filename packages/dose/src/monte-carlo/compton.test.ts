import { describe, expect, test } from "vitest";
import { waterAttenuation } from "../attenuation.ts";
import { comptonRatio, electronMev, electronRadiusCm, kleinNishina } from "./compton.ts";
import { knockOn, knockOnCosine, knockOnEnergy } from "./knock-on.ts";
import { randomNumbers } from "./random.ts";

/** Klein and Nishina's cross section per unit of cosine, cm², and the ratio of energies there. */
function differential(energyMev: number, cosine: number): { section: number; ratio: number } {
  const ratio = 1 + (energyMev / electronMev) * (1 - cosine);
  const section = (Math.PI * electronRadiusCm ** 2 * (ratio + 1 / ratio - 1 + cosine * cosine)) / (ratio * ratio);
  return { section, ratio };
}

const midpoints = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((i + 0.5) * (to - from)) / count);

describe("Compton scatter", () => {
  test("of slow photons is Thomson's, 8π/3 of the electron's radius squared", () => {
    // First order in k: σ = σT (1 − 2k).
    const k = 1e-3 / electronMev;
    expect(kleinNishina(1e-3) / (((8 * Math.PI) / 3) * electronRadiusCm ** 2)).toBeCloseTo(1 - 2 * k, 4);
  });

  test("attenuates as water does where water does little else, 0.6 to 1.25 MeV", () => {
    // 10 electrons and 18.01528 g per mole.
    const electrons = (10 * 6.02214e23) / 18.01528;
    for (const mev of [0.6, 0.8, 1, 1.25]) expect((electrons * kleinNishina(mev)) / waterAttenuation(mev)).toBeCloseTo(1, 2);
  });

  test.each([0.1, 0.5, 2, 6])("as drawn at %d MeV has the mean and the spread of energy of its cross section", (mev) => {
    const cosines = midpoints(-1, 1, 20_000).map((cosine) => differential(mev, cosine));
    const total = cosines.reduce((sum, { section }) => sum + section, 0);
    const mean = cosines.reduce((sum, { section, ratio }) => sum + section / ratio, 0) / total;
    const square = cosines.reduce((sum, { section, ratio }) => sum + section / ratio ** 2, 0) / total;
    expect((total * 2) / 20_000 / kleinNishina(mev)).toBeCloseTo(1, 4);
    const random = randomNumbers(1);
    const shares = Array.from({ length: 100_000 }, () => 1 / comptonRatio(mev, random));
    // The spread of shares is below 0.3: 0.3 / √100 000 is 0.001.
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) / shares.length - mean)).toBeLessThan(0.004);
    expect(Math.abs(shares.reduce((sum, share) => sum + share * share, 0) / shares.length - square)).toBeLessThan(0.004);
  });
});

describe("electrons knocked on", () => {
  /** Møller's cross section per share of the energy, but for what stands before it. */
  const shape = (mev: number, share: number): number => {
    const tau = mev / electronMev;
    return share ** -2 + (1 - share) ** -2 + (tau / (tau + 1)) ** 2 - (2 * tau + 1) / ((tau + 1) ** 2 * share * (1 - share));
  };

  test.each([0.5, 1, 5])("at %d MeV have the mean energy of their cross section, in closed form and as drawn", (mev) => {
    const shares = midpoints(0.1 / mev, 0.5, 200_000);
    const number = shares.reduce((sum, share) => sum + shape(mev, share), 0);
    const mean = (mev * shares.reduce((sum, share) => sum + share * shape(mev, share), 0)) / number;
    const closed = knockOn(mev, 0.1);
    expect(closed.energy / closed.number / mean).toBeCloseTo(1, 4);
    const random = randomNumbers(2);
    let sum = 0;
    for (let i = 0; i < 100_000; i++) sum += knockOnEnergy(mev, 0.1, random);
    expect(Math.abs(sum / 100_000 / mean - 1)).toBeLessThan(0.02);
  });

  test("keep the momentum across: both electrons leave with the same of it", () => {
    const momentum = (mev: number): number => Math.sqrt(mev * (mev + 2 * electronMev));
    const across = (mev: number): number => momentum(mev) * Math.sqrt(1 - knockOnCosine(3, mev) ** 2);
    expect(across(0.4)).toBeCloseTo(across(2.6), 12);
  });
});
