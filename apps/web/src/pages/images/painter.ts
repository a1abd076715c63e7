import { picture, type Picture, type Scene, type ViewPlane } from "@hapax/figures";

/** Draws a plane of a scene into a canvas and gives the lines that lie above it. */
export type Painter = (canvas: HTMLCanvasElement, scene: Scene, plane: ViewPlane) => Picture;

/** The renderer that needs nothing of the machine. */
export const paintOnCpu: Painter = (canvas, scene, plane) => {
  const drawn = picture(scene, plane);
  if (canvas.width !== plane.width) canvas.width = plane.width;
  if (canvas.height !== plane.height) canvas.height = plane.height;
  canvas.getContext("2d", { alpha: false })?.putImageData(new ImageData(drawn.rgba, plane.width, plane.height), 0, 0);
  canvas.dataset["painted"] = "cpu";
  return drawn;
};
