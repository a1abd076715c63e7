import { fc, test as prop } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { superposedDose } from "./check.ts";
import { fitDepthDose, fitMachine, NormalEquations, outputAt, wasMeasured, type BeamMeasurements } from "./fit.ts";
import { machineNamed } from "./machine-schema.ts";
import { aliRogersSpectrum, meanEnergies } from "./spectrum.ts";

const start = machineNamed("generic-6mv");
const fieldsMm = [50, 100, 300];
const depthsMm = [20, 50, 100, 200, 300];

test("a beam made with one spectrum is found again from another", () => {
  const truth = { ...start, primary: { ...start.primary, spectrum: aliRogersSpectrum({ c1: 0, c2: 5.6, c3: -1.186, endpointMev: 6 }) }, extraFocal: { ...start.extraFocal, weight: 0.07 } };
  const dose = superposedDose(truth);
  const measured: BeamMeasurements = {
    machine: "made",
    sadMm: 1000,
    tpr: { referenceDepthMm: 100, fieldsMm, depthsMm, values: depthsMm.map((depth) => fieldsMm.map((field) => dose(field, depth) / dose(field, 100))) },
    outputFactors: { ssdMm: 900, depthMm: 100, fieldsMm, values: fieldsMm.map((field) => dose(field, 100) / dose(100, 100)) },
  };
  const from = { ...start, primary: { ...start.primary, spectrum: aliRogersSpectrum({ c1: 0, c2: 6.34, c3: -1.186, endpointMev: 6 }) } };
  const { machine, misfit } = fitMachine(measured, from, { depthsMm });
  expect(misfit).toBeLessThan(0.001);
  const [found, made, began] = [machine, truth, from].map(({ primary }) => meanEnergies(primary.spectrum).byEnergyFluence) as [number, number, number];
  expect(Math.abs(found - made)).toBeLessThan(Math.abs(began - made) / 3);
  expect(Math.abs(machine.extraFocal.weight - 0.07)).toBeLessThan(0.02);
});

test("a depth dose sets the spectrum and leaves the head", () => {
  const made = aliRogersSpectrum({ c1: 0, c2: 5.6, c3: -1.186, endpointMev: 6 });
  const dose = superposedDose({ ...start, primary: { ...start.primary, spectrum: made } });
  const depths = [20, 50, 100, 200, 300];
  const { machine, misfit } = fitDepthDose({ fieldMm: 100, ssdMm: 1000, depthsMm: depths, percent: depths.map((depth) => 5000 * dose(100, depth, 1000)) }, start);
  expect(misfit).toBeLessThan(2e-3);
  expect(machine.extraFocal.weight).toBeCloseTo(start.extraFocal.weight, 4);
  expect(Math.abs(meanEnergies(machine.primary.spectrum).byEnergyFluence - meanEnergies(made).byEnergyFluence)).toBeLessThan(0.1);
});

test("output factors that do not meet the ratios at their reference depth are refused", () => {
  const measured: BeamMeasurements = {
    machine: "made", sadMm: 1000,
    tpr: { referenceDepthMm: 100, fieldsMm, depthsMm, values: [] },
    outputFactors: { ssdMm: 950, depthMm: 50, fieldsMm, values: [] },
  };
  expect(() => fitMachine(measured, start)).toThrow(/dose\/fit.*50 mm.*100 mm/);
});

test("ratios drawn on are no measurements", () => {
  const measured = { extrapolated: { toFieldMm: 50, beyondDepthMm: 200, because: "" } } as unknown as BeamMeasurements;
  expect([wasMeasured(measured, 50, 200), wasMeasured(measured, 50, 210), wasMeasured(measured, 60, 300)]).toEqual([true, false, true]);
});

test("an output factor between two fields lies on the logarithm of the side", () => {
  expect(outputAt({ ssdMm: 900, depthMm: 100, fieldsMm: [50, 200], values: [0.9, 1.1] }, 100)).toBeCloseTo(1, 12);
});

const rows = fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), { minLength: 4, maxLength: 8 });

prop.prop([rows, fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 })])("least squares with nothing below 0: no step to either side is better", (matrix, right) => {
  const normal = new NormalEquations(3);
  // A little of each unknown by itself makes the answer one.
  const all = [...matrix, [0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]];
  const value = (r: number) => (r < matrix.length ? (right[r] as number) : 0);
  all.forEach((row, r) => normal.add(Float64Array.from(row), value(r), 1));
  const cost = (x: ArrayLike<number>) => all.reduce((sum, row, r) => sum + (row[0]! * x[0]! + row[1]! * x[1]! + row[2]! * x[2]! - value(r)) ** 2, 0);
  const x = normal.solveNonNegative();
  const best = cost(x);
  for (let i = 0; i < 3; i++) {
    expect(x[i]).toBeGreaterThanOrEqual(0);
    for (const step of [-1e-3, 1e-3]) {
      const moved = Float64Array.from(x);
      moved[i] = Math.max(0, (moved[i] as number) + step);
      expect(cost(moved)).toBeGreaterThanOrEqual(best - 1e-9);
    }
  }
});
