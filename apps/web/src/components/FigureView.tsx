import { createElement, type ReactNode } from "react";
import type { Figure, SvgNode } from "@hapax/figures";
import "./FigureView.css";

const camel = (name: string): string => {
  if (name === "class") return "className";
  return /^(data|aria)-/.test(name) ? name : name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
};

/** A node of a picture as an element of the page; its text stays text, whatever it holds. */
export function SvgView({ node, as = {} }: { readonly node: SvgNode; readonly as?: Readonly<Record<string, string | boolean | undefined>> }): ReactNode {
  const attrs = Object.fromEntries(Object.entries(node.attrs).map(([name, value]) => [camel(name), value]));
  const children = node.children.map((child, i) => (typeof child === "string" ? child : <SvgView key={i} node={child} />));
  return createElement(node.tag, { ...attrs, ...as }, ...children);
}

interface Props {
  readonly figure: Figure;
  /** Stretches to the width of its column; a wide figure scrolls in place. */
  readonly fit?: boolean;
}

/** A figure of @hapax/figures in the page, with its description for a screen reader. */
export function FigureView({ figure, fit = true }: Props) {
  const says = { role: "img", "aria-label": `${figure.title}. ${figure.description}` };
  return (
    <div className={fit ? "figure-view fit" : "figure-view"} {...(fit ? {} : { tabIndex: 0, role: "group", "aria-label": figure.title })}>
      <SvgView node={figure.root} as={says} />
    </div>
  );
}
