import { useEffect, useMemo, useRef } from "react";
import type { Volume } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamPixel, haloed, linePath, textOn, type BeamsEye, type OutlinedStructure, type StructureOutline } from "@hapax/figures";
import { SvgView } from "../../components/FigureView.tsx";
import { ScaleBar } from "./ScaleBar.tsx";
import { useRadiograph } from "./use-radiograph.ts";

/** The scale at which a field fits a picture, with a margin of 4 cm. */
export function mmPerPxOf(beam: PlanBeam, { limits }: ControlPoint, { width, height }: { width: number; height: number }): number {
  const ends = (axis: "x" | "y") => limits[axis] ?? (beam.leafAxis === axis ? limits.leaves : beam.leafEdges) ?? [200];
  const reach = (axis: "x" | "y") => Math.max(...ends(axis).map(Math.abs)) + 40;
  return Math.max((2 * reach("x")) / width, (2 * reach("y")) / height);
}

interface Props {
  readonly view: BeamsEye;
  readonly beam: PlanBeam;
  readonly point: ControlPoint;
  readonly volume: Volume;
  readonly structures: readonly OutlinedStructure[];
}

const noShadows: readonly StructureOutline[] = [];

/** The radiograph that a beam sees, with its leaves, its jaws, and the shadows of structures. */
export function BeamPicture({ view, beam, point, volume, structures }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const asked = useMemo(() => structures.filter(({ name }) => !/^(body|external|skin|couch)/i.test(name)), [structures]);
  const { pixels, shadows = noShadows } = useRadiograph(volume, view, asked);
  useEffect(() => {
    const here = canvas.current;
    if (here === null || pixels === undefined) return;
    here.width = pixels.width;
    here.height = pixels.height;
    here.getContext("2d", { alpha: false })?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  const { width, height, letters, mmPerPx } = view;
  const [x, y] = beamPixel(view, 0, 0);
  return (
    <>
      <canvas ref={canvas} className="view-picture" />
      <svg className="view-overlay" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <Leaves view={view} beam={beam} point={point} />
        {shadows.map((shadow) => <Shadow key={shadow.name} shadow={shadow} />)}
        <Jaws view={view} point={point} />
        <Names shadows={shadows} view={view} />
        <path className="beam-center" d={`M${x - 9} ${y}h18M${x} ${y - 9}v18`} />
        <g className="view-letters">
          <text x={width / 2} y={19} textAnchor="middle">{letters.top}</text>
          <text x={width / 2} y={height - 8} textAnchor="middle">{letters.bottom}</text>
          <text x={11} y={height / 2 + 4}>{letters.left}</text>
          <text x={width - 11} y={height / 2 + 4} textAnchor="end">{letters.right}</text>
        </g>
        <ScaleBar mmPerPx={mmPerPx} width={width} height={height} />
      </svg>
    </>
  );
}

function Shadow({ shadow: { color, dashed, lines } }: { readonly shadow: StructureOutline }) {
  const d = linePath(lines, [0, 0]);
  return (
    <g className={dashed ? "view-outline dashed" : "view-outline"}>
      <path className="halo" d={d} />
      <path stroke={color} d={d} />
    </g>
  );
}

/** Room that the longest names need, px. */
const edge = 110;

/** Names of the structures beside their shadows, at the first free place from the right. */
function Names({ shadows, view }: { readonly shadows: readonly StructureOutline[]; readonly view: BeamsEye }) {
  const nodes = useMemo(() => {
    const { width, height } = view;
    const { labels } = textOn(view, [0, 0]);
    for (const [x0, y0, x1, y1] of [[0, 0, 220, 44], [width - 90, 0, width, 24], [0, height - 28, 170, height], [width - 230, height - 56, width, height]] as const) labels.keep({ x0, y0, x1, y1 });
    for (const { name, color, lines } of shadows) {
      const points = lines.flatMap((line) => Array.from({ length: line.length / 2 }, (_, i) => ({ x: line[2 * i] as number, y: line[2 * i + 1] as number })));
      const seen = points.filter(({ x, y }) => x > 0 && y > 0 && x < width && y < height).sort((p, q) => q.x - p.x);
      const stride = Math.max(1, Math.floor(seen.length / 60));
      // At the right edge a name stands on the other side of its line.
      labels.put(name, seen.filter((_, i) => i % stride === 0).map(({ x, y }) => (x > width - edge ? { x: x - 6, y: y + 4, anchor: "end" as const } : { x: x + 6, y: y + 4 })), { fill: color, weight: 600 });
    }
    return labels.nodes.map(haloed);
  }, [shadows, view]);
  return nodes.map((node, i) => <SvgView key={i} node={node} />);
}

function Jaws({ view, point: { limits } }: { readonly view: BeamsEye; readonly point: ControlPoint }) {
  const { x, y } = limits;
  if (x === undefined || y === undefined) return null;
  return <path className="beam-jaws" d={boxPath(view, x, y)} />;
}

/** Both leaves of each pair that stands in the field, as far as 3 cm behind the jaws. */
function Leaves({ view, beam, point }: { readonly view: BeamsEye; readonly beam: PlanBeam; readonly point: ControlPoint }) {
  const { leafEdges, leafAxis = "x" } = beam;
  const { leaves, x, y } = point.limits;
  if (leaves === undefined || leafEdges === undefined) return null;
  const along = leafAxis === "x" ? x : y;
  const across = leafAxis === "x" ? y : x;
  const count = leafEdges.length - 1;
  const one = (from: number, to: number, strip: readonly [number, number]) => (leafAxis === "x" ? boxPath(view, [from, to], strip) : boxPath(view, strip, [from, to]));
  const d = Array.from({ length: count }, (_, i) => {
    const strip = [leafEdges[i] as number, leafEdges[i + 1] as number] as const;
    const [first, second] = [leaves[i] as number, leaves[i + count] as number];
    if (across !== undefined && (strip[1] < across[0] || strip[0] > across[1])) return "";
    return one(Math.min(along?.[0] ?? first, first) - 30, first, strip) + one(second, Math.max(along?.[1] ?? second, second) + 30, strip);
  }).join("");
  return <path className="beam-leaves" d={d} />;
}

function boxPath(view: BeamsEye, [x1, x2]: readonly [number, number], [y1, y2]: readonly [number, number]): string {
  const [left, top] = beamPixel(view, x1, y2);
  const [right, bottom] = beamPixel(view, x2, y1);
  return `M${left.toFixed(1)} ${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}H${left.toFixed(1)}Z`;
}
