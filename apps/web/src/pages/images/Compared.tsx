import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Volume } from "@hapax/base";
import { useCase } from "../../state/CaseState.tsx";
import { Loading } from "./Loading.tsx";
import { linkOf } from "./linked.ts";
import type { Painter } from "./painter.ts";
import { PlaneView } from "./PlaneView.tsx";
import { savedMarks } from "./saved-marks.ts";
import { readSeries } from "./scan-door.ts";
import type { RegistrationInfo } from "./scan-summary.ts";
import type { Shown } from "./shown.ts";
import { nameOf, type Study } from "./studies.ts";
import { useDoor } from "./use-door.ts";
import type { Measuring } from "./use-measuring.ts";
import { viewAxes, type PlaneName } from "./view-axes.ts";
import { snapped, type Viewer } from "./viewer.ts";
import { usualWindow, windowsOf, type NamedWindow } from "@hapax/figures";

interface Props {
  readonly name: PlaneName;
  readonly study: Study;
  readonly base: Volume;
  readonly registrations: readonly RegistrationInfo[];
  readonly viewer: Viewer;
  readonly change: (next: (viewer: Viewer) => Viewer) => void;
  readonly paint: Painter;
}

/** A plane of a second study beside the first, which moves with it. */
export function Compared({ study, ...rest }: Props) {
  const { id } = useCase();
  const read = useDoor(`${id} ${study.series.uid}`, (signal) => readSeries(id, study.series, { signal }));
  if (read.state === "coming") return <div className="view view-none"><Loading arrived={undefined} /></div>;
  if (read.state === "failed") return <div className="view view-none"><p>{read.problem.what} {read.problem.remedy}</p></div>;
  return <Linked study={study} volume={read.value.volume} {...rest} />;
}

const noMeasuring: Measuring = { tool: undefined, drawing: undefined, choose: () => undefined, clear: () => undefined, drag: () => false };

function Linked({ name, study, volume, base, registrations, viewer, change, paint }: Props & { readonly volume: Volume }) {
  const { workup } = useCase();
  const axes = useMemo(() => viewAxes(volume.grid)[name], [volume, name]);
  const link = useMemo(() => linkOf(base.grid, volume.grid, registrations), [base, volume, registrations]);
  const [window, setWindow] = useState<NamedWindow>(() => (volume.unit === base.unit ? viewer.window : usualWindow(volume)));
  const [inverted, setInverted] = useState(volume.unit.startsWith("SUV"));
  const own = useMemo((): Viewer => ({ ...viewer, window, inverted, point: snapped(volume.grid, link.there(viewer.point)), middle: link.there(viewer.middle) }), [viewer, window, inverted, link, volume]);
  const latest = useRef(own);
  latest.current = own;
  const changeOwn = useCallback(
    (next: (viewer: Viewer) => Viewer) => {
      const before = latest.current;
      const after = next(before);
      latest.current = after;
      setWindow(after.window);
      setInverted(after.inverted);
      change((v) => ({
        ...v,
        mmPerPx: after.mmPerPx,
        large: after.large,
        point: after.point === before.point ? v.point : link.back(after.point),
        middle: after.middle === before.middle ? v.middle : link.back(after.middle),
      }));
    },
    [change, link],
  );
  const shown = useMemo(
    (): Shown => ({
      scene: { image: { volume, window: { center: window.center, width: window.width, law: volume.unit === "HU" ? "LINEAR" : "LINEAR_EXACT", inverse: inverted } } },
      synthetic: study.series.synthetic,
      referenceGy: undefined,
      dmax: undefined,
      structures: [],
    }),
    [volume, window, inverted, study],
  );
  const saved = useMemo(() => savedMarks(workup.view, study.series.uid), [workup.view, study]);
  const presets = useMemo(() => windowsOf(volume), [volume]);
  const keys = (event: KeyboardEvent) => {
    const preset = /^[1-9]$/.test(event.key) ? presets[Number(event.key) - 1] : undefined;
    if (preset === undefined && event.key !== "i") return;
    event.preventDefault();
    if (preset !== undefined) setWindow(preset);
    else setInverted((is) => !is);
  };
  return <PlaneView name={name} axes={axes} viewer={own} change={changeOwn} shown={shown} paint={paint} keys={keys} measuring={noMeasuring} saved={saved} title={[nameOf(study.series), study.timePoint].filter((part) => part !== undefined).join(", ")} said={name === "axial" ? link.because : undefined} />;
}
