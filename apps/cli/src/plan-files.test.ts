import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gridOf, type Volume } from "@hapax/base";
import type { PlanBeam, Structure } from "@hapax/case";
import { readFile as readDicom, scansOf, tags, uidOf, writeRtStruct } from "@hapax/dicom";
import { machineNamed } from "@hapax/dose";
import type { GoalOutcome, PlanMade } from "@hapax/planning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dicomOf, requireRoom, writePlan } from "./plan-files.ts";
import type { ScanToPlan } from "./scan-to-plan.ts";
import { planJson, planText } from "./plan-told.ts";

const frameOfReference = uidOf("plan files frame");
const grid = gridOf({ size: [6, 6, 4], origin: [-15, -15, -9], spacing: [6, 6, 6], frameOfReference });
const machine = machineNamed("generic-6mv");
const edges = machine.mlc?.leafEdgesMm ?? [];
const leaves = (open: number) => [...edges.slice(1).map(() => -open), ...edges.slice(1).map(() => open)];

/** Three segments, each two control points, with the couch turned. */
const beam = (number: number, couchDeg: number): PlanBeam => ({
  number, name: `G${number}`, type: "STATIC", radiation: "PHOTON", machine: machine.id, energyMv: 6, sadMm: 1000, meterset: 90.4, leafEdges: edges, leafAxis: "x",
  controlPoints: [10, 7.5, 3.2].flatMap((open, s) => [s, s + 1].map((given) => ({ metersetShare: Number((given / 3).toFixed(10)), gantryDeg: 40, collimatorDeg: 5, couchDeg, isocenter: [1, 2, 3], limits: { x: [-10, 10], y: [-20, 20], leaves: leaves(open) } }))),
});

const square = (half: number, z: number) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.of(-half, -half, z, half, -half, z, half, half, z, -half, half, z) });
const structures: Structure[] = [
  { number: 1, name: "BODY", type: "EXTERNAL", contours: [-9, -3, 3, 9].map((z) => square(60, z)) },
  { number: 7, name: "PTV_High", type: "PTV", contours: [{ type: "CLOSED_PLANAR", points: Float64Array.of(-9, -9, -3, 9, -9, -3, 9, 9, -3) }] },
  { number: 8, name: "PTV_Low", type: "PTV", contours: [] },
  { number: 3, name: "SpinalCord", type: "ORGAN", contours: [] },
];
const goal = { structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 39, priority: 1, source: "Leach 2025", verified: true };
const made: PlanMade = {
  request: {
    schema: "hapax/plan", version: 1, id: "imrt", name: "IMRT 54 and 66 Gy in 30", template: "neck-two-levels-30", technique: "IMRT", intent: "CURATIVE", fractions: 30,
    prescriptions: [{ structure: "PTV_High", doseGy: 66 }, { structure: "PTV_Low", doseGy: 54 }], normalization: { kind: "none" },
    machine: { id: machine.id, version: machine.version }, curve: "matrad-default", gridMm: 6, beams: { even: 2 }, goals: [goal],
  },
  madeFrom: { ct: "1.2.3", structureSet: uidOf("plan files set"), frameOfReference, synthetic: true, engine: "Hapax 0.1.0", machine: { id: machine.id, version: machine.version, name: machine.name }, cones: 72, earlier: [] },
  isocenter: [1, 2, 3], beams: [beam(1, 0), beam(2, 345)],
  outcomes: [{ goal, verdict: "held", value: { low: 38.97, high: 38.97 }, why: "38.97 Gy" }, { goal: { ...goal, structure: "Larynx", metric: "Mean[Gy]", atMost: 44, priority: 4, source: "QUANTEC: Marks 2010", verified: false }, verdict: "cannot tell", why: "Larynx is not drawn" }],
  holds: [{ goal, price: [{ structure: "PTV_Low", metric: "D95%[Gy]", changePerGy: 0.41 }], why: "at its limit" }],
  indices: [{ name: "conformity", structure: "PTV_High", value: { low: 0.91, high: 0.91 }, source: "Paddick 2000" }],
  maximum: { gy: 70.1, at: [3, 4, 5] }, mu: 180.8, segments: 6, delivery: { seconds: 210, assumptions: ["600 MU a minute"] },
  history: [], sequencing: [{ structure: "PTV_High", optimizedGy: 64, deliveredGy: 63.68 }], seconds: 12.3, stopped: false, notes: ["made up"],
};
const dose: Volume<Float32Array> = { grid, values: Float32Array.from({ length: 144 }, (_, i) => i / 2), slope: 1, intercept: 0, unit: "Gy" };
const on: ScanToPlan = {
  scan: { ct: { ...dose, values: new Int16Array(144), unit: "HU" }, structures, patientPosition: "FFP", uids: { ct: "1.2.3", structureSet: made.madeFrom.structureSet }, synthetic: true },
  context: { patient: { id: "P1", name: "Box^Water", birthDate: "19500203" }, study: { uid: "1.2.9", date: "20240307", time: "101500", id: "CT-7" }, date: "2026-01-02T10:00:00", synthetic: true },
  structureFile: writeRtStruct({ frameOfReference, structures }, { patient: { id: "P1", name: "Box^Water" }, seed: "plan files", label: "set", date: "2024-03-07", synthetic: true }).bytes,
  patientIds: ["P1"], registrations: [], notes: [],
};

