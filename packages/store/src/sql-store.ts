import { HapaxError } from "@hapax/base";
import { parseCase, type CaseRecord } from "@hapax/case";
import type { CaseFilter, CaseRow, CaseStore, Change, Database, Revision, StoredCase, StoredFile, Summary } from "./contract.ts";
import { migrateTables } from "./schema.ts";

type Query = Database["query"];

/** A state that a change leads to: a record with its summary, or null where the case is removed. */
interface State {
  readonly record: string | null;
  readonly summary: string;
  readonly back: number | null;
  readonly forward: number | null;
}

interface Head {
  readonly revision: number;
  readonly removed: boolean;
  readonly back: number | null;
  readonly forward: number | null;
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The contract on any database that speaks PostgreSQL. */
export async function sqlStore(database: Database): Promise<CaseStore> {
  await migrateTables(database);
  const query = cleaning(database.query);

  /** Appends a revision and lets the list of cases follow it. */
  const append = async (inside: Query, id: string, from: Head | undefined, state: State, change: Change): Promise<number> => {
    const revision = (from?.revision ?? 0) + 1;
    const [made] = await inside<{ made: string }>(
      `insert into hapax.revisions (case_id, revision, record, summary, who, what, back, forward)
       values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8) returning made::text`,
      [id, revision, state.record, state.summary, change.who.slice(0, 100), change.what.slice(0, 300), state.back, state.forward],
    );
    if (state.record === null) await inside(`delete from hapax.cases where id = $1`, [id]);
    else {
      await inside(
        `insert into hapax.cases (id, revision, summary, changed) values ($1, $2, $3::jsonb, $4::timestamptz)
         on conflict (id) do update set revision = excluded.revision, summary = excluded.summary, changed = excluded.changed`,
        [id, revision, state.summary, made?.made],
      );
    }
    return revision;
  };

  const headOf = async (inside: Query, id: string): Promise<Head | undefined> => {
    const [head] = await inside<Head>(
      `select revision, record is null as removed, back, forward from hapax.revisions
       where case_id = $1 order by revision desc limit 1 for update`,
      [id],
    );
    return head;
  };

  /** A change of one case; two at the same time cannot both win, since a revision has one number. */
  const changing = async (id: string, work: (inside: Query, head: Head | undefined) => Promise<number>): Promise<number> => {
    try {
      return await database.transaction(async (inside) => {
        const clean = cleaning(inside.query);
        return work(clean, await headOf(clean, id));
      });
    } catch (error) {
      if (isDuplicate(error)) throw conflict(id, undefined, undefined);
      throw error;
    }
  };

  const step = (id: string, who: string, direction: "back" | "forward") =>
    changing(id, async (inside, head) => {
      const word = direction === "back" ? "undo" : "redo";
      const target = head?.[direction] ?? null;
      if (head === undefined) throw notFound(id);
      if (target === null) {
        throw new HapaxError(`store/nothing-to-${word}`, `${id} has no change to ${word}.`, "Look at its history; any revision of it can be opened.");
      }
      const [to] = await inside<{ record: string | null; summary: string; what: string; back: number | null; forward: number | null }>(
        `select record, summary::text, what, back, forward from hapax.revisions where case_id = $1 and revision = $2`,
        [id, target],
      );
      if (to === undefined) throw notFound(`${id}, revision ${target},`);
      const state = direction === "back" ? { ...to, forward: head.revision } : to;
      return append(inside, id, head, state, { who, what: `${word} to revision ${target}` });
    });

  return {
    async list(filter = {}) {
      const { where, parameters } = conditions(filter);
      const limit = filter.limit === undefined ? "" : `limit ${Math.max(0, Math.trunc(filter.limit))}`;
      return query<CaseRow>(
        `select id, revision, summary, ${iso("changed")} as changed from hapax.cases ${where} order by cases.changed desc, id ${limit}`,
        parameters,
      );
    },

    async get(id) {
      const [row] = await query<{ record: string; revision: number; changed: string; back: number | null; forward: number | null }>(
        `select r.record, c.revision, ${iso("c.changed")} as changed, r.back, r.forward
         from hapax.cases c join hapax.revisions r on r.case_id = c.id and r.revision = c.revision where c.id = $1`,
        [id],
      );
      if (row === undefined) throw notFound(id);
      const { record, revision, changed, back, forward } = row;
      return { record: read(record, id), revision, changed, canUndo: back !== null, canRedo: forward !== null } satisfies StoredCase;
    },

    put: async (record, summary, change) => {
      // Whatever is stored can be read back: the record is checked here, whoever calls.
      const checked = parseCase(record, record.id);
      return changing(checked.id, async (inside, head) => {
        const present = head === undefined || head.removed ? 0 : head.revision;
        if (change.expected !== undefined && change.expected !== present) throw conflict(checked.id, change.expected, present);
        const state = { record: JSON.stringify(checked), summary: summaryText(summary), back: head?.revision ?? null, forward: null };
        for (const { name, bytes } of change.files ?? []) {
          await inside(`insert into hapax.files (case_id, name, bytes) values ($1, $2, $3)`, [checked.id, name, bytes]);
        }
        return append(inside, checked.id, head, state, change);
      });
    },

    remove: (id, change) =>
      changing(id, async (inside, head) => {
        if (head === undefined || head.removed) throw notFound(id);
        if (change.expected !== undefined && change.expected !== head.revision) throw conflict(id, change.expected, head.revision);
        return append(inside, id, head, { record: null, summary: "{}", back: head.revision, forward: null }, change);
      }),

    history: (id) =>
      query<Revision>(
        `select revision, who, what, ${iso("made")} as "when", record is null as removed
         from hapax.revisions where case_id = $1 order by revision`,
        [id],
      ),

    async at(id, revision) {
      const [row] = await query<{ record: string | null }>(`select record from hapax.revisions where case_id = $1 and revision = $2`, [id, revision]);
      if (row?.record == null) throw notFound(`${id}, revision ${revision},`);
      return read(row.record, `${id}, revision ${revision}`);
    },

    undo: (id, who) => step(id, who, "back"),
    redo: (id, who) => step(id, who, "forward"),

    async attach(id, { name, bytes }) {
      await query(
        `insert into hapax.files (case_id, name, bytes) values ($1, $2, $3)
         on conflict (case_id, name) do update set bytes = excluded.bytes`,
        [id, name, bytes],
      );
    },

    async files(id, beginning = "") {
      const rows = await query<StoredFile>(`select name, bytes from hapax.files where case_id = $1 and starts_with(name, $2) order by name`, [id, beginning]);
      return rows.map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }));
    },

    close: () => database.close(),
  };
}

