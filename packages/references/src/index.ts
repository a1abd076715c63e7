import bibliography from "./bibliography.json" with { type: "json" };

/** A key of the bibliography; one that is not in it does not compile. */
export type CitationKey = keyof typeof bibliography;

/**
 * How a source was read: `read` in full or its abstract, `second-hand` quoted by a source that was read,
 * `recalled` from memory, to be shown as unverified.
 */
export type Reading = "read" | "second-hand" | "recalled";

export interface Reference {
  readonly key: string;
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly where: string;
  readonly doi?: string;
  readonly url?: string;
  readonly read: Reading;
}

/** The references behind a rule or a number, in the order given. */
export function cite(...keys: CitationKey[]): Reference[] {
  return keys.map((key) => ({ key, ...(bibliography[key] as Omit<Reference, "key">) }));
}

/** Looks up a key that came from data, such as a record; undefined when the bibliography does not have it. */
export function findReference(key: string): Reference | undefined {
  return Object.hasOwn(bibliography, key) ? cite(key as CitationKey)[0] : undefined;
}

/** Every reference of the house, by key. */
export const allReferences: readonly Reference[] = cite(...(Object.keys(bibliography) as CitationKey[]));

/** "Folpe 2005", "Testa 2023": how a reference is named in a line. */
export function shortName(reference: Reference): string {
  return `${reference.authors.split(/[ ,]/)[0]} ${reference.year}`;
}
