import { known } from "@hapax/case";
import { useCase } from "../state/CaseState.tsx";
import "./Spine.css";

/** Time points as dots in order, and the outcome; choosing one sets how far the record is known, for every page. */
export function Spine() {
  const { record, asOf, knowUpTo, plain } = useCase();
  const points = record.timePoints;
  const outcome = record.entries.findLast((e) => e.kind === "outcome");
  const at = asOf === undefined ? points.length : points.findIndex((p) => p.id === asOf);
  if (points.length === 0) return null;
  const ends = outcome?.kind === "outcome" ? outcome.status : undefined;
  const place = outcome?.kind === "outcome" ? known(outcome.place) : undefined;
  return (
    <section className="spine" aria-label="Known up to">
      <p className={asOf === undefined ? "spine-head" : "spine-head chosen"}>
        {asOf === undefined ? "Known up to" : `Known up to ${asOf}, ${points[at]?.label ?? ""}`}
      </p>
      <ol className="spine-points">
        {points.map((point, i) => (
          <li key={point.id} className={i > at ? "spine-later" : undefined}>
            <button
              type="button"
              aria-pressed={point.id === asOf}
              title={point.label}
              onClick={() => knowUpTo(point.id === asOf ? undefined : point.id)}
            >
              <span className="spine-dot" aria-hidden="true" />
              <span className="spine-name">
                {point.id}
                <span className="heard">, {point.label}</span>
              </span>
            </button>
          </li>
        ))}
        <li className={asOf === undefined ? "spine-end" : "spine-end spine-later"}>
          <button type="button" aria-pressed={asOf === undefined} title={place} onClick={() => knowUpTo(undefined)}>
            {ends === "died" ? (
              <svg className="spine-cross" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <path d="M1.5 1.5l9 9m0-9l-9 9" />
              </svg>
            ) : (
              <span className="spine-dot hollow" aria-hidden="true" />
            )}
            <span className="spine-name">
              {ends === "lost to follow-up" ? "lost" : (ends ?? "all")}
              <span className="heard">, everything recorded</span>
            </span>
          </button>
        </li>
      </ol>
      <p className="spine-kind">
        {plain.view.timing.dated ? (
          "dated"
        ) : (
          <>
            order only
            <br />
            no dates
          </>
        )}
      </p>
    </section>
  );
}
