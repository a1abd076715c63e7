import { HapaxError } from "@hapax/base";
import { schemaName, schemaVersion } from "./record.ts";

type Json = Record<string, unknown>;

/** Steps from one version of the schema to the next, by the version that they start from. */
const steps: Record<number, (record: Json) => Json> = {
  // Version 0 was the draft in which the state of an entry was called `status`.
  0: (record) => ({
    ...record,
    version: 1,
    entries: (Array.isArray(record["entries"]) ? record["entries"] : []).map((entry: Json) => {
      const { status, ...rest } = entry;
      return entry["kind"] === "outcome" || status === undefined ? entry : { ...rest, state: status };
    }),
  }),
};

/**
 * Brings a record of an older version to the present one.
 *
 * @throws case/schema when it is no case, or of a version newer than this program
 */
export function migrate(value: unknown, where: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || (value as Json)["schema"] !== schemaName) {
    throw new HapaxError("case/schema", `${where} is not a Hapax case: its "schema" is not "${schemaName}".`, "Give a case.json, or start one with ./hapax new.");
  }
  let record = value as Json;
  for (;;) {
    const version = record["version"];
    if (version === schemaVersion) return record;
    const step = typeof version === "number" ? steps[version] : undefined;
    if (step === undefined) {
      throw new HapaxError("case/schema", `${where} is of schema version ${JSON.stringify(version)}; this program reads up to ${schemaVersion}.`, "Update Hapax, or export the case from the program that wrote it.");
    }
    record = step(record);
  }
}
