import { frame, svg, type Figure, type SvgNode } from "../svg.ts";
import { label, shorten, textWidth } from "../text.ts";
import { doseMaximum, maximumText, type DoseMaximum } from "./dose-maximum.ts";
import { onBlack } from "./image-colors.ts";
import {
  cut, haloed, isodoseNodes, outlineNodes, putCorners, putIsodoseLabels, putLetters, scaleBar, targetMark, textOn, type Place,
} from "./overlay.ts";
import { levelKey } from "./level-key.ts";
import { outlineKey } from "./outline-key.ts";
import { picture, type Isodose, type Picture, type Scene } from "./picture.ts";
import { placeOf, type ViewPlane } from "./plane.ts";
import { pngAddress } from "./png-bytes.ts";

/** What a figure of planes says about itself. */
export interface PlaneFigureOptions {
  /** What is seen: "CT chest, T5". */
  readonly label?: string;
  /** Written SYNTHETIC: no scan of a person. */
  readonly synthetic?: boolean;
  /** What stands on isodoses; default percent. */
  readonly isodoseUnit?: "percent" | "Gy";
  /** Levels of the dose with their doses below the picture, and the highest dose with its place, which may lie off every plane. */
  readonly levelKey?: boolean;
}

const gap = 2;

/** Scan with outlines: the planes side by side, without dose. */
export function mprFigure(scene: Scene, planes: readonly ViewPlane[], options: PlaneFigureOptions = {}): Figure {
  const { image, fusion, structures } = scene;
  const plain: Scene = { image, ...(fusion && { fusion }), ...(structures && { structures }) };
  return planesFigure("mpr", "Planes", plain, planes, options);
}

/** Scan, wash, isodoses with their percent, outlines, and the place of the highest dose. */
export function washFigure(scene: Scene, planes: readonly ViewPlane[], options: PlaneFigureOptions = {}): Figure {
  return planesFigure("wash", "Dose on planes", scene, planes, options);
}

/** Two doses: isodoses of the first solid, of the second dashed. No wash, which would stand for one of them only. */
export function compareFigure(scene: Scene, planes: readonly ViewPlane[], options: PlaneFigureOptions & { readonly names: readonly [string, string] }): Figure {
  const bare: Scene = { ...scene, ...(scene.dose && { dose: { ...scene.dose, draw: { wash: false, lines: true } } }) };
  return planesFigure("compare", "Two doses", bare, planes, options, [`solid: ${options.names[0]}`, `dashed: ${options.names[1]}`]);
}

function planesFigure(name: string, title: string, scene: Scene, planes: readonly ViewPlane[], options: PlaneFigureOptions, key: readonly string[] = []): Figure {
  const maximum = scene.dose && doseMaximum(scene.dose.volume);
  const drawn = planes.map((plane) => picture(scene, plane));
  const width = planes.reduce((sum, p) => sum + p.width + gap, -gap);
  const height = Math.max(...planes.map((p) => p.height));
  let left = 0;
  const panels = drawn.map((pic) => {
    const panel = panelOf(pic, [left, 0], scene, maximum, options, key);
    left += pic.plane.width + gap;
    return panel;
  });
  const names = outlineKey(drawn.flatMap((pic) => pic.outlines), width, height);
  const levels = scene.dose !== undefined && options.levelKey === true ? levelKey(scene.dose, maximum, width, height + names.height) : { nodes: [], height: 0 };
  const ground = footed(width, height + names.height + levels.height, footWords(options));
  return {
    name,
    title: options.label === undefined ? title : `${title}, ${options.label}`,
    description: drawn.map((pic) => described(pic)).join(" "),
    width,
    height: ground.height,
    root: frame(width, ground.height, ground.nodes, panels, names.nodes, levels.nodes),
    table: tableOf(drawn, scene, maximum),
  };
}

/** The black ground, and below the pictures what they show and what they are not: in one line, or in two. */
export function footed(width: number, height: number, words: string): { readonly nodes: SvgNode[]; readonly height: number } {
  const notice = shorten("Research and education. Not a medical device.", width - 20, 12);
  const narrow = textWidth(words, 12) + textWidth(notice, 12) + 40 > width && words !== "";
  const whole = height + (narrow ? 40 : 24);
  const style = { fill: onBlack["ink-3"] };
  const nodes = [
    svg("rect", { width, height: whole, fill: onBlack.ground }),
    words === "" ? undefined : label(10, height + 16, shorten(words, width - 20, 12), style),
    label(narrow ? 10 : width - 10, whole - 8, notice, { ...style, anchor: narrow ? "start" : "end" }),
  ];
  return { nodes: nodes.filter((n) => n !== undefined), height: whole };
}

