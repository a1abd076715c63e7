import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { DataSet } from "../data-set.ts";
import { dataSetOf, type Tree } from "../write.ts";
import { leanMassKg, suvScale } from "./suv.ts";

const slice = (more: Tree = {}, dose: Tree = {}): DataSet => dataSetOf({
  SeriesDate: "20240501", SeriesTime: "101500", AcquisitionDate: "20240501", AcquisitionTime: "101500", CorrectedImage: ["DECY", "ATTN"], DecayCorrection: "START",
  PatientWeight: 70, PatientSize: 1.75, PatientSex: "F", ...more,
  RadiopharmaceuticalInformationSequence: [{ RadionuclideTotalDose: 3.5e8, RadionuclideHalfLife: 6586.2, RadiopharmaceuticalStartDateTime: "20240501091500", ...dose }],
});

test("a SUV of 1 is the injected activity, decayed to the scan, spread over the body", () => {
  // 350 MBq after 3600 s: 350e6 · 2^(−3600 / 6586.2) = 239.63 MBq in 70 kg are 3423 Bq/g.
  const { SUVbw } = suvScale([slice()], "PT");
  expect(SUVbw * 3423.3).toBeCloseTo(1, 3);
});

test("DecayCorrection ADMIN needs no decay", () => {
  expect(suvScale([slice({ DecayCorrection: "ADMIN" })], "PT").SUVbw).toBeCloseTo(70_000 / 3.5e8, 12);
});

test.prop([fc.double({ min: 0, max: 7200, noNaN: true }).map(Math.round)])("the later the scan, the higher the SUV of the same activity, by the half-life", (waitS) => {
  const clock = new Date(Date.parse("2024-05-01T09:15:00Z") + waitS * 1000).toISOString().slice(11, 19).replace(/:/g, "");
  const { SUVbw } = suvScale([slice({ SeriesTime: clock, AcquisitionTime: clock })], "PT");
  expect(SUVbw / (70_000 / 3.5e8)).toBeCloseTo(2 ** (waitS / 6586.2), 9);
});

test("a series stamped after its first acquisition is decayed to the acquisition, and it is told", () => {
  const late = suvScale([slice({ SeriesTime: "113000" })], "PT");
  expect(late.SUVbw).toBeCloseTo(suvScale([slice()], "PT").SUVbw, 12);
  expect(late.told.map(({ code }) => code)).toEqual(["dicom/suv-time"]);
});

test("a scan after midnight is no scan before the injection", () => {
  const night = slice({ SeriesDate: "20240502", SeriesTime: "001500", AcquisitionDate: "20240502", AcquisitionTime: "001500" }, { RadiopharmaceuticalStartDateTime: "20240501231500" });
  expect(suvScale([night], "PT").SUVbw).toBeCloseTo(suvScale([slice()], "PT").SUVbw, 12);
});

test.each([
  ["PatientWeight", slice({ PatientWeight: undefined })],
  ["RadionuclideTotalDose", slice({}, { RadionuclideTotalDose: undefined })],
  ["RadionuclideHalfLife", slice({}, { RadionuclideHalfLife: undefined })],
  ["RadiopharmaceuticalStartDateTime", slice({}, { RadiopharmaceuticalStartDateTime: undefined })],
  ["DecayCorrection", slice({ DecayCorrection: undefined })],
  ["ATTN", slice({ CorrectedImage: "DECY" })],
])("without %s there is no SUV, and it is named", (name, data) => {
  expect(() => suvScale([data], "PT")).toThrow(new RegExp(name));
});

test("an injection after the scan, or more than a day before it, gives no SUV", () => {
  expect(() => suvScale([slice({}, { RadiopharmaceuticalStartDateTime: "20240501111500" })], "PT")).toThrow(/3600 s after the scan/);
  expect(() => suvScale([slice({}, { RadiopharmaceuticalStartDateTime: "20240429101500" })], "PT")).toThrow(/48.0 h before the scan/);
});

test.each([
  ["RadionuclideTotalDose in MBq", [slice({}, { RadionuclideTotalDose: 350 })], /350 Bq, which cannot be/],
  ["PatientWeight in g", [slice({ PatientWeight: 70_000 })], /70000 kg, which cannot be/],
  ["a PatientWeight that changes within the series", [slice(), slice({ PatientWeight: 71 })], /not the same/],
])("%s gives no SUV rather than one that is wrong by orders", (_, slices, told) => {
  expect(() => suvScale(slices, "PT")).toThrow(told);
});

test("lean body mass needs height and sex; body weight SUV does not", () => {
  const { SUVbw, SUVlbm } = suvScale([slice({ PatientSize: undefined })], "PT");
  expect(SUVbw).toBeGreaterThan(0);
  expect(SUVlbm).toMatchObject({ code: "dicom/suv-missing" });
  expect(suvScale([slice({ PatientSex: "O" })], "PT").SUVlbm).toMatchObject({ what: expect.stringContaining("PatientSex is O") });
});

test("lean body mass by both formulas", () => {
  // 70 kg, 1.75 m: BMI 22.857. Janmahasatian, woman: 648 900 / (8780 + 244 · 22.857) = 45.20 kg.
  expect(leanMassKg("female", 70, 1.75)).toBeCloseTo(45.2, 2);
  // James, woman: 74.9 − 148 · (70 / 175)² = 51.22 kg; man: 77 − 128 · 0.16 = 56.52 kg.
  expect(leanMassKg("female", 70, 1.75, "james")).toBeCloseTo(51.22, 6);
  expect(leanMassKg("male", 70, 1.75, "james")).toBeCloseTo(56.52, 6);
});

test("James falls again in obesity, Janmahasatian does not: the reason for the choice", () => {
  expect(leanMassKg("female", 160, 1.6, "james")).toBeLessThan(leanMassKg("female", 100, 1.6, "james"));
  expect(leanMassKg("female", 160, 1.6)).toBeGreaterThan(leanMassKg("female", 100, 1.6));
});
