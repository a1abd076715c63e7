import { svg, type SvgNode } from "./svg.ts";
import { label, shorten, textBox, textWidth, type TextStyle } from "./text.ts";

/** A line of text beside a shape: its place, and its baseline relative to the middle of the row. */
export interface RowLabel extends TextStyle {
  readonly x: number;
  readonly dy: number;
  readonly text: string;
}

/** One way to set an item into a row: what it covers from left to right, px, and its labels. */
export interface Arrangement {
  readonly x0: number;
  readonly x1: number;
  readonly labels: readonly RowLabel[];
}

/** Something that stands in a row: its shapes, and the ways in which its labels may stand. */
export interface Item {
  /** Room above and below the middle of the row, px. */
  readonly up: number;
  readonly down: number;
  readonly arrangements: readonly Arrangement[];
  /** Arrangements with less text, taken before a group grows beyond its rows. */
  readonly tight?: readonly Arrangement[];
  readonly draw: (y: number) => readonly SvgNode[];
  /** Attributes and words of the group around it. */
  readonly attrs?: Readonly<Record<string, string | undefined>>;
  readonly words?: string;
}

export interface PackedRow {
  readonly up: number;
  readonly down: number;
  readonly items: readonly { readonly item: Item; readonly arrangement: Arrangement }[];
}

const between = 10;
const longest = 300;

/**
 * Sets items into as few rows as they need so that neither shapes nor labels meet: each takes the first arrangement
 * that is free in the first row that has room.
 *
 * @param items  in the order of their places
 * @param rows   rows after which an item rather shortens its label than opens another
 */
export function pack(items: readonly Item[], rows = 2): PackedRow[] {
  const found: { item: Item; arrangement: Arrangement }[][] = [];
  const settle = (item: Item, arrangements: readonly Arrangement[]) => {
    for (const row of found) {
      const arrangement = arrangements.find((a) =>
        row.every(({ arrangement: b }) => a.x1 + between <= b.x0 || b.x1 + between <= a.x0),
      );
      if (arrangement === undefined) continue;
      row.push({ item, arrangement });
      return true;
    }
    return false;
  };
  for (const item of items) {
    if (settle(item, item.arrangements)) continue;
    if (found.length >= rows && settle(item, item.tight ?? [])) continue;
    const arrangement = item.arrangements[0];
    if (arrangement !== undefined) found.push([{ item, arrangement }]);
  }
  return found.map(measured);
}

/** Sets items into one row, whatever room there is; where nothing is free an item keeps its last arrangement. */
export function packOneRow(items: readonly Item[]): PackedRow[] {
  const row: { item: Item; arrangement: Arrangement }[] = [];
  for (const item of items) {
    const free = item.arrangements.find((a) =>
      row.every(({ arrangement: b }) => a.x1 + between <= b.x0 || b.x1 + between <= a.x0),
    );
    const arrangement = free ?? item.arrangements.at(-1);
    if (arrangement !== undefined) row.push({ item, arrangement });
  }
  return row.length === 0 ? [] : [measured(row)];
}

function measured(items: PackedRow["items"]): PackedRow {
  return {
    items,
    up: items.reduce((m, { item }) => Math.max(m, item.up), 0),
    down: items.reduce((m, { item }) => Math.max(m, item.down), 0),
  };
}

/**
 * The places of a label beside a shape, in the order in which they are tried: whole at the right, whole at the left,
 * then each shorter form the same way. A text wider than both sides is shortened to the wider one.
 *
 * @param texts   the label in full, then shorter forms of it
 * @param left    edge of the drawing, px
 * @param right   edge of the drawing, px
 */
export function beside(
  x0: number,
  x1: number,
  texts: readonly string[],
  left: number,
  right: number,
  style: TextStyle = {},
  dy = 4,
): Arrangement[] {
  const gap = 5;
  const { size = 12, weight = 400 } = style;
  const roomRight = right - x1 - gap;
  const roomLeft = x0 - gap - left;
  const found: Arrangement[] = [];
  for (const [i, whole] of texts.entries()) {
    const last = i === texts.length - 1;
    // A long label says less than a short one with the rest in the table.
    if (!last && textWidth(whole, size, weight) > longest) continue;
    const text = last ? shorten(whole, Math.max(roomRight, roomLeft), size, weight) : shorten(whole, Infinity, size, weight);
    const width = textWidth(text, size, weight);
    if (width <= roomRight) found.push({ x0, x1: x1 + gap + width, labels: [{ ...style, x: x1 + gap, dy, text }] });
    if (width <= roomLeft) found.push({ x0: x0 - gap - width, x1, labels: [{ ...style, x: x0 - gap, dy, text, anchor: "end" }] });
  }
  return found.length > 0 ? found : [{ x0, x1, labels: [] }];
}

/** A packed row at a height: each item a group, its labels on a patch of the band's color so that guides stop at them. */
export function drawRow(row: PackedRow, y: number, band: string): SvgNode[] {
  return row.items.map(({ item, arrangement }) =>
    svg(
      "g",
      item.attrs ?? {},
      item.words === undefined ? undefined : svg("title", {}, item.words),
      arrangement.labels.map((l) => {
        const box = textBox(l.x, y + l.dy, l.text, l);
        return svg("rect", { x: box.x0 - 2, y: box.y0 - 1, width: box.x1 - box.x0 + 4, height: box.y1 - box.y0 + 2, fill: band });
      }),
      [...item.draw(y)],
      arrangement.labels.map((l) => label(l.x, y + l.dy, l.text, l)),
    ),
  );
}
