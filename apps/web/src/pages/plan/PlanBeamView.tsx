import { useMemo, useState } from "react";
import type { PatientPosition, Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamsEye, type OutlinedStructure } from "@hapax/figures";
import { BeamPicture, mmPerPxOf } from "../images/BeamPicture.tsx";
import { useSize } from "../images/use-size.ts";
import { signed } from "../images/words.ts";
import { angleOf } from "./beam-directions.ts";
import { NumberField } from "./NumberField.tsx";

interface Props {
  readonly beams: readonly PlanBeam[];
  readonly selected: number;
  readonly select: (beam: number) => void;
  readonly volume: Volume;
  readonly patientPosition: PatientPosition;
  /** With what lies inside, for their shadows. */
  readonly structures: readonly OutlinedStructure[];
  readonly synthetic: boolean;
  /** Undefined where beams cannot be turned. */
  readonly turn: ((beam: number, next: { readonly gantryDeg?: number; readonly collimatorDeg?: number }) => void) | undefined;
}

/** What the chosen beam sees: target and organs on a radiograph of the CT, and the leaves of each segment once a plan is made. */
export function PlanBeamView(props: Props) {
  const { beams, selected } = props;
  const beam = beams[selected] ?? beams[0];
  return beam === undefined || beam.controlPoints.length === 0 ? <p className="quiet small">There is no beam to look through yet.</p> : <Through {...props} beam={beam} />;
}

function Through({ beams, beam, select, volume, patientPosition, structures, synthetic, turn }: Props & { readonly beam: PlanBeam }) {
  const [ref, size] = useSize<HTMLDivElement>();
  const [segment, setSegment] = useState(0);
  const segments = useMemo(() => openings(beam), [beam]);
  const at = Math.min(segment, segments.length - 1);
  const point = (segments[at] as Opening).point;
  const view = useMemo(() => (size === undefined ? undefined : beamsEye(beam, point, patientPosition, size, mmPerPxOf(beam, point, size))), [beam, point, size, patientPosition]);
  const place = beams.indexOf(beam);
  const turnBy = (key: string, shift: boolean) => {
    const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[key];
    if (by === undefined || turn === undefined) return false;
    turn(place, shift ? { collimatorDeg: angleOf(point.collimatorDeg + by) } : { gantryDeg: angleOf(point.gantryDeg + by) });
    return true;
  };
  return (
    <div className="plan-eye">
      <div
        ref={ref}
        className="view view-beam"
        tabIndex={0}
        role="application"
        aria-roledescription="image view"
        aria-label={`Beam’s eye view of ${beam.name}${turn === undefined ? "" : "; arrow keys turn its gantry by 5 degrees, with Shift its collimator"}`}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget || !turnBy(event.key, event.shiftKey)) return;
          event.preventDefault();
        }}
      >
        {view !== undefined && <BeamPicture view={view} beam={beam} point={point} volume={volume} structures={structures} />}
        <p className="view-name">
          <strong>Beam’s eye view</strong>
          {beam.name}, gantry {signed(point.gantryDeg, 0)}°, couch {signed(point.couchDeg, 0)}°
        </p>
        {synthetic && <p className="view-synthetic">SYNTHETIC</p>}
      </div>
      <div className="plan-eye-line">
        <label>
          <span>Beam</span>
          <select value={place} onChange={(event) => select(Number(event.target.value))}>
            {beams.map(({ name }, i) => <option key={i} value={i}>{name}, {i + 1} of {beams.length}</option>)}
          </select>
        </label>
        {turn !== undefined && (
          <label>
            <span>Collimator</span>
            <NumberField label={`Collimator of ${beam.name}`} value={point.collimatorDeg} unit="°" change={(value) => turn(place, { collimatorDeg: angleOf(value) })} />
          </label>
        )}
        {segments.length > 1 && (
          <label className="plan-wide">
            <span>Segment {at + 1} of {segments.length}, {signed(segments[at]?.mu ?? 0)} MU</span>
            <input type="range" min={0} max={segments.length - 1} value={at} aria-label="Segment" onChange={(event) => setSegment(Number(event.target.value))} />
          </label>
        )}
        {segments.length === 1 && beam.leafEdges === undefined && <span className="quiet">Leaves are set when the plan is made.</span>}
      </div>
    </div>
  );
}

interface Opening {
  readonly point: ControlPoint;
  readonly mu: number;
}

/** The openings of a beam: control points between which monitor units are given, with their monitor units; the first where none are. */
function openings({ controlPoints: points, meterset }: PlanBeam): Opening[] {
  const given = points.flatMap((point, i) => {
    const share = (points[i + 1]?.metersetShare ?? point.metersetShare) - point.metersetShare;
    return share > 0 ? [{ point, mu: share * (meterset ?? 0) }] : [];
  });
  return given.length > 0 ? given : points.slice(0, 1).map((point) => ({ point, mu: 0 }));
}
