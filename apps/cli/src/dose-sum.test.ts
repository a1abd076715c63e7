import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gridOf, originOf, type Vec3 } from "@hapax/base";
import type { DoseGrid } from "@hapax/case";
import { dicomFile, instanceUidOf, readFile as readDicom, scansOf, tags, uidOf, writeRtDose, writeRtPlan, writeRtStruct, type DoseDescription, type WriteContext } from "@hapax/dicom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { main } from "./index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;

async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}

interface Summed {
  readonly grid?: { readonly covered: number; readonly highest?: { readonly gy: number; readonly contributions: unknown[] } };
  readonly structures: readonly (Record<string, unknown> & { readonly name: string })[];
  readonly method: readonly string[];
}
const summed = async (...args: string[]): Promise<Summed> => {
  const { code, out, err } = await hapax("sum", ...args, "--json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Summed;
};
const refused = async (...args: string[]): Promise<string> => {
  const { code, err } = await hapax("sum", ...args);
  expect(code).toBe(2);
  return err;
};
const doseIn = async (path: string): Promise<DoseGrid> => {
  const { doses: [dose] } = await scansOf([{ name: path, bytes: new Uint8Array(await readFile(join(cwd, path))) }]);
  return dose as DoseGrid;
};

const frame = uidOf("planning");
const context = (seed: string, patient = "P1"): WriteContext => ({ patient: { id: patient, name: "Doe^Jane" }, seed, label: "plan", date: "2024-03-07", synthetic: true });

interface Made extends DoseDescription {
  readonly size?: Vec3;
  readonly origin?: Vec3;
  readonly frameOfReference?: string;
  readonly patient?: string;
}

/** A flat dose on 3 mm voxels from −30 to 30 mm, or as it is said. */
function flat(seed: string, gy: number, { size = [21, 21, 21], origin = [-30, -30, -30], frameOfReference = frame, patient, ...more }: Made = {}): Uint8Array {
  const grid = gridOf({ size, origin, spacing: [3, 3, 3], frameOfReference });
  return writeRtDose({ grid, values: new Float32Array(size[0] * size[1] * size[2]).fill(gy), slope: 1, intercept: 0, unit: "Gy" }, context(seed, patient), { planUid: uidOf(seed), ...more }).bytes;
}

const box = (half: number) => [-6, -3, 0, 3, 6].map((z) => ({ type: "CLOSED_PLANAR" as const, points: Float64Array.of(-half, -half, z, half, -half, z, half, half, z, -half, half, z) }));
const structures = [
  { number: 1, name: "SpinalCord", type: "ORGAN", contours: box(6) },
  { number: 2, name: "Kidney_L", type: "ORGAN", contours: box(8) },
  { number: 3, name: "PTV_High", type: "PTV", contours: box(10) },
  { number: 4, name: "Heart", type: "ORGAN", contours: [] },
];

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-sum-"));
  const planned = context("planned");
  const planUid = instanceUidOf(planned, "RTPLAN", 1);
  const registration = (to: string, from: string, x: number) => dicomFile({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.1", SOPInstanceUID: uidOf("reg"), Modality: "REG", FrameOfReferenceUID: to,
    RegistrationSequence: [{ FrameOfReferenceUID: from, MatrixRegistrationSequence: [{ MatrixSequence: [{ FrameOfReferenceTransformationMatrix: [1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], FrameOfReferenceTransformationMatrixType: "RIGID" }] }] }],
  });
  const files: Readonly<Record<string, Uint8Array>> = {
    "first.dcm": flat("first", 39),
    "second.dcm": flat("second", 20),
    // It ends at x = 0, in the middle of the cord.
    "half.dcm": flat("half", 20, { size: [11, 21, 21] }),
    "elsewhere.dcm": flat("elsewhere", 20, { frameOfReference: uidOf("earlier"), origin: [70, -30, -30] }),
    "registration.dcm": registration(frame, uidOf("earlier"), -100),
    "away.dcm": flat("away", 20, { origin: [100, -30, -30] }),
    "other-patient.dcm": flat("other", 20, { patient: "P2" }),
    "effective.dcm": flat("effective", 20, { type: "EFFECTIVE" }),
    "fraction.dcm": flat("fraction", 2, { summation: "FRACTION" }),
    "structures.dcm": writeRtStruct({ frameOfReference: frame, structures }, context("structures")).bytes,
    "planned/dose.dcm": flat("planned", 20, { planUid }),
    "planned/plan.dcm": writeRtPlan({ prescriptions: [], fractions: 5, beams: [] }, planned).bytes,
    "planned/notes.txt": new TextEncoder().encode("no DICOM"),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), bytes);
  }
});
afterAll(() => rm(cwd, { recursive: true }));

