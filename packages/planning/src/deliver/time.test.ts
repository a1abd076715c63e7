import type { ControlPoint, PlanBeam } from "@hapax/case";
import { expect, test } from "vitest";
import { deliveryTime } from "./time.ts";

const point = (metersetShare: number, gantryDeg: number, couchDeg: number, leaf: number): ControlPoint => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg, isocenter: [0, 0, 0], limits: { x: [-50, 50], y: [-50, 50], leaves: [leaf, leaf + 30] } });
const beam = (number: number, meterset: number, controlPoints: readonly ControlPoint[]): PlanBeam => ({ number, name: `B${number}`, type: "STATIC", radiation: "PHOTON", sadMm: 1000, meterset, controlPoints });

test("a fraction takes the time of its monitor units, its leaves, the gantry over the top, and the couch", () => {
  const beams = [
    beam(1, 100, [point(0, 200, 0, 0), point(0.4, 200, 0, 0), point(0.4, 200, 0, 30), point(1, 200, 0, 30)]),
    beam(2, 50, [point(0, 160, 0, 0), point(1, 160, 0, 0)]),
    beam(3, 50, [point(0, 160, 90, 0), point(1, 160, 90, 0)]),
  ];
  // 200 MU at 10 a second; 30 mm at 20 mm/s; from −160 to 160 degrees at 6 a second; one turn of the couch; three starts of 2 s.
  const { seconds, assumptions } = deliveryTime(beams);
  expect(seconds).toBeCloseTo(200 / 10 + 30 / 20 + 320 / 6 + 60 + 3 * 2, 9);
  expect(assumptions.join(" ")).toMatch(/600 monitor units a minute.*20 mm\/s.*6 degrees.*60 s.*assumed/);
  expect(deliveryTime([]).seconds).toBe(0);
});
