import { useCallback, useEffect, useMemo, useState } from "react";
import type { HapaxError, PatientPosition, Vec3, Volume } from "@hapax/base";
import { closedLoops } from "@hapax/case";
import { looksOf, structureLook, type OutlinedStructure } from "@hapax/figures";
import type { BeamAsked, Feasibility, Fractionation, PlanRequest } from "@hapax/planning";
import { Problem } from "../../components/Problem.tsx";
import { useKeys } from "../../keys.ts";
import { useCase } from "../../state/CaseState.tsx";
import { askWorker } from "../images/ask-worker.ts";
import { readSeries, readStructures } from "../images/scan-door.ts";
import type { ScanSummary, StructureSetInfo } from "../images/scan-summary.ts";
import type { Study } from "../images/studies.ts";
import { useArrival } from "../images/use-arrival.ts";
import { asProblem, there, useDoor } from "../images/use-door.ts";
import { useStructureWork } from "../images/use-structure-work.ts";
import { structureSetsOf } from "../images/use-structures.ts";
import { DraftColumn } from "./DraftColumn.tsx";
import { earlierCandidates, knownHere } from "./earlier-candidates.ts";
import { HeadLine } from "./HeadLine.tsx";
import { keepWithCase } from "./keep-plan.ts";
import { MiddleColumn, type MiddleView } from "./MiddleColumn.tsx";
import { planColumns, type PlanColumn } from "./plan-columns.ts";
import type { PlansOfCase } from "./plan-door.ts";
import { fromPlan, setDraft, useDraft, useDraftRequest, type Draft } from "./plan-draft.ts";
import { middleOfTargets } from "./plan-isocenter.ts";
import { planningScan } from "./planning-scan.ts";
import { discardPlan, dismissFailure, forgetPlan, startPlan, stopPlan, usePlanning } from "./plan-runs.ts";
import type { PlanAsked, PlanChoices } from "./plan-work.ts";
import { askedBeams, directionsOf, sameDirections } from "./planned-beams.ts";
import { ResultColumn } from "./ResultColumn.tsx";
import { usePlanDoses } from "./use-plan-doses.ts";

interface Props {
  readonly scans: ScanSummary;
  readonly plans: PlansOfCase;
  readonly study: Study;
  /** Those that can be planned on. */
  readonly studies: readonly Study[];
  readonly choose: (uid: string) => void;
  readonly again: () => void;
}

const begin = () => new Worker(new URL("./plan-worker.ts", import.meta.url), { type: "module" });
const noCourse = { fractions: undefined, perFractionGy: undefined };
const none: readonly never[] = [];
/** What a beam's eye view shows beside the targets. */
const seenFromBeam = /^(spinalcord|brachialplex|heart|esophagus|larynx)(?!.*prv)/i;

