import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type Volume } from "@hapax/base";
import type { PlanBeam, Structure } from "@hapax/case";
import type { Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { dvhOf } from "@hapax/radiotherapy";
import { doseOfBeams } from "../collapsed.ts";
import type { BeamAsked, PlanRequest } from "../request.ts";
import { settingOf } from "../setting-of.ts";
import type { PlanningProgress } from "../plan-made.ts";
import type { Setting } from "../setting.ts";
import { ball, goal, request, rod } from "../setup/setting.fixture.ts";
import { conformalBeams } from "./conformal.ts";
import { normalizedFactor } from "./normalize.ts";

const frameOfReference = "1.2.3";
const size = [40, 36, 32] as const;
const spacing = 6;
// Water 240 mm wide, 216 mm thick and 192 mm long around the origin, air where a place is not inside.
function waterWhere(inside: (x: number, y: number, z: number) => boolean): Volume {
  const origin = [-117, -105, -93] as const;
  const values = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => {
    const [x, y, z] = [i % size[0], Math.floor(i / size[0]) % size[1], Math.floor(i / (size[0] * size[1]))].map((at, axis) => (origin[axis] as number) + spacing * at) as [number, number, number];
    return inside(x, y, z) ? 0 : -1000;
  });
  return { grid: gridOf({ size, origin, spacing: [spacing, spacing, spacing], frameOfReference }), values, slope: 1, intercept: 0, unit: "HU" };
}
const cylinder = waterWhere((x, y, z) => Math.hypot(x, y) < 90 && Math.abs(z) < 90);
// In front the surface falls off to the left: the left of the target is reached through less.
const slanted = waterWhere((x, y, z) => Math.abs(x) < 100 && y < 85 && y > -85 + 0.6 * (x + 60) && Math.abs(z) < 80);

const from = (gantryDeg: number, couchDeg = 0): BeamAsked => ({ name: `Gantry ${gantryDeg}, couch ${couchDeg}`, gantryDeg, collimatorDeg: 0, couchDeg });
const asked = (changes: Partial<PlanRequest>): PlanRequest => {
  const { modulated: _, ...base } = request;
  return {
    ...base, technique: "3D conformal", fractions: 5, gridMm: spacing, curve: "matrad-default", isocenter: [0, 0, 0],
    prescriptions: [{ structure: "PTV", doseGy: 20 }],
    normalization: { kind: "metric", structure: "PTV", metric: "D50%[Gy]", gy: 20 },
    conformal: { marginMm: 7, leafStrategy: "middle", fieldsInField: 0, hottestPercent: 105 },
    ...changes,
  };
};

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

interface Made {
  readonly setting: Setting;
  readonly beams: readonly PlanBeam[];
  readonly notes: readonly string[];
  readonly dose: Volume<Float32Array>;
}

async function made(ct: Volume, structures: readonly Structure[], changes: Partial<PlanRequest>, onProgress?: (progress: PlanningProgress) => void): Promise<Made> {
  const scan = { ct, structures, patientPosition: "HFS" as const, uids: { ct: "1", structureSet: "2" }, synthetic: true };
  const setting = await settingOf(asked(changes), scan, {});
  const { beams, notes } = await conformalBeams(setting, { crew, engine: "test", onProgress });
  const { doseGy } = await doseOfBeams(setting, beams, { crew, cones: 72 });
  return { setting, beams, notes, dose: { grid: setting.medium.grid, values: doseGy as Float32Array<ArrayBuffer>, slope: 1, intercept: 0, unit: "Gy" } };
}
const histogram = ({ setting, dose }: Made, name: string) => dvhOf(setting.regions.get(name)?.structure as Structure, dose, { frameOfReference });
const highest = ({ dose }: Made) => dose.values.reduce((most, gy) => Math.max(most, gy), 0);

