import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Vec3, Volume } from "@hapax/base";
import type { Scene } from "@hapax/figures";
import { useKeys } from "../../keys.ts";
import { useCase } from "../../state/CaseState.tsx";
import { BeamView } from "./BeamView.tsx";
import { Compared } from "./Compared.tsx";
import { firstDoseView, type DoseView } from "./dose-view.ts";
import { tools } from "./drawing.ts";
import { layerOf, type DoseOver } from "./dose-over.ts";
import { firstViewer } from "./first-viewer.ts";
import { MeasurePanel } from "./MeasurePanel.tsx";
import { savedMarks } from "./saved-marks.ts";
import { useMeasuring } from "./use-measuring.ts";
import { usePainter } from "./use-painter.ts";
import { useCine } from "./use-cine.ts";
import { ExportPanel } from "./ExportPanel.tsx";
import { figureOf } from "./export-view.ts";
import { isOutline } from "./outline-of-body.ts";
import { NoPlan } from "./NoPlan.tsx";
import { PlaneView } from "./PlaneView.tsx";
import { fusionLayer, overlaysOf, uptakeWith } from "./fusion.ts";
import { FusionPanel, type FusionView } from "./FusionPanel.tsx";
import { inFrame } from "./in-frame.ts";
import { readSeries } from "./scan-door.ts";
import type { ReferenceDose } from "./reference-dose.ts";
import type { PlanInfo, ScanSummary, SeriesInfo } from "./scan-summary.ts";
import type { Shown } from "./shown.ts";
import { SideColumn } from "./SideColumn.tsx";
import { nameOf, type Study } from "./studies.ts";
import { Toolbar } from "./Toolbar.tsx";
import { there, useDoor } from "./use-door.ts";
import type { Course } from "./structure-work.ts";
import { useDose, type StudyDose } from "./use-dose.ts";
import { useStructureWork } from "./use-structure-work.ts";
import { structureSetsOf, useStructures } from "./use-structures.ts";
import { planeNames, viewAxes, type PlaneName } from "./view-axes.ts";
import { looped, planeOf, scrolled, snapped, type Viewer } from "./viewer.ts";
import { windowsOf } from "@hapax/figures";

interface Props {
  readonly study: Study;
  readonly volume: Volume;
  /** The middle of the tumor, where it is drawn; LPS, mm. */
  readonly tumor: Vec3 | undefined;
  /** What must be known of its values. */
  readonly notice: string | undefined;
  readonly studies: readonly Study[];
  readonly scans: ScanSummary;
  readonly choice: ReactNode;
}

/** "20 Gy in 5", or how the plan is called. */
function courseWords(plan: PlanInfo | undefined, reference: ReferenceDose | undefined): string | undefined {
  if (plan === undefined) return undefined;
  return reference === undefined || plan.fractions === undefined ? plan.label : `${Number(reference.gy.toFixed(2))} Gy in ${plan.fractions}`;
}

/** The fractionation that the plan of a dose says. */
const courseOf = ({ plan, reference }: StudyDose): Course => ({
  fractions: plan?.fractions,
  perFractionGy: plan?.fractions === undefined || reference === undefined ? undefined : reference.gy / plan.fractions,
});

/** A second dose is held against no limit. */
const noCourse: Course = { fractions: undefined, perFractionGy: undefined };

/** The plane that has the focus; the axial one where none has. */
const focusedPlane = (): PlaneName => planeNames.find((name) => document.activeElement instanceof HTMLElement && document.activeElement.dataset["view"] === name) ?? "axial";

/** The study to compare with: the one before of the same modality, or else the first other. */
const before = (studies: readonly Study[], study: Study, others: readonly Study[]): Study | undefined =>
  studies.slice(0, studies.indexOf(study)).findLast((s) => s.series.modality === study.series.modality && others.includes(s)) ?? others.find((s) => s.series.modality === study.series.modality) ?? others[0];

