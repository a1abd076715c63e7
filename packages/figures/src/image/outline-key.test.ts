import { expect, test } from "vitest";
import { frame, type SvgNode } from "../svg.ts";
import { overlap, textBoxes } from "../text.ts";
import { dvhFigure, type DvhCurve } from "./dvh-figure.ts";
import { outlineKey } from "./outline-key.ts";

const line = (name: string) => ({ name, color: "#ff0000", dashed: name.includes("PRV") });
const dashes = (nodes: readonly SvgNode[]) => nodes.filter((n) => n.tag === "path").map((n) => n.attrs["stroke-dasharray"] !== undefined);

test("a name seen on several planes stands once, and a planning risk volume is dashed", () => {
  const { nodes } = outlineKey([line("GTV"), line("Cord_PRV05"), line("GTV")], 300, 0);
  expect(textBoxes(frame(300, 40, nodes)).map(({ text }) => text)).toEqual(["GTV", "Cord_PRV05"]);
  expect(dashes(nodes)).toEqual([false, true]);
});

test("names that fill a row go on in the next, within the figure and clear of one another", () => {
  const { nodes, height } = outlineKey(Array.from({ length: 12 }, (_, i) => line(`Structure_${i}`)), 300, 100);
  const boxes = textBoxes(frame(300, 300, nodes));
  expect(height).toBeGreaterThan(40);
  for (const [i, box] of boxes.entries()) {
    expect(box.x1).toBeLessThanOrEqual(300);
    expect(box.y0 >= 100 && box.y1 <= 100 + height).toBe(true);
    for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
  }
  expect(outlineKey([], 300, 100).height).toBe(0);
});

test("every curve of a histogram has its name, on it or below", () => {
  const curves = Array.from({ length: 30 }, (_, i): DvhCurve => ({ name: `S${i}`, points: [[0, 100], [0.2, 50], [10 + i / 100, 0]], coverage: 1 }));
  const texts = textBoxes(dvhFigure(curves).root).map(({ text }) => text);
  for (const { name } of curves) expect(texts).toContain(name);
});
