import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { integrate } from "./dormand-prince.ts";
import { wrightOmega } from "./wright-omega.ts";

test("ω(1) is 1, ω(0) the omega constant, ω(e + 1) is e", () => {
  expect(wrightOmega(1)).toBeCloseTo(1, 14);
  // 0.5671432904097838 solves w = e^(−w).
  expect(wrightOmega(0)).toBeCloseTo(0.5671432904097838, 14);
  expect(wrightOmega(Math.E + 1)).toBeCloseTo(Math.E, 13);
});

test.prop([fc.double({ min: -30, max: 700, noNaN: true })])("w + ln w gives y back", (y) => {
  const w = wrightOmega(y);
  expect(Math.abs(w + Math.log(w) - y)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(y)));
});

test.prop([fc.double({ min: -900, max: 900, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true })])("it never falls as y grows", (y, more) => {
  expect(wrightOmega(y + more)).toBeGreaterThanOrEqual(wrightOmega(y) * (1 - 1e-13));
});

test("it solves Michaelis-Menten elimination as the integrator does", () => {
  const [vm, km, a0] = [4.56, 13.8, 60];
  const states = integrate((_, y, out) => { out[0] = (-vm * (y[0] as number)) / (km + (y[0] as number)); }, Float64Array.of(a0), Float64Array.of(0, 5, 24), { relative: 1e-11 });
  for (const [row, t] of [[1, 5], [2, 24]] as const) {
    expect(km * wrightOmega(Math.log(a0 / km) + (a0 - vm * t) / km)).toBeCloseTo(states[row] as number, 7);
  }
});
