import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openScanning } from "./index.ts";

const leach = fileURLToPath(new URL("../../../../cases/leach2025", import.meta.url));

test("the phantom of the Leach case is made once when it is first asked for, and every scan of it says SYNTHETIC", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-phantom-"));
  const scans = openScanning(folder, { quality: "coarse" });
  const isReady = async (): Promise<boolean> => {
    const preparing = await scans.phantoms.prepare("leach2025");
    expect(preparing?.step).not.toBe("failed");
    return preparing === undefined;
  };
  try {
    expect(await scans.phantoms.prepare("leach2025")).toBeUndefined();
    scans.phantoms.offer("leach2025", leach);
    expect(await scans.phantoms.prepare("leach2025")).toMatchObject({ step: "beginning" });
    await expect.poll(isReady, { timeout: 110_000, interval: 100 }).toBe(true);
    const { series, structureSets, doses, problems, patient } = await scans.reading.summary("leach2025");
    expect(patient.ids).toEqual(["SYNTHETIC"]);
    expect(series.length).toBeGreaterThanOrEqual(5);
    expect([...series, ...structureSets, ...doses].every((one) => one.synthetic)).toBe(true);
    expect(series.every((s) => s.geometry.shown === "as it is")).toBe(true);
    expect(problems).toEqual([]);
    const state = await scans.archive.stateOf("leach2025");
    await isReady();
    expect(await scans.archive.stateOf("leach2025")).toBe(state);
  } finally {
    await scans.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);

test("a description that does not fit is a failure that is told, not a server that ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-phantom-"));
  const scans = openScanning(join(folder, "scans"));
  await writeFile(join(folder, "phantom.json"), '{"studies":1}');
  scans.phantoms.offer("x", folder);
  await expect.poll(() => scans.phantoms.prepare("x"), { timeout: 20_000 }).toMatchObject({ step: "failed" });
  await scans.close();
  await rm(folder, { recursive: true });
});
