import { mprFigure, toSvg, washFigure, type Figure, type Scene, type ViewPlane } from "@hapax/figures";

/** The picture of one plane as a figure that stands alone. */
export function figureOf(scene: Scene, plane: ViewPlane, options: { readonly label: string; readonly synthetic: boolean }): Figure {
  return scene.dose === undefined ? mprFigure(scene, [plane], options) : washFigure(scene, [plane], options);
}

/** Saves a figure as a file of this machine. */
export async function saveFigure(name: string, figure: Figure, kind: "svg" | "png"): Promise<void> {
  const svg = new Blob([toSvg(figure, "dark", "none")], { type: "image/svg+xml" });
  download(`${name}.${kind}`, kind === "svg" ? svg : await pngOf(svg, figure));
}

/** Two px for each of the figure, so that print holds. */
const dense = 2;

async function pngOf(svg: Blob, { width, height }: Figure): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(svg);
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(width * dense, height * dense);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return canvas.convertToBlob({ type: "image/png" });
}

function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
