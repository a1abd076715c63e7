import { memo, useMemo } from "react";
import { haloed, isodoseNodes, outlineNodes, pixelFromPatient, putIsodoseLabels, targetMark, textOn, type ViewPlane } from "@hapax/figures";
import { SvgView } from "../../components/FigureView.tsx";
import type { Vec3 } from "@hapax/base";
import type { PictureLines } from "./painter.ts";
import type { Shown } from "./shown.ts";
import { signed } from "./words.ts";

interface Props {
  readonly picture: PictureLines;
  readonly plane: ViewPlane;
  readonly shown: Shown;
}

/** Isodoses, outlines, points and the highest dose of a plane, in px of CSS. */
export const Lines = memo(function Lines({ picture, plane, shown }: Props) {
  const { isodoses, comparedIsodoses, outlines } = useMemo(() => inCssPx(picture, plane), [picture, plane.width]);
  const nodes = useMemo(() => {
    const { dmax, referenceGy } = shown;
    const words = textOn(plane, origin);
    keepFrame(words, plane);
    const target = dmax && targetMark(words, plane, { gy: dmax.gy, point: dmax.at }, `Dmax ${referenceGy === undefined ? `${signed(dmax.gy)} Gy` : `${signed((100 * dmax.gy) / referenceGy)} %`}`);
    putIsodoseLabels(words, isodoses, ({ level }) => String(level.percent));
    return [...isodoseNodes(isodoses, origin), ...isodoseNodes(comparedIsodoses, origin, true), ...outlineNodes(outlines, origin), ...(target ? [target] : []), ...words.labels.nodes.map(haloed)];
  }, [isodoses, comparedIsodoses, outlines, plane, shown]);
  return (
    <>
      {nodes.map((node, i) => <SvgView key={i} node={node} />)}
      <g transform="translate(.5 .5)">{shown.structures.filter((s) => s.visible).map((s) => <OpenParts key={s.number} structure={s} plane={plane} />)}</g>
    </>
  );
});

const origin = [0, 0] as const;

/** What stands in the corners and at the edges keeps its room. */
function keepFrame({ labels }: ReturnType<typeof textOn>, { width, height }: ViewPlane): void {
  for (const [x0, y0, x1, y1] of [[0, 0, 110, 44], [width - 90, 0, width, 24], [0, height - 44, 150, height], [width - 110, height - 32, width, height]] as const) labels.keep({ x0, y0, x1, y1 });
}

/** Lines of a picture with more than one px for each of CSS. */
function inCssPx(picture: PictureLines, plane: ViewPlane): Omit<PictureLines, "plane"> {
  const scale = plane.width / picture.plane.width;
  if (scale === 1) return picture;
  const smaller = <T extends { readonly lines: readonly Float64Array[] }>(of: readonly T[]): T[] => of.map((one) => ({ ...one, lines: one.lines.map((line) => line.map((v) => (v + 0.5) * scale - 0.5)) }));
  return { isodoses: smaller(picture.isodoses), comparedIsodoses: smaller(picture.comparedIsodoses), outlines: smaller(picture.outlines) };
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
