import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { HapaxError } from "@hapax/base";
import { integrate, minimize } from "@hapax/kernels";
import { absorption, concentrations, dispositionOf, dosesByHour, estimate, lastConcentration, repeatsFrom, steadyState, wu2012, type Disposition } from "./sirolimus-wu2012.ts";

const daily = (doseMg: number, days: number) => absorption(dosesByHour([{ doseMg, everyH: 24, count: days }], 24 * days));
const { vm: { value: vm }, km: { value: km } } = wu2012;

/** The model as differential equations, dose by dose: gut, central and peripheral amounts, mg, and what was cleared. */
function specified(doses: Float64Array, d: Disposition, perHour = 1): { central: number[]; total: number } {
  let state = Float64Array.of(0, 0, 0, 0);
  const central = [0];
  for (const dose of doses) {
    state[0] = (state[0] as number) + dose;
    const times = Float64Array.from({ length: perHour + 1 }, (_, i) => i / perHour);
    const rows = integrate(
      (_, [gut = 0, a = 0, b = 0], out) => {
        const taken = (vm * gut) / (km + gut);
        const exchange = (d.exchange / d.central) * a - (d.exchange / d.peripheral) * b;
        out[0] = -taken;
        out[1] = taken - (d.clearance / d.central) * a - exchange;
        out[2] = exchange;
        out[3] = (d.clearance / d.central) * a;
      },
      state,
      times,
      { relative: 1e-10, absolute: 1e-12 },
    );
    for (let i = 1; i <= perHour; i++) central.push((1000 * (rows[4 * i + 1] as number)) / d.central);
    state = rows.slice(-4);
  }
  return { central, total: state.reduce((x, y) => x + y, 0) };
}

const within = (value: number | undefined, reference: number, tolerance: number) => expect(Math.abs((value ?? Number.NaN) / reference - 1), `${value} against ${reference}`).toBeLessThanOrEqual(tolerance);

describe("reference vectors, hematocrit 30 %, once a day (LSODA, relative tolerance 1e-8)", () => {
  const patient = dispositionOf(30);
  test.each([
    [2, [1.16, 2.55, 3.61, 3.94, 3.97], 11.9],
    [4, [2.32, 5.12, 7.24, 7.9, 7.96], 22.9],
  ])("%s mg: troughs of day 1, 3, 7, 14 and 40 to 0.5 %%", (dose, expected, peak) => {
    const curve = concentrations(daily(dose, 40), patient);
    for (const [i, day] of [1, 3, 7, 14, 40].entries()) within(curve[24 * day], expected[i] as number, 0.005);
    within(steadyState(dose, 24, patient).peak, peak, 0.005);
  });

  test("the typical trough at 4 mg is between 7.9 and 8.0 ng/mL", () => {
    const { trough } = steadyState(4, 24, patient);
    expect(trough).toBeGreaterThan(7.9);
    expect(trough).toBeLessThan(8.0);
  });
});

test.each([[1, 4.159, 2], [4, 15.322, 2.25], [10, 33.001, 2.75], [60, 92.897, 9.25]])("one dose of %s mg at hematocrit 35.1 %% peaks at %s ng/mL after %s h, to 0.5 %%", (dose, peak, hour) => {
  // The table of the model library; quarters of an hour.
  const { central } = specified(dosesByHour([{ doseMg: dose, everyH: 24, count: 1 }], 12), dispositionOf(35.1), 4);
  const highest = Math.max(...central);
  within(highest, peak, 0.005);
  expect(central.indexOf(highest) / 4).toBeCloseTo(hour, 9);
});

const eta = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const etas = fc.tuple(eta, eta, eta, fc.double({ min: -0.5, max: 0.5, noNaN: true }));
const hematocrit = fc.double({ min: 15, max: 55, noNaN: true });

test.prop([etas, hematocrit, fc.double({ min: 0.1, max: 80, noNaN: true })], { numRuns: 25 })("the closed form agrees with the differential equations to one in a million, three deviations out and more", (e, hct, dose) => {
  const doses = dosesByHour([{ doseMg: dose, everyH: 24, count: 2 }, { doseMg: dose / 2, everyH: 12, count: 2 }], 72);
  const patient = dispositionOf(hct, e);
  const curve = concentrations(absorption(doses), patient);
  const { central } = specified(doses, patient);
  for (const h of [1, 6, 24, 30, 48, 60, 72]) within(curve[h], central[h] as number, 1e-6);
});

test.prop([etas, fc.double({ min: 0.1, max: 60, noNaN: true })], { numRuns: 15 })("what was swallowed is in the gut, in the body or cleared", (e, dose) => {
  const doses = dosesByHour([{ doseMg: dose, everyH: 8, count: 3 }], 24);
  expect(specified(doses, dispositionOf(30, e)).total).toBeCloseTo(3 * dose, 6);
});

test.prop([fc.double({ min: 0.01, max: 100, noNaN: true })])("the gut gives up what it was given: the absorption of one dose adds up to it", (dose) => {
  const weights = [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189].map((w) => w / 2);
  const rates = absorption(dosesByHour([{ doseMg: dose, everyH: 24, count: 1 }], 200));
  const sum = rates.reduce((x, r, i) => x + r * (weights[i % 5] as number), 0);
  within(sum, dose, 1e-9);
});

