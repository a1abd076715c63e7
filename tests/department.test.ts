import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { houseCompute, startServer, type Running } from "@hapax/server";
import { postgresBinaries, throwawayPostgres } from "../packages/store/src/throwaway-postgres.ts";

/** A department keeps its cases on PostgreSQL: the same server, by a connection string. */
const without = postgresBinaries() === undefined && process.env["HAPAX_REQUIRE_ALL"] !== "1";
const root = new URL("../", import.meta.url).pathname;

describe.skipIf(without)("a server on PostgreSQL (needs PostgreSQL 15 or later)", () => {
  let postgres: Awaited<ReturnType<typeof throwawayPostgres>>;
  let laptop: string;
  beforeAll(async () => {
    postgres = await throwawayPostgres();
    laptop = await mkdtemp(join(tmpdir(), "hapax-laptop-"));
  }, 60_000);
  afterAll(async () => {
    await postgres?.stop();
    await rm(laptop, { recursive: true, force: true });
  });

  const start = (where: { data?: string; database?: string }) =>
    startServer({ compute: houseCompute, port: 0, seed: [join(root, "cases/leach2025")], web: join(root, "apps/web/dist"), ...where });
  const ask = async (server: Running, path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", ...init.headers },
    });
    return { status: answer.status, body: await answer.json() };
  };

  test("gives the findings that the laptop gives", async () => {
    const department = await start({ database: postgres.connection });
    const here = await start({ data: laptop });
    const [theirs, ours] = [await ask(department, "/api/cases/leach2025/findings"), await ask(here, "/api/cases/leach2025/findings")];
    expect(theirs.status).toBe(200);
    expect(theirs.body).toEqual(ours.body);
    await department.close();
    await here.close();
  });

  test("keeps a change over a restart and takes it back", async () => {
    let server = await start({ database: postgres.connection });
    const { body } = await ask(server, "/api/cases/leach2025");
    const put = await ask(server, "/api/cases/leach2025", {
      method: "PUT",
      body: JSON.stringify({ record: { ...body.record, name: "Leach, renamed" }, expected: body.revision, what: "another name" }),
    });
    expect(put.status).toBe(200);
    await server.close();
    server = await start({ database: postgres.connection });
    expect((await ask(server, "/api/cases/leach2025")).body.record.name).toBe("Leach, renamed");
    await ask(server, "/api/cases/leach2025/undo", { method: "POST", body: "{}" });
    expect((await ask(server, "/api/cases/leach2025")).body.record).toEqual(body.record);
    await server.close();
  });
});
