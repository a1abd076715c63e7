import { useMemo } from "react";
import type { PatientPosition, Vec3, Volume } from "@hapax/base";
import type { PlanBeam, Structure } from "@hapax/case";
import type { OutlinedStructure } from "@hapax/figures";
import type { BeamAsked, Goal } from "@hapax/planning";
import { Problem } from "../../components/Problem.tsx";
import { Link } from "../../router.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { askWorker } from "../images/ask-worker.ts";
import type { DifferenceAnswer, DifferenceWork } from "../images/difference-worker.ts";
import { there, useDoor } from "../images/use-door.ts";
import { plus, signed } from "../images/words.ts";
import { CompareTable, lineLooks, lineWords } from "./Compare.tsx";
import { bracketOf, type GoalBracket } from "./goal-brackets.ts";
import { ObjectiveChart } from "./ObjectiveChart.tsx";
import type { PlanColumn } from "./plan-columns.ts";
import { PlanBeamView } from "./PlanBeamView.tsx";
import { PlanDvh, type CurveSet, type PlanCurve } from "./PlanDvh.tsx";
import type { Running } from "./plan-runs.ts";
import type { NumbersOfPlan } from "./plan-work.ts";
import { Progress } from "./Progress.tsx";
import { RoomView } from "./RoomView.tsx";
import { curvedStructures, usePlanDoses, type PlanDose } from "./use-plan-doses.ts";
import { Washes, type Wash } from "./Washes.tsx";

export type MiddleView = "plan" | "dose" | "beam" | "room" | "compare";

interface Props {
  readonly id: string;
  readonly view: MiddleView;
  readonly setView: (view: MiddleView) => void;
  readonly run: Running | undefined;
  readonly shown: PlanColumn | undefined;
  readonly compared: readonly PlanColumn[];
  readonly ct: Volume | undefined;
  readonly structures: readonly Structure[];
  readonly outlined: readonly OutlinedStructure[];
  readonly beams: readonly PlanBeam[];
  readonly targets: readonly string[];
  readonly colorOf: (structure: string) => string;
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly selected: number;
  readonly selectBeam: (beam: number) => void;
  readonly synthetic: boolean;
  readonly lastKept: number | undefined;
  readonly turn: ((beam: number, next: Partial<BeamAsked>) => void) | undefined;
  readonly stop: () => void;
  readonly discard: () => void;
}

const views: readonly (readonly [MiddleView, string])[] = [["plan", "Optimization, DVH"], ["dose", "Dose"], ["beam", "Beam’s eye view"], ["room", "Room"], ["compare", "Compare"]];

/** What the plan looks like: its optimization and histograms, its dose, what its beams see, the room, or several plans together. */
export function MiddleColumn(props: Props) {
  const { view, setView, run, shown, compared, ct, outlined, beams, colorOf, isocenter, patientPosition, selected, selectBeam, synthetic, lastKept, turn, stop, discard, structures, targets } = props;
  const seen = useMemo(() => outlined.filter(({ occupancy }) => occupancy !== undefined), [outlined]);
  return (
    <>
      <div className="plan-views" role="group" aria-label="What is shown">
        {views.map(([one, words]) => (
          <button key={one} type="button" className="images-press" aria-pressed={view === one} disabled={(one === "compare" && compared.length < 2) || (one === "dose" && shown === undefined)} onClick={() => setView(one)}>{words}</button>
        ))}
      </div>
      {run !== undefined && <Progress run={run} lastKept={lastKept} stop={stop} discard={discard} />}
      {view === "plan" && (run !== undefined ? <Live run={run} colorOf={colorOf} /> : shown !== undefined ? <Result key={shown.key} {...props} shown={shown} /> : <p className="quiet">Nothing is planned yet. Choose a template at the left, then start.</p>)}
      {view === "dose" && shown !== undefined && <DoseOfPlan {...props} shown={shown} />}
      {view === "beam" && (ct === undefined ? <p className="quiet small">Reading the CT.</p> : <PlanBeamView {...{ beams, selected, volume: ct, patientPosition, synthetic, turn }} structures={seen} select={selectBeam} />)}
      {view === "room" && <RoomView {...{ beams, structures, targets, colorOf, isocenter, patientPosition, selected, turn }} select={selectBeam} />}
      {view === "compare" && compared.length >= 2 && <Compared {...props} />}
    </>
  );
}

