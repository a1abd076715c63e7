import { describe, expect, test } from "vitest";
import { machineNamed } from "@hapax/dose";
import { constraints, constraintSets } from "@hapax/radiotherapy";
import { metricAsked } from "./metric.ts";
import { choicesOf, planTemplates, requestFrom } from "./templates.ts";
import { ball, rod, scanWith } from "./setting.fixture.ts";

const neck = scanWith([ball("PTV_High", 10, [0, 0, 0], "PTV"), ball("PTV_Low", 15, [0, 0, 0], "PTV"), rod("Spinal Cord", 4, [0, 30]), rod("BrachialPlex_R", 3, [20, 0]), rod("Lung_L", 5, [-30, 0]), rod("Lung_R", 5, [30, 0]), rod("Body", 40, [0, 0], "EXTERNAL")]);
const chest = scanWith([ball("GTV", 8, [0, 0, 0], "GTV"), ball("PTV", 10, [0, 0, 0], "PTV"), rod("SpinalCord", 4, [0, 30]), rod("Body", 40, [0, 0], "EXTERNAL")]);
const earlier = [{ label: "IMRT", fractions: 30, shiftMm: 0, recovery: 0, registration: "the same scan" }];
const curve = "matrad-default";

describe("templates", () => {
  test("every template prescribes to its own targets, in order of dose, and every number says where it is from", () => {
    for (const template of planTemplates) {
      const roles = template.targets.map(({ role }) => role);
      expect(template.targets.map(({ doseGy }) => doseGy)).toEqual(template.targets.map(({ doseGy }) => doseGy).sort((a, b) => b - a));
      expect([template.conformal, template.modulated].filter((one) => one !== undefined)).toHaveLength(1);
      for (const goal of template.goals) {
        expect(() => metricAsked(goal.metric), goal.metric).not.toThrow();
        expect(goal.source.length).toBeGreaterThan(10);
        expect(typeof goal.verified).toBe("boolean");
        expect([goal.atMost, goal.atLeast, goal.atMostPercent, goal.atLeastPercent].filter((one) => one !== undefined)).toHaveLength(1);
        if (goal.atMostPercent !== undefined || goal.atLeastPercent !== undefined) expect(roles).toContain(goal.of ?? goal.structure);
      }
      for (const { set, structures } of template.sets ?? []) {
        expect(constraintSets.map(({ id }) => id)).toContain(set);
        for (const structure of structures) expect(constraints.some((one) => one.set === set && one.structure === structure), `${set} ${structure}`).toBe(true);
      }
    }
  });

  test("percent of the two levels become 62.7, 70.62 and 51.3 Gy", () => {
    const { goals, prescriptions } = requestFrom("neck-two-levels-30", neck, { curve });
    const of = (structure: string, metric: string) => goals.find((goal) => goal.structure === structure && goal.metric === metric);
    // 0.95 · 66, 1.07 · 66, 0.95 · 54
    expect([of("PTV_High", "D95%[Gy]")?.atLeast, of("PTV_High", "D2%[Gy]")?.atMost, of("PTV_Low", "D95%[Gy]")?.atLeast]).toEqual([62.7, 70.62, 51.3]);
    expect(prescriptions).toEqual([{ structure: "PTV_High", doseGy: 66 }, { structure: "PTV_Low", doseGy: 54 }]);
  });

  test("organs have the names of the scan, however spelled; one that is not drawn keeps its own, and one of two sides is enough", () => {
    const { goals } = requestFrom("neck-two-levels-30", neck, { curve });
    const names = new Set(goals.map(({ structure }) => structure));
    expect(names.has("Spinal Cord")).toBe(true);
    expect(names.has("SpinalCord")).toBe(false);
    expect(names.has("BrachialPlex_R")).toBe(true);
    expect(names.has("BrachialPlex")).toBe(false);
    expect(names.has("Larynx")).toBe(true);
    expect(names.has("Lungs")).toBe(true);
  });

  test("the larynx has the 44 Gy of QUANTEC, and the lungs its 20 Gy and 30 %", () => {
    const { goals } = requestFrom("neck-two-levels-30", neck, { curve });
    const of = (structure: string) => goals.filter((goal) => goal.structure === structure).map(({ metric, atMost }) => [metric, atMost]);
    expect(of("Larynx")).toEqual([["Mean[Gy]", 44]]);
    expect(of("Lungs")).toEqual([["V20Gy[%]", 30], ["Mean[Gy]", 20]]);
  });

  test("another dose moves its goals and what is normalized", () => {
    const { goals, normalization } = requestFrom("chest-palliative-5", chest, { curve, doses: { PTV: 30 } });
    expect(normalization).toEqual({ kind: "metric", structure: "PTV", metric: "D50%[Gy]", gy: 30 });
    expect(goals.find(({ structure }) => structure === "Body")?.atMost).toBe(33);
    expect(goals.find(({ metric }) => metric === "D95%[Gy]")?.atLeast).toBe(28.5);
  });

  test("the limit of the cord of a second course is 54 Gy unless 60 or 70 is chosen", () => {
    const cord = (options?: Record<string, string>) => requestFrom("reirradiation-20", chest, { curve, earlier, ...(options === undefined ? {} : { options }) }).goals.filter(({ structure }) => structure === "SpinalCord");
    expect([cord(), cord({ cord: "60" }), cord({ cord: "70" })].map((goals) => goals.map(({ atMost }) => atMost))).toEqual([[54], [60], [70]]);
    expect(cord()[0]?.cumulative).toEqual({ alphaBeta: 2 });
    expect(choicesOf(planTemplates.find(({ id }) => id === "reirradiation-20")!)[0]?.options.map(({ option }) => option)).toEqual(["54", "60", "70"]);
    expect(() => cord({ cord: "80" })).toThrow(/cord may be 54, 60 and 70/);
  });

  test("a second course without the first is refused", () => {
    expect(() => requestFrom("reirradiation-20", chest, { curve })).toThrow(expect.objectContaining({ code: "planning/earlier-missing" }));
  });

  test("no density curve is guessed", () => {
    expect(() => requestFrom("sbrt-8", chest)).toThrow(expect.objectContaining({ code: "planning/curve" }));
  });

  test("a role that fits several targets, or none, is refused with those drawn", () => {
    expect(() => requestFrom("chest-palliative-5", neck, { curve })).toThrow(/PTV of chest-palliative-5 may be PTV_High and PTV_Low.*Drawn are PTV_High and PTV_Low/);
    expect(() => requestFrom("neck-two-levels-30", chest, { curve })).toThrow(/PTV_High of neck-two-levels-30 is not drawn.*Drawn are GTV and PTV/);
    expect(requestFrom("chest-palliative-5", neck, { curve, targets: { PTV: "PTV_Low" } }).prescriptions).toEqual([{ structure: "PTV_Low", doseGy: 20 }]);
  });

  test("a target that has its dose in its name is found by it", () => {
    const named = scanWith([ball("PTV_6600", 10), ball("PTV_5400", 15)]);
    expect(requestFrom("neck-two-levels-30", named, { curve }).prescriptions.map(({ structure }) => structure)).toEqual(["PTV_6600", "PTV_5400"]);
  });

  test("the machine is the generic one at its present version unless another is chosen", () => {
    expect(requestFrom("sbrt-5", chest, { curve }).machine).toEqual({ id: "generic-6mv", version: machineNamed("generic-6mv").version });
    expect(requestFrom("sbrt-5", chest, { curve, machine: "synergy-6mv" }).machine.id).toBe("synergy-6mv");
  });

  test("60 Gy in 8 has the eight-fraction limits of its set: 40 Gy to 0.1 cc of esophagus, 32 to the canal", () => {
    const { goals } = requestFrom("sbrt-8", chest, { curve });
    expect(goals.find(({ structure, metric }) => structure === "Esophagus" && metric === "D0.1cc[Gy]")?.atMost).toBe(40);
    expect(goals.find(({ structure }) => structure === "SpinalCanal")).toMatchObject({ atMost: 32, priority: 1 });
  });
});
