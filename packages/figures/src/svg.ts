import { resolveTokens, type Theme } from "./tokens.ts";

/** One element of a picture: what a browser, a file and a test all read. */
export interface SvgNode {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

/** A picture with its words: colors are written `var(--token)`, coordinates are px, nothing is transformed. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What the picture shows, for a screen reader. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** An `<svg>` element with its viewBox. */
  readonly root: SvgNode;
  /** The same content as a table. */
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

type Child = SvgNode | string | undefined | false;

/** An element; attributes that are undefined and children that are absent are left out. */
export function svg(
  tag: string,
  attrs: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (Child | readonly Child[])[]
): SvgNode {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) kept[name] = typeof value === "number" ? round(value) : value;
  }
  const inside = children.flat().filter((c): c is SvgNode | string => c !== undefined && c !== false);
  return { tag, attrs: kept, children: inside };
}

/** The root of a figure: its drawing in a frame of the given size, px. */
export function frame(width: number, height: number, ...children: readonly (Child | readonly Child[])[]): SvgNode {
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  return svg(
    "svg",
    { ...size, viewBox: `0 0 ${size.width} ${size.height}`, "font-family": "var(--sans)", role: "img" },
    ...children,
  );
}

/** Two decimals of a pixel: pictures stay small and compare equal on every machine. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** Points as the data of a path: `M x y L x y …`. */
export function path(points: readonly (readonly [number, number])[], close = false): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("") + (close ? "Z" : "");
}

/**
 * A figure as a file of its own: colors of the theme as hex, fonts by name, title and description inside, all text
 * escaped.
 *
 * @param ground  token of the color behind it, or "none"
 */
export function toSvg(figure: Figure, theme: Theme, ground: "paper" | "desk" | "none" = "paper"): string {
  const { root, width, height } = figure;
  const behind = ground === "none" ? undefined : svg("rect", { width, height, fill: `var(--${ground})` });
  const whole = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...root.attrs },
    svg("title", {}, figure.title),
    svg("desc", {}, figure.description),
    behind,
    [...root.children],
  );
  return `${serialize(whole, theme)}\n`;
}

/** An element without a file around it, with the colors of the theme; for tests and for marks inside documents. */
export function serialize(node: SvgNode, theme: Theme): string {
  const attrs = Object.entries(node.attrs)
    .map(([name, value]) => ` ${name}="${escape(typeof value === "number" ? String(value) : resolveTokens(value, theme))}"`)
    .join("");
  if (node.children.length === 0) return `<${node.tag}${attrs}/>`;
  const inside = node.children.map((c) => (typeof c === "string" ? escape(c) : serialize(c, theme))).join("");
  return `<${node.tag}${attrs}>${inside}</${node.tag}>`;
}

/** The figure's table as tab-separated values; no cell can start a formula in a spreadsheet or break a line. */
export function toTsv(figure: Figure): string {
  const cell = (text: string) => {
    // A line of the file is a row: tabs and every kind of line end become spaces.
    const flat = text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ").replace(/\0/g, "");
    return /^\s*[=+\-@]/.test(flat) ? `'${flat}` : flat;
  };
  return [figure.table.columns, ...figure.table.rows].map((row) => `${row.map(cell).join("\t")}\n`).join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return (
    text
      .toWellFormed()
      // XML 1.0 knows no control characters, not even escaped.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"']/g, (c) => entities[c] ?? c)
  );
}

export type { Theme };
