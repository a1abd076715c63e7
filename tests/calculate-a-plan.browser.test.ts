import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { uidOf, writeCtSeries, writeRtDose, writeRtPlan, writeRtStruct, type WriteContext } from "@hapax/dicom";
import { dropFiles, openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

const seed = "calculate a plan";
const frameOfReference = uidOf(`${seed} frame`);

/** A made-up study: water of 32 × 24 × 24 cm in air, two opposed fields of 10 × 10 cm on its middle, and a dose that is 2 Gy between them. */
function study() {
  const context: WriteContext = { patient: { id: "BOX", name: "Box", sex: "female" }, seed, label: "box", date: "2024-03-07", synthetic: true };
  const grid = gridOf({ size: [92, 72, 60], origin: [-182, -142, -118], spacing: [4, 4, 4], frameOfReference });
  const hu = (i: number): number => {
    const [x, y] = [-182 + 4 * (i % 92), -142 + 4 * (Math.floor(i / 92) % 72)];
    return Math.abs(x) < 160 && Math.abs(y) < 120 ? 0 : -1000;
  };
  const ct: Volume = { grid, values: new Int16Array(92 * 72 * 60).map((_, i) => hu(i)), slope: 1, intercept: 0, unit: "HU" };
  const doseGrid = gridOf({ size: [64, 48, 48], origin: [-157.5, -117.5, -117.5], spacing: [5, 5, 5], frameOfReference });
  const open = (i: number): boolean => Math.abs(-157.5 + 5 * (i % 64)) < 50 && Math.abs(-117.5 + 5 * Math.floor(i / (64 * 48))) < 50;
  const dose: Volume = { grid: doseGrid, values: new Float32Array(64 * 48 * 48).map((_, i) => (open(i) ? 2 : 0)), slope: 1, intercept: 0, unit: "Gy" };
  const square = (half: number, deep: number, z: number) => Float64Array.of(-half, -deep, z, half, -deep, z, half, deep, z, -half, deep, z);
  const box = (half: number, deep: number, high: number) => Array.from({ length: (2 * high) / 4 + 1 }, (_, i) => ({ type: "CLOSED_PLANAR" as const, points: square(half, deep, -high + 2 + 4 * i) }));
  const structures = [
    { number: 1, name: "BODY", type: "EXTERNAL", contours: box(160, 120, 118) },
    { number: 2, name: "PTV", type: "PTV", contours: box(40, 40, 38) },
  ];
  const structureSetUid = uidOf(`${seed} RTSTRUCT box 1`);
  const isocenter: Vec3 = [0, 0, 0];
  const beams = [0, 180].map((gantryDeg, n): PlanBeam => ({
    number: n + 1, name: gantryDeg === 0 ? "AP" : "PA", type: "STATIC", radiation: "PHOTON", machine: "Linac 3", energyMv: 6, sadMm: 1000, meterset: 130,
    controlPoints: [0, 1].map((metersetShare) => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter, limits: { x: [-50, 50], y: [-50, 50] } })),
  }));
  const plan = writeRtPlan({ structureSetUid, prescriptions: [{ structure: 2, role: "TARGET", targetGy: 2 }], fractions: 1, beams, intent: "CURATIVE" }, context);
  return [...writeCtSeries(ct, context), writeRtStruct({ frameOfReference, structures }, context), plan, writeRtDose(dose, context, { planUid: uidOf(`${seed} RTPLAN box 1`), comment: "of the file" })];
}

/** Longest time between two pictures of the page since it was asked, ms. */
declare const frames: { longest: number };

