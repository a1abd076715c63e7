import { useState } from "react";
import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { ConeCount } from "@hapax/dose";
import { Problem } from "../../components/Problem.tsx";
import { useKeys } from "../../keys.ts";
import { askWorker } from "./ask-worker.ts";
import { hold, type CalculatedDose } from "./calculated-doses.ts";
import type { CalculationAnswer, CalculationAsked, CalculationChoices, CalculationProgress } from "./calculation-work.ts";
import { Making } from "./Making.tsx";
import { isPosition } from "./patient-position.ts";
import type { DoseInfo, PlanInfo, ScanPatient } from "./scan-summary.ts";
import type { Study } from "./studies.ts";
import { useDoor } from "./use-door.ts";
import { useWorkerTask } from "./use-worker-task.ts";
import { amount, signed } from "./words.ts";

interface Props {
  readonly id: string;
  readonly patient: ScanPatient;
  readonly study: Study;
  readonly ct: Volume;
  /** Those with beams, of this study. */
  readonly plans: readonly PlanInfo[];
  readonly structures: readonly Structure[];
  /** Calculated in this page, of this study. */
  readonly calculated: readonly CalculatedDose[];
  readonly shown: DoseInfo | undefined;
  /** Called with a dose that is there now. */
  readonly show: (uid: string) => void;
  /** The dose that came with a plan; undefined where none did. */
  readonly ofFile: (planUid: string) => DoseInfo | undefined;
  readonly compare: (calculated: string, ofFile: string) => void;
}

/** What a reader has chosen; nothing is chosen for a machine or a curve unless the plan names it. */
interface Chosen {
  readonly plan: string | undefined;
  readonly machine: string | undefined;
  readonly curve: string | undefined;
  readonly gridMm: number;
  readonly cones: ConeCount;
  /** ROINumber, and its electron density relative to water as written. */
  readonly override: number | undefined;
  readonly density: string;
}

const firstChosen: Chosen = { plan: undefined, machine: undefined, curve: undefined, gridMm: 2.5, cones: 72, override: undefined, density: "1" };
/** What was chosen for a case, while the page is open. */
const remembered = new Map<string, Chosen>();

const begin = () => new Worker(new URL("./calculate-worker.ts", import.meta.url), { type: "module" });

/** The plan calculated anew on its CT: with which machine and curve, how far it is, and what came of it. */
export function CalculatePanel({ id, patient, study, ct, plans, structures, calculated, shown, show, ofFile, compare }: Props) {
  const [opened, setOpened] = useState(calculated.length > 0);
  const [chosen, setChosen] = useState<Chosen>(remembered.get(id) ?? firstChosen);
  const choices = useDoor(opened ? "choices" : undefined, () => askWorker<CalculationAsked, CalculationChoices>(begin, "choices"));
  const plan = plans.find(({ uid }) => uid === chosen.plan) ?? (plans[0] as PlanInfo);
  const { state, start, stop } = useWorkerTask<CalculationAsked, CalculationAnswer, CalculationProgress>(begin, (answer) => show(hold(id, answer).info.uid));
  useKeys(state.is === "working" ? { Escape: stop } : {}, "page");
  const change = (next: Partial<Chosen>) => {
    const all = { ...chosen, ...next };
    remembered.set(id, all);
    setChosen(all);
  };
  const told = calculated.find(({ info }) => info.uid === shown?.uid) ?? calculated.at(-1);
  const own = told === undefined ? undefined : ofFile(told.info.planUid ?? "");
  const lacks = lackOf(study, ct);
  return (
    <details className="side-more" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary><h2>Calculate</h2></summary>
      {lacks !== undefined ? (
        <p className="undecided small">{lacks}</p>
      ) : choices.state === "failed" ? (
        <Problem problem={choices.problem} />
      ) : choices.state === "there" ? (
        <Form {...{ plan, plans, structures, chosen, change, state }} choices={choices.value} stop={stop} start={(machine, curve, override) => {
          const { patientPosition, uid: series } = study.series;
          if (!isPosition(patientPosition)) return;
          const body = structures.find((s) => s.type === "EXTERNAL" && s.contours.length > 0);
          start({ plan, ct, series, patientPosition, machine, curve, gridMm: chosen.gridMm, cones: chosen.cones, overrides: override === undefined ? [] : [override], ...(body !== undefined && { body }) });
        }} />
      ) : (
        <p className="quiet small">Reading the machines</p>
      )}
      {state.is === "failed" && <Problem problem={state.problem} />}
      {told !== undefined && state.is !== "working" && <Making id={id} patient={patient} dose={told} ofFile={own} compare={compare} />}
    </details>
  );
}

/** Why no plan can be calculated on this series; undefined where one can. */
function lackOf({ series }: Study, ct: Volume): string | undefined {
  if (ct.unit !== "HU") return "A dose needs a CT: only Hounsfield units say how dense a voxel is.";
  return isPosition(series.patientPosition) ? undefined : "The CT does not say how the patient lay (PatientPosition), so no beam can be placed.";
}

interface FormProps {
  readonly plan: PlanInfo;
  readonly plans: readonly PlanInfo[];
  readonly structures: readonly Structure[];
  readonly choices: CalculationChoices;
  readonly chosen: Chosen;
  readonly change: (next: Partial<Chosen>) => void;
  readonly state: ReturnType<typeof useWorkerTask<CalculationAsked, CalculationAnswer, CalculationProgress>>["state"];
  readonly start: (machine: string, curve: string, override: { readonly structure: Structure; readonly density: number } | undefined) => void;
  readonly stop: () => void;
}

