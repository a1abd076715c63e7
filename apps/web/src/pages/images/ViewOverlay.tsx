import { memo, type ReactNode } from "react";
import { pixelFromPatient, type ViewPlane } from "@hapax/figures";
import type { Vec3 } from "@hapax/base";
import { clearParts, frameBoxes, letterBoxes } from "./frame-boxes.ts";
import { ScaleBar } from "./ScaleBar.tsx";

interface Props {
  readonly plane: ViewPlane;
  readonly children?: ReactNode;
}

/** What is drawn above a picture, in px of CSS: letters, scale bar, and what is given. */
export const ViewOverlay = memo(function ViewOverlay({ plane, children }: Props) {
  const { width, height, letters, mmPerPx } = plane;
  return (
    <svg className="view-overlay" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      {children}
      <g className="view-letters">
        <text x={width / 2} y={19} textAnchor="middle">{letters.top}</text>
        <text x={width / 2} y={height - 8} textAnchor="middle">{letters.bottom}</text>
        <text x={11} y={height / 2 + 4}>{letters.left}</text>
        <text x={width - 11} y={height / 2 + 4} textAnchor="end">{letters.right}</text>
      </g>
      <ScaleBar mmPerPx={mmPerPx} width={width} height={height} />
    </svg>
  );
});

/** Half of the opening in the middle of the crosshair, px. */
const opening = 12;

/** Two lines that meet, openly, at a point; they leave out what is written in a view. */
export const Crosshair = memo(function Crosshair({ plane, point }: { readonly plane: ViewPlane; readonly point: Vec3 }) {
  const { width, height } = plane;
  const [x, y] = pixelFromPatient(plane, point).map((v) => Math.round(v) + 0.5) as [number, number, number];
  const written = [...frameBoxes(plane), ...letterBoxes(plane)];
  const across = clearParts(width, [[x - opening, x + opening], ...written.filter(([, y0, , y1]) => y > y0 && y < y1).map(([x0, , x1]) => [x0, x1] as const)]);
  const down = clearParts(height, [[y - opening, y + opening], ...written.filter(([x0, , x1]) => x > x0 && x < x1).map(([, y0, , y1]) => [y0, y1] as const)]);
  const d = [...across.map(([from, to]) => `M${from} ${y}H${to}`), ...down.map(([from, to]) => `M${x} ${from}V${to}`)].join("");
  return (
    <svg className="view-overlay" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path className="view-cross" d={d} />
    </svg>
  );
});
