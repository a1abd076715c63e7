import { useEffect, useState } from "react";
import { clockWords } from "./run-words.ts";
import type { Running } from "./plan-runs.ts";
import { signed } from "../images/words.ts";

interface Props {
  readonly run: Running;
  /** Number of the last plan that lies with the case. */
  readonly lastKept: number | undefined;
  readonly stop: () => void;
  readonly discard: () => void;
}

/** How far a plan is, and how to end it. */
export function Progress({ run: { now, since, ending }, lastKept, stop, discard }: Props) {
  const seconds = useSeconds(since);
  const share = now?.share ?? 0;
  const iteration = now?.iteration;
  const step = now?.step ?? "reading densities";
  return (
    <section className="plan-progress">
      <div className="plan-head">
        <h2>{capital(ending && step === "optimizing" ? "ending the optimization" : step)}</h2>
        {iteration !== undefined && <span className="soft">iteration {iteration.iteration}{iteration.iteration <= iteration.atMost && ` of at most ${iteration.atMost}`}, priority {iteration.priority}</span>}
        <span className="plan-right">{clockWords(seconds, share)}</span>
      </div>
      <progress max={1} value={share} aria-label={`Making the plan, ${signed(100 * share, 0)} %`} />
      <p className="heard" role="status">{step}</p>
      <div className="plan-buttons">
        <button type="button" className="button main" disabled={ending} onClick={stop}>
          Stop and keep <kbd>Esc</kbd>
        </button>
        <button type="button" className="button" onClick={discard}>Discard</button>
        <span className="plan-right">{lastKept === undefined ? "Nothing is stored before you keep it." : `Revision ${lastKept} stays as it is.`}</span>
      </div>
    </section>
  );
}

/** Seconds since a time of the clock of the page, told anew twice a second. */
function useSeconds(since: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const tick = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(tick);
  }, []);
  return Math.max(0, now - since) / 1000;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
