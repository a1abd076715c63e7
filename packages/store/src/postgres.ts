import pg from "pg";
import { HapaxError } from "@hapax/base";
import type { CaseStore, Database } from "./contract.ts";
import { sqlStore } from "./sql-store.ts";

/**
 * The store on a PostgreSQL server, 15 or later, for several workbenches at once.
 *
 * @param connection  such as postgresql://user@localhost/hapax
 * @throws            store/unreachable, store/too-old, store/newer
 */
export async function openPostgres(connection: string): Promise<CaseStore> {
  const pool = new pg.Pool({ connectionString: connection, max: 4, connectionTimeoutMillis: 5000 });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => {});
  try {
    const version = await pool.query<{ number: number }>(`select current_setting('server_version_num')::int as number`).catch((error: unknown) => {
      throw new HapaxError(
        "store/unreachable",
        `The PostgreSQL server did not answer: ${error instanceof Error ? error.message || error.name : String(error)}.`,
        "Check the connection string given with --database, and that the server runs.",
      );
    });
    const major = Math.floor((version.rows[0]?.number ?? 0) / 10_000);
    if (major < 15) throw new HapaxError("store/too-old", `The server is PostgreSQL ${major}.`, "Use version 15 or later.");
    return await sqlStore(adapt(pool));
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function adapt(pool: pg.Pool): Database {
  const on = (target: pg.Pool | pg.PoolClient): Database["query"] => {
    return async <Row>(sql: string, parameters: readonly unknown[] = []) => (await target.query(sql, [...parameters])).rows as Row[];
  };
  return {
    query: on(pool),
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const result = await work({ query: on(client) });
        await client.query("commit");
        client.release();
        return result;
      } catch (error) {
        const broken = await client.query("rollback").then(
          () => false,
          () => true,
        );
        client.release(broken);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
