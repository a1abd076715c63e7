import { gridOf, HapaxError } from "@hapax/base";
import { test as prop, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";

import type { FluenceMap } from "./fluence.ts";
import { diskDose, mapDose, nyholmDose, nyholmKernel, nyholmPdd, nyholmSp, nyholmTpr, polygonDose, rectangleDose, waterDepthOf } from "./nyholm.ts";

const square = (cm: number) => [cm * 10, cm * 10] as const;

test("the coefficients give the parameters of a beam of TPR20,10 0.67", () => {
  // a2 4.888617 and a1 per cm, at the surface: 0.4888617 per mm.
  expect(nyholmKernel(0.67, 0).nearRate).toBeCloseTo(0.4888617, 6);
  // A1 0.004416 (1 − exp(−2.659765 · 10)) exp(−0.05435 · 10 + 1.195e-4 · 100).
  expect(nyholmKernel(0.67, 100).near / (0.004416 * Math.exp(-0.5435 + 0.01195))).toBeCloseTo(1, 3);
});

test("the kernel gives back the TPR20,10 that it was asked for, with its known bias at low energies", () => {
  const back = { 0.63: 0.6109, 0.66: 0.6479, 0.67: 0.6606, 0.68: 0.6732, 0.7: 0.6972, 0.73: 0.7283 };
  for (const [asked, given] of Object.entries(back)) expect(nyholmTpr(Number(asked), square(10), 200)).toBeCloseTo(given, 3);
});

test.each([
  [5, [1.5902, 1.5704, 1.491, 1.3316, 1.1226, 0.7449, 0.5537, 0.4126, 0.3093]],
  [10, [1.4969, 1.4834, 1.4196, 1.2882, 1.1092, 0.7636, 0.5785, 0.4378, 0.3324]],
  [40, [1.3749, 1.3704, 1.3268, 1.2288, 1.0883, 0.8009, 0.6346, 0.5, 0.3931]],
])("depth doses of %i cm squares at 100 cm to the surface, relative to 10 cm", (side, expected) => {
  const depthsCm = [1.5, 2, 3, 5, 8, 15, 20, 25, 30];
  depthsCm.forEach((cm, i) => expect(nyholmPdd({ tpr2010: 0.68, sidesMm: square(side), ssdMm: 1000 }, cm * 10)).toBeCloseTo(expected[i] as number, 3));
});

test("a 10 cm square at 100 cm falls as measured, within 1.5 % of the dose at its depth maximum", () => {
  const measured = { 15: 1.4896, 20: 1.4701, 30: 1.409, 50: 1.2851, 80: 1.109, 150: 0.7672, 200: 0.5836, 250: 0.4463, 300: 0.3403 };
  for (const [mm, ratio] of Object.entries(measured)) {
    expect(Math.abs(nyholmPdd({ tpr2010: 0.68, sidesMm: square(10), ssdMm: 1000 }, Number(mm)) - ratio) / 1.49).toBeLessThan(0.015);
  }
});

test("phantom scatter of squares at 10 cm depth", () => {
  const expected = { 3: 0.896, 4: 0.915, 5: 0.932, 6: 0.947, 8: 0.976, 10: 1, 12: 1.021, 15: 1.048, 20: 1.081, 30: 1.12, 40: 1.139 };
  for (const [cm, sp] of Object.entries(expected)) expect(Math.abs(nyholmSp(0.68, square(Number(cm))) - sp)).toBeLessThan(0.0011);
  const softer = { 4: 0.911, 5: 0.929, 20: 1.084, 40: 1.145 };
  for (const [cm, sp] of Object.entries(softer)) expect(Math.abs(nyholmSp(0.67, square(Number(cm))) - sp)).toBeLessThan(0.0011);
});

test("a beam quality outside the fit is refused", () => {
  expect(() => nyholmKernel(0.58, 100)).toThrow(HapaxError);
});

const kernel = nyholmKernel(0.68, 100);

prop.prop([fc.double({ min: 5, max: 200, noNaN: true })])("a polygon of many corners is a disk", (radius) => {
  const corners = Array.from({ length: 720 }, (_, i) => [radius * Math.cos((i * Math.PI) / 360), radius * Math.sin((i * Math.PI) / 360)] as const);
  expect(polygonDose(kernel, corners) / diskDose(kernel, radius)).toBeCloseTo(1, 4);
});

prop.prop([fc.double({ min: -80, max: 80, noNaN: true }), fc.double({ min: -49.5, max: 49.5, noNaN: true })])("two halves of a field add up to it wherever the point lies", (x, split) => {
  const box = (left: number, right: number) => polygonDose(kernel, [[left - x, -40], [right - x, -40], [right - x, 60], [left - x, 60]]);
  expect(box(-50, split) + box(split, 50)).toBeCloseTo(box(-50, 50), 9);
});

test("the order of the corners does not matter, and an edge of a wide field has half its dose", () => {
  const field = [[0, -500], [1000, -500], [1000, 500], [0, 500]] as const;
  expect(polygonDose(kernel, [...field].reverse())).toBeCloseTo(polygonDose(kernel, field), 12);
  expect(polygonDose(kernel, field) / diskDose(kernel, Infinity)).toBeCloseTo(0.5, 3);
});

/** Even fluence in a square, in pixels of 1 mm whose edges lie on its edges. */
function openMap(sideMm: number, value = 1): FluenceMap {
  const n = sideMm + 8;
  const values = new Float32Array(n * n);
  const first = -(n - 1) / 2;
  for (let j = 4; j < n - 4; j++) values.fill(value, j * n + 4, j * n + n - 4);
  return { size: [n, n], spacingMm: 1, originMm: [first, first], values };
}

test("a map of an open field gives the dose of its rectangle, in the middle, off axis and outside", () => {
  for (const [x, y] of [[0, 0], [20, 10], [70, 0]] as const) {
    const magnified = 1.1;
    const exact = polygonDose(kernel, [[-50 - x, -50 - y], [50 - x, -50 - y], [50 - x, 50 - y], [-50 - x, 50 - y]].map(([a = 0, b = 0]) => [a * magnified, b * magnified] as const));
    expect(Math.abs(mapDose(kernel, openMap(100), [x, y], magnified) - exact) / rectangleDose(kernel, [110, 110])).toBeLessThan(0.002);
  }
});

const calibration = { gyPerMu: 0.01, fieldMm: 100, ssdMm: 900, depthMm: 100, engineGy: 1, origin: { kind: "assumed", statement: "1 cGy per MU", sources: [] } } as const;
const machine = { sadMm: 1000, calibration };
const openHead = { primary: openMap(100), extraFocal: openMap(100, 0.08) };

test("at the conditions of the calibration 100 MU are 1 Gy", () => {
  const gy = nyholmDose({ machine, tpr2010: 0.68, head: openHead, calibrationHead: openHead, pointMm: [0, 0, 0], waterDepthMm: 100, mu: 100 });
  expect(gy).toBeCloseTo(1, 9);
});

test("behind air the dose follows the inverse square, the wider field and nothing else", () => {
  const gy = nyholmDose({ machine, tpr2010: 0.68, head: openHead, calibrationHead: openHead, pointMm: [0, 0, -250], waterDepthMm: 100, mu: 100 });
  // 250 mm farther the field is 125 mm wide: Sp(125 mm) / 1.25².
  expect(gy / (nyholmSp(0.68, [125, 125]) / 1.5625)).toBeCloseTo(1, 3);
});

test("the water-equivalent depth is the way through the voxels times their density", () => {
  const grid = gridOf({ size: [10, 8, 6], origin: [-9, -7, -5], spacing: [2, 2, 2], frameOfReference: "1" });
  const density = new Float32Array(480).fill(0.25);
  for (let k = 0; k < 6; k++) for (let j = 0; j < 8; j++) density.fill(1, (k * 8 + j) * 10 + 5, (k * 8 + j) * 10 + 10);
  const medium = { grid, density, curve: "water", notes: [] };
  // Along x: 10 mm of density 0.25 and 3 mm of 1.
  expect(waterDepthOf(medium, [-1000, 0.1, 0.1], [3, 0.1, 0.1])).toBeCloseTo(5.5, 3);
  // At 45 degrees to x the way is √2 longer: 4 mm in x through each half.
  expect(waterDepthOf(medium, [-4, -4, 0.1], [4, 4, 0.1])).toBeCloseTo(Math.SQRT2 * (4 * 0.25 + 4), 6);
});
