import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gridOf, type Volume } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { lintRtDose, readFile as readDicom, scansOf, tags, uidOf, writeCtSeries, writeRtPlan, writeRtStruct, type WriteContext, type WrittenFile } from "@hapax/dicom";
import { densityCurves, machineNamed } from "@hapax/dose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "./index.ts";
import type { World } from "./session.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;

async function hapax(args: readonly string[], world: Partial<World> = {}) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd, ...world });
  return { code, out, err };
}

const frameOfReference = uidOf("water frame");
const context = (patient = "WATER"): WriteContext => ({ patient: { id: patient, name: "Water^Box", sex: "other" }, seed: `water ${patient}`, label: "water", date: "2024-03-07", synthetic: true });

/** A box of water, 200 mm × 200 mm × 160 mm, its front 100 mm before the isocenter, in air; voxels of 5 mm. */
function water(patientPosition?: string, patient?: string): WrittenFile[] {
  const grid = gridOf({ size: [48, 48, 32], origin: [-117.5, -117.5, -77.5], spacing: [5, 5, 5], frameOfReference });
  const values = new Int16Array(48 * 48 * 32).map((_, i) => {
    const [x, y] = [i % 48, Math.floor(i / 48) % 48];
    return x >= 4 && x < 44 && y >= 4 && y < 44 ? 0 : -1000;
  });
  const volume: Volume = { grid, values, slope: 1, intercept: 0, unit: "HU" };
  return writeCtSeries(volume, context(patient), patientPosition === undefined ? {} : { patientPosition });
}

const square = (half: number, number: number, name: string, type: string) => ({
  number, name, type,
  contours: Array.from({ length: 32 }, (_, k) => -77.5 + 5 * k).map((z) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.of(-half, -half, z, half, -half, z, half, half, z, -half, half, z) })),
});
const structures = () => writeRtStruct({ frameOfReference, structures: [square(100, 1, "BODY", "EXTERNAL"), square(10, 2, "Implant", "ORGAN")] }, context());

const limits = { x: [-50, 50], y: [-50, 50] } as const;
const point = (metersetShare: number, gantryDeg: number) => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0] as const, limits });
const beam = (number: number, gantryDeg: number, more: Partial<PlanBeam> = {}): PlanBeam => ({
  number, name: `G${gantryDeg}`, type: "STATIC", radiation: "PHOTON", machine: "LINAC7", energyMv: 6, sadMm: 1000, meterset: 100, controlPoints: [point(0, gantryDeg), point(1, gantryDeg)], ...more,
});
const planFile = (beams: readonly PlanBeam[], patient?: string) => writeRtPlan({ prescriptions: [], fractions: 2, beams, intent: "CURATIVE" }, context(patient));

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-dose-"));
  const files: Readonly<Record<string, readonly WrittenFile[]>> = {
    ct: water(), prone: water("HFP"), unplaced: water(""), other: water(undefined, "OTHER"), structures: [structures()],
    "plans/opposed": [planFile([beam(1, 0), beam(2, 180)])],
    "plans/one": [planFile([beam(1, 0)])],
    "plans/own-machine": [planFile([beam(1, 0, { machine: "generic-6mv" })])],
    "plans/electrons": [planFile([beam(1, 0, { radiation: "ELECTRON" })])],
    "plans/unmetered": [planFile([(({ meterset: _, ...rest }) => rest)(beam(1, 0))])],
    "plans/high": [planFile([beam(1, 0, { energyMv: 15 })])],
    "plans/away": [planFile([beam(1, 0, { controlPoints: [{ ...point(0, 0), isocenter: [0, 0, 900] }, { ...point(1, 0), isocenter: [0, 0, 900] }] })])],
    together: [...water(), planFile([beam(1, 0, { machine: "generic-6mv" })])],
  };
  for (const [folder, written] of Object.entries(files)) {
    await mkdir(join(cwd, folder), { recursive: true });
    for (const { name, bytes } of written) await writeFile(join(cwd, folder, name), bytes);
  }
  await writeFile(join(cwd, "mine.json"), JSON.stringify({ ...machineNamed("generic-6mv"), id: "mine", version: "7" }));
  await writeFile(join(cwd, "broken.json"), JSON.stringify({ ...machineNamed("generic-6mv"), sadMm: -1 }));
});
afterAll(() => rm(cwd, { recursive: true }));

const coarse = ["--grid", "5", "--cones", "24", "--threads", "2"];
const usual = ["--ct", "ct", "--curve", "matrad-default", ...coarse];
const dose = (plan: string, ...more: string[]) => hapax(["dose", `plans/${plan}`, ...more]);
const generic = ["--machine", "generic-6mv"];

