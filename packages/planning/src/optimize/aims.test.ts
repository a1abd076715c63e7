import { describe, expect, test } from "vitest";

import type { Goal } from "../request.ts";
import type { Setting } from "../setting.ts";
import { ball, goal, rod, settingWith } from "../setup/setting.fixture.ts";
import { aimsOf } from "./aims.ts";
import { fallingDose } from "./falling-dose.ts";
import { sampled, type Sampling } from "./sampling.ts";
import type { Aim, VoxelGroup } from "./terms.ts";

const high = ball("PTV_High", 9, [0, 0, 0], "PTV");
const low = ball("PTV_Low", 18, [0, 0, 0], "PTV");
const cord = rod("SpinalCord", 6, [0, 27], "ORGAN");
/** A ball that half of the targets lie in. */
const lungs = ball("Lungs", 18, [15, 0, 0]);
const body = { ...rod("BODY", 36, [0, 0]), type: "EXTERNAL" };
const prescriptions = [{ structure: "PTV_High", doseGy: 66 }, { structure: "PTV_Low", doseGy: 54 }];

function planned(goals: readonly Goal[], technique: "IMRT" | "SBRT" = "IMRT"): { readonly setting: Setting; readonly sampling: Sampling } {
  const made = settingWith([high, low, cord, lungs, body], { prescriptions, goals, technique });
  const outline = made.regions.get("BODY");
  const setting = outline === undefined ? made : { ...made, body: outline };
  return { setting, sampling: sampled(setting, new Set(["SpinalCord", "Lungs"])) };
}

function asked(goals: readonly Goal[], limitGy: Parameters<typeof aimsOf>[2] = () => undefined, technique: "IMRT" | "SBRT" = "IMRT"): Aim[] {
  const { setting, sampling } = planned(goals, technique);
  return aimsOf(setting, sampling.groups, limitGy, { voxels: sampling.voxels });
}

/** Of one structure. */
const of = (aims: readonly Aim[], name: string) => aims.filter(({ group }) => group.name === name);
const { sampling: { groups } } = planned([]);
const groupOf = (name: string) => groups.get(name) as VoxelGroup;

