import type { Feasibility as FeasibilityAnswer, Fractionation } from "@hapax/planning";
import { Feasibility } from "./Feasibility.tsx";
import type { PlanColumn } from "./plan-columns.ts";
import type { Running } from "./plan-runs.ts";
import { Delivery, Holds, Indices, Outcomes } from "./Outcomes.tsx";
import { Revisions } from "./Revisions.tsx";

interface Props {
  readonly run: Running | undefined;
  readonly shown: PlanColumn | undefined;
  readonly columns: readonly PlanColumn[];
  readonly compared: readonly string[];
  readonly keeping: boolean;
  readonly show: (key: string) => void;
  readonly compare: (keys: readonly string[]) => void;
  /** Undefined where the plan that is shown is kept already. */
  readonly keep: (() => void) | undefined;
  readonly forget: (() => void) | undefined;
  readonly fractionations: readonly Fractionation[];
  /** Undefined while what it needs is on its way. */
  readonly feasibility: ((fractionation: Fractionation) => Promise<FeasibilityAnswer>) | undefined;
  /** Plans on from the one that is shown. */
  readonly again: (() => void) | undefined;
}

/** What a plan is worth: its goals by priority, what holds it, its indices, and the plans of the case. */
export function ResultColumn({ run, shown, columns, compared, keeping, show, compare, keep, forget, again, fractionations, feasibility }: Props) {
  const made = run === undefined ? shown?.made : undefined;
  return (
    <div className="plan-result">
      {run !== undefined && (run.outcomes === undefined ? <section><h2>Goals</h2><p className="quiet small">They are judged as soon as there is a dose.</p></section> : <Outcomes outcomes={run.outcomes} says={beforeSequencing(run) ? "Gy, before sequencing" : "Gy"} making />)}
      {made !== undefined && (
        <>
          <Outcomes outcomes={made.outcomes} says="Gy, as delivered" making={false} />
          <Holds holds={made.holds} />
          {keep !== undefined && (
            <div className="plan-buttons">
              <button type="button" className="button main" disabled={keeping} onClick={keep}>{keeping ? "Keeping …" : "Keep with the case"}</button>
              <button type="button" className="button" disabled={keeping} onClick={forget}>Discard</button>
              <span className="undecided small">Not stored yet.</span>
            </div>
          )}
        </>
      )}
      <Revisions plans={columns} shown={run === undefined ? shown?.key : undefined} {...{ show, compared, compare }} making={run === undefined ? undefined : `${run.request.name}, now`} />
      {made !== undefined && again !== undefined && <p className="plan-again"><button type="button" className="link small" onClick={again}>Plan on from the one that is shown</button></p>}
      {made !== undefined && (
        <>
          <Delivery made={made} />
          <Feasibility key={shown?.key} offered={fractionations} ask={feasibility} known={shown?.made.feasibility} />
          <Indices indices={made.indices} />
        </>
      )}
    </div>
  );
}

const beforeSequencing = ({ now }: Running): boolean => !["sequencing", "refining segments", "calculating the dose", "finding what holds"].includes(now?.step ?? "");
