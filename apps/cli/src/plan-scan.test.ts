import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gridOf, type Volume } from "@hapax/base";
import { planUidsOf, readFile as readDicom, scansOf, seriesUidOf, tags, uidOf, writeCtSeries, writeRtDose, writeRtStruct, type WriteContext } from "@hapax/dicom";
import { phantomSpec, phantomStudies, type PhantomStudy } from "@hapax/imaging/phantom";
import { planSeed } from "@hapax/planning/plan-seed";
import { contextOf, planContextOf } from "@hapax/server/phantom-context";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallPlan } from "../../server/src/plans/plan.fixture.ts";
import { asRequested, earlierDoses } from "./plan-earlier.ts";
import { phantomScan } from "./plan-phantom.ts";
import { scanToPlan } from "./plan-scan.ts";
import type { ScanToPlan } from "./scan-to-plan.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;
const session = () => ({ out: () => {}, err: () => {}, root, cwd, exitCode: 0 as const });
const none = { fits: () => false };
const context: WriteContext = { patient: { id: "P1", name: "Box^Water", birthDate: "19500203", sex: "female" }, seed: "plan scan", label: "set", date: "2024-03-07T10:15:00", synthetic: false };
const frameOfReference = uidOf("plan scan frame");
const grid = gridOf({ size: [6, 6, 4], origin: [-15, -15, -9], spacing: [6, 6, 6], frameOfReference });
const dose = (gy: number, of: WriteContext = context, frame = frameOfReference) => {
  const volume: Volume = { grid: { ...grid, frameOfReference: frame }, values: new Float32Array(144).fill(gy), slope: 1, intercept: 0, unit: "Gy" };
  return writeRtDose(volume, { ...of, label: `dose ${gy}` }, { summation: "PLAN", planUid: uidOf("a plan") }).bytes;
};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-plan-scan-"));
  await mkdir(join(cwd, "scan"));
  const ct = writeCtSeries({ grid, values: new Int16Array(144), slope: 1, intercept: 0, unit: "HU" }, context, { patientPosition: "FFS" });
  const structures = [{ number: 4, name: "PTV", type: "PTV", contours: [{ type: "CLOSED_PLANAR" as const, points: Float64Array.of(-9, -9, -3, 9, -9, -3, 9, 9, -3) }] }, { number: 5, name: "Larynx", contours: [] }];
  for (const { name, bytes } of [...ct, writeRtStruct({ frameOfReference, structures }, context)]) await writeFile(join(cwd, "scan", name), bytes);
  await writeFile(join(cwd, "first.dcm"), dose(30));
  await writeFile(join(cwd, "other.dcm"), dose(30, { ...context, patient: { id: "P2", name: "Other" } }));
  await writeFile(join(cwd, "elsewhere.dcm"), dose(30, context, uidOf("another frame")));
});
afterAll(() => rm(cwd, { recursive: true }));

describe("a folder of DICOM", () => {
  test("its CT, drawn structures and way of lying are planned on; files that are made join its study", async () => {
    const { scan, context: joined, structureFile, notes, kvp, curve } = await scanToPlan(session(), "scan", none);
    expect(scan).toMatchObject({ patientPosition: "FFS", synthetic: false, uids: { ct: seriesUidOf(context, "CT") } });
    expect(scan.structures.map(({ name }) => name)).toEqual(["PTV"]);
    expect(notes).toEqual(["Larynx is named and not drawn."]);
    expect([kvp, curve]).toEqual([120, undefined]);
    const [set] = (await scansOf([{ name: "set", bytes: structureFile }])).structureSets;
    expect(scan.uids.structureSet).toBe(set?.uid);
    expect(joined).toMatchObject({ patient: { id: "P1", name: "Box^Water", birthDate: "19500203", sex: "female" }, study: { uid: set?.studyUid, date: "20240307", time: "101500", id: "1" } });
  });

  test("a study is of a phantom, and there is none", async () => {
    await expect(scanToPlan(session(), "scan", { ...none, study: "phantom-t3" })).rejects.toMatchObject({ code: "cli/study" });
  });

  test("a folder without a structure set is refused", async () => {
    await mkdir(join(cwd, "bare"), { recursive: true });
    await writeFile(join(cwd, "bare", "dose.dcm"), dose(30));
    await expect(scanToPlan(session(), "bare", none)).rejects.toMatchObject({ code: "cli/not-in-file" });
  });
});

