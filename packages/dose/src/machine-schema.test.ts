import { expect, test } from "vitest";
import { findReference } from "@hapax/references";
import { calibrated, machineNamed, machineOf, machines } from "./machine-schema.ts";

test("every machine has an id of its own, leaves in order, sources in the bibliography and a statement", () => {
  expect(new Set(machines().map(({ id }) => id)).size).toBe(machines().length);
  for (const machine of machines()) {
    expect(machineNamed(machine.id)).toBe(machine);
    expect(machine.origin.statement.length).toBeGreaterThan(20);
    for (const key of [...machine.origin.sources, ...machine.calibration.origin.sources]) expect(findReference(key), key).toBeDefined();
    expect(machine.calibration.engineGy).not.toBe(1);
  }
});

test("the machines of 40 cm have 80 pairs of 5 mm or 60 of 5 and 10 mm", () => {
  const pairs = (id: string) => (machineNamed(id).mlc?.leafEdgesMm.length ?? 0) - 1;
  expect([pairs("synergy-6mv"), pairs("artiste-6mv"), pairs("generic-6mv")]).toEqual([80, 80, 60]);
});

test("an unknown machine is refused with those there are", () => {
  expect(() => machineNamed("clinac")).toThrow(/dose\/machine-unknown.*clinac.*generic-6mv, synergy-6mv, artiste-6mv/);
});

test("a machine at fault is refused by the name of its field", () => {
  const machine = machineNamed("generic-6mv");
  expect(() => machineOf({ ...machine, sadMm: -1 })).toThrow(/dose\/machine.*generic-6mv.*sadMm/);
  const half = { ...machine.primary.spectrum, energyFluence: machine.primary.spectrum.energyFluence.map((share) => share / 2) };
  expect(() => machineOf({ ...machine, primary: { ...machine.primary, spectrum: half } })).toThrow(/primary\.spectrum.*sum to 1/);
  expect(() => machineOf({ ...machine, color: "white" })).toThrow(/dose\/machine/);
  expect(() => machineOf(undefined)).toThrow(/dose\/machine/);
});

test("calibration sets what the engine gives and nothing else", () => {
  const machine = machineNamed("generic-6mv");
  const set = calibrated(machine, 0.5);
  expect(set.calibration).toEqual({ ...machine.calibration, engineGy: 0.5 });
  expect({ ...set, calibration: machine.calibration }).toEqual(machine);
});
