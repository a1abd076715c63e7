import { expect, test } from "vitest";
import { beamCheck, greatestByField, nyholmCheck, otherProfilesCheck, otherTanksCheck, superposedDose } from "./check.ts";
import { machineNamed } from "./machine-schema.ts";
import artiste from "./measured/artiste-6mv.json" with { type: "json" };
import synergy from "./measured/synergy-6mv.json" with { type: "json" };
import { normalBelow } from "./superposition.ts";

/** The machines make the engine agree, which differs from the superposition used here by about 1 %. */
const ofEngine = 1;

test.each([synergy, artiste])("$machine: superposition meets its measurements to their bars and what the engine differs by", (measured) => {
  const machine = machineNamed(measured.machine);
  // A part of the depths, for time; every field.
  const depths = [20, 30, 50, 100, 150, 200, 300];
  const part = {
    ...measured,
    tpr: { ...measured.tpr, depthsMm: depths, values: depths.map((depth) => measured.tpr.values[measured.tpr.depthsMm.indexOf(depth)] as number[]) },
  };
  const rows = beamCheck(machine, part, superposedDose(machine));
  expect(rows.length).toBeGreaterThan(60);
  for (const { quantity, fieldMm, depthMm, differencePercent, barPercent } of rows) {
    expect(Math.abs(differencePercent), `${quantity} ${fieldMm} mm at ${depthMm} mm`).toBeLessThan(barPercent + ofEngine);
  }
});

test("the generic machine meets depth doses of five other machines within 2 % of their maximum, unfitted but for one", () => {
  const machine = machineNamed("generic-6mv");
  const rows = otherTanksCheck(machine, superposedDose(machine));
  expect(rows).toHaveLength(49);
  for (const { curve, depthMm, differencePercent, holds } of rows) expect(holds, `${curve} at ${depthMm} mm: ${differencePercent.toFixed(2)} %`).toBe(true);
});

test("a machine is held to nothing that was drawn on, and to its reference by definition", () => {
  const rows = beamCheck(machineNamed("artiste-6mv"), artiste, () => 1);
  expect(rows.some(({ quantity, fieldMm, depthMm }) => quantity === "TPR" && fieldMm <= 50 && depthMm > 200)).toBe(false);
  expect(rows.some(({ quantity, depthMm }) => quantity === "TPR" && depthMm === 50)).toBe(false);
  const [first] = rows;
  expect(first?.differencePercent).toBeCloseTo(100 * (1 / (first?.measured ?? NaN) - 1), 9);
});

test("of each field the greatest difference is told", () => {
  const row = { machine: "m", quantity: "TPR", fieldMm: 100, depthMm: 50, measured: 1, calculated: 1, differencePercent: 0.2, barPercent: 1, holds: true } as const;
  const told = greatestByField([row, { ...row, depthMm: 80, differencePercent: -1.4, holds: false }, { ...row, fieldMm: 40 }]);
  expect(told).toEqual([
    { quantity: "TPR", fieldMm: 100, greatestPercent: -1.4, atDepthMm: 80, holds: false },
    { quantity: "TPR", fieldMm: 40, greatestPercent: 0.2, atDepthMm: 50, holds: true },
  ]);
});

test("a profile with Gaussian edges has its known penumbra and width, in both planes", async () => {
  const sigma = 3;
  const rows = await otherProfilesCheck(machineNamed("generic-6mv"), async ({ fieldMm }) => (_depth, x = 0, y = 0) => normalBelow((fieldMm / 2 - Math.abs(x)) / sigma) * normalBelow((fieldMm / 2 - Math.abs(y)) / sigma));
  // From 80 to 20 % a normal distribution takes 2 · 0.8416 standard deviations.
  const penumbrae = rows.filter(({ quantity }) => quantity === "penumbra");
  expect(penumbrae).toHaveLength(16);
  for (const { calculated } of penumbrae) expect(calculated).toBeCloseTo(2 * 0.8416 * sigma, 2);
  for (const { quantity, calculated } of rows) if (quantity === "width") expect(calculated).toBeCloseTo(100, 2);
});

test("Nyholm's kernel is asked in what the head lets through, relative to 100 mm at 100 mm", () => {
  const rows = nyholmCheck(machineNamed("generic-6mv"), () => 1);
  expect(rows).toHaveLength(81);
  expect(rows.find(({ fieldMm, depthMm }) => fieldMm === 100 && depthMm === 100)?.measured).toBeCloseTo(1, 12);
});
