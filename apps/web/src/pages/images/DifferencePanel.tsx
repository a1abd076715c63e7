import { useEffect, useState } from "react";
import type { HapaxError, Vec3, Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { Problem } from "../../components/Problem.tsx";
import type { DifferenceAnswer, DifferenceWork } from "./difference-worker.ts";
import { doseName } from "./DosePanel.tsx";
import { differenceBands, type DoseOver } from "./dose-over.ts";
import { readVolume } from "./scan-door.ts";
import type { DoseInfo, ScanSummary } from "./scan-summary.ts";
import { asProblem } from "./use-door.ts";
import { useWorkerTask } from "./use-worker-task.ts";
import { plus, signed } from "./words.ts";

interface Props {
  readonly id: string;
  readonly scans: ScanSummary;
  readonly shown: DoseInfo;
  readonly values: Volume | undefined;
  /** Dose of 100 %, Gy. */
  readonly wholeGy: number | undefined;
  /** A dose that is to be taken away at once. */
  readonly against: string | undefined;
  readonly over: DoseOver | undefined;
  readonly show: (over: DoseOver | undefined) => void;
  readonly goTo: (at: Vec3) => void;
}

const begin = () => new Worker(new URL("./difference-worker.ts", import.meta.url), { type: "module" });

/** The shown dose less another, in Gy, and how much of it lies within some percent. */
export function DifferencePanel({ id, scans, shown, values, wholeGy, against, over, show, goTo }: Props) {
  const others = scans.doses.filter((d) => d.uid !== shown.uid && d.type !== "ERROR");
  const [uid, setUid] = useState(against ?? others[0]?.uid);
  const [unread, setUnread] = useState<HapaxError>();
  const { state, start, stop } = useWorkerTask<DifferenceWork, DifferenceAnswer>(begin);
  const other = others.find((d) => d.uid === uid) ?? others[0];
  const subtract = async () => {
    if (values === undefined || other === undefined) return;
    setUnread(undefined);
    show(undefined);
    try {
      start({ shown: values, less: await readVolume(id, other.uid), registrations: scans.registrations as unknown as readonly Registration[], wholeGy });
    } catch (error) {
      setUnread(asProblem(error));
    }
  };
  useEffect(() => {
    if (against !== undefined && values !== undefined) void subtract();
    // Asked for once, when both doses are there.
  }, [against, values]);
  const problem = unread ?? (state.is === "failed" ? state.problem : undefined);
  return (
    <details className="side-more" open={against !== undefined}>
      <summary><h2>Difference</h2></summary>
      <div className="side-line">
        <label>
          shown dose less{" "}
          <select value={other?.uid} onChange={(event) => setUid(event.target.value)}>
            {others.map((d, i) => <option key={d.uid} value={d.uid}>{doseName(d, i)}</option>)}
          </select>
        </label>
      </div>
      <div className="side-line">
        {state.is === "working" ? (
          <>
            <span role="status">taking away voxel by voxel</span> <button type="button" className="link" onClick={stop}>Stop</button>
          </>
        ) : (
          <button type="button" disabled={values === undefined} onClick={() => void subtract()}>Subtract</button>
        )}
        {state.is === "done" && (
          <label>
            <input type="checkbox" checked={over?.is === "difference" && over.volume === state.answer.difference} onChange={(event) => show(event.target.checked ? { is: "difference", volume: state.answer.difference, wholeGy: state.answer.wholeGy } : undefined)} /> in the views
          </label>
        )}
      </div>
      {problem !== undefined && <Problem problem={problem} />}
      {state.is === "done" && <Answer answer={state.answer} goTo={goTo} />}
    </details>
  );
}

function Answer({ answer: { compared, meanGy, most, least, within, wholeGy }, goTo }: { readonly answer: DifferenceAnswer; readonly goTo: (at: Vec3) => void }) {
  if (compared === 0) return <p className="side-values">The two have no voxel of 10 % and more in common.</p>;
  const share = (gy: number) => `${plus((100 * gy) / wholeGy)} %`;
  return (
    <>
      <p className="side-values">
        <strong>mean {plus(meanGy, 2)} Gy</strong> ({share(meanGy)}); highest{" "}
        <button type="button" className="side-switch" title="To that place" onClick={() => goTo(most.at)}>{plus(most.gy, 2)} Gy</button>, lowest{" "}
        <button type="button" className="side-switch" title="To that place" onClick={() => goTo(least.at)}>{plus(least.gy, 2)} Gy</button>
      </p>
      <p className="side-values">{within.map(({ percent, share }) => `${signed(100 * share)} % of it within ±${percent} %`).join("; ")}</p>
      <ol className="side-bands many">
        {differenceBands.map(({ color, words }) => (
          <li key={words}>
            <span className={color === undefined ? "side-band none" : "side-band"} style={{ background: color }} />
            {words}
          </li>
        ))}
      </ol>
      <p className="side-method">100 % is {signed(wholeGy, 2)} Gy. Counted where the dose that is taken away has 10 % and more; the shown one is interpolated between its voxels.</p>
    </>
  );
}
