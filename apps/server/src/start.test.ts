import { createServer, request, type IncomingMessage } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newCase, type CaseRecord } from "@hapax/case";
import { saveCase } from "@hapax/files";
import { openPglite } from "@hapax/store";
import { houseCompute, seed, startServer, type Running } from "./index.ts";
import { plainCompute } from "./plain-compute.ts";

let folder: string;
let running: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-server-"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Hapax</title>");
  running = await startServer({ compute: houseCompute, port: 0, seed: [fileURLToPath(new URL("../../../cases/leach2025", import.meta.url))], web: folder, who: "anna" });
}, 60_000);
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${running.port}${path}`, { headers: { authorization: `Bearer ${running.token}`, ...headers } });

test("the Leach case is there from the start, with its findings", async () => {
  expect(await (await get("/api/cases")).json()).toMatchObject([{ id: "leach2025", sex: "male", ageYears: 59, tumor: "pecoma" }]);
  const { findings } = (await (await get("/api/cases/leach2025/findings")).json()) as { findings: { rule: string; status: string; value?: unknown }[] };
  expect(findings.find((f) => f.rule === "pathology/folpe2005")).toMatchObject({ status: "determined", value: "malignant" });
});

test("every route answers while any way out of this machine is closed", async () => {
  const outside: string[] = [];
  const connect = net.Socket.prototype.connect;
  const spy = vi.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket, ...given: unknown[]) {
    const first = Array.isArray(given[0]) ? (given[0] as unknown[])[0] : given[0];
    const { host, path } = (typeof first === "object" && first !== null ? first : {}) as { host?: string; path?: string };
    if (path === undefined && host !== "127.0.0.1" && host !== "localhost") {
      outside.push(String(host));
      throw new Error(`The network is denied: ${host}`);
    }
    return Reflect.apply(connect, this, given) as net.Socket;
  });
  try {
    await expect(fetch("http://192.0.2.1/")).rejects.toThrow();
    expect(outside.splice(0)).toEqual(["192.0.2.1"]);
    const paths = ["", "/history", "/findings", "/export", "/report.html", "/report.pdf", "/report.docx", ...houseCompute.figures.flatMap((f) => ["svg", "png", "tsv"].map((k) => `/figures/${f}.${k}`))];
    for (const path of ["/", "/api/rules", "/api/openapi.json", "/api/case.schema.json", ...paths.map((p) => `/api/cases/leach2025${p}`)]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
    expect(outside).toEqual([]);
  } finally {
    spy.mockRestore();
  }
}, 60_000);

test("no document of the house names an address to load from", async () => {
  const html = await (await get("/api/cases/leach2025/report.html")).text();
  expect(html).not.toMatch(/<script|\s(?:src|srcset)\s*=\s*["'](?!data:)|url\(\s*["']?(?!data:|#)/i);
  const svg = await (await get("/api/cases/leach2025/figures/timeline.svg")).text();
  expect(svg).not.toMatch(/<script|<image|xlink:href|url\((?!#)/i);
});

test("only the loopback of this machine is listened on", async () => {
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter((a) => !a.internal && a.family === "IPv4");
  for (const { address } of others) {
    const reached = await new Promise((resolve) => {
      const socket = net.connect({ host: address, port: running.port }, () => resolve(true)).on("error", () => resolve(false));
      socket.unref();
    });
    expect([address, reached]).toEqual([address, false]);
  }
});

test("a page of another site that resolves its own name to this machine is refused (DNS rebinding)", async () => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port: running.port, path: "/api/cases", headers: { host: `evil.example:${running.port}`, authorization: `Bearer ${running.token}` } }, resolve).on("error", reject).end();
  });
  answer.resume();
  expect(answer.statusCode).toBe(403);
});

test("50 MB of JSON are refused quickly, by declared length and by a stream that declares none", async () => {
  const huge = new Uint8Array(50_000_000).fill(32);
  const take = (body: BodyInit) =>
    fetch(`http://127.0.0.1:${running.port}/api/import`, {
      method: "POST",
      headers: { authorization: `Bearer ${running.token}`, "content-type": "application/json" },
      body,
      duplex: "half",
    } as RequestInit);
  for (const body of [huge, new Blob([huge]).stream()]) {
    const start = performance.now();
    const answer = await take(body);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "files/too-large" });
    expect(performance.now() - start).toBeLessThan(3000);
  }
});

test("a port that is taken is an error with the next step, and the store is given back", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as net.AddressInfo;
  const data = join(folder, "store");
  await expect(startServer({ compute: plainCompute, port, data, web: folder })).rejects.toMatchObject({ code: "server/port" });
  other.close();
  const again = await startServer({ compute: plainCompute, port: 0, data, web: folder });
  await again.close();
});

test("a case that comes with the house is renewed until a person changes it, and stays removed", async () => {
  const store = await openPglite();
  const home = join(folder, "seeded");
  const version = (title: string): CaseRecord => ({ ...newCase("seeded", "Seeded", "pecoma"), title });
  const bring = async (title: string) => {
    await saveCase(version(title), home);
    await seed(store, plainCompute, home);
  };
  await bring("first");
  await bring("first");
  expect(await store.history("seeded")).toHaveLength(1);
  await bring("second");
  expect((await store.get("seeded")).record.title).toBe("second");
  await store.put(version("mine"), {}, { who: "anna", what: "edited" });
  await bring("third");
  expect((await store.get("seeded")).record.title).toBe("mine");
  await store.remove("seeded", { who: "anna", what: "removed" });
  await bring("fourth");
  await expect(store.get("seeded")).rejects.toMatchObject({ code: "store/not-found" });
  await store.close();
});

test("a case survives a restart of the server", async () => {
  const data = join(folder, "restarted");
  const first = await startServer({ compute: houseCompute, port: 0, data, web: folder });
  const made = await fetch(`http://127.0.0.1:${first.port}/api/cases`, {
    method: "POST",
    headers: { authorization: `Bearer ${first.token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Case C", tumor: "pecoma" }),
  });
  expect(await made.json()).toEqual({ id: "case-c", revision: 1 });
  await first.close();
  const second = await startServer({ compute: houseCompute, port: 0, data, web: folder });
  const answer = await fetch(`http://127.0.0.1:${second.port}/api/cases/case-c`, { headers: { authorization: `Bearer ${second.token}` } });
  expect(await answer.json()).toMatchObject({ record: { name: "Case C" }, revision: 1 });
  expect((await fetch(`http://127.0.0.1:${second.port}/api/cases`, { headers: { authorization: `Bearer ${first.token}` } })).status).toBe(401);
  await second.close();
}, 60_000);
