import { keepLine, labelsWithin, ticksTo, type Candidate, type Labels } from "./chart.ts";
import type { DvhCurve } from "./image/dvh-figure.ts";
import { structureLook } from "./image/structure-colors.ts";
import { mark } from "./marks.ts";
import { clearOf, hairline, onGround } from "./plan-ground.ts";
import { frame, path, round, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, shorten, textWidth } from "./text.ts";
import type { Theme } from "./tokens.ts";

/** The histograms of one of the plans that are compared. */
export interface DvhOfPlan {
  readonly name: string;
  readonly curves: readonly DvhCurve[];
  /** Drawn thin and pale, without a name of its own: the same plan some iterations ago. */
  readonly faint?: boolean;
}

/** A goal with its place on a histogram. */
export interface DvhGoal {
  readonly structure: string;
  /** `at least`: the curve is to pass at the right of it. */
  readonly side: "at least" | "at most";
  readonly gy: number;
  /** Percent of the structure's volume. */
  readonly percent: number;
  /** "D95% at least 62.7 Gy". */
  readonly text: string;
  readonly met?: boolean;
}

export interface PlanDvhOptions {
  /** px; default 560 × 400. */
  readonly width?: number;
  readonly height?: number;
  /** Which theme it will be drawn in; default dark. */
  readonly theme?: Theme;
  readonly synthetic?: boolean;
}

/** At most so many plans can be told by their strokes. */
const strokes = [undefined, "6 3", "1.5 2.5", "7 2.5 1.5 2.5"] as const;
const space = { left: 44, right: 16, top: 34, bottom: 44 };

/**
 * Histograms of up to four plans, told by their strokes, structures by their colors with their names on the curves of the
 * first plan; goals as brackets where they stand, open to the side on which the curve is to pass.
 */