let cwd: string;
const session = () => ({ out: () => {}, err: () => {}, root: cwd, cwd, exitCode: 0 as const });
beforeAll(async () => void (cwd = await mkdtemp(join(tmpdir(), "hapax-cli-plan-files-"))));
afterAll(() => rm(cwd, { recursive: true }));

test("RTPLAN gives back the beams, control point by control point, with targets and limits by their ROI numbers; RTDOSE names it", async () => {
  const { plans: [plan], doses: [read], problems } = await scansOf(dicomOf(made, dose, on));
  expect(problems).toEqual([]);
  expect(plan).toMatchObject({ label: "IMRT 54 and 66 Gy in 30", intent: "CURATIVE", fractions: 30, structureSetUid: made.madeFrom.structureSet, studyUid: "1.2.9", synthetic: true });
  expect(plan?.beams).toEqual(made.beams);
  expect(plan?.prescriptions).toEqual([
    { structure: 7, role: "TARGET", targetGy: 66, description: "PTV_High" }, { structure: 8, role: "TARGET", targetGy: 54, description: "PTV_Low" },
    { structure: 3, role: "ORGAN_AT_RISK", maximumGy: 39, description: "SpinalCord" },
  ]);
  expect(read).toMatchObject({ planUid: plan?.uid, summation: "PLAN", type: "PHYSICAL", studyUid: "1.2.9" });
  expect(Math.max(...((await read?.volume())?.values ?? []))).toBeCloseTo(71.5, 6);
});

test("patient, study and the way he lies are those of the images", () => {
  const [plan] = dicomOf(made, dose, on);
  const { data } = readDicom(plan?.bytes ?? new Uint8Array(), "plan");
  expect([tags.PatientID, tags.PatientBirthDate, tags.StudyID, tags.StudyDate, tags.FrameOfReferenceUID, tags.RTPlanName, tags.ApprovalStatus].map((tag) => data.text(tag)))
    .toEqual(["P1", "19500203", "CT-7", "20240307", frameOfReference, "IMRT 54 and 66 Gy in 30", "UNAPPROVED"]);
  expect(data.items(tags.PatientSetupSequence)[0]?.text(tags.PatientPosition)).toBe("FFP");
  // Prone, gantry 0 comes from behind: at 40° the axis passes 58 mm / cos 40° of him before the isocenter, whichever way the couch is turned.
  for (const one of data.items(tags.BeamSequence)) {
    const skin = one.items(tags.ControlPointSequence)[0]?.number(tags.SourceToSurfaceDistance);
    expect(Math.abs((skin ?? NaN) - (1000 - 58 / Math.cos((40 * Math.PI) / 180)))).toBeLessThan(0.6);
  }
});

test("the same beams have the same UIDs however long they took; another monitor unit, date or patient is another plan", () => {
  const uidOfPlan = (one: PlanMade, there = on) => readDicom(dicomOf(one, dose, there)[0]?.bytes ?? new Uint8Array(), "plan").data.text(tags.SOPInstanceUID);
  expect(uidOfPlan({ ...made, seconds: 99 })).toBe(uidOfPlan(made));
  expect(uidOfPlan({ ...made, beams: [{ ...beam(1, 0), meterset: 90.5 }, beam(2, 345)] })).not.toBe(uidOfPlan(made));
  expect(uidOfPlan(made, { ...on, context: { ...on.context, date: "2026-01-03" } })).not.toBe(uidOfPlan(made));
  expect(uidOfPlan(made, { ...on, context: { ...on.context, patient: { id: "P1", name: "" } } })).not.toBe(uidOfPlan(made));
});

