import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tumorOfTwoCourses, twoCourses } from "./small-study.ts";
import { dropFiles, openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

describe.skipIf(withoutBrowser)("a clinician adds up two courses and compares their doses (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
    await bench.goto("/cases");
    await dropFiles(bench.page, ".cases", twoCourses());
    await bench.page.waitForURL(/\/images/, { timeout: 30_000 });
    // The latest study opens; the first course was planned on the one before.
    const series = bench.page.locator("#images-series");
    const first = series.locator("option", { hasText: "first" });
    await first.waitFor({ state: "attached" });
    await series.selectOption(await first.getAttribute("value"));
    await painted();
    await bench.page.getByText("Dmax").first().waitFor();
  }, 60_000);
  afterAll(() => bench?.close());

  const view = (name: string) => bench.page.locator(`[data-view=${name}]`).first();
  const readout = (name: string) => view(name).locator(".view-readout").innerText();
  const painted = () => bench.page.locator("canvas[data-painted]").nth(2).waitFor();
  const position = async (name: string) => Number(/(−?[\d.]+) mm/.exec((await view(name).getAttribute("aria-label")) ?? "")?.[1]?.replace("−", "-"));
  /** Red, green, blue and opacity of a canvas of a view, so many mm to the patient's left of the crosshair and so far back; of a line the densest within 3 px across. */
  const color = (name: string, layer: "picture" | "lines", left: number, back = 0) =>
    view(name).evaluate((element, [which, x, y]) => {
      const canvas = element.querySelectorAll("canvas")[which as number] as HTMLCanvasElement;
      const cross = (element.querySelector(".view-cross") as SVGPathElement).getAttribute("d") ?? "";
      const bar = (element.querySelector(".view-scale path") as SVGPathElement).getBBox().width;
      const mm = Number((element.querySelector(".view-scale text")?.textContent ?? "").split(" ")[0]) * 10;
      const [, cy] = /M0 ([\d.]+)H/.exec(cross) ?? [];
      const [, cx] = /M([\d.]+) 0V/.exec(cross) ?? /M([\d.]+) [\d.]+V/.exec(cross) ?? [];
      const at = [Number(cx) + ((x as number) * bar) / mm, Number(cy) + ((y as number) * bar) / mm].map(Math.floor);
      if (which === 0) return [...(canvas.getContext("2d")?.getImageData(at[0] as number, at[1] as number, 1, 1).data ?? [])];
      const row = canvas.getContext("2d")?.getImageData((at[0] as number) - 3, at[1] as number, 7, 1).data ?? new Uint8ClampedArray(28);
      const densest = [0, 1, 2, 3, 4, 5, 6].reduce((best, i) => ((row[4 * i + 3] as number) > (row[4 * best + 3] as number) ? i : best));
      return [...row.subarray(4 * densest, 4 * densest + 4)];
    }, [layer === "picture" ? 0 : 1, left, back] as const);
  const press = async (name: string, key: string) => {
    await view(name).focus();
    await bench.page.keyboard.press(key);
  };

  test("the study opens on the tumor", async () => {
    expect(Math.abs((await position("sagittal")) - tumorOfTwoCourses[0])).toBeLessThanOrEqual(2);
    expect(Math.abs((await position("axial")) - tumorOfTwoCourses[2])).toBeLessThanOrEqual(2);
    await expect.poll(() => readout("axial")).toMatch(/60\.0 Gy 100\.0 %\s*GTVp/);
  });

  test("a point is a cross with its name, an open line is drawn, on their own slice alone", async () => {
    await view("axial").getByText("Isocenter").waitFor();
    expect((await color("axial", "lines", 30))[3]).toBeGreaterThan(120);
    expect((await color("axial", "lines", 100, 20))[3]).toBeGreaterThan(100);
    await press("axial", "ArrowUp");
    await expect.poll(async () => (await color("axial", "lines", 100, 20))[3]).toBe(0);
    await press("axial", "ArrowDown");
  });

  test("a second dose is drawn in dashes, with its value under the cursor", async () => {
    await bench.page.getByLabel("Dashed").selectOption({ label: "again" });
    await expect.poll(() => readout("axial")).toContain("second 61.0 Gy");
    // Between the voxels at 17.5 and 22.5 mm its dose falls from 61 to 31 Gy: 95 and 100 % of 60 lie at 18 mm.
    const edge = 18 - (await position("sagittal"));
    const opacities = await Promise.all(Array.from({ length: 61 }, async (_, i) => (await color("axial", "lines", edge, i - 30))[3] ?? 0));
    expect(Math.max(...opacities)).toBeGreaterThan(150);
    expect(Math.min(...opacities)).toBe(0);
    await bench.page.getByLabel("Dashed").selectOption({ label: "no second dose" });
  });

  test("fractions that no file says are asked for; the sum is EQD2, and its limits are judged", async () => {
    const panel = bench.page.locator("details", { hasText: "Sum of courses" });
    await panel.locator("summary").click();
    // All of one study, and perhaps only alternatives: which of them was given, the reader says.
    for (const name of ["again", "second"]) expect(await panel.getByRole("checkbox", { name }).isChecked()).toBe(false);
    await panel.getByText("may be an alternative, or was not given").waitFor();
    await panel.getByRole("checkbox", { name: "second" }).check();
    await panel.getByText("In how many fractions was second?").waitFor();
    expect(await panel.getByRole("button", { name: "Add up" }).isDisabled()).toBe(true);
    await panel.getByLabel("Fractions of second").fill("5");
    await panel.getByRole("button", { name: "Add up" }).click();
    // At α/β 2 Gy 60 Gy in 30 stay 60; 20 Gy in 5 become 20 · (4 + 2) / (2 + 2) = 30.
    await panel.getByText("Highest there 90.0 Gy EQD2: first 60.0, second 30.0.").waitFor();
    const limit = panel.getByRole("listitem").filter({ hasText: "SpinalCord Max at most 60 Gy" });
    expect(await limit.innerText()).toMatch(/90\.0\s*exceeded/);
    await panel.getByLabel("in the views").check();
    await expect.poll(() => readout("axial")).toContain("90.0 Gy EQD2");
    await panel.getByLabel("in the views").uncheck();
    await expect.poll(() => readout("axial")).toContain("60.0 Gy 100.0 %");
  });

  test("gamma tells how many points pass, and the map shows where they fail", async () => {
    const panel = bench.page.locator("details", { hasText: "against the shown dose" });
    await panel.locator("summary").click();
    await panel.getByLabel(/against the shown dose/).selectOption({ label: "again" });
    await panel.getByRole("button", { name: "Compare doses" }).click();
    // Of 48 columns those at 2.5 to 17.5 mm have 30 Gy against 61, except where the edge is within reach.
    const words = await panel.getByText(/% pass: \d+ of \d+ points/).innerText();
    const [, percent, passed, compared] = /([\d.]+) % pass: (\d+) of (\d+)/.exec(words) ?? [];
    expect(Number(compared)).toBe(48 * 36 * 20);
    expect(Number(percent)).toBeCloseTo((100 * Number(passed)) / Number(compared), 1);
    expect(Number(passed)).toBe(44 * 36 * 20);
    await panel.getByLabel("pass map").check();
    await expect.poll(() => readout("axial")).toContain("gamma 0.56");
    const [red, , blue] = await color("axial", "picture", 50, 20);
    expect(red).toBeGreaterThan((blue ?? 0) + 60);
    const passes = await color("axial", "picture", -20, 30);
    expect(passes[2]).toBeGreaterThan((passes[0] ?? 0) + 20);
    await panel.getByLabel("pass map").uncheck();
  });

  test("PET lies over its CT in hot colors, with its SUV", async () => {
    await bench.page.keyboard.press("d");
    await bench.page.getByLabel("Series over the images").selectOption(await bench.page.getByLabel("Series over the images").locator("option", { hasText: "PET" }).getAttribute("value"));
    await expect.poll(() => readout("axial")).toContain("SUV");
    const [red, , blue] = await color("axial", "picture", 10, 40);
    expect(red).toBeGreaterThan((blue ?? 0) + 20);
    await bench.page.getByLabel("Series over the images").selectOption("");
    await bench.page.keyboard.press("d");
  });

  test("space plays the slices and stops them", async () => {
    const before = await position("axial");
    await press("axial", " ");
    await expect.poll(() => position("axial")).not.toBe(before);
    await press("axial", " ");
    const after = await position("axial");
    await bench.page.waitForTimeout(300);
    expect(await position("axial")).toBe(after);
  });

  test.each([["SVG", "<svg"], ["PNG", "\x89PNG"]])("a plane is saved as %s", async (kind, begins) => {
    await press("axial", "e");
    const [download] = await Promise.all([bench.page.waitForEvent("download"), bench.page.getByRole("button", { name: kind, exact: true }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`-axial\\.${kind.toLowerCase()}$`));
    const bytes = await readFile((await download.path()) ?? "");
    expect(bytes.subarray(0, 200).toString("latin1")).toContain(begins);
  });

  test("a later scan that a registration ties moves with the first to the same place, and says what it does not have", async () => {
    await bench.page.keyboard.press("c");
    await bench.page.getByLabel("beside").selectOption(await bench.page.getByLabel("beside").locator("option", { hasText: "later" }).getAttribute("value"));
    const later = bench.page.locator("[data-view=axial]").nth(1);
    await later.getByText(/The same place of the patient: .*no dose and no contours/).waitFor();
    // The registration takes the later scan 30 mm up: its own place lies that much lower.
    const there = Number(/(−?[\d.]+) mm/.exec((await later.getAttribute("aria-label")) ?? "")?.[1]?.replace("−", "-"));
    expect(Math.abs(there - ((await position("axial")) - 30))).toBeLessThanOrEqual(2);
    await bench.page.keyboard.press("c");
  });

  test("nothing was asked of another machine, and no page complained", () => {
    expect(bench.complaints).toEqual([]);
  });
});
