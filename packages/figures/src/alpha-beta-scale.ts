import { showNumber } from "@hapax/base";
import { spread } from "./chart.ts";
import { frame, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, textWidth } from "./text.ts";

export interface AlphaBetaScale {
  /** EQD2 of one course at several α/β, both in Gy. */
  readonly points: readonly { readonly alphaBeta: number; readonly eqd2: number }[];
  /** The EQD2 that the document states, and the α/β at which it would be reached where there is one. */
  readonly stated?: { readonly eqd2: number; readonly alphaBeta?: number | undefined };
  readonly width?: number;
}

/** EQD2 of one course as dots along its scale, one for each α/β; the stated value in vermilion. */
export function alphaBetaScale({ points, stated, width = 330 }: AlphaBetaScale): Figure {
  const height = 52;
  const dots = [
    ...points.map((p) => ({ value: p.eqd2, under: `α/β ${showNumber(p.alphaBeta)}`, stated: false })),
    ...(stated === undefined
      ? []
      : [{ value: stated.eqd2, under: stated.alphaBeta === undefined ? "stated" : `α/β ${showNumber(Number(stated.alphaBeta.toFixed(2)))}`, stated: true }]),
  ].sort((a, b) => a.value - b.value);
  const low = dots[0]?.value ?? 0;
  const high = dots.at(-1)?.value ?? 1;
  const left = 26;
  const right = width - 26;
  const xOf = (value: number) => (high > low ? left + ((value - low) / (high - low)) * (right - left) : (left + right) / 2);
  const sizes = (chosen: typeof dots) => chosen.map((d) => Math.max(textWidth(showNumber(d.value, 1), 12, 600), textWidth(d.under, 12)));
  // With too many values for the width the stated one and the ends stay, then every other.
  let chosen = dots;
  let middles = spread(chosen.map((d) => xOf(d.value)), sizes(chosen), 6, 0, width);
  while (middles === undefined && chosen.length > 1) {
    const drop = chosen.findLastIndex((d, i) => !d.stated && (i % 2 === 1 || chosen.length <= 3));
    chosen = chosen.filter((_, i) => i !== (drop === -1 ? 0 : drop));
    middles = spread(chosen.map((d) => xOf(d.value)), sizes(chosen), 6, 0, width);
  }
  const nodes: SvgNode[] = [svg("path", { d: `M${left - 14} 26H${right + 14}`, stroke: "var(--rule-strong)", "stroke-width": 1, fill: "none" })];
  for (const d of dots) {
    nodes.push(svg("circle", { cx: xOf(d.value), cy: 26, r: d.stated ? 4.5 : 3.2, fill: d.stated ? "var(--contradiction)" : "var(--ink)" }));
  }
  chosen.forEach((d, i) => {
    const x = middles?.[i] ?? xOf(d.value);
    const color = d.stated ? "var(--contradiction)" : "var(--ink)";
    nodes.push(label(x, 15, showNumber(d.value, 1), { anchor: "middle", fill: color, weight: d.stated ? 600 : 400 }));
    nodes.push(label(x, 46, d.under, { anchor: "middle", fill: "var(--ink-2)" }));
  });
  return {
    name: "alpha-beta",
    title: "EQD2 at several α/β, Gy",
    description: dots.map((d) => `${showNumber(d.value, 1)} Gy${d.stated ? " as stated" : ""} at ${d.under}`).join(", "),
    width,
    height,
    root: frame(width, height, nodes),
    table: { columns: ["α/β, Gy", "EQD2, Gy", "State"], rows: dots.map((d) => [d.under.replace("α/β ", ""), showNumber(d.value, 2), d.stated ? "stated" : "computed"]) },
  };
}
