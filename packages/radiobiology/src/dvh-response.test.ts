import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { dvhResponse, responseAt, type DosesOfVolume } from "./dvh-response.ts";
import { responseSets, responseSetsOf, type ResponseSet } from "./response-sets.ts";

const steps: DosesOfVolume = { doseGy: [10, 20, 30, 40], volumes: [0.4, 0.3, 0.2, 0.1] };
const setOf = (key: string): ResponseSet => responseSets.find((set) => set.key === key) as ResponseSet;
const lung = setOf("seppenwoolde2003/Lungs");
const cord = setOf("burman1991/SpinalCord");
const asEqd2 = { from: "EQD2", alphaBeta: Gy(3) } as const;
const uniform = (gy: number): DosesOfVolume => ({ doseGy: [gy], volumes: [1] });

test("mean lung doses of 10 to 30 Gy have 3.4 to 47.2 % pneumonitis by Seppenwoolde", () => {
  const found = [10, 15, 20, 25, 30].map((gy) => dvhResponse(uniform(gy), lung, asEqd2).probability);
  for (const [i, p] of [0.034, 0.0828, 0.1716, 0.3054, 0.472].entries()) expect(found[i]).toBeCloseTo(p, 4);
});

test("the esophagus of a DVH is judged at the gEUD of a = 1/n", () => {
  const found = dvhResponse(steps, setOf("burman1991/Esophagus"), asEqd2);
  expect(found.geud).toBeCloseTo(34.8729, 4);
  // (34.8729 − 68) / (0.11 × 68) = −4.43; Φ = 4.7e-6
  expect(found.probability).toBeLessThan(1e-5);
});

test("a logistic set goes by D50 and γ50: half at D50", () => {
  const heart = setOf("emami1991/Heart");
  expect(dvhResponse(uniform(50), heart, asEqd2).probability).toBeCloseTo(0.5, 9);
  // 1 / (1 + (50/40)¹²) = 0.0643
  expect(dvhResponse(uniform(40), heart, asEqd2).probability).toBeCloseTo(0.0643, 4);
});

test("the same DVH in 5 fractions and in 30 has another probability, and the conversion is told", () => {
  const dvh = uniform(20);
  const few = dvhResponse(dvh, lung, { from: "physical dose", fractions: 5, alphaBeta: Gy(3) });
  const many = dvhResponse(dvh, lung, { from: "physical dose", fractions: 30, alphaBeta: Gy(3) });
  // 20 (4 + 3) / 5 = 28 and 20 (0.667 + 3) / 5 = 14.667
  expect(few.mean.eqd2).toBeCloseTo(28, 9);
  expect(many.mean.eqd2).toBeCloseTo(14.6667, 4);
  expect(few.probability).toBeGreaterThan(4 * many.probability);
  expect(few.method[0]).toBe("Doses of 5 fractions are converted to EQD2 part by part at α/β 3 Gy: the mean goes from 20.00 to 28.00 Gy.");
});

test("the cord by Lyman contradicts QUANTEC, and says so", () => {
  expect(responseAt(cord, Gy(50))).toBeCloseTo(0.0781, 4);
  expect(responseAt(cord, Gy(54))).toBeCloseTo(0.1414, 4);
  expect(dvhResponse(uniform(45), cord, asEqd2).conflicts).toEqual([
    "QUANTEC (Kirkpatrick 2010): below 1 % at a maximum of 54 Gy; Burman 1991, spinal cord gives 14.1 % for the whole cord at that dose. Not for the maximum of a small volume.",
  ]);
  expect(dvhResponse(uniform(20), lung, asEqd2).conflicts).toEqual([]);
});

test("what was not read, and an α/β that is not the set's, is marked", () => {
  expect(dvhResponse(uniform(45), cord, asEqd2).unverified).toEqual([
    "the parameters of Burman 1991, spinal cord are recalled, not read",
    "Burman 1991, spinal cord states no α/β; 3 Gy is the reader's",
  ]);
  expect(dvhResponse(uniform(45), setOf("aviPlanner2022/Heart"), asEqd2).unverified).toEqual(["University of Michigan 2022, heart is made for α/β 2.5 Gy; doses are at 3 Gy"]);
  expect(dvhResponse(uniform(45), setOf("aviPlanner2022/Heart"), { from: "EQD2", alphaBeta: Gy(2.5) }).unverified).toEqual([]);
});

test("control of a tumor by Poisson, with the reader's own set", () => {
  const tumor: ResponseSet = { key: "own", name: "made up", organ: "GTV", model: { kind: "Poisson", d50: 60, gamma50: 2, a: -10 }, source: "kallman1992", verified: "recalled" };
  expect([50, 60, 70].map((gy) => Number(dvhResponse(uniform(gy), tumor, asEqd2).probability.toFixed(4)))).toEqual([0.1631, 0.5, 0.7673]);
  // a cold tenth spoils it
  expect(dvhResponse({ doseGy: [70, 50], volumes: [0.9, 0.1] }, tumor, asEqd2).probability).toBeLessThan(0.7);
});

test("a set without slope is refused", () => {
  const flat: ResponseSet = { ...lung, model: { kind: "Lyman", td50: 30.8, m: 0, n: 1 } };
  expect(() => dvhResponse(uniform(20), flat, asEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/response-set" }));
  expect(() => dvhResponse(uniform(20), lung, { from: "physical dose", fractions: 2.5, alphaBeta: Gy(3) })).toThrow(expect.objectContaining({ code: "radiobiology/fractions" }));
});

test("a part whose dose is not known is refused, not left out", () => {
  expect(() => dvhResponse({ doseGy: [20, NaN], volumes: [1, 1] }, lung, asEqd2)).toThrow(expect.objectContaining({ code: "radiobiology/dose-unknown" }));
});

test("the two TD50 of the heart stay in their own sets, and every set has a key of its own", () => {
  expect(responseSetsOf("Heart").map(({ key, model }) => [key, model.kind === "Lyman" ? model.td50 : model.d50])).toEqual([
    ["burman1991/Heart", 48], ["aviPlanner2022/Heart", 48], ["emami1991/Heart", 50],
  ]);
  expect(responseSetsOf("Kidney_L")).toHaveLength(2);
  expect(new Set(responseSets.map((set) => set.key)).size).toBe(responseSets.length);
});

const parts = fc.array(fc.tuple(fc.double({ min: 0, max: 80, noNaN: true }), fc.double({ min: 0.01, max: 10, noNaN: true })), { minLength: 1, maxLength: 20 });

test.prop([parts, fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom(...responseSets)])("more dose everywhere is never less probable", (given, more, set) => {
  const volumes = given.map(([, volume]) => volume);
  const at = (extra: number) => dvhResponse({ doseGy: given.map(([dose]) => dose + extra), volumes }, set, { from: "physical dose", fractions: 30, alphaBeta: Gy(3) }).probability;
  // 1e-7 is the error of the approximation of Φ
  expect(at(more)).toBeGreaterThanOrEqual(at(0) - 2e-7);
});

test.prop([parts, fc.constantFrom(...responseSets)])("a DVH in other units of volume, or in another order, has the same probability", (given, set) => {
  const of = (list: typeof given, unit: number) => dvhResponse({ doseGy: list.map(([dose]) => dose), volumes: list.map(([, volume]) => volume * unit) }, set, asEqd2).probability;
  expect(of([...given].reverse(), 1000)).toBeCloseTo(of(given, 1), 6);
});
