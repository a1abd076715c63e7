import type { ReactNode } from "react";
import { pixelFromPatient, type ViewPlane } from "@hapax/figures";
import type { Vec3 } from "@hapax/base";
import { ScaleBar } from "./ScaleBar.tsx";

interface Props {
  readonly plane: ViewPlane;
  readonly point: Vec3;
  readonly children?: ReactNode;
}

/** What is drawn above a picture, in px of CSS: crosshair, letters, scale bar, and the lines given. */
export function ViewOverlay({ plane, point, children }: Props) {
  const { width, height, letters, mmPerPx } = plane;
  const [x, y] = pixelFromPatient(plane, point).map((v) => Math.round(v) + 0.5) as [number, number, number];
  const gap = 12;
  return (
    <svg className="view-overlay" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path className="view-cross" d={`M0 ${y}H${x - gap}M${x + gap} ${y}H${width}M${x} 0V${y - gap}M${x} ${y + gap}V${height}`} />
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
}
