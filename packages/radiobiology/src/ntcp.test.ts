import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { logisticResponse, ntcpLyman, poissonResponse } from "./index.ts";

const lung = { name: "Seppenwoolde 2003, lung", td50: Gy(30.8), m: 0.37, n: 1 };
const tumor = { name: "made up: TCD50 60, γ50 2", d50: Gy(60), gamma50: 2 };

test("lung at mean doses of 10 to 30 Gy has 3.4 to 47.2 %, under the name of its set", () => {
  // (20 − 30.8) / (0.37 × 30.8) = −0.9477; Φ = 0.1716
  const found = [10, 15, 20, 25, 30].map((mean) => ntcpLyman(Gy(mean), lung));
  for (const [i, p] of [0.034, 0.0828, 0.1716, 0.3054, 0.472].entries()) expect(found[i]?.probability).toBeCloseTo(p, 4);
  expect(found[0]?.set).toBe("Seppenwoolde 2003, lung");
});

test("logistic and Poisson control at 50, 60 and 70 Gy", () => {
  // logistic at 50: 1 / (1 + 1.2⁸) = 0.1887; Poisson at 60: 2⁻¹
  expect([50, 60, 70].map((d) => Number(logisticResponse(Gy(d), tumor).probability.toFixed(4)))).toEqual([0.1887, 0.5, 0.7744]);
  expect([50, 60, 70].map((d) => Number(poissonResponse(Gy(d), tumor).probability.toFixed(4)))).toEqual([0.1631, 0.5, 0.7673]);
});

test("no dose has no response", () => {
  expect(logisticResponse(Gy(0), tumor).probability).toBe(0);
});

test.prop([fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true })])("more dose is never less probable, and all lies in 0 to 1", (dose, more) => {
  for (const p of [(d: number) => ntcpLyman(Gy(d), lung), (d: number) => logisticResponse(Gy(d), tumor), (d: number) => poissonResponse(Gy(d), tumor)]) {
    const [low, high] = [p(dose).probability, p(dose + more).probability];
    // 1e-7 is the error of the approximation of Φ.
    expect(high).toBeGreaterThanOrEqual(low - 2e-7);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
  }
});
