import { labelsWithin, type Candidate, type Labels } from "../chart.ts";
import { round, svg, type SvgNode } from "../svg.ts";
import { textWidth, type TextStyle } from "../text.ts";
import type { DoseMaximum } from "./dose-maximum.ts";
import { onBlack } from "./image-colors.ts";
import type { Isodose, StructureOutline } from "./picture.ts";
import { pixelFromPatient, type ViewPlane } from "./plane.ts";

/** Where the upper left corner of a picture stands in a figure, px. */
export type Place = readonly [number, number];

/** Drawing cut at the edges of its picture; coordinates stay those of the figure. */
export function cut([x, y]: Place, { width, height }: Pick<ViewPlane, "width" | "height">, ...nodes: readonly (SvgNode | undefined | readonly SvgNode[])[]): SvgNode {
  return svg("svg", { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: "hidden" }, ...nodes);
}

/** Lines in px of a plane as the data of a path, its corner at a place; pixel (0, 0) has its center half a px inside. */
export function linePath(lines: readonly Float64Array[], [left, top]: Place): string {
  return lines.map((line) => onePath(line, left + 0.5, top + 0.5)).join("");
}

function onePath(line: Float64Array, left: number, top: number): string {
  const last = line.length - 2;
  const closed = line[0] === line[last] && line[1] === line[last + 1];
  let d = "";
  let [keptX, keptY] = [Number.NaN, Number.NaN];
  for (let i = 0; i <= (closed ? last - 2 : last); i += 2) {
    const [x, y] = [line[i] as number, line[i + 1] as number];
    // Half a px apart is all that an eye or a printer tells.
    if (i > 0 && i < last && Math.hypot(x - keptX, y - keptY) < 0.5) continue;
    d += `${i === 0 ? "M" : "L"}${round(x + left)} ${round(y + top)}`;
    [keptX, keptY] = [x, y];
  }
  return closed ? `${d}Z` : d;
}

/** Isodoses, 1.2 px, the warmer above the colder. */
export function isodoseNodes(isodoses: readonly Isodose[], place: Place, dashed = false): SvgNode[] {
  return [...isodoses]
    .sort((a, b) => a.gy - b.gy)
    .filter(({ lines }) => lines.length > 0)
    .map(({ level, lines }) =>
      svg("path", {
        d: linePath(lines, place), fill: "none", stroke: level.color, "stroke-width": 1.2, "stroke-linejoin": "round",
        "stroke-dasharray": dashed ? "5 3" : undefined, "data-isodose": level.percent,
      }),
    );
}

/** Outlines, 1.5 px on a dark halo of half a px, and points as crosses; a planning risk volume is dashed. */
export function outlineNodes(outlines: readonly StructureOutline[], place: Place): SvgNode[] {
  return outlines.flatMap(({ name, color, dashed, lines, points }) => {
    const crosses = points.map(([x, y]) => [round(x + place[0] + 0.5), round(y + place[1] + 0.5)] as const).map(([x, y]) => `M${x - 5} ${y}H${x + 5}M${x} ${y - 5}V${y + 5}`);
    const line = { d: linePath(lines, place) + crosses.join(""), fill: "none", "stroke-linejoin": "round", "stroke-dasharray": dashed ? "5 3" : undefined };
    return [
      svg("path", { ...line, stroke: "#000000", "stroke-opacity": 0.7, "stroke-width": 2.5 }),
      svg("path", { ...line, stroke: color, "stroke-width": 1.5, "data-structure": name }),
    ];
  });
}

