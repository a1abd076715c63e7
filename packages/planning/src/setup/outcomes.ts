import { showNumber, spacingOf, type Volume } from "@hapax/base";
import type { Bounds } from "@hapax/kernels";
import { dvhOf, metricOf, withLeast, type Dvh } from "@hapax/radiotherapy";
import type { GoalOutcome } from "../plan-made.ts";
import type { Goal } from "../request.ts";
import type { Region, Setting } from "../setting.ts";
import { cumulativeEqd2 } from "./earlier.ts";
import { unitOf } from "./metric.ts";
import { isDrawn, regionNamed } from "./named-structures.ts";

/** A goal is held where it is met and lies no further from its limit than this share of it, or so many gray. */
const heldWithin = { share: 0.01, gy: 0.3 } as const;
/** Single precision of doses: 20 Gy normalized to 20 is not less. */
const rounding = 1e-6;

/**
 * What a dose has of each goal, in their order. A cumulative goal is judged by the sum of EQD2 with the earlier doses; its value is
 * an EQD2.
 *
 * @param dose  Gy of all fractions, on the dose grid of the setting
 * @throws      as `dvhOf` but where a structure is not drawn, `metricOf` and `cumulativeEqd2`
 */
export function outcomesOf(setting: Setting, dose: Volume<Float32Array>): GoalOutcome[] {
  const histogramOf = histograms(setting, dose);
  return setting.request.goals.map((goal) => outcome(setting, dose, goal, histogramOf));
}

/** A histogram and what is to be said of it. */
interface Judged {
  readonly dvh: Dvh;
  readonly said: string;
}

/** Histograms of the structures of a setting, each made once. */
function histograms(setting: Setting, dose: Volume<Float32Array>): (region: Region, cumulative: Goal["cumulative"]) => Judged {
  const { grid } = setting.scan.ct;
  const options = { frameOfReference: grid.frameOfReference, sliceMm: spacingOf(grid)[2] };
  const made = new Map<string, Judged>();
  return (region, cumulative) => {
    const key = `${cumulative?.alphaBeta ?? ""} ${region.name}`;
    const before = made.get(key);
    if (before !== undefined) return before;
    const now = cumulative === undefined ? { dvh: dvhOf(region.structure, dose, options), said: "" } : summed(region, cumulative.alphaBeta);
    made.set(key, now);
    return now;
  };

  function summed(region: Region, alphaBeta: number): Judged {
    const { sum, least, unknown } = cumulativeEqd2(setting, dose, alphaBeta, region);
    const earlier = setting.request.earlier ?? [];
    const whole = dvhOf(region.structure, sum, options);
    const courses = earlier.length === 0 ? "no earlier dose was given" : `with ${earlier.map(({ label, shiftMm, recovery }) => `${label}${shiftMm > 0 ? `, the worst within ${showNumber(shiftMm)} mm` : ""}${recovery > 0 ? `, less ${showNumber(100 * recovery, 0)} %` : ""}`).join(" and ")}`;
    const missing = unknown === 0 ? "" : `; an earlier dose is not known in ${unknown} of ${region.voxels.length} voxels`;
    return { dvh: unknown === 0 ? whole : withLeast(whole, dvhOf(region.structure, least, options)), said: ` EQD2 at α/β ${showNumber(alphaBeta)} Gy, ${courses}${missing}` };
  }
}

function outcome(setting: Setting, dose: Volume<Float32Array>, goal: Goal, histogramOf: (region: Region, cumulative: Goal["cumulative"]) => Judged): GoalOutcome {
  const region = regionNamed(setting, goal.structure);
  if (region === undefined) {
    const drawn = setting.scan.structures.some((structure) => structure.name === goal.structure && isDrawn(structure));
    return { goal, verdict: "cannot tell", why: drawn ? `${goal.structure} lies outside the dose grid.` : `${goal.structure} is not drawn.` };
  }
  if (region === setting.body && goal.metric === "Max[Gy]" && goal.cumulative === undefined) {
    const value = hottest(region, dose);
    return { goal, verdict: verdictOf(goal, value), value, why: `${goal.metric} is ${boundsText(value)}, ${askedText(goal)}.` };
  }
  const { dvh, said } = histogramOf(region, goal.cumulative);
  const value = metricOf(goal.metric, dvh);
  if (Number.isNaN(value.low)) return { goal, verdict: "cannot tell", why: `${dvh.name} has ${showNumber(dvh.volumeCc, 2)} cc: ${goal.metric} asks for more.` };
  const verdict = verdictOf(goal, value);
  const known = verdict === "cannot tell" ? `; the dose is known in ${showNumber(100 * dvh.coverage, 1)} % of ${dvh.name}` : "";
  return { goal, verdict, value, why: `${goal.metric} is ${boundsText(value)}, ${askedText(goal)}${said === "" ? "" : `;${said}`}${known}.` };
}

/** Of the body the hottest voxel is its maximum: no sampling of a million places is needed. */
function hottest({ voxels }: Region, { values, slope, intercept }: Volume<Float32Array>): Bounds {
  let most = -Infinity;
  for (const voxel of voxels) most = Math.max(most, (values[voxel] as number) * slope + intercept);
  return { low: most, high: most };
}

/** Met or not where bounds leave no doubt; held where met and at its limit. */
export function verdictOf(goal: Pick<Goal, "metric" | "atMost" | "atLeast">, { low, high }: Bounds): GoalOutcome["verdict"] {
  const { atMost = Infinity, atLeast = -Infinity } = goal;
  const [most, least] = [atMost + rounding * Math.abs(atMost), atLeast - rounding * Math.abs(atLeast)];
  if (low > most || high < least) return "not met";
  if (high > most || low < least) return "cannot tell";
  const within = (limit: number) => Math.max(heldWithin.share * Math.abs(limit), unitOf(goal.metric) === "Gy" ? heldWithin.gy : 0);
  const atLimit = (goal.atMost !== undefined && goal.atMost - high <= within(goal.atMost)) || (goal.atLeast !== undefined && low - goal.atLeast <= within(goal.atLeast));
  return atLimit ? "held" : "met";
}

function askedText({ atMost, atLeast }: Goal): string {
  return [...(atMost === undefined ? [] : [`at most ${showNumber(atMost)} asked`]), ...(atLeast === undefined ? [] : [`at least ${showNumber(atLeast)} asked`])].join(", ");
}

function boundsText({ low, high }: Bounds): string {
  if (low === high) return showNumber(low, 2);
  return high === Infinity ? `${showNumber(low, 2)} or more` : `${showNumber(low, 2)} to ${showNumber(high, 2)}`;
}
