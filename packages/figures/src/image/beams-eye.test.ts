import { HapaxError, gridOf, type Vec3, type Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { describe, expect, test } from "vitest";
import { beamPixel, beamsEye, radiographOf, shadowsOf, type BeamsEye } from "./beams-eye.ts";
import { bevFigure, leafPairs } from "./bev-figure.ts";
import { beam, scan, structures } from "./samples.fixture.ts";

const grid = gridOf({ size: [100, 100, 100], origin: [-99, -99, -99], spacing: [2, 2, 2], frameOfReference: "1" });
/** Air with one dense ball of 6 mm. */
const withBall = ([a, b, c]: Vec3): Volume => {
  const values = new Int16Array(1e6).fill(-1000);
  for (let i = 0; i < 1e6; i++) {
    const [x, y, z] = [-99 + 2 * (i % 100), -99 + 2 * (Math.floor(i / 100) % 100), -99 + 2 * Math.floor(i / 1e4)];
    if (Math.hypot(x - a, y - b, z - c) < 6) values[i] = 1000;
  }
  return { grid, values, slope: 1, intercept: 0, unit: "HU" };
};
const point = (gantryDeg: number, collimatorDeg = 0): ControlPoint => ({ metersetShare: 0, gantryDeg, collimatorDeg, couchDeg: 0, isocenter: [0, 0, 0], limits: {} });
const size = { width: 101, height: 101 };
/** Center of gravity of a radiograph, mm right and up of the isocenter. */
const seen = (view: BeamsEye, volume: Volume) => {
  const sums = radiographOf(volume, view);
  let [mass, x, y] = [0, 0, 0];
  sums.forEach((v, i) => {
    mass += v;
    x += v * ((i % 101) - 50) * view.mmPerPx;
    y += v * (50 - Math.floor(i / 101)) * view.mmPerPx;
  });
  return [x / mass, y / mass];
};

describe("beam's eye view", () => {
  // 40 mm to the left, 20 to the back, 30 to the head.
  const ball = withBall([40, 20, 30]);

  test("gantry 0: the patient's left is at the right, the head up, what lies deeper is drawn smaller", () => {
    const view = beamsEye(beam, point(0), "HFS", size, 1);
    expect(view.letters).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
    // The ball lies 20 mm beyond the isocenter: 1000 / 1020.
    const [x, y] = seen(view, ball) as [number, number];
    expect(x).toBeCloseTo(40 / 1.02, 0);
    expect(y).toBeCloseTo(30 / 1.02, 0);
  });

  test("gantry 90: the back is at the right; gantry 180: the patient's right", () => {
    expect(beamsEye(beam, point(90), "HFS", size, 1).letters).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
    const [x, y] = seen(beamsEye(beam, point(90), "HFS", size, 1), ball) as [number, number];
    expect(x).toBeCloseTo(20 / 0.96, 0);
    expect(y).toBeCloseTo(30 / 0.96, 0);
    expect(beamsEye(beam, point(180), "HFS", size, 1).letters.right).toBe("R");
  });

  test("the collimator turns the patient under the upright jaws", () => {
    expect(beamsEye(beam, point(0, 90), "HFS", size, 1).letters).toEqual({ left: "I", right: "S", top: "R", bottom: "L" });
  });

  test("SlicerRT 11: radiograph and shadow lie over each other: a target is where its tumor is seen", () => {
    const view = beamsEye(beam, beam.controlPoints[1] as ControlPoint, "HFS", size, 2);
    const [gtv] = shadowsOf(structures.slice(0, 1), view);
    const line = gtv?.lines[0] as Float64Array;
    const xs = line.filter((_, i) => i % 2 === 0);
    const [middle] = beamPixel(view, 0, 0);
    // Radius 45 mm around the isocenter, in 2 mm px, 4 mm voxels.
    expect(Math.abs((Math.min(...xs) + Math.max(...xs)) / 2 - middle)).toBeLessThan(1);
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(42);
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(48);
  });

  test("pairs of leaves are bank 1 then bank 2, in the strips between their edges", () => {
    const small: PlanBeam = { ...beam, leafEdges: [-10, 0, 10] };
    const pairs = leafPairs(small, { ...point(0), limits: { leaves: [-30, -20, 15, 25] } });
    expect(pairs).toEqual([{ strip: [-10, 0], tips: [-30, 15] }, { strip: [0, 10], tips: [-20, 25] }]);
  });

  test("the table of a figure has both jaws and every pair, with what is open between them", () => {
    const { table, description } = bevFigure({ scan, beam, patientPosition: "HFS" }, { width: 60, height: 60 });
    expect(table.rows).toHaveLength(2 + 24);
    expect(table.rows[0]).toEqual(["jaws X", "", "-65.0", "75.0", "140.0"]);
    expect(description).toContain("jaws 14.0 × 12.0 cm");
    expect(description).toContain("no structure");
  });

  test("a PET is refused: it does not say how much a voxel weakens the beam", () => {
    const pet: Volume = { ...scan, unit: "SUVbw" };
    expect(() => radiographOf(pet, beamsEye(beam, beam.controlPoints[0] as ControlPoint, "HFS", size, 2))).toThrow(HapaxError);
  });
});
