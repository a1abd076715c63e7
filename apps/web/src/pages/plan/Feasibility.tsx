import { useState } from "react";
import type { HapaxError } from "@hapax/base";
import type { Feasibility as Answer, Fractionation } from "@hapax/planning";
import { Mark } from "../../components/Mark.tsx";
import { Problem } from "../../components/Problem.tsx";
import { asProblem } from "../images/use-door.ts";
import { signed } from "../images/words.ts";
import { metricParts } from "./goal-words.ts";
import { Source } from "./Outcomes.tsx";

interface Props {
  /** Those of the stereotactic templates. */
  readonly offered: readonly Fractionation[];
  /** Undefined while the CT or the dose is on its way. */
  readonly ask: ((fractionation: Fractionation) => Promise<Answer>) | undefined;
  /** What the plan itself says, of its own fractionation. */
  readonly known: Answer | undefined;
}

const words = ({ doseGy, fractions }: Fractionation): string => `${Number(doseGy.toFixed(2))} Gy in ${fractions}`;
/** Rows before the rest is asked for. */
const few = 8;

/** Which organ's limit a stereotactic dose to the target would reach first, by the shape of the dose of the plan that is shown. */
export function Feasibility({ offered, ask, known }: Props) {
  const [at, setAt] = useState(0);
  const [state, setState] = useState<{ readonly is: "idle" | "asked" } | { readonly is: "there"; readonly answer: Answer } | { readonly is: "failed"; readonly problem: HapaxError }>(known === undefined ? { is: "idle" } : { is: "there", answer: known });
  const [whole, setWhole] = useState(false);
  // That of the plan comes first.
  const own = known?.fractionation;
  const all = own === undefined ? offered : [own, ...offered.filter(({ doseGy, fractions }) => doseGy !== own.doseGy || fractions !== own.fractions)];
  const fractionation = all[at] ?? all[0];
  if (fractionation === undefined) return null;
  const put = async (asked: NonNullable<Props["ask"]>) => {
    setState({ is: "asked" });
    try {
      setState({ is: "there", answer: await asked(fractionation) });
    } catch (error) {
      setState({ is: "failed", problem: asProblem(error) });
    }
  };
  return (
    <section>
      <h2>Stereotactic feasibility</h2>
      <div className="plan-buttons">
        <select aria-label="Fractionation" value={at} onChange={(event) => { setAt(Number(event.target.value)); setState(known !== undefined && event.target.value === "0" ? { is: "there", answer: known } : { is: "idle" }); }}>
          {all.map((one, i) => <option key={i} value={i}>{words(one)}</option>)}
        </select>
        <button type="button" className="button" disabled={ask === undefined || state.is === "asked"} onClick={() => ask !== undefined && void put(ask)}>{state.is === "asked" ? "Counting …" : "Which limit is reached first"}</button>
      </div>
      {state.is === "failed" && <Problem problem={state.problem} />}
      {state.is === "there" && (
        <>
          <p className="plan-answer"><Mark is={state.answer.feasible === undefined ? "cannot tell" : state.answer.feasible ? "met" : "not met"} says={state.answer.feasible === undefined ? "cannot tell" : state.answer.feasible ? "feasible" : "not feasible"} /> <span>{state.answer.why}</span></p>
          <table className="plan-table plan-reaches">
            <thead>
              <tr><th scope="col">Organ, limit</th><th scope="col" className="number">at {words(fractionation)}</th><th scope="col" className="number">reached at</th></tr>
            </thead>
            <tbody>
              {state.answer.reaches.slice(0, whole ? undefined : few).map((row) => {
                const { name, unit } = metricParts(row.metric);
                return (
                  <tr key={`${row.organ} ${row.metric} ${row.set} ${row.limit}`}>
                    <td>
                      <span className="mono">{row.organ}</span> {name} ≤ {signed(row.limit, row.limit % 1 === 0 ? 0 : 1)} {unit}
                      <span className="place plan-block">{row.set}; <Source of={row} />{!row.whole && "; the organ is known only in part"}</span>
                    </td>
                    <td className={row.atAsked > row.limit ? "number against" : "number"}>{signed(row.atAsked)} {unit}</td>
                    <td className="number">{row.atPrescriptionGy === Infinity ? "none" : `${signed(row.atPrescriptionGy)} Gy`}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {state.answer.reaches.length > few && !whole && <button type="button" className="link small" onClick={() => setWhole(true)}>All {state.answer.reaches.length} limits</button>}
          {state.answer.notDrawn.length > 0 && <p className="place">Not drawn: {state.answer.notDrawn.join(", ")}.</p>}
        </>
      )}
    </section>
  );
}