test.skipIf(process.env["HAPAX_REQUIRE_ALL"] !== "1" && spawnSync("dciodvfy", ["/dev/null"]).error !== undefined)("dciodvfy finds no error in plan and dose (needs dicom3tools)", async () => {
  for (const { name, bytes } of dicomOf(made, dose, on)) {
    await writeFile(join(cwd, name), bytes);
    const { stderr } = spawnSync("dciodvfy", ["-new", join(cwd, name)], { encoding: "utf8" });
    expect(stderr.split("\n").filter((line) => line.startsWith("Error")), name).toEqual([]);
  }
});

test("a folder gets all files, each whole; one that holds a plan is refused unless it may be replaced", async () => {
  expect(() => requireRoom(session(), "out", false)).not.toThrow();
  expect(await writePlan(session(), "out", made, dose, on)).toEqual(["RTPLAN.dcm", "RTDOSE.dcm", "RTSTRUCT.dcm", "request.json", "plan.json", "report.pdf"].map((name) => join("out", name)));
  expect((await readdir(join(cwd, "out"))).sort()).toEqual(["RTDOSE.dcm", "RTPLAN.dcm", "RTSTRUCT.dcm", "plan.json", "report.pdf", "request.json"]);
  expect((await readFile(join(cwd, "out", "report.pdf"))).subarray(0, 5).toString()).toBe("%PDF-");
  const text = await readFile(join(cwd, "out", "plan.json"), "utf8");
  expect(JSON.parse(text)).toEqual(made);
  expect(text.split("\n").some((line) => line.includes(`"leaves": [${leaves(7.5).join(", ")}]`))).toBe(true);
  expect(JSON.parse(await readFile(join(cwd, "out", "request.json"), "utf8"))).toEqual(made.request);
  expect(new Uint8Array(await readFile(join(cwd, "out", "RTSTRUCT.dcm")))).toEqual(on.structureFile);
  expect(() => requireRoom(session(), "out", false)).toThrow(expect.objectContaining({ code: "cli/plan-there" }));
  expect(() => requireRoom(session(), "out", true)).not.toThrow();
});

describe("what is told", () => {
  test("a person reads goals with verdicts in words, what holds and its price, beams, indices and what it is not", () => {
    const summed: GoalOutcome = { goal: { ...goal, metric: "Max[Gy]", atMost: 54, cumulative: { alphaBeta: 2 } }, verdict: "met", value: { low: 50.1, high: 50.1 }, why: "" };
    const text = planText({ made: { ...made, outcomes: [...made.outcomes, summed] }, files: ["out/plan.json"], notes: ["SYNTHETIC phantom"] });
    expect(text).toMatch(/SpinalCord +D0\.03cc at most 39 Gy +38\.97 Gy +met, at its limit +limit +Leach 2025/);
    expect(text).toMatch(/Larynx +Mean at most 44 Gy +Larynx is not drawn +cannot tell +4 +QUANTEC, not verified/);
    expect(text).toMatch(/SpinalCord +Max at most 54 Gy EQD2 in all, α\/β 2 +50\.10 Gy +met/);
    expect(text).toMatch(/each Gy more: PTV_Low D95% +\+0\.41 Gy/);
    expect(text).toMatch(/2 +G2 +40\.0° +5\.0° +345\.0° +3 +90\.4 MU/);
    expect(text).toMatch(/conformity +PTV_High +0\.91/);
    // 1 − 63.68 / 64 = 0.5 %.
    expect(text).toMatch(/PTV_High +64\.00 Gy +63\.68 Gy +0\.50 %/);
    // 70.1 / 66 = 106.2 %; 210 s = 3.5 min.
    expect(text).toContain("70.10 Gy, 106.2 % of 66 Gy");
    expect(text).toContain("180.8 MU in 6 segments, about 3.5 min");
    for (const word of ["Research and education. Not a medical device.", "SYNTHETIC phantom", "600 MU a minute", "generic-6mv", "out/plan.json"]) expect(text).toContain(word);
  });

  test("a program reads the same: numbers as numbers, what is not known as null", () => {
    expect(planJson({ made, files: [], notes: [] })).toMatchObject({
      goals: [{ structure: "SpinalCord", atMost: 39, achieved: 38.97, verdict: "held" }, { structure: "Larynx", achieved: null, verdict: "cannot tell" }],
      holds: [{ price: [{ changePerGy: 0.41 }] }], mu: 180.8, segments: 6, delivery: { seconds: 210 }, sequencing: [{ lossPercent: expect.closeTo(0.5, 9) as number }],
      beams: [{ segments: 3, couchDeg: 0 }, { segments: 3, couchDeg: 345 }], seconds: 12.3, stopped: false, notes: ["made up"],
    });
  });
});
