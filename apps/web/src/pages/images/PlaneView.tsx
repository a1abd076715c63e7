import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import type { Vec3 } from "@hapax/base";
import { placeOf, type ViewPlane } from "@hapax/figures";
import { Marks } from "./Marks.tsx";
import { Labels } from "./Labels.tsx";
import { Readout } from "./Readout.tsx";
import type { Painter } from "./painter.ts";
import type { PictureLines } from "./stroke-lines.ts";
import type { SavedMark } from "./saved-marks.ts";
import type { Shown } from "./shown.ts";
import { useSize } from "./use-size.ts";
import type { Measuring } from "./use-measuring.ts";
import { useViewInput } from "./use-view-input.ts";
import type { PlaneName, ViewAxes } from "./view-axes.ts";
import { panned, planeOf, scrolled, snapped, windowed, zoomed, type Viewer } from "./viewer.ts";
import { Crosshair, ViewOverlay } from "./ViewOverlay.tsx";

interface Props {
  readonly name: PlaneName;
  readonly axes: ViewAxes;
  readonly viewer: Viewer;
  readonly change: (next: (viewer: Viewer) => Viewer) => void;
  readonly shown: Shown;
  readonly paint: Painter;
  readonly keys: (event: KeyboardEvent, name: PlaneName) => void;
  readonly measuring: Measuring;
  readonly saved: readonly SavedMark[];
  /** Which study it is, where two are beside each other. */
  readonly title?: string | undefined;
  /** What must be known of it, in a line below its name. */
  readonly said?: string | undefined;
}

export const planeTitles: Readonly<Record<PlaneName, string>> = { axial: "Axial", coronal: "Coronal", sagittal: "Sagittal" };

/** One plane of a study: its picture, what lies over it, and the hand that moves through it. */
export const PlaneView = memo(function PlaneView({ name, axes, viewer, change, shown, paint, keys, measuring, saved, title, said }: Props) {
  const [view, size] = useSize<HTMLDivElement>();
  const next = useMemo(() => (size === undefined ? undefined : planeOf(viewer, name, axes, size.width, size.height)), [viewer, name, axes, size]);
  // A plane that only the crosshair moved across stays the one it was, and with it all that is drawn on it.
  const last = useRef(next);
  const plane = next !== undefined && last.current !== undefined && samePlane(next, last.current) ? last.current : next;
  last.current = plane;
  return (
    <div
      ref={view}
      className="view"
      tabIndex={0}
      role="application"
      aria-roledescription="image view"
      aria-label={`${planeTitles[name]}${plane === undefined ? "" : `, ${placeOf(plane)}`}`}
      data-view={name}
      onKeyDown={(event) => keys(event, name)}
    >
      {plane !== undefined && <Inside {...{ plane, view, name, axes, viewer, change, shown, paint, measuring, saved, title, said }} />}
    </div>
  );
});

type InsideProps = Omit<Props, "keys"> & { readonly plane: ViewPlane; readonly view: RefObject<HTMLDivElement | null> };

function Inside({ plane, view, name, axes, viewer, change, shown, paint, measuring, saved, title, said }: InsideProps) {
  const [hover, setHover] = useState<Vec3>();
  const [drawn, setDrawn] = useState<PictureLines>();
  const { grid } = shown.scene.image.volume;
  useViewInput(view, plane, {
    point: (at, phase) => {
      if (!measuring.drag(name, plane, at, phase) && phase !== "up") change((v) => ({ ...v, point: snapped(grid, at) }));
    },
    scroll: (slices) => change((v) => scrolled(v, grid, axes, name === "axial" ? -slices : slices)),
    zoom: (at, factor) => change((v) => zoomed(v, at, factor)),
    pan: (dx, dy) => change((v) => panned(v, axes, dx, dy)),
    window: (dx, dy) => change((v) => windowed(v, dx, dy)),
    hover: setHover,
    enlarge: () => change((v) => ({ ...v, large: v.large === name ? undefined : name })),
  });
  const dense = Math.min(2, devicePixelRatio);
  return (
    <>
      <Canvases plane={dense === 1 ? plane : planeOf(viewer, name, axes, plane.width, plane.height, dense)} dense={dense} shown={shown} paint={paint} drawn={setDrawn} />
      <Crosshair plane={plane} point={viewer.point} />
      <ViewOverlay plane={plane}>
        {drawn !== undefined && <Labels picture={drawn} plane={plane} shown={shown} />}
        <Marks plane={plane} axes={axes} drawing={measuring.drawing} saved={saved} />
      </ViewOverlay>
      <p className="view-name">
        <strong>
          {planeTitles[name]}
          {title !== undefined && <span className="view-title"> {title}</span>}
        </strong>
        {placeOf(plane)}
        {said !== undefined && <span className="view-said">{said}</span>}
      </p>
      {shown.synthetic && <p className="view-synthetic">SYNTHETIC</p>}
      <Readout at={hover ?? viewer.point} shown={shown} />
    </>
  );
}

interface CanvasesProps {
  readonly plane: ViewPlane;
  readonly dense: number;
  readonly shown: Shown;
  readonly paint: Painter;
  /** The lines to be labeled; undefined while the picture changes. */
  readonly drawn: (lines: PictureLines | undefined) => void;
}

/** Labels are set when the hand has rested this long: they are read, and cost more than the slice. */
const restMs = 90;

/** The picture and its lines: painted once for each plane and each way of looking, between two frames of the screen. */
const Canvases = memo(
  function Canvases({ plane, dense, shown, paint, drawn }: CanvasesProps) {
    const picture = useRef<HTMLCanvasElement>(null);
    const lines = useRef<HTMLCanvasElement>(null);
    useEffect(() => {
      let rest: ReturnType<typeof setTimeout> | undefined;
      const frame = requestAnimationFrame(() => {
        if (picture.current === null || lines.current === null) return;
        const found = paint({ picture: picture.current, lines: lines.current }, shown.scene, plane, dense);
        drawn(undefined);
        rest = setTimeout(() => drawn(found), restMs);
      });
      return () => {
        cancelAnimationFrame(frame);
        clearTimeout(rest);
      };
    }, [plane, dense, shown.scene, paint, drawn]);
    return (
      <>
        <canvas ref={picture} className="view-picture" />
        <canvas ref={lines} className="view-picture" />
      </>
    );
  },
  (a, b) => a.shown.scene === b.shown.scene && a.paint === b.paint && samePlane(a.plane, b.plane),
);

function samePlane(a: ViewPlane, b: ViewPlane): boolean {
  const [p, q] = [a.patientFromScreen.rows.flat(), b.patientFromScreen.rows.flat()];
  return a.width === b.width && a.height === b.height && p.every((v, i) => Math.abs(v - (q[i] as number)) < 1e-9);
}