/** What a beam's eye view shows: targets, and organs that a beam is shaped around. */
const isSeenFromBeam = ({ name }: { readonly name: string }): boolean => /^(ptv|ctv|gtv$|spinalcord|brachialplex|heart|esophagus|larynx|parotid|kidney|rectum|bladder)/i.test(name) && !/prv/i.test(name);

/** About what a view of four has, CSS px: the page without rail, bar and side column. */
const roomOfView = () => ({ width: Math.max(200, (innerWidth - 44 - (innerWidth < 1180 ? 0 : 346)) / 2), height: Math.max(200, (innerHeight - 98) / 2) });

/** A study in its views, with what belongs to it at the right. */
export function StudyViews({ study, volume, tumor, notice, studies, scans, choice }: Props) {
  const { id, workup } = useCase();
  const axes = useMemo(() => viewAxes(volume.grid), [volume]);
  const presets = useMemo(() => windowsOf(volume), [volume]);
  const [viewer, change] = useState<Viewer>(() => firstViewer(volume, tumor, roomOfView()));
  const [doseView, setDoseView] = useState<DoseView>(firstDoseView);
  const [hiddenByHand, setHidden] = useState<ReadonlySet<number>>();
  const [structuresShown, setStructuresShown] = useState(true);
  const sets = useMemo(() => structureSetsOf(scans, study.series), [scans, study]);
  // The outline of the body hides what matters; it is drawn when asked for.
  const hidden = useMemo(() => hiddenByHand ?? new Set((sets[0]?.structures ?? []).filter((s) => isOutline(s)).map((s) => s.number)), [hiddenByHand, sets]);
  const dose = useDose(id, scans, study.series.frameOfReference, sets[0]?.structures ?? [], doseView);
  const doseVolume = dose.values;
  const structures = useStructures(id, sets, undefined, volume.grid, doseVolume, courseOf(dose), hidden);
  const { drawn } = structures;
  const secondWork = useMemo(
    () => (dose.second === undefined || sets[0] === undefined || drawn.length === 0 ? undefined : { structures: drawn, frameOfReference: sets[0].frameOfReference, grid: volume.grid, dose: dose.second, outlines: false }),
    [dose.second, sets, drawn, volume],
  );
  const secondNumbers = useStructureWork(secondWork, noCourse).answers;
  // What was computed from the doses holds for the one that is shown.
  const [overNow, setOver] = useState<{ of: Volume | undefined; over: DoseOver | undefined }>({ of: undefined, over: undefined });
  const over = overNow.of === doseVolume ? overNow.over : undefined;
  const showOver = useCallback((next: DoseOver | undefined) => setOver({ of: doseVolume, over: next }), [doseVolume]);
  const [comparing, setComparing] = useState<string>();
  const [fusionView, setFusionView] = useState<FusionView>(() => ({ uid: dose.info === undefined ? uptakeWith(study, studies)?.series.uid : undefined, share: 0.5 }));
  const overlays = useMemo(() => overlaysOf(scans, study.series), [scans, study]);
  const overSeries = overlays.find((o) => o.series.uid === fusionView.uid)?.series;
  const overRead = useDoor(overSeries === undefined ? undefined : `${id} ${overSeries.uid}`, (signal) => readSeries(id, overSeries as SeriesInfo, { signal }));
  const overVolume = useMemo(() => {
    const read = there(overRead);
    return read === undefined || overSeries === undefined ? undefined : inFrame(read.volume, study.series.frameOfReference, scans.registrations);
  }, [overRead, overSeries, study, scans]);
  const fusionTold = overRead.state === "failed" ? `${overRead.problem.what} ${overRead.problem.remedy}` : there(overRead)?.notice;
  const paint = usePainter();
  const measuring = useMeasuring(axes);
  const [exporting, setExporting] = useState<PlaneName>();
  const cine = useCine(
    useCallback((name: PlaneName) => change((v) => looped(v, volume.grid, axes[name], name === "axial" ? -1 : 1)), [volume, axes]),
  );
  const saved = useMemo(() => savedMarks(workup.view, study.series.uid), [workup.view, study]);
  useKeys(
    {
      ...Object.fromEntries(tools.map(([tool, key]) => [key.toLowerCase(), () => measuring.choose(measuring.tool === tool ? undefined : tool)])),
      e: () => setExporting((now) => (now === undefined ? focusedPlane() : undefined)),
      c: () => turnCompare(),
      d: () => setDoseView((v) => ({ ...v, shown: !v.shown })),
      s: () => setStructuresShown((is) => !is),
    },
    "page",
  );
  const scene = useMemo((): Scene => {
    const { center, width } = viewer.window;
    const layer = { scheme: dose.scheme, referenceGy: dose.schemeGy };
    return {
      image: { volume, window: { center, width, law: volume.unit === "HU" ? "LINEAR" : "LINEAR_EXACT", inverse: viewer.inverted } },
      ...(overVolume !== undefined && { fusion: fusionLayer(overVolume, fusionView.share) }),
      ...(over !== undefined && doseView.shown && { dose: layerOf(over, { wash: doseView.wash, lines: doseView.lines }, doseView.share) }),
      ...(over === undefined && doseVolume !== undefined && doseView.shown && { dose: { ...layer, volume: doseVolume, draw: { wash: doseView.wash, lines: doseView.lines }, washShare: doseView.share } }),
      ...(dose.second !== undefined && doseView.shown && { comparedDose: { ...layer, volume: dose.second } }),
      structures: structuresShown ? structures.outlined : [],
    };
  }, [volume, viewer.window, viewer.inverted, dose.scheme, dose.schemeGy, dose.second, doseVolume, over, doseView, overVolume, fusionView.share, structures.outlined, structuresShown]);
  const shown = useMemo(
    (): Shown => ({
      scene,
      synthetic: study.series.synthetic,
      referenceGy: over === undefined ? dose.reference?.gy : over.is === "difference" ? over.wholeGy : undefined,
      doseUnit: over === undefined || over.is === "difference" ? "Gy" : over.is === "sum" ? over.unit : "gamma",
      signed: over?.is === "difference",
      dmax: !doseView.shown ? undefined : over === undefined ? dose.highest : over.is === "sum" ? over.highest : undefined,
      structures: structuresShown ? structures.list : [],
    }),
    [scene, study, over, dose.reference, dose.highest, doseView.shown, structures.list, structuresShown],
  );
  // Without a target the highest dose is what a reader looks for; whoever has moved already stays.
  const opened = useRef(viewer.point);
  const latestTumor = useRef(tumor);
  latestTumor.current = tumor ?? dose.highest?.at;
  useEffect(() => {
    if (tumor === undefined && dose.highest !== undefined) change((v) => (v.point === opened.current ? { ...v, point: snapped(volume.grid, dose.highest?.at ?? v.point) } : v));
  }, [tumor, dose.highest, volume]);
  // Escape first ends what is being measured, then makes a large view small again.
  const playing = useRef(cine);
  playing.current = cine;
  const escaped = useRef((): boolean => false);
  escaped.current = () => {
    if (measuring.tool === undefined && measuring.drawing === undefined) return false;
    measuring.clear();
    return true;
  };
  const keys = useCallback(
    (event: KeyboardEvent, name: PlaneName) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const down = name === "axial" ? -1 : 1;
      const slices = (n: number) => change((v) => scrolled(v, volume.grid, axes[name], n));
      const acts: Record<string, () => void> = {
        ArrowUp: () => slices(-down),
        ArrowDown: () => slices(down),
        PageUp: () => slices(-10 * down),
        PageDown: () => slices(10 * down),
        Enter: () => change((v) => ({ ...v, large: v.large === name ? undefined : name })),
        Escape: () => (escaped.current() ? undefined : change((v) => ({ ...v, large: undefined }))),
        r: () => change(firstViewer(volume, latestTumor.current, roomOfView())),
        i: () => change((v) => ({ ...v, inverted: !v.inverted })),
        w: () => undefined,
        " ": () => playing.current.turn(name),
      };
      const preset = /^[1-9]$/.test(event.key) ? presets[Number(event.key) - 1] : undefined;
      const act = preset !== undefined ? () => change((v) => ({ ...v, window: preset })) : acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
    [volume, axes, presets],
  );
  const others = useMemo(() => studies.filter((s) => s.series.uid !== study.series.uid && s.series.geometry.shown !== "refused"), [studies, study]);
  const compared = others.find((s) => s.series.uid === comparing);
  const turnCompare = () => setComparing((now) => (now === undefined ? before(studies, study, others)?.series.uid : undefined));
  const enlargeBeam = useCallback(() => change((v) => ({ ...v, large: v.large === "beam" ? undefined : "beam" })), []);
  const beamKeys = useCallback(
    (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      enlargeBeam();
    },
    [enlargeBeam],
  );
  // A shadow needs what lies inside; it comes after the contours.
  const outlinedInside = useMemo(() => (structures.inside ? structures.outlined.filter(isSeenFromBeam) : []), [structures.inside, structures.outlined]);
  const plan = dose.plan ?? (dose.info === undefined ? scans.plans.find((p) => p.structureSetUid === sets[0]?.uid && sets[0] !== undefined) : undefined);
  const goTo = useCallback((at: Vec3) => change((v) => ({ ...v, point: snapped(volume.grid, at), middle: at })), [volume]);
  return (
    <div className="images">
      <Toolbar choice={choice} viewer={viewer} presets={presets} change={change} study={study} course={courseWords(plan, dose.reference)} compare={{ others, chosen: compared, choose: setComparing, turn: turnCompare }} measuring={measuring} doseShown={doseView.shown} structuresShown={structuresShown} toggleDose={() => setDoseView((v) => ({ ...v, shown: !v.shown }))} toggleStructures={() => setStructuresShown((is) => !is)} />
      <div className={viewer.large === undefined ? "images-views" : compared === undefined ? "images-views one" : "images-views two"}>
        {(compared === undefined ? planeNames : (["axial", "coronal"] as const))
          .filter((name) => viewer.large === undefined || viewer.large === name)
          .flatMap((name) => [
            <PlaneView key={name} title={compared && (study.timePoint ?? study.series.date ?? nameOf(study.series))} name={name} axes={axes[name]} viewer={viewer} change={change} shown={shown} paint={paint} keys={keys} measuring={measuring} saved={saved} />,
            ...(compared === undefined ? [] : [<Compared key={`${name} ${compared.series.uid}`} {...{ name, base: volume, scans, doseView, structuresShown, viewer, change, paint }} study={compared} />]),
          ])}
        {compared === undefined && (viewer.large === undefined || viewer.large === "beam") &&
          (plan === undefined ? (
            <NoPlan plans={scans.plans.length} />
          ) : (
            <BeamView plan={plan} volume={volume} patientPosition={study.series.patientPosition} structures={outlinedInside} synthetic={study.series.synthetic} keys={beamKeys} enlarge={enlargeBeam} />
          ))}
      </div>
      <SideColumn fusion={<FusionPanel overlays={overlays} view={fusionView} change={(next) => setFusionView((v) => ({ ...v, ...next }))} told={fusionTold} />} ct={volume} secondNumbers={secondWork === undefined ? undefined : secondNumbers} {...{ study, scans, dose, doseView, setDoseView, structures, hidden, setHidden, goTo, over, showOver }}>
        {exporting !== undefined && (
          <ExportPanel
            name={`${id}-${exporting}`}
            close={() => setExporting(undefined)}
            figure={() => figureOf(scene, planeOf(viewer, exporting, axes[exporting], 720, 560), { label: [nameOf(study.series), study.timePoint].filter((part) => part !== undefined).join(", "), synthetic: study.series.synthetic })}
          />
        )}
        {notice !== undefined && <p className="images-notice">{notice}</p>}
        {measuring.drawing !== undefined && <MeasurePanel drawing={measuring.drawing} axes={axes} volume={volume} study={study} clear={measuring.clear} />}
      </SideColumn>
    </div>
  );
}
