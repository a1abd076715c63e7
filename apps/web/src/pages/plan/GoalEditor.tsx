import { useState } from "react";
import type { Goal } from "@hapax/planning";
import { goalKey, limitWords, metricParts } from "./goal-words.ts";
import { NumberField } from "./NumberField.tsx";
import { Source } from "./Outcomes.tsx";

interface Props {
  readonly goals: readonly Goal[];
  /** Names of the structure set. */
  readonly structures: readonly string[];
  readonly change: (goals: readonly Goal[]) => void;
  readonly disabled: boolean;
}

const metrics = ["D95%[Gy]", "D98%[Gy]", "D50%[Gy]", "D2%[Gy]", "D0.03cc[Gy]", "Max[Gy]", "Mean[Gy]", "V20Gy[%]", "V30Gy[%]"];

/** The goals by priority: each opens to its limit, its priority and its source. */
export function GoalEditor({ goals, structures, change, disabled }: Props) {
  const [open, setOpen] = useState<number>();
  const order = goals.map((goal, at) => ({ goal, at })).sort((a, b) => a.goal.priority - b.goal.priority);
  const set = (at: number, next: Goal) => change(goals.map((goal, i) => (i === at ? next : goal)));
  const add = () => {
    const structure = structures[0] ?? "";
    change([...goals, { structure, metric: "Max[Gy]", atMost: 0, priority: Math.max(1, ...goals.map(({ priority }) => priority)), source: "stated here", verified: true }]);
    setOpen(goals.length);
  };
  return (
    <section>
      <div className="plan-head">
        <h2>Objectives</h2>
        <span>by priority, Gy</span>
      </div>
      <ul className="plan-goals">
        {order.map(({ goal, at }) => (
          <li key={at} className={open === at ? "open" : undefined}>
            <button type="button" className="plan-goal" data-row aria-expanded={open === at} onClick={() => setOpen(open === at ? undefined : at)}>
              <span className="plan-priority">{goal.priority}</span>
              <span className="mono plan-structure">{goal.structure}</span>
              <span className={goal.verified ? "number" : "number unverified"}>{limitWords(goal)}</span>
            </button>
            {open === at && <GoalForm goal={goal} structures={structures} disabled={disabled} change={(next) => set(at, next)} remove={() => { change(goals.filter((_, i) => i !== at)); setOpen(undefined); }} />}
          </li>
        ))}
      </ul>
      <button type="button" className="link small" disabled={disabled} onClick={add}>Add a goal</button>
    </section>
  );
}

interface FormProps {
  readonly goal: Goal;
  readonly structures: readonly string[];
  readonly disabled: boolean;
  readonly change: (goal: Goal) => void;
  readonly remove: () => void;
}

function GoalForm({ goal, structures, disabled, change, remove }: FormProps) {
  const { structure, metric, atMost, atLeast, priority } = goal;
  const { atMost: _most, atLeast: _least, ...rest } = goal;
  const stated = source(goal);
  const limit = atMost ?? atLeast ?? 0;
  const side = atMost === undefined ? "at least" : "at most";
  const named = [...new Set([structure, ...structures])];
  const { unit } = metricParts(metric);
  return (
    <div className="plan-form">
      <label>
        <span>Structure</span>
        <select value={structure} disabled={disabled} onChange={(event) => change({ ...goal, ...stated, structure: event.target.value })}>
          {named.map((name) => <option key={name} value={name}>{name}{structures.includes(name) ? "" : ", not drawn"}</option>)}
        </select>
      </label>
      <label>
        <span>Metric</span>
        <select value={metric} disabled={disabled} onChange={(event) => change({ ...goal, ...stated, metric: event.target.value })}>
          {[...new Set([metric, ...metrics])].map((one) => <option key={one} value={one}>{metricParts(one).name}, {metricParts(one).unit}</option>)}
        </select>
      </label>
      <label>
        <span>Limit</span>
        <span className="plan-pair">
          <select aria-label="At most or at least" value={side} disabled={disabled} onChange={(event) => change({ ...rest, ...stated, ...(event.target.value === "at most" ? { atMost: limit } : { atLeast: limit }) })}>
            <option>at most</option>
            <option>at least</option>
          </select>
          <NumberField label={`Limit of ${structure} ${limitWords(goal)}`} value={limit} least={0} decimals={2} unit={unit} disabled={disabled} change={(value) => change({ ...rest, ...stated, ...(side === "at most" ? { atMost: value } : { atLeast: value }) })} />
        </span>
      </label>
      <label>
        <span>Priority</span>
        <NumberField label={`Priority of ${goalKey(goal)}`} value={priority} least={1} most={9} disabled={disabled} change={(value) => change({ ...goal, priority: Math.round(value) })} />
      </label>
      <p className="place"><Source of={goal} /></p>
      <button type="button" className="link small" disabled={disabled} onClick={remove}>Remove this goal</button>
    </div>
  );
}

/** A limit that was changed is the reader's; it says what it stands in place of. */
function source(goal: Goal): Pick<Goal, "source" | "verified"> {
  if (goal.source.startsWith("stated here")) return { source: goal.source, verified: true };
  return { source: `stated here, in place of ${limitWords(goal)} (${goal.source}${goal.verified ? "" : ", unverified"})`, verified: true };
}