export function planDvh(plans: readonly DvhOfPlan[], goals: readonly DvhGoal[], { width = 560, height = 400, theme = "dark", synthetic = false }: PlanDvhOptions = {}): Figure {
  const named = plans.filter((plan) => plan.faint !== true).slice(0, strokes.length);
  const keyed = named.length > 1;
  const whole = height + (keyed ? 20 : 0);
  const received = plans.flatMap(({ curves }) => curves.flatMap(({ points }) => points.filter(([, percent]) => percent > 0).map(([gy]) => gy)));
  const most = Math.max(1e-6, ...received, ...goals.map(({ gy }) => gy)) * 1.04;
  const x = (gy: number) => space.left + (gy / most) * (width - space.left - space.right);
  const y = (percent: number) => height - space.bottom - (percent / 100) * (height - space.top - space.bottom);
  const labels = labelsWithin(width, whole);
  const axes = axesOf(labels, { width, height, most, x, y, synthetic, goals: goals.length > 0, faint: plans.some(({ faint }) => faint === true) });
  // Names stay among the curves and off the numbers of the axes.
  labels.keep({ x0: -1e6, y0: -1e6, x1: space.left, y1: 1e6 });
  labels.keep({ x0: -1e6, y0: height - space.bottom, x1: 1e6, y1: 1e6 });
  const colorOf = (name: string) => structureLook(name, plans.flatMap(({ curves }) => curves).find((curve) => curve.name === name)?.color).color;
  const lines = plans.flatMap((plan) => plan.curves.map((curve) => lineOf(curve, plan.faint === true ? undefined : strokes[named.indexOf(plan)], plan.faint === true)));
  for (const curve of named[0]?.curves ?? []) keepLine(labels, curve.points.map(([gy, percent]) => [x(gy), y(percent)]));
  const brackets = goals.map((goal) => bracket(goal));
  const unnamed = (named[0]?.curves ?? []).filter((curve) => !putName(curve));
  unnamed.forEach(({ name }, i) => labels.put(name, [{ x: width - space.right - 6, y: space.top + 24 + 16 * i, anchor: "end" }], { fill: onGround(colorOf(name), theme, 4.5), weight: 600 }, 200));
  const key = keyed ? keyOf(named, height + 12, width) : [];
  return {
    name: "plan-dvh",
    title: named.length > 1 ? `Dose-volume histograms of ${named.map(({ name }) => name).join(", ")}` : "Dose-volume histograms",
    description: [
      ...named.map(({ name, curves }) => `${name}: ${curves.map((curve) => nameText(curve)).join(", ")}.`),
      ...goals.map(({ structure, text, met }) => `Goal ${structure} ${text}${met === undefined ? "" : met ? ", met" : ", not met"}.`),
    ].join(" "),
    width,
    height: whole,
    root: frame(width, whole, axes, lines, brackets, labels.nodes.map(clearOf), key),
    table: {
      columns: ["plan", "structure", "dose, Gy", "volume with at least that dose, %", "volume of known dose, %"],
      rows: named.flatMap((plan) => plan.curves.flatMap(({ name, points, coverage }) => points.map(([gy, percent]) => [plan.name, name, gy.toFixed(2), percent.toFixed(3), (100 * coverage).toFixed(2)]))),
    },
  };

  function lineOf({ name, color, points, dashed = false }: DvhCurve, dash: string | undefined, faint: boolean): SvgNode {
    const look = structureLook(name, color);
    return svg("path", {
      d: path(thinned(points).map(([gy, percent]) => [x(gy), y(percent)])), fill: "none", stroke: onGround(look.color, theme, 3),
      "stroke-width": faint ? 0.8 : look.dashed || dashed ? 1.2 : 1.8, "stroke-opacity": faint ? 0.55 : undefined,
      "stroke-linejoin": "round", "stroke-dasharray": dash, "data-structure": name,
    });
  }

  /** Ten px high, its back at the limit, open to where the curve is to be. */
  function bracket({ structure, side, gy, percent, text, met }: DvhGoal): SvgNode {
    const [bx, middle] = [x(gy), Math.min(Math.max(y(percent), space.top + 6), height - space.bottom - 6)];
    const hook = side === "at least" ? 6 : -6;
    const d = `M${round(bx + hook)} ${round(middle - 7)}H${round(bx)}V${round(middle + 7)}H${round(bx + hook)}`;
    labels.keep({ x0: Math.min(bx, bx + hook) - 2, y0: middle - 8, x1: Math.max(bx, bx + hook) + 2, y1: middle + 8 });
    return svg(
      "g", { "data-goal": structure, "data-gy": gy, "data-percent": percent },
      svg("title", {}, `${structure} ${text}${met === false ? ", not met" : ""}`),
      svg("path", { d, fill: "none", stroke: "var(--paper)", "stroke-width": 3.5 }),
      svg("path", { d, fill: "none", stroke: onGround(colorOf(structure), theme, 3), "stroke-width": 2 }),
      met === false ? mark("not met", bx - Math.sign(hook) * 8, middle, 11) : undefined,
    );
  }

  /** False where no place is free on the curve. */
  function putName(curve: DvhCurve): boolean {
    const { name, points } = curve;
    const inside = points.filter(([, percent]) => percent > 4 && percent < 94);
    // Many curves crowd at both ends: names begin in the middle of the fall.
    const along = [...inside].sort((a, b) => Math.abs(a[1] - 50) - Math.abs(b[1] - 50));
    const stride = Math.max(1, Math.floor(along.length / 60));
    const places = along.filter((_, i) => i % stride === 0).flatMap(([gy, percent]): Candidate[] => [{ x: x(gy) + 7, y: y(percent) - 3 }, { x: x(gy) - 7, y: y(percent) + 11, anchor: "end" }]);
    return labels.put(nameText(curve), places, { fill: onGround(colorOf(name), theme, 4.5), weight: 600 }, 16);
  }
}

const nameText = ({ name, coverage }: DvhCurve): string => (coverage < 1 ? `${name}, ${Math.floor(100 * coverage)} % known` : name);

/** Points that change what is seen. */
function thinned(points: DvhCurve["points"]): DvhCurve["points"] {
  return points.filter(([, percent], i) => {
    const [before, after] = [points[i - 1]?.[1], points[i + 1]?.[1]];
    return before === undefined || after === undefined || Math.abs(before - percent) > 0.02 || Math.abs(after - percent) > 0.02;
  });
}

interface Axes {
  readonly width: number;
  readonly height: number;
  readonly most: number;
  readonly synthetic: boolean;
  readonly goals: boolean;
  readonly faint: boolean;
  x(gy: number): number;
  y(percent: number): number;
}

