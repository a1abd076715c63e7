import { HapaxError } from "@hapax/base";
import { isodosesOf, picture, sliceOf, type Picture, type Scene, type ViewPlane } from "@hapax/figures";
import type { PlaneRenderer } from "@hapax/figures/webgl";
import { rememberedOutlines } from "./remembered-outlines.ts";
import { strokeLines, type PictureLines } from "./stroke-lines.ts";

/** The canvases of a view: its pixels, and the lines above them. */
export interface Layers {
  readonly picture: HTMLCanvasElement;
  readonly lines: HTMLCanvasElement;
}

/** Draws a plane of a scene and the lines above it; `dense` px of the plane stand for one of CSS. */
export type Painter = (layers: Layers, scene: Scene, plane: ViewPlane, dense: number) => PictureLines;

/** The last picture of each canvas: its arrays are written anew, so that scrolling makes no garbage. */
const last = new WeakMap<HTMLCanvasElement, Picture>();

/** The renderer that needs nothing of the machine. */
export const paintOnCpu: Painter = (layers, scene, plane, dense) => {
  const { structures: _, ...pixels } = scene;
  const drawn = picture(pixels, plane, last.get(layers.picture));
  last.set(layers.picture, drawn);
  fitted(layers.picture, plane, true).putImageData(new ImageData(drawn.rgba, plane.width, plane.height), 0, 0);
  const lines = { plane, isodoses: drawn.isodoses, comparedIsodoses: drawn.comparedIsodoses, outlines: rememberedOutlines(scene, plane) };
  strokeLines(fitted(layers.lines, plane, false), lines, dense);
  layers.picture.dataset["painted"] = "cpu";
  return lines;
};

/** A painter on a graphics card; what the card does not take is drawn on the CPU, from then on. */
export function paintOnCard(card: PlaneRenderer): Painter {
  let works = true;
  return (layers, scene, plane, dense) => {
    if (!works || scene.dose?.interpolation === "nearest") return paintOnCpu(layers, scene, plane, dense);
    try {
      fitted(layers.picture, plane, true).drawImage(card.draw(scene, plane), 0, 0);
    } catch (error) {
      if (error instanceof HapaxError && error.code === "figures/other-frame-of-reference") throw error;
      works = false;
      return paintOnCpu(layers, scene, plane, dense);
    }
    const { dose, comparedDose } = scene;
    const lines = {
      plane,
      isodoses: dose !== undefined && dose.draw?.lines !== false ? isodosesOf(sliceOf(dose.volume, plane), plane, dose) : [],
      comparedIsodoses: comparedDose === undefined ? [] : isodosesOf(sliceOf(comparedDose.volume, plane), plane, comparedDose),
      outlines: rememberedOutlines(scene, plane),
    };
    strokeLines(fitted(layers.lines, plane, false), lines, dense);
    layers.picture.dataset["painted"] = "card";
    return lines;
  };
}

function fitted(canvas: HTMLCanvasElement, { width, height }: ViewPlane, opaque: boolean): CanvasRenderingContext2D {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d", { alpha: !opaque });
  if (context === null) throw new HapaxError("web/canvas", "The browser gives no canvas to draw on.", "Use a current Chromium, Firefox or Safari.");
  return context;
}
