import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newCase, type CaseRecord } from "@hapax/case";
import { caseText, exportBundle, importBundle } from "@hapax/files";
import { openPglite, type CaseStore } from "@hapax/store";
import { createApp, openScanning, routes, type Scanning } from "./index.ts";
import { plainCompute } from "./plain-compute.ts";

const token = "secret-of-this-start";
const logged: unknown[] = [];
let web: string;
let store: CaseStore;
let scans: Scanning;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), "hapax-web-"));
  await mkdir(join(web, "dist", "assets"), { recursive: true });
  await writeFile(join(web, "dist", "index.html"), "<!doctype html><title>Hapax</title>");
  await writeFile(join(web, "dist", "assets", "main-1a2b.js"), "export {};");
  await writeFile(join(web, "secret.txt"), "outside");
  store = await openPglite();
  scans = openScanning(join(web, "scans"));
  app = createApp({ store, scans, compute: plainCompute, who: "anna", version: "0", token, web: join(web, "dist"), port: () => 4270, log: (e) => logged.push(e) });
}, 60_000);
afterAll(async () => {
  await scans.close();
  await store.close();
  await rm(web, { recursive: true });
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}
/** A request as the workbench's own page sends it, unless told otherwise. */
const send = (path: string, { method = "GET", headers = {}, body }: Sent = {}) =>
  app.request(`http://127.0.0.1:4270${path}`, {
    method,
    headers: { host: "127.0.0.1:4270", authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
const post = (path: string, value: unknown, method = "POST") =>
  send(path, { method, headers: { "content-type": "application/json" }, body: typeof value === "string" ? value : JSON.stringify(value) });
const problem = async (response: Response | Promise<Response>) => {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as { code: string; what: string; remedy: string }) };
};
let count = 0;
const fresh = (title = "x"): CaseRecord => ({ ...newCase(`case-${++count}`, `Case ${count}`, "pecoma"), title });
const stored = async (title?: string) => {
  const record = fresh(title);
  expect((await post("/api/cases", { record })).status).toBe(201);
  return record;
};

describe("who may ask", () => {
  test.each(["evil.example", "evil.example:4270", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5:4270", ""])(
    "a request addressed to %s is refused, though it has the token",
    async (host) => {
      expect(await problem(send("/api/cases", { headers: { host } }))).toMatchObject({ status: 403, code: "server/host" });
      expect((await send("/", { headers: { host } })).status).toBe(403);
    },
  );

  test.each(["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:4270"])("a page of %s is refused", async (origin) => {
    expect(await problem(send("/api/cases", { headers: { origin } }))).toMatchObject({ status: 403, code: "server/origin" });
  });

  test("a page of another site is refused where the browser says so, and its own page is not", async () => {
    expect((await send("/api/cases", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" } })).status).toBe(403);
    expect((await send("/api/cases", { headers: { "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:4270" } })).status).toBe(200);
    expect((await send("/", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } })).status).toBe(200);
  });

  test.each([["none", ""], ["another", "Bearer secret-of-another-start"], ["a prefix", "Bearer secret"]])("with %s as token nothing is told but health", async (_, authorization) => {
    for (const path of ["/api/cases", "/api/openapi.json", "/api/nowhere"]) {
      expect(await problem(send(path, { headers: { authorization } }))).toMatchObject({ status: 401, code: "server/token" });
    }
    for (const path of ["/", "/assets/main-1a2b.js"]) expect((await send(path, { headers: { authorization } })).status).toBe(401);
    expect((await send("/api/health", { headers: { authorization } })).status).toBe(200);
  });

  test("the address with the token sets a cookie that scripts and other sites cannot use, and leaves the address", async () => {
    const answer = await send(`/board?token=${token}&case=x`, { headers: { authorization: "" } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/board?case=x");
    const cookie = answer.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/);
    const pair = cookie.split(";")[0] as string;
    expect((await send("/api/cases", { headers: { authorization: "", cookie: `other=1; ${pair}` } })).status).toBe(200);
    expect((await send("/?token=wrong", { headers: { authorization: "" } })).status).toBe(401);
    expect((await send(`//evil.example/?token=${token}`)).headers.get("location")).toBe("/evil.example/");
  });

  test("what a form of another site can send is not what a route takes", async () => {
    const forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
    for (const type of forms) {
      expect((await send("/api/cases", { method: "POST", headers: { "content-type": type }, body: '{"name":"x","tumor":"y"}' })).status).toBe(415);
    }
  });

  test("every answer keeps other pages out and loads from here only", async () => {
    for (const path of ["/", "/api/cases", "/api/nowhere", "/assets/main-1a2b.js", "/missing.js"]) {
      const { headers } = await send(path);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'/);
      expect(headers.get("content-security-policy")).not.toMatch(/'unsafe-(inline|eval)'|\*|https?:/);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });
});

describe("the workbench's files", () => {
  test("pages are drawn by index.html; hashed files are kept; nothing outside is given", async () => {
    expect(await (await send("/case/x/board")).text()).toContain("<title>Hapax</title>");
    expect((await send("/assets/main-1a2b.js")).headers.get("cache-control")).toContain("immutable");
    for (const path of ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/%00.txt", "/%zz.txt", "//etc/passwd.txt"]) {
      expect((await send(path)).status).toBe(404);
    }
  });
});

describe("cases", () => {
  test("a case typed in is listed, saved, undone, and its history says who", async () => {
    const made = (await (await post("/api/cases", { name: "Fall C: Uterus, 6,0 cm", tumor: "pecoma" })).json()) as { id: string; revision: number };
    expect(made).toEqual({ id: "fall-c-uterus-6-0-cm", revision: 1 });
    const path = `/api/cases/${made.id}`;
    const { record } = (await (await send(path)).json()) as { record: CaseRecord };
    const saved = await post(path, { record: { ...record, title: "Uterine PEComa" }, expected: 1, what: "title" }, "PUT");
    expect(await saved.json()).toEqual({ revision: 2 });
    const list = (await (await send("/api/cases?q=uterine")).json()) as { id: string; what: string }[];
    expect(list).toMatchObject([{ id: made.id, what: "Uterine PEComa", revision: 2 }]);
    expect(await (await send(`${path}/history`)).json()).toMatchObject([
      { revision: 1, who: "anna", what: "new case" },
      { revision: 2, who: "anna", what: "title" },
    ]);
    expect(((await (await send(`${path}/revisions/1`)).json()) as { record: CaseRecord }).record).toEqual(record);
    await post(`${path}/undo`, "");
    expect(((await (await send(path)).json()) as { record: CaseRecord }).record).toEqual(record);
    await post(`${path}/redo`, "");
    expect(await (await send(path)).json()).toMatchObject({ revision: 4, record: { title: "Uterine PEComa" }, canUndo: true, canRedo: false });
  });

  test("two cases of one name get ids of their own", async () => {
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push(((await (await post("/api/cases", { name: "Same", tumor: "pecoma" })).json()) as { id: string }).id);
    expect(ids).toEqual(["same", "same-2"]);
    expect(await problem(post("/api/cases", { id: "same", name: "Same", tumor: "pecoma" }))).toMatchObject({ status: 409, code: "store/conflict" });
  });

  test("a change made on an old revision is told and not saved", async () => {
    const record = await stored("one");
    await post(`/api/cases/${record.id}`, { record: { ...record, title: "two" }, expected: 1 }, "PUT");
    expect(await problem(post(`/api/cases/${record.id}`, { record, expected: 1 }, "PUT"))).toMatchObject({ status: 409, code: "store/conflict" });
  });

  test("a removed case is gone and undo brings it back", async () => {
    const record = await stored("kept");
    expect((await send(`/api/cases/${record.id}`, { method: "DELETE" })).status).toBe(200);
    expect((await send(`/api/cases/${record.id}`)).status).toBe(404);
    expect((await post(`/api/cases/${record.id}/undo`, "")).status).toBe(200);
    expect(((await (await send(`/api/cases/${record.id}`)).json()) as { record: CaseRecord }).record).toEqual(record);
  });

  test("a case exported and imported is equal; over an edited one it gets an id of its own", async () => {
    const record = await stored("exported");
    await store.attach(record.id, { name: "letter.txt", bytes: new TextEncoder().encode("Dear colleague") });
    const answer = await send(`/api/cases/${record.id}/export`);
    const zip = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${record.id}.zip"`);
    expect(importBundle(zip, "x").record).toEqual(record);
    const take = async (path = "/api/import", body = zip) =>
      (await (await send(path, { method: "POST", headers: { "content-type": "application/zip" }, body })).json()) as { id: string; revision: number };
    const copy = await take();
    expect(copy.id).toBe(`${record.id}-2`);
    const again = new Uint8Array(await (await send(`/api/cases/${copy.id}/export`)).arrayBuffer());
    expect(exportBundle({ ...importBundle(again, "x"), record })).toEqual(zip);
    expect(await take("/api/import?replace=true")).toEqual({ id: record.id, revision: 2 });
    const text = new TextEncoder().encode(caseText(record));
    expect(await take("/api/import", text)).toEqual({ id: record.id, revision: 2 });
  });

  test("a cohort is found by the fields of its summaries", async () => {
    const record = await stored("needle in a haystack");
    const found = (await (await post("/api/query", { equals: { what: "needle in a haystack" }, range: { entries: { max: 0 } } })).json()) as { id: string }[];
    expect(found.map((c) => c.id)).toEqual([record.id]);
    expect((await post("/api/query", { where: "1=1" })).status).toBe(400);
  });

  test("findings, documents and figures come from the record, and documents never run", async () => {
    const record = await stored("<script>alert(1)</script>");
    const path = `/api/cases/${record.id}`;
    const { findings, lead } = (await (await send(`${path}/findings?asOf=T1`)).json()) as { findings: object[]; lead: string };
    expect(lead).toBe("<script>alert(1)</script>.");
    expect(findings).toMatchObject([{ rule: "test/title", bounds: { low: 0, unit: "d" } }]);
    for (const document of ["report.html", "figures/timeline.svg"]) {
      const answer = await send(`${path}/${document}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox$/);
    }
    expect((await send(`${path}/report.pdf`)).headers.get("content-type")).toBe("application/pdf");
    expect((await send(`${path}/report.exe`)).status).toBe(404);
    expect((await send(`${path}/figures/timeline.exe`)).status).toBe(404);
  });
});

describe("what hostile requests get", () => {
  test("a body that is no record is answered with its places, and nothing is saved", async () => {
    const record = await stored();
    const path = `/api/cases/${record.id}`;
    const bodies = [
      ['{"record":{},"expected":1}', "case/schema"],
      ['{"record":{"schema":"hapax/case","version":1},"expected":1}', "case/invalid"],
      [`{"record":${JSON.stringify(record)},"expected":1,"expected":2}`, "files/json"],
      ['{"__proto__":{"polluted":1},"record":{},"expected":1}', "files/json"],
      ['{"record":NaN,"expected":1}', "files/json"],
      ['{"record":{"a":1e400},"expected":1}', "files/json"],
      ["[".repeat(100_000), "files/json"],
      ["", "files/json"],
      ["\ufffd\u0000", "files/json"],
    ];
    for (const [body, code] of bodies) expect(await problem(post(path, body, "PUT"))).toMatchObject({ status: 400, code });
    expect(await problem(post(path, { record: fresh(), expected: 1 }, "PUT"))).toMatchObject({ status: 400, code: "server/id" });
    expect(await (await send(path)).json()).toMatchObject({ revision: 1 });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("whatever is sent anywhere, the answer is JSON of the house and never a fault of its own", async () => {
    const anywhere = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
      path: fc.oneof(
        fc.constantFrom(...routes.map((r) => r.path)).chain((p) => fc.array(fc.string({ unit: "binary", maxLength: 8 }), { minLength: 3, maxLength: 3 }).map((v) => p.replace(/\{\w+\}/g, () => encodeURIComponent((v.pop() ?? "").toWellFormed())))),
        fc.webPath().map((p) => `/api${p}`),
      ),
      query: fc.webQueryParameters(),
      type: fc.constantFrom("application/json", "application/zip", "text/plain"),
      body: fc.oneof(fc.json(), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(anywhere, async ({ method, path, query, type, body }) => {
        const answer = await send(`${path}?${query}`, { method, headers: { "content-type": type }, ...(method === "GET" ? {} : { body }) });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(await answer.json()).toMatchObject({ code: expect.any(String), what: expect.any(String), remedy: expect.any(String) });
      }),
      { numRuns: 150 },
    );
    expect(logged).toEqual([]);
  });

  test("an error that was not foreseen tells nothing of the program, and the log has it", async () => {
    const broken = createApp({ store, scans, compute: { ...plainCompute, workup: () => { throw new TypeError("secret detail"); } }, who: "anna", version: "0", token, web, port: () => 4270, log: (e) => logged.push(e) });
    const record = await stored();
    const answer = await broken.request(`/api/cases/${record.id}/findings`, { headers: { host: "localhost:4270", authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(/secret|at |\.ts/);
    expect(logged.splice(0)).toHaveLength(1);
  });

  test("a rule that fails does not keep a case from being saved", async () => {
    const broken = createApp({ store, scans, compute: { ...plainCompute, summary: () => { throw new TypeError("rule"); } }, who: "anna", version: "0", token, web, port: () => 4270 });
    const answer = await broken.request("/api/cases", { method: "POST", headers: { host: "localhost:4270", authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify({ record: fresh() }) });
    expect(answer.status).toBe(201);
  });
});

test("every route is described and every description is a route", async () => {
  const document = (await (await send("/api/openapi.json")).json()) as { openapi: string; paths: Record<string, Record<string, { summary: string; parameters?: { name: string; in: string }[] }>> };
  expect(document.openapi).toBe("3.1.0");
  const described = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
  expect(described.sort()).toEqual(routes.map((r) => `${r.method} ${r.path}`).sort());
  const mounted = app.routes.filter((r) => r.method !== "ALL" && r.path.startsWith("/api/"));
  expect(mounted).toHaveLength(routes.length);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const operation of Object.values(operations)) {
      expect(operation.summary.length).toBeGreaterThan(5);
      const named = (operation.parameters ?? []).filter((p) => p.in === "path").map((p) => `{${p.name}}`);
      expect(named).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  }
  for (const route of routes) {
    const path = route.path.replace("{revision}", "1").replace(/\{kind\}/, "html").replace(/\{\w+\}/g, "nothing-here");
    const text = await (await send(path, { method: route.method.toUpperCase() })).text();
    expect(text).not.toMatch(/"what":"\/api\/\S+ (is not there|does not take [A-Z]+\.)/);
  }
});
