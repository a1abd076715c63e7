import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { toSvg, type Figure, type Theme } from "./svg.ts";

const require = createRequire(import.meta.url);
const folderOf = (name: string) => join(dirname(require.resolve(`${name}/package.json`)), "TTF");

/** The font files that pictures need, as the font packages hold them. */
export const fontFiles: readonly string[] = [
  ...["Regular", "Semibold", "It"].map((w) => join(folderOf("source-sans"), `SourceSans3-${w}.ttf`)),
  ...["Regular", "Semibold", "It"].map((w) => join(folderOf("source-serif"), `SourceSerif4-${w}.ttf`)),
  join(folderOf("source-code-pro"), "SourceCodePro-Regular.ttf"),
];

/**
 * A figure as a PNG image, with the fonts of the house and nothing from the system.
 *
 * @param scale   pixels of the image per px of the figure
 * @param ground  token of the color behind it
 */
export function toPng(figure: Figure, theme: Theme, scale = 2, ground: "paper" | "desk" | "none" = "paper"): Uint8Array {
  const resvg = new Resvg(toSvg(figure, theme, ground), {
    fitTo: { mode: "width", value: Math.round(figure.width * scale) },
    font: { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: "Source Sans 3" },
  });
  return resvg.render().asPng();
}
