import { describe, expect, test } from "vitest";
import type { PlanRequest } from "../request.ts";
import { ball, doseBy, settingWith } from "../setup/setting.fixture.ts";
import { highestBeyond, planIndices } from "./indices.ts";
import { normalizedFactor } from "./normalize.ts";

// 60 Gy at the center of the target, 2 % less with each millimeter: 60 (1 − r / 50).
const radial = doseBy((x, y, z) => 60 * Math.max(0, 1 - Math.hypot(x, y, z) / 50));
const setting = settingWith([ball("PTV", 12, [0, 0, 0], "PTV")]);
const factor = (normalization: PlanRequest["normalization"], dose = radial) => normalizedFactor(settingWith([ball("PTV", 12, [0, 0, 0], "PTV")], { normalization }), dose);

describe("indices of a plan", () => {
  const found = planIndices(setting, radial);
  const value = (name: string) => found.find((index) => index.name === name)?.value.low as number;

  test("D2cm is the dose 20 mm from the surface of the target, to a voxel", () => {
    // r = 12 + 20 mm: 1 − 32 / 50 = 36 %; a voxel of 3 mm is 6 %.
    expect(value("D2cm")).toBeGreaterThan(36 - 6);
    expect(value("D2cm")).toBeLessThan(36 + 1);
  });

  test("nothing of the body beyond has no highest dose", () => {
    expect(highestBeyond(setting.targets[0] as (typeof setting.targets)[number], setting.bodyVoxels, radial, 200)).toBeUndefined();
  });

  test("ICRU 83 doses are those of a sphere in a radial dose", () => {
    // V(r) = (r / R)³: D50% at r = R / 2^(1/3) = 9.5244 mm, 48.57 Gy; D98% at R · 0.98^(1/3) = 11.9194 mm, 45.70 Gy; mean at 3 R / 4 = 9 mm, 49.2 Gy.
    expect(value("D50%")).toBeCloseTo(48.57, 0);
    expect(value("D98%")).toBeCloseTo(45.7, 0);
    expect(value("Mean")).toBeCloseTo(49.2, 0);
    expect(value("homogeneity, ICRU 83")).toBeCloseTo((value("D2%") - value("D98%")) / value("D50%"), 9);
  });

  test("every index names its target and its source, and none is not a number", () => {
    // 80 Gy at the center: the target lies within 60 Gy.
    const hotter = planIndices(setting, doseBy((x, y, z) => 80 * Math.max(0, 1 - Math.hypot(x, y, z) / 50)));
    expect(hotter.map(({ name }) => name)).toEqual(expect.arrayContaining(["V95%", "conformity, RTOG", "conformity, Paddick", "gradient index", "R50%", "D2cm"]));
    for (const { structure, value: { low, high } } of [...found, ...hotter]) {
      expect(structure).toBe("PTV");
      expect(Number.isNaN(low) || Number.isNaN(high)).toBe(false);
    }
  });
});

describe("normalization", () => {
  test("a dose times its factor has what was asked for, whichever metric", () => {
    for (const metric of ["D95%[Gy]", "D50%[Gy]", "Mean[Gy]", "Max[Gy]"]) {
      const normalization = { kind: "metric" as const, structure: "PTV", metric, gy: 60 };
      const scale = factor(normalization);
      const scaled = { ...radial, values: radial.values.map((gy) => gy * scale) };
      expect(factor(normalization, scaled)).toBeCloseTo(1, 5);
    }
  });

  test("the isocenter of a dose of 60 Gy there is brought to 66 by 1.1", () => expect(factor({ kind: "isocenter", gy: 66 })).toBeCloseTo(1.1, 6));
  test("none is 1", () => expect(factor({ kind: "none" })).toBe(1));

  test("what is no dose, not drawn, or without dose is refused", () => {
    const asked = (metric: string, structure = "PTV") => ({ kind: "metric" as const, structure, metric, gy: 60 });
    for (const refused of [() => factor(asked("V20Gy[%]")), () => factor(asked("D95%[Gy]", "CTV")), () => factor(asked("D95%[Gy]"), doseBy(() => 0))]) {
      expect(refused).toThrow(expect.objectContaining({ code: "planning/normalization" }));
    }
  });
});
