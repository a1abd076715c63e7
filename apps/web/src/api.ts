import { parseCase, type CaseRecord } from "@hapax/case";
import { HapaxError } from "@hapax/base";
import type { CaseSummary } from "@hapax/workup";

/** A case in the list: its summary as far as it could be computed, its id, and when it was last changed. */
export interface CaseRow extends Partial<CaseSummary> {
  readonly id: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly changed: string;
}

/** A record as stored, with the number of its revision. */
export interface Stored {
  readonly record: CaseRecord;
  readonly revision: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A change of a case: by whom, when (ISO 8601), and what it was in a few words. */
export interface Revision {
  readonly revision: number;
  readonly who: string;
  readonly what: string;
  readonly when: string;
  /** True where the case was removed. */
  readonly removed: boolean;
}

interface Told {
  code: string;
  what: string;
  remedy: string;
  problems: unknown[];
}

const isTold = (value: unknown): value is Told =>
  typeof value === "object" && value !== null && "code" in value && "what" in value && "remedy" in value;

function told(value: Told): HapaxError {
  const problems = Array.isArray(value.problems) ? value.problems.filter(isTold).map(told) : [];
  return new HapaxError(String(value.code), String(value.what), String(value.remedy), problems);
}

/** One request to the server of this machine; every failure becomes a HapaxError with its next step. */
export async function ask(method: string, path: string, body?: Blob | object, signal?: AbortSignal): Promise<unknown> {
  const file = body instanceof Blob;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: file ? body : JSON.stringify(body) }),
      headers: body === undefined ? {} : { "content-type": !file ? "application/json" : body.type === "application/zip" || body.type === "application/dicom" ? body.type : "application/octet-stream" },
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new HapaxError("web/server-away", "The server of Hapax does not answer.", "Start it again with ./run, then reload this page.");
  }
  const text = await response.text();
  let answer: unknown;
  try {
    answer = text === "" ? undefined : JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (response.ok) return answer;
  if (isTold(answer)) throw told(answer);
  throw new HapaxError("web/answer", `The server answered ${response.status} to ${method} ${path}.`, "Reload this page; if it stays, see the server's window.");
}

const at = (id: string) => `/api/cases/${encodeURIComponent(id)}`;

function stored(answer: unknown, where: string): Stored {
  const { record, revision, canUndo, canRedo } = answer as { record: unknown; revision: number; canUndo?: boolean; canRedo?: boolean };
  return { record: parseCase(record, where), revision, canUndo: canUndo ?? true, canRedo: canRedo ?? true };
}

export async function listCases(): Promise<readonly CaseRow[]> {
  return (await ask("GET", "/api/cases")) as CaseRow[];
}

export async function createCase(name: string, tumor: string): Promise<{ id: string }> {
  return (await ask("POST", "/api/cases", { name, tumor })) as { id: string };
}

export async function openCase(id: string): Promise<Stored> {
  return stored(await ask("GET", at(id)), id);
}

/** Saves a record over the revision that was read; throws when another window saved in between. */
export async function saveCase(record: CaseRecord, expected: number, what: string): Promise<number> {
  const { revision } = (await ask("PUT", at(record.id), { record, expected, what })) as { revision: number };
  return revision;
}

export async function removeCase(id: string): Promise<void> {
  await ask("DELETE", at(id));
}

export async function undoCase(id: string, direction: "undo" | "redo"): Promise<Stored> {
  await ask("POST", `${at(id)}/${direction}`);
  return openCase(id);
}

/** Every change of a case, oldest first. */
export async function historyOf(id: string): Promise<readonly Revision[]> {
  return (await ask("GET", `${at(id)}/history`)) as Revision[];
}

/** The record as a revision left it. */
export async function revisionOf(id: string, revision: number): Promise<CaseRecord> {
  return stored(await ask("GET", `${at(id)}/revisions/${revision}`), `${id}, revision ${revision}`).record;
}

/** Takes in an exported case or a case.json; the server says which case it became. */
export async function importCase(file: File): Promise<{ id: string }> {
  return (await ask("POST", "/api/import", file)) as { id: string };
}

/** Where a case can be had as a file. */
export const exportAddress = (id: string): string => `${at(id)}/export`;
export const reportAddress = (id: string, kind: "pdf" | "docx" | "html"): string => `${at(id)}/report.${kind}`;
export const figureAddress = (id: string, figure: string, kind: "svg" | "png" | "tsv"): string => `${at(id)}/figures/${figure}.${kind}`;
