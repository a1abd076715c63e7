import { shortName, type Reference } from "@hapax/references";

const readings = { read: "read", "second-hand": "second-hand", recalled: "recalled, unverified" } as const;

/** A source in one line: its short name, or whole with how it was read. */
export function referenceLine(reference: Reference, form: "short" | "whole"): string {
  if (form === "short") return shortName(reference);
  const { authors, year, title, where, doi, url, read } = reference;
  const link = doi === undefined ? (url ?? "") : `doi:${doi}`;
  return `${[authors, title, where, String(year), link].filter((part) => part !== "").join(". ")} (${readings[read]})`;
}
