import { useState } from "react";
import { HapaxError } from "@hapax/base";
import { setOf } from "@hapax/radiotherapy";
import type { Registration, Structure } from "@hapax/case";
import { Problem } from "../../components/Problem.tsx";
import { addedByItself, plansNotGiven } from "./added-by-itself.ts";
import { useCase } from "../../state/CaseState.tsx";
import { doseName } from "./DosePanel.tsx";
import type { DoseOver } from "./dose-over.ts";
import { GoalLine } from "./GoalPanel.tsx";
import { between } from "./in-frame.ts";
import { planOf } from "./reference-dose.ts";
import { readVolume } from "./scan-door.ts";
import type { DoseInfo, ScanSummary } from "./scan-summary.ts";
import type { SumAnswer, SumWork } from "./sum-worker.ts";
import { asProblem } from "./use-door.ts";
import { useWorkerTask } from "./use-worker-task.ts";
import { signed } from "./words.ts";

interface Props {
  readonly id: string;
  readonly scans: ScanSummary;
  /** The dose on whose grid and in whose frame of reference is summed. */
  readonly first: DoseInfo;
  readonly structures: readonly Structure[];
  readonly over: DoseOver | undefined;
  readonly show: (over: DoseOver | undefined) => void;
}

/** α/β that a reader may choose, each with what it is for. */
const tissues = [
  { alphaBeta: 2, words: "2 Gy, cord and nerves" },
  { alphaBeta: 3, words: "3 Gy, late effects" },
  { alphaBeta: 10, words: "10 Gy, early effects and most tumors" },
] as const;

const begin = () => new Worker(new URL("./sum-worker.ts", import.meta.url), { type: "module" });

/** Several courses added voxel by voxel: which, in how many fractions, at which α/β; and the limits of such sums. */
export function SumPanel({ id, scans, first, structures, over, show }: Props) {
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>({});
  const [stated, setStated] = useState<Readonly<Record<string, string>>>({});
  const [measure, setMeasure] = useState<SumWork["measure"]>("EQD2");
  const [alphaBeta, setAlphaBeta] = useState<number>(tissues[0].alphaBeta);
  const { workup } = useCase();
  const [unread, setUnread] = useState<HapaxError>();
  const { state, start, stop } = useWorkerTask<SumWork, SumAnswer>(begin);
  const all = [first, ...scans.doses.filter((d) => d.uid !== first.uid && d.type !== "ERROR")];
  const rows = all.map((dose, i) => rowOf(dose, i, first, scans, stated[dose.uid]));
  const byItself = addedByItself(first, all, plansNotGiven(workup.view.all("radiotherapy")));
  const isAdded = ({ dose, refused }: CourseRow) => refused === undefined && (dose === first || (chosen[dose.uid] ?? byItself.has(dose.uid)));
  const added = rows.filter(isAdded);
  const open = rows.some(({ dose, refused }) => refused === undefined && dose !== first && chosen[dose.uid] === undefined && !byItself.has(dose.uid));
  const lacking = added.filter(({ fractions }) => fractions === undefined);
  const addUp = async () => {
    setUnread(undefined);
    show(undefined);
    try {
      const courses = await Promise.all(added.map(async ({ dose, name, fractions }) => ({ name, fractions: fractions as number, dose: await readVolume(id, dose.uid) })));
      start({ courses, measure, alphaBeta, structures, registrations: scans.registrations as unknown as readonly Registration[] });
    } catch (error) {
      setUnread(asProblem(error));
    }
  };
  const problem = unread ?? (state.is === "failed" ? state.problem : undefined);
  return (
    <details className="side-more">
      <summary><h2>Sum of courses</h2></summary>
      <ul>
        {rows.map((row) => [row, isAdded(row)] as const).map(([{ dose, name, refused, planned }, ticked]) => (
          <li key={dose.uid} className="side-line">
            <label>
              <input type="checkbox" disabled={refused !== undefined || dose === first} checked={ticked} onChange={() => setChosen((now) => ({ ...now, [dose.uid]: !ticked }))} /> {name}
            </label>
            {refused !== undefined ? (
              <span className="quiet">{refused}</span>
            ) : planned !== undefined ? (
              <span className="quiet">{planned} fractions, of its plan</span>
            ) : (
              <label>
                <input className="side-gy" inputMode="numeric" placeholder="not said" aria-label={`Fractions of ${name}`} value={stated[dose.uid] ?? ""} onChange={(event) => setStated((now) => ({ ...now, [dose.uid]: event.target.value }))} /> fractions
              </label>
            )}
          </li>
        ))}
      </ul>
      {open && <p className="quiet small">What is not ticked may be an alternative, or was not given: choose what was.</p>}
      <div className="side-line">
        <select aria-label="What is added" value={measure} onChange={(event) => setMeasure(event.target.value as SumWork["measure"])}>
          <option value="EQD2">EQD2</option>
          <option value="physical dose">physical dose</option>
        </select>
        {measure === "EQD2" && (
          <label>
            α/β{" "}
            <select value={alphaBeta} onChange={(event) => setAlphaBeta(Number(event.target.value))}>
              {tissues.map((t) => <option key={t.alphaBeta} value={t.alphaBeta}>{t.words}</option>)}
            </select>
          </label>
        )}
      </div>
      <div className="side-line">
        {state.is === "working" ? (
          <>
            <span role="status">adding voxel by voxel</span> <button type="button" className="link" onClick={stop}>Stop</button>
          </>
        ) : (
          <button type="button" disabled={added.length < 2 || lacking.length > 0} onClick={() => void addUp()}>Add up</button>
        )}
        {lacking.length > 0 && <span className="undecided">In how many fractions was {lacking.map(({ name }) => name).join(" and ")}?</span>}
        {state.is === "done" && (
          <label>
            <input type="checkbox" checked={over?.is === "sum" && over.volume === state.answer.sum} onChange={(event) => show(event.target.checked ? overOf(state.answer) : undefined)} /> in the views
          </label>
        )}
      </div>
      {problem !== undefined && <Problem problem={problem} />}
      {state.is === "done" && <Answer answer={state.answer} />}
    </details>
  );
}