describe("a phantom", () => {
  const json = async (): Promise<unknown> => JSON.parse(await readFile(join(root, "cases/leach2025/phantom.json"), "utf8")) as unknown;
  const made = async (choice: Parameters<typeof phantomScan>[1]) => phantomScan(await json(), choice, { quality: "coarse" });
  const studyNamed = async (id: string) => phantomStudies(phantomSpec(await json())).find(({ spec }) => spec.id === id);

  test("the study with the volumes of the treatment is taken, under the UIDs that its files have in the workbench", async () => {
    const { scan, context: joined, curve, course, structureFile } = await made({ fits: (treatment) => treatment === "imrt-sib" });
    expect([course, curve]).toEqual(["imrt-sib", "matrad-default"]);
    expect(scan.structures.map(({ name }) => name)).toEqual(expect.arrayContaining(["PTV_High", "PTV_Low", "SpinalCord", "Body"]));
    const seed = (await studyNamed("phantom-t3"))?.studyUid ?? "";
    // As the workbench writes its files: UIDs come from the study, the time point and the title.
    expect(scan.uids.ct).toBe(uidOf(`${seed} CT T3 CT chest; planning of the definitive IMRT`));
    const { data } = readDicom(structureFile, "set");
    expect(data.text(tags.SOPInstanceUID)).toBe(scan.uids.structureSet);
    expect([data.text(tags.StudyInstanceUID), data.text(tags.StudyDate)]).toEqual([joined.study?.uid, joined.study?.date]);
  });

  test("a plan on it has the UIDs that it has when it comes with the case", async () => {
    const { context: joined } = await made({ ...none, study: "phantom-t4" });
    const plan = smallPlan("reirradiation"), study = await studyNamed("phantom-t4");
    const n = phantomStudies(phantomSpec(await json())).findIndex(({ spec }) => spec.id === "phantom-t4");
    expect(planUidsOf({ ...joined, ...planSeed(plan, joined) })).toEqual(planUidsOf(planContextOf(contextOf(study as PhantomStudy, n), plan)));
  });

  test("no or an unknown study is refused with those there are", async () => {
    await expect(made(none)).rejects.toThrow(expect.objectContaining({ code: "cli/study", remedy: expect.stringContaining("phantom-t5 (palliative-3d)") as string }));
    await expect(made({ ...none, study: "phantom-t9" })).rejects.toThrow(expect.objectContaining({ code: "cli/study" }));
  });

  test("a dose on another of its studies lies where it lay, by construction", async () => {
    const frame = (await studyNamed("phantom-t3"))?.frameOfReference ?? "";
    const late = await made({ fits: (treatment) => treatment === "palliative-3d" });
    await writeFile(join(cwd, "t3.dcm"), dose(54, { ...context, patient: { id: "SYNTHETIC", name: "SYNTHETIC^PHANTOM" } }, frame));
    const { asked: [asked], doses: [found] } = await earlierDoses(session(), { earlier: ["t3.dcm=30"], shift: "5", recovery: [] }, late);
    expect(asked).toMatchObject({ fractions: 30, shiftMm: 5, recovery: 0 });
    expect(asked?.registration).toContain("by construction");
    expect(found?.dose.grid).toMatchObject({ patientFromVoxel: grid.patientFromVoxel, frameOfReference: late.scan.ct.grid.frameOfReference });
  });
});

describe("earlier doses", () => {
  const on = (): Promise<ScanToPlan> => scanToPlan(session(), "scan", none);
  const found = async (earlier: readonly string[], more: { shift?: string; recovery?: readonly string[] } = {}) => earlierDoses(session(), { earlier, shift: "0", recovery: [], ...more }, await on());

  test("a course keeps its fractions, how far it may have moved, and what is taken to be forgotten with why", async () => {
    const { asked, doses } = await found(["first.dcm=30"], { shift: "3", recovery: ["1:25:12 months"] });
    expect(asked).toEqual([{ label: "1 first.dcm", fractions: 30, shiftMm: 3, recovery: 0.25, recoverySource: "12 months", registration: "one frame of reference" }]);
    expect(doses[0]).toMatchObject({ label: "1 first.dcm" });
    expect(doses[0]?.dose.values[0]).toBeCloseTo(30, 4);
  });

  test.each<[string, readonly string[], { shift?: string }, string]>([
    ["another patient's", ["other.dcm=30"], {}, "cli/patients"],
    ["in a frame of reference that nothing ties to the scan's", ["elsewhere.dcm=30"], {}, "figure/frame"],
    ["without its fractions", ["first.dcm"], {}, "cli/fractions"],
    ["a shift of none", [], { shift: "5" }, "cli/earlier"],
  ])("%s is refused", async (_, earlier, more, code) => {
    await expect(found(earlier, more)).rejects.toMatchObject({ code });
  });

  test("a request has its own labels, and is not made with other fractions or without its doses", async () => {
    const given = await found(["first.dcm=30"]);
    const [asked] = given.asked;
    if (asked === undefined) throw new Error("no earlier dose");
    const request = { earlier: [{ ...asked, label: "IMRT of 2023" }] } as unknown as Parameters<typeof asRequested>[0];
    expect(asRequested(request, given).map(({ label }) => label)).toEqual(["IMRT of 2023"]);
    for (const earlier of [undefined, [{ ...asked, fractions: 25 }]]) expect(() => asRequested({ ...request, earlier } as typeof request, given)).toThrow(expect.objectContaining({ code: "cli/earlier" }));
  });
});
