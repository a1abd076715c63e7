import type { PatientPosition, Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import type { Candidate } from "../chart.ts";
import { frame, round, svg, type Figure, type SvgNode } from "../svg.ts";
import { beamPixel, beamsEye, radiographOf, radiographPixels, shadowsOf, type BeamsEye } from "./beams-eye.ts";
import { cut, haloed, outlineNodes, putCorners, putLetters, scaleBar, textOn, type PictureText } from "./overlay.ts";
import type { StructureOutline } from "./picture.ts";
import { footed, footWords, pixelsOf, type PlaneFigureOptions } from "./plane-figures.ts";
import type { OutlinedStructure } from "./structure-lines.ts";

/** What is seen from a beam. */
export interface BeamScene {
  /** CT, HU. */
  readonly scan: Volume;
  readonly beam: PlanBeam;
  /** Which control point; default the first. */
  readonly controlPoint?: number;
  readonly patientPosition: PatientPosition;
  /** Target and organs, with occupancy. */
  readonly structures?: readonly OutlinedStructure[];
}

export interface BevFigureOptions extends PlaneFigureOptions {
  /** px; default 480 × 480. */
  readonly width?: number;
  readonly height?: number;
  /** At the isocenter; left out, the field with a margin of 4 cm fits. */
  readonly mmPerPx?: number;
}

const jawColor = "#FFD400";

/** Beam's eye view: radiograph, jaws, leaves of every pair with the open aperture, shadows of structures, isocenter. */
export function bevFigure(scene: BeamScene, options: BevFigureOptions = {}): Figure {
  const { beam } = scene;
  const point = beam.controlPoints[scene.controlPoint ?? 0] as ControlPoint;
  const size = { width: options.width ?? 480, height: options.height ?? 480 };
  const view = beamsEye(beam, point, scene.patientPosition, size, options.mmPerPx ?? fittingScale(beam, point, size));
  const pixels = radiographPixels(radiographOf(scene.scan, view), size.width);
  const shadows = shadowsOf(scene.structures ?? [], view);
  const words = textOn(size, [0, 0]);
  putCorners(words, {
    title: "Beam’s eye view",
    under: `${beam.name}, gantry ${degrees(point.gantryDeg)}`,
    synthetic: options.synthetic === true,
    lower: [`collimator ${degrees(point.collimatorDeg)}, couch ${degrees(point.couchDeg)}`, jawText(point)],
  });
  putLetters(words, view.letters);
  const bar = scaleBar(words, view.mmPerPx);
  const leaves = leafNodes(beam, point, view);
  const jaws = jawNodes(beam, point, view);
  putShadowNames(words, shadows);
  const ground = footed(size.width, size.height, footWords(options));
  return {
    name: "bev",
    title: `Beam’s eye view of ${beam.name}`,
    description: `${beam.name} at gantry ${degrees(point.gantryDeg)}, collimator ${degrees(point.collimatorDeg)}, couch ${degrees(point.couchDeg)}; ${jawText(point)}. Seen: ${shadows.map(({ name }) => name).join(", ") || "no structure"}.`,
    width: size.width,
    height: ground.height,
    root: frame(size.width, ground.height, ground.nodes, pixelsOf(pixels, size, [0, 0]), cut([0, 0], size, leaves, outlineNodes(shadows, [0, 0]), jaws, graticule(view)), bar, words.labels.nodes.map(haloed)),
    table: tableOf(beam, point),
  };
}

/** Edges of a field in one direction: the jaws', or as far as the leaves' where a plan has none. */
function edges(beam: PlanBeam, point: ControlPoint, axis: "x" | "y"): readonly [number, number] {
  const jaws = point.limits[axis];
  if (jaws !== undefined) return jaws;
  const across = beam.leafAxis === axis ? point.limits.leaves : beam.leafEdges;
  return across === undefined || across.length === 0 ? [-200, 200] : [Math.min(...across), Math.max(...across)];
}

function fittingScale(beam: PlanBeam, point: ControlPoint, { width, height }: { width: number; height: number }): number {
  const reach = (axis: "x" | "y") => Math.max(...edges(beam, point, axis).map(Math.abs)) + 40;
  return Math.max((2 * reach("x")) / width, (2 * reach("y")) / height);
}

/** A rectangle in the frame of the beam limiting device, in px. */
function rect(view: BeamsEye, [x1, x2]: readonly [number, number], [y1, y2]: readonly [number, number], attrs: Readonly<Record<string, string | number>>): SvgNode {
  const [left, top] = beamPixel(view, x1, y2);
  const [right, bottom] = beamPixel(view, x2, y1);
  return svg("rect", { x: left + 0.5, y: top + 0.5, width: right - left, height: bottom - top, ...attrs });
}

/** Where both tips of a pair stand and the strip it runs in; along x or y. */
interface LeafPair {
  readonly strip: readonly [number, number];
  readonly tips: readonly [number, number];
}

/** Pairs of leaves of a control point; none where the beam has no multileaf collimator. */
export function leafPairs(beam: PlanBeam, { limits: { leaves } }: ControlPoint): LeafPair[] {
  const { leafEdges } = beam;
  if (leaves === undefined || leafEdges === undefined) return [];
  const pairs = leafEdges.length - 1;
  return Array.from({ length: pairs }, (_, i) => ({
    strip: [leafEdges[i] as number, leafEdges[i + 1] as number],
    tips: [leaves[i] as number, leaves[i + pairs] as number],
  }));
}

/** Each leaf as far as 3 cm behind the jaws, and the light between the tips within the jaws. */
function leafNodes(beam: PlanBeam, point: ControlPoint, view: BeamsEye): SvgNode[] {
  const along = beam.leafAxis ?? "x";
  const run = edges(beam, point, along);
  const across = edges(beam, point, along === "x" ? "y" : "x");
  const placed = (from: number, to: number, strip: readonly [number, number], attrs: Readonly<Record<string, string | number>>) =>
    along === "x" ? rect(view, [from, to], strip, attrs) : rect(view, strip, [from, to], attrs);
  return leafPairs(beam, point).flatMap(({ strip, tips: [one, two] }) => {
    if (strip[1] < across[0] - 10 || strip[0] > across[1] + 10) return [];
    const leaf = { fill: "#8C979B", "fill-opacity": 0.28, stroke: "#A9B3B7", "stroke-width": 0.8 };
    const light = [Math.max(one, run[0]), Math.min(two, run[1])] as const;
    const lit = [Math.max(strip[0], across[0]), Math.min(strip[1], across[1])] as const;
    return [
      placed(Math.min(run[0], one) - 30, one, strip, leaf),
      placed(two, Math.max(run[1], two) + 30, strip, leaf),
      ...(light[1] > light[0] && lit[1] > lit[0] ? [placed(light[0], light[1], lit, { fill: jawColor, "fill-opacity": 0.1 })] : []),
    ];
  });
}

function jawNodes(beam: PlanBeam, point: ControlPoint, view: BeamsEye): SvgNode {
  const none = point.limits.x === undefined || point.limits.y === undefined;
  return rect(view, edges(beam, point, "x"), edges(beam, point, "y"), { fill: "none", stroke: jawColor, "stroke-width": 1.5, ...(none ? { "stroke-dasharray": "4 3" } : {}) });
}

/** The isocenter, and ticks each centimetre on both axes, every fifth longer. */
function graticule(view: BeamsEye): SvgNode {
  const [x, y] = beamPixel(view, 0, 0).map((v) => round(v + 0.5)) as [number, number];
  const reach = (px: number) => Math.floor(((px / 2) * view.mmPerPx) / 10);
  const ticks = (count: number, tick: (cm: number, half: number) => string) =>
    Array.from({ length: 2 * count + 1 }, (_, i) => i - count).filter((cm) => cm !== 0).map((cm) => tick(cm, cm % 5 === 0 ? 5 : 2)).join("");
  const px = 10 / view.mmPerPx;
  const across = ticks(reach(view.width), (cm, half) => `M${round(x + cm * px)} ${y - half}V${y + half}`);
  const down = ticks(reach(view.height), (cm, half) => `M${x - half} ${round(y + cm * px)}H${x + half}`);
  return svg(
    "g", {},
    svg("path", { d: across + down, stroke: "#FFFFFF", "stroke-opacity": 0.45, "stroke-width": 1, fill: "none" }),
    svg("path", { d: `M${x - 9} ${y}H${x + 9}M${x} ${y - 9}V${y + 9}`, stroke: "#000000", "stroke-width": 3.5, fill: "none" }),
    svg("path", { d: `M${x - 9} ${y}H${x + 9}M${x} ${y - 9}V${y + 9}`, stroke: "#FFFFFF", "stroke-width": 1.5, fill: "none" }),
  );
}

/** Names of structures beside their shadows. */
export function putShadowNames({ labels, width, height }: PictureText, shadows: readonly StructureOutline[]): void {
  for (const { name, color, lines } of shadows) {
    const points = lines.flatMap((line) => Array.from({ length: line.length / 2 }, (_, i) => ({ x: (line[2 * i] as number) + 0.5, y: (line[2 * i + 1] as number) + 0.5 })));
    const seen = points.filter(({ x, y }) => x > 0 && y > 0 && x < width && y < height).sort((a, b) => b.x - a.x);
    const stride = Math.max(1, Math.floor(seen.length / 60));
    labels.put(name, seen.filter((_, i) => i % stride === 0).map(({ x, y }): Candidate => ({ x: x + 5, y: y + 4 })), { fill: color, weight: 600 }, 48);
  }
}

const degrees = (value: number) => `${Number(value.toFixed(1))}°`;
const cm = (mm: number) => (mm / 10).toFixed(1).replace("-", "−");

function jawText({ limits: { x, y } }: ControlPoint): string {
  if (x !== undefined && y !== undefined) return `jaws ${cm(x[1] - x[0])} × ${cm(y[1] - y[0])} cm`;
  if (x !== undefined) return `X jaws ${cm(x[1] - x[0])} cm, no Y jaws in the plan`;
  return y === undefined ? "no jaws in the plan" : `Y jaws ${cm(y[1] - y[0])} cm, no X jaws in the plan`;
}

function tableOf(beam: PlanBeam, point: ControlPoint): Figure["table"] {
  const across = beam.leafAxis === "y" ? "x" : "y";
  const jaws = (["x", "y"] as const).flatMap((axis) => {
    const limits = point.limits[axis];
    return limits === undefined ? [] : [[`jaws ${axis.toUpperCase()}`, "", ...limits.map((v) => v.toFixed(1)), (limits[1] - limits[0]).toFixed(1)]];
  });
  const leaves = leafPairs(beam, point).map(({ strip, tips }, i) => [`leaf pair ${i + 1}`, `${across} ${strip[0].toFixed(1)} to ${strip[1].toFixed(1)}`, ...tips.map((v) => v.toFixed(1)), (tips[1] - tips[0]).toFixed(1)]);
  return { columns: ["what", "strip, mm", "from, mm", "to, mm", "open, mm"], rows: [...jaws, ...leaves] };
}

