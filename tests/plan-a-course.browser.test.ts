import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type Volume } from "@hapax/base";
import { uidOf, writeCtSeries, writeRtStruct, type WriteContext } from "@hapax/dicom";
import { dropFiles, openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const seed = "plan a course";
const frameOfReference = uidOf(`${seed} frame`);

/** A made-up study: water of 24 × 18 × 14 cm in air, a target of 5 cm in its middle, and a cord behind it. */
function study() {
  const context: WriteContext = { patient: { id: "PLANNED", name: "Planned", sex: "male" }, seed, label: "box", date: "2024-03-07", synthetic: true };
  const [nx, ny, nz] = [36, 28, 28];
  const grid = gridOf({ size: [nx, ny, nz], origin: [-140, -108, -67.5], spacing: [8, 8, 5], frameOfReference });
  const hu = (i: number): number => (Math.abs(-140 + 8 * (i % nx)) < 120 && Math.abs(-108 + 8 * (Math.floor(i / nx) % ny)) < 90 ? 0 : -1000);
  const ct: Volume = { grid, values: new Int16Array(nx * ny * nz).map((_, i) => hu(i)), slope: 1, intercept: 0, unit: "HU" };
  const column = (y: number, half: number, deep: number, high: number) =>
    Array.from({ length: nz }, (_, k) => -67.5 + 5 * k).filter((z) => Math.abs(z) < high).map((z) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.of(-half, y - deep, z, half, y - deep, z, half, y + deep, z, -half, y + deep, z) }));
  const structures = [
    { number: 1, name: "BODY", type: "EXTERNAL", contours: column(0, 120, 90, 68) },
    { number: 2, name: "PTV", type: "PTV", contours: column(0, 25, 25, 25) },
    { number: 3, name: "SpinalCord", type: "ORGAN", contours: column(55, 8, 8, 60) },
  ];
  return [...writeCtSeries(ct, context), writeRtStruct({ frameOfReference, structures }, context)].map(({ bytes }, i) => ({ name: `${i}.dcm`, bytes }));
}

describe.skipIf(withoutBrowser)("a physicist plans a course, keeps it, and compares two (needs Chromium)", () => {
  let bench: Workbench;
  let address: string;
  beforeAll(async () => {
    bench = await openWorkbench();
    await bench.goto("/cases");
    await dropFiles(bench.page, ".cases", study());
    await bench.page.waitForURL(/\/images/, { timeout: 30_000 });
    address = new URL(bench.page.url()).pathname.replace("/images", "/plan");
  }, 90_000);
  afterAll(() => bench?.close());

  const start = () => bench.page.getByRole("button", { name: "Start", exact: true });
  const keep = () => bench.page.getByRole("button", { name: "Keep with the case" });
  const field = async (label: RegExp, value: string) => {
    const input = bench.page.getByLabel(label);
    await input.fill(value);
    await input.press("Enter");
  };
  const complaints = async () => {
    await bench.page.evaluate(axe);
    return bench.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
      return violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`);
    });
  };

  test("a template brings prescription, beams and goals with their sources; a density curve is not taken unasked", async () => {
    await bench.goto(address);
    await bench.page.getByLabel(/^From/).selectOption({ label: "Chest, 60 Gy in 30" });
    await bench.page.getByText("2 × 30").waitFor();
    await bench.page.getByText("7, coplanar").waitFor();
    await bench.page.getByRole("button", { name: /PTV D95% ≥ 57\.0/ }).click();
    await bench.page.locator(".plan-goals .unverified", { hasText: "unverified" }).waitFor();
    expect(await start().isDisabled()).toBe(true);
    await bench.page.getByText("Choose a density curve.").waitFor();
    expect(await complaints()).toEqual([]);
  });

  test("a beam is turned with the arrow keys, in the axial picture and in the room", async () => {
    await bench.page.getByRole("button", { name: /gantry 0°/ }).press("ArrowRight");
    await bench.page.getByRole("button", { name: /gantry 5°/ }).waitFor();
    await bench.page.keyboard.press("r");
    const room = bench.page.getByLabel(/^Room view, G000, gantry 5°/);
    await room.press("ArrowLeft");
    await bench.page.getByLabel(/^Room view, G000, gantry 0°/).waitFor();
    expect(await complaints()).toEqual([]);
  });

  test("the plan is optimized while its objective and histograms move, and its goals are judged", async () => {
    await bench.page.getByLabel(/^Density curve/).selectOption("matrad-default");
    await bench.page.getByLabel(/^Dose grid/).selectOption("5");
    await bench.page.getByLabel(/^Directions/).selectOption({ label: "evenly spaced" });
    await field(/^Beams, 1 to 36/, "3");
    await field(/^Iterations at each priority/, "15");
    await field(/^Segments of a beam/, "3");
    await start().click();
    await bench.page.getByRole("progressbar", { name: /^Making the plan/ }).waitFor();
    await bench.page.getByRole("img", { name: /^The objective is/ }).waitFor({ timeout: 60_000 });
    await keep().waitFor({ timeout: 90_000 });
    const goals = bench.page.locator(".plan-outcomes");
    await expect.poll(() => goals.innerText()).toMatch(/PTV\s+D95% ≥ 57\.0\s+\d+\.\d\s+(met|holds|not met)/);
    await bench.page.getByRole("img", { name: /^Dose–volume histograms of .*PTV/ }).waitFor({ timeout: 20_000 });
    expect(await complaints()).toEqual([]);
  }, 150_000);

  test("another page and back it is still there; kept with the case it is there after a reload", async () => {
    await bench.page.keyboard.press("1");
    await bench.page.waitForURL(/\/board/);
    await bench.page.keyboard.press("8");
    await keep().click();
    await bench.page.getByRole("button", { name: /^1, kept/ }).waitFor({ timeout: 30_000 });
    await bench.goto(address);
    await bench.page.getByRole("button", { name: /^1, kept/ }).waitFor();
    expect(await keep().count()).toBe(0);
  }, 60_000);

  test("a second is stopped by Escape and keeps what it has; side by side both show goals, monitor units and time", async () => {
    await field(/^Iterations at each priority/, "400");
    await start().click();
    await bench.page.getByText("Revision 1 stays as it is.").waitFor();
    await bench.page.getByRole("img", { name: /^The objective is/ }).waitFor({ timeout: 60_000 });
    await bench.page.keyboard.press("Escape");
    await keep().waitFor({ timeout: 90_000 });
    await bench.page.getByLabel(/^Compare .*1, kept/).check();
    await bench.page.getByLabel(/^Compare .*now, not kept/).check();
    await bench.page.getByRole("heading", { name: "Side by side" }).waitFor();
    const table = await bench.page.locator(".plan-compare").innerText();
    for (const row of ["D95% ≥ 57.0", "MU of a fraction", "Time of a fraction"]) expect(table).toContain(row);
    await expect.poll(() => bench.page.locator(".plan-wash-row canvas[data-painted]").count(), { timeout: 20_000 }).toBe(3);
    expect(await complaints()).toEqual([]);
  }, 180_000);

  test("no page complained, and nothing was asked of another machine", () => {
    expect(bench.complaints).toEqual([]);
  });
});
