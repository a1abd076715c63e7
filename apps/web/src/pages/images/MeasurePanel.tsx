import { useState } from "react";
import type { Volume } from "@hapax/base";
import { useCase } from "../../state/CaseState.tsx";
import { axesOfDrawing, outlineOfDrawing, valuesWithin, type Drawing, type RegionValues } from "./drawing.ts";
import { unmeasurable, withMeasurement, type NewMeasurement } from "./measurement-entry.ts";
import type { Study } from "./studies.ts";
import type { PlaneName, ViewAxes } from "./view-axes.ts";
import { lengthsWords, signed } from "./words.ts";

interface Props {
  readonly drawing: Drawing;
  readonly axes: Readonly<Record<PlaneName, ViewAxes>>;
  readonly volume: Volume;
  readonly study: Study;
  readonly clear: () => void;
}

/** What was measured, and how it becomes a measurement of the case. */
export function MeasurePanel({ drawing, axes, volume, study, clear }: Props) {
  const lines = axesOfDrawing(drawing, axes[drawing.view]);
  const outline = outlineOfDrawing(drawing, axes[drawing.view]);
  const values = outline.length > 2 ? valuesWithin(volume, outline) : undefined;
  if (lines.length === 0) return null;
  return (
    <section className="side-measure" aria-label="Measured">
      <div className="side-head">
        <h2>{lengthsWords(lines.map(({ mm }) => mm))}</h2>
        <span>
          {drawing.tool}, {drawing.view}
          {drawing.tool === "two axes" && ", at right angles"}
        </span>
      </div>
      {values !== undefined && <p className="side-values">{regionWords(values, volume.unit)}</p>}
      <SaveMeasurement study={study} saved={clear} measured={{ axes: lines, plane: drawing.view, note: values === undefined ? undefined : `${drawing.tool === "ellipse" ? "Ellipse" : "Region"}: ${regionWords(values, volume.unit)}.` }}>
        <button type="button" className="button" onClick={clear}>Discard <kbd>Esc</kbd></button>
      </SaveMeasurement>
    </section>
  );
}

interface SaveProps {
  readonly study: Study;
  readonly measured: Omit<NewMeasurement, "lesion">;
  readonly saved: () => void;
  readonly children?: React.ReactNode;
}

/** The choice of a lesion, and the one action: to save. */
export function SaveMeasurement({ study, measured, saved, children }: SaveProps) {
  const { record, save } = useCase();
  const lesions = record.entries.filter((e) => e.kind === "lesion");
  // One lesion is meant without a word; of several, none until it is said.
  const [lesion, setLesion] = useState(lesions.length === 1 ? (lesions[0]?.id ?? "") : "");
  const lacks = unmeasurable(study.series);
  if (lacks !== undefined) return <p className="images-notice">{lacks}</p>;
  if (lesions.length === 0) return <p className="quiet small">A measurement is kept with its lesion: record the lesion first (key R), then measure it here.</p>;
  return (
    <div className="side-line">
      <select aria-label="Lesion" value={lesion} onChange={(event) => setLesion(event.target.value)}>
        {lesions.length > 1 && <option value="">choose a lesion</option>}
        {lesions.map((l) => l.kind === "lesion" && <option key={l.id} value={l.id}>{l.name}</option>)}
      </select>
      <button
        type="button"
        className="button main"
        disabled={lesion === ""}
        onClick={() => {
          const name = lesions.find((l) => l.id === lesion);
          const next = withMeasurement(record, study, { ...measured, lesion });
          save(next.record, `measured ${name?.kind === "lesion" ? name.name : lesion}, ${lengthsWords(measured.axes.map(({ mm }) => mm))}`);
          saved();
        }}
      >
        Save
      </button>
      {children}
    </div>
  );
}

/** Mean, spread and range of a region with its number of voxels. */
export function regionWords({ count, mean, sd, least, most }: RegionValues, unit: Volume["unit"]): string {
  const decimals = unit === "HU" ? 0 : 2;
  const name = unit === "HU" ? "HU" : unit.startsWith("SUV") ? "SUV" : unit === "" ? "arbitrary units" : unit;
  return `mean ${signed(mean, decimals === 0 ? 1 : 2)}${sd === undefined ? "" : `, SD ${signed(sd, decimals === 0 ? 1 : 2)}`}, ${signed(least, decimals)} to ${signed(most, decimals)} ${name}, ${count} ${count === 1 ? "voxel" : "voxels"}`;
}
