import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CaseRecord } from "@hapax/case";
import { volumeFrom } from "@hapax/files";
import { openPglite, type CaseStore } from "@hapax/store";
import { createApp } from "../app.ts";
import { houseCompute } from "../house.ts";
import { seriesOfSmallStudy, smallStudy, type SmallStudy } from "../../../../tests/small-study.ts";
import { openScanning, type Scanning, type ScanSummary, type TakenIn } from "./index.ts";

let folder: string;
let store: CaseStore;
let scans: Scanning;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-scans-"));
  store = await openPglite();
  scans = openScanning(join(folder, "scans"));
  app = createApp({ store, scans, compute: houseCompute, who: "anna", version: "0", token: "t", web: folder, port: () => 4270 });
}, 60_000);
afterAll(async () => {
  await scans.close();
  await store.close();
  await rm(folder, { recursive: true });
});

type Content = Record<string, Uint8Array>;
const ask = (method: string, path: string, body?: Uint8Array, type = "application/zip") =>
  app.request(`http://127.0.0.1:4270${path}`, {
    method,
    headers: { host: "127.0.0.1:4270", authorization: "Bearer t", ...(body === undefined ? {} : { "content-type": type }) },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
const json = async <T>(answer: Response | Promise<Response>) => (await (await answer).json()) as T;
const zipOf = (files: Content) => zipSync(files, { level: 0 });
const contentOf = (study: SmallStudy, at = ""): Content => Object.fromEntries(smallStudy(study).map((f) => [`${at}${f.name}`, f.bytes]));
/** An upload with its files, sent in batches. */
const uploaded = async (...batches: Content[]) => {
  const { upload } = await json<{ upload: string }>(ask("POST", "/api/uploads"));
  for (const batch of batches) expect((await ask("PUT", `/api/uploads/${upload}`, zipOf(batch))).status).toBe(200);
  return upload;
};
const takenIn = async (...batches: Content[]) => json<TakenIn>(ask("POST", `/api/scans?upload=${await uploaded(...batches)}`));
const summaryOf = (id: string) => json<ScanSummary>(ask("GET", `/api/cases/${id}/scans`));
const recordOf = async (id: string) => (await json<{ record: CaseRecord }>(ask("GET", `/api/cases/${id}`))).record;
const problem = async (answer: Response | Promise<Response>) => ({ status: (await answer).status, ...(await json<{ code: string; what: string; problems: { code: string; what: string }[] }>(answer)) });

describe("a folder that is dropped", () => {
  test("makes a case: its scans, its entries, a neutral name, and every page opens", async () => {
    const taken = await takenIn(contentOf({ seed: "new" }, "CT/"));
    expect(taken).toMatchObject({ revision: 1, problems: [], added: { files: 7, filesThereAlready: 0, series: 1, structureSets: 1, plans: 1, doses: 1, entries: 2 } });
    const record = await recordOf(taken.id);
    expect(record).toMatchObject({ name: "CT, structures, plan and dose of 2024-03-07", tumor: "other" });
    expect(JSON.stringify(record)).not.toMatch(/Doe|Jane|P1/);
    const { findings } = await json<{ findings: unknown[] }>(ask("GET", `/api/cases/${taken.id}/findings`));
    expect(findings.length).toBeGreaterThan(0);
    expect((await ask("GET", `/api/cases/${taken.id}/report.html`)).status).toBe(200);
    for (const figure of houseCompute.figures) expect([figure, (await ask("GET", `/api/cases/${taken.id}/figures/${figure}.svg`)).status]).toEqual([figure, 200]);
  });

  test("is told without pixels and contours, and gives each where it is asked for", async () => {
    const { id } = await takenIn(contentOf({ seed: "told" }));
    const summary = await summaryOf(id);
    const [series] = summary.series;
    expect(series).toMatchObject({ modality: "CT", files: 4, geometry: { classes: ["regular"], shown: "as it is" }, grid: { size: [16, 16, 4], rows: [[4, 0, 0, -30], [0, 4, 0, -30], [0, 0, 3, 0]] } });
    expect(summary.structureSets[0]?.structures).toEqual([
      { number: 1, name: "PTV_High", type: "PTV", color: "#ff0000", contours: 3 },
      { number: 2, name: "SpinalCord", type: "ORGAN", contours: 0 },
    ]);
    expect(summary.plans[0]).toMatchObject({ fractions: 30, prescriptions: [{ structure: 1, role: "TARGET", targetGy: 66 }] });

    const volume = async (uid: string) => volumeFrom(new Uint8Array(await (await ask("GET", `/api/cases/${id}/scans/${uid}/volume`)).arrayBuffer()));
    const ct = await volume(seriesOfSmallStudy("told"));
    expect([ct.unit, ct.values[3]! * ct.slope + ct.intercept]).toEqual(["HU", -970]);
    const dose = await volume(summary.doses[0]?.uid ?? "");
    expect(dose).toMatchObject({ unit: "Gy", grid: { size: [8, 8, 3] } });
    expect(dose.values[191]! * dose.slope).toBeCloseTo(191 / 3, 2);

    const set = await json<{ structures: { contours: { type: string; points: number[] }[] }[] }>(ask("GET", `/api/cases/${id}/scans/${summary.structureSets[0]?.uid}/structures`));
    expect(set.structures[0]?.contours[1]).toEqual({ type: "CLOSED_PLANAR", points: [-10, -10, 3, 10, -10, 3, 10, 10, 3, -10, 10, 3] });
    expect(await problem(ask("GET", `/api/cases/${id}/scans/1.2.3/volume`))).toMatchObject({ status: 404, code: "scans/not-found" });
    expect((await ask("GET", `/api/cases/${id}/scans/${series?.uid}/volume?unit=SUVbw`)).status).toBe(400);
  });

  test("a second time adds nothing, and no revision", async () => {
    const { id } = await takenIn(contentOf({ seed: "twice" }));
    const again = await json<TakenIn>(ask("POST", `/api/cases/${id}/scans?upload=${await uploaded(contentOf({ seed: "twice" }, "other/"))}`));
    expect(again).toMatchObject({ id, revision: 1, added: { files: 0, filesThereAlready: 7, entries: 0 } });
    expect((await scans.archive.list(id)).length).toBe(7);
  });

  test("joins a case: what a person recorded stays, and a difference is told", async () => {
    const made = await json<{ id: string }>(ask("POST", "/api/cases", strToU8('{"name":"By hand","tumor":"pecoma"}'), "application/json"));
    const record = { ...(await recordOf(made.id)), patient: { weight: { state: "recorded", value: { value: 80, unit: "kg" } } } };
    await ask("PUT", `/api/cases/${made.id}`, strToU8(JSON.stringify({ record, expected: 1 })), "application/json");
    const taken = await json<TakenIn>(ask("POST", `/api/cases/${made.id}/scans?upload=${await uploaded(contentOf({ seed: "joins" }))}`));
    expect(taken).toMatchObject({ id: made.id, revision: 3, problems: [{ code: "dicom/differs" }] });
    expect(taken.problems[0]?.what).toContain("weight 70 kg, the record says 80 kg");
    expect(await recordOf(made.id)).toMatchObject({ name: "By hand", patient: { weight: { value: { value: 80 } }, sex: { value: "female" } } });
  });

  test("in several batches is one upload, whose progress can be asked, and which is gone when it was taken up", async () => {
    const files = Object.entries(contentOf({ seed: "batches" }));
    const upload = await uploaded(Object.fromEntries(files.slice(0, 3)), Object.fromEntries(files.slice(2)));
    expect(await json(ask("GET", `/api/uploads/${upload}`))).toMatchObject({ step: "receiving", files: 7, problems: [] });
    expect((await ask("POST", `/api/scans?upload=${upload}`)).status).toBe(201);
    expect((await ask("GET", `/api/uploads/${upload}`)).status).toBe(404);
    expect(await readdir(join(scans.archive.folder, ".uploads"))).not.toContain(upload);
  });

  test("of two folders with files of one name keeps both", async () => {
    const { id } = await takenIn({ ...contentOf({ seed: "a" }, "a/"), ...contentOf({ seed: "b", date: "2024-05-01" }, "b/") });
    expect((await recordOf(id)).entries.filter((e) => e.kind === "imaging").map((e) => e.when?.date)).toEqual(["2024-03-07", "2024-05-01"]);
    const third = await json<TakenIn>(ask("POST", `/api/cases/${id}/scans?upload=${await uploaded(contentOf({ seed: "c", date: "2024-06-01" }, "a/"))}`));
    expect(third).toMatchObject({ added: { files: 7, series: 1, entries: 2 } });
    expect((await scans.archive.list(id)).map((f) => f.name)).toContain("a/CT.0001 (2).dcm");
    expect((await summaryOf(id)).series).toHaveLength(3);
  });

  test("one file alone is sent without a zip", async () => {
    const { upload } = await json<{ upload: string }>(ask("POST", "/api/uploads"));
    const [file] = smallStudy({ seed: "alone" });
    await ask("PUT", `/api/uploads/${upload}?name=one.dcm`, file?.bytes, "application/dicom");
    expect(await json<TakenIn>(ask("POST", `/api/scans?upload=${upload}`))).toMatchObject({ added: { files: 1, series: 1 } });
  });
});

describe("what is not as it should be", () => {
  test("two patients in one drop are refused with both named; one is chosen, the other becomes a case of its own", async () => {
    const upload = await uploaded({ ...contentOf({ seed: "p1", patient: "ANON-1" }, "1/"), ...contentOf({ seed: "p2", patient: "ANON-2" }, "2/") });
    const refused = await problem(ask("POST", `/api/scans?upload=${upload}`));
    expect(refused).toMatchObject({ status: 409, code: "scans/several-patients" });
    expect(refused.what).toContain('"ANON-1" and "ANON-2"');
    const first = await json<TakenIn>(ask("POST", `/api/scans?upload=${upload}&patient=ANON-1`));
    expect(first.added).toMatchObject({ files: 7, series: 1 });
    const wrong = await problem(ask("POST", `/api/cases/${first.id}/scans?upload=${upload}`));
    expect(wrong).toMatchObject({ status: 409, code: "scans/other-patient" });
    const second = await json<TakenIn>(ask("POST", `/api/scans?upload=${upload}`));
    expect(second.id).not.toBe(first.id);
    expect((await summaryOf(second.id)).patient.ids).toEqual(["ANON-2"]);
    expect((await summaryOf(first.id)).patient.ids).toEqual(["ANON-1"]);
  });

  test("one truncated file and one that is no DICOM are told; the good ones are kept", async () => {
    const files = contentOf({ seed: "truncated", slices: 8 });
    const cut = (files["CT.0003.dcm"] as Uint8Array).subarray(0, 900);
    const taken = await takenIn({ ...files, "CT.0003.dcm": cut, "TRUTH.csv": strToU8("structure,volume\nPTV,1\n") });
    expect(taken.added).toMatchObject({ files: 10, series: 1, doses: 1 });
    for (const name of ["CT.0003.dcm", "TRUTH.csv"]) expect(taken.problems.some((p) => p.what.includes(name))).toBe(true);
    expect((await summaryOf(taken.id)).series[0]?.geometry.classes).toEqual(["missing slices"]);
  });

  test("nothing that is DICOM makes no case", async () => {
    const before = (await store.list()).length;
    const upload = await uploaded({ "letter.txt": strToU8("Dear colleague"), "x.dcm": new Uint8Array(200) });
    const told = await problem(ask("POST", `/api/scans?upload=${upload}`));
    expect(told).toMatchObject({ status: 400, code: "scans/nothing" });
    expect(told.problems).toHaveLength(2);
    expect(await store.list()).toHaveLength(before);
    expect((await ask("DELETE", `/api/uploads/${upload}`)).status).toBe(200);
  });

  test("a bomb, a path out of the zip and a damaged zip do no harm, and nothing is written outside", async () => {
    const { upload } = await json<{ upload: string }>(ask("POST", "/api/uploads"));
    const put = (zip: Uint8Array) => ask("PUT", `/api/uploads/${upload}`, zip);
    const bomb = zipSync({ "bomb.dcm": new Uint8Array(1000) });
    // The size that the list of files declares, 24 bytes into its only row.
    new DataView(bomb.buffer).setUint32(bomb.length - 22 - (46 + "bomb.dcm".length) + 24, 3_000_000_000, true);
    expect(await problem(put(bomb))).toMatchObject({ status: 413, code: "dicom/too-much" });
    expect(await problem(put(zipOf({ "a.dcm": strToU8("x") }).subarray(0, 40)))).toMatchObject({ status: 400, code: "dicom/zip" });
    const tricks = await json<{ files: number; problems: { code: string }[] }>(put(zipOf({ ...contentOf({ seed: "tricks" }), "../../../escaped.dcm": strToU8("x") })));
    expect(tricks).toMatchObject({ files: 7, problems: [{ code: "dicom/zip-name" }] });
    const taken = await json<TakenIn>(ask("POST", `/api/scans?upload=${upload}`));
    expect(taken).toMatchObject({ added: { files: 7 }, problems: [{ code: "dicom/zip-name" }] });
    expect(await readdir(folder)).toEqual(["scans"]);
    expect((await readdir(scans.archive.folder)).every((name) => /^\.uploads$|^scans(-\d+)?$|^by-hand$/.test(name))).toBe(true);
  }, 60_000);

  test("an upload of another id, a case that is not there and a type that is no scan are refused", async () => {
    expect(await problem(ask("POST", "/api/scans?upload=../../x"))).toMatchObject({ status: 404, code: "scans/upload" });
    expect(await problem(ask("DELETE", "/api/uploads/..%2f..%2f"))).toMatchObject({ status: 404, code: "scans/upload" });
    const upload = await uploaded(contentOf({ seed: "nowhere" }));
    expect(await problem(ask("POST", `/api/cases/nowhere/scans?upload=${upload}`))).toMatchObject({ status: 404, code: "store/not-found" });
    expect(await json(ask("GET", `/api/uploads/${upload}`))).toMatchObject({ files: 7 });
    expect((await ask("PUT", `/api/uploads/${upload}`, strToU8("x"), "text/plain")).status).toBe(415);
  });
});

test("the scans of a removed case are not given, and undo brings them back", async () => {
  const { id } = await takenIn(contentOf({ seed: "removed" }));
  await ask("DELETE", `/api/cases/${id}`);
  expect((await ask("GET", `/api/cases/${id}/scans`)).status).toBe(404);
  expect((await ask("GET", `/api/cases/${id}/scans/${seriesOfSmallStudy("removed")}/volume`)).status).toBe(404);
  await ask("POST", `/api/cases/${id}/undo`);
  expect((await summaryOf(id)).series).toHaveLength(1);
});

test("a file that was changed on the disk is told, and not shown as if it were whole", async () => {
  const { id } = await takenIn(contentOf({ seed: "damaged" }));
  const [file] = await scans.archive.list(id);
  await writeFile(join(scans.archive.folder, id, `${file?.sha256}.dcm`), "x");
  const again = openScanning(scans.archive.folder);
  await expect(again.reading.summary(id)).rejects.toMatchObject({ code: "scans/damaged" });
  await again.close();
});

test("the server answers while scans are read", async () => {
  const upload = await uploaded(contentOf({ seed: "meanwhile", slices: 300 }));
  let reading = true;
  const taking = Promise.resolve(ask("POST", `/api/scans?upload=${upload}`)).finally(() => (reading = false));
  let answers = 0;
  while (reading) {
    const { step } = await json<{ step?: string }>(ask("GET", `/api/uploads/${upload}`));
    if (step === "checking files" || step === "reading scans") answers++;
    await new Promise((next) => setTimeout(next, 1));
  }
  expect((await taking).status).toBe(201);
  expect(answers).toBeGreaterThan(2);
});
