import { useMemo, useRef, useState, type PointerEvent } from "react";
import { apply, type PatientPosition, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import type { BeamAsked } from "@hapax/planning";
import { useSize } from "../images/use-size.ts";
import { signed } from "../images/words.ts";
import { angleOf } from "./beam-directions.ts";
import { beamPyramid, roomFromPatient, roomPoint, type RoomCamera } from "./room-camera.ts";

interface Props {
  readonly beams: readonly BeamAsked[];
  readonly structures: readonly Structure[];
  readonly targets: readonly string[];
  readonly colorOf: (structure: string) => string;
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly selected: number;
  readonly select: (beam: number) => void;
  readonly turn: ((beam: number, next: { readonly gantryDeg: number }) => void) | undefined;
}

const sadMm = 1000;
/** Beams are drawn from here on: the whole way from the source would make the patient small. */
const fromMm = 560;
/** Outlines of the body are drawn this far apart, mm. */
const apartMm = 16;

/** The patient on the couch with every beam around him; the room is turned with the hand, a beam with the arrow keys. */
export function RoomView({ beams, structures, targets, colorOf, isocenter, patientPosition, selected, select, turn }: Props) {
  const [ref, size] = useSize<HTMLDivElement>();
  const [view, setView] = useState({ turnDeg: 24, tiltDeg: 24 });
  const held = useRef<{ x: number; y: number }>(undefined);
  const room = useMemo(() => {
    const map = roomFromPatient(isocenter, patientPosition);
    const lines = (structure: Structure, step: number) => spread(closedLoops(structure), step).map((loop) => thinned(loop).map((point) => apply(map, point)));
    return {
      body: structures.filter(({ type }) => type === "EXTERNAL").flatMap((s) => lines(s, apartMm)),
      targets: structures.filter(({ name }) => targets.includes(name)).map((s) => ({ name: s.name, lines: lines(s, apartMm / 2) })),
    };
  }, [structures, targets, isocenter, patientPosition]);
  const half = useMemo(() => {
    const all = room.targets.flatMap(({ lines }) => lines.flat());
    return Math.min(200, Math.max(20, all.reduce((most, [x, y, z]) => Math.max(most, Math.hypot(x, y, z)), 0)));
  }, [room]);
  const drag = (event: PointerEvent) => {
    const from = held.current;
    if (from === undefined) return;
    held.current = { x: event.clientX, y: event.clientY };
    setView(({ turnDeg, tiltDeg }) => ({ turnDeg: turnDeg + (event.clientX - from.x) / 3, tiltDeg: Math.min(85, Math.max(-10, tiltDeg + (event.clientY - from.y) / 3)) }));
  };
  const camera: RoomCamera = { ...view, pxPerMm: size === undefined ? 0.4 : Math.min(size.width, size.height) / (2.3 * fromMm) };
  const [cx, cy] = size === undefined ? [0, 0] : [size.width / 2, size.height / 2];
  const px = (point: Vec3) => {
    const [x, y] = roomPoint(point, camera);
    return [cx + x, cy + y] as const;
  };
  const path = (points: readonly Vec3[], closed = true) => `${points.map((p, i) => `${i === 0 ? "M" : "L"}${px(p).map((v) => v.toFixed(1)).join(" ")}`).join("")}${closed ? "Z" : ""}`;
  const low = room.body.flat().reduce((least, [, , z]) => Math.min(least, z), 0) - 4;
  const long = room.body.flat().map(([, y]) => y);
  const ends = [long.reduce((a, b) => Math.min(a, b), -200) - 60, long.reduce((a, b) => Math.max(a, b), 200) + 60] as const;
  return (
    <div ref={ref} className="view plan-room">
      {size !== undefined && (
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          width={size.width}
          height={size.height}
          role="group"
          aria-label="Room view"
          onPointerDown={(event) => { held.current = { x: event.clientX, y: event.clientY }; event.currentTarget.setPointerCapture(event.pointerId); }}
          onPointerMove={drag}
          onPointerUp={() => (held.current = undefined)}
        >
          <path className="plan-couch" d={path([[-265, ends[0], low], [265, ends[0], low], [265, ends[1], low], [-265, ends[1], low]])} />
          <path className="plan-ring" d={path(Array.from({ length: 72 }, (_, i): Vec3 => [fromMm * Math.sin((i * Math.PI) / 36), 0, fromMm * Math.cos((i * Math.PI) / 36)]))} />
          <path className="plan-body" d={room.body.map((loop) => path(loop)).join("")} />
          {room.targets.map(({ name, lines }) => <path key={name} className="plan-target" stroke={colorOf(name)} d={lines.map((loop) => path(loop)).join("")} />)}
          {beams.map((beam, i) => {
            const { apex, field } = beamPyramid({ ...beam, isocenter, patientPosition }, half, half, sadMm, fromMm);
            const [lx, ly] = px(scaled(apex, 1.09));
            const name = `${beam.name}, gantry ${signed(beam.gantryDeg, 0)}°, couch ${signed(beam.couchDeg, 0)}°`;
            return (
              <g
                key={i}
                className={i === selected ? "plan-beam selected" : "plan-beam"}
                role="button"
                tabIndex={0}
                aria-pressed={i === selected}
                aria-label={name}
                onFocus={() => select(i)}
                onPointerDown={(event) => { event.stopPropagation(); event.currentTarget.focus(); select(i); }}
                onKeyDown={(event) => {
                  const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
                  if (by === undefined || turn === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
                  event.preventDefault();
                  event.stopPropagation();
                  turn(i, { gantryDeg: angleOf(beam.gantryDeg + by) });
                }}
              >
                <title>{name}</title>
                <path className="plan-sheet" d={sidesOf(field).map((side) => path(side)).join("")} />
                <path className="plan-axis" d={path([apex, [0, 0, 0]], false)} />
                <text x={lx} y={ly + 4} textAnchor="middle">{signed(beam.gantryDeg, 0)}</text>
              </g>
            );
          })}
          <path className="beam-center" d={`M${cx - 7} ${cy}h14M${cx} ${cy - 7}v14`} />
        </svg>
      )}
      <p className="view-name">
        <strong>Room view</strong>
        seen from the foot of the couch; drag to turn
      </p>
    </div>
  );
}

const scaled = ([x, y, z]: Vec3, by: number): Vec3 => [x * by, y * by, z * by];

/** The four sides of a pyramid cut off at both ends, from its corners in pairs. */
const sidesOf = (field: readonly Vec3[]): Vec3[][] => [0, 1, 2, 3].map((k) => [field[2 * k], field[2 * k + 1], field[(2 * k + 3) % 8], field[(2 * k + 2) % 8]] as Vec3[]);

/** Loops at least so far apart along the patient, mm. */
function spread(loops: readonly Float64Array[], step: number): Float64Array[] {
  const places = [...new Set(loops.map((loop) => loop[2] as number))].sort((a, b) => a - b);
  const kept = new Set<number>();
  let last = -Infinity;
  for (const z of places) {
    if (z - last < step - 1e-6) continue;
    kept.add(z);
    last = z;
  }
  return loops.filter((loop) => kept.has(loop[2] as number));
}

/** At most so many points of a loop as are seen apart. */
function thinned(loop: Float64Array): Vec3[] {
  const every = Math.max(1, Math.floor(loop.length / 3 / 48));
  return Array.from({ length: Math.ceil(loop.length / 3 / every) }, (_, i): Vec3 => [loop[3 * i * every] as number, loop[3 * i * every + 1] as number, loop[3 * i * every + 2] as number]);
}
