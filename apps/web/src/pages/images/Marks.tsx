import { memo } from "react";
import { pixelFromPatient, type ViewPlane } from "@hapax/figures";
import type { Vec3 } from "@hapax/base";
import { axesOfDrawing, outlineOfDrawing, type Drawing } from "./drawing.ts";
import type { SavedMark } from "./saved-marks.ts";
import type { ViewAxes } from "./view-axes.ts";
import { lengthsWords } from "./words.ts";

interface Props {
  readonly plane: ViewPlane;
  readonly axes: ViewAxes;
  readonly drawing: Drawing | undefined;
  readonly saved: readonly SavedMark[];
}

/** What is measured and what was: lines on the slices that they were drawn on. */
export const Marks = memo(function Marks({ plane, axes, drawing, saved }: Props) {
  return (
    <g transform="translate(.5 .5)">
      {saved.map(({ id, lines, words }) => <Saved key={id} lines={lines} words={words} plane={plane} />)}
      {drawing?.view === plane.kind && <Drawn drawing={drawing} plane={plane} axes={axes} />}
    </g>
  );
});

function onPlane(plane: ViewPlane, point: Vec3): readonly [number, number] | undefined {
  const [x, y, off] = pixelFromPatient(plane, point);
  return Math.abs(off) <= 0.51 ? [x, y] : undefined;
}

function Saved({ lines, words, plane }: { readonly lines: SavedMark["lines"]; readonly words: string; readonly plane: ViewPlane }) {
  const seen = lines.flatMap(([from, to]) => {
    const [a, b] = [onPlane(plane, from), onPlane(plane, to)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  const [first] = seen;
  if (first === undefined) return null;
  const [right] = [...first].sort((a, b) => b[0] - a[0]);
  return (
    <g className="mark-saved">
      {seen.map(([[ax, ay], [bx, by]], i) => <path key={i} d={`M${ax} ${ay}L${bx} ${by}`} />)}
      {right !== undefined && <text x={right[0] + 6} y={right[1] - 5}>{words}</text>}
    </g>
  );
}

function Drawn({ drawing, plane, axes }: { readonly drawing: Drawing; readonly plane: ViewPlane; readonly axes: ViewAxes }) {
  const lines = axesOfDrawing(drawing, axes);
  const outline = outlineOfDrawing(drawing, axes).map((p) => onPlane(plane, p)).filter((p) => p !== undefined);
  const grips = drawing.tool === "region" ? [] : drawing.points.map((p) => onPlane(plane, p)).filter((p) => p !== undefined);
  const ends = lines.flatMap(({ from, to }) => [onPlane(plane, from), onPlane(plane, to)]).filter((p) => p !== undefined);
  const right = ends.sort((a, b) => b[0] - a[0])[0];
  return (
    <g className="mark-drawn">
      {outline.length > 1 && <path d={`${outline.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("")}Z`} />}
      {lines.map(({ from, to }, i) => {
        const [a, b] = [onPlane(plane, from), onPlane(plane, to)];
        return a === undefined || b === undefined ? null : <path key={i} className={outline.length > 1 ? "thin" : undefined} d={`M${a[0]} ${a[1]}L${b[0]} ${b[1]}`} />;
      })}
      {grips.map(([x, y], i) => <circle key={i} cx={x} cy={y} r={3.5} />)}
      {right !== undefined && <text x={right[0] + 8} y={right[1] - 6}>{lengthsWords(lines.map(({ mm }) => mm))}</text>}
    </g>
  );
}
