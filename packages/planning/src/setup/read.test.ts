import { describe, expect, test } from "vitest";
import { HapaxError } from "@hapax/base";
import type { PlanMade } from "../plan-made.ts";
import { planMadeOf, planRequestOf } from "./read.ts";
import { goal, request, scanWith, ball } from "./setting.fixture.ts";
import { planTemplates, requestFrom } from "./templates.ts";

const limit = goal("SpinalCord", "Max[Gy]", { atMost: 54, cumulative: { alphaBeta: 2 } });
const made: PlanMade = {
  request: { ...request, goals: [limit], isocenter: [1, 2, 3] },
  madeFrom: { ct: "1.2", structureSet: "1.3", frameOfReference: "1.4", synthetic: true, engine: "Hapax 0.1.0", machine: { id: "generic-6mv", version: "2", name: "Generic" }, cones: 72, earlier: [{ label: "IMRT", dose: "1.5" }] },
  isocenter: [0.1, -17.3, 1 / 3],
  beams: [{
    number: 1, name: "G000", type: "STATIC", radiation: "PHOTON", machine: "generic-6mv", energyMv: 6, sadMm: 1000, meterset: 123.4567890123, leafEdges: [-5, 0, 5], leafAxis: "x",
    controlPoints: [0, 1].map((metersetShare) => ({ metersetShare, gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [0.1, -17.3, 1 / 3], limits: { x: [-20, 20], y: [-5, 5], leaves: [-10.1, -9.9, 10.3, 12] } })),
  }],
  outcomes: [{ goal: limit, verdict: "cannot tell", value: { low: 12.5, high: Infinity }, why: "not known" }, { goal: limit, verdict: "cannot tell", why: "not drawn" }],
  holds: [{ goal: limit, price: [{ structure: "PTV", metric: "D95%[Gy]", changePerGy: 0.4 }], why: "at its limit" }],
  indices: [{ name: "Paddick", structure: "PTV", value: { low: 0.81, high: 0.81 }, source: "paddick2000" }],
  maximum: { gy: 64.1, at: [1, 2, 3] },
  mu: 640.1, segments: 60, delivery: { seconds: 400, assumptions: ["600 MU a minute"] },
  history: [{ iteration: 0, objective: 12.000000000000002, priority: 1, round: 0 }],
  sequencing: [{ structure: "PTV", optimizedGy: 57.9, deliveredGy: 57.5 }],
  seconds: 31.2, stopped: false, notes: ["a note"],
};
const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("a plan as a file", () => {
  test("a made plan comes back from its JSON as it was, unknown bounds and the last digit too", () => {
    expect(planMadeOf(through(made))).toEqual(made);
    expect(planMadeOf(made)).toEqual(made);
    // Fields come in one order, whatever that of the file: two files of one plan are the same text once read.
    const { request: asked, ...rest } = made;
    expect(JSON.stringify(planMadeOf(through({ ...rest, request: asked })))).toBe(JSON.stringify(planMadeOf(through(made))));
  });

  test("a stereotactic answer comes back, a limit that no dose reaches and a question that stays open too", () => {
    const row = { organ: "Heart", metric: "D0.1cc[Gy]", limit: 46, atAsked: 0, atPrescriptionGy: Infinity, whole: true, set: "hospital-sabr", source: "a clinic", verified: true };
    const answered: PlanMade = { ...made, feasibility: { fractionation: { doseGy: 60, fractions: 8 }, reaches: [row], feasible: undefined, why: "it cannot be told", notDrawn: ["Bronchus_Main"], withoutLimit: [] } };
    expect(planMadeOf(through(answered))).toEqual(answered);
    expect(() => planMadeOf({ ...answered, feasibility: { ...answered.feasibility, reaches: [{ ...row, limit: "46" }] } })).toThrow("feasibility.reaches.0.limit");
  });

  test("the request of every template comes back as it was", () => {
    const scan = scanWith([ball("PTV_High", 10), ball("PTV_Low", 12), ball("PTV", 14)]);
    for (const { id } of planTemplates) {
      const asked = requestFrom(id, scan, { curve: "matrad-default", earlier: [{ label: "IMRT", fractions: 30, shiftMm: 3, recovery: 0, registration: "the same scan" }] });
      expect(planRequestOf(through(asked))).toEqual(asked);
    }
  });

  const faulty = (change: Record<string, unknown>): HapaxError => {
    try {
      planRequestOf({ ...request, ...change });
    } catch (error) {
      return error as HapaxError;
    }
    throw new Error("it was read");
  };

  test("a field at fault is named with the value met, each by itself", () => {
    const error = faulty({ curve: 3, gridMm: -2 });
    expect(error.code).toBe("planning/request");
    expect(error.problems.map(({ what }) => what)).toEqual([expect.stringMatching(/^curve is 3: /), expect.stringMatching(/^gridMm is -2: /)]);
  });

  test("a field within a goal, a beam or a form is named by its path", () => {
    expect(faulty({ goals: [limit, { ...limit, priority: 0 }] }).what).toMatch(/goals\.1\.priority is 0/);
    expect(faulty({ beams: { given: [{ name: "AP", gantryDeg: "0", collimatorDeg: 0, couchDeg: 0 }] } }).what).toMatch(/beams\.given\.0\.gantryDeg is "0"/);
    expect(faulty({ normalization: { kind: "metric", structure: "PTV", metric: "D50%[Gy]" } }).what).toMatch(/normalization\.gy is missing/);
  });

  test("a misspelled field is not passed over", () => {
    expect(faulty({ goals: [{ ...limit, atmost: 39 }] }).what).toMatch(/goals\.0\.atmost is 39: no field of this name is known/);
  });

  test("a file of another version says so", () => {
    expect(faulty({ version: 2 }).what).toMatch(/version is 2/);
  });

  test("a made plan names what is wrong in it as planning/file", () => {
    expect(() => planMadeOf({ ...made, mu: "many" })).toThrow(expect.objectContaining({ code: "planning/file", what: expect.stringMatching(/mu is "many"/) }));
    expect(() => planMadeOf([])).toThrow(expect.objectContaining({ code: "planning/file" }));
  });
});
