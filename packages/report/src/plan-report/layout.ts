import type { Column as PdfColumn, Content, ContentTable, TableCell } from "pdfmake/interfaces.js";
import { markNode, serialize, toSvg, type Figure, type MarkKind, type SvgNode } from "@hapax/figures";

// pt; A4.
export const page = { width: 595.28, height: 841.89, left: 48, top: 62, bottom: 54 };
export const textWidth = page.width - 2 * page.left;
export const ink = { first: "#16211F", second: "#43504D", third: "#5F6C69", rule: "#D3D9D6", uncertain: "#7A5200", uncertainWash: "#FBF2DF", contradiction: "#C02A12", met: "#16694A" };

/** A cell: text, or text with a look. */
export type Cell = string | TableCell;

export interface Column {
  readonly head: string;
  readonly share: number;
  readonly align?: "left" | "right";
}

/** As a file calls it. */
export const mono = (text: string): TableCell => ({ text, font: "Source Code Pro", fontSize: 7.6, margin: [0, 1.2, 0, 0] });
/** What is not known has a body of its own. */
export const unknown = (text: string): TableCell => ({ text, color: ink.second, italics: true });
export const strong = (text: string): TableCell => ({ text, bold: true });

const headText = (text: string, unit: string) => ({ text: [{ text, bold: true }, ...(unit === "" ? [] : [{ text: `  ${unit}`, fontSize: 8.5, color: ink.third }])], style: "heading" });
export const heading = (text: string, unit = ""): Content => ({ ...headText(text, unit), headlineLevel: 1 });
/** A heading and what stays on one page with it; a break asked for inside of what may not break would lose it. */
export const together = (text: string, unit: string, content: Content): Content => ({ stack: [headText(text, unit), content], unbreakable: true });
export const paragraph = (text: string): Content => ({ text, margin: [0, 0, 0, 5] });
export const small = (text: string): Content => ({ text, style: "small", margin: [0, 3, 0, 4] });
export const list = (items: readonly string[]): Content => ({ ul: [...items], margin: [0, 0, 0, 5], markerColor: ink.third });

/** The mark of a state beside its word. */
export function marked(kind: MarkKind, word: string, color = ink.first, bold = false): TableCell {
  return { columns: [{ svg: serialize(markNode(kind, 12), "light"), width: 8, margin: [0, 1.5, 0, 0] }, { text: word, color, bold }], columnGap: 4 };
}

/** Rules between rows only; the head is repeated on the next page. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Content {
  const gap = 8;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = textWidth - gap * (columns.length - 1);
  const cell = (value: Cell, { align = "left" }: Column): TableCell => (typeof value === "string" ? { text: value, alignment: align } : { alignment: align, ...(value as object) } as TableCell);
  const made: ContentTable = {
    table: {
      headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true,
      widths: columns.map(({ share }) => (room * share) / shares),
      body: [columns.map((column): TableCell => ({ text: column.head, style: "head", alignment: column.align ?? "left" })), ...rows.map((row) => row.map((value, i) => cell(value, columns[i] as Column)))],
    },
    layout: {
      hLineWidth: (i, node) => (i === 0 || i === node.table.body.length ? 0.75 : i === 1 ? 0.5 : 0.25),
      hLineColor: (i, node) => (i === 0 || i === node.table.body.length ? ink.first : i === 1 ? ink.third : ink.rule),
      vLineWidth: () => 0,
      paddingLeft: (i) => (i === 0 ? 0 : gap / 2),
      paddingRight: (i, node) => (i === (node.table.widths?.length ?? 0) - 1 ? 0 : gap / 2),
      paddingTop: () => 2.5,
      paddingBottom: () => 2.5,
    },
    margin: [0, 0, 0, 4],
  };
  return made;
}

/** Names at the left, what is known at the right, in two columns of pairs. */
export function pairs(items: readonly (readonly [string, Cell])[]): Content {
  const half = Math.ceil(items.length / 2);
  const column = (some: readonly (readonly [string, Cell])[]): PdfColumn => ({
    table: { widths: [82, "*"], body: some.length === 0 ? [["", ""]] : some.map(([name, value]) => [{ text: name, color: ink.third }, typeof value === "string" ? { text: value } : value]) },
    layout: { hLineWidth: (i) => (i === 0 ? 0 : 0.25), hLineColor: () => ink.rule, vLineWidth: () => 0, paddingLeft: () => 0, paddingRight: () => 4, paddingTop: () => 2, paddingBottom: () => 2 },
    width: "*",
  });
  return { columns: [column(items.slice(0, half)), column(items.slice(half))], columnGap: 20, margin: [0, 0, 0, 6] };
}

/** A picture as vectors, as wide as asked and no wider than the text, pt. */
export function drawing(figure: Figure, width = textWidth): Content & { width: number; height: number } {
  const scale = Math.min(width, textWidth) / figure.width;
  return { svg: toSvg({ ...figure, root: printed(figure.root) }, "light", "none"), width: figure.width * scale, height: figure.height * scale };
}

/** Writers of PDF know no paint order: a halo is drawn first, its letters over it. */
function printed(node: SvgNode): SvgNode {
  const children = node.children.flatMap((child): (SvgNode | string)[] => {
    if (typeof child === "string") return [child];
    if (child.attrs["paint-order"] === undefined) return [printed(child)];
    const { stroke, "stroke-width": width, "stroke-linejoin": join, "paint-order": _order, ...plain } = child.attrs;
    return [{ ...child, attrs: { ...plain, fill: "none", stroke: stroke as string, "stroke-width": width as number, "stroke-linejoin": join as string } }, { ...child, attrs: plain }];
  });
  return { ...node, children };
}
