import type { ReactNode } from "react";
import { tools } from "./drawing.ts";
import { nameOf, type Study } from "./studies.ts";
import type { Measuring } from "./use-measuring.ts";
import type { Viewer } from "./viewer.ts";
import type { NamedWindow } from "@hapax/figures";
import { signed } from "./words.ts";

interface Props {
  readonly choice: ReactNode;
  readonly study: Study;
  readonly viewer: Viewer;
  readonly presets: readonly NamedWindow[];
  readonly change: (next: (viewer: Viewer) => Viewer) => void;
  /** The course whose dose is shown, in words. */
  readonly course: string | undefined;
  readonly compare: { readonly others: readonly Study[]; readonly chosen: Study | undefined; readonly choose: (uid: string | undefined) => void; readonly turn: () => void };
  readonly measuring: Measuring;
  readonly doseShown: boolean;
  readonly structuresShown: boolean;
  readonly toggleDose: () => void;
  readonly toggleStructures: () => void;
}

/** What is shown, what must be known of it, and the tools with their keys. */
export function Toolbar({ choice, study, viewer: { window }, presets, change, course, compare, measuring, doseShown, structuresShown, toggleDose, toggleStructures }: Props) {
  const preset = presets.findIndex((p) => p.name === window.name);
  const decimals = window.width < 30 ? 1 : 0;
  return (
    <div className="images-bar">
      <h1 className="heard">Images</h1>
      {course !== undefined && (
        <span>
          <strong>{course}</strong> on
        </span>
      )}
      {choice}
      {compare.chosen !== undefined && (
        <label>
          beside{" "}
          <select value={compare.chosen.series.uid} onChange={(event) => compare.choose(event.target.value)}>
            {compare.others.map((s) => <option key={s.series.uid} value={s.series.uid}>{[nameOf(s.series), s.timePoint].filter((part) => part !== undefined).join(", ")}</option>)}
          </select>
        </label>
      )}
      {study.series.synthetic && compare.chosen === undefined && <span className="undecided" title="No scan of this patient is public">Synthetic phantom</span>}
      <span className="images-tools">
        <label>
          Window{" "}
          <select value={preset} onChange={(event) => change((v) => ({ ...v, window: presets[Number(event.target.value)] ?? v.window }))}>
            {preset === -1 && <option value={-1}>By hand</option>}
            {presets.map((p, i) => (
              <option key={p.name} value={i}>{p.name}</option>
            ))}
          </select>{" "}
          {signed(window.center, decimals)} / {signed(window.width, decimals)} {preset !== -1 && <kbd>{preset + 1}</kbd>}
        </label>
        {tools.map(([tool, key, name]) => (
          <Press key={tool} name={name} letter={key} on={measuring.tool === tool} press={() => measuring.choose(measuring.tool === tool ? undefined : tool)} />
        ))}
        <Press name="Dose" letter="D" on={doseShown} press={toggleDose} />
        <Press name="Structures" letter="S" on={structuresShown} press={toggleStructures} />
        {compare.others.length > 0 && <Press name="Compare" letter="C" on={compare.chosen !== undefined} press={compare.turn} />}
      </span>
    </div>
  );
}

/** A tool or a layer with its key; pressed while it is on. */
export function Press({ name, letter, on, press }: { readonly name: string; readonly letter: string; readonly on: boolean; readonly press: () => void }) {
  return (
    <button type="button" className="images-press" aria-pressed={on} onClick={press}>
      {name} <kbd aria-hidden="true">{letter}</kbd>
    </button>
  );
}