function conditions(filter: CaseFilter): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const give = (value: unknown) => `$${parameters.push(value)}`;
  const parts: string[] = [];
  for (const word of (filter.text ?? "").split(/\s+/).filter((w) => w !== "")) {
    const pattern = give(`%${word.replace(/[\\%_]/g, (c) => `\\${c}`)}%`);
    parts.push(`(id ilike ${pattern} or exists (select 1 from jsonb_each_text(summary) as t(k, v) where jsonb_typeof(summary -> k) = 'string' and v ilike ${pattern}))`);
  }
  if (filter.equals !== undefined && Object.keys(filter.equals).length > 0) parts.push(`summary @> ${give(summaryText(filter.equals))}::jsonb`);
  for (const [name, values] of Object.entries(filter.oneOf ?? {})) {
    parts.push(`summary ->> ${give(name)}::text in (select jsonb_array_elements_text(${give(JSON.stringify(values.map(storable)))}::jsonb))`);
  }
  for (const [name, { min, max }] of Object.entries(filter.range ?? {})) {
    const key = `${give(name)}::text`;
    const value = `(case when jsonb_typeof(summary -> ${key}) = 'number' then (summary ->> ${key})::float8 end)`;
    parts.push(`${value} is not null`);
    if (min !== undefined) parts.push(`${value} >= ${give(min)}::float8`);
    if (max !== undefined) parts.push(`${value} <= ${give(max)}::float8`);
  }
  return { where: parts.length > 0 ? `where ${parts.join(" and ")}` : "", parameters };
}

function read(text: string, where: string): CaseRecord {
  return parseCase(JSON.parse(text), where);
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}

/** Every text given to the database is one that it can keep. */
function cleaning(query: Query): Query {
  return (sql, parameters = []) => query(sql, parameters.map((p) => (typeof p === "string" ? storable(p) : p)));
}

function summaryText(summary: Summary): string {
  return JSON.stringify(Object.fromEntries(Object.entries(summary).map(([k, v]) => [storable(k), typeof v === "string" ? storable(v) : v])));
}

function isDuplicate(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "23505";
}

function notFound(what: string): HapaxError {
  return new HapaxError("store/not-found", `${what} is not in the store.`, "See ./hapax serve for the cases there, or import it.");
}

function conflict(id: string, expected: number | undefined, present: number | undefined): HapaxError {
  const detail = present === undefined ? "somebody else changed it at the same moment" : present === 0 ? "it is not there" : `it is at revision ${present}`;
  const seen = expected === undefined ? "" : expected === 0 ? " that was to be new" : ` as of revision ${expected}`;
  return new HapaxError("store/conflict", `A change of ${id}${seen} was not saved: ${detail}.`, "Load the case again and repeat the change.");
}
