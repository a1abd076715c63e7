import type { PatientPosition } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamPixel, beamsEye, shadowsOf } from "./image/beams-eye.ts";
import { leafPairs, putShadowNames } from "./image/bev-figure.ts";
import { onBlack } from "./image/image-colors.ts";
import { cut, haloed, outlineNodes, putCorners, putLetters, scaleBar, textOn } from "./image/overlay.ts";
import { footed, footWords, pixelsOf, type PlaneFigureOptions } from "./image/plane-figures.ts";
import type { OutlinedStructure } from "./image/structure-lines.ts";
import { frame, round, svg, type Figure, type SvgNode } from "./svg.ts";

/** Monitor units let through, on a lattice of the plane of the isocenter in the collimator frame. */
export interface IntensityMap {
  /** x fastest, from the least x and the least y. */
  readonly mu: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Middle of the first, mm. */
  readonly from: readonly [number, number];
  readonly stepMm: number;
  readonly mostMu: number;
}

/** One opening of a beam. */
export interface BeamOpening {
  readonly point: ControlPoint;
  /** Of one fraction; share of the beam where its monitor units are not recorded. */
  readonly mu: number;
}

/** Openings of a step-and-shoot beam: what is given from a control point to the next, through the leaves of the first. */
export function beamOpenings({ controlPoints, meterset = 1 }: PlanBeam): BeamOpening[] {
  return controlPoints.flatMap((point, i) => {
    const next = controlPoints[i + 1];
    const share = next === undefined ? 0 : next.metersetShare - point.metersetShare;
    return share > 1e-9 ? [{ point, mu: share * meterset }] : [];
  });
}

/**
 * Sum of a beam's openings, as leaves and jaws let them through; leakage is left out.
 *
 * @param stepMm  side of a cell; those at the end of a leaf count by what is open of them
 */
export function intensityMap(beam: PlanBeam, stepMm = 1): IntensityMap {
  const openings = beamOpenings(beam);
  const [x, y] = [reach(openings, "x"), reach(openings, "y")];
  const [width, height] = [x, y].map(([from, to]) => Math.max(1, Math.ceil((to - from) / stepMm - 1e-9))) as [number, number];
  const mu = new Float32Array(width * height);
  const across = beam.leafAxis === "y" ? "x" : "y";
  for (const { point, mu: given } of openings) {
    for (const [xs, ys] of openParts(beam, point, across)) {
      // How much of each cell lies within the strip, along both axes.
      const [wx, wy] = [shares(xs, x[0], stepMm, width), shares(ys, y[0], stepMm, height)];
      for (let j = wy.first; j < wy.first + wy.parts.length; j++) {
        for (let i = wx.first; i < wx.first + wx.parts.length; i++) mu[j * width + i] = (mu[j * width + i] as number) + given * (wx.parts[i - wx.first] as number) * (wy.parts[j - wy.first] as number);
      }
    }
  }
  return { mu, width, height, stepMm, from: [x[0] + stepMm / 2, y[0] + stepMm / 2], mostMu: mu.reduce((most, value) => Math.max(most, value), 0) };
}

type Span = readonly [number, number];

