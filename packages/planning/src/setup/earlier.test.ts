import { describe, expect, test } from "vitest";
import type { EarlierAsked } from "../request.ts";
import { cumulativeEqd2, dosesLeft, earlierEqd2 } from "./earlier.ts";
import { ball, doseBy, goal, rod, settingWith } from "./setting.fixture.ts";

const first: EarlierAsked = { label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" };
const cord = rod("SpinalCord", 4, [0, 20]);
const structures = [ball("PTV", 10), cord];
const settingAfter = (gy: (x: number, y: number, z: number) => number, changes: Partial<EarlierAsked> = {}, fractions = 20) =>
  settingWith(structures, { fractions, earlier: [{ ...first, ...changes }] }, [{ label: "IMRT", dose: doseBy(gy) }]);
const limit = (atMost: number, alphaBeta = 2) => goal("SpinalCord", "Max[Gy]", { atMost, cumulative: { alphaBeta } });
const leftIn = (setting: ReturnType<typeof settingAfter>, atMost: number, alphaBeta = 2) => dosesLeft(setting, limit(atMost, alphaBeta), setting.regions.get("SpinalCord")!)![0];

describe("what is left of the cord after 39 Gy in 30", () => {
  const cases = [
    // Cumulative limit of EQD2 (α/β 2), recovery, Gy in 20, Gy in 5.
    [50, 0, 22.7317, 14.532], [50, 0.25, 29.6941, 18.2889], [54, 0, 26.3249, 16.4826], [60, 0, 31.2445, 19.1143],
    [60, 0.25, 37.1795, 22.2466], [70, 0, 38.532, 22.9553], [70, 0.5, 48.6513, 28.2152],
  ] as const;
  test.each(cases)("under %d Gy with recovery %d it is %d Gy in 20 and %d Gy in 5", (atMost, recovery, inTwenty, inFive) => {
    expect(leftIn(settingAfter(() => 39, { recovery }), atMost)).toBeCloseTo(inTwenty, 4);
    expect(leftIn(settingAfter(() => 39, { recovery }, 5), atMost)).toBeCloseTo(inFive, 4);
  });

  test("at the α/β of QUANTEC's fit, 0.87, 60 Gy leave 34.0445 Gy in 20 and 18.8626 Gy in 5", () => {
    expect(leftIn(settingAfter(() => 39), 60, 0.87)).toBeCloseTo(34.0445, 4);
    expect(leftIn(settingAfter(() => 39, {}, 5), 60, 0.87)).toBeCloseTo(18.8626, 4);
  });

  test("what is given in full is given: nothing is left under 30 Gy of EQD2", () => {
    expect(leftIn(settingAfter(() => 39), 30)).toBe(0);
  });

  test("a dose left, given, reaches the limit and no more", () => {
    const setting = settingAfter((_x, _y, z) => 30 + z / 5);
    const region = setting.regions.get("SpinalCord")!;
    const left = dosesLeft(setting, limit(54), region)!;
    const values = new Float32Array(33 ** 3);
    region.voxels.forEach((voxel, n) => (values[voxel] = left[n] as number));
    const { sum } = cumulativeEqd2(setting, { ...doseBy(() => 0), values }, 2, region);
    for (const voxel of region.voxels) expect(sum.values[voxel]).toBeCloseTo(54, 3);
  });

  test("a goal of this plan alone has nothing to do with earlier doses", () => {
    const setting = settingAfter(() => 39);
    expect(dosesLeft(setting, goal("SpinalCord", "Max[Gy]", { atMost: 39 }), setting.regions.get("SpinalCord")!)).toBeUndefined();
  });

  test("a mean leaves each voxel what the mean leaves: 22 less 32.175 leaves nothing, 54 less 32.175 leaves 26.3249 Gy", () => {
    const setting = settingAfter(() => 39);
    const region = setting.regions.get("SpinalCord")!;
    const mean = (atMost: number) => dosesLeft(setting, goal("SpinalCord", "Mean[Gy]", { atMost, cumulative: { alphaBeta: 2 } }), region)!;
    expect(mean(22)[0]).toBe(0);
    expect(mean(54)[0]).toBeCloseTo(26.3249, 3);
  });
});

describe("earlier doses", () => {
  test("each is converted in its own fractions and then added: 39 in 30 and 20 in 5 are 32.175 + 30 Gy", () => {
    const setting = settingWith(structures, { earlier: [first, { ...first, label: "palliative", fractions: 5 }] }, [{ label: "IMRT", dose: doseBy(() => 39) }, { label: "palliative", dose: doseBy(() => 20) }]);
    expect(earlierEqd2(setting, 2).gy[0]).toBeCloseTo(62.175, 4);
  });

  test("60 Gy in 20 on 39 in 30 is 107.175 Gy", () => {
    const setting = settingAfter(() => 39);
    const region = setting.regions.get("SpinalCord")!;
    expect(cumulativeEqd2(setting, doseBy(() => 60), 2, region).sum.values[region.voxels[0] as number]).toBeCloseTo(107.175, 4);
  });

  test("a shift takes the worst within it: along a ramp of 1 Gy per mm, 5 mm are 5 Gy, in any direction", () => {
    const region = (setting: ReturnType<typeof settingAfter>) => setting.regions.get("SpinalCord")!;
    for (const ramp of [(x: number) => 60 + x, (_x: number, y: number) => 60 + y, (x: number, y: number) => 60 + (x + y) / Math.SQRT2, (x: number, y: number, z: number) => 60 + (x - 2 * y + 2 * z) / 3]) {
      const [still, shifted] = [settingAfter(ramp), settingAfter(ramp, { shiftMm: 5 })];
      // At a very large α/β the EQD2 is the dose.
      const [before, after] = [earlierEqd2(still, 1e9, region(still)).gy, earlierEqd2(shifted, 1e9, region(shifted)).gy];
      for (let n = 0; n < before.length; n += 37) expect((after[n] as number) - (before[n] as number)).toBeCloseTo(5, 2);
    }
  });

  test("a hot place beside the organ counts once the shift reaches it", () => {
    // The cord begins at y = 16 mm; 50 Gy lie before y = 6 mm.
    const beside = (_x: number, y: number) => (y <= 6 ? 50 : 10);
    const most = (shiftMm: number) => Math.max(...earlierEqd2(settingAfter(beside, { shiftMm }), 1e9, settingAfter(beside).regions.get("SpinalCord")).gy);
    expect(most(3)).toBeCloseTo(10, 3);
    expect(most(12)).toBeCloseTo(50, 3);
  });

  test("a dose on a coarser grid is read between its voxels", () => {
    const setting = settingWith(structures, { earlier: [first] }, [{ label: "IMRT", dose: doseBy((x, y) => 30 + x / 4 + y / 8, { size: [21, 21, 21], origin: [-50, -50, -50], spacingMm: 5 }) }]);
    const { voxels, gy } = earlierEqd2(setting, 1e9);
    const at = voxels.findIndex((voxel) => voxel === 20 + 33 * (10 + 33 * 16));
    // Voxel (20, 10) lies at x = 12, y = −18 mm.
    expect(gy[at]).toBeCloseTo(30 + 12 / 4 - 18 / 8, 4);
  });

  test("beyond its grid an earlier dose is unknown and not 0: the voxels are counted, what others gave stands as the least", () => {
    const below = { label: "IMRT", dose: doseBy(() => 39, { size: [33, 33, 17] }) };
    const setting = settingWith(structures, { earlier: [first, { ...first, label: "palliative", fractions: 5 }] }, [below, { label: "palliative", dose: doseBy(() => 20) }]);
    const region = setting.regions.get("SpinalCord")!;
    const { gy, known, unknown } = earlierEqd2(setting, 2, region);
    // The first dose ends with the voxel at z = 0: above, 30 Gy of the second are certain.
    const above = [...region.voxels.keys()].filter((n) => Math.floor((region.voxels[n] as number) / 33 ** 2) > 16);
    expect(unknown).toBe(above.length);
    for (const n of above) expect([known[n], gy[n]]).toEqual([0, expect.closeTo(30, 4)]);
    const { sum, least } = cumulativeEqd2(setting, doseBy(() => 0), 2, region);
    const voxel = region.voxels[above[0] as number] as number;
    expect(sum.values[voxel]).toBeNaN();
    expect(least.values[voxel]).toBeCloseTo(30, 4);
  });

  test("where an earlier dose ends with the organ, the last voxel is known to its end", () => {
    // The dose ends with the voxels at z = 30 mm, the last in which the cord has a part.
    const setting = settingWith(structures, { earlier: [first] }, [{ label: "IMRT", dose: doseBy(() => 39, { size: [33, 33, 27] }) }]);
    const region = setting.regions.get("SpinalCord")!;
    const { sum, unknown } = cumulativeEqd2(setting, doseBy(() => 0), 2, region);
    expect(unknown).toBe(0);
    const above = (region.voxels.at(-1) as number) + 33 ** 2;
    expect(sum.values[above]).toBeCloseTo(32.175, 4);
  });

  test("one that is asked for and not given, or lies in another frame, is refused by name", () => {
    expect(() => earlierEqd2(settingWith(structures, { earlier: [first] }), 2)).toThrow(expect.objectContaining({ code: "planning/earlier" }));
    const elsewhere = doseBy(() => 39);
    const setting = settingWith(structures, { earlier: [first] }, [{ label: "IMRT", dose: { ...elsewhere, grid: { ...elsewhere.grid, frameOfReference: "9.9" } } }]);
    expect(() => earlierEqd2(setting, 2)).toThrow(/IMRT lies in the frame of reference 9.9/);
  });
});
