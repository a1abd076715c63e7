import type { State, Status } from "@hapax/case";
import { path, round, svg, type SvgNode } from "./svg.ts";

/** Every state that the grammar of the uncertain has a mark for. */
export type MarkKind = Status | State | "unverified" | "met" | "not met" | "cannot tell";

/**
 * The mark of a state, drawn as shapes so that no font is needed: disc, half disc, dashed ring, ring with stroke, ≠,
 * struck box, short dash, ring with ✓, disc with ×.
 *
 * @param x     middle, px
 * @param y     middle, px
 * @param size  width and height, px
 */
export function mark(kind: MarkKind, x: number, y: number, size: number): SvgNode {
  const r = size * 0.42;
  const thin = Math.max(1, size * 0.11);
  const name = { "data-mark": kind };
  switch (kind) {
    case "determined":
    case "recorded":
      return svg("circle", { ...name, cx: x, cy: y, r, fill: "var(--ink)" });
    case "undecided":
    case "uncertain":
    case "completion not recorded":
      return svg(
        "g",
        name,
        svg("circle", { cx: x, cy: y, r: r - thin / 2, fill: "none", stroke: "var(--uncertain)", "stroke-width": thin }),
        svg("path", { d: `M${round(x)} ${round(y - r)}A${round(r)} ${round(r)} 0 0 0 ${round(x)} ${round(y + r)}Z`, fill: "var(--uncertain)" }),
      );
    case "not recorded":
    case "pending":
    case "cannot tell":
      return svg("circle", { ...name, ...ring(x, y, r, thin), stroke: "var(--ink-3)", "stroke-dasharray": dashes(r, thin) });
    case "not performed":
      return svg(
        "g",
        name,
        svg("circle", { ...ring(x, y, r, thin), stroke: "var(--ink-2)" }),
        stroke([[x - r * 0.64, y + r * 0.64], [x + r * 0.64, y - r * 0.64]], thin, "var(--ink-2)"),
      );
    case "planned, not given": {
      const [w, h] = [size * 0.98, size * 0.6];
      const line = Math.max(1, size * 0.08);
      const unit = size / 14;
      return svg(
        "g",
        name,
        svg("rect", {
          x: x - w / 2 + unit, y: y - h / 2, width: w - 2 * unit, height: h, fill: "none", stroke: "var(--ink-2)",
          "stroke-width": line, "stroke-dasharray": [3.2, 1.1, 1.1, 1.1].map((d) => round(d * unit)).join(" "),
        }),
        stroke([[x - w / 2, y], [x + w / 2, y]], line, "var(--ink-2)"),
      );
    }
    case "contradiction":
      return svg(
        "g",
        name,
        stroke([[x - r, y - r * 0.38], [x + r, y - r * 0.38]], thin * 1.3, "var(--contradiction)"),
        stroke([[x - r, y + r * 0.38], [x + r, y + r * 0.38]], thin * 1.3, "var(--contradiction)"),
        stroke([[x - r * 0.5, y + r], [x + r * 0.5, y - r]], thin * 1.3, "var(--contradiction)"),
      );
    case "unverified":
    case "out of scope":
    case "not applicable":
      return svg("g", name, stroke([[x - r * 0.75, y], [x + r * 0.75, y]], thin * 1.2, "var(--ink-3)"));
    case "met":
      return svg(
        "g",
        name,
        svg("circle", { ...ring(x, y, r, thin), stroke: "var(--met)" }),
        stroke([[x - r * 0.45, y + r * 0.02], [x - r * 0.1, y + r * 0.4], [x + r * 0.48, y - r * 0.36]], thin * 1.2, "var(--met)"),
      );
    case "not met":
      return svg(
        "g",
        name,
        svg("circle", { cx: x, cy: y, r, fill: "var(--contradiction)" }),
        stroke([[x - r * 0.42, y - r * 0.42], [x + r * 0.42, y + r * 0.42]], thin * 1.3, "var(--paper)"),
        stroke([[x - r * 0.42, y + r * 0.42], [x + r * 0.42, y - r * 0.42]], thin * 1.3, "var(--paper)"),
      );
  }
}

/** A mark as an element of its own, for a line of text or a table. */
export function markNode(kind: MarkKind, size: number): SvgNode {
  return svg(
    "svg",
    { width: size, height: size, viewBox: `0 0 ${round(size)} ${round(size)}`, role: "img", "aria-label": kind },
    mark(kind, size / 2, size / 2, size),
  );
}

function ring(x: number, y: number, r: number, width: number): Record<string, string | number> {
  return { cx: x, cy: y, r: r - width / 2, fill: "none", "stroke-width": width };
}

/** Eight dashes around a ring, whatever its size. */
function dashes(r: number, width: number): string {
  const part = (2 * Math.PI * (r - width / 2)) / 8;
  return `${round(part * 0.58)} ${round(part * 0.42)}`;
}

/** A line through points, with round ends. */
export function stroke(points: readonly (readonly [number, number])[], width: number, color: string, dash?: string): SvgNode {
  return svg("path", {
    d: path(points),
    fill: "none",
    stroke: color,
    "stroke-width": width,
    "stroke-linecap": dash === undefined ? "round" : undefined,
    "stroke-dasharray": dash,
  });
}

/** Slanted lines inside a rectangle, cut at its edges without a clip path, so that every reader of SVG draws them. */
export function hatch(x: number, y: number, width: number, height: number, color: string, step = 6): SvgNode | undefined {
  let d = "";
  // Lines x' + y' = c rise to the right; c runs over the rectangle's diagonal.
  for (let c = step / 2; c < width + height; c += step) {
    const [ax, ay] = c <= height ? [0, c] : [c - height, height];
    const [bx, by] = c <= width ? [c, 0] : [width, c - width];
    d += `M${round(x + ax)} ${round(y + ay)}L${round(x + bx)} ${round(y + by)}`;
  }
  return d === "" ? undefined : svg("path", { d, stroke: color, "stroke-width": 1, fill: "none" });
}

/** A box of known bounds: wash, outline and ochre hatch. */
export function boundsBox(x: number, y: number, width: number, height: number): SvgNode {
  return svg(
    "g",
    {},
    svg("rect", { x, y, width, height, fill: "var(--uncertain-wash)" }),
    hatch(x, y, width, height, "var(--uncertain)"),
    svg("rect", { x, y, width, height, fill: "none", stroke: "var(--uncertain)", "stroke-width": 1 }),
  );
}

/**
 * A treatment planned and not given: dash-dot outline and a line through it.
 *
 * @param gap  from where to where the line makes room for words, px
 */
export function plannedBox(x: number, y: number, width: number, height: number, color: string, gap?: readonly [number, number]): SvgNode {
  const middle = y + height / 2;
  const parts = gap === undefined ? [[x - 6, x + width + 6]] : [[x - 6, gap[0]], [gap[1], x + width + 6]];
  return svg(
    "g",
    {},
    svg("rect", { x, y, width, height, fill: "none", stroke: color, "stroke-width": 1.5, "stroke-dasharray": "7 2 1.5 2" }),
    parts.flatMap(([from = 0, to = 0]) => (to > from ? [stroke([[from, middle], [to, middle]], 1.2, "var(--ink-2)")] : [])),
  );
}

/** A bar whose completion is not recorded: it breaks into stripes. */
export function stripes(x: number, y: number, width: number, height: number, color: string): SvgNode[] {
  const found: SvgNode[] = [];
  for (let at = 3; at < width; at += 6) found.push(svg("rect", { x: x + at, y, width: Math.min(3, width - at), height, fill: color }));
  return found;
}
