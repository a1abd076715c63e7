import "../../no-eval.ts";
import { HapaxError } from "@hapax/base";
import { closedLoops } from "@hapax/case";
import { densityCurves, machines } from "@hapax/dose";
import { openCrew } from "@hapax/kernels/crew-web";
import { choicesOf, makePlan, planTemplates, requestFrom, settingOf, stereotacticFeasibility, type Feasibility, type IterationPoint, type PlanningProgress, type PlanningScan, type PlanRequest } from "@hapax/planning";
import { dvhOf, highestDose } from "@hapax/radiotherapy";
import house from "../../../../../package.json" with { type: "json" };
import { answerWith, type OnTheWay } from "../images/answer-with.ts";
import { inGray } from "./in-gray.ts";
import type { NumbersOfPlan, PlanAnswer, PlanAsked, PlanChoices, PlanTold } from "./plan-work.ts";

/** What the page is told at most so often, ms: eight times a second moves as well as more. */
const everyMs = 125;
/** Points of a curve over the whole range of doses. */
const curvePoints = 300;

const stop = new AbortController();

self.addEventListener("message", ({ data }: MessageEvent<PlanAsked>) => {
  if (data === "stop and keep") return stop.abort();
  if (data === "choices") void answerWith(choices, () => []);
  else if ("template" in data) void answerWith(() => requestFrom(data.template, { structures: data.structures }, data.choices), () => []);
  else if ("numbersOf" in data) void answerWith(() => numbersOf(data.numbersOf), () => []);
  else if ("feasibilityOf" in data) void answerWith(() => feasibilityOf(data.feasibilityOf), () => []);
  else void answerWith(() => made(data.make, data.scan), ({ dose }) => [dose.values.buffer]);
});

const choices = (): PlanChoices => ({
  templates: planTemplates.map((template) => {
    const { id, name, technique, fractions, targets, secondCourse } = template;
    return { id, name, technique, fractions, targets, options: choicesOf(template), ...(secondCourse !== undefined && { secondCourse }) };
  }),
  machines: machines().map(({ id, name, version, energyMv, origin: { kind } }) => ({ id, name, version, energyMv, kind })),
  curves: densityCurves.map(({ id, name, source, verified }) => ({ id, name, source, verified })),
});

async function made(request: PlanRequest, scan: PlanningScan): Promise<PlanAnswer> {
  const crew = await openCrew();
  try {
    const teller = tellerOf((told) => postMessage({ progress: told } satisfies OnTheWay<PlanTold>));
    return await makePlan(request, scan, { crew, engine: `Hapax ${house.version}`, stop: stop.signal, onProgress: teller });
  } finally {
    await crew.close();
  }
}

/** Tells now and then, and at each new step; no point of the curve is lost in between. */
function tellerOf(tell: (told: PlanTold) => void): (progress: PlanningProgress) => void {
  let points: IterationPoint[] = [];
  let [last, step]: [number, string | undefined] = [-Infinity, undefined];
  let pending: Pick<PlanningProgress, "dvh" | "outcomes"> = {};
  return (progress) => {
    const { iteration, dvh, outcomes } = progress;
    if (iteration !== undefined) points.push({ iteration: iteration.iteration, objective: iteration.objective, priority: iteration.priority, round: iteration.round });
    pending = { ...pending, ...(dvh !== undefined && { dvh }), ...(outcomes !== undefined && { outcomes }) };
    const now = performance.now();
    if (now - last < everyMs && progress.step === step) return;
    [last, step] = [now, progress.step];
    tell({ now: { ...progress, ...pending }, points });
    [points, pending] = [[], {}];
  };
}

async function feasibilityOf({ request, scan, dose, fractionation }: Extract<PlanAsked, { feasibilityOf: unknown }>["feasibilityOf"]): Promise<Feasibility> {
  const prescribedGy = request.prescriptions.reduce((most, { doseGy }) => Math.max(most, doseGy), 0);
  return stereotacticFeasibility(await settingOf(request, scan, {}), inGray(dose), prescribedGy, fractionation);
}

function numbersOf({ dose, structures, frameOfReference }: Extract<PlanAsked, { numbersOf: unknown }>["numbersOf"]): NumbersOfPlan {
  const stepGy = (highestDose(dose)?.gy ?? 0) / curvePoints || 1;
  return structures.filter((structure) => closedLoops(structure).length > 0).flatMap((structure) => {
    try {
      const dvh = dvhOf(structure, dose, { frameOfReference });
      const { coverage, mean, d95, d003cc, max, maxAt, notes, volumeCc } = dvh;
      return [{ structure: structure.name, volumeCc, coverage, mean, d95, d003cc, max, maxAt, notes, stepGy, cumulative: dvh.cumulative(stepGy).share, differential: dvh.differential(stepGy).share }];
    } catch (error) {
      // One that lies outside the dose, or has no volume, has no curve.
      if (error instanceof HapaxError) return [];
      throw error;
    }
  });
}
