import { useEffect, useMemo, useRef, useState } from "react";
import type { Vec3, Volume } from "@hapax/base";
import { figure2Levels, percentLevels, usualWindow, type DoseLayer, type DoseScheme, type OutlinedStructure, type Scene } from "@hapax/figures";
import { placeOf } from "@hapax/figures";
import { usePainter } from "../images/use-painter.ts";
import type { Painter } from "../images/painter.ts";
import { useSize } from "../images/use-size.ts";
import { planeNames, viewAxes, type PlaneName } from "../images/view-axes.ts";
import { planeOf, scrolled, snapped, type Viewer } from "../images/viewer.ts";
import { ViewOverlay } from "../images/ViewOverlay.tsx";
import { signed } from "../images/words.ts";
import { differenceBands, layerOf } from "../images/dose-over.ts";
import { planeTitles } from "../images/PlaneView.tsx";

/** A dose that is drawn over the CT. */
export interface Wash {
  readonly key: string;
  readonly title: string;
  /** Gy; undefined while it is on its way. */
  readonly dose: Volume | undefined;
  /** Dose of 100 %, Gy. */
  readonly referenceGy: number;
  /** Drawn as a difference of two doses. */
  readonly difference?: boolean;
}

interface Props {
  readonly washes: readonly Wash[];
  readonly ct: Volume | undefined;
  readonly structures: readonly OutlinedStructure[];
  readonly isocenter: Vec3;
  readonly synthetic: boolean;
}

const schemes: readonly { readonly name: string; readonly levels: DoseScheme }[] = [
  { name: "100, 102, 109 %, as the report has them", levels: figure2Levels },
  { name: "30 to 110 %", levels: percentLevels },
];

/** Doses side by side over one slice of the CT, which is scrolled for all of them together. */
export function Washes({ washes, ct, structures, isocenter, synthetic }: Props) {
  const paint = usePainter();
  const [name, setName] = useState<PlaneName>("axial");
  const [scheme, setScheme] = useState(0);
  const [off, setOff] = useState(0);
  const levels = (schemes[scheme] as (typeof schemes)[number]).levels;
  return (
    <section className="plan-washes">
      <div className="plan-head">
        <h2>Dose</h2>
        <label>
          <span className="heard">Plane</span>
          <select value={name} onChange={(event) => { setName(event.target.value as PlaneName); setOff(0); }}>
            {planeNames.map((one) => <option key={one} value={one}>{planeTitles[one]}</option>)}
          </select>
        </label>
        <label>
          <span className="heard">Levels</span>
          <select value={scheme} onChange={(event) => setScheme(Number(event.target.value))}>
            {schemes.map((one, i) => <option key={one.name} value={i}>{one.name}</option>)}
          </select>
        </label>
      </div>
      <div className={`plan-wash-row of-${Math.min(4, washes.length)}`}>
        {washes.map((wash) => (
          <WashView key={wash.key} {...{ wash, ct, structures, isocenter, synthetic, paint, name, levels, off }} scroll={(slices) => setOff((now) => now + slices)} />
        ))}
      </div>
      <Levels levels={levels} washes={washes} />
    </section>
  );
}

interface ViewProps extends Omit<Props, "washes"> {
  readonly wash: Wash;
  readonly paint: Painter;
  readonly name: PlaneName;
  readonly levels: DoseScheme;
  /** Slices from the isocenter. */
  readonly off: number;
  readonly scroll: (slices: number) => void;
}

function WashView({ wash, ct, structures, isocenter, synthetic, paint, name, levels, off, scroll }: ViewProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const picture = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const axes = useMemo(() => ct && viewAxes(ct.grid), [ct]);
  const scene = useMemo((): Scene | undefined => {
    if (ct === undefined) return undefined;
    const { center, width } = usualWindow(ct);
    const layer = (dose: Volume): DoseLayer =>
      wash.difference === true ? layerOf({ is: "difference", volume: dose, wholeGy: wash.referenceGy }, { wash: true, lines: false }, 0.5) : { volume: dose, scheme: levels, referenceGy: wash.referenceGy };
    return { image: { volume: ct, window: { center, width, law: "LINEAR" } }, structures, ...(wash.dose !== undefined && { dose: layer(wash.dose) }) };
  }, [ct, structures, wash, levels]);
  const viewer = useMemo((): Viewer | undefined => {
    if (ct === undefined || axes === undefined || size === undefined) return undefined;
    const at = snapped(ct.grid, isocenter);
    const plain: Viewer = { point: at, middle: at, mmPerPx: 460 / Math.min(size.width * 1.15, size.height * 1.35), window: usualWindow(ct), inverted: false, large: undefined };
    return scrolled(plain, ct.grid, axes[name], name === "axial" ? -off : off);
  }, [ct, axes, size, isocenter, name, off]);
  const plane = useMemo(() => (viewer === undefined || axes === undefined || size === undefined ? undefined : planeOf(viewer, name, axes[name], size.width, size.height)), [viewer, axes, name, size]);
  useEffect(() => {
    if (plane === undefined || scene === undefined) return undefined;
    const frame = requestAnimationFrame(() => {
      if (picture.current !== null && lines.current !== null) paint({ picture: picture.current, lines: lines.current }, scene, plane, 1);
    });
    return () => cancelAnimationFrame(frame);
  }, [plane, scene, paint]);
  // React listens to the wheel passively: the page would scroll with the slices.
  useEffect(() => {
    const here = ref.current;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      scroll(Math.sign(event.deltaY));
    };
    here?.addEventListener("wheel", turn, { passive: false });
    return () => here?.removeEventListener("wheel", turn);
  });
  return (
    <div
      ref={ref}
      className="view"
      tabIndex={0}
      role="application"
      aria-roledescription="image view"
      aria-label={`${wash.title}, ${name}${plane === undefined ? "" : `, ${placeOf(plane)}`}`}
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        scroll(by);
      }}
    >
      <canvas ref={picture} className="view-picture" />
      <canvas ref={lines} className="view-picture" />
      {plane !== undefined && <ViewOverlay plane={plane} />}
      <p className="view-name">
        <strong>{wash.title}</strong>
        {plane !== undefined && placeOf(plane)}
      </p>
      {synthetic && <p className="view-synthetic">SYNTHETIC</p>}
      {wash.dose === undefined && <p className="view-readout">reading the dose</p>}
    </div>
  );
}

/** What each color stands for, in percent and in Gy of the first plan. */
function Levels({ levels, washes }: { readonly levels: DoseScheme; readonly washes: readonly Wash[] }) {
  const gy = washes.find(({ difference }) => difference !== true)?.referenceGy;
  return (
    <>
      <ul className="plan-levels">
        {levels.toReversed().map(({ percent, color }) => (
          <li key={percent}><span style={{ background: color }} aria-hidden="true" />{percent} %{gy !== undefined && <span className="quiet"> {signed((percent / 100) * gy)} Gy</span>}</li>
        ))}
      </ul>
      {washes.some(({ difference }) => difference === true) && (
        <ul className="plan-levels">
          <li className="quiet">difference, % of {signed(gy ?? 100)} Gy</li>
          {differenceBands.map(({ words, color }) => <li key={words}><span style={color === undefined ? { boxShadow: "inset 0 0 0 1px var(--rule-strong)" } : { background: color }} aria-hidden="true" />{words}</li>)}
        </ul>
      )}
    </>
  );
}
