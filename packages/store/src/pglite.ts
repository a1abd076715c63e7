import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { HapaxError } from "@hapax/base";
import type { CaseStore, Database } from "./contract.ts";
import { takeFolder } from "./lock.ts";
import { sqlStore } from "./sql-store.ts";

/**
 * The store that needs no server: PostgreSQL inside this process, its files in a folder.
 *
 * @param folder  made when it is not there; left out, the store is in memory and ends with the process
 * @throws        store/in-use when another process has the folder, store/damaged, store/newer
 */
export async function openPglite(folder?: string): Promise<CaseStore> {
  if (folder === undefined) return sqlStore(adapt(new PGlite(), async () => {}));
  const whole = resolve(folder);
  const giveBack = await takeFolder(whole);
  try {
    const files = join(whole, "db");
    if (!existsSync(files)) await initialize(files);
    const pglite = new PGlite(files);
    await pglite.waitReady.catch((error: unknown) => {
      throw new HapaxError(
        "store/damaged",
        `The database in ${whole} does not start: ${error instanceof Error ? error.message : String(error)}.`,
        "Bring back a copy of the folder, or give another with --data.",
      );
    });
    return await sqlStore(adapt(pglite, giveBack));
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** A database that was killed while it was being made is made anew: it gets its name only when it is whole. */
async function initialize(files: string): Promise<void> {
  const part = `${files}.part`;
  await rm(part, { recursive: true, force: true });
  const pglite = new PGlite(part);
  await pglite.waitReady;
  await pglite.close();
  await rename(part, files);
}

function adapt(pglite: PGlite, closed: () => Promise<void>): Database {
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) => (await pglite.query<Row>(sql, [...parameters])).rows,
    transaction: (work) =>
      pglite.transaction((inside) =>
        work({ query: async <Row>(sql: string, parameters: readonly unknown[] = []) => (await inside.query<Row>(sql, [...parameters])).rows }),
      ),
    close: async () => {
      await pglite.close();
      await closed();
    },
  };
}
