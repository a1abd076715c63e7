import { expect, test } from "vitest";
import type { PlanBeam, Structure } from "@hapax/case";
import { machineNamed } from "@hapax/dose";
import type { Goal, PlanMade, PlanRequest } from "./index.ts";
import { treatmentPlanOf } from "./treatment-plan.ts";

const structure = (number: number, name: string): Structure => ({ number, name, contours: [] });
const structures = [structure(7, "PTV_High"), structure(9, "PTV_Low"), structure(3, "SpinalCord"), structure(4, "Esophagus")];
const goal = (of: Partial<Goal> & Pick<Goal, "structure" | "metric">): Goal => ({ priority: 1, source: "leach2025", verified: true, ...of });
const machine = machineNamed("generic-6mv");
const beams = [{ number: 1, name: "1", meterset: 120 }] as unknown as readonly PlanBeam[];
const made = (request: Partial<PlanRequest>): PlanMade =>
  ({
    request: {
      name: "IMRT 54 and 66 Gy in 30", intent: "CURATIVE", fractions: 30, normalization: { kind: "metric", structure: "PTV_High", metric: "D50%[Gy]", gy: 66 },
      prescriptions: [{ structure: "PTV_High", doseGy: 66 }, { structure: "PTV_Low", doseGy: 54 }], goals: [], ...request,
    },
    madeFrom: { structureSet: "1.2.3", frameOfReference: "1.2.4", machine: { id: "generic-6mv" } },
    beams,
  }) as unknown as PlanMade;

test("each target has its dose by its ROINumber, and the one that the plan was normalized to says how", () => {
  expect(treatmentPlanOf(made({}), structures)).toEqual({
    name: "IMRT 54 and 66 Gy in 30", intent: "CURATIVE", structureSetUid: "1.2.3", frameOfReference: "1.2.4", fractions: 30, beams,
    deviceDistancesMm: { x: machine.jaws.x?.distanceMm, y: machine.jaws.y?.distanceMm, leaves: machine.mlc?.distanceMm },
    prescriptions: [
      { structure: 7, role: "TARGET", targetGy: 66, description: "PTV_High, D50%[Gy] is 66" },
      { structure: 9, role: "TARGET", targetGy: 54, description: "PTV_Low" },
    ],
  });
});

test("of the highest doses of an organ the least is its limit; means, sums with earlier doses and organs not drawn are none", () => {
  const goals = [
    goal({ structure: "SpinalCord", metric: "Max[Gy]", atMost: 45 }),
    goal({ structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 39 }),
    goal({ structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 20, cumulative: { alphaBeta: 2 } }),
    goal({ structure: "Esophagus", metric: "Mean[Gy]", atMost: 34 }),
    goal({ structure: "BrachialPlex_R", metric: "Max[Gy]", atMost: 66 }),
    goal({ structure: "PTV_High", metric: "Max[Gy]", atMost: 70.6 }),
  ];
  const [high, low, ...organs] = treatmentPlanOf(made({ goals }), structures).prescriptions;
  expect([high?.maximumGy, low?.maximumGy]).toEqual([70.6, undefined]);
  expect(organs).toEqual([{ structure: 3, role: "ORGAN_AT_RISK", maximumGy: 39, description: "SpinalCord" }]);
});

test("a target that the structures do not have is refused by its name", () => {
  expect(() => treatmentPlanOf(made({}), structures.slice(1))).toThrow(/PTV_High.*PTV_Low, SpinalCord/);
});
