import type { CaseView, Finding, Missing, Assumption, Provenance, Reason, RuleInfo, Status } from "@hapax/case";
import { cite, findReference, type Reference } from "@hapax/references";

/** One reading: what is said, where, and the entries of the record that hold it. */
export interface Place {
  readonly says: string;
  readonly place: string;
  readonly entries?: readonly string[];
}

/** What an audit finding holds: two readings that cannot both stand, each with its place. */
export interface TwoReadings {
  readonly first: Omit<Place, "entries">;
  readonly second: Omit<Place, "entries">;
}

interface Parts {
  readonly rule: RuleInfo;
  readonly subject: string;
  readonly question: string;
  readonly first: Place;
  readonly second: Place;
  /** Further readings of the same, for the table. */
  readonly more?: readonly Place[];
  /** How many readings stand in the text; two unless said. */
  readonly shown?: number;
  readonly brief: string;
  readonly status?: Status;
  readonly because?: readonly Reason[];
  readonly missing?: readonly Missing[];
  readonly assumptions?: readonly Assumption[];
  readonly caveats?: readonly string[];
  readonly unverified?: readonly string[];
  readonly source?: readonly Reference[];
}

/** A finding with both readings and both places: in the value, in the reasons, in the table. */
export function contradiction(parts: Parts): Finding<TwoReadings> {
  const { rule, first, second, more = [], status = "contradiction", shown = 2 } = parts;
  const readings = [first, second, ...more];
  const bare = ({ says, place }: Place) => ({ says, place });
  return {
    rule: rule.id,
    subject: parts.subject,
    question: parts.question,
    status,
    value: { first: bare(first), second: bare(second) },
    text: readings.slice(0, shown).map((r) => r.says).join(status === "contradiction" ? " ≠ " : " beside "),
    brief: parts.brief,
    because: [
      ...readings.map((r) => ({ text: `${r.says} (${r.place})`, ...(r.entries === undefined ? {} : { entries: r.entries }) })),
      ...(parts.because ?? []),
    ],
    missing: parts.missing ?? [],
    assumptions: parts.assumptions ?? [],
    source: parts.source !== undefined && parts.source.length > 0 ? parts.source : rule.source,
    caveats: parts.caveats ?? [],
    unverified: parts.unverified ?? [],
    table: { columns: ["says", "place"], rows: readings.map((r) => [r.says, r.place]) },
  };
}

/** Where in the documents; with more than one document its title stands before the place. */
export function placeOf(view: CaseView, from: readonly Provenance[] | undefined, otherwise: string): string {
  const places = (from ?? []).map(({ document, place }) => {
    const title = view.record.documents.length > 1 ? view.record.documents.find((d) => d.id === document)?.title : undefined;
    return title === undefined ? place : `${title}: ${place}`;
  });
  return places.length > 0 ? [...new Set(places)].join("; ") : otherwise;
}

/** The documents of a case that are in the bibliography, or the guideline on case reports where none is. */
export function documentReferences(view: CaseView): Reference[] {
  const found = view.record.documents.flatMap((d) => (d.citation === undefined ? [] : (findReference(d.citation) ?? [])));
  return found.length > 0 ? found : cite("care2013");
}

/** A few words of a text, for a line that must stay short. */
export function shortened(text: string, length = 86): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
