import { gridOf, HapaxError, type Vec3, type Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { machineNamed } from "@hapax/dose";
import { openCrew } from "@hapax/kernels/crew-node";
import { expect, test } from "vitest";
import { calculatePlan } from "./calculate-plan.ts";
import { makePlan } from "./make-plan.ts";
import type { PlanMade, PlanningProgress } from "./plan-made.ts";
import type { PlanRequest } from "./request.ts";
import type { PlanningScan } from "./setting.ts";
import { ball, goal, rod } from "./setup/setting.fixture.ts";

const frameOfReference = "1.2.3";
const side = 34, spacingMm = 6;
const first = (-(side - 1) * spacingMm) / 2;

/** A cube of water of 204 mm, a target of 25 mm radius and an organ close behind it. */
const scan: PlanningScan = {
  ct: { grid: gridOf({ size: [side, side, side], origin: [first, first, first], spacing: [spacingMm, spacingMm, spacingMm], frameOfReference }), values: new Int16Array(side ** 3), slope: 1, intercept: 0, unit: "HU" } as Volume,
  structures: [cube("Body", 98), { ...ball("PTV", 25, [0, 0, 0], "PTV"), number: 2 }, { ...rod("SpinalCord", 6, [0, 40]), number: 3 }],
  patientPosition: "HFS",
  uids: { ct: "1.2.3.1", structureSet: "1.2.3.2" },
  synthetic: true,
};

function cube(name: string, half: number): Structure {
  const contours = Array.from({ length: 33 }, (_, k) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.from([[-half, -half], [half, -half], [half, half], [-half, half]].flatMap(([x, y]) => [x as number, y as number, -96 + 6 * k])) }));
  return { number: 1, name, type: "EXTERNAL", contours };
}

const request: PlanRequest = {
  schema: "hapax/plan", version: 1, id: "ball", name: "Ball", technique: "IMRT", intent: "CURATIVE", fractions: 20,
  prescriptions: [{ structure: "PTV", doseGy: 40 }], normalization: { kind: "none" },
  machine: { id: "generic-6mv", version: machineNamed("generic-6mv").version }, curve: "matrad-default", gridMm: 6,
  beams: { even: 5 },
  goals: [
    goal("SpinalCord", "Max[Gy]", { atMost: 15, priority: 1 }),
    goal("PTV", "D95%[Gy]", { atLeast: 38, priority: 2 }),
  ],
  modulated: { bixelMm: 10, segmentsPerBeam: 6, leastSegmentMu: 1, smoothing: 0.3, iterations: 40, corrections: 1 },
};

const outcome = (made: PlanMade, structure: string) => made.outcomes.find(({ goal: asked }) => asked.structure === structure);

test("a modulated plan covers its target and spares the organ behind it, and its dose is that of its beams", async () => {
  const crew = await openCrew(2);
  try {
    const told: PlanningProgress[] = [];
    const { made, dose } = await makePlan(request, scan, { crew, engine: "test", onProgress: (progress) => told.push(progress) });
    expect(outcome(made, "PTV")?.verdict).toMatch(/met|held/);
    expect(outcome(made, "SpinalCord")?.value?.high).toBeLessThan(15);
    // Five beams of at most six openings.
    expect(made.segments).toBeLessThanOrEqual(30);
    expect(made.mu).toBeCloseTo(made.beams.reduce((sum, { meterset = 0 }) => sum + meterset, 0), 6);
    const again = await calculatePlan(made, scan, { crew });
    expect(again.values).toEqual(dose.values);
    const shares = told.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  } finally {
    await crew.close();
  }
}, 60_000);

test("one thread and two make the same plan to the bit", async () => {
  const [one, two] = [await openCrew(1), await openCrew(2)];
  try {
    const [a, b] = [await makePlan(request, scan, { crew: one, engine: "test" }), await makePlan(request, scan, { crew: two, engine: "test" })];
    expect(a.made.beams).toEqual(b.made.beams);
    expect(a.dose.values).toEqual(b.dose.values);
  } finally {
    await one.close();
    await two.close();
  }
}, 120_000);

