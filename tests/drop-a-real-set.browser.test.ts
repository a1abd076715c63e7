import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { sharedPath, testWith } from "./shared-data.ts";
import { dropFiles, openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

const folder = "rt/openkbp-pt106-hn-sib";

describe.skipIf(withoutBrowser)("a head and neck patient with a boost in three levels is dropped on the list of cases (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 60_000);
  afterAll(() => bench?.close());

  testWith(folder)("and is seen in three planes, each structure with the volume and the mean dose that were published", { timeout: 90_000 }, async () => {
    await bench.goto("/cases");
    const files = readdirSync(sharedPath(folder)).map((name) => ({ name, bytes: new Uint8Array(readFileSync(sharedPath(`${folder}/${name}`))) }));
    await dropFiles(bench.page, ".cases", files);
    await bench.page.waitForURL(/\/images/, { timeout: 60_000 });
    for (const plane of ["Axial", "Coronal", "Sagittal"]) await bench.page.getByText(plane, { exact: true }).first().waitFor({ timeout: 30_000 });
    const truth = readFileSync(sharedPath(`${folder}/TRUTH.csv`), "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
    expect(truth).toHaveLength(9);
    for (const [name = "", , volumeCc = "", meanGy = ""] of truth) {
      const row = bench.page.getByRole("row", { name: new RegExp(`${name}\\b`) });
      await expect.poll(async () => (await row.getByRole("cell").allInnerTexts()).length, { timeout: 30_000, message: name }).toBeGreaterThan(2);
      const [volume, mean] = (await row.getByRole("cell").allInnerTexts()).map(Number) as [number, number];
      // The page prints whole cm³, and samples between the voxels that were counted there.
      expect(Math.abs(volume - Number(volumeCc)), name).toBeLessThan(0.5 + 0.01 * Number(volumeCc));
      expect(Math.abs(mean - Number(meanGy)), name).toBeLessThan(0.05 + 0.02 * Number(meanGy));
    }
    expect(bench.complaints).toEqual([]);
  });
});
