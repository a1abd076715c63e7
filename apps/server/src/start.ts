import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { HapaxError } from "@hapax/base";
import { caseText, openCase, readAttachments } from "@hapax/files";
import { openPglite, openPostgres, type CaseStore } from "@hapax/store";
import { createApp } from "./app.ts";
import { openScanning } from "./scans/index.ts";
import type { Compute } from "./compute.ts";
import { summarize } from "./take-in.ts";
import description from "../package.json" with { type: "json" };

export interface StartOptions {
  readonly compute: Compute;
  /** 0 takes any free port. */
  readonly port: number;
  /** Folder of the store; left out, the store is in memory. */
  readonly data?: string | undefined;
  /** Connection string of a PostgreSQL server, instead of a folder. */
  readonly database?: string | undefined;
  /** Folder of the scans; left out, beside the store, or in a folder of its own that ends with the server. */
  readonly scans?: string | undefined;
  /** Folders of cases that are there from the start. */
  readonly seed?: readonly string[];
  /** Makes the phantoms of seeded cases at once, and not when their scans are first asked for. */
  readonly phantomsAtOnce?: boolean;
  /** Folder of the built workbench. */
  readonly web: string;
  readonly who?: string;
}

export interface Running {
  /** Address with the token of this start. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

export const seeder = "Hapax";

/**
 * Starts the server on the loopback of this machine.
 *
 * @throws server/port when the port is taken, and all that opening a store throws
 */
export async function startServer(options: StartOptions): Promise<Running> {
  const { compute } = options;
  const store = options.database === undefined ? await openPglite(options.data) : await openPostgres(options.database);
  const home = await scanFolder(options);
  const scans = openScanning(home.folder);
  const close = async () => {
    await scans.close();
    await store.close();
    await home.leave();
  };
  try {
    for (const folder of options.seed ?? []) {
      const id = await seed(store, compute, folder);
      scans.phantoms.offer(id, folder);
      if (options.phantomsAtOnce === true) await scans.phantoms.prepare(id);
    }
    const token = randomBytes(24).toString("base64url");
    let port = options.port;
    const app = createApp({ store, scans, compute, who: options.who ?? userName(), version: description.version, token, web: options.web, port: () => port });
    const server = await listen(app.fetch, options.port);
    const address = server.address();
    if (typeof address === "object" && address !== null) port = address.port;
    return {
      url: `http://127.0.0.1:${port}/?token=${token}`,
      port,
      token,
      close: async () => {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Puts a case that comes with the house into the store: when it was never there, or when it is still as an earlier
 * version brought it. What a person changed or removed stays so.
 *
 * @returns its id
 */
export async function seed(store: CaseStore, compute: Compute, folder: string): Promise<string> {
  const record = await openCase(folder);
  const history = await store.history(record.id);
  if (!history.every((r) => r.who === seeder)) return record.id;
  const last = history.at(-1)?.revision;
  if (last !== undefined && caseText(await store.at(record.id, last)) === caseText(record)) return record.id;
  await store.put(record, summarize(compute, record), { who: seeder, what: "comes with Hapax", expected: last ?? 0 });
  for (const file of await readAttachments(record, folder)) await store.attach(record.id, file);
  return record.id;
}

/** Where the scans are, and how the folder is left when the server ends. */
async function scanFolder({ scans, data }: StartOptions): Promise<{ folder: string; leave(): Promise<void> }> {
  const given = scans ?? (data === undefined ? undefined : join(data, "scans"));
  if (given !== undefined) return { folder: given, leave: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "hapax-scans-"));
  return { folder, leave: () => rm(folder, { recursive: true, force: true }) };
}

function listen(fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(getRequestListener(fetch));
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${error.code ?? error.message})`;
      reject(new HapaxError("server/port", `Port ${port} ${why}.`, "Give another with --port, or 0 for any that is free."));
    });
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** Who sits at this machine, for the history of a case. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return "local user";
  }
}
