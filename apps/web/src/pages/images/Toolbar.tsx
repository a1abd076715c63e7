import type { ReactNode } from "react";
import type { PlanInfo } from "./scan-summary.ts";
import type { Study } from "./studies.ts";
import type { Viewer } from "./viewer.ts";
import type { Window } from "./windows.ts";
import { signed } from "./words.ts";

interface Props {
  readonly choice: ReactNode;
  readonly study: Study;
  readonly viewer: Viewer;
  readonly presets: readonly Window[];
  readonly change: (next: (viewer: Viewer) => Viewer) => void;
  readonly plan: PlanInfo | undefined;
}

/** What is shown, what must be known of it, and the tools with their keys. */
export function Toolbar({ choice, study, viewer: { window }, presets, change, plan }: Props) {
  const preset = presets.findIndex((p) => p.name === window.name);
  const decimals = window.width < 30 ? 1 : 0;
  return (
    <div className="images-bar">
      <h1 className="heard">Images</h1>
      {plan !== undefined && (
        <span>
          <strong>{plan.label}</strong> on
        </span>
      )}
      {choice}
      {study.series.synthetic && <span className="undecided">Synthetic phantom: no scan of this patient is public</span>}
      <span className="images-tools">
        <label>
          Window{" "}
          <select value={preset} onChange={(event) => change((v) => ({ ...v, window: presets[Number(event.target.value)] ?? v.window }))}>
            {preset === -1 && <option value={-1}>By hand</option>}
            {presets.map((p, i) => (
              <option key={p.name} value={i}>{p.name}</option>
            ))}
          </select>{" "}
          {signed(window.centre, decimals)} / {signed(window.width, decimals)} {preset !== -1 && <kbd>{preset + 1}</kbd>}
        </label>
      </span>
    </div>
  );
}
