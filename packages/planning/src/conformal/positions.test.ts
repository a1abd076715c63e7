import { describe, expect, test } from "vitest";
import { ball, goal, rod, settingWith, water } from "../setup/setting.fixture.ts";
import { beamPositions } from "./positions.ts";

const target = ball("PTV", 15, [0, 0, 0], "PTV");
const gantries = (setting: ReturnType<typeof settingWith>) => beamPositions(setting).map(({ gantryDeg }) => gantryDeg);
/** The smaller angle between two directions around the patient, degrees. */
const between = (a: number, b: number) => Math.abs(((b - a + 540) % 360) - 180);

describe("directions as asked for", () => {
  test("given beams keep their couch and collimator, and meet in the isocenter", () => {
    const beams = { given: [{ name: "vertex", gantryDeg: 310, collimatorDeg: 20, couchDeg: 90 }] };
    expect(beamPositions(settingWith([target], { beams }))).toEqual([
      { name: "vertex", gantryDeg: 310, collimatorDeg: 20, couchDeg: 90, isocenter: [0, 0, 0], patientPosition: "HFS", why: "as asked for" },
    ]);
  });

  test("an odd number evenly spaced has no two that face each other", () => {
    const found = gantries(settingWith([target], { beams: { even: 7 } }));
    expect(found[0]).toBe(0);
    expect(found).toHaveLength(7);
    found.forEach((a, n) => expect(between(a, found[(n + 1) % 7] as number)).toBeCloseTo(360 / 7, 0));
    for (const a of found) for (const b of found) expect(between(a, b)).toBeLessThan(170);
  });
});

describe("directions by least overlap", () => {
  test("two face each other, since all from one side would leave the other cold", () => {
    const [a, b] = gantries(settingWith([target], { beams: { chosen: 2 } })) as [number, number];
    expect(between(a, b)).toBe(180);
  });

  test("an organ beside the target is not passed before it nor behind it", () => {
    // At gantry 90 the source stands on the patient's left: LPS +x.
    const beams = { chosen: 2 };
    const organ = rod("Heart", 8, [32, 0]);
    const setting = settingWith([target, organ], { beams, goals: [goal("Heart", "Mean[Gy]", { atMost: 5 })] });
    const found = beamPositions(setting);
    for (const { gantryDeg, why } of found) {
      for (const side of [90, 270]) expect(between(gantryDeg, side)).toBeGreaterThan(30);
      expect(why).toContain("no organ with a goal in its way");
    }
  });

  test("what lies before an organ is passed sooner than what lies behind it", () => {
    const goals = [goal("SpinalCord", "Max[Gy]", { atMost: 10 })];
    // Behind the target from gantry 0, before it from gantry 180.
    const [found] = beamPositions(settingWith([target, rod("SpinalCord", 20, [0, 30])], { beams: { chosen: 1 }, goals }));
    expect(between(found?.gantryDeg as number, 180)).toBeGreaterThan(60);
  });

  test("where organs lie on all sides, beams come through that of the greatest priority number", () => {
    const places = { front: [0, -30], left: [30, 0], back: [0, 30], right: [-30, 0] } as const;
    const organs = Object.entries(places).map(([name, place]) => rod(name, 20, place));
    const from = (least: keyof typeof places) => gantries(settingWith([target, ...organs], { beams: { chosen: 1 }, goals: Object.keys(places).map((name) => goal(name, "Mean[Gy]", { atMost: 1, priority: name === least ? 9 : 1 })) }))[0] as number;
    expect(between(from("front"), 0)).toBeLessThan(45);
    expect(between(from("back"), 180)).toBeLessThan(45);
  });

  test("many stand apart and none face each other", () => {
    const found = gantries(settingWith([target], { beams: { chosen: 7 } }));
    found.forEach((a, n) => found.slice(n + 1).forEach((b) => {
      expect(between(a, b)).toBeGreaterThanOrEqual(30);
      expect(between(a, b)).not.toBe(180);
    }));
  });

  test("none enters where the image ends", () => {
    const [nx, ny, nz] = water.grid.size;
    const front = Int32Array.from({ length: nx * nz }, (_, i) => (i % nx) + nx * ny * Math.floor(i / nx));
    const setting = settingWith([target], { beams: { chosen: 2 } });
    const cut = { ...setting, medium: { ...water, cut: { voxels: front, faces: new Uint8Array(front.length).fill(2) } } };
    for (const gantryDeg of gantries(cut)) expect(between(gantryDeg, 0)).toBeGreaterThan(40);
    expect(() => gantries({ ...setting, medium: { ...water, cut: { voxels: front, faces: new Uint8Array(front.length).fill(2) } }, request: { ...setting.request, beams: { chosen: 30 } } })).toThrow(
      expect.objectContaining({ code: "planning/directions" }),
    );
  });
});
