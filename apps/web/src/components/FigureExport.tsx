import { useRef } from "react";
import { toSvg, toTsv, type Figure } from "@hapax/figures";
import { useKeys } from "../keys.ts";
import { useCase } from "../state/CaseState.tsx";
import "./FigureExport.css";

interface Props {
  /** The figures of the page; the first one is drawn as PNG by the server where it can. */
  readonly figures: readonly Figure[];
  /** Address of the first figure as PNG. */
  readonly png?: string;
}

/** Takes the figures of a page along as files; E puts the focus here. */
export function FigureExport({ figures, png }: Props) {
  const { id } = useCase();
  const group = useRef<HTMLParagraphElement>(null);
  useKeys({ e: () => group.current?.querySelector<HTMLElement>("button, a")?.focus() }, "page");
  // Light is the page of record, whatever the room is like.
  const each = (kind: "svg" | "tsv") => () => {
    for (const figure of figures) {
      const text = kind === "svg" ? toSvg(figure, "light") : toTsv(figure);
      download(`${id}-${figure.name}.${kind}`, new Blob([text], { type: kind === "svg" ? "image/svg+xml" : "text/tab-separated-values" }));
    }
  };
  return (
    <p className="figure-export" role="group" aria-label="Export the picture" ref={group}>
      <span aria-hidden="true">Export:</span>
      <button type="button" className="link" onClick={each("svg")}>
        SVG
      </button>
      {png !== undefined && (
        <a href={png} download>
          PNG
        </a>
      )}
      <button type="button" className="link" onClick={each("tsv")}>
        TSV
      </button>
      <kbd aria-hidden="true">E</kbd>
    </p>
  );
}

function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
