import { describe, expect, test } from "vitest";

import { aimValue } from "./aim-values.ts";
import { limitTerm, type LimitAim } from "./limit-multipliers.ts";
import { meritOf } from "./merit.ts";
import { shareDose } from "./share-dose.ts";
import type { Aim, VoxelGroup } from "./terms.ts";

/** Eight voxels among twelve, of unlike shares. */
const places = Int32Array.of(0, 1, 3, 4, 6, 7, 9, 11);
const raw = [1, 2, 1, 0.5, 1, 1.5, 2, 1];
const shares = Float32Array.from(raw, (part) => part / 10);
const group: VoxelGroup = { name: "Organ", places, shares, volumeCc: 10 };
/** Gy; in the group 61.2, 12.5, 47.1, 33.3, 20.7, 55.9, 40.2, 28.8. */
const dose = Float32Array.of(61.2, 12.5, 99, 47.1, 33.3, 99, 20.7, 55.9, 99, 40.2, 99, 28.8);
const levels = Float32Array.of(60, 30, 20, 50, 10, 58, 40, 30);

type Traded = Exclude<Aim, LimitAim>;
const base = { group, priority: 1 } as const;
const traded: Readonly<Record<string, Traded>> = {
  overdose: { ...base, kind: "overdose", gy: 30 },
  "overdose, each voxel its level": { ...base, kind: "overdose", gy: levels, weight: 3 },
  underdose: { ...base, kind: "underdose", gy: 45, weight: 300 },
  "underdose, each voxel its level": { ...base, kind: "underdose", gy: levels },
  deviation: { ...base, kind: "deviation", gy: 40 },
  "deviation, each voxel its level": { ...base, kind: "deviation", gy: levels },
  mean: { ...base, kind: "mean", gy: 20 },
  "generalized mean of 1": { ...base, kind: "gEUD", gy: 20, a: 1, side: "above" },
  "generalized mean of 8": { ...base, kind: "gEUD", gy: 20, a: 8, side: "above" },
  "generalized mean of 200": { ...base, kind: "gEUD", gy: 20, a: 200, side: "above" },
  "generalized mean of −10": { ...base, kind: "gEUD", gy: 50, a: -10, side: "below", weight: 2 },
  "generalized mean of −300": { ...base, kind: "gEUD", gy: 50, a: -300, side: "below" },
  "DVH, at most": { ...base, kind: "DVH", gy: 30, share: 0.3, side: "above" },
  "DVH, at least": { ...base, kind: "DVH", gy: 45, share: 0.8, side: "below", weight: 5 },
};

