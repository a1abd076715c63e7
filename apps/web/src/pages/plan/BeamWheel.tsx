import { useMemo, useRef, type PointerEvent } from "react";
import type { PatientPosition, Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import type { BeamAsked } from "@hapax/planning";
import { structureLook } from "@hapax/figures";
import { signed } from "../images/words.ts";
import { angleOf, gantryToward, sourceDirection } from "./beam-directions.ts";

interface Props {
  readonly beams: readonly BeamAsked[];
  readonly structures: readonly Structure[];
  /** What is drawn beside the body. */
  readonly shown: readonly string[];
  readonly colorOf: (structure: string) => string;
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  readonly selected: number;
  readonly select: (beam: number) => void;
  /** Undefined where beams cannot be turned. */
  readonly turn: ((beam: number, gantryDeg: number) => void) | undefined;
}

const [width, height] = [244, 186];
const [cx, cy] = [width / 2, height / 2 - 1];
/** Where a spoke of a beam in this plane begins and ends, px from the middle. */
const [inner, outer] = [34, 70];

/** The beams around an axial slice through the isocenter, as one stands at the feet; a spoke is turned with the hand or the arrow keys. */
export function BeamWheel({ beams, structures, shown, colorOf, isocenter, patientPosition, selected, select, turn }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const held = useRef<number>(undefined);
  const slice = useMemo(() => sliceAt(structures, isocenter), [structures, isocenter]);
  const widest = Math.max(100, ...slice.filter(({ body }) => body).flatMap(({ loops }) => loops.flatMap((loop) => loop.map(([x, y]) => Math.hypot(x, y)))));
  const scale = 80 / widest;
  const path = (loop: readonly (readonly [number, number])[]) => `${loop.map(([x, y], i) => `${i === 0 ? "M" : "L"}${(cx + x * scale).toFixed(1)} ${(cy + y * scale).toFixed(1)}`).join("")}Z`;
  const angleAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    return box === undefined ? undefined : [((event.clientX - box.left) / box.width) * width - cx, ((event.clientY - box.top) / box.height) * height - cy] as const;
  };
  const drag = (event: PointerEvent) => {
    const beam = held.current === undefined ? undefined : beams[held.current];
    const at = angleAt(event);
    if (turn === undefined || beam === undefined || held.current === undefined || at === undefined) return;
    turn(held.current, gantryToward(at[0], at[1], beam.couchDeg, patientPosition));
  };
  return (
    <svg
      ref={svg}
      className="plan-wheel"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="group"
      aria-label="Beams around the axial slice of the isocenter"
      onPointerMove={drag}
      onPointerUp={() => (held.current = undefined)}
      onPointerCancel={() => (held.current = undefined)}
    >
      {slice.filter(({ name, body }) => body || shown.includes(name)).map(({ name, body, loops }) => (
        <path key={name} className="plan-slice" stroke={body ? structureLook("BODY").color : colorOf(name)} d={loops.map(path).join("")} />
      ))}
      {beams.map((beam, i) => {
        const [x, y, z] = sourceDirection(beam, patientPosition);
        const flat = Math.hypot(x, y);
        const [ux, uy] = flat < 1e-6 ? [0, -1] : [x / flat, y / flat];
        const [from, to] = [inner, inner + (outer - inner) * Math.max(flat, 0.25)];
        const label = { x: cx + ux * (to + 13) * 1.05, y: cy + uy * (to + 10) + 4 };
        const name = `${beam.name}, gantry ${signed(beam.gantryDeg, 0)}°${Math.abs(z) > 0.01 ? `, couch ${signed(beam.couchDeg, 0)}°` : ""}`;
        return (
          <g
            key={i}
            className={i === selected ? "plan-spoke selected" : "plan-spoke"}
            role="button"
            tabIndex={0}
            aria-pressed={i === selected}
            aria-label={name}
            onFocus={() => select(i)}
            onPointerDown={(event) => {
              event.preventDefault();
              event.currentTarget.focus();
              select(i);
              if (turn === undefined) return;
              held.current = i;
              svg.current?.setPointerCapture(event.pointerId);
            }}
            onKeyDown={(event) => {
              const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
              if (by === undefined || turn === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              event.stopPropagation();
              turn(i, angleOf(beam.gantryDeg + by));
            }}
          >
            <title>{name}</title>
            <path className="plan-grip" d={`M${cx + ux * 20} ${cy + uy * 20}L${cx + ux * (outer + 16)} ${cy + uy * (outer + 16)}`} />
            <path className={flat < 0.99 ? "plan-ray out" : "plan-ray"} d={`M${(cx + ux * from).toFixed(1)} ${(cy + uy * from).toFixed(1)}L${(cx + ux * to).toFixed(1)} ${(cy + uy * to).toFixed(1)}`} />
            <text x={label.x} y={label.y} textAnchor="middle">{signed(beam.gantryDeg, beam.gantryDeg % 1 === 0 ? 0 : 1)}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** Contours nearest to the axial plane of a point, around it, mm: to the patient's left and back. */
function sliceAt(structures: readonly Structure[], [x0, y0, z0]: Vec3) {
  return structures.flatMap((structure) => {
    const loops = closedLoops(structure);
    const nearest = loops.reduce((best, loop) => Math.min(best, Math.abs((loop[2] as number) - z0)), Infinity);
    if (nearest > 10) return [];
    const at = loops.filter((loop) => Math.abs(Math.abs((loop[2] as number) - z0) - nearest) < 0.01);
    const points = (loop: Float64Array) => {
      const every = Math.max(1, Math.floor(loop.length / 3 / 90));
      return Array.from({ length: Math.ceil(loop.length / 3 / every) }, (_, i) => [(loop[3 * i * every] as number) - x0, (loop[3 * i * every + 1] as number) - y0] as const);
    };
    return [{ name: structure.name, body: structure.type === "EXTERNAL", loops: at.map(points) }];
  });
}
