import { HapaxError } from "@hapax/base";
import type { Database } from "./contract.ts";

/**
 * Steps from one version of the tables to the next. A step that was released is never changed.
 *
 * A record is kept as text, so that it comes back to the byte; `back` and `forward` are the revisions whose content
 * an undo and a redo bring.
 */
const steps: readonly (readonly string[])[] = [
  [
    `create table hapax.revisions (
       case_id text not null, revision int not null, record text, summary jsonb not null,
       who text not null, what text not null, made timestamptz not null default clock_timestamp(),
       back int, forward int, primary key (case_id, revision))`,
    `create table hapax.cases (
       id text primary key, revision int not null, summary jsonb not null, changed timestamptz not null,
       foreign key (id, revision) references hapax.revisions (case_id, revision))`,
    `create index cases_changed on hapax.cases (changed desc)`,
    `create index cases_summary on hapax.cases using gin (summary jsonb_path_ops)`,
    `create table hapax.files (case_id text not null, name text not null, bytes bytea not null, primary key (case_id, name))`,
  ],
];

/** An arbitrary number that all programs of the house agree on: only one brings the tables up to date at a time. */
const migrationLock = 4_827_001;

/**
 * Brings the tables to the present version.
 *
 * @throws store/newer when a newer program made them
 */
export async function migrateTables(database: Database): Promise<void> {
  await database.transaction(async ({ query }) => {
    await query(`select pg_advisory_xact_lock(${migrationLock})`);
    await query(`create schema if not exists hapax`);
    await query(`create table if not exists hapax.version (version int not null)`);
    const [row] = await query<{ version: number }>(`select version from hapax.version`);
    const version = row?.version ?? 0;
    if (version > steps.length) {
      throw new HapaxError("store/newer", `The store is of version ${version}; this program knows up to ${steps.length}.`, "Update Hapax.");
    }
    if (version === steps.length) return;
    for (const step of steps.slice(version)) for (const statement of step) await query(statement);
    await query(row === undefined ? `insert into hapax.version values ($1)` : `update hapax.version set version = $1`, [steps.length]);
  });
}
