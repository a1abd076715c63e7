import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = ["board", "timeline", "tumor", "pathology", "images", "labs", "treatment", "evidence", "audit", "write-up", "record", "record?part=history&revision=1"];

describe.skipIf(withoutBrowser)("a tumor board reads the Leach case (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 60_000);
  afterAll(() => bench?.close());

  const text = () => bench.page.getByRole("main").innerText();

  test("the list of cases has it, and a click opens its board", async () => {
    await bench.goto("/cases");
    await bench.page.getByRole("link", { name: "Leach 2025", exact: true }).click();
    await bench.page.waitForURL(/\/case\/leach2025\/board/);
    await bench.page.getByRole("heading", { level: 1, name: /malignant PEComa/ }).waitFor();
  });

  test("one click on a number shows its reason, what was stated and its rule", async () => {
    await bench.goto("/case/leach2025/board");
    await bench.page.getByRole("button", { name: /EQD2 of 66 Gy in 30/ }).first().click();
    const open = await text();
    expect(open).toContain("Because");
    expect(open).toContain("radiobiology/eqd2");
    expect(open).toContain("68.6");
  });

  test.each(pages)("the page %s is drawn in light and dark without a complaint of axe", async (name) => {
    for (const theme of ["light", "dark"]) {
      await bench.goto(`/case/leach2025/${name}`);
      await bench.page.evaluate((wanted) => {
        document.documentElement.dataset["theme"] = wanted;
      }, theme);
      await bench.page.evaluate(axe);
      const violations = await bench.page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
        return violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`);
      });
      expect(violations, `${name}, ${theme}`).toEqual([]);
    }
  });

  test.each(pages)("no cell of the page %s is blank, and none says undefined", async (name) => {
    await bench.goto(`/case/leach2025/${name}`);
    const blank = await bench.page.evaluate(() =>
      [...document.querySelectorAll("main tbody td")]
        .filter((cell) => (cell.textContent ?? "").trim() === "" && cell.querySelector("svg, input, select, button") === null && !cell.hasAttribute("data-not-used"))
        .map((cell) => cell.closest("tr")?.textContent?.slice(0, 80)),
    );
    expect(blank).toEqual([]);
    expect(await text()).not.toMatch(/undefined|NaN|\[object/);
  });

  test("known up to T1 hides what came later, on every page", async () => {
    await bench.goto("/case/leach2025/board?asOf=T1");
    const early = await text();
    expect(early).not.toContain("30.6");
    expect(early).not.toContain("SD, then PD");
  });

  test("the keys of the pages lead to them", async () => {
    await bench.goto("/case/leach2025/board");
    for (const [key, page] of [["4", "pathology"], ["7", "treatment"], ["0", "audit"], ["1", "board"]] as const) {
      await bench.page.keyboard.press(key);
      await bench.page.waitForURL(new RegExp(`/${page}`));
    }
  });

  test("nothing was asked of another machine, and no page complained", () => {
    expect(bench.complaints).toEqual([]);
  });
});
