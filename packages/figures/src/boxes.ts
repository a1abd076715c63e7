import { counted } from "./chart.ts";
import { boundsBox, stroke } from "./marks.ts";
import { frame, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, textWidth } from "./text.ts";

export interface FnclccScores {
  /** Scores that are still possible: one where it is determined. */
  readonly differentiation: readonly number[];
  readonly mitoses: readonly number[];
  readonly necrosis: readonly number[];
}

/**
 * The FNCLCC grade as boxes: for each part the scores still possible, their sums, and the grades that these reach.
 *
 * @source  fnclcc1984: a sum of 2 to 3 is G1, 4 to 5 G2, 6 to 8 G3
 */
export function fnclccBoxes({ differentiation, mitoses, necrosis }: FnclccScores): Figure {
  const first = 110;
  const [boxWidth, boxHeight, step] = [34, 18, 40];
  const nodes: SvgNode[] = [];
  const rows = [
    { name: "Differentiation", scores: [1, 2, 3], possible: differentiation },
    { name: "Mitoses", scores: [1, 2, 3], possible: mitoses },
    { name: "Necrosis", scores: [0, 1, 2], possible: necrosis },
  ];
  for (const [i, row] of rows.entries()) {
    const y = 2 + i * 24;
    nodes.push(label(0, y + 13, row.name, { fill: "var(--ink-2)", size: 13 }));
    for (const score of row.scores) nodes.push(scoreBox(first + score * step, y, boxWidth, boxHeight, score, row.possible));
  }
  const sums = [...new Set(differentiation.flatMap((d) => mitoses.flatMap((m) => necrosis.map((n) => d + m + n))))];
  const sumWidth = 30;
  const sumX = (sum: number) => first + (sum - 2) * (sumWidth + 1);
  const y = 84;
  nodes.push(label(0, y + 13, "Score", { fill: "var(--ink-2)", size: 13 }));
  for (let sum = 2; sum <= 8; sum++) nodes.push(scoreBox(sumX(sum), y, sumWidth, boxHeight, sum, sums));
  const grades = [
    { name: "G1", from: 2, to: 3 },
    { name: "G2", from: 4, to: 5 },
    { name: "G3", from: 6, to: 8 },
  ].map((g) => ({ ...g, possible: sums.some((s) => s >= g.from && s <= g.to) }));
  const open = grades.filter((g) => g.possible).length > 1;
  for (const g of grades) {
    const [x0, x1] = [sumX(g.from) + 1, sumX(g.to) + sumWidth - 1];
    nodes.push(stroke([[x0, y + 22], [x0, y + 27], [x1, y + 27], [x1, y + 22]], 1.2, "var(--ink-2)"));
    const fill = !g.possible ? "var(--ink-3)" : open ? "var(--uncertain)" : "var(--ink)";
    nodes.push(label((x0 + x1) / 2, y + 42, g.name, { anchor: "middle", weight: g.possible ? 600 : 400, fill, size: 13 }));
  }
  const possible = grades.filter((g) => g.possible).map((g) => g.name);
  const [width, height] = [first + 7 * (sumWidth + 1) + 8, y + 48];
  return {
    name: "fnclcc",
    title: "FNCLCC grade",
    description: `${rows.map((r) => `${r.name} ${r.possible.join(" or ") || "none"}`).join(", ")}; score ${[...sums].sort((a, b) => a - b).join(", ")}; grade ${possible.join(" or ")}.`,
    width,
    height,
    root: frame(width, height, nodes),
    table: {
      columns: ["Part", "Possible"],
      rows: [...rows.map((r) => [r.name, r.possible.join(", ")]), ["Score", [...sums].sort((a, b) => a - b).join(", ")], ["Grade", possible.join(", ")]],
    },
  };
}

/** A box with its number: outlined where excluded, hatched where one of several, filled where it is the only one. */
function scoreBox(x: number, y: number, width: number, height: number, score: number, possible: readonly number[]): SvgNode {
  const text = String(score);
  const middle = x + width / 2;
  if (!possible.includes(score)) {
    return svg(
      "g",
      {},
      svg("rect", { x, y, width, height, fill: "none", stroke: "var(--rule-strong)", "stroke-width": 1 }),
      label(middle, y + 13, text, { anchor: "middle", fill: "var(--ink-3)" }),
    );
  }
  if (possible.length === 1) {
    return svg(
      "g",
      {},
      svg("rect", { x, y, width, height, fill: "var(--ink)" }),
      label(middle, y + 13, text, { anchor: "middle", weight: 600, fill: "var(--paper)" }),
    );
  }
  const patch = textWidth(text, 12, 600) + 6;
  return svg(
    "g",
    {},
    boundsBox(x, y, width, height),
    svg("rect", { x: middle - patch / 2, y: y + 2, width: patch, height: height - 4, fill: "var(--uncertain-wash)" }),
    label(middle, y + 13, text, { anchor: "middle", weight: 600, fill: "var(--ink)" }),
  );
}

export interface SchemeCount {
  /** Features that are met. */
  readonly met: number;
  /** Features not recorded, which could still be met. */
  readonly possible: number;
  readonly of: number;
  /** From which count the scheme says malignant. */
  readonly needed: number;
}

/** A row of boxes under a scheme: filled met, hatched possible, empty not met; a violet line where it turns malignant. */
export function schemeBoxes({ met, possible, of, needed }: SchemeCount): Figure {
  const [size, step] = [13, 14];
  const count = Math.max(of, met + possible);
  const nodes: SvgNode[] = [];
  for (let i = 0; i < count; i++) {
    const x = 2 + i * step;
    if (i < met) nodes.push(svg("rect", { x, y: 3, width: size, height: size, fill: "var(--ink)" }));
    else if (i < met + possible) nodes.push(boundsBox(x + 0.5, 3.5, size - 1, size - 1));
    else nodes.push(svg("rect", { x: x + 0.5, y: 3.5, width: size - 1, height: size - 1, fill: "none", stroke: "var(--rule-strong)", "stroke-width": 1 }));
  }
  nodes.push(svg("rect", { x: 2 + needed * step - 1.5, y: 0, width: 2, height: size + 6, fill: "var(--accent)" }));
  const width = 4 + Math.max(count, needed) * step + 2;
  const height = size + 6;
  return {
    name: "scheme",
    title: "Features met and possible",
    description: `${counted(met, "feature")} met, ${possible} possible, of ${of}; needs ${needed}.`,
    width,
    height,
    root: frame(width, height, nodes),
    table: { columns: ["Met", "Possible", "Of", "Needed"], rows: [[met, possible, of, needed].map(String)] },
  };
}
