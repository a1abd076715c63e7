import { useMemo, useState, type PointerEvent } from "react";
import type { DoseNumbers } from "./structure-work.ts";
import { placeLabels } from "./dvh-labels.ts";
import { signed } from "./words.ts";

export interface DvhCurve {
  readonly name: string;
  readonly color: string;
  readonly dashed: boolean;
  readonly dose: DoseNumbers;
  readonly volumeCc: number;
}

interface Props {
  readonly curves: readonly DvhCurve[];
  /** Of the second dose, drawn dashed. */
  readonly second: readonly DvhCurve[];
  readonly highestGy: number;
  readonly referenceGy: number | undefined;
  /** Dose under the cursor in the views, Gy. */
  readonly markGy?: number | undefined;
}

const [width, height] = [314, 214];
const room = { left: 32, right: 6, top: 8, bottom: 34 };
const [across, down] = [width - room.left - room.right, height - room.top - room.bottom];

/** Dose–volume histograms: cumulative or differential, with the dose and the volumes under the cursor. */
export function DvhPanel({ curves, second, highestGy: shownGy, referenceGy }: Props) {
  const [differential, setDifferential] = useState(false);
  const [at, setAt] = useState<number>();
  const highestGy = Math.max(shownGy, ...second.map(({ dose }) => dose.stepGy * (dose.cumulative.length - 1)));
  const end = niceEnd(referenceGy === undefined ? highestGy : (100 * highestGy) / referenceGy);
  const endGy = referenceGy === undefined ? end : (end / 100) * referenceGy;
  const top = differential ? Math.max(0.02, ...[...curves, ...second].map(({ dose }) => dose.differential.reduce((a, b) => Math.max(a, b), 0))) : 1;
  const [drawn, secondDrawn] = useMemo(() => {
    const withPoints = (curve: DvhCurve) => {
      const { cumulative, differential: bins, stepGy } = curve.dose;
      const values = differential ? bins : cumulative;
      const shift = differential ? 0.5 : 0;
      const points = Array.from(values, (share, i) => [room.left + (((i + shift) * stepGy) / endGy) * across, room.top + (1 - share / top) * down] as const);
      return { ...curve, points };
    };
    return [curves.map(withPoints), second.map(withPoints)];
  }, [curves, second, differential, endGy, top]);
  const labels = useMemo(() => placeLabels(drawn.map(({ name, points }) => ({ name, points: points.filter((_, i) => i % 3 === 0) })), { left: room.left, top: room.top, width, height: height - room.bottom }), [drawn]);
  const hover = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const gy = (((event.clientX - box.left) / box.width) * width - room.left) / across * endGy;
    setAt(gy >= 0 && gy <= endGy ? gy : undefined);
  };
  const x = (gy: number) => room.left + (gy / endGy) * across;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => part * end);
  return (
    <section>
      <div className="side-head">
        <h2>DVH</h2>
        <button type="button" className="side-switch" aria-pressed={differential} onClick={() => setDifferential((is) => !is)}>{differential ? "differential" : "cumulative"}</button>
        {second.length > 0 && <span>solid: shown, dashed: second dose</span>}
      </div>
      <svg className="side-dvh" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={`Dose–volume histogram of ${curves.map((c) => c.name).join(", ")}`} onPointerMove={hover} onPointerLeave={() => setAt(undefined)}>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <g key={part}>
            <path className="dvh-grid" d={`M${room.left} ${room.top + (1 - part) * down}h${across}`} />
            <text x={room.left - 6} y={room.top + (1 - part) * down + 4} textAnchor="end">{differential ? signed(part * top * 100, top < 0.1 ? 1 : 0) : part * 100}</text>
          </g>
        ))}
        {ticks.map((tick) => (
          <text key={tick} x={room.left + (tick / end) * across} y={height - room.bottom + 15} textAnchor="middle">{signed(tick, end < 5 ? 1 : 0)}</text>
        ))}
        <text x={0} y={height - 4}>volume, %{differential && " per bin"}</text>
        <text x={width - room.right} y={height - 4} textAnchor="end">{referenceGy === undefined ? "dose, Gy" : `dose, % of ${signed(referenceGy, referenceGy % 1 === 0 ? 0 : 1)} Gy`}</text>
        {referenceGy !== undefined && <path className="dvh-reference" d={`M${x(referenceGy)} ${room.top}v${down}`} />}
        {secondDrawn.map(({ name, color, points }) => <path key={name} className="dvh-curve second" stroke={color} d={pathOf(points)} />)}
        {drawn.map(({ name, color, dashed, points }) => <path key={name} className={dashed && second.length === 0 ? "dvh-curve dashed" : "dvh-curve"} stroke={color} d={pathOf(points)} />)}
        {at === undefined && labels.map(({ name, x: lx, y: ly }) => (
          <text key={name} className="dvh-name" x={lx} y={ly} textAnchor="middle" style={{ fill: curves.find((c) => c.name === name)?.color }}>{name}</text>
        ))}
        {at !== undefined && <path className="dvh-at" d={`M${x(at)} ${room.top}v${down}`} />}
      </svg>
      {at !== undefined && (
        <p className="side-hover">
          <strong>{signed(at)} Gy{referenceGy !== undefined && `, ${signed((100 * at) / referenceGy)} %`}</strong>{" "}
          {drawn.map(({ name, color, dose, volumeCc }) => {
            const share = shareAt(dose.cumulative, dose.stepGy, at);
            const other = second.find((curve) => curve.name === name)?.dose;
            return <span key={name} style={{ color }}>{name} {signed(100 * share)} %, {signed(share * volumeCc, volumeCc < 10 ? 2 : 0)} cm³{other !== undefined && ` (second ${signed(100 * shareAt(other.cumulative, other.stepGy, at))} %)`} </span>;
          })}
        </p>
      )}
    </section>
  );
}

const pathOf = (points: readonly (readonly [number, number])[]): string => points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");

/** Share of the volume with a dose or more, between two points of the curve. */
function shareAt(cumulative: Float64Array, stepGy: number, gy: number): number {
  const at = gy / stepGy;
  const i = Math.floor(at);
  const [a, b] = [cumulative[i] ?? 0, cumulative[i + 1] ?? 0];
  return a + (b - a) * (at - i);
}

/** A round end of an axis that takes in a value. */
function niceEnd(value: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  return size * ([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * size >= value) ?? 10);
}
