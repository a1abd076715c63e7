import { expect, test } from "vitest";
import { electronMev } from "./compton.ts";
import { transportPower, waterTables } from "./water.ts";

// Nothing is knocked on for itself: all collisions are in the stopping power.
const { attenuation, collision, compton, pairs, radiative } = waterTables(Infinity);
const at = (table: Float64Array, mev: number): number => table[Math.round(mev * 1000)] as number;

test("electrons below 0.5 MeV lose what Bethe says, at a mean excitation energy of 75 eV", () => {
  for (const mev of [0.05, 0.1, 0.2, 0.4, 0.5]) {
    const tau = mev / electronMev;
    const betaSquared = 1 - 1 / (tau + 1) ** 2;
    const last = (1 - betaSquared) * (1 + (tau * tau) / 8 - (2 * tau + 1) * Math.LN2);
    // 0.153537 MeV cm² is 2π r² mc² times Avogadro's number; water has 10 electrons in 18.01528 g. No density effect yet.
    const bethe = ((0.153537 * 10) / 18.01528 / betaSquared) * (2 * Math.log(mev / 75e-6) + Math.log(1 + tau / 2) + last);
    expect(at(collision, mev) / bethe).toBeCloseTo(1, 2.5);
  }
});

test("an electron's range is the integral of one over what it loses: 0.4367 g/cm² at 1 MeV, 2.550 at 5 MeV", () => {
  // 2.515e-4 g/cm² at 10 keV. ESTAR's ranges, which are not in the tables (estar2005).
  let range = 2.515e-4;
  const steps = new Map<number, number>();
  for (let keV = 10; keV < 5000; keV++) {
    range += 0.001 / (((collision[keV] as number) + (collision[keV + 1] as number)) / 2 + (radiative[keV] as number));
    steps.set(keV + 1, range);
  }
  expect((steps.get(1000) as number) / 0.4367).toBeCloseTo(1, 2);
  expect((steps.get(5000) as number) / 2.55).toBeCloseTo(1, 2);
});

test("photons of 6 MeV make pairs for a sixth of their attenuation, those below 1.022 MeV none", () => {
  expect(at(attenuation, 6)).toBeCloseTo(0.0277, 6);
  // What Klein and Nishina leave: 0.0277 − 3.343e23 · 7.32e-26 = 0.0032 cm²/g.
  expect(at(pairs, 6)).toBeGreaterThan(0.1);
  expect(at(pairs, 6)).toBeLessThan(0.18);
  expect(at(pairs, 1)).toBe(0);
  expect(at(pairs, 4) + at(compton, 4)).toBeCloseTo(1, 4);
});

test("electrons turn ever less the faster they are, and less where those knocked on are left out", () => {
  for (const mev of [0.1, 0.5, 1, 3]) {
    expect(transportPower(2 * mev, Infinity)).toBeLessThan(transportPower(mev, Infinity));
    expect(transportPower(mev, 0.02)).toBeLessThan(transportPower(mev, Infinity));
  }
});
