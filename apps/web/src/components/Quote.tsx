import type { CaseRecord, Provenance } from "@hapax/case";

/** "Case presentation" or, with several documents in the case, "Case report, Case presentation". */
export function placeOf(from: Provenance, record: CaseRecord): string {
  const document = record.documents.length > 1 ? record.documents.find((d) => d.id === from.document) : undefined;
  return document === undefined ? from.place : `${document.title}, ${from.place}`;
}

/** Who says so: the document's own words in serif, and where in it. */
export function Quote({ from, record }: { readonly from: readonly Provenance[] | undefined; readonly record: CaseRecord }) {
  if (from === undefined || from.length === 0) return <p className="place">source not recorded</p>;
  return (
    <>
      {from.map((one) => (
        <blockquote key={`${one.document} ${one.place} ${one.wording ?? ""}`}>
          {one.wording !== undefined && <p className="quote">“{one.wording}”</p>}
          <p className="place">{placeOf(one, record)}</p>
        </blockquote>
      ))}
    </>
  );
}