/** Planning on one CT: what is asked for at the left, what comes of it in the middle, what it is worth at the right. */
export function PlanWorkspace({ scans, plans, study, studies, choose, again }: Props) {
  const { id, reload } = useCase();
  const { series } = study;
  const patientPosition = series.patientPosition as PatientPosition;
  const set = useMemo(() => structureSetsOf(scans, series)[0], [scans, series]);
  const choices = useDoor("choices", () => askWorker<PlanAsked, PlanChoices>(begin, "choices"));
  const read = useDoor(set === undefined ? undefined : `${id} ${set.uid}`, () => readStructures(id, set?.uid ?? ""));
  const structures = there(read) ?? none;
  const [arrived, told] = useArrival();
  const voxels = useDoor(`${id} ${series.uid}`, (signal) => readSeries(id, series, { signal, told }));
  const ct = there(voxels)?.volume;

  const planning = usePlanning(id);
  const columns = useMemo(() => planColumns(plans.plans, planning.made, series.uid), [plans.plans, planning.made, series.uid]);
  const [wantedShown, setShown] = useState<string>();
  const shown = columns.find(({ key }) => key === wantedShown) ?? columns.at(-1);
  const [compared, setCompared] = useState<readonly string[]>(none);
  const comparedNow = useMemo(() => columns.filter(({ key }) => compared.includes(key)), [columns, compared]);
  const [view, setView] = useState<MiddleView>();
  const run = planning.run.is === "running" ? planning.run : undefined;
  const middle: MiddleView = view ?? (run !== undefined || shown !== undefined ? "plan" : "beam");

  // Another CT has other structures: each has a draft of its own.
  const draftKey = `${id} ${series.uid}`;
  const ownDraft = useDraft(draftKey);
  const candidates = useMemo(() => earlierCandidates(scans, series), [scans, series]);
  // Before anything is chosen, the next plan is another revision of the one that is shown.
  const draft = useMemo(() => ownDraft ?? (shown === undefined ? undefined : fromPlan(knownHere(shown.made, candidates), `${shown.name}, ${shown.words}`)), [ownDraft, shown, candidates]);
  const asked = useDraftRequest(id, draft, structures);
  const request = asked?.state === "there" ? asked.value : undefined;
  const change = useCallback((next: Draft) => setDraft(draftKey, next), [draftKey]);
  const edit = useCallback((edits: Partial<PlanRequest>) => draft !== undefined && setDraft(draftKey, { ...draft, edits: { ...draft.edits, ...edits } }), [draftKey, draft]);

  const looks = useMemo(() => looksOf(structures), [structures]);
  const colorOf = useCallback((name: string) => {
    const number = structures.find((one) => one.name === name)?.number;
    return (number === undefined ? undefined : looks.get(number)?.color) ?? structureLook(name).color;
  }, [structures, looks]);
  const targetKey = (request ?? shown?.made.request)?.prescriptions.map(({ structure }) => structure).join("\n") ?? "";
  const targets = useMemo(() => targetKey.split("\n").filter((name) => name !== ""), [targetKey]);
  const isocenter = useMemo((): Vec3 => request?.isocenter ?? middleOfTargets(structures, targets) ?? shown?.made.isocenter ?? [0, 0, 0], [request?.isocenter, structures, targets, shown]);

  const shownDirections = useMemo(() => (shown === undefined ? none : directionsOf(shown.made)), [shown]);
  const directions: readonly BeamAsked[] = request === undefined ? shownDirections : "given" in request.beams ? request.beams.given : none;
  const leavesFit = shown !== undefined && (directions.length === 0 || sameDirections(shownDirections, directions));
  const beams = useMemo(() => (leavesFit && shown !== undefined ? shown.made.beams : askedBeams(directions, isocenter)), [leavesFit, shown, directions, isocenter]);
  const listed = directions.length > 0 ? directions : leavesFit ? shownDirections : directions;
  const [selectedBeam, selectBeam] = useState(0);
  const selected = Math.min(selectedBeam, Math.max(0, listed.length - 1));
  const turnable = run === undefined && request !== undefined && "given" in request.beams;
  const turn = useCallback((beam: number, next: Partial<BeamAsked>) => {
    if (request === undefined || !("given" in request.beams)) return;
    edit({ beams: { given: request.beams.given.map((one, i) => (i === beam ? { ...one, ...next } : one)) } });
  }, [request, edit]);

  // Shadows need what lies inside: of the few structures that a beam is shaped around.
  const cast = useMemo(() => structures.filter(({ name }) => targets.includes(name) || seenFromBeam.test(name)), [structures, targets]);
  const shadowWork = useMemo(() => (ct === undefined || set === undefined || cast.length === 0 || middle !== "beam" ? undefined : { structures: cast, frameOfReference: set.frameOfReference, grid: ct.grid, dose: undefined }), [ct, set, cast, middle]);
  const { boxes } = useStructureWork(shadowWork, noCourse);
  const outlined = useMemo(() => structures.map((s): OutlinedStructure => ({ name: s.name, color: colorOf(s.name), loops: closedLoops(s), ...(boxes.has(s.number) && { occupancy: boxes.get(s.number) }) })), [structures, colorOf, boxes]);

  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<HapaxError>();
  const [keeping, setKeeping] = useState(false);
  const start = async () => {
    if (request === undefined || ct === undefined || set === undefined) return;
    setProblem(undefined);
    setStarting(true);
    try {
      startPlan(id, request, await planningScan({ id, scans, series, set, ct, structures, patientPosition, candidates, earlier: request.earlier ?? none }));
      setView("plan");
      setShown(undefined);
      setCompared(none);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setStarting(false);
  };
  const open = planning.made.find(({ place }) => place === shown?.place);
  const keep = async () => {
    if (open === undefined) return;
    setProblem(undefined);
    setKeeping(true);
    try {
      await keepWithCase({ id, one: open, patient: scans.patient, series, structures, patientPosition });
      setShown(undefined);
      again();
      reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setKeeping(false);
  };
  const shownDoses = usePlanDoses(id, useMemo(() => (shown === undefined || run !== undefined ? none : [shown]), [shown, run]), structures);
  const shownDose = shown === undefined ? undefined : there(shownDoses)?.get(shown.key)?.dose;
  const feasibility = useCallback(async (fractionation: Fractionation) => {
    const plan = knownHere((shown as PlanColumn).made, candidates);
    const scan = await planningScan({ id, scans, series, set: set as StructureSetInfo, ct: ct as Volume, structures, patientPosition, candidates, earlier: plan.earlier ?? none });
    return askWorker<PlanAsked, Feasibility>(begin, { feasibilityOf: { request: plan, scan, dose: shownDose as Volume, fractionation } });
  }, [shown, id, scans, series, set, ct, structures, patientPosition, candidates, shownDose]);
  const fractionations = useMemo(() => (there(choices)?.templates ?? []).filter(({ technique }) => technique === "SBRT").map(({ fractions, targets: [first] }) => ({ fractions, doseGy: first?.doseGy ?? 0 })), [choices]);
  const stop = useCallback(() => stopPlan(id), [id]);
  useKeys({ r: () => setView((now) => ((now ?? middle) === "room" ? "plan" : "room")), ...(run !== undefined && { Escape: stop }) }, "page");
  // Plans that were compared and are gone leave the picture of one.
  useEffect(() => {
    if (middle === "compare" && comparedNow.length < 2) setView("plan");
  }, [middle, comparedNow.length]);
  const wanting = [draft === undefined && "a template", request !== undefined && request.curve === "" && "a density curve"].filter((one) => one !== false);
  const failure = planning.run.is === "failed" ? planning.run.problem : problem;
  const template = draft !== undefined && "template" in draft.from ? there(choices)?.templates.find(({ id: one }) => one === (draft.from as { template: string }).template) : undefined;
  const machineName = there(choices)?.machines.find(({ id: one }) => one === (request ?? shown?.made.request)?.machine.id)?.name ?? shown?.made.madeFrom.machine.name;
  return (
    <div className="plan">
      <HeadLine {...{ request: run?.request ?? request ?? shown?.made.request, shown: run === undefined ? shown : undefined, study, studies, choose, machineName, preparing: plans.preparing, roomShown: middle === "room" }} templateName={there(choices)?.templates.find((one) => one.id === (run?.request ?? request ?? shown?.made.request)?.template)?.name} room={() => setView(middle === "room" ? "plan" : "room")} />
      <DraftColumn
        {...{ draft, change, edit, request, asked, choices, template, structures, columns, candidates, colorOf, isocenter, patientPosition, targets, selected, selectBeam, listed, wanting, starting }}
        turn={turnable ? turn : undefined}
        running={run !== undefined}
        reading={read.state === "failed" ? read.problem : voxels.state === "failed" ? voxels.problem : ct === undefined ? (arrived ?? "reading") : undefined}
        start={() => void start()}
      />
      <div className="plan-middle">
        {failure !== undefined && (
          <Problem problem={failure}>
            <button type="button" className="link" onClick={() => { setProblem(undefined); if (planning.run.is === "failed") dismissFailure(id); }}>Close</button>
          </Problem>
        )}
        <MiddleColumn
          {...{ id, view: middle, setView, run, shown, compared: comparedNow, ct, structures, outlined, beams, targets, colorOf, isocenter, patientPosition, selected, selectBeam }}
          synthetic={series.synthetic}
          lastKept={lastRevision(plans, run?.request.id)}
          turn={turnable ? turn : undefined}
          stop={stop}
          discard={() => discardPlan(id)}
        />
      </div>
      <ResultColumn
        {...{ run, shown, columns, compared, keeping, fractionations }}
        feasibility={ct === undefined || set === undefined || shownDose === undefined ? undefined : feasibility}
        show={(key) => { setShown(key); if (middle === "compare") setView("plan"); }}
        compare={(keys) => { setCompared(keys); if (keys.length >= 2) setView("compare"); }}
        keep={open === undefined ? undefined : () => void keep()}
        forget={open === undefined ? undefined : () => forgetPlan(id, open.place)}
        again={shown === undefined ? undefined : () => change(fromPlan(knownHere(shown.made, candidates), `${shown.name}, ${shown.words}`))}
      />
    </div>
  );
}

const lastRevision = ({ plans }: PlansOfCase, plan: string | undefined): number | undefined => plans.filter(({ id }) => id === plan).reduce<number | undefined>((most, { revision }) => Math.max(most ?? 0, revision), undefined);