const both = ["--dose", "first.dcm:30", "--dose", "second.dcm:5"];

describe("39 Gy in 30 and 20 Gy in 5", () => {
  test("have 62.175 Gy EQD2 in the cord at 2 Gy: more than Delphi, Paradis and the Radium Society allow, less than Troost and HyTEC", async () => {
    const { structures: rows } = await summed(...both, "--structures", "structures.dcm");
    const [cord, kidney, target] = rows;
    // 39 (1.3 + 2) / 4 + 20 (4 + 2) / 4 = 32.175 + 30
    expect(cord).toMatchObject({ alphaBeta: 2, from: "organ table", max: expect.closeTo(62.175, 2), mean: expect.closeTo(62.175, 2), "D0.03cc": expect.closeTo(62.175, 2), coverage: 1 });
    expect(cord?.["contributions"]).toEqual([{ course: "first.dcm", gy: expect.closeTo(32.175, 2) }, { course: "second.dcm", gy: expect.closeTo(30, 2) }]);
    expect((cord?.["limits"] as { verdict: string; constraint: { set: string } }[]).map(({ verdict, constraint }) => [constraint.set, verdict])).toEqual([
      ["rulach2021", "fail"], ["paradis2019", "fail"], ["troost2020", "pass"], ["americanRadium2020", "fail"], ["hytec-cumulative", "pass"],
    ]);
    // 39 (1.3 + 3) / 5 + 20 (4 + 3) / 5 = 33.54 + 28
    expect(kidney).toMatchObject({ alphaBeta: 3, from: "late effects, not in the organ table", max: expect.closeTo(61.54, 2) });
    expect(target).toMatchObject({ name: "PTV_High", problem: expect.stringContaining("give --alpha-beta") });
  });

  test("are told with their courses, contributions, α/β and what is not drawn", async () => {
    const { code, out } = await hapax("sum", ...both, "--structures", "structures.dcm");
    expect(code).toBe(0);
    expect(out).toMatch(/1 +first\.dcm +30 fractions +as given\n2 +second\.dcm +5 fractions +as given/);
    expect(out).toMatch(/SpinalCord +2, organ table +[\d.]+ +62\.1[78] +32\.1[78] +30\.00 +62\.1[78] +62\.1[78] +100\.0 %/);
    expect(out).toMatch(/fail +SpinalCord +Max\[Gy\] is 62\.1[78], at most 60 asked\. +Cumulative dose of thoracic re-irradiation, UK Delphi/);
    expect(out).toContain("Not drawn: Heart.");
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("are 124.35 Gy BED and 59 Gy of physical dose, and no limit of EQD2 is held against these", async () => {
    expect((await summed(...both, "--measure", "BED", "--alpha-beta", "2")).grid?.highest?.gy).toBeCloseTo(124.35, 2);
    const physical = await summed(...both, "--measure", "physical", "--structures", "structures.dcm");
    expect(physical.grid?.highest?.gy).toBeCloseTo(59, 2);
    expect(physical.structures.map(({ max, limits }) => [Math.round(max as number), limits])).toEqual([[59, undefined], [59, undefined], [59, undefined]]);
    expect(physical.method).toContain("Limits of cumulative EQD2 are not held against physical dose.");
  });

  test("lose what is stated to have recovered, after conversion", async () => {
    const { grid, method } = await summed(...both, "--alpha-beta", "2", "--recovery", "1:25:12 months");
    // 0.75 × 32.175 + 30
    expect(grid?.highest?.gy).toBeCloseTo(54.131, 2);
    expect(method.join(" ")).toContain("25 % taken off after conversion as recovered (12 months)");
    for (const wrong of ["25", "3:25:x", "1:25:", "1:125:x"]) expect(await refused(...both, "--alpha-beta", "2", "--recovery", wrong)).toContain("cli/recovery");
  });
});

describe("where a grid ends", () => {
  const partly = ["--dose", "first.dcm:30", "--dose", "half.dcm:5"];

  test("the sum is unknown and not smaller: the cord has at least what is certain, and no limit is passed", async () => {
    const { structures: [cord] } = await summed(...partly, "--structures", "structures.dcm");
    expect(cord?.["coverage"]).toBeCloseTo(0.5, 1);
    expect(cord?.["max"]).toEqual({ low: expect.closeTo(62.175, 2), high: null });
    expect(cord?.["mean"]).toEqual({ low: expect.closeTo((62.175 + 32.175) / 2, -1), high: null });
    const { out } = await hapax("sum", ...partly, "--structures", "structures.dcm");
    expect(out).toMatch(/≥ 62\.1[78]/);
    expect(out).toMatch(/every course is known in 52\.4 % of the grid/);
  });

  test("SlicerRT 181: the sum is a file of its own, cut to where every course is known, and says what it is", async () => {
    const { out } = await hapax("sum", ...partly, "--alpha-beta", "2", "--out", "sums/sum.dcm");
    expect(out).toContain("EQD2, α/β 2 Gy: 30 + 5 fractions; 11 × 21 × 21 voxels of 21 × 21 × 21, where every course is known.");
    const dose = await doseIn("sums/sum.dcm");
    expect(dose).toMatchObject({ type: "EFFECTIVE", summation: "MULTI_PLAN", comment: "EQD2, α/β 2 Gy: 30 + 5 fractions", synthetic: true, date: "2024-03-07" });
    expect(originOf(dose.grid)).toEqual([-30, -30, -30]);
    const { values } = await dose.volume();
    for (const gy of values) expect(gy).toBeCloseTo(62.175, 2);
    expect(await refused("--dose", "sums/sum.dcm:30", "--dose", "first.dcm:30", "--alpha-beta", "2")).toContain("weighted for its effect already");
  });

  test("the file names the plan of every course, of one that was given twice twice", async () => {
    const plansOf = async (...args: string[]) => {
      await hapax("sum", ...args, "--alpha-beta", "2", "--out", "plans.dcm");
      const { data } = readDicom(new Uint8Array(await readFile(join(cwd, "plans.dcm"))), "plans.dcm");
      return [data.text(tags.DoseSummationType), ...data.items(tags.ReferencedRTPlanSequence).map((item) => item.text(tags.ReferencedSOPInstanceUID))];
    };
    expect(await plansOf(...both)).toEqual(["MULTI_PLAN", uidOf("first"), uidOf("second")]);
    expect(await plansOf("--dose", "first.dcm:30", "--dose", "first.dcm:30")).toEqual(["MULTI_PLAN", uidOf("first"), uidOf("first")]);
    expect(await plansOf("--dose", "first.dcm:30")).toEqual(["PLAN", uidOf("first")]);
  });

  test("a dose that nowhere meets the other makes no file", async () => {
    expect(await refused("--dose", "first.dcm:30", "--dose", "away.dcm:5", "--alpha-beta", "2", "--out", "no.dcm")).toContain("cli/no-overlap");
  });

  test("the same sum is the same file, of other fractions another", async () => {
    const bytes = async (...args: string[]) => (await hapax("sum", ...args, "--alpha-beta", "2", "--out", "same.dcm"), readFile(join(cwd, "same.dcm")));
    expect((await bytes(...both)).equals(await bytes(...both))).toBe(true);
    expect((await bytes(...both)).equals(await bytes("--dose", "first.dcm:30", "--dose", "second.dcm:6"))).toBe(false);
  });
});

describe("frames of reference", () => {
  const apart = ["--dose", "first.dcm:30", "--dose", "elsewhere.dcm:5", "--alpha-beta", "2"];

  test("a dose of another frame is refused, and added through its registration", async () => {
    expect(await refused(...apart)).toContain("radiobiology/frame");
    // Its grid begins at 70 mm; the registration takes it to −30.
    const { grid, method } = await summed(...apart, "--registration", "registration.dcm");
    expect(grid).toMatchObject({ covered: 1, highest: { gy: expect.closeTo(62.175, 2) } });
    expect(method.join(" ")).toContain("inverse of registration");
  });

  test("the sum lies on the grid that is chosen", async () => {
    const { out } = await hapax("sum", ...apart, "--registration", "registration.dcm", "--on", instanceUidOf(context("elsewhere"), "RTDOSE", 1), "--out", "on.dcm");
    expect(out).toContain("21 × 21 × 21 voxels.");
    const dose = await doseIn("on.dcm");
    expect([dose.grid.frameOfReference, originOf(dose.grid)[0]]).toEqual([uidOf("earlier"), 70]);
  });
});

describe("what is not said is asked for", () => {
  test("fractions are those given, or those of the plan that the dose names", async () => {
    const { out } = await hapax("sum", "--dose", "first.dcm:30", "--dose", "planned/dose.dcm", "--alpha-beta", "2");
    expect(out).toMatch(/2 +planned\/dose\.dcm +5 fractions +planned by/);
    expect(out).toMatch(/highest EQD2 +62\.1[78] Gy/);
    expect((await hapax("sum", "--dose", "first.dcm:30", "--dose", "planned", "--alpha-beta", "2")).out).toContain("5 fractions");
    expect(await refused("--dose", "first.dcm", "--alpha-beta", "2")).toMatch(/cli\/fractions.*its plan is not there.*\n.*first\.dcm:30/);
  });

  test.each([
    [["--dose", "first.dcm:many", "--alpha-beta", "2"], "cli/fractions"],
    [["--dose", "first.dcm:0", "--alpha-beta", "2"], "cli/fractions"],
    [["--dose", "fraction.dcm:30", "--alpha-beta", "2"], "the dose is of a FRACTION"],
    [["--dose", "effective.dcm:30", "--alpha-beta", "2"], "cli/dose-kind"],
    [["--dose", "first.dcm:30", "--dose", "other-patient.dcm:5", "--alpha-beta", "2"], "of the patients P1, P2"],
    [["--dose", "first.dcm:30"], "cli/alpha-beta"],
    [["--dose", "first.dcm:30", "--structures", "structures.dcm", "--out", "x.dcm"], "cli/alpha-beta"],
    [["--dose", "first.dcm:30", "--alpha-beta", "0"], "radiobiology/alpha-beta"],
    [["--dose", "first.dcm:30", "--measure", "eqd"], "physical, EQD2, BED"],
    [["--dose", "first.dcm:30", "--alpha-beta", "2", "--on", "1.2"], "cli/not-there"],
    [[], "--dose"],
  ])("%j", async (args, words) => {
    expect(await refused(...args)).toContain(words);
  });
});

const real = "rt/openkbp-pt106-hn-sib";
testWith(real)("a head and neck plan summed with itself has twice its maximum in every organ", { timeout: 60_000 }, async () => {
  const dose = sharedPath(`${real}/RTDOSE.dcm`);
  const structures = sharedPath(`${real}/RTSTRUCT.dcm`);
  const maximum = async (...args: string[]) => (await summed(...args, "--measure", "physical", "--structures", structures)).structures.map(({ max }) => max as number);
  const [once, twice] = [await maximum("--dose", `${dose}:35`), await maximum("--dose", `${dose}:35`, "--dose", `${dose}:35`)];
  expect(once.length).toBeGreaterThan(3);
  twice.forEach((gy, i) => expect(gy / 2).toBeCloseTo(once[i] as number, 3));
});
