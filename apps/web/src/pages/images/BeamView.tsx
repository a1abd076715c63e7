import { memo, useMemo, useState, type KeyboardEvent } from "react";
import type { Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamsEye, type OutlinedStructure } from "@hapax/figures";
import { BeamPicture, mmPerPxOf } from "./BeamPicture.tsx";
import { isPosition } from "./patient-position.ts";
import type { PlanInfo } from "./scan-summary.ts";
import { useSize } from "./use-size.ts";
import { signed } from "./words.ts";

interface Props {
  readonly plan: PlanInfo;
  readonly volume: Volume;
  readonly patientPosition: string | undefined;
  readonly structures: readonly OutlinedStructure[];
  readonly synthetic: boolean;
  readonly keys: (event: KeyboardEvent) => void;
  readonly enlarge: () => void;
}

/** What a beam sees: a radiograph made from the CT, jaws, leaves, and the shadows of target and organs. */
export const BeamView = memo(function BeamView({ plan, volume, patientPosition, structures, synthetic, keys, enlarge }: Props) {
  const [ref, size] = useSize<HTMLDivElement>();
  const [number, setNumber] = useState(plan.beams[0]?.number);
  const [at, setAt] = useState(0);
  const beam = plan.beams.find((b) => b.number === number) ?? plan.beams[0];
  const point = beam?.controlPoints[Math.min(at, beam.controlPoints.length - 1)];
  const lacks = lackOf(volume, patientPosition, beam);
  const view = useMemo(() => {
    if (size === undefined || beam === undefined || point === undefined || lacks !== undefined || !isPosition(patientPosition)) return undefined;
    return beamsEye(beam, point, patientPosition, size, mmPerPxOf(beam, point, size));
  }, [beam, point, size, patientPosition, lacks]);
  return (
    <div ref={ref} className="view view-beam" tabIndex={0} role="application" aria-roledescription="image view" aria-label="Beam’s eye view" data-view="beam" onKeyDown={keys} onDoubleClick={enlarge}>
      {view !== undefined && beam !== undefined && point !== undefined && <BeamPicture {...{ view, beam, point, volume, structures }} />}
      <div className="view-name">
        <strong>Beam’s eye view</strong>
        {lacks ?? (
          <select aria-label="Beam" value={beam?.number} onChange={(event) => { setNumber(Number(event.target.value)); setAt(0); }}>
            {plan.beams.map((b, i) => (
              <option key={b.number} value={b.number}>{b.name}, {i + 1} of {plan.beams.length}, gantry {signed(b.controlPoints[0]?.gantryDeg ?? 0, 0)}°</option>
            ))}
          </select>
        )}
      </div>
      {synthetic && <p className="view-synthetic">SYNTHETIC</p>}
      {beam !== undefined && beam.type === "DYNAMIC" && lacks === undefined && (
        <label className="view-points">
          point {Math.min(at, beam.controlPoints.length - 1) + 1} of {beam.controlPoints.length}
          <input type="range" min={0} max={beam.controlPoints.length - 1} value={at} onChange={(event) => setAt(Number(event.target.value))} />
        </label>
      )}
      {point !== undefined && lacks === undefined && <p className="view-readout">{jawWords(point)}</p>}
    </div>
  );
});

/** Why there is no view, in words; undefined where there is one. */
function lackOf(volume: Volume, patientPosition: string | undefined, beam: PlanBeam | undefined): string | undefined {
  if (beam === undefined) return "This plan has no beams: it holds the prescription only.";
  if (beam.controlPoints.length === 0) return `${beam.name} has no control point.`;
  if (volume.unit !== "HU") return "A radiograph needs a CT: only Hounsfield units say how much a voxel weakens the beam.";
  return isPosition(patientPosition) ? undefined : "The CT does not say how the patient lay (PatientPosition), so no beam can be placed.";
}

function jawWords({ limits: { x, y } }: ControlPoint): string {
  if (x === undefined || y === undefined) return "no jaws in the plan";
  return `jaws ${signed((x[1] - x[0]) / 10)} × ${signed((y[1] - y[0]) / 10)} cm`;
}
