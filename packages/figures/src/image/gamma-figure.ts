import type { Volume } from "@hapax/base";
import { isolines, paintBands, type Band } from "@hapax/kernels";
import { frame, svg, type Figure } from "../svg.ts";
import { rgbOf } from "./image-colors.ts";
import { cut, haloed, linePath, putCorners, putLetters, scaleBar, textOn } from "./overlay.ts";
import { picture, sliceOf, type Scene } from "./picture.ts";
import { placeOf, type ViewPlane } from "./plane.ts";
import { footed, footWords, pixelsOf, type PlaneFigureOptions } from "./plane-figures.ts";

/** A comparison of two doses by the gamma index. */
export interface GammaMap {
  /** Gamma per voxel; NaN where it was not evaluated. */
  readonly volume: Volume<Float32Array>;
  /** "3 % / 3 mm, global, from 10 % of the dose". */
  readonly criteria: string;
  /** Points with gamma of 1 or less, percent of those evaluated. */
  readonly passPercent: number;
}

const passColor = "#35A7FF";
const failColor = "#FF3B30";

/** Points that pass in two blues, near the limit denser; points that fail in red, and denser still. */
export const gammaBands: readonly Band[] = [
  { from: 0, rgb: rgbOf(passColor), alpha: 0.22 },
  { from: 0.5, rgb: rgbOf(passColor), alpha: 0.4 },
  // Gamma of exactly 1 passes.
  { from: 1 + Number.EPSILON, rgb: rgbOf(failColor), alpha: 0.7 },
];

/** Where two doses agree: the pass map on the scan, failing areas outlined, with criteria and pass rate. */
export function gammaFigure(scene: Scene, gamma: GammaMap, planes: readonly ViewPlane[], options: PlaneFigureOptions = {}): Figure {
  const width = planes.reduce((sum, p) => sum + p.width + 2, -2);
  const height = Math.max(...planes.map((p) => p.height));
  const rate = `${gamma.passPercent.toFixed(1)} % pass`;
  const drawn = planes.map((plane, i) => {
    const left = planes.slice(0, i).reduce((sum, p) => sum + p.width + 2, 0);
    const { rgba } = picture({ image: scene.image }, plane);
    const values = sliceOf(gamma.volume, plane, "nearest");
    paintBands(values, gammaBands, rgba);
    const [limit] = isolines(sliceOf(gamma.volume, plane), plane.width, plane.height, [1]) as [Float64Array[]];
    const words = textOn(plane, [left, 0]);
    const title = plane.kind.charAt(0).toUpperCase() + plane.kind.slice(1);
    putCorners(words, { title, under: placeOf(plane), synthetic: options.synthetic === true, lower: ["blue passes, red fails", gamma.criteria, rate] });
    putLetters(words, plane.letters);
    const bar = scaleBar(words, plane.mmPerPx);
    const line = svg("path", { d: linePath(limit, [left, 0]), fill: "none", stroke: "#FFFFFF", "stroke-width": 1 });
    return { values, node: svg("g", {}, pixelsOf(rgba, plane, [left, 0]), cut([left, 0], plane, line), bar, words.labels.nodes.map(haloed)) };
  });
  const ground = footed(width, height, footWords(options));
  return {
    name: "gamma",
    title: `Gamma, ${gamma.criteria}`,
    description: `${rate} at ${gamma.criteria}.`,
    width,
    height: ground.height,
    root: frame(width, ground.height, ground.nodes, drawn.map(({ node }) => node)),
    table: {
      columns: ["plane", "place", "pixels evaluated", "pixels with gamma above 1", "criteria", "points that pass, %"],
      rows: drawn.map(({ values }, i) => {
        const plane = planes[i] as ViewPlane;
        return [plane.kind, placeOf(plane), count(values, (v) => v === v), count(values, (v) => v > 1), gamma.criteria, gamma.passPercent.toFixed(2)];
      }),
    },
  };
}

function count(values: Float32Array, which: (v: number) => boolean): string {
  return String(values.reduce((sum, v) => sum + (which(v) ? 1 : 0), 0));
}
