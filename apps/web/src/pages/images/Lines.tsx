import { memo } from "react";
import { pixelFromPatient, type Picture, type ViewPlane } from "@hapax/figures";
import type { Vec3 } from "@hapax/base";
import type { Shown } from "./shown.ts";
import { signed } from "./words.ts";

interface Props {
  readonly picture: Picture;
  readonly plane: ViewPlane;
  readonly shown: Shown;
}

/** Isodoses, outlines, points and the highest dose of a plane, in px of CSS. */
export const Lines = memo(function Lines({ picture, plane, shown }: Props) {
  const scale = plane.width / picture.plane.width;
  const path = (lines: readonly Float64Array[]) => lines.map((line) => pathOf(line, scale)).join("");
  return (
    <>
      {picture.isodoses.map(({ level, lines }) => (
        <path key={level.percent} className="view-isodose" stroke={level.color} d={path(lines)} />
      ))}
      {picture.comparedIsodoses.map(({ level, lines }) => (
        <path key={level.percent} className="view-isodose compared" stroke={level.color} d={path(lines)} />
      ))}
      {picture.outlines.map(({ name, color, dashed, lines }) => (
        <g key={name} className={dashed ? "view-outline dashed" : "view-outline"}>
          <path className="halo" d={path(lines)} />
          <path stroke={color} d={path(lines)} />
        </g>
      ))}
      {shown.structures.filter((s) => s.visible).map((s) => <OpenParts key={s.number} structure={s} plane={plane} />)}
      {picture.isodoses.map((isodose, i) => <PercentOf key={isodose.level.percent} isodose={isodose} scale={scale} plane={plane} turn={i} />)}
      {shown.dmax !== undefined && <Highest dmax={shown.dmax} referenceGy={shown.referenceGy} plane={plane} />}
    </>
  );
});

function pathOf(line: Float64Array, scale: number): string {
  // The center of a pixel is half a px inside of it.
  let d = "";
  for (let i = 0; i + 1 < line.length; i += 2) d += `${i === 0 ? "M" : "L"}${(((line[i] as number) + 0.5) * scale).toFixed(1)} ${(((line[i + 1] as number) + 0.5) * scale).toFixed(1)}`;
  return d;
}

/** The percent of an isodose beside the point of it that lies farthest out, at a side that its neighbors leave free. */
function PercentOf({ isodose, scale, plane, turn }: { readonly isodose: Picture["isodoses"][number]; readonly scale: number; readonly plane: ViewPlane; readonly turn: number }) {
  const longest = isodose.lines.reduce<Float64Array | undefined>((a, b) => (a === undefined || b.length > a.length ? b : a), undefined);
  if (longest === undefined || longest.length < 24) return null;
  const side = [-1, 1][turn % 2] as number;
  let best = 0;
  for (let i = 2; i + 1 < longest.length; i += 2) {
    if (side * (longest[i] as number) > side * (longest[best] as number)) best = i;
  }
  const x = ((longest[best] as number) + 0.5) * scale;
  const y = ((longest[best + 1] as number) + 0.5) * scale;
  if (x < 26 || x > plane.width - 26 || y < 12 || y > plane.height - 12) return null;
  return (
    <text className="view-percent" fill={isodose.level.color} x={x + side * 4} y={y + 4} textAnchor={side < 0 ? "end" : "start"}>
      {isodose.level.percent}
    </text>
  );
}

/** Points and open lines of a structure that lie within half a slice of the plane. */
function OpenParts({ structure: { points, openLines, color, name }, plane }: { readonly structure: Shown["structures"][number]; readonly plane: ViewPlane }) {
  const at = points.map((p) => pixelFromPatient(plane, p)).filter(([, , off]) => Math.abs(off) <= 0.5);
  const lines = openLines.map((line) => onPlane(line, plane)).filter((line) => line !== undefined);
  return (
    <g className="view-open" stroke={color}>
      {lines.map((d, i) => <path key={i} d={d} />)}
      {at.map(([x, y], i) => (
        <g key={i}>
          <path d={`M${x - 5} ${y}h10M${x} ${y - 5}v10`} />
          <text x={x + 7} y={y - 5} fill={color}>{name}</text>
        </g>
      ))}
    </g>
  );
}

function onPlane(line: Float64Array, plane: ViewPlane): string | undefined {
  const at = Array.from({ length: line.length / 3 }, (_, i) => pixelFromPatient(plane, [line[3 * i], line[3 * i + 1], line[3 * i + 2]] as unknown as Vec3));
  if (at.every(([, , off]) => Math.abs(off) > 0.5)) return undefined;
  return at.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** The highest dose, on the slices that hold it. */
function Highest({ dmax, referenceGy, plane }: { readonly dmax: NonNullable<Shown["dmax"]>; readonly referenceGy: number | undefined; readonly plane: ViewPlane }) {
  const [x, y, off] = pixelFromPatient(plane, dmax.at);
  if (Math.abs(off) > 0.75) return null;
  const left = x > plane.width - 110;
  return (
    <g className="view-dmax">
      <circle cx={x} cy={y} r={6} />
      <path d={`M${x - 9} ${y}h5M${x + 4} ${y}h5M${x} ${y - 9}v5M${x} ${y + 4}v5`} />
      <text x={left ? x - 12 : x + 12} y={y + 15} textAnchor={left ? "end" : "start"}>
        Dmax {referenceGy === undefined ? `${signed(dmax.gy)} Gy` : `${signed((100 * dmax.gy) / referenceGy)} %`}
      </text>
    </g>
  );
}
