import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HapaxError } from "@hapax/base";
import { newCase, viewOf, type CaseRecord } from "@hapax/case";
import { instanceUidOf, writeRtPlan } from "@hapax/dicom";
import { exportBundle, importBundle } from "@hapax/files";
import { treatmentPlanOf, type PlanMade } from "@hapax/planning";
import { ledger } from "@hapax/radiobiology";
import { openPglite, type CaseStore } from "@hapax/store";
import { createApp } from "../app.ts";
import { plainCompute } from "../plain-compute.ts";
import { openScanning, type Scanning } from "../scans/index.ts";
import { smallPlan } from "./plan.fixture.ts";

let folder: string;
let store: CaseStore;
let scans: Scanning;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-plans-"));
  store = await openPglite();
  scans = openScanning(join(folder, "scans"));
  app = createApp({ store, scans, compute: plainCompute, who: "anna", version: "0", token: "t", web: folder, port: () => 4270, log: () => undefined });
}, 60_000);
afterAll(async () => {
  await scans.close();
  await store.close();
  await rm(folder, { recursive: true });
});

interface Listed {
  plans: { id: string; revision: number; name: string; kept: string; who: string; made: PlanMade; planUid?: string; doseUid?: string }[];
  problems: { code: string; what: string }[];
}
const ask = (method: string, path: string, body?: string | Uint8Array<ArrayBuffer> | ReadableStream, type = "application/json") =>
  app.request(`http://127.0.0.1:4270${path}`, {
    method,
    headers: { host: "127.0.0.1:4270", authorization: "Bearer t", ...(body === undefined ? {} : { "content-type": type }) },
    ...(body === undefined ? {} : { body, duplex: "half" }),
  } as RequestInit);
const keep = async (id: string, value: unknown) => {
  const answer = await ask("POST", `/api/cases/${id}/plans`, typeof value === "string" ? value : JSON.stringify(value));
  return { status: answer.status, ...((await answer.json()) as { id?: string; revision?: number; code?: string; what?: string }) };
};
const listed = async (id: string) => (await (await ask("GET", `/api/cases/${id}/plans`)).json()) as Listed;
let count = 0;
/** A case with a course of radiotherapy, at revision 1. */
const stored = async (): Promise<CaseRecord> => {
  const id = `planned-${++count}`;
  const record: CaseRecord = { ...newCase(id, "Planned", "pecoma"), entries: [{ kind: "radiotherapy", id: "chest", state: "recorded", technique: "IMRT", site: "Chest", volumes: [], organDoses: [] }] };
  await store.put(record, {}, { who: "anna", what: "new", expected: 0 });
  return record;
};
/** Everything that the store has of a case. */
const whole = async (id: string) => ({ history: await store.history(id), files: await store.files(id), record: (await store.get(id)).record });

test("a plan that is kept is listed with who kept it and when, its course names its RTPLAN, and the history says it", async () => {
  const { id } = await stored();
  const made = smallPlan("reirradiation", 60, "chest");
  expect(await keep(id, { made, planUid: "2.25.1", doseUid: "2.25.2", expected: 1 })).toEqual({ status: 201, id: "reirradiation", revision: 1 });
  const { plans, problems } = await listed(id);
  expect(plans).toEqual([{ id: "reirradiation", revision: 1, name: "Chest 60 Gy in 20", kept: expect.stringMatching(/^\d{4}-.*Z$/), who: "anna", made, planUid: "2.25.1", doseUid: "2.25.2" }]);
  expect(problems).toEqual([]);
  const { record, history, files } = await whole(id);
  expect(record.entries).toMatchObject([{ id: "chest", plans: ["2.25.1"] }]);
  expect(history.at(-1)).toMatchObject({ revision: 2, who: "anna", what: "Plan Chest 60 Gy in 20, revision 1, kept" });
  // The file is the plan alone, so that another machine can make its dose again from it.
  expect(files.map(({ name }) => name)).toEqual(["plans/reirradiation.1.json", "plans/reirradiation.1.kept.json"]);
  expect(JSON.parse(new TextDecoder().decode(files[0]?.bytes))).toEqual(made);
});

