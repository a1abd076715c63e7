import { HapaxError } from "@hapax/base";
import type { PlanBeam, TreatmentPlan } from "@hapax/case";
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { openCrew } from "@hapax/kernels/crew-node";
import type { Crew } from "@hapax/kernels";
import { machineNamed } from "./machine-schema.ts";
import { waterMedium } from "./medium.ts";
import { planDose, type PlanDoseOptions } from "./plan-dose.ts";

// A cube of water, 24 cm, its front at y = -100 mm: SSD 900 and 10 cm to the isocenter for gantry 0, the calibration's conditions.
const medium = waterMedium({ size: [49, 49, 49], spacingMm: 5, origin: [-120, -97.5, -120], frameOfReference: "1.2.3" });
const limits = { x: [-50, 50], y: [-50, 50] } as const;
const point = (metersetShare: number, gantryDeg = 0) => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0] as const, limits });
const beam: PlanBeam = { number: 1, name: "AP", type: "STATIC", radiation: "PHOTON", machine: "generic-6mv", energyMv: 6, sadMm: 1000, meterset: 100, controlPoints: [point(0), point(1)] };
const planOf = (...beams: PlanBeam[]): TreatmentPlan => ({ uid: "1", studyUid: "2", seriesUid: "3", files: [], label: "test", synthetic: true, problems: [], prescriptions: [], fractions: 2, beams });

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());
const doseOf = (plan: TreatmentPlan, more: Partial<PlanDoseOptions> = {}) => planDose({ plan, medium, patientPosition: "HFS", cones: 24, crew, ...more });
const refusalOf = (plan: TreatmentPlan, more?: Partial<PlanDoseOptions>) =>
  doseOf(plan, more).then(() => "calculated", (cause: unknown) => (cause instanceof HapaxError ? cause.code : Promise.reject(cause)));

describe("absolute dose", () => {
  test("100 MU of the calibration's field give 1 Gy at its depth, twice in two fractions", async () => {
    const { beams, absolute } = await doseOf(planOf(beam), { cones: 72 });
    expect(absolute).toBe(true);
    // 100 MU × 0.01 Gy per MU × 2 fractions, on a grid of 5 mm.
    expect(beams[0]?.isocenterGy).toBeGreaterThan(1.97);
    expect(beams[0]?.isocenterGy).toBeLessThan(2.03);
  });

  test("two beams give the sum of their doses, and each its share at the isocenter", async () => {
    const other = { ...beam, number: 2, name: "left", meterset: 40, controlPoints: [point(0, 90), point(1, 90)] };
    const [both, first, second] = [await doseOf(planOf(beam, other)), await doseOf(planOf(beam)), await doseOf(planOf(other))];
    both.doseGy.forEach((gy, i) => {
      if (Math.abs(gy - (first.doseGy[i] as number) - (second.doseGy[i] as number)) > 1e-5) throw new Error(`voxel ${i}`);
    });
    expect(both.beams.map(({ isocenterGy }) => isocenterGy)).toEqual([first.beams[0]?.isocenterGy, second.beams[0]?.isocenterGy]);
  });

  test("a result says by what it was made", async () => {
    const { machines, curve, cones, fractions, notes } = await doseOf(planOf(beam));
    expect({ machines: machines.map(({ id }) => id), curve, cones, fractions, notes }).toEqual({ machines: ["generic-6mv"], curve: "water", cones: 24, fractions: 2, notes: ["A phantom of water."] });
  });

  test("without monitor units doses are relative, and say so", async () => {
    const { meterset: _, ...unweighted } = beam;
    const { absolute, notes } = await doseOf(planOf(unweighted));
    expect(absolute).toBe(false);
    expect(notes).toContain("a beam has no monitor units: doses are relative, each beam weighs the same");
  });
});

describe("what cannot be calculated is refused", () => {
  test("a machine that we lack, unless one is chosen, which is noted", async () => {
    const elsewhere = planOf({ ...beam, machine: "LINAC7" });
    expect(await refusalOf(elsewhere)).toBe("dose/machine-missing");
    expect((await doseOf(elsewhere, { machine: machineNamed("synergy-6mv") })).notes.join()).toContain("planned for LINAC7");
  });
  test("an energy that the machine does not have", async () => expect(await refusalOf(planOf({ ...beam, energyMv: 15 }))).toBe("dose/energy"));
  test.each(["ELECTRON", "PROTON", "ION"])("a beam of kind %s", async (radiation) => expect(await refusalOf(planOf({ ...beam, radiation }))).toBe("dose/radiation"));
  test("a jaw beyond its travel", async () => {
    const wide = { ...point(0), limits: { x: [-50, 230] as const, y: [-50, 50] as const } };
    expect(await refusalOf(planOf({ ...beam, controlPoints: [wide, { ...wide, metersetShare: 1 }] }))).toBe("dose/jaw-travel");
  });
  test("a leaf beyond its travel", async () => {
    const leaves = [...Array<number>(60).fill(-210), ...Array<number>(60).fill(10)];
    const far = { ...point(0), limits: { leaves } };
    expect(await refusalOf(planOf({ ...beam, controlPoints: [far, { ...far, metersetShare: 1 }] }))).toBe("dose/leaf-travel");
  });
  test("a body whose front is not in the image, for a beam from in front and for no other", async () => {
    const front = Int32Array.from({ length: 49 * 49 }, (_, i) => (i % 49) + 49 * 49 * Math.floor(i / 49));
    const cut = { ...medium, cut: { voxels: front, faces: new Uint8Array(front.length).fill(2) } };
    expect(await refusalOf(planOf(beam), { medium: cut })).toBe("dose/entry-unknown");
    expect(await refusalOf(planOf({ ...beam, controlPoints: [point(0, 90), point(1, 90)] }), { medium: cut })).toBe("calculated");
  });
  test("a voxel in the beam whose CT number is not known", async () => {
    const middle = 24 + 49 * (24 + 49 * 24);
    expect(await refusalOf(planOf(beam), { medium: { ...medium, unknown: Int32Array.of(middle) } })).toBe("dose/density-unknown");
    // Beside the field.
    expect(await refusalOf(planOf(beam), { medium: { ...medium, unknown: Int32Array.of(middle + 20) } })).toBe("calculated");
  });
  test("an isocenter so far outside the image that nothing is met", async () => {
    const away = { ...point(0), isocenter: [0, 0, 900] as const };
    expect(await refusalOf(planOf({ ...beam, controlPoints: [away, { ...away, metersetShare: 1 }] }))).toBe("dose/beam-misses");
  });
  test("a plan without beams", async () => expect(await refusalOf(planOf())).toBe("dose/no-beams"));
  test("work that is called off", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(doseOf(planOf(beam), { signal: stop.signal })).rejects.toThrow("enough");
  });
});
