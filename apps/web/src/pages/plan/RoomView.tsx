import { useMemo, useRef, useState, type PointerEvent } from "react";
import type { PatientPosition, Vec3 } from "@hapax/base";
import { closedLoops, type PlanBeam, type Structure } from "@hapax/case";
import { planRoom } from "@hapax/figures";
import { SvgView } from "../../components/FigureView.tsx";
import { useSize } from "../images/use-size.ts";
import { signed } from "../images/words.ts";
import { angleOf } from "./beam-directions.ts";

interface Props {
  readonly beams: readonly PlanBeam[];
  readonly structures: readonly Structure[];
  readonly targets: readonly string[];
  readonly colorOf: (structure: string) => string;
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly selected: number;
  readonly select: (beam: number) => void;
  /** Undefined where beams cannot be turned. */
  readonly turn: ((beam: number, next: { readonly gantryDeg: number }) => void) | undefined;
}

/** The patient on the couch with every beam around him: a click chooses a beam, arrow keys turn it, and the hand turns the room. */
export function RoomView({ beams, structures, targets, colorOf, isocenter, patientPosition, selected, select, turn }: Props) {
  const [ref, size] = useSize<HTMLDivElement>();
  const [view, setView] = useState({ azimuthDeg: 35, elevationDeg: 20 });
  const held = useRef<{ x: number; y: number }>(undefined);
  const loops = useMemo(
    () => ({
      body: structures.filter(({ type }) => type === "EXTERNAL").flatMap(closedLoops),
      targets: structures.filter(({ name }) => targets.includes(name)).map((s) => ({ name: s.name, color: colorOf(s.name), loops: closedLoops(s) })),
    }),
    [structures, targets, colorOf],
  );
  const half = useMemo(() => halfOf(loops.targets.flatMap(({ loops: own }) => own), isocenter), [loops, isocenter]);
  const figure = useMemo(() => {
    if (size === undefined) return undefined;
    const inRoom = beams.flatMap(({ controlPoints, sadMm, name }, i) => {
      const [first] = controlPoints;
      if (first === undefined) return [];
      const { gantryDeg, collimatorDeg, couchDeg, limits: { x = [-half, half], y = [-half, half] } } = first;
      return [{ number: i, name, gantryDeg, collimatorDeg, couchDeg, sadMm, x, y }];
    });
    return planRoom({ beams: inRoom, isocenter, patientPosition, ...loops, chosen: selected }, { ...view, ...size, theme: "dark" });
  }, [beams, loops, half, isocenter, patientPosition, selected, view, size]);
  const beam = beams[selected];
  const point = beam?.controlPoints[0];
  const drag = (event: PointerEvent) => {
    const from = held.current;
    if (from === undefined) return;
    held.current = { x: event.clientX, y: event.clientY };
    setView(({ azimuthDeg, elevationDeg }) => ({ azimuthDeg: azimuthDeg - (event.clientX - from.x) / 3, elevationDeg: Math.min(85, Math.max(-10, elevationDeg + (event.clientY - from.y) / 3)) }));
  };
  return (
    <div
      ref={ref}
      className="view plan-room"
      tabIndex={0}
      role="application"
      aria-roledescription="room view"
      aria-label={`Room view${beam === undefined || point === undefined ? "" : `, ${beam.name}, gantry ${signed(point.gantryDeg, 0)}°, couch ${signed(point.couchDeg, 0)}°`}; Page Up and Page Down choose a beam${turn === undefined ? "" : ", arrow keys turn its gantry by 5 degrees"}`}
      onPointerDown={(event) => {
        const at = event.target instanceof Element ? event.target.closest("[data-beam]")?.getAttribute("data-beam") : undefined;
        if (at != null) return select(Number(at));
        held.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={() => (held.current = undefined)}
      onPointerCancel={() => (held.current = undefined)}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || beams.length === 0) return;
        const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
        const next = { PageDown: 1, PageUp: -1 }[event.key];
        if (next !== undefined) select((selected + next + beams.length) % beams.length);
        else if (by !== undefined && turn !== undefined && point !== undefined) turn(selected, { gantryDeg: angleOf(point.gantryDeg + by) });
        else return;
        event.preventDefault();
      }}
    >
      {figure !== undefined && <SvgView node={figure.root} as={{ "aria-hidden": true, className: "plan-room-figure" }} />}
      <p className="view-name">
        <strong>Room view</strong>
        drag turns the room
      </p>
    </div>
  );
}

/** Half of a square field that takes in all of the targets, mm. */
function halfOf(loops: readonly Float64Array[], [x0, y0, z0]: Vec3): number {
  let most = 20;
  for (const loop of loops) for (let i = 0; i < loop.length; i += 3) most = Math.max(most, Math.hypot((loop[i] as number) - x0, (loop[i + 1] as number) - y0, (loop[i + 2] as number) - z0));
  return Math.min(200, most);
}
