import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { uidOf, writeCtSeries, writeRtDose, writeRtPlan, writeRtStruct, type WriteContext } from "@hapax/dicom";
import { dropFiles, openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const seed = "see dose on ct";
const frameOfReference = uidOf(`${seed} frame`);
const grid = gridOf({ size: [64, 48, 32], origin: [-126, -94, -62], spacing: [4, 4, 4], frameOfReference });
/** A value that tells its own place: 10 HU for each column, and each slice 1 HU more. */
const hu = (i: number, k: number): number => 10 * i - 300 + k;
/** Half of the dose to the patient's left of x = 0, all of it to the right; what is left of the middle is 10 Gy. */
const gray = ([x]: Vec3): number => (x < 0 ? 20.6 : 10);

/** A made-up study: a ramp as CT, a dose of two halves on a grid of its own, and a cube of 1000 cm³ in the hot half. */
function study() {
  const context: WriteContext = { patient: { id: "RAMP", name: "Ramp", sex: "female" }, seed, label: "chest", date: "2024-03-07", synthetic: true };
  const ct: Volume = { grid, values: new Int16Array(64 * 48 * 32).map((_, i) => hu(i % 64, Math.floor(i / (64 * 48)))), slope: 1, intercept: 0, unit: "HU" };
  const doseGrid = gridOf({ size: [101, 77, 53], origin: [-124.25, -93, -61], spacing: [2.5, 2.5, 2.4], frameOfReference });
  const dose: Volume = { grid: doseGrid, values: new Float32Array(101 * 77 * 53).map((_, i) => gray([-124.25 + 2.5 * (i % 101), 0, 0])), slope: 1, intercept: 0, unit: "Gy" };
  const square = (z: number) => Float64Array.of(-110, -50, z, -10, -50, z, -10, 50, z, -110, 50, z);
  // Planes from −50 to 46, each 4 mm thick: 25 of them make 100 mm.
  const cube = Array.from({ length: 25 }, (_, i) => ({ type: "CLOSED_PLANAR" as const, points: square(-50 + 4 * i) }));
  const structures = [
    { number: 1, name: "PTV_High", type: "PTV", contours: cube },
    { number: 2, name: "SpinalCord", type: "ORGAN", contours: [] },
  ];
  const structureSetUid = uidOf(`${seed} RTSTRUCT chest 1`);
  const plan = writeRtPlan({ structureSetUid, prescriptions: [{ structure: 1, role: "TARGET", targetGy: 20 }], fractions: 5, beams: [], intent: "PALLIATIVE" }, context);
  return [...writeCtSeries(ct, context), writeRtStruct({ frameOfReference, structures }, context), plan, writeRtDose(dose, context, { planUid: uidOf(`${seed} RTPLAN chest 1`) })];
}

describe.skipIf(withoutBrowser)("a clinician drops CT, contours, plan and dose (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 60_000);
  afterAll(() => bench?.close());

  const view = (name: string) => bench.page.locator(`[data-view=${name}]`);
  const readout = (name: string) => view(name).locator(".view-readout").innerText();
  const painted = () => bench.page.locator("canvas[data-painted]").nth(2).waitFor();
  /** Where a view says that its slice lies, mm. */
  const position = async (name: string) => Number(/(−?[\d.]+) mm/.exec((await view(name).getAttribute("aria-label")) ?? "")?.[1]?.replace("−", "-"));
  /** The color of a view's picture beside its crosshair, so many px to its right. */
  const color = (name: string, right: number, down = 0) =>
    view(name).locator("canvas").first().evaluate((canvas: HTMLCanvasElement, [dx, dy]) => {
      const [x, y] = [Math.round(canvas.width / 2) + (dx ?? 0), Math.round(canvas.height / 2) + (dy ?? 0)];
      return [...(canvas.getContext("2d")?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3);
    }, [right, down]);

  test("niivue-vscode 52: a folder dropped on the list of cases makes a case, and three planes of it are drawn", async () => {
    await bench.goto("/cases");
    await dropFiles(bench.page, ".cases", study());
    await bench.page.waitForURL(/\/images/, { timeout: 30_000 });
    await painted();
    expect(await bench.page.getByText("SYNTHETIC", { exact: true }).count()).toBeGreaterThanOrEqual(3);
  }, 60_000);

  test("the letters stand where the patient's sides are", async () => {
    const letters = (name: string) => view(name).locator(".view-letters text").allTextContents();
    // Above, below, at the left and at the right of each picture.
    expect(await letters("axial")).toEqual(["A", "P", "R", "L"]);
    expect(await letters("coronal")).toEqual(["S", "I", "R", "L"]);
    expect(await letters("sagittal")).toEqual(["S", "I", "A", "P"]);
  });

  test("the value at the crosshair is the file's, and a slice further it is the next one's", async () => {
    const here = async () => {
      const [x, z] = [await position("sagittal"), await position("axial")];
      return Math.round(hu((x + 126) / 4, (z + 62) / 4));
    };
    expect(await readout("axial")).toContain(`${String(await here()).replace("-", "−")} HU`);
    const before = await here();
    await view("axial").focus();
    await bench.page.keyboard.press("ArrowUp");
    await expect.poll(here).toBe(before + 1);
    expect(await readout("coronal")).toContain(`${String(before + 1).replace("-", "−")} HU`);
  });

  test("a click in one plane moves the others to that place", async () => {
    const box = await view("axial").boundingBox();
    const before = await position("sagittal");
    await view("axial").click({ position: { x: (box?.width ?? 0) / 2 - 170, y: (box?.height ?? 0) / 2 } });
    await expect.poll(() => position("sagittal")).toBeLessThan(before - 20);
    expect(await readout("sagittal")).toContain("20.6 Gy");
    expect(await readout("sagittal")).toContain("103.0 %");
    expect(await readout("sagittal")).toContain("PTV_High");
  });

  test("the wash is green in the hot half and leaves the cold half gray; D takes it away", async () => {
    // 103 % lies in the band from 102 %, which is green; 50 % in none.
    const [red, green, blue] = await color("axial", -60, 20);
    expect(green).toBeGreaterThan(Math.max(red ?? 0, blue ?? 0) + 15);
    const cold = await color("axial", 60, 20);
    expect(new Set(cold).size).toBe(1);
    await bench.page.keyboard.press("d");
    await expect.poll(async () => new Set(await color("axial", -60, 20)).size).toBe(1);
    await bench.page.keyboard.press("d");
  });

  test("OHIF 1897: the cube has its volume and its dose, and what is not drawn says so", async () => {
    const row = bench.page.getByRole("row", { name: /PTV_High/ });
    await row.getByText("20.6").first().waitFor();
    expect((await row.getByRole("cell").allInnerTexts()).map((t) => t.trim())).toEqual(["1000", "20.6", "20.6", "20.6"]);
    expect(await bench.page.getByRole("row", { name: /SpinalCord/ }).innerText()).toContain("no contours in the file");
  });

  test("matRad 127, dicompyler 2: the histogram tells dose and volume under the cursor, hides a structure, and can be differential", async () => {
    const panel = bench.page.locator(".side-dvh");
    const box = await panel.boundingBox();
    if (box === null) throw new Error("There is no histogram.");
    await bench.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const under = bench.page.locator(".side-hover");
    // The whole cube has 20.6 Gy: half-way along the axis it has all of that dose.
    await expect.poll(() => under.innerText()).toMatch(/^1\d\.\d Gy, \d\d\.\d % PTV_High 100\.0 %, 1000 cm³/);
    await bench.page.mouse.move(10, 10);
    const curves = await panel.locator(".dvh-curve").count();
    await bench.page.getByRole("button", { name: "Hide PTV_High" }).click();
    await expect.poll(() => panel.locator(".dvh-curve").count()).toBe(curves - 1);
    await bench.page.getByRole("button", { name: "Show PTV_High" }).click();
    await bench.page.getByRole("button", { name: "cumulative" }).click();
    await panel.getByText("volume, % per bin").waitFor();
    await bench.page.getByRole("button", { name: "differential" }).click();
  });

  test("a window of a key is the one whose name stands at the top", async () => {
    await view("axial").focus();
    await bench.page.keyboard.press("3");
    expect(await bench.page.getByLabel("Window").locator("option:checked").innerText()).toBe("Bone");
    await bench.page.keyboard.press("2");
  });

  test("no rule of axe is broken", async () => {
    await bench.page.evaluate(axe);
    const violations = await bench.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
      return violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
  });

  test("two axes drawn on a slice become a measurement, the response changes with it, and undo takes it back", async () => {
    const id = /case\/([^/]+)\//.exec(bench.page.url())?.[1] ?? "";
    await bench.page.evaluate(async (of) => {
      const { record, revision } = (await (await fetch(`/api/cases/${of}`)).json()) as { record: CaseRecord; revision: number };
      const more = [
        { kind: "lesion", id: "mass", name: "Mass", site: "Right chest", target: { state: "recorded", value: true } },
        { kind: "measurement", id: "size-before", lesion: "mass", method: "CT", diameters: [{ value: 16, unit: "cm" }, { value: 12, unit: "cm" }], plane: { state: "recorded", value: "axial" }, when: { date: "2024-01-02" } },
        { kind: "radiotherapy", id: "course", technique: "IMRT", site: "Chest", lesions: ["mass"], volumes: [], organDoses: [], when: { date: "2024-01-20/2024-02-10" } },
      ];
      await fetch(`/api/cases/${of}`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ record: { ...record, entries: [...record.entries, ...more] }, expected: revision, what: "made up" }) });
    }, id);
    const response = async () => {
      await bench.goto(`/case/${id}/tumor`);
      return bench.page.getByRole("main").innerText();
    };
    expect(await response()).not.toMatch(/\bPR\b/);
    await bench.goto(`/case/${id}/images`);
    await painted();
    await bench.page.keyboard.press("b");
    const box = (await view("axial").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await bench.page.mouse.move(x - 60, y);
    await bench.page.mouse.down();
    await bench.page.mouse.move(x - 20, y, { steps: 3 });
    await bench.page.mouse.move(x + 60, y, { steps: 3 });
    await bench.page.mouse.up();
    await bench.page.getByRole("button", { name: "Save" }).click();
    await view("axial").getByText(/^Mass, /).waitFor();
    const stored = async () => (await bench.page.evaluate(async (of) => (await (await fetch(`/api/cases/${of}`)).json()) as unknown, id)) as { record: CaseRecord };
    const measured = async () => (await stored()).record.entries.find((e) => e.kind === "measurement" && e.drawn !== undefined);
    await expect.poll(measured).toMatchObject({ lesion: "mass", method: "CT", plane: { value: "axial" }, drawn: { points: { length: 4 } }, note: expect.stringContaining("synthetic") });
    const entry = await measured();
    if (entry?.kind !== "measurement" || entry.drawn === undefined) throw new Error("no measurement");
    const [from, to] = entry.drawn.points as unknown as [Vec3, Vec3];
    expect((entry.diameters[0]?.value ?? 0) * 10).toBeCloseTo(Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]), -0.5);
    // 16 cm before, at most 11 now: a third less at least, which is partial response.
    expect(entry.diameters[0]?.value).toBeLessThan(11.2);
    expect(await response()).toMatch(/\bPR\b/);
    await bench.page.keyboard.press("Control+z");
    await expect.poll(measured).toBeUndefined();
  });

  test("nothing was asked of another machine, and no page complained", () => {
    expect(bench.complaints).toEqual([]);
  });
});
