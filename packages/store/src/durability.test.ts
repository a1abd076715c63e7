import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newCase } from "@hapax/case";
import { openPglite } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-store-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const startWriter = (data: string, name: string) =>
  spawn(process.execPath, [fileURLToPath(new URL("./endless-writer.ts", import.meta.url)), data, name], { stdio: ["ignore", "pipe", "inherit"] });

test("twenty kills in mid-write lose no acknowledged change", { timeout: 180_000 }, async () => {
  const data = join(folder, "killed");
  const acknowledged = new Map<string, string>();
  for (let kill = 0; kill < 20; kill++) {
    const writer = startWriter(data, `writer-${kill}`);
    const gone = once(writer, "exit");
    let seen = 0;
    // Each line is a change that the store has acknowledged: case, revision, title.
    for await (const line of createInterface({ input: writer.stdout })) {
      const [id, revision, title] = line.split(" ");
      acknowledged.set(`${id} ${revision}`, title as string);
      // A different moment of the next write each time.
      if (++seen === 5 + (kill % 4)) setTimeout(() => writer.kill("SIGKILL"), (kill * 7) % 30);
    }
    await gone;
    const store = await openPglite(data);
    for (const [key, title] of acknowledged) {
      const [id, revision] = key.split(" ");
      expect((await store.at(id as string, Number(revision))).title).toBe(title);
    }
    await store.close();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(100);
});

test("a second opening of a folder is refused and names the process; after closing it is free", async () => {
  const data = join(folder, "owned");
  const store = await openPglite(data);
  await expect(openPglite(data)).rejects.toMatchObject({ code: "store/in-use", what: expect.stringContaining("this process") });
  await store.close();
  await (await openPglite(data)).close();
});

test("a folder in use by another process is refused with its number, and is free once that is gone", async () => {
  const data = join(folder, "other");
  const writer = startWriter(data, "other");
  const gone = once(writer, "exit");
  await once(createInterface({ input: writer.stdout }), "line");
  await expect(openPglite(data)).rejects.toMatchObject({ code: "store/in-use", what: expect.stringContaining(`process ${writer.pid}`) });
  writer.kill("SIGKILL");
  await gone;
  await (await openPglite(data)).close();
});

test("a lock whose process number has gone to another process does not keep the folder", async () => {
  const data = join(folder, "stale");
  await (await openPglite(data)).close();
  await writeFile(join(data, "owner"), `${process.pid} another-boot 1`);
  await (await openPglite(data)).close();
});

test("a case survives closing and opening", async () => {
  const data = join(folder, "kept");
  const first = await openPglite(data);
  await first.put(newCase("x", "X", "pecoma"), { name: "X" }, { who: "anna", what: "new" });
  await first.close();
  const second = await openPglite(data);
  expect(await second.list()).toMatchObject([{ id: "x", revision: 1, summary: { name: "X" } }]);
  await second.close();
});
