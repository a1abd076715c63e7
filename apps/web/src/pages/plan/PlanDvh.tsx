import { useMemo } from "react";
import { useWidth } from "../../components/use-width.ts";
import { placeLabels } from "../images/dvh-labels.ts";
import { signed } from "../images/words.ts";
import type { GoalBracket } from "./goal-brackets.ts";

/** A cumulative histogram: share of the structure at 0, step, 2 step … Gy or more. */
export interface PlanCurve {
  readonly structure: string;
  readonly color: string;
  readonly stepGy: number;
  readonly share: ArrayLike<number>;
}

/** How the curves of one plan are drawn; only those of the first have names beside them. */
export interface CurveSet {
  readonly label: string;
  readonly look: "now" | "before" | "second" | "third" | "fourth";
  readonly curves: readonly PlanCurve[];
}

interface Props {
  readonly sets: readonly CurveSet[];
  readonly brackets: readonly GoalBracket[];
  readonly colorOf: (structure: string) => string;
  readonly says: string;
  readonly height?: number;
}

const room = { left: 40, right: 14, top: 8, bottom: 40 };

/** Dose–volume histograms of a plan, of one before it or of several, with the goals as brackets. */
export function PlanDvh({ sets, brackets, colorOf, says, height = 400 }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const [across, down] = [width - room.left - room.right, height - room.top - room.bottom];
  const end = endGy(sets, brackets);
  const x = (gy: number) => room.left + (gy / end) * across;
  const y = (share: number) => room.top + (1 - share) * down;
  const drawn = useMemo(() => sets.map((set) => ({ ...set, curves: set.curves.map((curve) => ({ ...curve, points: pointsOf(curve, end, across, down) })) })), [sets, end, across, down]);
  const labels = useMemo(() => placeLabels((drawn.find(({ look }) => look === "now")?.curves ?? []).map(({ structure, points }) => ({ name: structure, points })), { left: room.left, top: room.top, width, height: height - room.bottom }), [drawn, width, height]);
  // A goal of what has no curve has nothing to be held against.
  const curved = new Set(sets.flatMap(({ curves }) => curves.map(({ structure }) => structure)));
  const step = [0.5, 1, 2, 5, 10, 20, 50].find((s) => end / s <= 9) ?? 100;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  return (
    <section>
      <div className="plan-head">
        <h2>DVH</h2>
        <span>{says}</span>
      </div>
      <div ref={ref}>
        <svg className="plan-chart plan-dvh" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={`Dose–volume histograms of ${[...new Set(sets.flatMap(({ curves }) => curves.map(({ structure }) => structure)))].join(", ")}`}>
          {[0, 20, 40, 60, 80, 100].map((percent) => (
            <g key={percent}>
              <path className="dvh-grid" d={`M${room.left} ${y(percent / 100).toFixed(1)}h${across}`} />
              <text x={room.left - 7} y={y(percent / 100) + 4} textAnchor="end">{percent}</text>
            </g>
          ))}
          {ticks.map((tick) => <text key={tick} x={x(tick)} y={height - room.bottom + 16} textAnchor="middle">{signed(tick, step < 1 ? 1 : 0)}</text>)}
          <text x={0} y={height - 5}>volume, %</text>
          <text x={width - room.right} y={height - 5} textAnchor="end">dose, Gy</text>
          {drawn.toReversed().map(({ label, look, curves }) => (
            <g key={label} className={`plan-curves ${look}`}>
              {curves.map(({ structure, color, points }) => <path key={structure} stroke={color} d={points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`).join("")} />)}
            </g>
          ))}
          {brackets.filter(({ structure }) => curved.has(structure)).map((bracket) => <path key={`${bracket.structure} ${bracket.gy} ${bracket.share}`} className="plan-bracket" stroke={colorOf(bracket.structure)} d={bracketPath(bracket, x(bracket.gy), Math.min(height - room.bottom - 8, Math.max(room.top + 8, y(bracket.share))))} />)}
          {labels.map(({ name, x: lx, y: ly }) => <text key={name} className="dvh-name" x={lx} y={ly} textAnchor="middle" style={{ fill: colorOf(name) }}>{name}</text>)}
        </svg>
      </div>
    </section>
  );
}

const bracketPath = ({ side }: GoalBracket, x: number, y: number): string => {
  const arm = side === "at least" ? 6 : -6;
  return `M${(x + arm).toFixed(1)} ${(y - 8).toFixed(1)}h${-arm}v16h${arm}`;
};

/** Where the axis ends: beyond every curve that still has a thousandth of its structure, and every goal. */
function endGy(sets: readonly CurveSet[], brackets: readonly GoalBracket[]): number {
  const ends = sets.flatMap(({ curves }) => curves.map(({ share, stepGy }) => {
    let last = share.length - 1;
    while (last > 0 && (share[last] as number) < 1e-3) last--;
    return (last + 1) * stepGy;
  }));
  const most = Math.max(1, ...ends, ...brackets.map(({ gy }) => gy));
  const step = [0.5, 1, 2, 5].find((s) => most / s <= 20) ?? 5;
  return Math.ceil((most * 1.02) / step) * step;
}

/** At most one point for each px, so that drawing costs the same however fine the bins are. */
function pointsOf({ share, stepGy }: PlanCurve, end: number, across: number, down: number): (readonly [number, number])[] {
  const every = Math.max(1, Math.floor(end / stepGy / across));
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i < share.length && i * stepGy <= end; i += every) points.push([room.left + ((i * stepGy) / end) * across, room.top + (1 - (share[i] as number)) * down]);
  return points;
}
