import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { scansOf, uidOf, writeCtSeries, writeRtStruct, type WriteContext } from "@hapax/dicom";
import { densityCurves, machineNamed } from "@hapax/dose";
import { planTemplates, type PlanMade, type PlanRequest } from "@hapax/planning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "./index.ts";
import { progressLine } from "./plan-watched.ts";
import type { World } from "./session.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;

async function hapax(args: readonly string[], world: Partial<World> = {}) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd, ...world });
  return { code, out, err };
}

const frameOfReference = uidOf("plan water frame");
const context: WriteContext = { patient: { id: "WATER", name: "Water^Box" }, seed: "plan water", label: "water", date: "2024-03-07", synthetic: true };

/** A box of water, 200 mm × 200 mm × 120 mm, in air; voxels of 10 mm. */
function water(): Volume {
  const grid = gridOf({ size: [24, 24, 16], origin: [-115, -115, -75], spacing: [10, 10, 10], frameOfReference });
  const values = new Int16Array(24 * 24 * 16).map((_, i) => {
    const [x, y, z] = [i % 24, Math.floor(i / 24) % 24, Math.floor(i / 576)];
    return [x, y].every((at) => at >= 2 && at < 22) && z >= 2 && z < 14 ? 0 : -1000;
  });
  return { grid, values, slope: 1, intercept: 0, unit: "HU" };
}
const box = (number: number, name: string, type: string, [x, y, z]: Vec3, [half, , deep]: Vec3) => ({
  number, name, type,
  contours: Array.from({ length: 16 }, (_, k) => -75 + 10 * k).filter((at) => Math.abs(at - z) <= deep).map((at) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.of(x - half, y - half, at, x + half, y - half, at, x + half, y + half, at, x - half, y + half, at) })),
});
const drawn = () => [box(1, "BODY", "EXTERNAL", [0, 0, 0], [100, 100, 60]), box(5, "PTV", "PTV", [0, 0, 0], [25, 25, 20]), box(6, "SpinalCord", "ORGAN", [0, 50, 0], [10, 10, 60])];

/** Two fields whose intensity is modulated a little: what counts is that every step is taken. */
const modulated: PlanRequest = {
  schema: "hapax/plan", version: 1, id: "small-imrt", name: "A small IMRT", technique: "IMRT", intent: "CURATIVE", fractions: 20,
  prescriptions: [{ structure: "PTV", doseGy: 40 }], normalization: { kind: "metric", structure: "PTV", metric: "D50%[Gy]", gy: 40 },
  machine: { id: "generic-6mv", version: machineNamed("generic-6mv").version }, curve: "matrad-default", gridMm: 10,
  beams: { even: 3 },
  goals: [
    { structure: "SpinalCord", metric: "Max[Gy]", atMost: 30, priority: 1, source: "made up for the test", verified: true },
    { structure: "PTV", metric: "D95%[Gy]", atLeast: 38, priority: 2, source: "made up for the test", verified: true },
  ],
  modulated: { bixelMm: 10, segmentsPerBeam: 3, leastSegmentMu: 2, smoothing: 0.1, iterations: 5, corrections: 0 },
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-plan-"));
  for (const folder of ["scan", "bare"]) await mkdir(join(cwd, folder));
  for (const { name, bytes } of writeCtSeries(water(), context)) for (const folder of ["scan", "bare"]) await writeFile(join(cwd, folder, name), bytes);
  await writeFile(join(cwd, "scan", "RTSTRUCT.dcm"), writeRtStruct({ frameOfReference, structures: drawn() }, context).bytes);
  await writeFile(join(cwd, "imrt.json"), JSON.stringify(modulated));
  await writeFile(join(cwd, "long.json"), JSON.stringify({ ...modulated, modulated: { ...modulated.modulated, iterations: 2000 } }));
  await writeFile(join(cwd, "broken.json"), JSON.stringify({ ...modulated, fractions: 0 }));
});
afterAll(() => rm(cwd, { recursive: true }));

const curve = ["--curve", "matrad-default"];
const threads = ["--threads", "2"];
const palliative = ["--template", "chest-palliative-5", ...curve, "--grid", "10", "--beams", "0,180", ...threads];
const plan = (...args: string[]) => hapax(["plan", "scan", ...args]);

