import type { ReactNode } from "react";
import type { GoalOutcome } from "@hapax/planning";
import { Mark } from "../../components/Mark.tsx";
import { Unknown } from "../../components/Unknown.tsx";
import { signed } from "../images/words.ts";
import { goalKey, limitWords, valueWords } from "./goal-words.ts";
import { indexWords } from "./Outcomes.tsx";
import type { PlanColumn } from "./plan-columns.ts";
import { secondsWords } from "./run-words.ts";

const marks = { met: "met", held: "met", "not met": "not met", "cannot tell": "cannot tell" } as const;
/** How the curves of the plans are told apart, in their order. */
export const lineLooks = ["now", "second", "third", "fourth"] as const;
export const lineWords = { now: "solid", second: "dashed", third: "dotted", fourth: "dash-dot" } as const;

/** Two to four plans side by side: goals, indices, and what they take to deliver. */
export function CompareTable({ plans }: { readonly plans: readonly PlanColumn[] }) {
  const goals = new Map(plans.flatMap(({ made }) => made.outcomes.map(({ goal }) => [goalKey(goal), goal] as const)));
  const indices = [...new Set(plans.flatMap(({ made }) => made.indices.map(({ name, structure }) => `${structure}\n${name}`)))];
  const row = (key: string, head: ReactNode, cell: (plan: PlanColumn) => ReactNode) => (
    <tr key={key}>
      <th scope="row">{head}</th>
      {plans.map((plan) => <td key={plan.key} className="number">{cell(plan)}</td>)}
    </tr>
  );
  return (
    <section>
      <h2>Side by side</h2>
      <table className="plan-table plan-compare">
        <thead>
          <tr>
            <th scope="col">Goal, Gy</th>
            {plans.map(({ key, name, words }, i) => <th key={key} scope="col" className="number">{name}<br />{words}; {lineWords[lineLooks[i] ?? "fourth"]}</th>)}
          </tr>
        </thead>
        <tbody>
          {[...goals].sort(([, a], [, b]) => a.priority - b.priority).map(([key, goal]) =>
            row(key, <><span className="mono">{goal.structure}</span> <span className="plan-whole">{limitWords(goal)}</span></>, ({ made }) => <Reached outcome={made.outcomes.find((one) => goalKey(one.goal) === key)} />),
          )}
          {indices.map((key) => {
            const [structure, name] = key.split("\n") as [string, string];
            return row(key, <><span className="mono">{structure}</span> {name}</>, ({ made }) => {
              const found = made.indices.find((one) => one.structure === structure && one.name === name);
              return found === undefined ? <Unknown>not computed</Unknown> : indexWords(found);
            });
          })}
          {row("maximum", "Highest dose, Gy", ({ made }) => signed(made.maximum.gy))}
          {row("mu", "MU of a fraction", ({ made }) => signed(made.mu, 0))}
          {row("segments", "Segments", ({ made }) => made.segments)}
          {row("time", "Time of a fraction", ({ made }) => secondsWords(made.delivery.seconds))}
        </tbody>
      </table>
    </section>
  );
}

function Reached({ outcome }: { readonly outcome: GoalOutcome | undefined }) {
  if (outcome === undefined) return <Unknown>not asked</Unknown>;
  const words = valueWords(outcome);
  return (
    <span className="plan-reached" title={outcome.why}>
      {words ?? <Unknown>cannot tell</Unknown>} <Mark is={marks[outcome.verdict]} says={outcome.verdict} />
    </span>
  );
}