const overOf = ({ sum, measure, alphaBeta, highest }: SumAnswer): DoseOver => ({
  is: "sum",
  volume: sum,
  unit: measure === "EQD2" ? `Gy EQD2 at α/β ${alphaBeta} Gy` : "Gy in all",
  highest: highest && { gy: highest.gy, at: highest.at },
});

function Answer({ answer: { covered, highest, method, measure, goals } }: { readonly answer: SumAnswer }) {
  const unit = measure === "EQD2" ? "Gy EQD2" : "Gy";
  return (
    <>
      <p className="side-values">
        Every course is known in {signed(100 * covered)} % of the grid.{" "}
        {highest === undefined ? "Nowhere are all of them known." : `Highest there ${signed(highest.gy)} ${unit}: ${highest.contributions.map(({ course, gy }) => `${course} ${gy === undefined ? "not known" : signed(gy)}`).join(", ")}.`}
      </p>
      {goals.length > 0 && (
        <ul className="side-goals">
          {goals.map((goal) => <GoalLine key={`${goal.name} ${goal.constraint.set} ${goal.constraint.metric}`} goal={goal} of={`EQD2, α/β ${goal.constraint.alphaBeta}, ${setOf(goal.constraint).id}`} />)}
        </ul>
      )}
      {measure === "EQD2" && goals.length === 0 && <p className="quiet small">No published limit of cumulative EQD2 is kept here for these structures.</p>}
      <ul className="side-method">{method.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
    </>
  );
}

interface CourseRow {
  readonly dose: DoseInfo;
  readonly name: string;
  /** Why it cannot be added. */
  readonly refused: string | undefined;
  readonly planned: number | undefined;
  /** Of the plan, or as the reader states them; undefined where neither says. */
  readonly fractions: number | undefined;
}

function rowOf(dose: DoseInfo, i: number, first: DoseInfo, scans: ScanSummary, stated: string | undefined): CourseRow {
  const plan = planOf(dose, scans);
  const tied = between(dose.grid.frameOfReference, first.grid.frameOfReference, scans.registrations);
  const refused = dose.summation === "FRACTION" || dose.summation === "BEAM"
    ? `the dose of one ${dose.summation.toLowerCase()}, not of a course`
    : dose !== first && dose.planUid !== undefined && dose.planUid === first.planUid ? "of the same plan as the shown dose"
    : tied === undefined ? "in another frame of reference, and no registration ties the two" : undefined;
  const number = Number(stated);
  return { dose, name: plan?.label || doseName(dose, i), refused, planned: plan?.fractions, fractions: plan?.fractions ?? (Number.isInteger(number) && number > 0 ? number : undefined) };
}
