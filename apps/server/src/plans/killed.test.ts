import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newCase } from "@hapax/case";
import { openPglite } from "@hapax/store";
import { keptPlans } from "./kept-plans.ts";

const keeper = fileURLToPath(new URL("./endless-keeper.ts", import.meta.url));

test("a server killed while it keeps plans has every one that it acknowledged, and none without its revision of the case", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-killed-"));
  const data = join(folder, "data");
  const first = await openPglite(data);
  await first.put({ ...newCase("x", "X", "pecoma"), entries: [{ kind: "radiotherapy", id: "chest", state: "recorded", technique: "IMRT", site: "Chest", volumes: [], organDoses: [] }] }, {}, { who: "anna", what: "new" });
  await first.close();
  const acknowledged = new Map<number, number>();
  for (let kill = 0; kill < 3; kill++) {
    const writer = spawn(process.execPath, [keeper, data, "x", String(1000 * (kill + 1))], { stdio: ["ignore", "pipe", "inherit"] });
    const gone = once(writer, "exit");
    let seen = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      const [revision, gy] = line.split(" ").map(Number) as [number, number];
      acknowledged.set(revision, gy);
      // A different moment of the next keeping each time.
      if (++seen === 3 + kill) setTimeout(() => writer.kill("SIGKILL"), kill * 7);
    }
    await gone;
    const store = await openPglite(data);
    const { plans, problems } = await keptPlans({ store }, "x");
    expect(problems).toEqual([]);
    const there = new Map(plans.map(({ revision, made }) => [revision, made.request.prescriptions[0]?.doseGy]));
    for (const [revision, gy] of acknowledged) expect(there.get(revision)).toBe(gy);
    expect((await store.files("x")).length).toBe(2 * plans.length);
    expect((await store.history("x")).filter(({ what }) => /^Plan .* kept$/.test(what)).length).toBe(plans.length);
    expect((await store.get("x")).record.entries).toMatchObject([{ plans: plans.map(({ planUid }) => planUid) }]);
    await store.close();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(12);
  await rm(folder, { recursive: true, force: true });
}, 120_000);
