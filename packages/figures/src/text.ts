import widths from "./advance-widths.json" with { type: "json" };
import { svg, type SvgNode } from "./svg.ts";

export type Weight = 400 | 600;

const column = new Map([...widths.characters].map((c, i) => [c, i]));

/**
 * Width of a line of Source Sans 3, without kerning, which only makes it narrower.
 *
 * @param text    one line
 * @param sizePx  font size, px
 * @param weight  400 or 600
 * @returns       px; a character that the font lacks counts as a full em
 */
export function textWidth(text: string, sizePx: number, weight: Weight = 400): number {
  const advance = weight === 600 ? widths.semibold : widths.regular;
  let sum = 0;
  for (const c of text) {
    const i = column.get(c);
    sum += i === undefined ? 1000 : (advance[i] ?? 1000);
  }
  return (sum * sizePx) / 1000;
}

/** True when Source Sans 3 has every character of the text. */
export function inFont(text: string): boolean {
  return [...text].every((c) => column.has(c));
}

/** The text, or as much of it as fits the width with … at its end; empty when not even that fits. */
export function shorten(text: string, maxPx: number, sizePx: number, weight: Weight = 400): string {
  // A label is one line whatever a record holds.
  const line = text.replace(/\s+/g, " ").trim();
  if (textWidth(line, sizePx, weight) <= maxPx) return line;
  const room = maxPx - textWidth("…", sizePx, weight);
  if (room < 0) return "";
  let kept = "";
  let used = 0;
  for (const c of line) {
    used += textWidth(c, sizePx, weight);
    if (used > room) break;
    kept += c;
  }
  return `${kept.trimEnd()}…`;
}

/** The text in lines no wider than the width, at most `maxLines`; the last is shortened where it must be. */
export function wrap(text: string, maxPx: number, sizePx: number, maxLines: number, weight: Weight = 400): string[] {
  const words = text.split(/\s+/).filter((w) => w !== "");
  const lines: string[] = [];
  let line = "";
  for (const [i, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, sizePx, weight) <= maxPx) {
      line = longer;
      continue;
    }
    if (lines.length === maxLines - 1) {
      line = [line, ...words.slice(i)].join(" ");
      break;
    }
    lines.push(line);
    line = word;
  }
  if (line !== "") lines.push(line);
  return lines.map((l) => shorten(l, maxPx, sizePx, weight));
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
}

/** A line of text with its baseline at y, px. */
export function label(x: number, y: number, text: string, style: TextStyle = {}): SvgNode {
  const { size = 12, weight = 400, fill = "var(--ink)", anchor = "start" } = style;
  return svg(
    "text",
    {
      x,
      y,
      "font-size": size,
      fill,
      "font-weight": weight === 400 ? undefined : weight,
      "text-anchor": anchor === "start" ? undefined : anchor,
    },
    text,
  );
}

/** A rectangle on the picture, px. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/** Where a line of text lies: from the height of its capitals to the depth of its descenders. */
export function textBox(x: number, y: number, text: string, style: TextStyle = {}): Box {
  const { size = 12, weight = 400, anchor = "start" } = style;
  const width = textWidth(text, size, weight);
  const x0 = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return { x0, y0: y - 0.72 * size, x1: x0 + width, y1: y + 0.22 * size };
}

/** Every line of text of a picture with its place, for tests of what a reader can read. */
export function textBoxes(node: SvgNode): (Box & { readonly text: string })[] {
  if (node.tag !== "text") return node.children.flatMap((c) => (typeof c === "string" ? [] : textBoxes(c)));
  const text = node.children.filter((c) => typeof c === "string").join("");
  const { x, y, "font-size": size, "font-weight": weight, "text-anchor": anchor } = node.attrs;
  const style: TextStyle = {
    size: Number(size),
    weight: weight === 600 ? 600 : 400,
    anchor: anchor === "end" || anchor === "middle" ? anchor : "start",
  };
  return [{ ...textBox(Number(x), Number(y), text, style), text }];
}
