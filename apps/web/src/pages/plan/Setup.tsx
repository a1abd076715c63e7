import type { PlanRequest } from "@hapax/planning";
import { NumberField } from "./NumberField.tsx";
import type { PlanChoices } from "./plan-work.ts";

interface Props {
  readonly request: PlanRequest;
  readonly choices: PlanChoices;
  readonly change: (edits: Partial<PlanRequest>) => void;
  readonly disabled: boolean;
}

/** What a plan is calculated with: machine, density curve, grid, and how long the optimizer may go on. */
export function Setup({ request, choices: { machines, curves }, change, disabled }: Props) {
  const { machine, curve, gridMm, modulated } = request;
  const chosen = curves.find(({ id }) => id === curve);
  const grids = [...new Set([2, 2.5, 3, 4, 5, gridMm])].sort((a, b) => a - b);
  return (
    <section>
      <h2>Calculation</h2>
      <div className="plan-fields">
        <label className="plan-above">
          <span>Machine</span>
          <select value={machine.id} disabled={disabled} onChange={(event) => { const next = machines.find(({ id }) => id === event.target.value); if (next !== undefined) change({ machine: { id: next.id, version: next.version } }); }}>
            {machines.map(({ id, name, kind }) => <option key={id} value={id}>{name}{kind === "generic" ? "" : `, ${kind}`}</option>)}
          </select>
        </label>
        <label className="plan-above">
          <span>Density curve</span>
          <select value={chosen?.id ?? ""} disabled={disabled} onChange={(event) => change({ curve: event.target.value })}>
            <option value="">not chosen</option>
            <optgroup label="Generic, not of your scanner">
              {curves.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </optgroup>
          </select>
        </label>
      </div>
      <p className={chosen === undefined ? "undecided place" : "place"}>
        {chosen === undefined ? "The file holds no curve of its scanner, so none is taken unasked." : <>Generic, not of your scanner. {chosen.source}{!chosen.verified && <>; <span className="unverified">unverified</span></>}</>}
      </p>
      <div className="plan-fields">
        <label>
          <span>Dose grid</span>
          <select value={gridMm} disabled={disabled} onChange={(event) => change({ gridMm: Number(event.target.value) })}>
            {grids.map((mm) => <option key={mm} value={mm}>{mm} mm</option>)}
          </select>
        </label>
        {modulated !== undefined && (
          <>
            <label>
              <span>Iterations</span>
              <NumberField label="Iterations at each priority, at most" value={modulated.iterations} least={1} most={2000} disabled={disabled} change={(value) => change({ modulated: { ...modulated, iterations: Math.round(value) } })} />
            </label>
            <label>
              <span>Segments of a beam</span>
              <NumberField label="Segments of a beam, at most" value={modulated.segmentsPerBeam} least={1} most={100} disabled={disabled} change={(value) => change({ modulated: { ...modulated, segmentsPerBeam: Math.round(value) } })} />
            </label>
          </>
        )}
      </div>
    </section>
  );
}