function reach(openings: readonly BeamOpening[], axis: "x" | "y"): Span {
  const spans = openings.map(({ point: { limits } }) => limits[axis] ?? [-200, 200]);
  return spans.length === 0 ? [-10, 10] : [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

/** Rectangles between tips of leaves and within the jaws: x, then y. */
function openParts(beam: PlanBeam, point: ControlPoint, across: "x" | "y"): (readonly [Span, Span])[] {
  const jaws = { x: point.limits.x ?? [-200, 200], y: point.limits.y ?? [-200, 200] } as const;
  const pairs = leafPairs(beam, point);
  if (pairs.length === 0) return [[jaws.x, jaws.y]];
  const within = ([a, b]: Span, [from, to]: Span): Span => [Math.max(a, from), Math.min(b, to)];
  return pairs.flatMap(({ strip, tips }) => {
    const along = within(tips, jaws[across === "y" ? "x" : "y"]);
    const wide = within(strip, jaws[across]);
    if (along[1] <= along[0] || wide[1] <= wide[0]) return [];
    return [across === "y" ? ([along, wide] as const) : ([wide, along] as const)];
  });
}

function shares([from, to]: Span, start: number, step: number, count: number): { readonly first: number; readonly parts: number[] } {
  const first = Math.max(0, Math.floor((from - start) / step));
  const last = Math.min(count, Math.ceil((to - start) / step - 1e-9));
  return { first, parts: Array.from({ length: Math.max(0, last - first) }, (_, i) => Math.max(0, Math.min(to, start + (first + i + 1) * step) - Math.max(from, start + (first + i) * step)) / step) };
}

export interface FluenceScene {
  readonly beam: PlanBeam;
  readonly patientPosition: PatientPosition;
  /** Targets and cord, with occupancy: their shadows. */
  readonly structures?: readonly OutlinedStructure[];
}

export interface PlanFluenceOptions extends PlaneFigureOptions {
  /** px; default 320 × 320. */
  readonly width?: number;
  readonly height?: number;
}

/** What a beam lets through in all its openings, in grays, with the shadows of structures, the jaws (dashed) and the isocenter. */
export function planFluence({ beam, patientPosition, structures = [] }: FluenceScene, options: PlanFluenceOptions = {}): Figure {
  const size = { width: options.width ?? 320, height: options.height ?? 320 };
  const openings = beamOpenings(beam);
  const point = (openings[0]?.point ?? beam.controlPoints[0]) as ControlPoint;
  const map = intensityMap(beam);
  const far = Math.max(20, ...openings.flatMap(({ point: { limits: { x = [-200, 200], y = [-200, 200] } } }) => [...x, ...y].map(Math.abs)));
  const view = beamsEye(beam, point, patientPosition, size, (2 * (far + 25)) / Math.min(size.width, size.height));
  const shadows = shadowsOf(structures, view);
  const words = textOn(size, [0, 0]);
  const known = beam.meterset !== undefined;
  const count = `${openings.length} ${openings.length === 1 ? "opening" : "openings"}`;
  const total = known ? `${(beam.meterset as number).toFixed(1)} MU` : "MU not recorded";
  putCorners(words, {
    title: beam.name,
    under: `gantry ${angle(point.gantryDeg)}, ${count}`,
    synthetic: options.synthetic === true,
    lower: [total, known ? `white: ${map.mostMu.toFixed(1)} MU` : `white: ${(100 * map.mostMu).toFixed(0)} % of the beam`],
  });
  putLetters(words, view.letters);
  const bar = scaleBar(words, view.mmPerPx);
  putShadowNames(words, shadows);
  const jaws = [...new Map(openings.map(({ point: p }) => [JSON.stringify([p.limits.x, p.limits.y]), p])).values()].map(({ limits: { x = [-200, 200], y = [-200, 200] } }) => {
    const [[left, top], [right, bottom]] = [beamPixel(view, x[0], y[1]), beamPixel(view, x[1], y[0])];
    return svg("rect", { x: left + 0.5, y: top + 0.5, width: right - left, height: bottom - top, fill: "none", stroke: onBlack["ink-2"], "stroke-width": 1.2, "stroke-dasharray": "5 3" });
  });
  const ground = footed(size.width, size.height, footWords(options));
  return {
    name: "plan-fluence",
    title: `Intensity of ${beam.name}`,
    description: `${beam.name} at gantry ${angle(point.gantryDeg)}, ${count}, ${total}; the brightest place gets ${map.mostMu.toFixed(2)} ${known ? "MU" : "of 1"}.`,
    width: size.width,
    height: ground.height,
    root: frame(size.width, ground.height, ground.nodes, pixelsOf(grays(map, view.mmPerPx, size), size, [0, 0]), cut([0, 0], size, outlineNodes(shadows, [0, 0]), jaws, isocenter(beamPixel(view, 0, 0))), bar, words.labels.nodes.map(haloed)),
    table: {
      columns: ["opening", "MU", "gantry, °", "jaws X, mm", "jaws Y, mm"],
      rows: openings.map(({ point: p, mu }, i) => [String(i + 1), known ? mu.toFixed(2) : "not recorded", p.gantryDeg.toFixed(1), ...[p.limits.x, p.limits.y].map((jaw) => (jaw === undefined ? "not recorded" : `${jaw[0].toFixed(1)} to ${jaw[1].toFixed(1)}`))]),
    },
  };
}

const angle = (value: number): string => `${Number(value.toFixed(1))}°`;

/** From black to white in proportion; y up. */
function grays({ mu, width, height, from, stepMm, mostMu }: IntensityMap, mmPerPx: number, size: { width: number; height: number }): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * size.width * size.height);
  for (let py = 0; py < size.height; py++) {
    const j = Math.round((((size.height - 1) / 2 - py) * mmPerPx - from[1]) / stepMm);
    for (let px = 0; px < size.width; px++) {
      const i = Math.round(((px - (size.width - 1) / 2) * mmPerPx - from[0]) / stepMm);
      const seen = i >= 0 && j >= 0 && i < width && j < height && mostMu > 0 ? ((mu[j * width + i] as number) / mostMu) * 255 : 0;
      rgba.set([seen, seen, seen, 255], 4 * (py * size.width + px));
    }
  }
  return rgba;
}

function isocenter([x, y]: readonly [number, number]): SvgNode {
  const d = `M${round(x - 6)} ${round(y + 0.5)}h13M${round(x + 0.5)} ${round(y - 6)}v13`;
  return svg("g", {}, svg("path", { d, stroke: "#000000", "stroke-width": 3, fill: "none" }), svg("path", { d, stroke: "#FFFFFF", "stroke-width": 1.2, fill: "none" }));
}