/** The objective and the histograms as they move. */
function Live({ run: { points, now, dvh, dvhBefore, request }, colorOf }: { readonly run: Running; readonly colorOf: Props["colorOf"] }) {
  const wanted = useMemo(() => curvedStructures(request), [request]);
  const curvesOf = (from: typeof dvh): PlanCurve[] => (from?.curves ?? []).filter(({ structure }) => wanted.has(structure)).map(({ structure, share }) => ({ structure, share, stepGy: from?.stepGy ?? 1, color: colorOf(structure) }));
  const sets: CurveSet[] = [{ label: "now", look: "now", curves: curvesOf(dvh) }, ...(dvhBefore === undefined ? [] : [{ label: "before", look: "before" as const, curves: curvesOf(dvhBefore) }])];
  return (
    <>
      {request.modulated !== undefined && <ObjectiveChart points={points} atMost={now?.iteration?.atMost} />}
      {dvh === undefined && <p className="quiet small">{request.modulated === undefined ? "Fields are fitted, weighted and calculated; the histograms come with the dose." : "The histograms move as soon as there is a dose."}</p>}
      {dvh !== undefined && <PlanDvh sets={sets} brackets={bracketsOf(request.goals, undefined)} colorOf={colorOf} says={`now${dvhBefore === undefined ? "" : "; faint: 20 iterations ago"}; brackets: goals`} />}
    </>
  );
}

type WithShown = Props & { readonly shown: PlanColumn };

/** The histograms of a plan that is there, and how its optimization went. */
function Result({ id, shown, structures, colorOf }: WithShown) {
  const doses = usePlanDoses(id, useMemo(() => [shown], [shown]), structures);
  const { made } = shown;
  const found = there(doses)?.get(shown.key);
  return (
    <>
      {made.history.length > 0 && <ObjectiveChart points={made.history} atMost={undefined} />}
      {doses.state === "failed" ? (
        <Problem problem={doses.problem} />
      ) : found !== undefined ? (
        <PlanDvh sets={[curveSet(shown, found.numbers, 0, colorOf)]} brackets={bracketsOf(made.request.goals, found.numbers)} colorOf={colorOf} says="as delivered; brackets: goals" />
      ) : (
        <p className="quiet small">{doses.state === "there" ? "The dose of this plan was not kept with it." : "Reading the dose and counting it."}</p>
      )}
    </>
  );
}

function DoseOfPlan({ id, shown, structures, ct, outlined, targets, isocenter, synthetic }: WithShown) {
  const { href } = useCase();
  const doses = usePlanDoses(id, useMemo(() => [shown], [shown]), structures);
  const drawn = useMemo(() => drawnOn(outlined, targets), [outlined, targets]);
  const { made } = shown;
  const washes = useMemo((): Wash[] => [{ key: shown.key, title: "Dose", dose: there(doses)?.get(shown.key)?.dose, referenceGy: referenceOf(shown) }], [shown, doses]);
  if (doses.state === "failed") return <Problem problem={doses.problem} />;
  return (
    <>
      <Washes washes={washes} ct={ct} structures={drawn} isocenter={made.isocenter ?? isocenter} synthetic={synthetic} />
      {shown.doseUid !== undefined && <p className="small"><Link href={href("images", { series: made.madeFrom.ct })}>Open on images</Link>, with every structure, gamma and sums.</p>}
    </>
  );
}

const beginDifference = () => new Worker(new URL("../images/difference-worker.ts", import.meta.url), { type: "module" });

/** What a plan is called among others: its name, with its revision where another has the same. */
function shortNameOf({ name, words }: Props["compared"][number], among: Props["compared"]): string {
  return among.filter((one) => one.name === name).length > 1 ? `${name}, ${words}` : name;
}

