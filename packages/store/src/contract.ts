import type { CaseRecord } from "@hapax/case";

/** What a list shows and a cohort filter asks; given by the caller, who knows the rules. */
export type Summary = Readonly<Record<string, string | number | boolean | null>>;

/** A case as a row of a list. */
export interface CaseRow {
  readonly id: string;
  readonly revision: number;
  /** When it was last changed, ISO 8601 in UTC. */
  readonly changed: string;
  readonly summary: Summary;
}

export interface StoredCase {
  readonly record: CaseRecord;
  readonly revision: number;
  readonly changed: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A change of a case: by whom, when, and what it was in a few words. */
export interface Revision {
  readonly revision: number;
  readonly who: string;
  readonly what: string;
  readonly when: string;
  /** True where the case was removed by this change; undoing it brings the case back. */
  readonly removed: boolean;
}

export interface Change {
  readonly who: string;
  readonly what: string;
  /** The revision that the writer saw, 0 for a case that must not be there yet; left out, the last writer wins. */
  readonly expected?: number | undefined;
  /** Kept with the case by this change, or not at all where it does not come about; their names are new to the case. */
  readonly files?: readonly StoredFile[] | undefined;
}

/** Which cases: every condition given must hold. Names are those of the summary. */
export interface CaseFilter {
  /** Words that the id or a text of the summary contains; case does not matter. */
  readonly text?: string | undefined;
  readonly equals?: Summary | undefined;
  readonly oneOf?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Both ends included; a case whose value is not a number is not in any range. */
  readonly range?: Readonly<Record<string, { readonly min?: number | undefined; readonly max?: number | undefined }>> | undefined;
  readonly limit?: number | undefined;
}

/** A file of a case by its name in the folder of the case. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Cases with their whole history. What was acknowledged stays, even when the process is killed; nothing is ever
 * overwritten: undo and removal are changes like any other.
 */
export interface CaseStore {
  /** Newest change first. */
  list(filter?: CaseFilter): Promise<CaseRow[]>;
  /** @throws store/not-found */
  get(id: string): Promise<StoredCase>;
  /**
   * @returns the new revision
   * @throws  store/conflict when the case is no longer at `expected` or has a file of a name given; case/invalid
   */
  put(record: CaseRecord, summary: Summary, change: Change): Promise<number>;
  /** @throws store/not-found, store/conflict */
  remove(id: string, change: Change): Promise<number>;
  /** Oldest first; empty for a case that was never there. */
  history(id: string): Promise<Revision[]>;
  /** The record as it was. @throws store/not-found */
  at(id: string, revision: number): Promise<CaseRecord>;
  /** Goes back one change. @throws store/nothing-to-undo, store/conflict */
  undo(id: string, who: string): Promise<number>;
  /** Takes the last undo back. @throws store/nothing-to-redo, store/conflict */
  redo(id: string, who: string): Promise<number>;
  /** Keeps a file with a case, in place of one of the same name. */
  attach(id: string, file: StoredFile): Promise<void>;
  /** Files of a case by name: all of them, or those whose name begins so. */
  files(id: string, beginning?: string): Promise<StoredFile[]>;
  close(): Promise<void>;
}

/** The little that both databases have in common; SQL is that of PostgreSQL 15. */
export interface Database {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  transaction<T>(work: (inside: Pick<Database, "query">) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
