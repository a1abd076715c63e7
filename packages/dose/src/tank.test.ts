import { openCrew } from "@hapax/kernels/crew-node";
import { expect, test } from "vitest";
import { engineDose, superposedDose, type DoseOnAxis } from "./check.ts";
import { machineNamed } from "./machine-schema.ts";
import { tankDose } from "./tank.ts";

const machine = machineNamed("synergy-6mv");

test("in a tank a square field is its own mirror image, full on the axis and low beside the field", async () => {
  const dose = await tankDose(machine, { fieldMm: 40, ssdMm: 900, toDepthMm: 60, toRadiusMm: 40, spacingMm: 5, cones: 24 });
  const axis = dose(50);
  for (const [x, y] of [[10, 0], [17, 5], [30, 12]] as const) {
    for (const [u, v] of [[-x, y], [x, -y], [-x, -y]] as const) expect(dose(50, u, v) / axis).toBeCloseTo(dose(50, x, y) / axis, 4);
  }
  expect(dose(50, 12) / axis).toBeGreaterThan(0.9);
  expect(dose(50, 38) / axis).toBeLessThan(0.1);
  expect(dose(20)).toBeGreaterThan(axis);
});

test("on the axis the engine gives what the full superposition gives, within 1 % from 20 to 150 mm", async () => {
  const points = [20, 50, 100, 150];
  const asks = (doseOf: DoseOnAxis) => points.map((depthMm) => doseOf(50, depthMm, 900));
  const crew = await openCrew(1);
  try {
    const told: number[] = [];
    const engine = asks(await engineDose(machine, crew, asks, { onProgress: (share) => told.push(share) }));
    const exact = asks(superposedDose(machine));
    engine.forEach((dose, i) => expect(Math.abs(dose / (exact[i] as number) - 1), `${points[i]} mm`).toBeLessThan(0.01));
    expect(told).toEqual([1]);
  } finally {
    await crew.close();
  }
});