/** Two to four plans: histograms over one another, their goals and indices, their doses side by side, and what the first two differ by. */
function Compared({ id, compared, structures, colorOf, ct, outlined, targets, isocenter, synthetic }: Props) {
  const doses = usePlanDoses(id, compared, structures);
  const found = there(doses);
  const drawn = useMemo(() => drawnOn(outlined, targets), [outlined, targets]);
  const [first, second] = compared.map(({ key }) => found?.get(key)?.dose);
  const pair = compared.slice(0, 2);
  const wholeGy = Math.max(...pair.map(referenceOf));
  const difference = useDoor(first === undefined || second === undefined ? undefined : pair.map(({ key }) => key).join("; "), () => askWorker<DifferenceWork, DifferenceAnswer>(beginDifference, { shown: second as Volume, less: first as Volume, registrations: [], wholeGy }));
  const apart = there(difference);
  const washes = useMemo((): Wash[] => [
    ...compared.map((plan): Wash => ({ key: plan.key, title: `${plan.words}: ${plan.name}`, dose: found?.get(plan.key)?.dose, referenceGy: referenceOf(plan) })),
    ...(compared.length === 2 ? [{ key: "difference", title: "Second less first", dose: apart?.difference, referenceGy: wholeGy, difference: true }] : []),
  ], [compared, found, apart, wholeGy]);
  if (doses.state === "failed") return <Problem problem={doses.problem} />;
  const sets = compared.flatMap((plan, i) => {
    const one = found?.get(plan.key);
    return one === undefined ? [] : [curveSet(plan, one.numbers, i, colorOf)];
  });
  const goals = compared[0]?.made.request.goals ?? [];
  return (
    <>
      {sets.length > 0 ? <PlanDvh sets={sets} brackets={bracketsOf(goals, found?.get(compared[0]?.key ?? "")?.numbers)} colorOf={colorOf} says={compared.map((plan, i) => `${lineWords[lineLooks[i] ?? "fourth"]}: ${shortNameOf(plan, compared)}`).join("; ")} height={340} /> : <p className="quiet small">Reading the doses and counting them.</p>}
      <CompareTable plans={compared} />
      <Washes washes={washes} ct={ct} structures={drawn} isocenter={compared[0]?.made.isocenter ?? isocenter} synthetic={synthetic} />
      {apart !== undefined && <p className="small">Where the first has {signed(10, 0)} % and more, the second is {plus(apart.meanGy, 2)} Gy apart in the mean, from {plus(apart.least.gy)} to {plus(apart.most.gy)} Gy.</p>}
      {difference.state === "failed" && first !== undefined && second !== undefined && <Problem problem={difference.problem} />}
    </>
  );
}

/** What 100 % of a plan is: the highest dose that it prescribes. */
const referenceOf = ({ made: { request, maximum } }: PlanColumn): number => request.prescriptions.reduce((most, { doseGy }) => Math.max(most, doseGy), 0) || maximum.gy;

/** Targets, and organs that plans are shaped around; the outline of the body hides nothing in a slice. */
const drawnOn = (outlined: readonly OutlinedStructure[], targets: readonly string[]) => outlined.filter(({ name }) => targets.includes(name) || /^(spinalcord|heart|esophagus|trachea|lung|brachialplex|body|external)(?!.*prv)/i.test(name));

function curveSet({ key, made: { request } }: PlanColumn, numbers: PlanDose["numbers"], place: number, colorOf: Props["colorOf"]): CurveSet {
  const wanted = curvedStructures(request);
  return { label: key, look: lineLooks[place] ?? "fourth", curves: numbers.filter(({ structure }) => wanted.has(structure)).map(({ structure, cumulative, stepGy }) => ({ structure, share: cumulative, stepGy, color: colorOf(structure) })) };
}

const bracketsOf = (goals: readonly Goal[], numbers: NumbersOfPlan | undefined): GoalBracket[] => goals.flatMap((goal) => bracketOf(goal, numbers?.find(({ structure }) => structure === goal.structure)?.volumeCc) ?? []);
