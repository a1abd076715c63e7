import { svg, type SvgNode } from "./svg.ts";
import { contrast, colors, type Theme } from "./tokens.ts";

/**
 * A structure's color as it can be seen on the ground of a theme. Colors of structures are made for black; on paper they
 * are darkened in their own hue.
 *
 * @param color  `#rrggbb`
 * @param least  contrast with the ground: 3 for lines, 4.5 for words
 */
export function onGround(color: string, theme: Theme, least: 3 | 4.5): string {
  const ground = colors.paper[theme];
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const toward = theme === "light" ? 0 : 255;
  for (let step = 0; step <= 20; step++) {
    const mixed = `#${parts.map((part) => Math.round(part + ((toward - part) * step) / 20).toString(16).padStart(2, "0")).join("")}`;
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return theme === "light" ? "#000000" : "#ffffff";
}

/** Words over lines: a halo of the ground. */
export function clearOf(node: SvgNode): SvgNode {
  return { ...node, attrs: { ...node.attrs, stroke: "var(--paper)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" } };
}

/** A hairline of the drawing. */
export function hairline(d: string, color: "rule" | "rule-strong" | "ink-3" = "rule", dash?: string): SvgNode {
  return svg("path", { d, stroke: `var(--${color})`, "stroke-width": 1, fill: "none", "stroke-dasharray": dash });
}