test.prop([etas, fc.double({ min: 0.1, max: 10, noNaN: true })], { numRuns: 50 })("the disposition is linear: k times the absorption gives k times the level", (e, k) => {
  const rates = daily(4, 3);
  const [one, many] = [concentrations(rates, dispositionOf(30, e)), concentrations(rates.map((r) => r * k), dispositionOf(30, e))];
  for (const h of [5, 24, 72]) within(many[h], k * (one[h] as number), 1e-12);
});

test.prop([hematocrit, fc.double({ min: 0.5, max: 30, noNaN: true }), fc.double({ min: 0.1, max: 30, noNaN: true })], { numRuns: 50 })("more dose is more trough, at least in proportion to none, and a lower hematocrit clears faster", (hct, dose, more) => {
  const patient = dispositionOf(hct);
  expect(steadyState(dose + more, 24, patient).trough).toBeGreaterThan(steadyState(dose, 24, patient).trough);
  expect(dispositionOf(hct * 0.9).clearance).toBeGreaterThan(patient.clearance);
});

test.prop([etas, fc.constantFrom(6, 8, 12, 24, 48)], { numRuns: 30 })("steady state is where many doses lead", (e, everyH) => {
  const patient = dispositionOf(30, e);
  const hours = Math.ceil(24 * 300 / everyH) * everyH;
  const curve = concentrations(absorption(dosesByHour([{ doseMg: 4, everyH, count: hours / everyH }], hours)), patient);
  within(steadyState(4, everyH, patient).trough, curve[hours] as number, 1e-3);
});

test.prop([etas, fc.integer({ min: 1, max: 40 }), fc.constantFrom(6, 12, 24)], { numRuns: 40 })("skipping days that repeat changes nothing", (e, days, everyH) => {
  const rates = absorption(dosesByHour([{ doseMg: 4, everyH, count: (24 / everyH) * days }], 24 * days));
  const patient = dispositionOf(30, e);
  within(lastConcentration(rates, patient, repeatsFrom(rates)), lastConcentration(rates, patient), 1e-10);
  within(lastConcentration(rates, patient), concentrations(rates, patient).at(-1) as number, 1e-12);
});

describe("a level of 30.6 ng/mL at 4 mg daily, hematocrit 30 %", () => {
  const at = (day: number) => estimate(daily(4, day), 30.6, 30);
  const forecast = (day: number) => steadyState(2, 24, at(day).disposition).trough;

  test.each([[7, 2.9, 30.3, 26.1], [28, 4.5, 30.5, 15.5]])("on day %s: clearance %s L/h, predicted %s, 2 mg leads to %s ng/mL, to 2 %%", (day, clearance, predicted, steady) => {
    within(at(day).disposition.clearance, clearance, 0.02);
    within(at(day).predicted, predicted, 0.005);
    within(forecast(day), steady, 0.02);
  });

  test("on day 14 it ends lower than the reference, whose search had stopped early", () => {
    // Reference: CL/F 3.89 L/h, 18.3 ng/mL. With clearance held there and the rest free, the objective is higher.
    const found = at(14);
    expect(found.disposition.clearance).toBeCloseTo(4.11, 2);
    expect(forecast(14)).toBeCloseTo(17.6, 1);
    const rates = daily(4, 14);
    const omega2 = [0.2425, 0.2425, 0.4035, 0.0366];
    const objective = (e: readonly [number, number, number, number]) => {
      const predicted = lastConcentration(rates, dispositionOf(30, e));
      const variance = 0.5 ** 2 + (0.0217 * predicted) ** 2;
      return (30.6 - predicted) ** 2 / variance + Math.log(variance) + e.reduce<number>((sum, x, i) => sum + x ** 2 / (omega2[i] as number), 0);
    };
    const held = Math.log(3.89 / dispositionOf(30).clearance);
    const rest = minimize(([a = 0, b = 0, c = 0]) => objective([held, a, b, c]), new Float64Array(3), Float64Array.of(0.2, 0.2, 0.1));
    expect(objective(found.etas)).toBeLessThan(rest.value - 0.2);
  });

  test("on every day it is more than two deviations below the population", () => {
    for (const day of [7, 14, 28]) expect(at(day).zClearance).toBeLessThan(-2);
  });
});

test("a level at the typical trough leaves the patient typical", () => {
  const rates = daily(4, 28);
  const typical = lastConcentration(rates, dispositionOf(30));
  expect(Math.abs(estimate(rates, typical, 30).zClearance)).toBeLessThan(0.1);
});

test("doses below zero and intervals that are not whole hours are refused", () => {
  expect(() => dosesByHour([{ doseMg: -1, everyH: 24, count: 1 }], 24)).toThrow(HapaxError);
  expect(() => dosesByHour([{ doseMg: 1, everyH: 0.5, count: 1 }], 24)).toThrow(HapaxError);
});