describe.skipIf(withoutBrowser)("a physicist calculates a plan anew and holds it against the dose of its file (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
    await bench.goto("/cases");
    await dropFiles(bench.page, ".cases", study());
    await bench.page.waitForURL(/\/images/, { timeout: 30_000 });
    await bench.page.locator("canvas[data-painted]").nth(2).waitFor();
  }, 90_000);
  afterAll(() => bench?.close());

  const panel = () => bench.page.locator("details", { has: bench.page.getByRole("heading", { name: "Calculate" }) });
  const readout = () => bench.page.locator("[data-view=axial] .view-readout").innerText();
  const calculate = () => panel().getByRole("button", { name: "Calculate" });
  const progress = () => panel().getByRole("progressbar");

  test("a machine that is none of ours is not replaced by another, and no density curve is taken unasked", async () => {
    await panel().locator("summary").click();
    await panel().getByText("The plan is for “Linac 3”, which is none of these. Its beams are of 6 MV.").waitFor();
    expect(await calculate().isDisabled()).toBe(true);
    expect(await panel().innerText()).toContain("Choose a machine and a density curve.");
    await panel().getByLabel("Machine").selectOption("generic-6mv");
    await panel().getByLabel("Density curve").selectOption("schneider2000-gate");
    expect(await panel().innerText()).toContain("Generic, not of your scanner.");
    expect(await calculate().isEnabled()).toBe(true);
  });

  test("Escape ends a calculation, and nothing has changed", async () => {
    await panel().getByLabel("Grid").selectOption("2");
    await panel().getByLabel("Cones").selectOption("72");
    await calculate().click();
    await progress().waitFor();
    await bench.page.keyboard.press("Escape");
    await calculate().waitFor();
    expect(await panel().getByText("calculated:").count()).toBe(0);
  });

  test("the plan is calculated beam by beam while the page goes on drawing, and its dose is shown with its making", async () => {
    await panel().getByLabel("Grid").selectOption("4");
    await panel().getByLabel("Cones").selectOption("24");
    await bench.page.evaluate(() => {
      const kept = { longest: 0 };
      let before = performance.now();
      const look = (now: number) => {
        kept.longest = Math.max(kept.longest, now - before);
        before = now;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      Object.assign(globalThis, { frames: kept });
    });
    await calculate().click();
    await panel().getByText(/\d+ %, beam \d of 2/).waitFor();
    await panel().getByText("calculated: generic-6mv, 24 cones, 4 mm").waitFor({ timeout: 40_000 });
    expect(await bench.page.evaluate(() => frames.longest)).toBeLessThan(1000);
    const told = await panel().locator(".side-method").innerText();
    expect(told).toContain("Generic linear accelerator, 6 MV (generic-6mv), version");
    expect(told).toContain("Collapsed cones, 24 directions");
    expect(told).toContain("Density curve schneider2000-gate");
    expect(told).toContain("planned for Linac 3, calculated with Generic linear accelerator, 6 MV, as chosen");
    // 1 cGy for each MU at 10 cm, 1.3 Gy in all, and 2 cm more take about 7 % away: 1.2 Gy of each beam.
    const atIsocenter = [...told.matchAll(/(AP|PA): 130\.0 MU in 1 fraction, ([\d.]+) Gy at its isocenter/g)].map(([, , gy]) => Number(gy));
    expect(atIsocenter).toHaveLength(2);
    for (const gy of atIsocenter) expect(Math.abs(gy - 1.2)).toBeLessThan(0.06);
    await expect.poll(readout).toMatch(/\b2\.[34] Gy 1[12]\d\.\d %/);
  }, 45_000);

  test("one button holds it against the dose of the file: difference, gamma and both histograms", async () => {
    await panel().getByRole("button", { name: "Compare with the dose of the file" }).click();
    const difference = bench.page.locator("details", { has: bench.page.getByRole("heading", { name: "Difference" }) });
    await difference.getByText(/mean [+−]?\d\.\d\d Gy/).waitFor();
    await bench.page.getByText(/% pass: \d+ of \d+ points/).waitFor({ timeout: 20_000 });
    await expect.poll(() => bench.page.locator(".side-dvh .dvh-curve.second").count()).toBe(1);
    expect(await readout()).toContain("second 2.0 Gy");
    await difference.getByLabel("in the views").check();
    await expect.poll(readout).toMatch(/^0 HU\s+[+−]?0\.\d\d Gy [+−]?\d+\.\d %/);
    await difference.getByLabel("in the views").uncheck();
  }, 30_000);

  test("kept with the case it is there after a reload, after the dose that came with the plan", async () => {
    await panel().getByRole("button", { name: "Keep with the case" }).click();
    await panel().getByText("Kept with the case.").waitFor();
    await bench.goto(new URL(bench.page.url()).pathname);
    const shown = bench.page.getByLabel(/^Shown/);
    await shown.waitFor();
    expect(await shown.locator("option").allInnerTexts()).toEqual(["of the file", "calculated: generic-6mv, 24 cones, 4 mm"]);
    expect(await shown.locator("option:checked").innerText()).toBe("of the file");
    await shown.selectOption({ label: "calculated: generic-6mv, 24 cones, 4 mm" });
    await expect.poll(readout).toMatch(/\b2\.[34] Gy/);
    await bench.page.getByText("What its file says of it").click();
    await bench.page.getByText("Collapsed cones, 24 directions").waitFor();
  }, 30_000);

  test("nothing was asked of another machine, and no page complained", () => {
    expect(bench.complaints).toEqual([]);
  });
});
