import { useState } from "react";
import { setOf } from "@hapax/radiotherapy";
import { Mark } from "../../components/Mark.tsx";
import type { PlanInfo } from "./scan-summary.ts";
import type { Goal } from "./structure-work.ts";
import { signed } from "./words.ts";

const marks = { pass: "met", fail: "not met", "cannot tell": "cannot tell" } as const;
const said = { pass: "met", fail: "exceeded", "cannot tell": "cannot tell" } as const;

/** The limits of a published or practiced set for the fractionation of the plan, each met, exceeded, or not to be told. */
export function GoalPanel({ goals, plan }: { readonly goals: readonly Goal[] | undefined; readonly plan: PlanInfo | undefined }) {
  const [chosen, setChosen] = useState<string>();
  const head = (
    <div className="side-head">
      <h2>Limits</h2>
      <span>{plan?.fractions === undefined ? "" : `${plan.fractions} fractions`}</span>
    </div>
  );
  if (plan?.fractions === undefined) return <section>{head}<p className="quiet small">The files do not say in how many fractions the dose was planned, so no limit is asked of it.</p></section>;
  if (goals === undefined) return <section>{head}<p className="quiet small">computing</p></section>;
  const sets = [...new Map(goals.map(({ constraint }) => [constraint.set, setOf(constraint)])).values()];
  const set = sets.find((s) => s.id === chosen) ?? sets[0];
  if (set === undefined) return <section>{head}<p className="quiet small">No set of limits that is kept here is for {plan.fractions} fractions and these structures.</p></section>;
  return (
    <section>
      {head}
      <select className="side-select" aria-label="Set of limits" value={set.id} onChange={(event) => setChosen(event.target.value)}>
        {sets.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
      <ul className="side-goals">
        {goals.filter(({ constraint }) => constraint.set === set.id).map((goal) => <GoalLine key={`${goal.name} ${goal.constraint.metric} ${goal.constraint.atMost}`} goal={goal} />)}
      </ul>
      <p className="place">{set.source}{!set.verified && <span className="unverified">, unverified</span>}</p>
    </section>
  );
}

export function GoalLine({ goal: { name, constraint: { metric, atMost, atLeast }, verdict, value, why }, of }: { readonly goal: Goal; readonly of?: string }) {
  const [, what = metric, unit = ""] = /^(.*)\[(.*)\]$/.exec(metric) ?? [];
  return (
    <li title={why}>
      <Mark is={marks[verdict]} says="" />
      <span className="side-goal">
        {name} {what} {atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`} {unit}
        {of !== undefined && <span className="side-of">{of}</span>}
      </span>
      <span className="number">{value === undefined || Number.isNaN(value.low) ? "" : value.high === Infinity ? `≥ ${signed(value.low)}` : value.low === value.high ? signed(value.low) : `${signed(value.low)} to ${signed(value.high)}`}</span>
      <span className={`side-verdict ${verdict === "pass" ? "met" : verdict === "fail" ? "against" : "quiet"}`}>{said[verdict]}</span>
    </li>
  );
}
