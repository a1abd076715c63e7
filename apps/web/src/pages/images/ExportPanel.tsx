import type { Figure } from "@hapax/figures";
import { saveFigure } from "./export-view.ts";

/** What is saved: the view as it stands, as vectors or as pixels. */
export function ExportPanel({ name, figure, close }: { readonly name: string; readonly figure: () => Figure; readonly close: () => void }) {
  const save = (kind: "svg" | "png") => () => {
    void saveFigure(name, figure(), kind);
    close();
  };
  return (
    <section className="side-measure" aria-label="Export the view">
      <div className="side-head">
        <h2>Export the view</h2>
        <span>{name}</span>
      </div>
      <div className="side-line">
        <button type="button" className="button main" autoFocus onClick={save("svg")}>SVG</button>
        <button type="button" className="button" onClick={save("png")}>PNG</button>
        <button type="button" className="button" onClick={close}>Close</button>
      </div>
    </section>
  );
}
