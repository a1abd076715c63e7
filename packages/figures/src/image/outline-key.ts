import { svg, type SvgNode } from "../svg.ts";
import { label, shorten, textWidth } from "../text.ts";
import { onBlack } from "./image-colors.ts";
import type { StructureLook } from "./structure-colors.ts";

/** A line with a name. */
export interface NamedLine extends StructureLook {
  readonly name: string;
}

const [sample, rowHeight, inset, between] = [18, 18, 10, 16];

/**
 * Names of lines, each once beside a piece of its line, in rows as wide as the figure.
 *
 * @param top  where the first row begins, px
 */
export function outlineKey(lines: readonly NamedLine[], width: number, top: number): { readonly nodes: readonly SvgNode[]; readonly height: number } {
  const seen = [...new Map(lines.map((line) => [line.name, line])).values()];
  const nodes: SvgNode[] = [];
  let [x, row] = [inset, 0];
  for (const { name, color, dashed } of seen) {
    const text = shorten(name, width - sample - 2 * inset - 6, 12);
    const wide = sample + 6 + textWidth(text, 12);
    if (x > inset && x + wide > width - inset) [x, row] = [inset, row + 1];
    const y = top + 15 + row * rowHeight;
    nodes.push(
      svg("path", { d: `M${x} ${y - 4}H${x + sample}`, stroke: color, "stroke-width": 2, "stroke-dasharray": dashed ? "5 3" : undefined, fill: "none" }),
      label(x + sample + 6, y, text, { fill: onBlack["ink-2"] }),
    );
    x += Math.ceil(wide) + between;
  }
  return { nodes, height: seen.length === 0 ? 0 : (row + 1) * rowHeight + 2 };
}
