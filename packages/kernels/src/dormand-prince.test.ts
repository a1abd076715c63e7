import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { integrate } from "./dormand-prince.ts";

const times = (...t: number[]) => Float64Array.from(t);

test("exponential decay reaches e^(−kt)", () => {
  const states = integrate((_, y, out) => { out[0] = -0.7 * (y[0] as number); }, times(3), times(0, 1, 5), { relative: 1e-10 });
  // 3 e^(−0.7) = 1.489756; 3 e^(−3.5) = 0.090592
  expect(states[1]).toBeCloseTo(3 * Math.exp(-0.7), 9);
  expect(states[2]).toBeCloseTo(3 * Math.exp(-3.5), 9);
});

test("a harmonic oscillator returns after one period", () => {
  const states = integrate((_, y, out) => { out[0] = y[1] as number; out[1] = -(y[0] as number); }, times(1, 0), times(0, 2 * Math.PI), { relative: 1e-11 });
  expect(states[2]).toBeCloseTo(1, 8);
  expect(states[3]).toBeCloseTo(0, 8);
});

test("a right-hand side that depends on time is met: y' = 3t² gives t³", () => {
  const states = integrate((t, _, out) => { out[0] = 3 * t * t; }, times(0), times(0, 2), { relative: 1e-10 });
  expect(states[1]).toBeCloseTo(8, 9);
});

test("van der Pol with μ = 1 at t = 10 agrees with itself at a tenth of the tolerance", () => {
  const vanDerPol = (_: number, y: Float64Array, out: Float64Array) => {
    out[0] = y[1] as number;
    out[1] = (1 - (y[0] as number) ** 2) * (y[1] as number) - (y[0] as number);
  };
  const coarse = integrate(vanDerPol, times(2, 0), times(0, 10), { relative: 1e-8 });
  const fine = integrate(vanDerPol, times(2, 0), times(0, 10), { relative: 1e-11 });
  expect(coarse[2]).toBeCloseTo(fine[2] as number, 6);
});

const rate = fc.double({ min: 0.01, max: 3, noNaN: true });
test.prop([rate, rate, fc.double({ min: 0.1, max: 100, noNaN: true })])("a closed system of two compartments keeps its mass", (a, b, mass) => {
  const states = integrate(
    (_, y, out) => {
      const flow = a * (y[0] as number) - b * (y[1] as number);
      out[0] = -flow;
      out[1] = flow;
    },
    times(mass, 0),
    times(0, 0.5, 4, 20),
  );
  for (let row = 0; row < 4; row++) {
    expect((states[2 * row] as number) + (states[2 * row + 1] as number)).toBeCloseTo(mass, 6);
  }
});

test("asking for more times does not change the answer", () => {
  const decay = (_: number, y: Float64Array, out: Float64Array) => { out[0] = -(y[0] as number); };
  const few = integrate(decay, times(1), times(0, 3), { relative: 1e-10 });
  const many = integrate(decay, times(1), Float64Array.from({ length: 301 }, (_, i) => i / 100), { relative: 1e-10 });
  expect(many[300]).toBeCloseTo(few[1] as number, 9);
});

test("times that descend are refused", () => {
  expect(() => integrate(() => {}, times(1), times(1, 0))).toThrow(RangeError);
});

test("a solution that explodes in finite time is refused, not returned", () => {
  // y' = y², y(0) = 1 has a pole at t = 1.
  expect(() => integrate((_, y, out) => { out[0] = (y[0] as number) ** 2; }, times(1), times(0, 2))).toThrow(RangeError);
});
