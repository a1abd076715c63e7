import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Volume } from "@hapax/base";
import { paintOnCpu } from "./painter.ts";
import { PlaneView } from "./PlaneView.tsx";
import type { ScanSummary } from "./scan-summary.ts";
import type { Shown } from "./shown.ts";
import { firstViewer } from "./first-viewer.ts";
import type { Study } from "./studies.ts";
import { planeNames, viewAxes, type PlaneName } from "./view-axes.ts";
import { scrolled, type Viewer } from "./viewer.ts";
import { presetsOf } from "./windows.ts";
import { Toolbar } from "./Toolbar.tsx";

interface Props {
  readonly study: Study;
  readonly volume: Volume;
  readonly scans: ScanSummary;
  readonly choice: ReactNode;
}

/** A study in its views, with what belongs to it at the right. */
export function StudyViews({ study, volume, scans, choice }: Props) {
  const axes = useMemo(() => viewAxes(volume.grid), [volume]);
  const presets = useMemo(() => presetsOf(volume), [volume]);
  const [viewer, setViewer] = useState<Viewer>(() => firstViewer(volume));
  const change = setViewer;
  const shown = useMemo((): Shown => ({
    scene: { image: { volume, window: { center: viewer.window.centre, width: viewer.window.width, law: volume.unit === "HU" ? "LINEAR" : "LINEAR_EXACT", inverse: viewer.inverted } } },
    synthetic: study.series.synthetic,
    referenceGy: undefined,
    dmax: undefined,
    structures: [],
  }), [volume, viewer.window, viewer.inverted, study]);
  const keys = useCallback((event: KeyboardEvent, name: PlaneName) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const down = name === "axial" ? -1 : 1;
    const slices = (n: number) => setViewer((v) => scrolled(v, volume.grid, axes[name], n));
    const acts: Record<string, () => void> = {
      ArrowUp: () => slices(-down),
      ArrowDown: () => slices(down),
      PageUp: () => slices(-10 * down),
      PageDown: () => slices(10 * down),
      Enter: () => setViewer((v) => ({ ...v, large: v.large === name ? undefined : name })),
      Escape: () => setViewer((v) => ({ ...v, large: undefined })),
      r: () => setViewer(firstViewer(volume)),
      i: () => setViewer((v) => ({ ...v, inverted: !v.inverted })),
      w: () => undefined,
    };
    const preset = /^[1-9]$/.test(event.key) ? presets[Number(event.key) - 1] : undefined;
    const act = preset !== undefined ? () => setViewer((v) => ({ ...v, window: preset })) : acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }, [volume, axes, presets]);
  return (
    <div className="images">
      <Toolbar choice={choice} viewer={viewer} presets={presets} change={change} study={study} />
      <div className={viewer.large === undefined ? "images-views" : "images-views one"}>
        {planeNames.filter((name) => viewer.large === undefined || viewer.large === name).map((name) => (
          <PlaneView key={name} name={name} axes={axes[name]} viewer={viewer} change={change} shown={shown} paint={paintOnCpu} keys={keys} />
        ))}
      </div>
      <aside className="images-side" aria-label="Dose and structures">{scans.doses.length}</aside>
    </div>
  );
}
