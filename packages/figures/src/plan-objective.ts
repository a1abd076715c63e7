import { showNumber } from "@hapax/base";
import { labelsWithin, ticksTo } from "./chart.ts";
import { clearOf, hairline } from "./plan-ground.ts";
import { frame, path, round, svg, type Figure, type SvgNode } from "./svg.ts";
import { shorten } from "./text.ts";

/** A step of an optimizer. */
export interface ObjectiveStep {
  readonly iteration: number;
  readonly objective: number;
  /** Which priority was being optimized: objectives of two priorities are not compared, and not joined. */
  readonly priority: number;
  /** Grows with each correction of the dose. */
  readonly round: number;
}

export interface PlanObjectiveOptions {
  /** px; default 560 × 180. */
  readonly width?: number;
  readonly height?: number;
  /** Iterations at most, where it is still going. */
  readonly atMost?: number;
  /** Corrections of the dose that were asked for; a round beyond them is the refinement of the segments. */
  readonly corrections?: number;
}

const space = { left: 52, right: 16, top: 34, bottom: 26 };

/**
 * The objective over iterations on a logarithmic scale, dashed lines where the dose was corrected and where segments were
 * refined, dotted ones where another priority began, and the value at the end.
 */
export function planObjective(history: readonly ObjectiveStep[], { width = 560, height = 180, atMost, corrections = Infinity }: PlanObjectiveOptions = {}): Figure {
  const steps = running(history);
  const labels = labelsWithin(width, height);
  labels.put("Objective", [{ x: 0, y: 14 }], { size: 13, weight: 600 });
  labels.put("log scale, iterations", [{ x: 62, y: 14 }], { fill: "var(--ink-3)" });
  const positive = steps.map(({ objective }) => objective).filter((value) => value > 0);
  const [least, most] = decades(positive);
  const last = Math.max(atMost ?? 0, steps.at(-1)?.at ?? 0, 1);
  const ticks = ticksTo(last, 5).filter((tick) => tick <= last);
  const x = (at: number) => space.left + (at / last) * (width - space.left - space.right);
  const bottom = height - space.bottom;
  // On this scale zero lies nowhere: what is no longer above the lowest line stands on it.
  const y = (value: number) => bottom - (Math.log10(Math.max(value, least) / least) / Math.log10(most / least)) * (bottom - space.top);
  const nodes: SvgNode[] = [];
  const powers = Array.from({ length: Math.round(Math.log10(most / least)) + 1 }, (_, i) => least * 10 ** i);
  const stride = Math.ceil(powers.length / 5);
  for (const power of powers.filter((_, i) => i % stride === 0)) {
    labels.put(powerText(power), [{ x: space.left - 8, y: y(power) + 4, anchor: "end" }], { fill: "var(--ink-3)" });
    nodes.push(hairline(`M${space.left} ${round(y(power))}H${width - space.right}`));
  }
  for (const tick of ticks) labels.put(showNumber(tick), [{ x: x(tick), y: bottom + 17, anchor: "middle" }], { fill: "var(--ink-3)" });
  const parts = partsOf(steps);
  const curves = parts.map((part) => (part.length === 1
    ? svg("circle", { cx: x((part[0] as Running).at), cy: y((part[0] as Running).objective), r: 1.5, fill: "var(--accent)" })
    : svg("path", { d: path(part.map(({ at, objective }) => [x(at), y(objective)])), fill: "none", stroke: "var(--accent)", "stroke-width": 1.8, "stroke-linejoin": "round" })));
  const end = steps.at(-1);
  const endText = end === undefined ? undefined : valueText(end.objective);
  if (end !== undefined && endText !== undefined) {
    const [ex, ey] = [x(end.at), y(end.objective)];
    nodes.push(svg("circle", { cx: ex, cy: ey, r: 4, fill: "var(--accent)" }));
    labels.keep({ x0: ex - 5, y0: ey - 5, x1: ex + 5, y1: ey + 5 });
    labels.put(endText, [{ x: ex + 9, y: ey - 6 }, { x: ex + 4, y: ey - 10, anchor: "end" }, { x: ex + 4, y: ey + 18, anchor: "end" }], { weight: 600 }, 24);
  }
  const events = eventsOf(parts, corrections);
  for (const { at, text, kind } of events) {
    nodes.push(hairline(`M${round(x(at))} ${space.top - 4}V${bottom}`, "ink-3", kind === "round" ? "4 3" : "1 3"));
    const words = shorten(text, width / 3, 12);
    labels.put(words, [{ x: x(at) - 6, y: space.top + 8, anchor: "end" }, { x: x(at) + 6, y: space.top + 8 }, { x: x(at) - 6, y: space.top + 24, anchor: "end" }, { x: x(at) + 6, y: space.top + 24 }], { fill: "var(--ink-3)" });
  }
  if (steps.length === 0) labels.put("no iteration recorded", [{ x: (space.left + width) / 2, y: (space.top + bottom) / 2, anchor: "middle" }], { fill: "var(--ink-2)" });
  return {
    name: "plan-objective",
    title: "Objective over iterations",
    description: `${endText === undefined ? "No iteration recorded." : `Objective ${endText} after ${end?.at} iterations.`}${events.map(({ at, text }) => ` At ${at}: ${text}.`).join("")}`,
    width,
    height,
    root: frame(width, height, nodes, curves, labels.nodes.map(clearOf)),
    table: {
      columns: ["iteration", "objective", "priority", "round"],
      rows: steps.map(({ at, objective, priority, round: turn }) => [String(at), objective.toPrecision(6), String(priority), String(turn)]),
    },
  };
}

interface Running extends ObjectiveStep {
  /** Iterations from the beginning of all. */
  readonly at: number;
}

/** Iterations that begin anew with a priority or a round go on from the last. */
function running(history: readonly ObjectiveStep[]): Running[] {
  let before = 0;
  return history.map((step, i) => {
    const last = history[i - 1];
    if (last !== undefined && step.iteration < last.iteration) before += last.iteration;
    return { ...step, at: before + step.iteration };
  });
}

/** Steps of one priority and one round. */
function partsOf(steps: readonly Running[]): Running[][] {
  const parts: Running[][] = [];
  for (const step of steps) {
    const last = parts.at(-1)?.at(-1);
    if (last !== undefined && last.priority === step.priority && last.round === step.round) parts.at(-1)?.push(step);
    else parts.push([step]);
  }
  return parts;
}

interface Event {
  readonly at: number;
  readonly text: string;
  readonly kind: "round" | "priority";
}

function eventsOf(parts: readonly Running[][], corrections: number): Event[] {
  return parts.slice(1).flatMap((part, i): Event[] => {
    const [before, first] = [parts[i]?.at(-1), part[0]];
    if (before === undefined || first === undefined) return [];
    const at = before.at;
    if (first.round !== before.round) return [{ at, kind: "round", text: first.round > corrections ? "segments refined" : "dose corrected" }];
    return [{ at, kind: "priority", text: `priority ${first.priority}` }];
  });
}

/** Whole powers of ten around values. */
function decades(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [1, 10];
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** Three significant digits. */
function valueText(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) {
    const power = Math.floor(Math.log10(Math.abs(value)));
    return `${(value / 10 ** power).toFixed(2)} × ${powerText(10 ** power)}`;
  }
  return Math.abs(value) >= 1000 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

const raised: Readonly<Record<string, string>> = { "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" };

function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  return power >= -3 && power <= 4 ? String(Number((10 ** power).toPrecision(1))) : `10${[...String(power)].map((digit) => raised[digit] ?? digit).join("")}`;
}