/** Labels on black with a dark halo; they keep clear of one another and of the edges of the figure. */
export function haloed(node: SvgNode): SvgNode {
  const halo = { stroke: "#000000", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
  return { ...node, attrs: { ...node.attrs, ...halo } };
}

/** A free place for text inside a picture, found in the order of the candidates. */
export interface PictureText {
  readonly labels: Labels;
  readonly place: Place;
  readonly width: number;
  readonly height: number;
}

export function textOn({ width, height }: Pick<ViewPlane, "width" | "height">, place: Place): PictureText {
  const labels = labelsWithin(place[0] + width, place[1] + height);
  labels.keep({ x0: -1e6, y0: -1e6, x1: place[0], y1: 1e6 });
  labels.keep({ x0: -1e6, y0: -1e6, x1: 1e6, y1: place[1] });
  return { labels, place, width, height };
}

/** What stands in the corners and at the edges of a picture. */
export interface CornerTexts {
  readonly title: string;
  /** Below the title: position, gantry. */
  readonly under?: string;
  readonly synthetic?: boolean;
  /** Lines at the lower left, the last at the bottom. */
  readonly lower?: readonly string[];
}

const inset = 10;

/** Title, position, SYNTHETIC and the lines at the lower left. */
export function putCorners({ labels, place: [left, top], width, height }: PictureText, { title, under, synthetic = false, lower = [] }: CornerTexts): void {
  const ink: TextStyle = { fill: onBlack.ink };
  labels.put(title, [{ x: left + inset, y: top + 19 }], { ...ink, weight: 600 });
  if (under !== undefined) labels.put(under, [{ x: left + inset, y: top + 36 }], ink);
  if (synthetic) labels.put("SYNTHETIC", [{ x: left + width - inset, y: top + 19, anchor: "end" }, { x: left + inset, y: top + 53 }], { ...ink, weight: 600 });
  lower.forEach((text, i) => labels.put(text, [{ x: left + inset, y: top + height - 10 - 16 * (lower.length - 1 - i) }], ink));
}

/** The sides of the patient at the four edges. */
export function putLetters({ labels, place: [left, top], width, height }: PictureText, letters: ViewPlane["letters"]): void {
  const style: TextStyle = { fill: onBlack.ink, weight: 600, size: 13 };
  const [middleX, middleY] = [left + width / 2, top + height / 2 + 4];
  labels.put(letters.top, [{ x: middleX, y: top + 19, anchor: "middle" }], style, 20);
  labels.put(letters.bottom, [{ x: middleX, y: top + height - 10, anchor: "middle" }], style, 20);
  labels.put(letters.left, [{ x: left + inset, y: middleY }], style, 40);
  labels.put(letters.right, [{ x: left + width - inset, y: middleY, anchor: "end" }], style, 40);
}

/** A bar of whole centimetres, as long as fits a fifth of the picture, at the lower right. */
export function scaleBar({ labels, place: [left, top], width, height }: PictureText, mmPerPx: number): SvgNode | undefined {
  const most = Math.max((width / 4.5) * mmPerPx, 1);
  const lengths = [500, 200, 100, 50, 20, 10, 5, 2, 1];
  const mm = lengths.find((l) => l <= most) ?? 1;
  const long = mm / mmPerPx;
  const [right, y] = [left + width - 12, top + height - 12];
  const text = mm >= 10 ? `${mm / 10} cm` : `${mm} mm`;
  const free = labels.put(text, [{ x: right - long / 2, y: y - 7, anchor: "middle" }, { x: right, y: y - 7, anchor: "end" }], { fill: onBlack.ink });
  if (!free) return undefined;
  labels.keep({ x0: right - long, y0: y - 5, x1: right, y1: y + 2 });
  const d = `M${round(right - long)} ${y - 4}V${y}H${right}V${y - 4}`;
  return svg("g", {}, svg("path", { d, fill: "none", stroke: "#000000", "stroke-width": 3.5 }), svg("path", { d, fill: "none", stroke: onBlack.ink, "stroke-width": 1.5 }));
}

/**
 * Writes on each isodose its percent, at the outermost free place of its longest line.
 *
 * @param empty  where nothing of the patient is seen, px of the figure: such places come first, so that no name hides anatomy
 */
export function putIsodoseLabels({ labels, place: [left, top], width, height }: PictureText, isodoses: readonly Isodose[], text: (isodose: Isodose) => string, empty?: (x: number, y: number) => boolean): void {
  for (const isodose of isodoses) {
    const longest = [...isodose.lines].sort((a, b) => b.length - a.length)[0];
    if (longest === undefined) continue;
    const outermost = candidatesAlong(longest, left, top, width, height);
    const hides = ({ x, y, anchor }: Candidate) => Number(empty !== undefined && !empty(anchor === "end" ? x - 10 : x + 10, y - 4));
    labels.put(text(isodose), [...outermost].sort((a, b) => hides(a) - hides(b)), { fill: isodose.level.color, weight: 600 });
  }
}

/** Places beside a line, those at its left and right ends first. */
function candidatesAlong(line: Float64Array, left: number, top: number, width: number, height: number): Candidate[] {
  const points: { x: number; y: number }[] = [];
  const stride = 2 * Math.max(1, Math.floor(line.length / 80));
  for (let i = 0; i < line.length; i += stride) {
    const [x, y] = [line[i] as number, line[i + 1] as number];
    if (x >= 0 && y >= 0 && x < width && y < height) points.push({ x: x + left + 0.5, y: y + top + 0.5 });
  }
  const middle = points.reduce((sum, p) => sum + p.x / points.length, 0);
  return [...points]
    .sort((a, b) => Math.abs(b.x - middle) - Math.abs(a.x - middle))
    .map(({ x, y }): Candidate => (x < middle ? { x: x - 4, y: y + 4, anchor: "end" } : { x: x + 4, y: y + 4 }));
}

/** A target mark where a point lies in the plane, within half a slice; with its text beside it. */
export function targetMark(words: PictureText, plane: ViewPlane, { point }: DoseMaximum, text: string): SvgNode | undefined {
  const [px, py, off] = pixelFromPatient(plane, point);
  if (Math.abs(off) > 0.5 || px < 0 || py < 0 || px >= plane.width || py >= plane.height) return undefined;
  const [x, y] = [px + words.place[0] + 0.5, py + words.place[1] + 0.5];
  words.labels.keep({ x0: x - 9, y0: y - 9, x1: x + 9, y1: y + 9 });
  const width = textWidth(text, 12, 600);
  const around = [16, 26, 38, 52, -12, -24, -38].flatMap((down): Candidate[] => [{ x: x + 12, y: y + down }, { x: x - 12 - width, y: y + down }]);
  words.labels.put(text, [{ x: x + 13, y: y + 4 }, ...around], { fill: onBlack.ink, weight: 600 });
  return target(x, y);
}

function target(x: number, y: number): SvgNode {
  const [r, out] = [5, 9];
  const cross = `M${round(x - out)} ${round(y)}H${round(x - 2)}M${round(x + 2)} ${round(y)}H${round(x + out)}M${round(x)} ${round(y - out)}V${round(y - 2)}M${round(x)} ${round(y + 2)}V${round(y + out)}`;
  const shape = (color: string, width: number) => [
    svg("circle", { cx: x, cy: y, r, fill: "none", stroke: color, "stroke-width": width }),
    svg("path", { d: cross, fill: "none", stroke: color, "stroke-width": width }),
  ];
  return svg("g", { "data-mark": "maximum" }, shape("#000000", 3.5), shape("#FFFFFF", 1.5));
}