interface PlanAnswer {
  readonly goals: readonly { readonly structure: string; readonly metric: string; readonly achieved: number; readonly verdict: string }[];
  readonly beams: readonly { readonly gantryDeg: number; readonly segments: number; readonly mu: number }[];
  readonly mu: number;
  readonly segments: number;
  readonly delivery: { readonly seconds: number };
  readonly sequencing: readonly { readonly structure: string; readonly lossPercent: number }[];
  readonly files: readonly string[];
  readonly stopped: boolean;
  readonly reproduced?: { readonly largestPercent: number; readonly goals: readonly { readonly structure: string; readonly metric: string; readonly percent?: number }[] };
}
const answer = ({ code, out, err }: Awaited<ReturnType<typeof hapax>>): PlanAnswer => {
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as PlanAnswer;
};
/** As many as RTPLAN keeps of a share of the meterset. */
const tenDigits = (beam: PlanBeam): PlanBeam => ({ ...beam, controlPoints: beam.controlPoints.map((point) => ({ ...point, metersetShare: Number(point.metersetShare.toFixed(10)) })) });
const jsonIn = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(cwd, path), "utf8")) as T;

describe("open fields by a template", () => {
  let told: PlanAnswer;
  beforeAll(async () => void (told = answer(await plan(...palliative, "--id", "box", "--name", "A box of water", "--dose", "PTV=10", "--json", "--out", "box"))), 60_000);

  test("half of the target has what is prescribed, and a program reads goals, beams and files", () => {
    expect(told.beams.map(({ gantryDeg }) => gantryDeg)).toEqual([0, 180]);
    expect(told.goals).toEqual(expect.arrayContaining([expect.objectContaining({ structure: "PTV", metric: "D95%[Gy]", atLeast: 9.5 }), expect.objectContaining({ structure: "SpinalCord", cumulative: { alphaBeta: 2 } })]));
    expect(told.mu).toBeCloseTo(told.beams.reduce((sum, { mu }) => sum + mu, 0), 1);
    expect(told.segments).toBe(told.beams.reduce((sum, { segments }) => sum + segments, 0));
    expect(told.delivery.seconds).toBeGreaterThan(0);
    expect(told.files).toEqual(["RTPLAN.dcm", "RTDOSE.dcm", "RTSTRUCT.dcm", "request.json", "plan.json", "report.pdf"].map((name) => join("box", name)));
  });

  test("RTPLAN has the beams of plan.json, names the structures as they came, and the dose names the plan", async () => {
    const made = await jsonIn<PlanMade>("box/plan.json");
    const files = await Promise.all(["RTPLAN.dcm", "RTDOSE.dcm", "RTSTRUCT.dcm"].map(async (name) => ({ name, bytes: new Uint8Array(await readFile(join(cwd, "box", name))) })));
    const { plans: [read], doses: [dose], structureSets: [set], problems } = await scansOf(files);
    expect(problems).toEqual([]);
    expect(read?.beams).toEqual(made.beams);
    expect(read).toMatchObject({ fractions: 5, intent: "PALLIATIVE", structureSetUid: set?.uid, studyUid: set?.studyUid, synthetic: true });
    expect(read?.prescriptions[0]).toMatchObject({ structure: 5, role: "TARGET", targetGy: 10 });
    expect(dose?.planUid).toBe(read?.uid);
    expect(Math.max(...((await dose?.volume())?.values ?? []))).toBeCloseTo(made.maximum.gy, 3);
    expect(await readFile(join(cwd, "box", "RTSTRUCT.dcm"))).toEqual(await readFile(join(cwd, "scan", "RTSTRUCT.dcm")));
  });

  test.skipIf(process.env["HAPAX_REQUIRE_ALL"] !== "1" && spawnSync("dciodvfy", ["/dev/null"]).error !== undefined)("dciodvfy finds no error in what is written (needs dicom3tools)", () => {
    for (const name of ["RTPLAN.dcm", "RTDOSE.dcm", "RTSTRUCT.dcm"]) {
      const { stderr } = spawnSync("dciodvfy", ["-new", join(cwd, "box", name)], { encoding: "utf8" });
      expect(stderr.split("\n").filter((line) => line.startsWith("Error")), name).toEqual([]);
    }
  });

  test("its dose from its beams is the same again, and a person is told so", async () => {
    const { code, out } = await plan("--plan", "box/plan.json", ...threads);
    expect(code).toBe(0);
    expect(out).toContain("The plan reproduces within 0.000 %, its dose calculated from its beams.");
    for (const word of ["NOT MET", "met", "G180", "Research and education. Not a medical device."].slice(1)) expect(out).toContain(word);
  });

  test("planned anew from its request it has the same beams, on one thread as on two", async () => {
    const { reproduced } = answer(await plan("--plan", "box/plan.json", "--again", "--threads", "1", "--json", "--out", "again"));
    expect(reproduced?.largestPercent).toBe(0);
    expect((await jsonIn<PlanMade>("again/plan.json")).beams).toEqual((await jsonIn<PlanMade>("box/plan.json")).beams);
  });

  test("a plan that does not come out as its file says ends with 1", async () => {
    const made = await jsonIn<PlanMade>("box/plan.json");
    await writeFile(join(cwd, "weaker.json"), JSON.stringify({ ...made, beams: made.beams.map((beam) => ({ ...beam, meterset: 0.99 * (beam.meterset ?? 0) })) }));
    const { code, out } = await plan("--plan", "weaker.json", ...threads, "--json");
    expect(code).toBe(1);
    // Dose follows monitor units; EQD2, which grows with the square, by more.
    const { goals, largestPercent } = (JSON.parse(out) as PlanAnswer).reproduced ?? { goals: [], largestPercent: 0 };
    expect(goals.find(({ structure, metric }) => structure === "PTV" && metric === "D95%[Gy]")?.percent).toBeCloseTo(-1, 2);
    expect(largestPercent).toBeGreaterThan(1);
  });

  test("a folder with a plan is not written over unless it may be", async () => {
    const { code, err } = await plan(...palliative, "--out", "box");
    expect(code).toBe(2);
    expect(err).toContain("cli/plan-there");
  });
});

