import { useMemo } from "react";
import type { IterationPoint } from "@hapax/planning";
import { useWidth } from "../../components/use-width.ts";
import { signed } from "../images/words.ts";
import { objectiveCurve } from "./objective-curve.ts";

const height = 168;
const room = { left: 40, right: 14, top: 18, bottom: 22 };
const down = height - room.top - room.bottom;

/** The objective against iterations, on a scale of powers of ten; a dashed line stands where the dose was corrected. */
export function ObjectiveChart({ points, atMost }: { readonly points: readonly IterationPoint[]; readonly atMost: number | undefined }) {
  const [ref, width] = useWidth<HTMLDivElement>(560);
  const curve = useMemo(() => objectiveCurve(points), [points]);
  const across = width - room.left - room.right;
  const values = curve.lines.flat().map(({ objective }) => objective).filter((v) => v > 0);
  const last = curve.lines.at(-1)?.at(-1);
  const low = values.length === 0 ? 0 : Math.floor(Math.log10(values.reduce((a, b) => Math.min(a, b))));
  const high = values.length === 0 ? 3 : Math.max(low + 1, Math.ceil(Math.log10(values.reduce((a, b) => Math.max(a, b)))));
  const end = Math.max(10, curve.end, atMost ?? 0);
  const x = (at: number) => room.left + (at / end) * across;
  const y = (objective: number) => room.top + ((high - Math.log10(Math.max(objective, 10 ** low))) / (high - low)) * down;
  const everyPower = Math.max(1, Math.ceil((high - low) / 4));
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((p) => (p - low) % everyPower === 0);
  const step = stepOf(end);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const words = last === undefined ? undefined : curve.fall === undefined ? "" : `${curve.fall < 0 ? "rises" : "falls"} ${signed(Math.abs(curve.fall))} % in the last 10`;
  const atEnd = last !== undefined && x(last.at) > width - 190;
  // Above all that the words would lie on.
  const wordsAt = last === undefined ? 0 : curve.lines.flat().reduce((least, { at, objective }) => (atEnd && x(at) > x(last.at) - 190 ? Math.min(least, y(objective)) : least), y(last.objective)) - 8;
  return (
    <section>
      <div className="plan-head">
        <h2>Objective</h2>
        <span>log scale, iterations</span>
      </div>
      <div ref={ref}>
        <svg className="plan-chart" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={last === undefined ? "The objective, before the first iteration" : `The objective is ${short(last.objective)} after ${last.at} iterations${words === "" ? "" : ` and ${words}`}`}>
          {powers.map((power) => (
            <g key={power}>
              <path className="dvh-grid" d={`M${room.left} ${y(10 ** power).toFixed(1)}h${across}`} />
              <text x={room.left - 7} y={y(10 ** power) + 4} textAnchor="end">{power < -2 || power > 5 ? <>10<tspan className="plan-power" dy={-4}>{signed(power, 0)}</tspan></> : 10 ** power}</text>
            </g>
          ))}
          {ticks.map((tick) => <text key={tick} x={x(tick)} y={height - 5} textAnchor="middle">{tick}</text>)}
          {curve.corrected.map((at) => <path key={at} className="plan-corrected" d={`M${x(at).toFixed(1)} ${room.top - 12}V${height - room.bottom}`} />)}
          {curve.turns.map(({ at }) => <path key={at} className="dvh-grid" d={`M${x(at).toFixed(1)} ${room.top - 12}V${height - room.bottom}`} />)}
          {placed([...curve.corrected.map((at) => ({ at: x(at), words: "dose corrected" })), ...curve.turns.map(({ at, priority }) => ({ at: x(at), words: `priority ${priority}` }))], width - room.right).map(({ at, words: said }) => <text key={`${at} ${said}`} x={at + 4} y={room.top - 5}>{said}</text>)}
          {curve.lines.map((line, i) => <path key={i} className="plan-objective" d={line.map(({ at, objective }, k) => `${k === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(objective).toFixed(1)}`).join("")} />)}
          {last !== undefined && (
            <>
              <circle className="plan-point" cx={x(last.at)} cy={y(last.objective)} r={4.5} />
              <text className="plan-now" x={x(last.at) + (atEnd ? -10 : 10)} y={Math.max(room.top + 12, wordsAt)} textAnchor={atEnd ? "end" : "start"}>
                <tspan className="strong">{short(last.objective)}</tspan> {words}
              </text>
            </>
          )}
        </svg>
      </div>
    </section>
  );
}

/** Words beside their lines, from left to right, where there is room for them. */
function placed(marks: readonly { readonly at: number; readonly words: string }[], end: number) {
  let free = -Infinity;
  return marks.toSorted((a, b) => a.at - b.at).filter(({ at, words }, i, all) => {
    const until = at + 8 + 6.2 * words.length;
    if (at < free || until > end || until > (all[i + 1]?.at ?? Infinity)) return false;
    free = until;
    return true;
  });
}

const stepOf = (end: number): number => [5, 10, 20, 50, 100, 200, 500, 1000].find((step) => end / step <= 8) ?? 2000;

/** Three digits of a value of any size. */
const short = (value: number): string => (value === 0 ? "0" : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(1).replace("-", "−") : signed(value, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))));
