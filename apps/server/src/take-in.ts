import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { caseText, importBundle } from "@hapax/files";
import type { CaseStore, StoredFile, Summary } from "@hapax/store";
import type { Compute } from "./compute.ts";

/** Folder of the plans among the files of a case. */
export const plansFolder = "plans/";

/** The row of a case. A rule that fails must never keep a case from being saved: then the row is the record's own. */
export function summarize(compute: Pick<Compute, "summary">, record: CaseRecord): Summary {
  try {
    return compute.summary(record);
  } catch {
    return { name: record.name, what: record.title, tumor: record.tumor };
  }
}

/**
 * Takes a bundle or a case.json into the store. A case that is there already, equal, is left alone; one of the same id
 * that differs keeps its place, and the new one gets an id with a number.
 *
 * @param where    name of the file, for the message
 * @param replace  instead makes it a new revision of the case of the same id
 * @throws         all that `importBundle` throws; store/conflict where a plan would take the place of a kept one
 */
export async function takeIn(
  { store, compute, who }: { readonly store: CaseStore; readonly compute: Pick<Compute, "summary">; readonly who: string },
  bytes: Uint8Array,
  where: string,
  replace = false,
): Promise<{ id: string; revision: number; made: boolean }> {
  const { record, files } = importBundle(bytes, where);
  const there = await store.get(record.id).catch((error: unknown) => {
    if (error instanceof HapaxError && error.code === "store/not-found") return undefined;
    throw error;
  });
  if (there !== undefined && files.length === 0 && caseText(there.record) === caseText(record)) {
    return { id: record.id, revision: there.revision, made: false };
  }
  const kept = there === undefined || replace ? record : { ...record, id: await freeId(store, record.id) };
  await refuseOtherPlans(store, kept.id, files);
  const revision = await store.put(kept, summarize(compute, kept), { who, what: "imported", ...(replace ? {} : { expected: 0 }) });
  for (const file of files) await store.attach(kept.id, file);
  return { id: kept.id, revision, made: true };
}

/** A revision of a plan that was kept stays what it is. */
async function refuseOtherPlans(store: CaseStore, id: string, files: readonly StoredFile[]): Promise<void> {
  const there = new Map((await store.files(id, plansFolder)).map(({ name, bytes }) => [name, bytes]));
  const other = files.find(({ name, bytes }) => Buffer.compare(there.get(name) ?? bytes, bytes) !== 0);
  if (other === undefined) return;
  throw new HapaxError("store/conflict", `${id} has another ${other.name} than the import.`, "Import it under an id of its own.");
}

/** An id made from a name, that no case has or had. */
export async function freeId(store: CaseStore, wish: string): Promise<string> {
  const base =
    wish
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "case";
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? base : `${base}-${n}`;
    if ((await store.history(candidate)).length === 0) return candidate;
  }
}