/** Compares a gradient with central differences. */
function expectGradient(value: (doseGy: Float32Array, gradient: Float32Array) => number): void {
  const gradient = new Float32Array(dose.length);
  value(dose, gradient);
  const scale = Math.max(...gradient.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  dose.forEach((at, v) => {
    const step = 1 / 64;
    const moved = (by: number) => value(dose.map((gy, u) => (u === v ? at + by : gy)), new Float32Array(dose.length));
    // Doses are single numbers: a 64th is what they step by without rounding in the difference.
    const apart = Math.fround(at + step) - Math.fround(at - step);
    expect(Math.abs((moved(step) - moved(-step)) / apart - (gradient[v] as number)) / scale, `voxel ${v}`).toBeLessThan(2e-4);
  });
}

describe("aims", () => {
  test.each(Object.entries(traded))("%s has the gradient of its differences", (_, aim) => {
    const { value } = aimValue(aim);
    expectGradient((doseGy, gradient) => value(doseGy, 1, gradient));
  });

  test.each(Object.entries(traded))("%s passes its gradient on by the factor asked for and adds it to what is there", (_, aim) => {
    const { value } = aimValue(aim);
    const [once, more] = [new Float32Array(12), new Float32Array(12).fill(1)];
    expect(value(dose, 0.5, more)).toBe(value(dose, 1, once));
    more.forEach((slope, v) => expect(slope - 1).toBeCloseTo(0.5 * (once[v] as number), 3));
    expect(value(dose, 7)).toBe(value(dose, 1));
  });

  test("squares are summed by share of the volume", () => {
    // 0.1 (61.2 − 60)² + 0.1 (47.1 − 20)² + 0.1 (20.7 − 10)² + 0.2 (40.2 − 40)² + … by hand; 12.5, 28.8, 33.3 and 55.9 lie below theirs.
    expect(aimValue({ ...base, kind: "overdose", gy: levels }).value(dose, 1)).toBeCloseTo(0.1 * 1.2 ** 2 + 0.1 * 27.1 ** 2 + 0.1 * 10.7 ** 2 + 0.2 * 0.2 ** 2, 3);
    const whole = aimValue({ ...base, kind: "overdose", gy: 40 }).value(dose, 1) + aimValue({ ...base, kind: "underdose", gy: 40 }).value(dose, 1);
    expect(aimValue({ ...base, kind: "deviation", gy: 40 }).value(dose, 1)).toBeCloseTo(whole, 6);
  });

  test("the generalized mean lies between mean and extreme, and reaches them", () => {
    const mean = (a: number) => Math.sqrt(aimValue({ ...base, kind: "gEUD", gy: 0, a, side: "above" }).value(dose, 1));
    // 6.12 + 2.5 + 4.71 + 1.665 + 2.07 + 8.385 + 8.04 + 2.88
    expect(mean(1)).toBeCloseTo(36.37, 4);
    expect(mean(1000)).toBeCloseTo(61.2, 0);
    expect(mean(-1000)).toBeCloseTo(12.5, 0);
    for (const [less, more] of [[-50, -5], [-5, 1], [1, 5], [5, 50]] as const) expect(mean(less)).toBeLessThan(mean(more));
  });

  test("the mean of no dose at all is 0, and every voxel of a target is asked for alike", () => {
    const nothing = new Float32Array(12);
    for (const a of [-300, -10, 1, 8, 200]) {
      expect(aimValue({ ...base, kind: "gEUD", gy: 20, a, side: "above" }).value(nothing, 1, new Float32Array(12))).toBe(0);
      const gradient = new Float32Array(12);
      expect(aimValue({ ...base, kind: "gEUD", gy: 20, a, side: "below" }).value(nothing, 1, gradient)).toBeCloseTo(400, 2);
      places.forEach((place, i) => expect(gradient[place]).toBeCloseTo(-40 * (shares[i] as number), 3));
    }
  });

  test("a volume goal that is met is worth nothing; one that is not counts between the dose asked for and the dose at the share", () => {
    const at = (gy: number, share: number, side: "above" | "below") => aimValue({ ...base, kind: "DVH", gy, share, side }).value(dose, 1);
    // Above 45 Gy lie 61.2, 55.9, 47.1: 0.1 + 0.15 + 0.1.
    expect(at(45, 0.36, "above")).toBe(0);
    // One tenth may: 61.2 is exempt.
    expect(at(45, 0.1, "above")).toBeCloseTo(0.15 * 10.9 ** 2 + 0.1 * 2.1 ** 2, 3);
    // 12.5 has 0.2 of the volume and 20.7 a tenth: three tenths may lie below 25, or the coldest fifth, or less than that, which spares no voxel.
    expect(at(25, 0.7, "below")).toBe(0);
    expect(at(25, 0.75, "below")).toBeCloseTo(0.1 * 4.3 ** 2, 3);
    expect(at(25, 0.85, "below")).toBeCloseTo(0.1 * 4.3 ** 2 + 0.2 * 12.5 ** 2, 2);
  });

  test("the dose at a share is that of the voxel there", () => {
    expect(shareDose(dose, group, 1, 0.1)).toBeCloseTo(55.9, 4);
    expect(shareDose(dose, group, 1, 0.3)).toBeCloseTo(47.1, 4);
    expect(shareDose(dose, group, -1, 0.2)).toBeCloseTo(20.7, 4);
    expect(shareDose(dose, group, -1, 0.1)).toBeCloseTo(12.5, 4);
    expect(shareDose(new Float32Array(12).fill(3), group, 1, 0.5)).toBe(3);
  });

  test("an exponent of 0, a share beyond 1 and levels for other voxels are refused", () => {
    expect(() => aimValue({ ...base, kind: "gEUD", gy: 1, a: 0, side: "above" })).toThrow("exponent 0");
    expect(() => aimValue({ ...base, kind: "DVH", gy: 1, share: 30, side: "above" })).toThrow("A share of 30 of Organ");
    expect(() => aimValue({ ...base, kind: "overdose", gy: new Float32Array(3) })).toThrow("3 dose levels were given for the 8 voxels of Organ.");
  });
});

const limits: Readonly<Record<string, LimitAim>> = {
  "each voxel": { ...base, kind: "limit", of: "each voxel", gy: 45, side: "above" },
  "each voxel its own": { ...base, kind: "limit", of: "each voxel", gy: levels, side: "above" },
  "each voxel at least": { ...base, kind: "limit", of: "each voxel", gy: 30, side: "below" },
  mean: { ...base, kind: "limit", of: "mean", gy: 30 },
  share: { ...base, kind: "limit", of: "share", share: 0.25, gy: 35, side: "above" },
  "share at least": { ...base, kind: "limit", of: "share", share: 0.75, gy: 35, side: "below" },
};

describe("limits", () => {
  test.each(Object.entries(limits))("of %s have the gradient of their differences, before and after prices moved", (_, aim) => {
    const term = limitTerm(aim, 3);
    expectGradient((doseGy, gradient) => term.value(doseGy, gradient));
    term.update(dose);
    expect(term.multiplier()).toBeGreaterThan(0);
    expectGradient((doseGy, gradient) => term.value(doseGy, gradient));
  });

  test("their violation is that of the worst voxel that counts", () => {
    const violation = (aim: LimitAim) => limitTerm(aim, 1).violation(dose);
    expect(violation(limits["each voxel"] as LimitAim)).toBeCloseTo(16.2, 4);
    expect(violation(limits["each voxel at least"] as LimitAim)).toBeCloseTo(17.5, 4);
    expect(violation(limits["mean"] as LimitAim)).toBeCloseTo(6.37, 4);
    // The hottest quarter, 61.2 and 55.9, is exempt: 47.1 is the worst.
    expect(violation(limits["share"] as LimitAim)).toBeCloseTo(12.1, 4);
    expect(violation({ ...base, kind: "limit", of: "each voxel", gy: 70, side: "above" })).toBe(0);
  });

  test("a price rises by the penalty times what lies beyond, and falls to nothing within", () => {
    const term = limitTerm(limits["mean"] as LimitAim, 2);
    term.update(dose);
    expect(term.multiplier()).toBeCloseTo(2 * 6.37, 3);
    term.update(new Float32Array(12));
    expect(term.multiplier()).toBe(0);
    expect(term.unrest(new Float32Array(12))).toBe(0);
  });
});

describe("the merit of aims", () => {
  test("is their weighted sum", () => {
    const aims = Object.values(traded);
    expect(meritOf(aims).value(dose, new Float32Array(12))).toBeCloseTo(aims.reduce((sum, aim) => sum + aimValue(aim).value(dose, 1), 0), 6);
    expectGradient((doseGy, gradient) => meritOf([...aims, ...Object.values(limits)]).value(doseGy, gradient));
  });

  test("names the limits that hold, the dearest first", () => {
    const merit = meritOf([...Object.values(traded), ...Object.values(limits)]);
    expect(merit.holding()).toEqual([]);
    expect(merit.update(dose)).toBeCloseTo(27.1, 4);
    const multipliers = merit.holding().map(({ multiplier }) => multiplier);
    expect(multipliers).toHaveLength(6);
    expect(multipliers).toEqual(multipliers.toSorted((a, b) => b - a));
  });

  test("by priority counts the later little, and then holds what the first reached", () => {
    const first: Aim = { ...base, kind: "mean", gy: 30 };
    const later: Aim = { ...base, kind: "overdose", gy: 20, priority: 2 };
    const [own, others] = [first, later].map((aim) => aimValue(aim as Traded).value(dose, 1)) as [number, number];
    const merit = meritOf([later, first], { byPriority: true, waiting: 0.01, slack: { relative: 0.1, gy: 0 } });
    expect(merit.value(dose, new Float32Array(12))).toBeCloseTo(own + 0.01 * others, 4);
    expect([merit.priority, merit.objective]).toEqual([1, own]);
    expect(merit.next(dose)).toBe(true);
    expect(merit.priority).toBe(2);
    merit.update(dose.map((gy) => 1.2 * gy));
    expectGradient((doseGy, gradient) => merit.value(doseGy, gradient));
    expect(merit.next(dose)).toBe(false);
  });
});
