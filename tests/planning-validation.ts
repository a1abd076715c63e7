import { readFileSync } from "node:fs";
import { pencilOperator } from "@hapax/dose";
import { boundedMinimum, type Crew } from "@hapax/kernels";
import { makePlan, optimizeFluence, type Aim, type GoalOutcome, type PlanMade } from "@hapax/planning";
import { aimValue } from "../packages/planning/src/optimize/aim-values.ts";
import { limitTerm, type LimitAim } from "../packages/planning/src/optimize/limit-multipliers.ts";
import { equalObjectives } from "../packages/planning/src/tg119/equal-objectives.ts";
import { tg119, tg119Problems, type Tg119Goal, type Tg119Problem } from "../packages/planning/src/tg119/problems.ts";
import { dosesIn, leastMean, leastWithoutInner, quantilesOf, straightMean, withoutInner, type DoseQuantiles, type Objective } from "./dose-quantiles.ts";
import { sharedPath } from "./shared-data.ts";

/** What matRad was seen to do with the same scan and objectives, beside the project. */
export const matradPath = sharedPath("planning/tg119-matrad.json");

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]) => [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");

/** The page docs/validation-planning.md: minutes of work. */
export async function planningValidation(crew: Crew, tell: (line: string) => void): Promise<string> {
  const plans: PlannedProblem[] = [];
  for (const id of tg119Problems) {
    tell(`TG-119, ${id}`);
    plans.push(await planned(tg119(id), crew));
  }
  tell("equal objectives");
  const equal = await comparedAtEqualObjectives(crew);
  tell("gradients and minima");
  return page({ plans, equal, gradients: gradientErrors(), minima: await knownMinima() });
}

interface PlannedProblem {
  readonly problem: Tg119Problem;
  readonly made: PlanMade;
  /** By the fluence before sequencing, as far as it was told. */
  readonly optimized: readonly GoalOutcome[];
}

async function planned(problem: Tg119Problem, crew: Crew): Promise<PlannedProblem> {
  let optimized: readonly GoalOutcome[] = [];
  const { made } = await makePlan(problem.request, problem.scan, {
    crew,
    engine: "Hapax",
    onProgress: ({ step, outcomes }) => {
      if (step === "optimizing" && outcomes !== undefined) optimized = outcomes;
    },
  });
  return { problem, made, optimized };
}

/** How a dose stands against a goal and what the task group's participants reached, and whether that is within one standard deviation. */
export function standing({ atMost, atLeast, publishedMean, publishedSd }: Tg119Goal, gy: number): { readonly holds: boolean; readonly words: string } {
  const sign = atMost === undefined ? -1 : 1;
  // Gy beyond the goal, and by how much the published mean lies beyond it.
  const limit = (atMost ?? atLeast) as number;
  const [beyond, published] = [sign * (gy - limit), sign * (publishedMean - limit)];
  // A hundredth of a gray is less than is printed.
  const least = 0.005;
  if (beyond <= least) return { holds: true, words: "met" };
  if (beyond <= publishedSd + least) return { holds: true, words: "within one SD of the goal" };
  if (published > 0 && beyond <= published + publishedSd + least) return { holds: true, words: "within one SD of the mean, which misses the goal" };
  return { holds: false, words: `missed: ${beyond.toFixed(2)} Gy beyond` };
}

const valueIn = (outcomes: readonly GoalOutcome[], goal: Tg119Goal): number | undefined => outcomes.find(({ goal: { structure, metric } }) => structure === goal.structure && metric === goal.metric)?.value?.low;

function goalRows({ problem: { id, goals }, made, optimized }: PlannedProblem): string[][] {
  return goals.map((goal) => {
    const delivered = valueIn(made.outcomes, goal) as number;
    const side = goal.atMost === undefined ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
    return [
      id, `${goal.structure} ${goal.metric.replace("[Gy]", "")} ${side}`, `${goal.publishedMean.toFixed(2)} ± ${goal.publishedSd.toFixed(2)}`,
      valueIn(optimized, goal)?.toFixed(2) ?? "–", delivered.toFixed(2), standing(goal, delivered).words,
    ];
  });
}

function planRows({ problem: { id, request }, made }: PlannedProblem): string[][] {
  const percent = (of: number) => `${of > 0 ? "−" : of < 0 ? "+" : ""}${Math.abs(of).toFixed(2)} %`;
  const normalized = request.normalization.kind === "metric" ? `${request.normalization.structure} ${request.normalization.metric.replace("[Gy]", "")} = ${request.normalization.gy} Gy` : "none";
  return [[
    id, normalized, `${made.mu.toFixed(0)}`, `${made.segments}`, `${made.seconds.toFixed(0)}`,
    made.sequencing.map(({ structure, optimizedGy, deliveredGy }) => `${structure} ${percent(100 * (1 - deliveredGy / optimizedGy))}`).join(", "),
  ]];
}

/** The quantiles that were kept, and what each of the two doses comes to. */
interface Compared {
  readonly lines: readonly (readonly string[])[];
  readonly quantiles: readonly (readonly string[])[];
  readonly evaluations: number;
  readonly objective: number;
  readonly further: number;
  /** Per cent that the reading of ours is below that of the other; what that would be in voxels; and the least that it is. */
  readonly below: number;
  readonly estimate: number;
  readonly bound: number;
  readonly bixels: number;
  readonly voxels: number;
}

const wanted = { Core: { side: "above", gy: 25, weight: 300 }, OuterTarget: { side: "both", gy: 50, weight: 1000 }, BODY: { side: "above", gy: 30, weight: 100 } } as const satisfies Readonly<Record<string, Objective & { readonly weight: number }>>;
type Structures = Readonly<Record<keyof typeof wanted, DoseQuantiles>>;

/** From seven numbers of each structure: what the objective is at least, and what it is if the dose runs straight between them. */
function objectivesOf({ Core, OuterTarget, BODY }: Structures): { readonly least: readonly number[]; readonly straight: readonly number[] } {
  const rest = BODY.n - Core.n - OuterTarget.n;
  const level = wanted.BODY;
  const inner = { n: OuterTarget.n, mean: straightMean(OuterTarget, level) };
  return {
    least: [wanted.Core.weight * leastMean(Core, wanted.Core), wanted.OuterTarget.weight * leastMean(OuterTarget, wanted.OuterTarget), level.weight * leastWithoutInner(BODY, OuterTarget.n, rest, level)],
    straight: [wanted.Core.weight * straightMean(Core, wanted.Core), wanted.OuterTarget.weight * straightMean(OuterTarget, wanted.OuterTarget), level.weight * withoutInner({ n: BODY.n, mean: straightMean(BODY, level) }, inner, rest)],
  };
}

async function comparedAtEqualObjectives(crew: Crew): Promise<Compared> {
  const { machine, medium, positions, bixelMm, marginMm, voxels, target, aims, groups, bodyCount } = equalObjectives();
  const operator = await pencilOperator({ machine, medium, beams: positions, bixelMm, marginMm, voxels, target, crew });
  try {
    const common = { operator, aims, smoothing: 0, iterations: 500 };
    const { doseGy, weights, evaluations, history } = await optimizeFluence(common);
    // Convex: what a search of thousands of steps comes to is what can be had of these beams.
    let [start, further] = [weights, history.at(-1)?.objective as number];
    for (let again = 0; again < 12; again++) {
      const next = await optimizeFluence({ ...common, start });
      start = next.weights;
      further = Math.min(further, next.history.at(-1)?.objective as number);
    }
    const each = aims.map((aim) => aimValue(aim as Exclude<Aim, LimitAim>).value(doseGy, 1));
    const ours: Structures = { Core: quantilesOf(dosesIn(doseGy, groups.Core)), OuterTarget: quantilesOf(dosesIn(doseGy, groups.OuterTarget)), BODY: quantilesOf(doseGy, bodyCount) };
    const theirs = (JSON.parse(readFileSync(matradPath, "utf8")) as { readonly dvh: Structures }).dvh;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const cells = (values: readonly number[]) => [...values, sum(values)].map((value) => value.toFixed(0));
    const [of, by] = [objectivesOf(ours), objectivesOf(theirs)];
    const shown = ["D98", "D95", "D50", "D10", "D2", "Dmax", "mean"] as const;
    return {
      lines: [
        ["ours, by its voxels", ...cells(each)],
        ["ours, straight between its quantiles", ...cells(of.straight)],
        ["matRad, straight between its quantiles", ...cells(by.straight)],
        ["ours, at least, by its quantiles", ...cells(of.least)],
        ["matRad, at least, by its quantiles", ...cells(by.least)],
      ],
      quantiles: (["OuterTarget", "Core", "BODY"] as const).map((name) => [name, ...shown.map((key) => `${ours[name][key].toFixed(2)} / ${theirs[name][key].toFixed(2)}`)]),
      evaluations, objective: sum(each), further, below: 100 * (1 - sum(of.straight) / sum(by.straight)), estimate: (sum(by.straight) * sum(each)) / sum(of.straight), bound: sum(by.least), bixels: operator.weightCount, voxels: operator.voxelCount,
    };
  } finally {
    operator.close();
  }
}

const group = {
  name: "Organ",
  places: Int32Array.of(0, 1, 3, 4, 6, 7, 9, 11),
  shares: Float32Array.of(0.1, 0.2, 0.1, 0.05, 0.1, 0.15, 0.2, 0.1),
  volumeCc: 10,
};
const dose = Float32Array.of(61.2, 12.5, 99, 47.1, 33.3, 99, 20.7, 55.9, 99, 40.2, 99, 28.8);
const levels = Float32Array.of(60, 30, 20, 50, 10, 58, 40, 30);
const base = { group, priority: 1 } as const;
const everyAim: Readonly<Record<string, Aim>> = {
  overdose: { ...base, kind: "overdose", gy: 30 },
  "overdose, each voxel its level": { ...base, kind: "overdose", gy: levels },
  underdose: { ...base, kind: "underdose", gy: 45 },
  deviation: { ...base, kind: "deviation", gy: 40 },
  mean: { ...base, kind: "mean", gy: 20 },
  "gEUD, a = 8": { ...base, kind: "gEUD", gy: 20, a: 8, side: "above" },
  "gEUD, a = −10": { ...base, kind: "gEUD", gy: 50, a: -10, side: "below" },
  "DVH, at most": { ...base, kind: "DVH", gy: 30, share: 0.3, side: "above" },
  "DVH, at least": { ...base, kind: "DVH", gy: 45, share: 0.8, side: "below" },
  "limit of each voxel": { ...base, kind: "limit", of: "each voxel", gy: 45, side: "above" },
  "limit of the mean": { ...base, kind: "limit", of: "mean", gy: 30 },
  "limit of a share": { ...base, kind: "limit", of: "share", share: 0.25, gy: 35, side: "above" },
};

/** Greatest difference of a gradient from central differences, as a part of its greatest component; limits with prices that have moved. */
export function gradientErrors(): { readonly name: string; readonly error: number }[] {
  const step = 1 / 64;
  return Object.entries(everyAim).map(([name, aim]) => {
    const term = aim.kind === "limit" ? limitTerm(aim, 3) : undefined;
    term?.update(dose);
    const value = (doseGy: Float32Array, gradient: Float32Array) => term?.value(doseGy, gradient) ?? aimValue(aim as Exclude<Aim, LimitAim>).value(doseGy, 1, gradient);
    const gradient = new Float32Array(dose.length);
    value(dose, gradient);
    const scale = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    const errors = Array.from(dose, (gy, v) => {
      const moved = (by: number) => value(dose.with(v, gy + by), new Float32Array(dose.length));
      const apart = Math.fround(gy + step) - Math.fround(gy - step);
      return Math.abs((moved(step) - moved(-step)) / apart - (gradient[v] as number)) / scale;
    });
    return { name, error: Math.max(...errors) };
  });
}

/** Functions whose minimum is known: how far from it the search ends, and after how many values. */
export async function knownMinima(): Promise<{ readonly name: string; readonly distance: number; readonly evaluations: number }[]> {
  const rosenbrock = (x: Float64Array, g: Float64Array) => {
    g.fill(0);
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      const [a, b] = [x[i] as number, x[i + 1] as number];
      sum += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
      g[i] = (g[i] as number) - 400 * a * (b - a * a) - 2 * (1 - a);
      g[i + 1] = (g[i + 1] as number) + 200 * (b - a * a);
    }
    return sum;
  };
  const bowl = (middle: number) => (x: Float64Array, g: Float64Array) =>
    x.reduce((sum, value, i) => {
      const steepness = 10 ** ((4 * i) / (x.length - 1));
      const off = value - middle * Math.cos(i);
      g[i] = steepness * off;
      return sum + 0.5 * steepness * off ** 2;
    }, 0);
  const cases = [
    { name: "Rosenbrock's valley, 2 unknowns, at (1, 1)", start: [-1.2, 1], value: rosenbrock, at: () => 1 },
    { name: "Rosenbrock's valley, 20 unknowns", start: Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1.2 : 1)), value: rosenbrock, at: () => 1 },
    // Below ½ the valley x₂ = x₁² is followed to the bound: (½, ¼).
    { name: "Rosenbrock's valley with x₁ at most ½, at (½, ¼)", start: [-1.2, 1], value: rosenbrock, upper: [0.5, 10], at: (i: number) => [0.5, 0.25][i] as number },
    { name: "a bowl 10⁴ times steeper one way than another, 30 unknowns", start: new Array<number>(30).fill(0), value: bowl(5), at: (i: number) => 5 * Math.cos(i) },
    { name: "the same with none below 0: where it is negative, 0", start: new Array<number>(30).fill(1), value: bowl(5), lower: 0, at: (i: number) => Math.max(0, 5 * Math.cos(i)) },
  ];
  const found = [];
  for (const { name, at, ...search } of cases) {
    const { point, evaluations } = await boundedMinimum({ ...search, tolerance: 1e-8 });
    found.push({ name, distance: point.reduce((most, x, i) => Math.max(most, Math.abs(x - at(i))), 0), evaluations });
  }
  return found;
}