test("a plan that was made again is another revision, the same plan sent twice is one, and undo of the case keeps both", async () => {
  const { id } = await stored();
  await keep(id, { made: smallPlan("a", 60, "chest"), planUid: "2.25.1" });
  expect(await keep(id, { made: smallPlan("a", 60, "chest"), planUid: "2.25.1" })).toEqual({ status: 200, id: "a", revision: 1 });
  expect(await keep(id, { made: smallPlan("a", 66, "chest"), planUid: "2.25.3" })).toEqual({ status: 201, id: "a", revision: 2 });
  expect(await keep(id, { made: smallPlan("b") })).toMatchObject({ status: 201, revision: 1 });
  for (let revision = 3; revision <= 11; revision++) expect(await keep(id, { made: smallPlan("a", 66 + revision) })).toMatchObject({ revision });
  const before = await listed(id);
  expect(before.plans.map((p) => [p.id, p.revision])).toEqual([...Array.from({ length: 11 }, (_, n) => ["a", n + 1]), ["b", 1]]);
  expect((await store.get(id)).record.entries).toMatchObject([{ plans: ["2.25.1", "2.25.3"] }]);
  for (let n = 0; n < 5; n++) await ask("POST", `/api/cases/${id}/undo`);
  expect(await listed(id)).toEqual(before);
});

/** The RTPLAN of a plan among the scans of a case, and its UID. */
const sent = async (id: string, made: PlanMade): Promise<string> => {
  const context = { patient: { id: "P1", name: "" }, seed: id, label: made.request.id, date: "2024-03-07", synthetic: false };
  const { bytes } = writeRtPlan(treatmentPlanOf(made, [{ number: 1, name: "PTV", contours: [] }]), context);
  const { upload } = (await (await ask("POST", "/api/uploads")).json()) as { upload: string };
  await ask("PUT", `/api/uploads/${upload}?name=${made.request.id}.dcm`, new Uint8Array(bytes), "application/dicom");
  expect(await (await ask("POST", `/api/cases/${id}/scans?upload=${upload}`)).json()).toMatchObject({ added: { plans: 1, entries: 1 } });
  return instanceUidOf(context, "RTPLAN", 1);
};

test("a plan whose RTPLAN came in as a scan belongs to its course, and makes no other one; kept again after undo, it belongs to it again", async () => {
  const { id } = await stored();
  const made = smallPlan("a", 60, "chest");
  const planUid = await sent(id, made);
  const courses = async () => (await store.get(id)).record.entries.map((entry) => [entry.id, entry.kind === "radiotherapy" ? entry.plans : undefined]);
  expect(await courses()).toEqual([["chest", undefined], [`plan-${planUid}`, [planUid]]]);
  expect(await keep(id, { made, planUid })).toMatchObject({ status: 201, revision: 1 });
  expect(await courses()).toEqual([["chest", [planUid]]]);
  await ask("POST", `/api/cases/${id}/undo`);
  expect(await keep(id, { made, planUid })).toMatchObject({ status: 200, revision: 1 });
  expect(await courses()).toEqual([["chest", [planUid]]]);
});