describe("targets", () => {
  const aims = asked([goal("PTV_High", "D95%[Gy]", { atLeast: 62.7, priority: 2 }), goal("PTV_Low", "D95%[Gy]", { atLeast: 51.3, priority: 2 })]);

  test("have their prescription from below and little more from above, and their goals with a reserve", () => {
    expect(of(aims, "PTV_High")).toMatchObject([
      { kind: "underdose", gy: 66, priority: 2 },
      { kind: "overdose", gy: 1.02 * 66, priority: 2 },
      // 62.7 + 1.5 %
      { kind: "DVH", side: "below", share: 0.95, gy: expect.closeTo(62.7 * 1.015, 6) as number, priority: 2, weight: 3 },
    ]);
  });

  test("of a lower dose are asked for in what is not of a higher one", () => {
    const [under, over, coverage] = of(aims, "PTV_Low") as [Aim, Aim, Aim];
    const middle = groupOf("PTV_High").places[Math.floor(groupOf("PTV_High").places.length / 2)] as number;
    expect(groupOf("PTV_Low").places).toContain(middle);
    expect(under.group.places).not.toContain(middle);
    expect(under.group.places.length).toBeLessThan(groupOf("PTV_Low").places.length);
    expect(over.group.places).toEqual(under.group.places);
    expect(under.group.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    // 9 mm in 18 mm is an eighth; voxels at the surface are of the one that has half of them.
    expect(under.group.volumeCc / groupOf("PTV_Low").volumeCc).toBeGreaterThan(0.84);
    expect(under.group.volumeCc / groupOf("PTV_Low").volumeCc).toBeLessThan(0.91);
    expect(coverage.group.places.length).toBe(groupOf("PTV_Low").places.length);
  });

  const overdoses = (all: readonly Aim[], name: string) => of(all, name).filter((aim) => aim.kind === "overdose");

  test("overdose of a lower one gives way around the higher one", () => {
    const levels = overdoses(aims, "PTV_Low")[0]?.gy as Float32Array;
    expect(Math.max(...levels)).toBeGreaterThan(60);
    expect(Math.max(...levels)).toBeLessThanOrEqual(66);
    expect(Math.min(...levels)).toBeCloseTo(1.02 * 54, 3);
  });

  test("may be hot in a stereotactic plan, as their goals allow", () => {
    const hot = (goals: readonly Goal[]) => overdoses(asked(goals, undefined, "SBRT"), "PTV_High")[0]?.gy;
    expect(hot([])).toBeCloseTo(1.4 * 66, 4);
    // 80 less 1.5 %
    expect(hot([goal("PTV_High", "Max[Gy]", { atMost: 80, priority: 2 })])).toBeCloseTo(78.8, 4);
  });
});

describe("goals of organs", () => {
  test("of priority 1 are limits, less a reserve: small volumes hold in each voxel", () => {
    expect(of(asked([goal("SpinalCord", "D0.03cc[Gy]", { atMost: 39 })]), "SpinalCord")).toMatchObject([{ kind: "limit", of: "each voxel", side: "above", gy: 39 * 0.985 }]);
    expect(of(asked([goal("SpinalCord", "Max[Gy]", { atMost: 10 })]), "SpinalCord")).toMatchObject([{ kind: "limit", of: "each voxel", gy: 9.7 }]);
    const [small] = of(asked([goal("SpinalCord", "D1cc[Gy]", { atMost: 30 })]), "SpinalCord") as [Extract<Aim, { readonly share: number }>];
    // A rod of 6 mm over 60 mm is 6.8 cc.
    expect(small).toMatchObject({ kind: "limit", of: "share", side: "above" });
    expect(small.share).toBeCloseTo(1 / 6.8, 2);
    expect(of(asked([goal("SpinalCord", "Mean[Gy]", { atMost: 20 })]), "SpinalCord")).toMatchObject([{ kind: "limit", of: "mean", gy: 19.7 }]);
  });

  test("of priority 1 hold also where a target lies in the organ", () => {
    expect(of(asked([goal("Lungs", "V20Gy[%]", { atMost: 30 })]), "Lungs")).toMatchObject([{ kind: "limit", of: "share", share: 0.3, group: { places: groupOf("Lungs").places } }]);
  });

  test("of a lesser priority are aims for what is not target, less what the target takes", () => {
    const taken = new Set([...groupOf("PTV_High").places, ...groupOf("PTV_Low").places]);
    const [mean] = of(asked([goal("Lungs", "Mean[Gy]", { atMost: 40, priority: 3 })]), "Lungs") as [Extract<Aim, { readonly kind: "mean" }>];
    expect(mean).toMatchObject({ kind: "mean", priority: 3 });
    // The mean of the whole is at the goal when the targets have their prescription and the rest has this.
    const outside = mean.group.volumeCc / groupOf("Lungs").volumeCc;
    expect(outside).toBeGreaterThan(0.4);
    expect(outside).toBeLessThan(0.9);
    const whole = outside * mean.gy + (1 - outside) * 54;
    expect(whole).toBeLessThanOrEqual(39.4 + 1e-3);
    expect(whole).toBeGreaterThan(39.4 - 12 * (1 - outside));
    const [volume] = of(asked([goal("Lungs", "V20Gy[%]", { atMost: 60, priority: 3 })]), "Lungs") as [Extract<Aim, { readonly kind: "DVH" }>];
    expect(volume.share).toBeCloseTo((0.6 - (1 - outside)) / outside, 3);
    expect(volume.group.places.filter((place) => taken.has(place)).length).toBeLessThan(taken.size / 4);
    // Where the target alone takes more than the goal allows, nothing else may have it.
    expect(of(asked([goal("Lungs", "V20Gy[%]", { atMost: 5, priority: 3 })]), "Lungs")).toMatchObject([{ kind: "overdose", gy: 19.7 }]);
  });

  test("a volume to be spared is one that may have no more", () => {
    // Of 6.8 cc, 5 are to have less than 20 Gy: 1.8 may have more.
    const [spared] = of(asked([goal("SpinalCord", "CV20Gy[cc]", { atLeast: 5 })]), "SpinalCord") as [Extract<Aim, { readonly share: number }>];
    expect(spared).toMatchObject({ kind: "limit", of: "share", gy: 19.7 });
    expect(spared.share).toBeCloseTo(1.8 / 6.8, 2);
  });

  test("that are cumulative hold what is left of them in each voxel, or are left out where that is not known", () => {
    const cumulative = goal("SpinalCord", "Max[Gy]", { atMost: 54, cumulative: { alphaBeta: 2 } });
    const left = groupOf("SpinalCord").places.map((_, i) => 20 + i);
    const [limit] = of(asked([cumulative], () => Float32Array.from(left)), "SpinalCord") as [Extract<Aim, { readonly kind: "limit" }>];
    expect((limit.gy as Float32Array)[0]).toBeCloseTo(19.7, 4);
    expect((limit.gy as Float32Array)[30]).toBeCloseTo(50 * 0.985, 4);
    expect(of(asked([cumulative]), "SpinalCord")).toEqual([]);
    expect(() => asked([cumulative], () => new Float32Array(3))).toThrow("given for 3 voxels");
  });

  test("of structures that are not there are left out", () => {
    expect(asked([goal("Heart", "Mean[Gy]", { atMost: 20, priority: 2 })])).toHaveLength(asked([]).length);
  });
});

describe("tissue around targets", () => {
  test("is not to be hotter than they, and last of all is to have what falls with the distance", () => {
    const { setting } = planned([]);
    expect(setting.body?.name).toBe("BODY");
    const [hot, fall] = of(asked([goal("PTV_High", "D95%[Gy]", { atLeast: 60, priority: 2 }), goal("Lungs", "Mean[Gy]", { atMost: 20, priority: 4 })]), "BODY") as (Aim & { readonly gy: number | Float32Array })[];
    expect(hot).toMatchObject({ kind: "overdose", gy: 1.02 * 66, priority: 2 });
    expect(fall).toMatchObject({ kind: "overdose", priority: 5 });
    expect(Math.max(...(fall?.gy as Float32Array))).toBeLessThanOrEqual(66);
  });

  test("the dose falls from the nearest target, by a closed form", () => {
    const { setting } = planned([]);
    const grid = setting.medium.grid;
    const middle = 16 + 33 * (16 + 33 * 16);
    const falling = fallingDose(grid, [{ voxels: [middle], doseGy: 60 }, { voxels: [middle + 6], doseGy: 30 }], [middle, middle + 1, middle - 8, middle + 9], { far: 0.5, perMm: 0.1, fromMm: 3 });
    // 60; 3 mm beside still all of it; 24 mm beside 0.5 + 0.5 e^−2.1; 9 mm beyond the second 0.5 + 0.5 e^−0.6 of 30.
    expect([...falling]).toEqual([60, 60, 60 * (0.5 + 0.5 * Math.exp(-2.1)), 30 * (0.5 + 0.5 * Math.exp(-0.6))].map((gy) => expect.closeTo(gy, 3) as number));
  });
});
