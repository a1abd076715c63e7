import type { GoalOutcome, Hold, PlanIndex, PlanMade } from "@hapax/planning";
import { Mark } from "../../components/Mark.tsx";
import { plus, signed } from "../images/words.ts";
import { byPriority, goalKey, limitWords, metricParts, valueWords } from "./goal-words.ts";
import { secondsWords } from "./run-words.ts";

const marks = { met: "met", held: "met", "not met": "not met", "cannot tell": "cannot tell" } as const;

/** Goals by priority with what the dose has, each met, held, not met, or not to be told. */
export function Outcomes({ outcomes, says, making }: { readonly outcomes: readonly GoalOutcome[]; readonly says: string; readonly making: boolean }) {
  return (
    <section>
      <div className="plan-head">
        <h2>Goals</h2>
        <span>{says}</span>
      </div>
      <ul className="plan-outcomes">
        {byPriority(outcomes).map((outcome) => <OutcomeRow key={goalKey(outcome.goal)} outcome={outcome} making={making} />)}
      </ul>
    </section>
  );
}

function OutcomeRow({ outcome, making }: { readonly outcome: GoalOutcome; readonly making: boolean }) {
  const { goal, verdict, why } = outcome;
  const said = verdict === "held" ? "holds" : verdict === "not met" && making ? "not yet" : verdict;
  return (
    <li title={why} data-row tabIndex={-1}>
      <Mark is={marks[verdict]} says="" />
      <span className="mono plan-structure">{goal.structure}</span>
      <span className="plan-limit">{limitWords(goal)}</span>
      <strong className="number">{valueWords(outcome) ?? ""}</strong>
      <span className={`plan-verdict ${verdict.replace(" ", "-")}`}>{said}</span>
      <span className="plan-source place">
        priority {goal.priority}
        {goal.cumulative !== undefined && `; sum of EQD2 with earlier doses, α/β ${signed(goal.cumulative.alphaBeta)} Gy`}
        {verdict === "cannot tell" ? `; ${why}` : <>; <Source of={goal} /></>}
      </span>
    </li>
  );
}

/** Where a limit comes from; what was recalled says so. */
export function Source({ of: { source, verified } }: { readonly of: { readonly source: string; readonly verified: boolean } }) {
  return <>{source}{!verified && <>{source === "" ? "" : "; "}<span className="unverified">unverified</span></>}</>;
}

/** What keeps the plan from being better, and the price of it. */
export function Holds({ holds }: { readonly holds: readonly Hold[] }) {
  if (holds.length === 0) return null;
  return (
    <section className="plan-holds">
      <h2>What holds it</h2>
      {holds.map(({ goal, price, why }) => (
        <p key={goalKey(goal)}>
          {why}
          {price.filter(({ changePerGy }) => Math.abs(changePerGy) >= 0.05).map(({ structure, metric, changePerGy }) => {
            const { name, unit } = metricParts(metric);
            return ` Each gray given back to ${goal.structure} would ${changePerGy < 0 ? "lower" : "raise"} ${structure} ${name} by ${signed(Math.abs(changePerGy))} ${unit || "Gy"}.`;
          })}
        </p>
      ))}
    </section>
  );
}

/** Indices of a plan, with where each is defined. */
export function Indices({ indices }: { readonly indices: readonly PlanIndex[] }) {
  if (indices.length === 0) return null;
  return (
    <section>
      <h2>Indices</h2>
      <table className="plan-table">
        <thead>
          <tr><th scope="col">Index</th><th scope="col">Structure</th><th scope="col" className="number">Value</th></tr>
        </thead>
        <tbody>
          {indices.map(({ name, structure, value, source }) => (
            <tr key={`${name} ${structure}`} title={source}>
              <td>{name}</td>
              <td className="mono">{structure}</td>
              <td className="number">{indexWords({ name, value })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** With the unit that it is defined in: doses in Gy, cover and D2cm in percent, ratios bare. */
export function indexWords({ name, value: { low, high } }: Pick<PlanIndex, "name" | "value">): string {
  const unit = /^(D[\d.]+%|Mean)$/.test(name) ? "Gy" : /^(V[\d.]+%|D2cm)$/.test(name) ? "%" : "";
  const decimals = unit === "" ? 2 : 1;
  const words = high - low < 0.5 * 10 ** -decimals ? signed((low + high) / 2, decimals) : `${signed(low, decimals)} to ${signed(high, decimals)}`;
  return unit === "" ? words : `${words} ${unit}`;
}

/** Monitor units, segments, time, the highest dose, and what was lost on the way to what a machine can give. */
export function Delivery({ made: { mu, segments, beams, delivery, maximum, sequencing, request, seconds, stopped, notes } }: { readonly made: PlanMade }) {
  const prescribed = request.prescriptions[0]?.doseGy;
  return (
    <section>
      <h2>Delivery</h2>
      <p className="plan-line">
        <strong>{signed(mu, 0)} MU</strong> a fraction, <strong>{segments}</strong> segments in {beams.length} beams, about <strong>{secondsWords(delivery.seconds)}</strong> a fraction.
      </p>
      <p className="plan-line">
        Highest dose <strong>{signed(maximum.gy)} Gy</strong>{prescribed !== undefined && `, ${signed((100 * maximum.gy) / prescribed)} % of ${signed(prescribed)} Gy`}.
      </p>
      {sequencing.map(({ structure, optimizedGy, deliveredGy }) => (
        <p key={structure} className="plan-line">
          <span className="mono">{structure}</span> D95% {signed(optimizedGy)} Gy optimized, {signed(deliveredGy)} Gy delivered ({plus((100 * (deliveredGy - optimizedGy)) / optimizedGy)} %).
        </p>
      ))}
      {stopped && <p className="undecided small">Stopped by hand before the optimization was at rest.</p>}
      <details className="plan-notes">
        <summary>How it was made, {secondsWords(seconds)}</summary>
        <ul>
          {[...notes, ...delivery.assumptions].map((note) => <li key={note}>{note}</li>)}
        </ul>
      </details>
    </section>
  );
}