test("plans of no recorded course stay plans: none of two alternatives counts among what an organ has had", async () => {
  const there = await stored(), { id } = there;
  const cordDose = { organ: "SpinalCord", metric: "Dmax", dose: { state: "recorded", value: { value: 39, unit: "Gy" } } } as const;
  const entries = there.entries.map((entry) => (entry.kind === "radiotherapy" ? { ...entry, fractions: { state: "recorded" as const, value: 30 }, organDoses: [cordDose] } : entry));
  await store.put({ ...there, entries }, {}, { who: "anna", what: "dose of the cord", expected: 1 });
  for (const [name, gy] of [["a", 60], ["b", 66]] as const) {
    const made = smallPlan(name, gy), planUid = await sent(id, made);
    expect((await store.get(id)).record.entries.at(-1)).toMatchObject({ id: `plan-${planUid}`, state: "uncertain" });
    expect(await keep(id, { made, planUid })).toMatchObject({ status: 201, revision: 1 });
  }
  const { record } = await store.get(id);
  expect(record.entries.map(({ state }) => state)).toEqual(["recorded", "planned, not given", "planned, not given"]);
  const [cord] = ledger(viewOf(record, {})).filter(({ organ }) => organ === "SpinalCord");
  expect(cord?.contributions.map(({ course }) => course)).toEqual(["chest"]);
  expect(cord?.planned.map(({ dose }) => dose.high)).toEqual([60, 66]);
});

test("a plan kept over a change of somebody else is told and not kept; without a revision named it is kept beside the change", async () => {
  const record = await stored();
  await store.put({ ...record, title: "changed" }, {}, { who: "ben", what: "title", expected: 1 });
  const before = await whole(record.id);
  expect(await keep(record.id, { made: smallPlan("a"), expected: 1 })).toMatchObject({ status: 409, code: "store/conflict" });
  expect(await whole(record.id)).toEqual(before);
  expect(await keep(record.id, { made: smallPlan("a") })).toMatchObject({ status: 201, revision: 1 });
  expect((await store.get(record.id)).record.title).toBe("changed");
});

test("plans kept at the same moment are all kept, each as a revision of its own", async () => {
  const { id } = await stored();
  const answers = await Promise.all([1, 2, 3].map((gy) => keep(id, { made: smallPlan("a", gy) })));
  expect(answers.map(({ revision }) => revision).toSorted()).toEqual([1, 2, 3]);
  expect((await listed(id)).plans.map(({ made }) => made.request.prescriptions[0]?.doseGy).toSorted()).toEqual([1, 2, 3]);
});

test("a plan that comes with the case is its first revision, and one kept of the same id is the next", async () => {
  const { id } = await stored();
  const made = smallPlan("imrt");
  let damaged = false;
  const plans = async () => {
    if (damaged) throw new HapaxError("planning/file", "imrt.json cannot be read.", "Bring it back.");
    return [{ made, planUid: "2.25.9" }];
  };
  const offers = { ...scans, phantoms: { ...scans.phantoms, plans } };
  const offering = createApp({ store, scans: offers, compute: plainCompute, who: "anna", version: "0", token: "t", web: folder, port: () => 4270 });
  const send = async (method: string, body?: string) =>
    (await offering.request(`http://127.0.0.1:4270/api/cases/${id}/plans`, { method, headers: { host: "127.0.0.1:4270", authorization: "Bearer t", "content-type": "application/json" }, ...(body === undefined ? {} : { body }) })).json();
  const [first] = await store.history(id);
  expect(await send("GET")).toMatchObject({ plans: [{ id: "imrt", revision: 1, who: "Hapax", kept: first?.when, planUid: "2.25.9" }] });
  expect(await send("POST", JSON.stringify({ made: smallPlan("imrt", 54) }))).toEqual({ id: "imrt", revision: 2 });
  expect(((await send("GET")) as Listed).plans.map(({ revision, who }) => [revision, who])).toEqual([[1, "Hapax"], [2, "anna"]]);
  damaged = true;
  expect(await send("GET")).toMatchObject({ plans: [{ revision: 2 }], problems: [{ code: "planning/file" }] });
});