function Form({ plan, plans, structures, choices: { machines, curves }, chosen, change, state, start, stop }: FormProps) {
  const named = [...new Set(plan.beams.map(({ machine }) => machine))];
  const planned = named.length === 1 ? machines.find(({ id }) => id === named[0]) : undefined;
  const machine = machines.find(({ id }) => id === chosen.machine) ?? planned;
  const curve = curves.find(({ id }) => id === chosen.curve);
  const drawn = structures.filter(({ contours }) => contours.length > 0);
  const overridden = drawn.find(({ number }) => number === chosen.override);
  const density = amount(chosen.density);
  const wanting = [machine === undefined && "a machine", curve === undefined && "a density curve", overridden !== undefined && density === undefined && `the density of ${overridden.name}`].filter((one) => one !== false);
  return (
    <>
      <div className="side-fields">
        {plans.length > 1 && (
          <label>
            <span>Plan</span>
            <select value={plan.uid} onChange={(event) => change({ plan: event.target.value })}>
              {plans.map(({ uid, label }) => <option key={uid} value={uid}>{label}</option>)}
            </select>
          </label>
        )}
        <label>
          <span>Machine</span>
          <select value={machine?.id ?? ""} onChange={(event) => change({ machine: event.target.value || undefined })}>
            <option value="">not chosen</option>
            {machines.map(({ id, name, kind }) => <option key={id} value={id}>{name}{kind === "generic" ? "" : `, ${kind}`}</option>)}
          </select>
        </label>
        <p className="quiet small">{machineWords(named, planned, machine, plan)}</p>
        <label className="wide">
          <span>Density curve</span>
          <select value={curve?.id ?? ""} onChange={(event) => change({ curve: event.target.value || undefined })}>
            <option value="">not chosen</option>
            <optgroup label="Generic, not of your scanner">
              {curves.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </optgroup>
          </select>
        </label>
        <p className={curve === undefined ? "wide undecided small" : "wide quiet small"}>
          {curve === undefined ? "The file holds no curve of its scanner, so none is taken unasked." : `Generic, not of your scanner.${curve.verified ? "" : " Not verified."} ${curve.source}.`}
        </p>
        <label>
          <span>Grid</span>
          <select value={chosen.gridMm} onChange={(event) => change({ gridMm: Number(event.target.value) })}>
            {[2, 2.5, 3, 4, 5].map((mm) => <option key={mm} value={mm}>{mm} mm</option>)}
          </select>
        </label>
        <label>
          <span>Cones</span>
          <select value={chosen.cones} onChange={(event) => change({ cones: Number(event.target.value) as ConeCount })}>
            <option value={24}>24, preview</option>
            <option value={72}>72, final</option>
          </select>
        </label>
        {drawn.length > 0 && (
          <label>
            <span>Density of</span>
            <select value={overridden?.number ?? ""} onChange={(event) => change({ override: event.target.value === "" ? undefined : Number(event.target.value) })}>
              <option value="">as the CT has it</option>
              {drawn.map(({ number, name }) => <option key={number} value={number}>{name}</option>)}
            </select>
          </label>
        )}
        {overridden !== undefined && (
          <label>
            <span>set to</span>
            <span>
              <input className="side-gy" inputMode="decimal" aria-label={`Electron density of ${overridden.name}`} value={chosen.density} onChange={(event) => change({ density: event.target.value })} /> × water
            </span>
          </label>
        )}
      </div>
      {state.is === "working" ? (
        <Progress progress={state.progress} stop={stop} />
      ) : (
        <div className="side-line">
          <button type="button" className="main" disabled={wanting.length > 0} onClick={() => machine !== undefined && curve !== undefined && start(machine.id, curve.id, overridden === undefined || density === undefined ? undefined : { structure: overridden, density })}>Calculate</button>
          {wanting.length > 0 && <span className="undecided">Choose {wanting.join(" and ")}.</span>}
        </div>
      )}
    </>
  );
}

type Machine = CalculationChoices["machines"][number];

/** Whose machine it is, or why none is chosen. */
function machineWords(named: readonly (string | undefined)[], planned: Machine | undefined, chosen: Machine | undefined, { beams }: PlanInfo): string {
  if (planned !== undefined && chosen !== planned) return `The plan is for ${planned.name}.`;
  if (planned !== undefined) return `The plan’s own, version ${planned.version}.`;
  const energies = [...new Set(beams.flatMap(({ energyMv }) => energyMv ?? []))];
  const energy = energies.length === 0 ? "" : ` Its beams are of ${energies.join(" and ")} MV.`;
  if (named.length > 1) return `The beams of the plan are for several machines.${energy}`;
  return `${named[0] === undefined ? "The plan names no machine." : `The plan is for “${named[0]}”, which is none of these.`}${energy}`;
}

function Progress({ progress, stop }: { readonly progress: CalculationProgress | undefined; readonly stop: () => void }) {
  const share = progress?.share ?? 0;
  return (
    <div className="side-progress">
      <progress max={1} value={share} aria-label="Calculating the dose" />
      <p role="status">
        {progress?.beam === undefined ? "reading densities" : `${signed(100 * share, 0)} %, beam ${progress.beam} of ${progress.of}`}
        <button type="button" onClick={stop}>Cancel <kbd>Esc</kbd></button>
      </p>
    </div>
  );
}