describe("modulated fields by a request", () => {
  test("are delivered in segments, with what sequencing took, as a plan system may read them", async () => {
    const told = answer(await plan("--request", "imrt.json", ...threads, "--json", "--out", "imrt"));
    expect(told.beams).toHaveLength(3);
    expect(told.segments).toBeGreaterThan(3);
    expect(told.sequencing.map(({ structure }) => structure)).toEqual(["PTV"]);
    const made = await jsonIn<PlanMade>("imrt/plan.json");
    const { plans: [read] } = await scansOf([{ name: "plan", bytes: new Uint8Array(await readFile(join(cwd, "imrt", "RTPLAN.dcm"))) }]);
    expect(read?.beams.map(tenDigits)).toEqual(made.beams.map(tenDigits));
    expect(await jsonIn("imrt/request.json")).toEqual(modulated);
  }, 60_000);

  test("Ctrl-C once ends the optimization and keeps the plan; a terminal is told so first", async () => {
    const stop = new AbortController();
    let asked = 0;
    let seen = "";
    const { code, out } = await hapax(["plan", "scan", "--request", "long.json", ...threads, "--json", "--out", "kept"], {
      terminal: true, interrupted: () => (asked++ === 0 ? stop : new AbortController()).signal,
      err: (text) => {
        seen += text;
        if (text.includes("optimizing")) stop.abort();
      },
    });
    expect(code).toBe(0);
    expect(seen).toMatch(/^Ctrl-C ends the optimization and keeps what it has found; a second one discards it\.\n/);
    expect((JSON.parse(out) as PlanAnswer).stopped).toBe(true);
    expect(await readdir(join(cwd, "kept"))).toContain("plan.json");
    expect(seen.endsWith("\r\u001b[K")).toBe(true);
  }, 60_000);

  test("Ctrl-C twice discards it, writes nothing and exits with 130", async () => {
    const stops = [new AbortController(), new AbortController()];
    let asked = 0;
    const { code, out } = await hapax(["plan", "scan", "--request", "long.json", ...threads, "--out", "discarded"], {
      terminal: true, interrupted: () => (stops[asked++] ?? new AbortController()).signal,
      err: (text) => {
        if (text.includes("optimizing")) for (const stop of stops) stop.abort();
      },
    });
    expect([code, out]).toEqual([130, ""]);
    expect(await readdir(cwd)).not.toContain("discarded");
  }, 60_000);
});

test("a line of progress says how far, what, which iteration, the objective and the seconds", () => {
  const iteration = { iteration: 12, objective: 0.0123456, priority: 2, round: 0, atMost: 150 };
  expect(progressLine({ step: "optimizing", share: 0.25, iteration }, 14.4, false)).toMatch(/^━{6}─{18} 25 % optimizing, 12 of 150, objective 0\.01235, 14 s$/);
  expect(progressLine({ step: "sequencing", share: 0.5 }, 61, true)).toMatch(/ 50 % sequencing, 61 s, ending$/);
});

