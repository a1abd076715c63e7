import type { Structure } from "@hapax/case";
import { describe, expect, test } from "vitest";

import { tg119, tg119Problems, type Tg119Problem } from "./problems.ts";
import { ellipsoid, grown } from "./shapes.ts";

const problems = new Map(tg119Problems.map((id) => [id, tg119(id)]));
const drawnIn = (id: Tg119Problem["id"]) => new Map(problems.get(id)?.scan.structures.map((structure) => [structure.name, structure]));

/** Σ ½ (x y′ − x′ y) over closed contours, in any order of turning, times the 2.5 mm of a slice, cc. */
function volumeCc({ contours }: Structure): number {
  const areas = contours.map(({ points }) => {
    let twice = 0;
    for (let p = 0; p < points.length; p += 3) {
      const next = (p + 3) % points.length;
      twice += (points[p] as number) * (points[next + 1] as number) - (points[next] as number) * (points[p + 1] as number);
    }
    return Math.abs(twice) / 2;
  });
  return (areas.reduce((sum, area) => sum + area, 0) * 2.5) / 1000;
}

const volumeOf = (id: Tg119Problem["id"], name: string) => volumeCc(drawnIn(id).get(name) as Structure);
const within = (value: number, of: number, part: number) => expect(Math.abs(value / of - 1), `${value} against ${of}`).toBeLessThan(part);

/** Least distance of contour points of one structure to those of another on the same slice, mm. */
function gapMm(id: Tg119Problem["id"], one: string, other: string): number {
  const [a, b] = [one, other].map((name) => (drawnIn(id).get(name) as Structure).contours) as [Structure["contours"], Structure["contours"]];
  let least = Infinity;
  for (const { points } of a) {
    for (const { points: others } of b) {
      if (others[2] !== points[2]) continue;
      for (let p = 0; p < points.length; p += 3) for (let q = 0; q < others.length; q += 3) least = Math.min(least, Math.hypot((points[p] as number) - (others[q] as number), (points[p + 1] as number) - (others[q + 1] as number)));
    }
  }
  return least;
}

describe("the C-shape", () => {
  test("has the volumes of its closed forms, and of the voxels counted in it before", () => {
    // 209/360 π (37² − 15²) 80 mm³ and π 10² 100 mm³
    within(volumeOf("C-shape, easier", "PTV"), ((209 / 360) * Math.PI * (37 ** 2 - 15 ** 2) * 80) / 1000, 0.01);
    within(volumeOf("C-shape, easier", "Core"), (Math.PI * 10 ** 2 * 100) / 1000, 0.01);
    // 7 440 voxels of 3 × 3 × 2.5 mm; of the core 1 369 in 37 planes of the 40 drawn here.
    within(volumeOf("C-shape, easier", "PTV"), 7440 * 0.0225, 0.01);
    within(volumeOf("C-shape, easier", "Core"), ((1369 * 40) / 37) * 0.0225, 0.06);
  });

  test("leaves 5 mm around its core", () => expect(gapMm("C-shape, easier", "PTV", "Core")).toBeCloseTo(5, 0));
});

describe("the other problems", () => {
  test("three equal cylinders of 40 mm stand on one another", () => {
    for (const name of ["PTV_Mid", "PTV_Sup", "PTV_Inf"]) within(volumeOf("multitarget", name), (Math.PI * 20 ** 2 * 40) / 1000, 0.01);
  });

  test("the prostate's target takes about a third of the rectum on the slice where it is widest", () => {
    const { contours: target } = drawnIn("prostate").get("PTV") as Structure;
    const back = target.filter(({ points }) => Math.abs(points[2] as number) < 2).flatMap(({ points }) => [...points]);
    // On the axis the target ends 28.5 mm behind the isocenter's height: 6 of the rectum's 15 mm are in it, 37 % of a circle.
    const onAxis = back.flatMap((x, i) => (i % 3 === 0 && Math.abs(x) < 1 && (back[i + 1] as number) > 0 ? [back[i + 1] as number] : []));
    expect(Math.max(...onAxis)).toBeCloseTo(28.5, 0);
  });

  test("the target of head and neck stays 15 mm from the cord and off the parotids", () => {
    expect(gapMm("head and neck", "PTV", "SpinalCord")).toBeGreaterThan(14.5);
    expect(gapMm("head and neck", "PTV", "Parotid_L")).toBeGreaterThan(0.5);
    within(volumeOf("head and neck", "Parotid_L"), volumeOf("head and neck", "Parotid_R"), 0.001);
  });

  test("the body is a block of 300 mm × 150 mm × 300 mm, and all is drawn as closed planar contours", () => {
    for (const id of tg119Problems) {
      const drawn = drawnIn(id);
      within(volumeCc(drawn.get("Body") as Structure), 13_500, 0.01);
      for (const { contours } of drawn.values()) for (const { type, points } of contours) {
        expect(type).toBe("CLOSED_PLANAR");
        expect(points.length).toBeGreaterThanOrEqual(9);
        expect(points.every((_, i) => i % 3 !== 2 || points[i] === points[2])).toBe(true);
      }
    }
  });

  test("every goal is for a structure that is drawn, marked as recalled, and published with its spread", () => {
    for (const id of tg119Problems) {
      const { goals, request, scan } = problems.get(id) as Tg119Problem;
      for (const goal of goals) {
        expect(scan.structures.map(({ name }) => name)).toContain(goal.structure);
        expect(goal.verified).toBe(false);
        expect(goal.publishedSd).toBeGreaterThan(0);
      }
      expect(request.goals).toHaveLength(goals.length);
    }
  });
});

test("an ellipsoid grows by as much along each of its axes", () => {
  const shape = grown(ellipsoid([1, 2, 3], [20, 14, 32]), 6);
  for (const [x, y, z] of [[27, 2, 3], [1, -18, 3], [1, 2, 41]] as const) expect(shape(x, y, z)).toBeCloseTo(0, 9);
});
