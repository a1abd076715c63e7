import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { volumeFrom } from "@hapax/files";
import { phantomSpec, phantomStudies } from "@hapax/imaging/phantom";
import { smallPlan } from "../plans/plan.fixture.ts";
import { openScanning } from "./index.ts";

const leach = fileURLToPath(new URL("../../../../cases/leach2025", import.meta.url));

test("the phantom of the Leach case is made once when it is first asked for, and every scan of it says SYNTHETIC", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-phantom-")), offered = join(folder, "case");
  // Without the plans that come with it, whose doses take longer than its scans.
  await mkdir(offered);
  await copyFile(join(leach, "phantom.json"), join(offered, "phantom.json"));
  const scans = openScanning(join(folder, "scans"), { quality: "coarse" });
  const isReady = async (): Promise<boolean> => {
    const preparing = await scans.phantoms.prepare("leach2025");
    expect(preparing?.step).not.toBe("failed");
    return preparing === undefined;
  };
  try {
    expect(await scans.phantoms.prepare("leach2025")).toBeUndefined();
    scans.phantoms.offer("leach2025", offered);
    expect(await scans.phantoms.prepare("leach2025")).toMatchObject({ step: "beginning" });
    await expect.poll(isReady, { timeout: 110_000, interval: 100 }).toBe(true);
    const { series, structureSets, doses, registrations, problems, patient } = await scans.reading.summary("leach2025");
    expect(patient.ids).toEqual(["SYNTHETIC"]);
    expect(series.length).toBeGreaterThanOrEqual(5);
    expect([...series, ...structureSets, ...doses].every((one) => one.synthetic)).toBe(true);
    expect(series.every((s) => s.geometry.shown === "as it is")).toBe(true);
    expect(problems).toEqual([]);
    const treated = phantomStudies(phantomSpec(JSON.parse(await readFile(join(leach, "phantom.json"), "utf8")))).filter(({ spec }) => spec.treatment !== undefined);
    expect(treated.map(({ spec }) => spec.timePoint)).toEqual(["T3", "T4", "T5"]);
    // A dose of an earlier course lies on the scan of every later one where it lay.
    const [t3, t4, t5] = treated.map(({ frameOfReference }) => frameOfReference);
    expect(registrations.map(({ from, to }) => [from, to])).toEqual(expect.arrayContaining([[t3, t4], [t3, t5], [t4, t5]]));
    expect(registrations.every(({ rows, synthetic, label }) => synthetic && label.includes("by construction") && JSON.stringify(rows) === "[[1,0,0,0],[0,1,0,0],[0,0,1,0]]")).toBe(true);
    const state = await scans.archive.stateOf("leach2025");
    await isReady();
    expect(await scans.archive.stateOf("leach2025")).toBe(state);
  } finally {
    await scans.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);

test("a plan that comes with the case has its dose calculated on the scan that it was made on, and is made anew when its file changes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-phantom-")), offered = join(folder, "case");
  const description = JSON.parse(await readFile(join(leach, "phantom.json"), "utf8")) as { studies: { timePoint: string }[] };
  const spec = { ...description, studies: description.studies.filter(({ timePoint }) => timePoint === "T4") };
  const [study] = phantomStudies(phantomSpec(spec));
  const plan = smallPlan("reirradiation", 60), made = { ...plan, madeFrom: { ...plan.madeFrom, frameOfReference: study?.frameOfReference ?? "" } };
  await mkdir(join(offered, "plans"), { recursive: true });
  await writeFile(join(offered, "phantom.json"), JSON.stringify(spec));
  await writeFile(join(offered, "plans", "elsewhere.json"), JSON.stringify(smallPlan("elsewhere")));
  const offer = (mu: number) => writeFile(join(offered, "plans", "reirradiation.json"), JSON.stringify({ ...made, beams: made.beams.map((beam) => ({ ...beam, meterset: mu })) }));
  const scans = openScanning(join(folder, "scans"), { quality: "coarse" });
  const steps = new Set<string>();
  const isReady = async (): Promise<boolean> => {
    const preparing = await scans.phantoms.prepare("x");
    if (preparing !== undefined) steps.add(preparing.step);
    return preparing === undefined;
  };
  const highestDose = async () => {
    const [offeredPlan, ...others] = await scans.phantoms.plans("x");
    const { plans, doses, problems } = await scans.reading.summary("x");
    expect([others, problems]).toEqual([[], []]);
    expect(plans).toMatchObject([{ uid: offeredPlan?.planUid, synthetic: true, fractions: 20, prescriptions: [{ role: "TARGET", targetGy: 60 }] }]);
    expect(doses).toMatchObject([{ uid: offeredPlan?.doseUid, planUid: offeredPlan?.planUid, synthetic: true }]);
    return highest(await scans.reading.volume("x", offeredPlan?.doseUid ?? ""));
  };
  try {
    await offer(150);
    scans.phantoms.offer("x", offered);
    expect(await scans.phantoms.plans("x")).toMatchObject([{ made: { request: { id: "reirradiation" } } }]);
    expect((await scans.phantoms.plans("x"))[0]?.doseUid).toBeUndefined();
    await expect.poll(isReady, { timeout: 60_000, interval: 20 }).toBe(true);
    expect([...steps]).toEqual(expect.arrayContaining(["beginning", "Planning dose of Chest 60 Gy in 20"]));
    const first = await highestDose();
    // 150 MU in each of 20 fractions: about 1 Gy for 100 MU where the dose is highest.
    expect(first).toBeGreaterThan(20);
    expect(first).toBeLessThan(45);
    await offer(300);
    expect((await scans.phantoms.plans("x"))[0]?.doseUid).toBeUndefined();
    await expect.poll(isReady, { timeout: 60_000, interval: 20 }).toBe(true);
    expect((await highestDose()) / first).toBeCloseTo(2, 3);
  } finally {
    await scans.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);

/** Of a volume as the archive gives it, Gy. */
function highest(bytes: Uint8Array): number {
  const { values, slope, intercept } = volumeFrom(bytes);
  let most = 0;
  for (const value of values) most = Math.max(most, value * slope + intercept);
  return most;
}

test("a description that does not fit is a failure that is told, not a server that ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-phantom-"));
  const scans = openScanning(join(folder, "scans"));
  await writeFile(join(folder, "phantom.json"), '{"studies":1}');
  scans.phantoms.offer("x", folder);
  await expect.poll(() => scans.phantoms.prepare("x"), { timeout: 20_000 }).toMatchObject({ step: "failed" });
  await scans.close();
  await rm(folder, { recursive: true });
});
