import { chromium } from "playwright-core";
import { build, type Rollup } from "vite";
import { describe, expect, test } from "vitest";
import type { compareAll } from "./two-renderers.page.ts";
import { chromiumPath, withoutBrowser } from "./workbench.ts";

/** The page's script, bundled in memory. */
async function script(): Promise<string> {
  const entry = new URL("two-renderers.page.ts", import.meta.url).pathname;
  const made = await build({ configFile: false, logLevel: "error", build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "renderers" } } });
  const [{ output }] = made as [Rollup.RollupOutput];
  return output[0].code;
}

describe.skipIf(withoutBrowser)("two renderers of one picture", () => {
  test("graphics card and CPU differ by at most 1 of 255, in all but one pixel of a thousand", async () => {
    const browser = await chromium.launch({
      executablePath: chromiumPath ?? "chromium",
      args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await script() });
      const { software, compared } = await page.evaluate(() => (globalThis as unknown as { renderers: { compareAll: typeof compareAll } }).renderers.compareAll());
      // The CPU renderer is preferred where the card is a program.
      expect(software).toBe(true);
      expect(compared).toHaveLength(28);
      // Measured on SwiftShader: none apart, but 7 pixels of two PET planes, whose color lies between two of the table.
      for (const { name, pixels, apart, colors } of compared) {
        expect(apart / pixels, name).toBeLessThanOrEqual(0.001);
        expect(colors, `${name} is a picture`).toBeGreaterThan(20);
      }
    } finally {
      await browser.close();
    }
  }, 60_000);
});