test("goals that cannot be met end with the best plan, which names the limit that holds it and its price", async () => {
  const crew = await openCrew(2);
  try {
    // The organ's middle lies in the target.
    const inside = { ...scan, structures: scan.structures.map((one) => (one.name === "SpinalCord" ? { ...rod("SpinalCord", 8, [0, 20]), number: 3 } : one)) };
    const { made } = await makePlan(request, inside, { crew, engine: "test" });
    expect(outcome(made, "PTV")?.verdict).toBe("not met");
    expect(made.holds[0]?.goal.structure).toBe("SpinalCord");
    // A gray more for the organ is dose for the target.
    expect(made.holds[0]?.price.find(({ structure }) => structure === "PTV")?.changePerGy).toBeGreaterThan(0.05);
  } finally {
    await crew.close();
  }
}, 60_000);

test("open fields are made by the same call, normalized as asked", async () => {
  const crew = await openCrew(2);
  try {
    const { modulated: _, ...rest } = request;
    const open: PlanRequest = {
      ...rest, technique: "3D conformal", beams: { even: 3 }, goals: [goal("PTV", "D95%[Gy]", { atLeast: 38, priority: 2 })],
      normalization: { kind: "metric", structure: "PTV", metric: "D50%[Gy]", gy: 40 },
      conformal: { marginMm: 7, leafStrategy: "middle", fieldsInField: 0, hottestPercent: 107 },
    };
    const { made } = await makePlan(open, scan, { crew, engine: "test" });
    const median = made.indices.find(({ name, structure }) => structure === "PTV" && name.startsWith("D50%"))?.value.low;
    // Monitor units are whole tenths: some 60 of them a beam are true to a tenth of a percent.
    expect(Math.abs((median ?? 0) / 40 - 1)).toBeLessThan(0.002);
    expect(made.segments).toBe(3);
  } finally {
    await crew.close();
  }
}, 60_000);

test("stopped, it is delivered as far as it came; discarded, there is nothing", async () => {
  const crew = await openCrew(2);
  try {
    const stop = new AbortController();
    const { made, dose } = await makePlan(request, scan, { crew, engine: "test", stop: stop.signal, onProgress: ({ iteration }) => iteration !== undefined && stop.abort() });
    expect(made.stopped).toBe(true);
    expect(dose.values.some((gy) => gy > 10)).toBe(true);
    const discard = new AbortController();
    const discarded = makePlan(request, scan, { crew, engine: "test", signal: discard.signal, onProgress: ({ step }) => step === "optimizing" && discard.abort() });
    await expect(discarded).rejects.toThrow("aborted");
    // Its memory was given back: the crew plans on.
    await expect(makePlan({ ...request, modulated: { ...request.modulated as NonNullable<PlanRequest["modulated"]>, iterations: 2 } }, scan, { crew, engine: "test", stop: AbortSignal.abort() })).resolves.toBeDefined();
  } finally {
    await crew.close();
  }
}, 60_000);

test("a plan of another frame of reference is not calculated", async () => {
  const crew = await openCrew(1);
  try {
    const elsewhere = { request, madeFrom: { frameOfReference: "9.9" }, beams: [] } as unknown as PlanMade;
    await expect(calculatePlan(elsewhere, scan, { crew })).rejects.toMatchObject({ code: "planning/other-scan" } satisfies Partial<HapaxError>);
  } finally {
    await crew.close();
  }
});

test("the isocenter lies in the middle of all targets unless one is asked for", async () => {
  const crew = await openCrew(1);
  try {
    const at: Vec3 = [0, 0, 0];
    const { made } = await makePlan({ ...request, modulated: { ...request.modulated as NonNullable<PlanRequest["modulated"]>, iterations: 1, corrections: 0 } }, scan, { crew, engine: "test", stop: AbortSignal.abort() });
    made.isocenter.forEach((mm, axis) => expect(Math.abs(mm - at[axis as 0 | 1 | 2])).toBeLessThanOrEqual(spacingMm / 2));
  } finally {
    await crew.close();
  }
}, 60_000);
