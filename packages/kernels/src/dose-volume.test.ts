import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { doseToVolume, doseVolume, volumeAtDose, type DoseField } from "./dose-volume.ts";
import type { Occupancy } from "./occupancy.ts";

/** A row of voxels of 1 mm³, each with its dose and its share. */
const rows = fc.array(fc.tuple(fc.float({ min: -5, max: 90, noNaN: true }).map((gy) => gy + 0), fc.float({ min: Math.fround(0.01), max: 1, noNaN: true })), { minLength: 1, maxLength: 60 });

function row(samples: readonly (readonly [number, number])[]) {
  const size = [samples.length, 1, 1] as const;
  const dose: DoseField = { size, values: Float32Array.from(samples, ([gy]) => gy), patientFromVoxel: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
  const inside: Occupancy = { first: [0, 0, 0], size, fraction: Float32Array.from(samples, ([, share]) => share) };
  return doseVolume(inside, dose, dose, { at: "center" });
}

test.prop([rows])("samples come hottest first, with all their volume and their mean", (samples) => {
  const volume = row(samples);
  expect([...volume.doseGy]).toEqual(samples.map(([gy]) => gy).sort((a, b) => b - a).map((gy) => gy));
  const total = samples.reduce((sum, [, share]) => sum + share, 0);
  expect(volume.volumeMm3).toBeCloseTo(total, 5);
  expect(volume.meanGy).toBeCloseTo(samples.reduce((sum, [gy, share]) => sum + gy * share, 0) / total, 3);
});

test.prop([rows, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })])("a smaller part of the volume is no colder, a higher dose fills no more", (samples, a, b) => {
  const volume = row(samples);
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  expect(doseToVolume(volume, low * volume.volumeMm3).low).toBeGreaterThanOrEqual(doseToVolume(volume, high * volume.volumeMm3).low - 1e-6);
  expect(volumeAtDose(volume, 90 * high).low).toBeLessThanOrEqual(volumeAtDose(volume, 90 * low).low + 1e-6);
});

test.prop([rows, fc.integer({ min: 1, max: 30 }), fc.double({ min: 0.01, max: 1, noNaN: true })])("with a part of the dose unknown, the bounds hold the number that the whole would have", (samples, hidden, share) => {
  const positive = samples.map(([gy, part]) => [Math.abs(gy), part] as const);
  const whole = row(positive);
  const part = row(positive.map(([gy, share], i) => [i < hidden ? NaN : gy, share] as const));
  const asked = share * whole.volumeMm3;
  const bounds = doseToVolume(part, asked);
  const [before, after] = [doseToVolume(whole, Math.max(0, asked - 1)).low, doseToVolume(whole, Math.min(whole.volumeMm3, asked + 1)).low];
  // To a voxel: between the middles of two samples the dose goes straight.
  expect(bounds.low).toBeLessThanOrEqual(before + 1e-4);
  expect(bounds.high).toBeGreaterThanOrEqual(after - 1e-4);
});

test.prop([rows, fc.double({ min: 0, max: 90, noNaN: true })])("where all of the dose is known, the volume at a dose is one number to the last bit", (samples, gy) => {
  const { low, high } = volumeAtDose(row(samples), gy);
  expect(high).toBe(low);
});
