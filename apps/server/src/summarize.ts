import type { CaseRecord } from "@hapax/case";
import type { Summary } from "@hapax/store";
import type { Compute } from "./compute.ts";

/** The row of a case. A rule that fails must never keep a case from being saved: then the row is the record's own. */
export function summarize(compute: Pick<Compute, "summary">, record: CaseRecord): Summary {
  try {
    return compute.summary(record);
  } catch {
    return { name: record.name, what: record.title, tumor: record.tumor };
  }
}
