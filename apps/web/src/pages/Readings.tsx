import type { Finding } from "@hapax/case";
import { placeOf } from "../components/Quote.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./Readings.css";

/** Two readings that do not agree: both in the words of the documents, and both places. */
export function Readings({ finding }: { readonly finding: Finding }) {
  const { record } = useCase();
  const stated = finding.stated;
  const places = stated?.from?.map((from) => placeOf(from, record)) ?? [];
  return (
    <div className="readings">
      {stated !== undefined && <p className="quote">“{stated.text}”</p>}
      <p className={stated === undefined ? "quote" : "quote against"}>{finding.text}</p>
      <p className="place">{places.length > 0 ? places.join(" ≠ ") : finding.brief}</p>
    </div>
  );
}