test("templates are listed with their targets and what they leave to choose", async () => {
  const { code, out } = await hapax(["plan", "--templates"]);
  expect(code).toBe(0);
  for (const { id } of planTemplates) expect(out).toContain(id);
  expect(out).toMatch(/neck-two-levels-30 .*PTV_High=66, PTV_Low=54/);
  expect(out).toMatch(/reirradiation-20 .*cord=54\|60\|70/);
  expect(JSON.parse((await hapax(["plan", "--templates", "--json"])).out)).toHaveLength(planTemplates.length);
});

describe("what cannot be planned is refused in words, and nothing is written", () => {
  const template = ["--template", "chest-palliative-5"];
  test.each<[string, readonly string[], readonly string[]]>([
    ["no scan", ["plan", ...template, "--out", "x"], ["cli/case"]],
    ["a scan without structures", ["plan", "bare", ...template, ...curve, "--out", "x"], ["cli/not-in-file", "structure set"]],
    ["nothing to plan from", ["plan", "scan", ...curve, "--out", "x"], ["cli/choice", "--templates"]],
    ["a template and a request", ["plan", "scan", ...template, "--request", "imrt.json", "--out", "x"], ["cli/choice", "Several"]],
    ["no folder to write into", ["plan", "scan", ...template, ...curve], ["cli/out"]],
    ["a template that is none", ["plan", "scan", "--template", "brain", ...curve, "--out", "x"], ["planning/template", "chest-palliative-5"]],
    ["no density curve: the list and the tube voltage", ["plan", "scan", ...template, "--out", "x"], ["cli/curve", "120 kV", ...densityCurves.map(({ id }) => id)]],
    ["a machine that is none", ["plan", "scan", ...template, ...curve, "--machine", "linac8", "--out", "x"], ["cli/machine", "generic-6mv"]],
    ["a target that is not drawn", ["plan", "scan", ...template, ...curve, "--target", "PTV=Tumor", "--out", "x"], ["planning/target", "Tumor"]],
    ["a role that the template has not", ["plan", "scan", ...template, ...curve, "--dose", "PTV_High=66", "--out", "x"], ["planning/template-choice", "PTV_High"]],
    ["a dose that is no number", ["plan", "scan", ...template, ...curve, "--dose", "PTV=much", "--out", "x"], ["cli/number", "much"]],
    ["a target without a name", ["plan", "scan", ...template, ...curve, "--target", "PTV", "--out", "x"], ["cli/pair"]],
    ["an option that the template does not leave", ["plan", "scan", ...template, ...curve, "--option", "cord=99", "--out", "x"], ["planning/template-choice", "54"]],
    ["beams beyond a turn", ["plan", "scan", ...template, ...curve, "--beams", "0,370", "--out", "x"], ["cli/beams"]],
    ["a grid of nothing", ["plan", "scan", ...template, ...curve, "--grid", "0", "--out", "x"], ["cli/number", "--grid"]],
    ["a second course without the first", ["plan", "scan", "--template", "reirradiation-20", ...curve, "--out", "x"], ["planning/earlier-missing"]],
    ["a study of a scan that is no phantom", ["plan", "scan", ...template, "--study", "phantom-t5", "--out", "x"], ["cli/study"]],
    ["choices beside a request", ["plan", "scan", "--request", "imrt.json", "--grid", "5", "--out", "x"], ["cli/choice", "--grid"]],
    ["no fractions", ["plan", "scan", "--request", "broken.json", "--out", "x"], ["fractions"]],
    ["again without a plan", ["plan", "scan", ...template, "--again", "--out", "x"], ["cli/choice", "--plan"]],
    ["a folder that is not there", ["plan", "nowhere", ...template, ...curve, "--out", "x"], ["dicom/not-found"]],
    ["part of a thread", ["plan", "scan", ...template, ...curve, "--threads", "1.5", "--out", "x"], ["cli/number", "--threads"]],
  ])("%s", async (_, args, words) => {
    const { code, out, err } = await hapax(args);
    expect([code, out]).toEqual([2, ""]);
    for (const word of words) expect(err).toContain(word);
    expect(await readdir(cwd)).not.toContain("x");
  });
});
