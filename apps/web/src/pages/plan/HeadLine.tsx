import type { PlanRequest } from "@hapax/planning";
import { nameOf, type Study } from "../images/studies.ts";
import type { PlanColumn } from "./plan-columns.ts";
import type { PlansOfCase } from "./plan-door.ts";
import { courseWords } from "./Revisions.tsx";

interface Props {
  /** Of what is being made, or is to be, or is shown. */
  readonly request: PlanRequest | undefined;
  readonly shown: PlanColumn | undefined;
  readonly study: Study;
  readonly studies: readonly Study[];
  readonly choose: (uid: string) => void;
  readonly templateName: string | undefined;
  readonly machineName: string | undefined;
  readonly preparing: PlansOfCase["preparing"];
  readonly roomShown: boolean;
  readonly room: () => void;
}

/** Which plan, on which scan, from which template, for which machine. */
export function HeadLine({ request, shown, study, studies, choose, templateName, machineName, preparing, roomShown, room }: Props) {
  const what = shown?.made.request ?? request;
  return (
    <div className="plan-bar">
      <h1 className="heard">Plan</h1>
      <span className="plan-title">
        <strong>{what === undefined ? "No plan yet" : courseWords(what)}</strong>
        {shown !== undefined && <span>, {shown.place === undefined ? `revision ${shown.words}` : shown.words}</span>}
      </span>
      {study.series.synthetic && <span className="undecided">Synthetic phantom</span>}
      {preparing !== undefined && <span className="quiet" role="status">{preparing.step === "failed" ? "The plans of this case could not be made." : `${preparing.step}, ${Math.floor((100 * preparing.done) / preparing.of)} %`}</span>}
      <span className="plan-bar-right">
        <label>
          <span className="heard">CT that is planned on</span>
          <select value={study.series.uid} onChange={(event) => choose(event.target.value)}>
            {studies.map((one) => <option key={one.series.uid} value={one.series.uid}>{[nameOf(one.series), one.timePoint ?? one.series.date].filter((part) => part !== undefined).join(", ")}</option>)}
          </select>
        </label>
        {templateName !== undefined && <span className="plan-bar-cut">From <strong>template: {templateName}</strong></span>}
        {machineName !== undefined && <span className="plan-bar-cut">Machine <strong>{machineName}</strong></span>}
        <button type="button" className="images-press" aria-pressed={roomShown} onClick={room}><kbd>R</kbd> room view</button>
      </span>
    </div>
  );
}
