import { HapaxError, type PatientPosition, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import type { BeamAsked, PlanRequest } from "@hapax/planning";
import { Problem } from "../../components/Problem.tsx";
import { useCase } from "../../state/CaseState.tsx";
import type { Arrived } from "../images/scan-door.ts";
import { there, type Coming } from "../images/use-door.ts";
import { BeamList } from "./BeamList.tsx";
import { BeamWheel } from "./BeamWheel.tsx";
import { knownHere, type EarlierCandidate } from "./earlier-candidates.ts";
import { EarlierPanel } from "./EarlierPanel.tsx";
import { GoalEditor } from "./GoalEditor.tsx";
import type { PlanColumn } from "./plan-columns.ts";
import { fromPlan, fromTemplate, type Draft } from "./plan-draft.ts";
import type { OfferedTemplate, PlanChoices } from "./plan-work.ts";
import { Prescription } from "./Prescription.tsx";
import { Setup } from "./Setup.tsx";

interface Props {
  readonly draft: Draft | undefined;
  readonly change: (draft: Draft) => void;
  readonly edit: (edits: Partial<PlanRequest>) => void;
  readonly request: PlanRequest | undefined;
  readonly asked: Coming<PlanRequest> | undefined;
  readonly choices: Coming<PlanChoices>;
  readonly template: OfferedTemplate | undefined;
  readonly structures: readonly Structure[];
  readonly columns: readonly PlanColumn[];
  readonly candidates: readonly EarlierCandidate[];
  readonly colorOf: (structure: string) => string;
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly targets: readonly string[];
  readonly selected: number;
  readonly selectBeam: (beam: number) => void;
  readonly turn: ((beam: number, next: Partial<BeamAsked>) => void) | undefined;
  /** Of the request, or of the plan made from it. */
  readonly listed: readonly BeamAsked[];
  readonly wanting: readonly string[];
  readonly running: boolean;
  readonly starting: boolean;
  /** What is not there yet, or why it cannot be had; undefined where all is there. */
  readonly reading: Arrived | "reading" | HapaxError | undefined;
  readonly start: () => void;
}

/** What the next plan is to be. */
export function DraftColumn({ draft, change, edit, request, asked, choices, template, structures, columns, candidates, colorOf, isocenter, patientPosition, targets, selected, selectBeam, turn, listed, wanting, running, starting, reading, start }: Props) {
  const { workup } = useCase();
  const offered = there(choices)?.templates ?? [];
  const names = structures.filter((one) => closedLoops(one).length > 0).map(({ name }) => name);
  const courses = workup.view.all("radiotherapy");
  const goalStructures = [...new Set(request?.goals.map(({ structure }) => structure) ?? [])];
  const from = draft === undefined ? "" : "template" in draft.from ? `template ${draft.from.template}` : "plan";
  return (
    <div className="plan-draft">
      <section>
        <h2>Next plan</h2>
        <div className="plan-fields">
          <label className="plan-above">
            <span>From</span>
            <select
              value={from}
              disabled={running || choices.state !== "there"}
              onChange={({ target: { value } }) => {
                if (value.startsWith("template ")) return change(fromTemplate(value.slice("template ".length), draft));
                const plan = columns.find(({ key }) => value === `plan ${key}`);
                if (plan !== undefined) change(fromPlan(knownHere(plan.made, candidates), `${plan.name}, ${plan.words}`));
              }}
            >
              {from === "" && <option value="">choose a template</option>}
              {draft !== undefined && "plan" in draft.from && <option value="plan">{draft.from.words}</option>}
              <optgroup label="Templates">
                {offered.map(({ id, name }) => <option key={id} value={`template ${id}`}>{name}</option>)}
              </optgroup>
              {columns.length > 0 && (
                <optgroup label="Plans of this case">
                  {columns.map(({ key, name, words }) => <option key={key} value={`plan ${key}`}>{name}, {words}</option>)}
                </optgroup>
              )}
            </select>
          </label>
          {courses.length > 0 && (
            <label className="plan-above">
              <span>Course</span>
              <select value={request?.course ?? ""} disabled={running || draft === undefined} onChange={({ target: { value } }) => edit({ course: value === "" ? undefined : value })}>
                <option value="">of no recorded course</option>
                {courses.map(({ id, technique, site }) => <option key={id} value={id}>{technique}, {site}</option>)}
              </select>
            </label>
          )}
        </div>
        {choices.state === "failed" && <Problem problem={choices.problem} />}
        {asked?.state === "failed" && <Problem problem={asked.problem} />}
      </section>
      {draft !== undefined && (
        <>
          <Prescription {...{ request, draft, template, colorOf, change }} structures={names} disabled={running} />
          {request !== undefined && (
            <section>
              <div className="plan-head">
                <h2>Beams</h2>
                <span>{listed.length > 0 ? `${listed.length}, ${listed.every(({ couchDeg }) => couchDeg === 0) ? "coplanar" : "not coplanar"}` : ""}</span>
              </div>
              <BeamWheel beams={listed} structures={structures} shown={[...targets, ...names.filter((name) => /^spinalcord(?!.*prv)/i.test(name))]} {...{ colorOf, isocenter, patientPosition, selected }} select={selectBeam} turn={turn === undefined ? undefined : (beam, gantryDeg) => turn(beam, { gantryDeg })} />
              <BeamList asked={request.beams} beams={listed} selected={selected} select={selectBeam} change={(beams) => edit({ beams })} disabled={running} />
            </section>
          )}
          {request !== undefined && <GoalEditor goals={request.goals} structures={[...new Set([...names, ...goalStructures.filter((name) => names.includes(name))])]} change={(goals) => edit({ goals })} disabled={running} />}
          <EarlierPanel candidates={candidates} earlier={draft.earlier} change={(earlier) => change({ ...draft, earlier })} disabled={running} />
          {request !== undefined && choices.state === "there" && <Setup request={request} choices={choices.value} change={edit} disabled={running} />}
          {reading instanceof HapaxError ? (
            <Problem problem={reading} />
          ) : (
            <div className="plan-start">
              <button type="button" className="button main" disabled={running || starting || reading !== undefined || request === undefined || wanting.length > 0} onClick={start}>Start</button>
              <span className={wanting.length > 0 ? "undecided small" : "quiet small"}>{wanting.length > 0 ? `Choose ${wanting.join(" and ")}.` : running ? "A plan is being made." : starting ? "Reading the earlier doses." : readingWords(reading)}</span>
            </div>
          )}
        </>
      )}
      {draft === undefined && <p className="quiet small">A template brings prescription, beams and goals with their sources; all of it can be changed before the start.</p>}
      <p className="plan-notice">Research and education. Not a medical device.</p>
    </div>
  );
}

const readingWords = (reading: Arrived | "reading" | undefined): string => {
  if (reading === undefined) return "";
  if (reading === "reading" || reading.of === undefined) return "Reading the CT.";
  return `Reading the CT, ${Math.round(reading.bytes / 2 ** 20)} of ${Math.round(reading.of / 2 ** 20)} MiB.`;
};
