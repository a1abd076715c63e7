import { describe, expect, test } from "vitest";
import type { BeamPosition, Vec3 } from "@hapax/base";
import type { Contour, Structure } from "@hapax/case";
import { machineNamed, type Interval, type Mlc } from "@hapax/dose";
import { ball } from "../setup/setting.fixture.ts";
import { closedPair, fittedLeaves } from "./leaves.ts";
import { beamsEyeOutline, distanceAt, distancesAround } from "./outline.ts";

const mlc = machineNamed("generic-6mv").mlc as Mlc;
const from = (gantryDeg: number, collimatorDeg = 0, couchDeg = 0): BeamPosition => ({ isocenter: [0, 0, 0], patientPosition: "HFS", gantryDeg, collimatorDeg, couchDeg });
const seen = (structures: readonly Structure[], position: BeamPosition, reachMm = 20) => distancesAround(beamsEyeOutline(structures, position, 1000, 2), reachMm);

/** A box with flat faces, its contours 2 mm apart, LPS, mm. */
function box([x0, x1]: Interval, [y0, y1]: Interval, [z0, z1]: Interval): Structure {
  const contours = Array.from({ length: Math.round((z1 - z0) / 2) }, (_, k): Contour => {
    const z = z0 + 1 + 2 * k;
    return { type: "CLOSED_PLANAR", points: Float64Array.of(x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z) };
  });
  return { number: 1, name: "box", contours };
}

/** Area that leaves let through, mm². */
const areaOf = (leaves: readonly Interval[]) => leaves.reduce((sum, [left, right], pair) => sum + (right - left) * ((mlc.leafEdgesMm[pair + 1] as number) - (mlc.leafEdgesMm[pair] as number)), 0);
/** Opening of the pair that covers a place across the motion. */
const pairAt = (leaves: readonly Interval[], across: number) => leaves[mlc.leafEdgesMm.findLastIndex((edge) => edge <= across)] as Interval;

describe("outline of a target in the beam's eye view", () => {
  // The cone that touches a sphere of radius R around the isocenter meets the plane there at R · SAD / √(SAD² − R²).
  test.each([[0, 0], [40, 0], [90, 0], [300, 30]])("a sphere at the isocenter has the radius of its tangent cone, from gantry %d, couch %d", (gantryDeg, couchDeg) => {
    const radius = (40 * 1000) / Math.sqrt(1000 ** 2 - 40 ** 2);
    const outline = seen([ball("PTV", 40)], from(gantryDeg, 0, couchDeg));
    for (let degrees = 0; degrees < 360; degrees += 15) {
      const at = distanceAt(outline, radius * Math.cos((degrees * Math.PI) / 180), radius * Math.sin((degrees * Math.PI) / 180));
      // Contours 2 mm apart are steps of up to 1 mm where the ball closes; a pixel is 1 mm.
      expect(Math.abs(at)).toBeLessThan(1);
    }
  });

  test("a sphere 100 mm nearer to the source is larger by the distance", () => {
    // R · SAD / √(d² − R²) from d = 900 mm.
    const radius = (40 * 1000) / Math.sqrt(900 ** 2 - 40 ** 2);
    const outline = seen([ball("PTV", 40, [0, -100, 0])], from(0));
    expect(Math.abs(distanceAt(outline, radius, 0))).toBeLessThan(0.5);
    expect(Math.abs(distanceAt(outline, -radius, 0))).toBeLessThan(0.5);
  });

  test("structures that overlap or lie apart have one outline together", () => {
    const outline = seen([ball("a", 20, [-30, 0, 0]), ball("b", 20, [-20, 0, 0]), ball("c", 10, [60, 0, 0])], from(0));
    expect(distanceAt(outline, -25, 0)).toBeGreaterThan(15);
    expect(distanceAt(outline, 60, 0)).toBeGreaterThan(8);
    expect(distanceAt(outline, 30, 0)).toBeLessThan(-15);
  });
});

