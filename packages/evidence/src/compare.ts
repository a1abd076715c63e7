import { convert, sameKind, show } from "@hapax/base";
import { known, type EntryOf, type Fact, type Study, type StudyResult } from "@hapax/case";
import { cite, findReference, shortName, type Reference } from "@hapax/references";

type Claim = EntryOf<"claim">;

/** In what a claim and the literature differ. */
export type DifferenceKind = "reading" | "figure" | "directness" | "qualifier" | "source against itself" | "another source";

/** One point at which a claim and the literature part. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** What the claim says at this point, in few words. */
  readonly claim: string;
  /** What the source says at this point, in few words. */
  readonly source: string;
  /** The same in a sentence. */
  readonly says: string;
  readonly study: Study;
}

/** A claim beside what the library holds of its study and its topic. */
export interface Comparison {
  readonly claim: Claim;
  /** The study behind the number, where it was found. */
  readonly study: Study | undefined;
  /** True when that it is this study was inferred. */
  readonly inferred: boolean;
  /** What the study found on the topic of the claim. */
  readonly results: readonly StudyResult[];
  readonly differences: readonly Difference[];
  /** Results of other studies on the topic that do not contradict. */
  readonly beside: readonly { readonly study: Study; readonly result: StudyResult }[];
}

/**
 * Holds a claim against its source and against the rest of the library, topic by topic: another reading, another
 * figure, a population that is not this tumor, a qualifier that was dropped, a source that contradicts itself, another
 * source of more than one patient that reads otherwise.
 */
export function compareClaim(claim: Claim, studies: readonly Study[]): Comparison {
  const named = valueOf(claim.study);
  const study = studies.find((s) => s.key === named && s.checked !== "unresolved");
  const results = study?.results.filter((r) => r.topic === claim.topic) ?? [];
  const differences: Difference[] = [];
  if (study !== undefined) {
    differences.push(...ofReading(claim, study, results), ...results.flatMap((r) => [...ofFigures(claim, study, r), ...ofQualifier(claim, study, r)]));
    if (study.directness !== "this tumor") {
      differences.push({ kind: "directness", claim: "cited for this tumor", source: study.population, says: `The source is about ${study.population}: indirect evidence.`, study });
    }
  }
  const beside: { study: Study; result: StudyResult }[] = [];
  for (const other of studies) {
    if (other === study || other.checked === "unresolved") continue;
    for (const result of other.results.filter((r) => r.topic === claim.topic)) {
      // One patient more or less does not contradict; a series does.
      if (claim.reading === undefined || result.reading === claim.reading || other.n === 1) beside.push({ study: other, result });
      else differences.push({ kind: "another source", claim: claim.reading, source: result.reading, says: `${nameOf(other)} reads otherwise: ${result.says}`, study: other });
    }
  }
  return { claim, study, inferred: claim.study?.state === "uncertain", results, differences, beside };
}

function ofReading(claim: Claim, study: Study, results: readonly StudyResult[]): Difference[] {
  const { reading } = claim;
  if (reading === undefined) return [];
  const kind = results.some((r) => r.reading === reading) ? "source against itself" : "reading";
  return results
    .filter((r) => r.reading !== reading)
    .map((r) => ({ kind, claim: reading, source: r.reading, says: r.says, study }));
}

function ofFigures(claim: Claim, study: Study, result: StudyResult): Difference[] {
  return (claim.figures ?? []).flatMap(({ name, quantity }): Difference[] => {
    const found = result.figures?.find((f) => f.name === name);
    if (found === undefined) return [];
    if (sameKind(found.quantity.unit, quantity.unit)) {
      const source = convert(found.quantity, quantity.unit);
      if (Math.abs(source - quantity.value) <= 1e-9 * Math.max(1, Math.abs(source))) return [];
    }
    return [{ kind: "figure", claim: `${name} ${show(quantity)}`, source: `${name} ${show(found.quantity)}`, says: `The source gives ${show(found.quantity)} for ${name}.`, study }];
  });
}

function ofQualifier(claim: Claim, study: Study, result: StudyResult): Difference[] {
  if (result.qualifier === undefined || claim.says.toLowerCase().includes(result.qualifier.toLowerCase())) return [];
  return [{ kind: "qualifier", claim: result.reading, source: `${result.reading}, ${result.qualifier}`, says: `The claim drops the qualifier "${result.qualifier}".`, study }];
}

/** The value of a fact also where it is in doubt. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact?.state === "uncertain" ? fact.value : known(fact);
}

/** "Folpe 2005", or the number by which the report cites it. */
export function nameOf(study: Study): string {
  const reference = study.citation === undefined ? undefined : findReference(study.citation);
  if (reference === undefined) return study.key;
  return study.checked === "unresolved" ? `reference ${study.reference ?? "?"} of ${shortName(reference)}` : shortName(reference);
}

/** The references of studies, each once. */
export function sourcesOf(studies: readonly Study[]): Reference[] {
  return cite(...new Set(studies.flatMap((s) => s.citation ?? [])));
}

/** The documents that make a claim, as references; so that a claim without a source still says who makes it. */
export function documentsOf(claims: readonly Claim[], citations: ReadonlyMap<string, string>): Reference[] {
  const keys = new Set(claims.flatMap((c) => c.from ?? []).flatMap((p) => citations.get(p.document) ?? []));
  return [...keys].flatMap((key) => findReference(key) ?? []);
}

/** How much a study can be relied on, in words for the eye. */
export const checkedWords: Readonly<Record<Study["checked"], string>> = {
  read: "source read",
  "second-hand": "second-hand",
  inferred: "identity inferred",
  unresolved: "source not found",
};
