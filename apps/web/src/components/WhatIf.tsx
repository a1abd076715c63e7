import { keyOf, type Finding, type SchemeMatrix } from "@hapax/case";
import { useCase } from "../state/CaseState.tsx";
import { CardLink } from "./CardLink.tsx";
import "./WhatIf.css";

/** What is being tried, what each answer was before and is now, and the way back; it stays in sight while one scrolls. */
export function WhatIf({ here }: { readonly here: (finding: Finding) => boolean }) {
  const { workup, plain, assume, suppose, setSuppose, setAssume, endTrials } = useCase();
  const tried = Object.entries(suppose);
  const matrix = tried.length === 0 ? undefined : workup.tumor?.matrix(workup.view);
  const trials = [
    ...tried.map(([key, value]) => ({ key, says: sayTrial(matrix, key, value), end: () => setSuppose(key, undefined) })),
    ...Object.keys(assume).map((key) => ({ key, says: sayAssumption(workup.findings, key), end: () => setAssume(key, undefined) })),
  ];
  if (trials.length === 0) return null;
  const changed = workup.findings.filter((f) => plain.byKey[keyOf(f)]?.text !== f.text);
  const shown = changed.filter(here);
  const elsewhere = changed.length - shown.length;
  return (
    <div className="what-if" role="status">
      <p className="what-if-trials">
        <strong>What if</strong>
        {trials.map((trial) => (
          <span key={trial.key} className="what-if-trial">
            {trial.says}
            <button type="button" className="link" onClick={trial.end} aria-label={`End the trial: ${trial.says}`}>
              end
            </button>
          </span>
        ))}
        <span className="quiet">the record is as it was</span>
        <button type="button" className="button" onClick={endTrials}>
          End trials
        </button>
      </p>
      {shown.length === 0 ? (
        <p>No answer on this page changes.</p>
      ) : (
        <ul className="what-if-answers">
          {shown.map((finding) => (
            <li key={keyOf(finding)}>
              <CardLink to={finding} className="plain">
                {finding.question}
              </CardLink>{" "}
              <span className="what-if-before">{plain.byKey[keyOf(finding)]?.text ?? "no answer"}</span> → <strong>{finding.text}</strong>
            </li>
          ))}
        </ul>
      )}
      {elsewhere > 0 && <p className="quiet">{elsewhere === 1 ? "One answer on another page changes" : `${elsewhere} answers on other pages change`} too.</p>}
    </div>
  );
}

function sayTrial(matrix: SchemeMatrix | undefined, key: string, value: unknown): string {
  const feature = matrix?.features.find((f) => f.key === key);
  if (value === null) return `${feature?.name ?? key} not recorded`;
  const tried = feature?.tries.find((t) => sameValue(t.value, value));
  return `${feature?.name ?? key}: ${tried?.name ?? JSON.stringify(value)}`;
}

function sayAssumption(findings: readonly Finding[], key: string): string {
  const assumption = findings.flatMap((f) => f.assumptions).find((a) => a.key === key);
  if (assumption === undefined) return key;
  return `${assumption.name}: ${String(assumption.value)}${assumption.unit === undefined ? "" : ` ${assumption.unit}`}`;
}

/** Whether two values to try are the same; both come from the lists of the matrix. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

