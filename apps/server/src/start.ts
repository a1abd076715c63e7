import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { userInfo } from "node:os";
import { getRequestListener } from "@hono/node-server";
import { HapaxError } from "@hapax/base";
import { caseText, openCase, readAttachments } from "@hapax/files";
import { openPglite, openPostgres, type CaseStore } from "@hapax/store";
import { createApp } from "./app.ts";
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
  /** Folders of cases that are there from the start. */
  readonly seed?: readonly string[];
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
  try {
    for (const folder of options.seed ?? []) await seed(store, compute, folder);
    const token = randomBytes(24).toString("base64url");
    let port = options.port;
    const app = createApp({ store, compute, who: options.who ?? userName(), version: description.version, token, web: options.web, port: () => port });
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
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Puts a case that comes with the house into the store: when it was never there, or when it is still as an earlier
 * version brought it. What a person changed or removed stays so.
 */
export async function seed(store: CaseStore, compute: Compute, folder: string): Promise<void> {
  const record = await openCase(folder);
  const history = await store.history(record.id);
  if (!history.every((r) => r.who === seeder)) return;
  const last = history.at(-1)?.revision;
  if (last !== undefined && caseText(await store.at(record.id, last)) === caseText(record)) return;
  await store.put(record, summarize(compute, record), { who: seeder, what: "comes with Hapax", expected: last ?? 0 });
  for (const file of await readAttachments(record, folder)) await store.attach(record.id, file);
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