interface DoseAnswer {
  readonly maximum: { readonly gy: number; readonly point: readonly number[] };
  readonly isocenter?: { readonly gy: number };
  readonly beams: readonly { readonly mu: number; readonly isocenterGy: number; readonly second?: { readonly differencePercent: number } }[];
  readonly notes: readonly string[];
  readonly machines: readonly { readonly id: string; readonly version: string }[];
}
const answer = ({ code, out, err }: Awaited<ReturnType<typeof hapax>>): DoseAnswer => {
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as DoseAnswer;
};

describe("a box of water", () => {
  test("100 MU of the calibration's field give 1 Gy a fraction at 10 cm, and Nyholm's kernel agrees", async () => {
    const { beams, isocenter, maximum, notes } = answer(await dose("one", ...usual, ...generic, "--second", "--json", "--out", "one.dcm"));
    // 100 MU × 0.01 Gy per MU × 2 fractions, on voxels of 5 mm and 24 cones.
    expect(isocenter?.gy).toBeGreaterThan(1.9);
    expect(isocenter?.gy).toBeLessThan(2.1);
    expect(beams[0]?.mu).toBe(100);
    expect(Math.abs(beams[0]?.second?.differencePercent ?? NaN)).toBeLessThan(4);
    expect(maximum.gy).toBeGreaterThan(isocenter?.gy ?? NaN);
    expect(maximum.point[1]).toBeLessThan(-70);
    expect(notes.join(" ")).toContain("The body was found in the image");
  });

  test("the file is the dose of its plan for our reader, and the same again when it is calculated again", async () => {
    const { maximum, machines } = answer(await dose("opposed", ...usual, "--machine", "mine.json", "--json", "--out", "made/opposed.dcm"));
    expect(machines).toMatchObject([{ id: "mine", version: "7" }]);
    const bytes = new Uint8Array(await readFile(join(cwd, "made/opposed.dcm")));
    const { doses: [read], problems } = await scansOf([{ name: "opposed.dcm", bytes }]);
    expect(problems).toEqual([]);
    const { plans: [plan] } = await scansOf([{ name: "plan", bytes: new Uint8Array(await readFile(join(cwd, "plans/opposed/RTPLAN.dcm"))) }]);
    expect(read).toMatchObject({ type: "PHYSICAL", summation: "PLAN", planUid: plan?.uid, synthetic: true });
    expect(read?.comment).toMatch(/^mine 7; matrad-default; 5 mm; 24 cones; Hapax /);
    const file = readDicom(bytes, "opposed.dcm");
    expect(lintRtDose(file)).toEqual([]);
    expect(file.data.text(tags.ImageComments)).toContain("planned for LINAC7");
    expect(Math.max(...((await read?.volume())?.values ?? []))).toBeCloseTo(maximum.gy, 5);
    await dose("opposed", ...usual, "--machine", "mine.json", "--out", "again.dcm");
    expect(Buffer.compare(await readFile(join(cwd, "again.dcm")), bytes)).toBe(0);
    expect((await readdir(cwd)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("the outline of the body and the density of a structure are taken where they are given", async () => {
    const set = ["--structures", "structures", "--json", "--out", "set.dcm"];
    const [water, metal] = [answer(await dose("one", ...usual, ...generic, ...set)), answer(await dose("one", ...usual, ...generic, ...set, "--override", "Implant=4.5"))];
    expect(water.notes.join(" ")).toContain("Outside BODY is nothing");
    expect(metal.notes.join(" ")).toContain("Implant has the density 4.5");
    expect(metal.isocenter?.gy).toBeLessThan(0.95 * (water.isocenter?.gy ?? NaN));
  });

  test("plan and CT may lie together, and a plan of one of our machines names it", async () => {
    const { machines } = answer(await hapax(["dose", "together", "--curve", "matrad-default", ...coarse, "--json", "--out", "together.dcm"]));
    expect(machines).toMatchObject([{ id: "generic-6mv" }]);
  });

  test("a prone patient is entered from the back", async () => {
    // Gantry 0 shines from above: on the back of one who lies on the belly.
    const { maximum } = answer(await dose("one", "--ct", "prone", "--curve", "matrad-default", ...coarse, ...generic, "--json", "--out", "prone.dcm"));
    expect(maximum.point[1]).toBeGreaterThan(70);
  });

  test("a person is told all that a result depends on", async () => {
    const { code, out } = await dose("opposed", ...usual, ...generic, "--second", "--out", "told.dcm");
    expect(code).toBe(0);
    for (const word of ["maximum", "isocenter", "100.0 MU", "generic-6mv, version", "matrad-default", "5 × 5 × 5 mm", "cones", "24", "threads", "time", "Hapax", "Nyholm", "told.dcm"]) expect(out).toContain(word);
  });
});

test.skipIf(process.env["HAPAX_REQUIRE_ALL"] !== "1" && spawnSync("dciodvfy", ["/dev/null"]).error !== undefined)("dciodvfy finds no error in a calculated dose (needs dicom3tools)", async () => {
  await dose("one", ...usual, ...generic, "--out", "checked.dcm");
  const { stderr } = spawnSync("dciodvfy", ["-new", join(cwd, "checked.dcm")], { encoding: "utf8" });
  expect(stderr.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
});

const python = spawnSync("/usr/bin/python3", ["-c", "import pydicom, numpy"]).status === 0;
test.skipIf(process.env["HAPAX_REQUIRE_ALL"] !== "1" && !python)("pydicom reads the highest dose that was told (needs python3-pydicom)", async () => {
  const { maximum } = answer(await dose("one", ...usual, ...generic, "--json", "--out", "python.dcm"));
  const read = 'import sys, pydicom\nd = pydicom.dcmread(sys.argv[1])\nprint(float(d.DoseGridScaling) * int(d.pixel_array.max()), d.DoseUnits, d.DoseSummationType)';
  const { stdout } = spawnSync("/usr/bin/python3", ["-c", read, join(cwd, "python.dcm")], { encoding: "utf8" });
  expect(Number(stdout.split(" ")[0])).toBeCloseTo(maximum.gy, 5);
  expect(stdout).toContain("GY PLAN");
});

describe("what cannot be calculated is refused in words", () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ["no curve: the list and the tube voltage", "one", ["--ct", "ct", ...coarse, ...generic], ["cli/curve", "120 kV", ...densityCurves.map(({ id }) => id)]],
    ["a curve that is none", "one", ["--ct", "ct", "--curve", "bones", ...coarse, ...generic], ["cli/curve", '"bones"']],
    ["a machine that we lack", "one", usual, ["dose/machine-missing", "LINAC7", "generic-6mv"]],
    ["a machine that is none", "one", [...usual, "--machine", "linac8"], ["cli/machine", "synergy-6mv"]],
    ["a machine's file with a fault", "one", [...usual, "--machine", "broken.json"], ["dose/machine", "sadMm"]],
    ["electrons", "electrons", [...usual, ...generic], ["dose/radiation", "ELECTRON"]],
    ["another energy", "high", [...usual, ...generic], ["dose/energy", "15 MV"]],
    ["no monitor units", "unmetered", [...usual, ...generic], ["cli/no-meterset"]],
    ["an isocenter beside the patient", "away", [...usual, ...generic], ["dose/beam-misses"]],
    ["a CT that does not say how the patient lay", "one", ["--ct", "unplaced", "--curve", "matrad-default", ...coarse, ...generic], ["cli/patient-position"]],
    ["another patient", "one", ["--ct", "other", "--curve", "matrad-default", ...coarse, ...generic], ["cli/patients", "OTHER, WATER"]],
    ["no CT", "one", ["--curve", "matrad-default", ...coarse, ...generic], ["cli/not-in-file", "series"]],
    ["a folder that is not there", "one", ["--ct", "nowhere", "--curve", "matrad-default", ...generic], ["dicom/not-found"]],
    ["cones that are none", "one", [...usual, ...generic, "--cones", "7"], ["cli/choice", "288"]],
    ["a grid of nothing", "one", [...usual, ...generic, "--grid", "0"], ["cli/number", "--grid"]],
    ["an override of no structure", "one", [...usual, ...generic, "--structures", "structures", "--override", "Hip=4"], ["cli/override", "BODY, Implant"]],
    ["an override without structures", "one", [...usual, ...generic, "--override", "Hip=4"], ["cli/override", "--structures"]],
  ])("%s", async (_, plan, options, words) => {
    const { code, out, err } = await dose(plan, ...options, "--out", "refused.dcm");
    expect([code, out]).toEqual([2, ""]);
    for (const word of words) expect(err).toContain(word);
    expect(await readdir(cwd)).not.toContain("refused.dcm");
  });
});

describe("a person who watches", () => {
  test("Ctrl-C stops, writes nothing and exits with 130", async () => {
    const stop = new AbortController();
    // The bar draws itself: then the work has begun.
    const { code, err } = await hapax(["dose", "plans/opposed", ...usual, ...generic, "--out", "stopped.dcm"], {
      terminal: true, interrupted: () => stop.signal, err: (text) => void (text.includes("dose") && stop.abort()),
    });
    expect([code, err]).toEqual([130, ""]);
    expect((await readdir(cwd)).filter((name) => name.includes("stopped"))).toEqual([]);
  });

  test("a terminal sees a bar that is cleared, a file sees nothing", async () => {
    const { err } = await hapax(["dose", "plans/one", ...usual, ...generic, "--out", "bar.dcm"], { terminal: true });
    expect(err).toContain("100 %");
    expect(err.endsWith("\r\u001b[K")).toBe(true);
    expect((await dose("one", ...usual, ...generic, "--out", "bar.dcm")).err).toBe("");
  });
});