describe("leaves around a target", () => {
  const sphere = seen([ball("PTV", 40)], from(0));

  test("the field edge lies at the outline and its margin, to a pixel", () => {
    const radius = (40 * 1000) / Math.sqrt(1000 ** 2 - 40 ** 2);
    for (const margin of [-3, 0, 7]) {
      for (const strategy of ["outside", "middle", "inside"] as const) {
        const [left, right] = pairAt(fittedLeaves(mlc, sphere, margin, strategy), 0);
        expect(Math.abs(left + radius + margin)).toBeLessThan(1);
        expect(Math.abs(right - radius - margin)).toBeLessThan(1);
      }
    }
  });

  test("leaves outside open more than across the outline, and those more than inside; across opens the area of the outline", () => {
    const [outside, middle, inside] = (["outside", "middle", "inside"] as const).map((strategy) => areaOf(fittedLeaves(mlc, sphere, 5, strategy))) as [number, number, number];
    const area = Math.PI * ((40 * 1000) / Math.sqrt(1000 ** 2 - 40 ** 2) + 5) ** 2;
    expect(outside).toBeGreaterThan(1.05 * area);
    expect(inside).toBeLessThan(0.95 * area);
    expect(Math.abs(middle / area - 1)).toBeLessThan(0.02);
  });

  test("leaves outside cover nothing of the target, leaves inside open nothing beside it", () => {
    const cut = (strategy: "outside" | "inside") => {
      const leaves = fittedLeaves(mlc, sphere, 0, strategy);
      let [covered, beside] = [0, 0];
      for (let y = -50.3; y < 50; y += 1) {
        const [left, right] = pairAt(leaves, y);
        for (let x = -50.3; x < 50; x += 1) {
          const open = x > left && x < right;
          const inside = distanceAt(sphere, x, y);
          if (inside > 1 && !open) covered++;
          if (inside < -1 && open) beside++;
        }
      }
      return { covered, beside };
    };
    expect(cut("outside").covered).toBe(0);
    expect(cut("inside").beside).toBe(0);
  });

  test("a collimator turned by 90 degrees turns what leaves see", () => {
    // 78 mm wide, 28 mm long, thin towards the source, so that it is seen as it is.
    const flatBox = [box([-39, 39], [-1, 1], [-14, 14])];
    const [straight, turned] = [0, 90].map((collimator) => fittedLeaves(mlc, seen(flatBox, from(0, collimator)), 0, "outside"));
    const open = (leaves: readonly Interval[] | undefined) => (leaves ?? []).filter(([left, right]) => right > left);
    const [left, right] = pairAt(straight ?? [], 0);
    expect(right - left).toBeCloseTo(78, 0);
    expect(open(straight)).toHaveLength(6);
    const [low, high] = pairAt(turned ?? [], 0);
    expect(high - low).toBeCloseTo(28, 0);
    expect(open(turned)).toHaveLength(16);
  });

  test("a pair over two islands is open from the first to the last, and pairs between islands are closed", () => {
    const beside = fittedLeaves(mlc, seen([ball("a", 10, [-40, 0, 0]), ball("b", 10, [40, 0, 0])], from(0)), 0, "outside");
    const [left, right] = pairAt(beside, 0);
    expect(Math.abs(left + 50)).toBeLessThan(1);
    expect(Math.abs(right - 50)).toBeLessThan(1);
    const above = fittedLeaves(mlc, seen([ball("a", 10, [0, 0, -40]), ball("b", 10, [0, 0, 40])], from(0)), 0, "outside");
    expect(pairAt(above, 0)).toEqual(closedPair);
    expect(pairAt(above, 40)[1] - pairAt(above, 40)[0]).toBeGreaterThan(18);
  });

  test("what the leaves cannot reach, or nothing left open, is refused", () => {
    const wide = seen([box([-210, 210], [-1, 1], [-10, 10])], from(0));
    expect(() => fittedLeaves(mlc, wide, 0, "outside")).toThrow(expect.objectContaining({ code: "planning/field-too-large" }));
    const long = seen([box([-10, 10], [-1, 1], [-198, 198])], from(0));
    expect(() => fittedLeaves(mlc, long, 7, "outside")).toThrow(expect.objectContaining({ code: "planning/field-too-large" }));
    expect(() => fittedLeaves(mlc, seen([ball("PTV", 5)], from(0)), -6, "middle")).toThrow(expect.objectContaining({ code: "planning/field-closed" }));
  });

  test("the field edge follows the target wherever it lies", () => {
    const center: Vec3 = [30, 0, -20];
    const leaves = fittedLeaves(mlc, seen([ball("PTV", 20, center)], from(0)), 5, "middle");
    // At gantry 0 the patient's left is collimator x, the head is y.
    const [left, right] = pairAt(leaves, -20);
    expect((left + right) / 2).toBeCloseTo(30, 0);
    expect(right - left).toBeCloseTo(50, 0);
  });
});