/** What is seen, and whether of a person. */
export function footWords({ label, synthetic }: PlaneFigureOptions): string {
  return [label, synthetic === true ? "synthetic, no scan of a person" : undefined].filter((t) => t !== undefined).join(" · ");
}

/** One picture with everything above it. */
function panelOf(pic: Picture, place: Place, scene: Scene, maximum: DoseMaximum | undefined, options: PlaneFigureOptions, key: readonly string[]): SvgNode {
  const { plane } = pic;
  const words = textOn(plane, place);
  const { dose, image } = scene;
  putCorners(words, {
    title: plane.kind.charAt(0).toUpperCase() + plane.kind.slice(1),
    under: placeOf(plane),
    synthetic: options.synthetic === true,
    lower: [...key, windowText(image), ...(dose === undefined ? [] : [`100 % = ${dose.referenceGy.toFixed(1)} Gy`])],
  });
  putLetters(words, plane.letters);
  const bar = scaleBar(words, plane.mmPerPx);
  const target = maximum && dose && targetMark(words, plane, maximum, maximumText(maximum, dose.referenceGy));
  putIsodoseLabels(words, pic.isodoses, isodoseText(options.isodoseUnit));
  return svg(
    "g", { "data-plane": plane.kind },
    pixelsOf(pic.rgba, plane, place),
    cut(place, plane, outlineNodes(pic.outlines, place), isodoseNodes(pic.isodoses, place), isodoseNodes(pic.comparedIsodoses, place, true)),
    target, bar,
    words.labels.nodes.map(haloed),
  );
}

/** Pixels as an image of a figure. */
export function pixelsOf(rgba: Uint8ClampedArray, { width, height }: Pick<ViewPlane, "width" | "height">, [x, y]: Place): SvgNode {
  return svg("image", { x, y, width, height, href: pngAddress(rgba, width, height), preserveAspectRatio: "none", "image-rendering": "optimizeQuality" });
}

/** "window 35 / 420 HU". */
export function windowText({ window, volume }: Scene["image"]): string {
  return `window ${window.center} / ${window.width}${volume.unit === "" ? "" : ` ${volume.unit}`}`;
}

const isodoseText = (unit: "percent" | "Gy" = "percent") => ({ level, gy }: Isodose) => (unit === "percent" ? String(level.percent) : gy.toFixed(1));

function described({ plane, isodoses, outlines }: Picture): string {
  const seen = isodoses.filter(({ lines }) => lines.length > 0).map(({ level }) => `${level.percent} %`);
  const dose = seen.length === 0 ? "" : ` Isodoses ${seen.join(", ")}.`;
  const names = outlines.length === 0 ? "" : ` Outlines ${outlines.map(({ name }) => name).join(", ")}.`;
  return `${plane.kind} plane at ${placeOf(plane)}.${dose}${names}`;
}

function tableOf(drawn: readonly Picture[], { dose }: Scene, maximum: DoseMaximum | undefined): Figure["table"] {
  const rows = drawn.flatMap((pic) => {
    const at = [pic.plane.kind, placeOf(pic.plane)];
    return [
      ...pic.isodoses.map((i) => [...at, "isodose", `${i.level.percent} %`, `${i.gy.toFixed(2)} Gy`, `${areaCm2(i.lines, pic.plane.mmPerPx).toFixed(2)}`]),
      ...pic.comparedIsodoses.map((i) => [...at, "isodose, dashed", `${i.level.percent} %`, `${i.gy.toFixed(2)} Gy`, `${areaCm2(i.lines, pic.plane.mmPerPx).toFixed(2)}`]),
      ...pic.outlines.map((o) => [...at, "outline", o.name, "", ""]),
    ];
  });
  if (maximum !== undefined && dose !== undefined) {
    rows.push(["", maximum.point.map((v) => v.toFixed(1)).join(", "), "maximum", `${((100 * maximum.gy) / dose.referenceGy).toFixed(1)} %`, `${maximum.gy.toFixed(2)} Gy`, ""]);
  }
  return { columns: ["plane", "place, mm", "what", "level or name", "dose", "area within closed isodoses, cm²"], rows };
}

/** Area within closed isodoses; colder islands run the other way and are taken off. */
function areaCm2(lines: readonly Float64Array[], mmPerPx: number): number {
  let sum = 0;
  for (const line of lines) {
    if (line[0] !== line[line.length - 2] || line[1] !== line[line.length - 1]) continue;
    for (let i = 0; i + 3 < line.length; i += 2) sum += (line[i] as number) * (line[i + 3] as number) - (line[i + 2] as number) * (line[i + 1] as number);
  }
  return Math.abs((sum / 2) * mmPerPx ** 2) / 100;
}