describe("open fields", () => {
  const target = ball("PTV", 30, [0, 0, 0], "PTV");

  test("two that face each other on a target in the middle have the same monitor units, and the dose is normalized", async () => {
    const steps = new Set<string>();
    const plan = await made(cylinder, [target], { beams: { given: [from(0), from(180)] } }, ({ step, share }) => {
      steps.add(step);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    });
    const [ap, pa] = plan.beams.map(({ meterset }) => meterset as number) as [number, number];
    expect(Math.abs(ap / pa - 1)).toBeLessThan(0.02);
    for (const { meterset, controlPoints } of plan.beams) {
      expect((meterset as number) * 10).toBeCloseTo(Math.round((meterset as number) * 10), 6);
      expect(controlPoints).toHaveLength(2);
    }
    // Monitor units are tenths: 0.05 of some 250.
    expect(Math.abs(normalizedFactor(plan.setting, plan.dose) - 1)).toBeLessThan(5e-4);
    expect([...steps]).toEqual(["choosing beams", "fitting leaves", "calculating the dose", "optimizing"]);
  });

  test("a limit of an organ turns weight to the beams that do not pass it", async () => {
    const organ = rod("SpinalCord", 8, [0, 50]);
    const beams = { given: [from(0), from(120), from(180), from(240)] };
    const [free, limited] = [await made(cylinder, [target, organ], { beams }), await made(cylinder, [target, organ], { beams, goals: [goal("SpinalCord", "Max[Gy]", { atMost: 9 })] })];
    expect(histogram(limited, "SpinalCord").max.low).toBeLessThan(histogram(free, "SpinalCord").max.low - 1);
    expect(histogram(limited, "SpinalCord").mean.low).toBeLessThan(histogram(free, "SpinalCord").mean.low / 2);
    expect(histogram(limited, "PTV").d50.low).toBeCloseTo(20, 1);
  });

  test("many small fields from all over, normalized to D95%, leave the middle hot", async () => {
    const beams = { given: [...[0, 40, 80, 160, 200, 240, 320].map((gantry) => from(gantry)), from(30, 90), from(330, 90)] };
    const plan = await made(cylinder, [ball("PTV", 18, [0, 0, 0], "PTV")], {
      technique: "SBRT", beams, normalization: { kind: "metric", structure: "PTV", metric: "D95%[Gy]", gy: 20 },
      conformal: { marginMm: -1, leafStrategy: "middle", fieldsInField: 0, hottestPercent: 105 },
    });
    expect(histogram(plan, "PTV").d95.low).toBeCloseTo(20, 1);
    expect(highest(plan)).toBeGreaterThan(1.15 * 20);
    expect(plan.notes.join(" ")).not.toContain("hottest");
  });

  test("told to stop it ends with what it has; aborted it ends with nothing", async () => {
    const scan = { ct: cylinder, structures: [target], patientPosition: "HFS" as const, uids: { ct: "1", structureSet: "2" }, synthetic: true };
    const setting = await settingOf(asked({ beams: { given: [from(0), from(180)] }, conformal: { marginMm: 7, leafStrategy: "middle", fieldsInField: 3, hottestPercent: 101 } }), scan, {});
    const { beams } = await conformalBeams(setting, { crew, engine: "test", stop: AbortSignal.abort() });
    expect(beams.map(({ controlPoints }) => controlPoints.length)).toEqual([2, 2]);
    await expect(conformalBeams(setting, { crew, engine: "test", signal: AbortSignal.abort(new Error("no more")) })).rejects.toThrow("no more");
  });
});

describe("fields within fields", () => {
  test("under a slanted surface they lower the maximum while 95 % of the target keep what they have", async () => {
    const target = ball("PTV", 35, [0, 0, 0], "PTV");
    const beams = { given: [from(0), from(180)] };
    const normalization = { kind: "metric", structure: "PTV", metric: "D95%[Gy]", gy: 20 } as const;
    const conformal = { marginMm: 7, leafStrategy: "middle", hottestPercent: 105 } as const;
    const open = await made(slanted, [target], { beams, normalization, conformal: { ...conformal, fieldsInField: 0 } });
    const within = await made(slanted, [target], { beams, normalization, conformal: { ...conformal, fieldsInField: 2 } });
    for (const plan of [open, within]) expect(histogram(plan, "PTV").d95.low).toBeCloseTo(20, 1);
    expect(highest(within)).toBeLessThan(highest(open) - 0.02 * 20);
    const segments = within.beams.map(({ controlPoints }) => controlPoints.length / 2);
    expect(Math.max(...segments)).toBeGreaterThan(1);
    for (const count of segments) expect(count).toBeLessThanOrEqual(3);
  });
});