interface Parts {
  readonly plans: readonly PlannedProblem[];
  readonly equal: Compared;
  readonly gradients: readonly { readonly name: string; readonly error: number }[];
  readonly minima: readonly { readonly name: string; readonly distance: number; readonly evaluations: number }[];
}

function page({ plans, equal, gradients, minima }: Parts): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const goals = plans.flatMap(({ problem, made }) => problem.goals.map((goal) => ({ id: problem.id, holds: standing(goal, valueIn(made.outcomes, goal) as number).holds })));
  const judged = goals.filter(({ id }) => id !== "C-shape, harder");
  const losses = plans.flatMap(({ made }) => made.sequencing.map(({ optimizedGy, deliveredGy }) => 100 * (1 - deliveredGy / optimizedGy)));
  return `# Validation of planning

Made by \`npm run validate\` with Hapax ${version}. The dose that plans end with is validated [on its own page](validation.md).
Research and education. Not a medical device.

## TG-119

The planning problems of AAPM task group 119 (Ezzell 2009, Medical Physics 36:5359), planned on machine \`generic-6mv\` in a block of water of
300 × 150 × 300 mm, doses on 3 mm, fixed beams as the task group has them, step and shoot, by 72 collapsed cones. Goals and published doses
are **recalled, not read**: check them against the report before anything rests on them. The C-shape and the cylinders of the multitarget are drawn by their
dimensions (recalled too); of prostate and head and neck only descriptions are known, and where these leave lengths and places open, ours were
chosen: the rectum is 90 mm long (with 120 and 150 mm its goals are met too), the bladder lies in front and above, parotids of 24 × 36 × 44 mm beside the
upper third. Priorities, turn of the collimator, size of bixels, segments and what monitor units are scaled to were chosen for each problem after first plans were seen,
as a planner does.

A goal that is not met counts as reached within one published standard deviation (SD) of its limit or, where the mean of the participants misses the goal
itself, of that mean. ${judged.filter(({ holds }) => holds).length} of ${judged.length} goals hold so, the harder C-shape not counted, whose core the participants' mean misses by more than half of its goal.
*Optimized* is the fluence before it is made into segments and before monitor units are scaled; *delivered* is what the leaves give.

${table(["problem", "goal, Gy", "published, Gy (recalled)", "optimized", "delivered", ""], plans.flatMap(goalRows))}

What delivery loses of D95, before monitor units are scaled (bar 1 %; ${losses.filter((loss) => loss <= 1).length} of ${losses.length} hold):

${table(["problem", "monitor units scaled to", "MU of a fraction", "segments", "seconds, two threads", "D95 after delivery against before"], plans.flatMap(planRows))}

## matRad at equal objectives

The C-shape as matRad 3.2.2 was given it: nine beams 40° apart, isocenter (0, −14.45, 0), bixels of 5 mm, doses on 3 mm. Three objectives, each the mean over
its voxels of a squared difference: core above 25 Gy (300), target from 50 Gy (1000), all else above 30 Gy (100). Here ${equal.bixels} bixels on
${equal.voxels} voxels (matRad: 2 887 on 312 850), with the pencil beams of \`generic-6mv\` where matRad has those of its own generic machine.

Of matRad's dose only quantiles were kept, on the planes of the CT, so its objective is not known. From the quantiles follow a least value, which no dose
with them is below, and a reading in which doses run straight from one quantile to the next.

${table(["", "core", "target", "else", "sum"], equal.lines)}

By the reading, which treats both alike, ours is ${equal.below.toFixed(0)} % below matRad's; were matRad's reading as much too high as ours is, its objective would be
${equal.estimate.toFixed(0)}. The least value proves nothing either way: ours is ${equal.objective > equal.bound ? "above" : "below"} that of matRad's quantiles (${equal.bound.toFixed(0)}), and so is it above that of its own.

Ours stopped by its own rule after ${equal.evaluations} evaluations at ${equal.objective.toFixed(1)}; searched on until nothing more was found it is ${equal.further.toFixed(1)}, the least that these
beams and bixels have (the problem is convex): ${(100 * (equal.objective / equal.further - 1)).toFixed(2)} % less.

Ours / matRad, Gy; BODY with all that is in it:

${table(["", "D98", "D95", "D50", "D10", "D2", "max", "mean"], equal.quantiles)}

Times and memory of both are printed by \`npm run bench tg119\`.

## Gradients

Greatest difference from central differences, as a part of the greatest component (bar 1e-3; doses are single numbers):

${table(["aim", "difference"], gradients.map(({ name, error }) => [name, error.toExponential(1)]))}

Those of [segments](../packages/planning/src/deliver/refine.test.ts), of the [smoothness of a fluence and of priorities](../packages/planning/src/optimize/aim-values.test.ts) and the
adjoint of the [pencil beams](../packages/kernels/src/pencil-beam.test.ts) are held by tests.

## Known minima

${table(["function", "greatest distance of an unknown", "evaluations"], minima.map(({ name, distance, evaluations }) => [name, distance.toExponential(1), `${evaluations}`]))}
`;
}
