import { HapaxError } from "@hapax/base";
import { parseCase, type CaseRecord } from "@hapax/case";
import { parseJson, printJson } from "./json.ts";

export * from "./json.ts";

/** The largest case.json that is read, bytes; the Leach case is a five-hundredth of it. */
export const maxCaseBytes = 32 * 1024 * 1024;

/**
 * Refuses what is too large before anything is made of it.
 *
 * @param bytes  size, bytes
 * @throws       files/too-large
 */
export function checkSize(bytes: number, where: string): void {
  if (bytes <= maxCaseBytes) return;
  throw new HapaxError(
    "files/too-large",
    `${where} has ${(bytes / 1024 / 1024).toFixed(1)} MiB; a case has at most ${maxCaseBytes / 1024 / 1024} MiB.`,
    "Keep images and documents as files beside case.json and name them there.",
  );
}

/**
 * The record that a text holds. Runs in the browser too.
 *
 * @param text   contents of a case.json
 * @param where  file or request, for the message
 * @throws       files/too-large, files/json with line and column, case/schema, case/invalid
 */
export function parseCaseText(text: string, where: string): CaseRecord {
  checkSize(text.length, where);
  return parseCase(parseJson(text, where), where);
}

/**
 * A record as text: keys in the order of the schema, so that two saves of one record are equal and a change is a
 * small difference.
 *
 * @throws case/invalid when the record could not be read back
 */
export function caseText(record: CaseRecord): string {
  return printJson(parseCase(record, record.id));
}
