import { useEffect, useState } from "react";
import type { HapaxError, Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import type { GammaResult } from "@hapax/radiotherapy";
import { Problem } from "../../components/Problem.tsx";
import { doseName } from "./DosePanel.tsx";
import type { DoseOver } from "./dose-over.ts";
import type { GammaWork } from "./gamma-worker.ts";
import { readVolume } from "./scan-door.ts";
import type { DoseInfo, ScanSummary } from "./scan-summary.ts";
import { asProblem } from "./use-door.ts";
import { useWorkerTask } from "./use-worker-task.ts";
import { amount, signed } from "./words.ts";

interface Props {
  readonly id: string;
  readonly scans: ScanSummary;
  /** Where gamma is told. */
  readonly reference: DoseInfo;
  readonly values: Volume | undefined;
  /** A dose that is to be compared at once. */
  readonly against: string | undefined;
  readonly over: DoseOver | undefined;
  readonly show: (over: DoseOver | undefined) => void;
}

const begin = () => new Worker(new URL("./gamma-worker.ts", import.meta.url), { type: "module" });

/** Another dose held against the one that is shown, by the gamma index. */
export function GammaPanel({ id, scans, reference, values, against, over, show }: Props) {
  const others = scans.doses.filter((d) => d.uid !== reference.uid && d.type !== "ERROR");
  const [uid, setUid] = useState(against ?? others[0]?.uid);
  const [asked, setAsked] = useState({ percent: "3", mm: "2", from: "10", local: false });
  const [unread, setUnread] = useState<HapaxError>();
  const { state, start, stop } = useWorkerTask<GammaWork, GammaResult>(begin);
  const [percent, mm, thresholdPercent] = [amount(asked.percent), amount(asked.mm), amount(asked.from)];
  const evaluated = others.find((d) => d.uid === uid) ?? others[0];
  const compare = async () => {
    if (values === undefined || evaluated === undefined || percent === undefined || mm === undefined || thresholdPercent === undefined) return;
    setUnread(undefined);
    show(undefined);
    try {
      const registrations = scans.registrations as unknown as readonly Registration[];
      start({ reference: values, evaluated: await readVolume(id, evaluated.uid), options: { percent, mm, thresholdPercent, local: asked.local, registrations } });
    } catch (error) {
      setUnread(asProblem(error));
    }
  };
  useEffect(() => {
    if (against !== undefined && values !== undefined) void compare();
    // Asked for once, when both doses are there.
  }, [against, values]);
  const problem = unread ?? (state.is === "failed" ? state.problem : undefined);
  const field = (key: "percent" | "mm" | "from", name: string, unit: string) => (
    <label>
      <input className="side-gy" inputMode="decimal" aria-label={name} value={asked[key]} onChange={(event) => setAsked((now) => ({ ...now, [key]: event.target.value }))} /> {unit}
    </label>
  );
  return (
    <details className="side-more" open={against !== undefined}>
      <summary><h2>Gamma</h2></summary>
      <div className="side-line">
        <label>
          against the shown dose{" "}
          <select value={evaluated?.uid} onChange={(event) => setUid(event.target.value)}>
            {others.map((d, i) => <option key={d.uid} value={d.uid}>{doseName(d, i + 1)}</option>)}
          </select>
        </label>
      </div>
      <div className="side-line">{field("percent", "Dose difference", "%")} {field("mm", "Distance to agreement", "mm")}</div>
      <div className="side-line">
        {field("from", "From this share of the highest dose", "% on")}
        <select aria-label="Percent of" value={asked.local ? "local" : "global"} onChange={(event) => setAsked((now) => ({ ...now, local: event.target.value === "local" }))}>
          <option value="global">global</option>
          <option value="local">local</option>
        </select>
      </div>
      <div className="side-line">
        {state.is === "working" ? (
          <>
            <span role="status">comparing point by point</span> <button type="button" className="link" onClick={stop}>Stop</button>
          </>
        ) : (
          <button type="button" disabled={values === undefined || percent === undefined || mm === undefined || thresholdPercent === undefined} onClick={() => void compare()}>Compare doses</button>
        )}
        {state.is === "done" && (
          <label>
            <input type="checkbox" checked={over?.is === "gamma" && over.volume === state.answer.map} onChange={(event) => show(event.target.checked ? { is: "gamma", volume: state.answer.map } : undefined)} /> pass map
          </label>
        )}
      </div>
      {problem !== undefined && <Problem problem={problem} />}
      {state.is === "done" && <Answer answer={state.answer} />}
    </details>
  );
}

function Answer({ answer: { passRate, counts, mean, highest, method } }: { readonly answer: GammaResult }) {
  return (
    <>
      <p className="side-values">
        {passRate === undefined ? "No point could be compared." : <strong>{signed(100 * passRate, 2)} % pass</strong>}
        {passRate !== undefined && `: ${counts.passed} of ${counts.evaluated} points; mean gamma ${signed(mean ?? 0, 2)}, highest ${signed(highest ?? 0, 2)}${(highest ?? 0) >= 2 ? " or more" : ""}`}
      </p>
      <ul className="side-method">{method.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
    </>
  );
}
