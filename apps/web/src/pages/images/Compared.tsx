import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Volume } from "@hapax/base";
import { useCase } from "../../state/CaseState.tsx";
import type { DoseView } from "./dose-view.ts";
import { Loading } from "./Loading.tsx";
import { linkOf } from "./linked.ts";
import type { Painter } from "./painter.ts";
import { PlaneView } from "./PlaneView.tsx";
import { savedMarks } from "./saved-marks.ts";
import { readSeries } from "./scan-door.ts";
import type { ScanSummary } from "./scan-summary.ts";
import { isOutline } from "./outline-of-body.ts";
import type { StructureSetInfo } from "./scan-summary.ts";
import type { Course } from "./structure-work.ts";
import { useDose } from "./use-dose.ts";
import { structureSetsOf, useStructures } from "./use-structures.ts";
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
  readonly scans: ScanSummary;
  readonly doseView: DoseView;
  readonly structuresShown: boolean;
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

function Linked({ name, study, volume, base, scans, doseView, structuresShown, viewer, change, paint }: Props & { readonly volume: Volume }) {
  const { id, workup } = useCase();
  const axes = useMemo(() => viewAxes(volume.grid)[name], [volume, name]);
  const link = useMemo(() => linkOf(base.grid, volume.grid, scans.registrations), [base, volume, scans]);
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
  const { dose, structures, told } = useLayers(id, study, volume, scans, doseView);
  const shown = useMemo((): Shown => {
    const own = dose.values !== undefined && doseView.shown;
    return {
      scene: {
        image: { volume, window: { center: window.center, width: window.width, law: volume.unit === "HU" ? "LINEAR" : "LINEAR_EXACT", inverse: inverted } },
        ...(own && { dose: { volume: dose.values, scheme: dose.scheme, referenceGy: dose.schemeGy, draw: { wash: doseView.wash, lines: doseView.lines }, washShare: doseView.share } }),
        structures: structuresShown ? structures.outlined : [],
      },
      synthetic: study.series.synthetic,
      referenceGy: dose.reference?.gy,
      doseUnit: "Gy",
      dmax: own ? dose.highest : undefined,
      structures: structuresShown ? structures.list : [],
    };
  }, [volume, window, inverted, study, dose.values, dose.scheme, dose.schemeGy, dose.reference, dose.highest, doseView, structures.outlined, structures.list, structuresShown]);
  const saved = useMemo(() => savedMarks(workup.view, study.series.uid), [workup.view, study]);
  const presets = useMemo(() => windowsOf(volume), [volume]);
  const keys = (event: KeyboardEvent) => {
    const preset = /^[1-9]$/.test(event.key) ? presets[Number(event.key) - 1] : undefined;
    if (preset === undefined && event.key !== "i") return;
    event.preventDefault();
    if (preset !== undefined) setWindow(preset);
    else setInverted((is) => !is);
  };
  return <PlaneView name={name} axes={axes} viewer={own} change={changeOwn} shown={shown} paint={paint} keys={keys} measuring={noMeasuring} saved={saved} title={study.timePoint ?? study.series.date ?? nameOf(study.series)} said={name === "axial" ? `${link.because} ${told}`.trim() : undefined} />;
}

const wholeBody = (set: StructureSetInfo | undefined): ReadonlySet<number> => new Set((set?.structures ?? []).filter(isOutline).map((s) => s.number));

/** Dose and structures of the second study, drawn as those of the first, and in words what there is not. */
function useLayers(id: string, { series }: Study, volume: Volume, scans: ScanSummary, view: DoseView) {
  const sets = useMemo(() => structureSetsOf(scans, series), [scans, series]);
  const own = useMemo((): DoseView => ({ ...view, uid: undefined, secondUid: undefined, statedGy: undefined }), [view]);
  const dose = useDose(id, scans, series.frameOfReference, sets[0]?.structures ?? [], own);
  const hidden = useMemo(() => wholeBody(sets[0]), [sets]);
  const structures = useStructures(id, sets, undefined, volume.grid, undefined, noCourse, hidden);
  const lacks = [dose.info === undefined && "no dose", sets.length === 0 && "no contours"].filter((what) => what !== false);
  const failed = [dose.volume, structures.coming].find((coming) => coming.state === "failed");
  return { dose, structures, told: failed?.state === "failed" ? failed.problem.what : lacks.length === 0 ? "" : `The case has ${lacks.join(" and ")} in the frame of reference of this scan.` };
}

const noCourse: Course = { fractions: undefined, perFractionGy: undefined };