test("what is no plan is refused by what it lacks, and changes nothing", async () => {
  const { id } = await stored();
  const before = await whole(id);
  const made = smallPlan("a");
  const bodies: unknown[] = [
    "", "{", "[]", '{"made":1}', '{"made":{"request":{"schema":"hapax/plan","version":1,"id":"a"}},"made":1}', '{"made":{"__proto__":{}}}',
    { made: { ...made, request: { ...made.request, version: 2 } } },
    { made: { ...made, request: { ...made.request, id: "../a" } } },
    { made: { ...made, request: { ...made.request, id: "a.1" } } },
    { made: { ...made, request: { ...made.request, id: "a".repeat(81) } } },
    { made: { ...made, mu: "300" } },
    { made, planUid: "1.2; drop" }, { made, revision: 7 },
  ];
  for (const body of bodies) expect(await keep(id, body), JSON.stringify(body).slice(0, 90)).toMatchObject({ status: 400, code: expect.stringMatching(/^(files\/json|server\/request|planning\/file|plans\/id)$/) });
  expect(await keep("nowhere", { made })).toMatchObject({ status: 404, code: "store/not-found" });
  expect((await ask("GET", "/api/cases/nowhere/plans")).status).toBe(404);
  expect((await ask("POST", `/api/cases/${id}/plans`, JSON.stringify({ made }), "text/plain")).status).toBe(415);
  expect(await whole(id)).toEqual(before);
});

test("a plan of more than 16 MiB is refused with its size, and one whose sender goes away is not kept", async () => {
  const { id } = await stored();
  const before = await whole(id);
  const made = { ...smallPlan("a"), notes: ["x".repeat(17 * 1024 * 1024)] };
  expect(await keep(id, { made })).toMatchObject({ status: 413, code: "files/too-large", what: expect.stringMatching(/17\.0 MiB; it may have 16 MiB/) });
  const text = new TextEncoder().encode(JSON.stringify({ made: smallPlan("a") }));
  const half = new ReadableStream({
    start: (sender) => {
      sender.enqueue(text.subarray(0, text.length / 2));
      sender.error(new Error("The sender is gone."));
    },
  });
  expect((await ask("POST", `/api/cases/${id}/plans`, half)).status).toBeGreaterThanOrEqual(400);
  expect(await whole(id)).toEqual(before);
});

test("one damaged plan is told by its file, keeps no other from being read, and its revision is not given again", async () => {
  const { id } = await stored();
  await keep(id, { made: smallPlan("a", 60) });
  await keep(id, { made: smallPlan("a", 61) });
  await store.attach(id, { name: "plans/a.2.json", bytes: new TextEncoder().encode("{") });
  const { plans, problems } = await listed(id);
  expect(plans.map(({ revision }) => revision)).toEqual([1]);
  expect(problems).toMatchObject([{ code: "files/json", what: expect.stringContaining("plans/a.2.json") }]);
  expect(await keep(id, { made: smallPlan("a", 62) })).toMatchObject({ revision: 3 });
});

test("plans travel with an export; a bundle with another plan of the same revision does not take its place", async () => {
  const { id } = await stored();
  await keep(id, { made: smallPlan("a", 60) });
  const kept = await whole(id);
  const bundle = importBundle(new Uint8Array(await (await ask("GET", `/api/cases/${id}/export`)).arrayBuffer()), "x");
  const take = async (files: typeof bundle.files, query = "") => (await (await ask("POST", `/api/import${query}`, new Uint8Array(exportBundle({ record: bundle.record, files })), "application/zip")).json()) as { id: string; code?: string };
  const copy = await take(bundle.files);
  expect((await listed(copy.id)).plans).toEqual((await listed(id)).plans);
  const other = bundle.files.map((file) => (file.name === "plans/a.1.json" ? { ...file, bytes: new TextEncoder().encode(JSON.stringify(smallPlan("a", 1))) } : file));
  expect(await take(other, "?replace=true")).toMatchObject({ code: "store/conflict" });
  expect(await whole(id)).toEqual(kept);
  expect(await take(bundle.files, "?replace=true")).toMatchObject({ id, revision: 3 });
  expect((await listed(id)).plans.map(({ made }) => made.request.prescriptions[0]?.doseGy)).toEqual([60]);
});
