import { HapaxError } from "@hapax/base";
import { isodosesOf, outlinesOf, picture, sliceOf, type Picture, type Scene, type ViewPlane } from "@hapax/figures";
import type { PlaneRenderer } from "@hapax/figures/webgl";

/** What lies above the pixels of a picture. */
export type PictureLines = Pick<Picture, "plane" | "isodoses" | "comparedIsodoses" | "outlines">;

/** Draws a plane of a scene into a canvas and gives the lines that lie above it. */
export type Painter = (canvas: HTMLCanvasElement, scene: Scene, plane: ViewPlane) => PictureLines;

/** The renderer that needs nothing of the machine. */
export const paintOnCpu: Painter = (canvas, scene, plane) => {
  const drawn = picture(scene, plane);
  fitted(canvas, plane).putImageData(new ImageData(drawn.rgba, plane.width, plane.height), 0, 0);
  canvas.dataset["painted"] = "cpu";
  return drawn;
};

/** A painter on a graphics card; what the card does not take is drawn on the CPU, from then on. */
export function paintOnCard(card: PlaneRenderer): Painter {
  let works = true;
  return (canvas, scene, plane) => {
    if (!works) return paintOnCpu(canvas, scene, plane);
    try {
      const drawn = card.draw(scene, plane);
      fitted(canvas, plane).drawImage(drawn, 0, 0);
    } catch (error) {
      if (error instanceof HapaxError && error.code === "figures/other-frame-of-reference") throw error;
      works = false;
      return paintOnCpu(canvas, scene, plane);
    }
    canvas.dataset["painted"] = "card";
    const { dose, comparedDose } = scene;
    return {
      plane,
      isodoses: dose !== undefined && dose.draw?.lines !== false ? isodosesOf(sliceOf(dose.volume, plane), plane, dose) : [],
      comparedIsodoses: comparedDose === undefined ? [] : isodosesOf(sliceOf(comparedDose.volume, plane), plane, comparedDose),
      outlines: outlinesOf(scene, plane),
    };
  };
}

function fitted(canvas: HTMLCanvasElement, plane: ViewPlane): CanvasRenderingContext2D {
  if (canvas.width !== plane.width) canvas.width = plane.width;
  if (canvas.height !== plane.height) canvas.height = plane.height;
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new HapaxError("web/canvas", "The browser gives no canvas to draw on.", "Use a current Chromium, Firefox or Safari.");
  return context;
}
