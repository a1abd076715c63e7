import { svg, type SvgNode } from "../svg.ts";
import { label, textWidth } from "../text.ts";
import { maximumText, type DoseMaximum } from "./dose-maximum.ts";
import { onBlack } from "./image-colors.ts";
import type { DoseLayer } from "./picture.ts";

const [swatch, rowHeight, inset, between] = [14, 18, 10, 16];

/**
 * Levels of a dose from low to high, each with its color and its dose, then the highest dose and where it is; in rows as
 * wide as the figure.
 *
 * @param top  where the first row begins, px
 */
export function levelKey({ scheme, referenceGy }: DoseLayer, maximum: DoseMaximum | undefined, width: number, top: number): { readonly nodes: readonly SvgNode[]; readonly height: number } {
  const nodes: SvgNode[] = [];
  let [x, row] = [inset, 0];
  const place = (text: string, lead: number) => {
    const wide = lead + textWidth(text, 12);
    if (x > inset && x + wide > width - inset) [x, row] = [inset, row + 1];
    const at = [x, top + 15 + row * rowHeight] as const;
    nodes.push(label(at[0] + lead, at[1], text, { fill: onBlack["ink-2"] }));
    x += Math.ceil(wide) + between;
    return at;
  };
  for (const { percent, color, drawn } of [...scheme].sort((a, b) => a.percent - b.percent)) {
    const text = `${drawn === "line" ? "" : "from "}${percent} %, ${((percent / 100) * referenceGy).toFixed(1)} Gy`;
    const [at, y] = place(text, swatch + 6);
    nodes.push(drawn === "line"
      ? svg("path", { d: `M${at} ${y - 4}h${swatch}`, stroke: color, "stroke-width": 2, fill: "none" })
      : svg("rect", { x: at, y: y - 9, width: swatch, height: 10, fill: color, "data-level": percent }));
  }
  if (maximum !== undefined) place(`${maximumText(maximum, referenceGy)} at ${maximum.point.map((mm) => mm.toFixed(1).replace("-", "−")).join(", ")} mm`, 0);
  return { nodes, height: (row + 1) * rowHeight + 2 };
}