function axesOf(labels: Labels, { width, height, most, synthetic, goals, faint, x, y }: Axes): SvgNode[] {
  const quiet = { fill: "var(--ink-3)" };
  labels.put("DVH", [{ x: 0, y: 14 }], { size: 13, weight: 600 });
  if (synthetic) labels.put("SYNTHETIC", [{ x: width - 2, y: 14, anchor: "end" }], { weight: 600 });
  const small = ["cumulative", ...(faint ? ["faint: before"] : []), ...(goals ? ["brackets: goals"] : [])].join("; ");
  labels.put(shorten(small, width - 130, 12), [{ x: 32, y: 14 }], quiet);
  const across = [0, 20, 40, 60, 80, 100].map((percent) => {
    labels.put(String(percent), [{ x: space.left - 8, y: y(percent) + 4, anchor: "end" }], quiet);
    return `M${space.left} ${round(y(percent))}H${width - space.right}`;
  });
  const ticks = ticksTo(most, 8).filter((gy) => gy <= most);
  for (const gy of ticks) labels.put(String(gy), [{ x: x(gy), y: height - space.bottom + 17, anchor: "middle" }], quiet);
  labels.put("volume, %", [{ x: 0, y: height - 6 }], quiet);
  labels.put("dose, Gy", [{ x: width - space.right, y: height - 6, anchor: "end" }], quiet);
  return [hairline(across.join("")), hairline(ticks.map((gy) => `M${round(x(gy))} ${round(y(0))}v4`).join(""), "rule-strong")];
}

/** A piece of the stroke of each plan beside its name. */
function keyOf(plans: readonly DvhOfPlan[], y: number, width: number): SvgNode[] {
  const room = width / plans.length;
  return plans.flatMap(({ name }, i) => {
    const text = shorten(name, room - 48, 12);
    const x0 = i * room;
    return textWidth(text, 12) === 0 ? [] : [
      svg("path", { d: `M${round(x0)} ${y - 4}h30`, stroke: "var(--ink-2)", "stroke-width": 1.8, "stroke-dasharray": strokes[i], fill: "none" }),
      label(x0 + 37, y, text, { fill: "var(--ink-2)" }),
    ];
  });
}

/** A goal as it was asked: of one structure and one number of the dose. */
export interface AskedGoal {
  readonly structure: string;
  /** `D95%[Gy]`, `Max[Gy]`, `D0.03cc[Gy]`, `V20Gy[%]`, `V15Gy[cc]`, `CV12.5Gy[cc]`. */
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/**
 * Where goals stand on a histogram; means have no place there, nor have volumes in cc of a structure whose volume is not
 * known.
 *
 * @param volumeCc  of the structure
 */
export function dvhGoals({ structure, metric, atMost, atLeast }: AskedGoal, volumeCc?: number): DvhGoal[] {
  const [, kind, number, of, unit] = /^(D|V|CV)([\d.]+)(cc|%|Gy)\[(Gy|cc|%)\]$/.exec(metric) ?? [];
  const value = Number(number);
  const percentOf = (cc: number) => (volumeCc === undefined || !(volumeCc > 0) ? NaN : (100 * cc) / volumeCc);
  const words = metric.replace(/\[.*$/, "");
  const wanted = [["at most", atMost], ["at least", atLeast]] as const;
  return wanted.flatMap(([side, limit]): DvhGoal[] => {
    if (limit === undefined) return [];
    const place = ((): readonly [gy: number, percent: number] => {
      if (metric === "Max[Gy]") return [limit, 0];
      if (metric === "Min[Gy]") return [limit, 100];
      if (kind === "D") return [limit, of === "cc" ? percentOf(value) : value];
      if (kind === "V") return [value, unit === "cc" ? percentOf(limit) : limit];
      // What is spared lies below the dose: the rest of the structure may have more.
      return kind === "CV" ? [value, 100 - percentOf(limit)] : [NaN, NaN];
    })();
    if (!Number.isFinite(place[0]) || !(place[1] >= 0 && place[1] <= 100)) return [];
    const turned = kind === "CV" ? (side === "at least" ? "at most" : "at least") : side;
    return [{ structure, side: turned, gy: place[0], percent: place[1], text: `${words} ${side} ${limit} ${/\[(.*)\]$/.exec(metric)?.[1] ?? ""}`.trim() }];
  });
}
