import { chromium, type Browser, type Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as ConesOnACard from "./cones-on-a-card.page.ts";
import { chromiumPath, withoutBrowser } from "./workbench.ts";

/** The page's script, bundled in memory. */
async function script(): Promise<string> {
  const entry = new URL("cones-on-a-card.page.ts", import.meta.url).pathname;
  const made = await build({ configFile: false, logLevel: "error", build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "cones" } } });
  const [{ output }] = made as [Rollup.RollupOutput];
  return output[0].code;
}

const required = process.env["HAPAX_REQUIRE_ALL"] === "1";

describe.skipIf(withoutBrowser)("collapsed cones on a graphics card", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? "chromium",
      // SwiftShader is the card of machines that have none.
      args: ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    page = await browser.newPage();
    // WebGPU is for pages that come from somewhere safe; this machine is.
    await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto("http://localhost/");
    await page.addScriptTag({ content: await script() });
  }, 60_000);

  afterAll(() => browser?.close());

  type Asked = typeof ConesOnACard;
  const ask = <Name extends keyof Asked>(name: Name): ReturnType<Asked[Name]> =>
    page.evaluate((one: string) => (globalThis as unknown as { cones: Record<string, () => unknown> }).cones[one]?.(), name as string) as ReturnType<Asked[Name]>;

  test("a card gives the dose of the plain form to a hundred-thousandth of its maximum, the same each time", async ({ skip }) => {
    const found = await ask("sweepTwice");
    if (found === undefined && !required) skip("no WebGPU adapter");
    expect(found?.sweeps).toHaveLength(11);
    for (const { name, apart, highest, repeated } of found?.sweeps ?? []) {
      expect(highest, name).toBeGreaterThan(0);
      // Measured on SwiftShader: at most 3.3e-7.
      expect(apart, name).toBeLessThanOrEqual(1e-5);
      expect(repeated, name).toBe(true);
    }
  }, 60_000);

  test("a card that is a program is not taken unasked, nor one that calculates wrongly when asked", async () => {
    expect(await ask("chosen")).toBeUndefined();
    expect(await ask("wrong")).toBeUndefined();
  }, 60_000);

  test("the crew of a page takes the card by itself, also for two doses at once", async ({ skip }) => {
    const found = await ask("crewTakesCard");
    if (found.name === undefined && !required) skip("no WebGPU adapter");
    expect(found.name).toBe("acme");
    for (const apart of found.apart) expect(apart).toBeLessThanOrEqual(1e-5);
  }, 60_000);

  test("work is followed and stopped, no cones bring no dose, and a card lost on the way leaves the work to others", async ({ skip }) => {
    const found = await ask("stop");
    if (found === undefined && !required) skip("no WebGPU adapter");
    expect(found).toMatchObject({ stopped: "enough", told: [0.2, 0.4], followed: [0.4, 0.8, 1], whole: true });
    expect(found).toMatchObject({ none: true, lost: "nothing", later: "nothing" });
  }, 60_000);
});
