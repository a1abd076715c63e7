import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { HapaxError } from "@hapax/base";
import { viewOf } from "@hapax/case";
import { twoMasses } from "./two-masses.fixture.ts";
import { ellipsoidMl, volume, volumeText } from "./volume.ts";

test("a sphere of 2 cm holds 4π/3 mL, whether from one, two or three diameters", () => {
  for (const d of [[2], [2, 2], [2, 2, 2]]) expect(ellipsoidMl(d)).toBeCloseTo((4 / 3) * Math.PI, 12);
});

test("the mediastinal mass of Leach 2025 by both models, mL", () => {
  // π/6 (6.2 · 5.5)^1.5 = 104; π/6 · 6.2 · 5.5² = 98; and so on
  const sizes = [[6.2, 5.5], [8.4, 6.7], [12.6, 9.1], [16, 15]];
  expect(sizes.map((d) => Math.round(ellipsoidMl(d, "geo")))).toEqual([104, 221, 643, 1947]);
  expect(sizes.map((d) => Math.round(ellipsoidMl(d, "LWW")))).toEqual([98, 197, 546, 1885]);
});

test("its neck mass, mL", () => {
  const sizes = [[14.3, 13.3], [13.2, 7], [17.1, 16.4], [14, 13]];
  expect(sizes.map((d) => Math.round(ellipsoidMl(d, "geo")))).toEqual([1373, 465, 2459, 1286]);
  expect(sizes.map((d) => Math.round(ellipsoidMl(d, "LWW")))).toEqual([1324, 339, 2408, 1239]);
});

const cm = fc.double({ min: 0.1, max: 40, noNaN: true });
test.prop([cm, cm])("the geometric model lies between the shorter and the longer third axis", (a, b) => {
  const d = [Math.max(a, b), Math.min(a, b)];
  expect(ellipsoidMl(d, "LWW")).toBeLessThanOrEqual(ellipsoidMl(d, "geo") * (1 + 1e-12));
  expect(ellipsoidMl(d, "geo")).toBeLessThanOrEqual(ellipsoidMl(d, "LLW") * (1 + 1e-12));
});

test.prop([cm, cm, fc.double({ min: 0.1, max: 5, noNaN: true })])("magnified k times, a volume grows k³ times", (a, b, k) => {
  for (const model of ["geo", "LWW", "LLW"] as const) expect(ellipsoidMl([a * k, b * k], model) / ellipsoidMl([a, b], model)).toBeCloseTo(k ** 3, 6);
});

test("no diameter, or one that is no length, is refused", () => {
  for (const d of [[], [-1], [Number.NaN, 2]]) expect(() => ellipsoidMl(d)).toThrow(HapaxError);
});

test("the reader's choice of the third axis changes the value and is shown", () => {
  const find = (assume?: Record<string, string>) => volume(viewOf(twoMasses(), { assume })).find((f) => f.subject === "mediastinum");
  expect(Math.round(find()?.value ?? 0)).toBe(1947);
  const changed = find({ "imaging/volume/model": "LWW" });
  expect(Math.round(changed?.value ?? 0)).toBe(1885);
  expect(changed?.assumptions[0]?.value).toBe("LWW");
});

test("palpation gives no volume, one diameter a sphere", () => {
  const rows = volume(viewOf(twoMasses())).find((f) => f.subject === "neck")?.table?.rows;
  expect(rows?.map((r) => r[1])).not.toContain("palpation");
  // π/6 · 12.8³ = 1098
  expect(rows?.find((r) => r[1] === "PET/CT")?.slice(3)).toEqual(["one diameter", "one diameter", "1098 mL"]);
});

test("small volumes keep a tenth: 0.6 and 0.8 mL are not both 1", () => {
  expect([0.55, 0.84, 9.94, 9.96, 1947.2].map(volumeText)).toEqual(["0.6", "0.8", "9.9", "10", "1947"]);
});
