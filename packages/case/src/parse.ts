import { z } from "zod";
import { HapaxError } from "@hapax/base";
import { lasting } from "./entries.ts";
import { migrate } from "./migrate.ts";
import { CaseRecord, schemaName, schemaVersion } from "./record.ts";
import { edtfDays } from "./timing.ts";

/**
 * A value from outside as a record: migrated to the present version, checked whole, every problem named.
 *
 * @param value  what JSON gave
 * @param where  file or request, for the message
 * @throws       case/invalid with one problem per place that does not fit
 */
export function parseCase(value: unknown, where: string): CaseRecord {
  const result = CaseRecord.safeParse(migrate(value, where));
  const problems = result.success ? crossCheck(result.data, where) : result.error.issues.map((issue) => problem(issue, where));
  if (!result.success || problems.length > 0) {
    const shown = problems.slice(0, 3).map((p) => p.what).join(" ");
    const more = problems.length > 3 ? ` And ${problems.length - 3} more.` : "";
    throw new HapaxError("case/invalid", `${shown}${more}`, "Mend the places named; nothing was saved.", problems);
  }
  return result.data;
}

function problem(issue: z.core.$ZodIssue, where: string): HapaxError {
  const path = issue.path.length > 0 ? issue.path.join(".") : "the whole";
  return new HapaxError("case/invalid", `${where}: ${path}: ${issue.message.replace(/\.$/, "")}.`, "See packages/case/case.schema.json.");
}

/** What a schema cannot say: ids that are unique, references that lead somewhere, dates that can be read. */
function crossCheck(record: CaseRecord, where: string): HapaxError[] {
  const problems: HapaxError[] = [];
  const add = (what: string, remedy: string) => problems.push(new HapaxError("case/invalid", `${where}: ${what}`, remedy));
  const kinds = new Map<string, string>();
  for (const [kind, list] of [["time point", record.timePoints], ["document", record.documents]] as const) {
    for (const item of list) {
      if (kinds.has(item.id)) add(`the id ${item.id} is used twice.`, "Give every item an id of its own.");
      kinds.set(item.id, kind);
    }
  }
  for (const entry of record.entries) {
    if (kinds.has(entry.id)) add(`the id ${entry.id} is used twice.`, "Give every item an id of its own.");
    kinds.set(entry.id, entry.kind);
  }
  const lead = (from: string, to: string | undefined, kind: string | undefined) => {
    if (to === undefined) return;
    const found = kinds.get(to);
    if (found === undefined || (kind !== undefined && found !== kind)) {
      add(`${from} points to ${to}, which is ${found === undefined ? "not in the case" : `a ${found}`}.`, `Point to ${kind ?? "an entry of the case"}.`);
    }
  };
  const provenance = (id: string, value: unknown): void => {
    if (Array.isArray(value)) for (const v of value) provenance(id, v);
    else if (typeof value === "object" && value !== null) {
      for (const [key, v] of Object.entries(value)) {
        if (key === "from" && Array.isArray(v)) for (const p of v) lead(id, (p as { document: string }).document, "document");
        else provenance(id, v);
      }
    }
  };
  provenance("patient", record.patient);
  for (const entry of record.entries) {
    provenance(entry.id, entry);
    const whens = [entry.when, ...(entry.kind === "drug" ? entry.steps.map((s) => s.when) : [])];
    for (const when of whens) {
      if (when === undefined) continue;
      for (const b of [...(when.after ?? []), ...(when.before ?? [])]) lead(entry.id, b.of, undefined);
      for (const id of when.during ?? []) lead(entry.id, id, undefined);
      lead(entry.id, when.at, undefined);
      lead(entry.id, when.startsWith, undefined);
      if (when.date !== undefined) {
        try {
          edtfDays(when.date);
        } catch (error) {
          if (error instanceof HapaxError) add(`${entry.id}: ${error.what}`, error.remedy);
        }
      }
      for (const other of when.during ?? []) {
        const kind = kinds.get(other);
        if (kind !== undefined && kind !== "time point" && !(lasting as ReadonlySet<string>).has(kind)) {
          add(`${entry.id} is during ${other}, a ${kind}, which is a point in time.`, "Use `at`, `after` or `before`.");
        }
      }
    }
    if (entry.kind === "measurement" || entry.kind === "observation" || entry.kind === "specimen") lead(entry.id, entry.lesion, "lesion");
    if (entry.kind === "drugLevel") lead(entry.id, entry.drug, "drug");
    if (entry.kind === "histology" || entry.kind === "stain") lead(entry.id, entry.specimen, "specimen");
    if (entry.kind === "radiotherapy") for (const id of entry.lesions ?? []) lead(entry.id, id, "lesion");
    if (entry.kind === "statement") for (const id of entry.about ?? []) lead(entry.id, id, undefined);
  }
  for (const point of record.timePoints) {
    if (point.when?.date !== undefined) {
      try {
        edtfDays(point.when.date);
      } catch (error) {
        if (error instanceof HapaxError) add(`${point.id}: ${error.what}`, error.remedy);
      }
    }
  }
  lead("anchor", record.anchor, undefined);
  return problems;
}

/** An empty case, ready to be filled in. */
export function newCase(id: string, name: string, tumor: string): CaseRecord {
  return {
    schema: schemaName,
    version: schemaVersion,
    id,
    name,
    title: name,
    tumor,
    patient: {},
    documents: [{ id: "typed-in", title: "Typed in", kind: "typed in" }],
    timePoints: [{ id: "T1", label: "Diagnosis" }],
    anchor: "T1",
    entries: [],
  };
}
