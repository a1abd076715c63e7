import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { describe, expect, test } from "vitest";
import { houseCompute, startServer } from "@hapax/server";
import type { Calculated } from "./doses-in-threads.page.ts";
import { chromiumPath, withoutBrowser } from "./workbench.ts";

describe.skipIf(withoutBrowser)("doses in a page", () => {
  test("behind the headers of the server the compiled kernels run in threads over shared memory", async () => {
    const [web, data] = [await mkdtemp(join(tmpdir(), "hapax-threads-")), await mkdtemp(join(tmpdir(), "hapax-threads-"))];
    const input = new URL("doses-in-threads.page.ts", import.meta.url).pathname;
    await build({
      configFile: false,
      logLevel: "error",
      worker: { format: "es" },
      build: { outDir: web, emptyOutDir: true, target: "es2024", assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions: { input, output: { entryFileNames: "assets/page.js" } } },
    });
    await writeFile(join(web, "index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/assets/page.js"></script>');
    const server = await startServer({ compute: houseCompute, port: 0, data, seed: [], web });
    const browser = await chromium.launch({
      executablePath: chromiumPath ?? "chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(server.url);
      await page.waitForFunction(() => "calculated" in globalThis);
      const found = await page.evaluate(() => (globalThis as unknown as { calculated: () => Promise<Calculated> }).calculated());
      expect(found).toMatchObject({ form: "simd", threads: 2 });
      expect(found.apart).toBeLessThanOrEqual(1e-4);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
      await Promise.all([web, data].map((folder) => rm(folder, { recursive: true })));
    }
  }, 60_000);
});
