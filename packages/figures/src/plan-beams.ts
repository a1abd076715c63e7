import { gridOf, minus, sourceOf, type PatientPosition, type Vec3 } from "@hapax/base";
import { keepLine, labelsWithin, type Candidate } from "./chart.ts";
import { linePath } from "./image/overlay.ts";
import { pixelFromPatient, planeThrough } from "./image/plane.ts";
import { structureLook } from "./image/structure-colors.ts";
import { structureLines, type OutlinedStructure } from "./image/structure-lines.ts";
import { clearOf, onGround } from "./plan-ground.ts";
import { frame, round, svg, type Figure, type SvgNode } from "./svg.ts";
import type { Theme } from "./tokens.ts";

/** A direction with its number, IEC 61217, degrees. */
export interface DrawnBeam {
  readonly number: number;
  readonly name: string;
  readonly gantryDeg: number;
  readonly couchDeg: number;
}

export interface BeamArrangement {
  readonly beams: readonly DrawnBeam[];
  /** LPS, mm. */
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  /** Body, targets, cord. */
  readonly structures: readonly OutlinedStructure[];
}

export interface PlanBeamsOptions {
  /** px; default 240 × 180. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
}

/** Room for the angles around the picture, px. */
const rim = 18;

/**
 * Beams around the axial outline at the isocenter, each with its gantry angle; those that come across the plane are dashed
 * with a ring at their end, as long as they are seen from the feet, and say their couch angle.
 */
export function planBeams({ beams, isocenter, patientPosition, structures }: BeamArrangement, { width = 240, height = 180, theme = "dark" }: PlanBeamsOptions = {}): Figure {
  const labels = labelsWithin(width, height);
  // Outlines fill two thirds of what is left by the beams.
  const reach = reachOf(structures, isocenter);
  const middle = [width / 2, height / 2] as const;
  const shown = { width: 0.66 * (width - 2 * rim - 20), height: 0.62 * (height - 2 * rim) };
  const plane = planeThrough("axial", box(isocenter, reach), isocenter, { width: Math.max(Math.round(shown.width), 20), height: Math.max(Math.round(shown.height), 20) });
  const [px, py] = pixelFromPatient(plane, isocenter);
  const place = [middle[0] - px - 0.5, middle[1] - py - 0.5] as const;
  const outlines = structures.flatMap((structure): SvgNode[] => {
    const lines = structureLines(structure, plane);
    const look = structureLook(structure.name, structure.color);
    const thin = /^(body|external)/i.test(structure.name);
    if (thin) for (const line of lines) keepLine(labels, Array.from({ length: line.length / 2 }, (_, i) => [(line[2 * i] as number) + place[0], (line[2 * i + 1] as number) + place[1]] as const));
    return lines.length === 0 ? [] : [svg("path", { d: linePath(lines, place), fill: "none", stroke: onGround(look.color, theme, 3), "stroke-width": thin ? 1 : 1.8, "stroke-linejoin": "round", "stroke-dasharray": look.dashed ? "4 3" : undefined, "data-structure": structure.name })];
  });
  const drawn = beams.map((beam) => ({ beam, toward: towardSource(beam, isocenter, patientPosition) }));
  const [outX, outY] = [width / 2 - rim - 10, height / 2 - rim];
  const nodes = drawn.map(({ beam, toward: [dx, dy] }) => {
    const flat = Math.hypot(dx, dy);
    const across = flat < 0.995;
    const [ux, uy] = flat < 1e-6 ? [0, 0] : [dx / flat, dy / flat];
    // To the ellipse of the picture; a beam across the plane is as long as it is seen.
    const end = flat < 1e-6 ? 0 : flat / Math.hypot(ux / outX, uy / outY);
    const near = Math.min(0.3 * Math.min(outX, outY), 0.5 * end);
    const [x1, y1] = [middle[0] + ux * end, middle[1] + uy * end];
    const [x0, y0] = [middle[0] + ux * near, middle[1] + uy * near];
    const attrs = { "data-beam": beam.number, stroke: "var(--radiotherapy)", "stroke-width": 1.5, fill: "none" };
    keepLine(labels, [[x0, y0], [x1, y1]]);
    const node = flat < 0.02
      ? svg("circle", { ...attrs, cx: middle[0], cy: middle[1], r: 5, "stroke-dasharray": "2 2" })
      : svg("g", {},
          svg("path", { ...attrs, d: `M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}`, "stroke-dasharray": across ? "4 3" : undefined }),
          across && svg("circle", { ...attrs, cx: x1, cy: y1, r: 3, fill: "var(--paper)" }));
    return { node, beam, at: [x1, y1] as const, direction: [ux, uy] as const };
  });
  for (const { beam, at: [x, y], direction: [ux, uy] } of nodes) labels.put(angleText(beam), aroundEnd(x, y, ux, uy), { fill: "var(--ink-2)" }, 20);
  const count = `${beams.length} ${beams.length === 1 ? "beam" : "beams"}`;
  const turned = beams.filter(({ couchDeg }) => couchDeg % 360 !== 0).length;
  return {
    name: "plan-beams",
    title: `Beams: ${count}, ${turned === 0 ? "coplanar" : `${turned} of them with the couch turned`}`,
    description: `Axial outline at the isocenter with ${count}: gantry ${beams.map(angleText).join("; ")}.`,
    width,
    height,
    root: frame(width, height, outlines, nodes.map(({ node }) => node), cross(...middle), labels.nodes.map(clearOf)),
    table: { columns: ["beam", "name", "gantry, °", "couch, °"], rows: beams.map(({ number, name, gantryDeg, couchDeg }) => [String(number), name, degrees(gantryDeg), degrees(couchDeg)]) },
  };
}

const degrees = (value: number): string => String(Number(value.toFixed(1)));

function angleText({ gantryDeg, couchDeg }: DrawnBeam): string {
  return couchDeg % 360 === 0 ? degrees(gantryDeg) : `${degrees(gantryDeg)}, couch ${degrees(couchDeg)}`;
}

/** The way to the source, unit vector in the patient: left and back are what is seen of it. */
function towardSource({ gantryDeg, couchDeg }: DrawnBeam, isocenter: Vec3, patientPosition: PatientPosition): Vec3 {
  return minus(sourceOf({ isocenter, patientPosition, gantryDeg, collimatorDeg: 0, couchDeg }, 1), isocenter);
}

/** How far outlines reach from the isocenter across and along the picture, mm. */
function reachOf(structures: readonly OutlinedStructure[], [x, y]: Vec3): readonly [number, number] {
  const most: [number, number] = [20, 20];
  for (const { loops } of structures) {
    for (const loop of loops) {
      for (let i = 0; i < loop.length; i += 3) {
        most[0] = Math.max(most[0], Math.abs((loop[i] as number) - x));
        most[1] = Math.max(most[1], Math.abs((loop[i + 1] as number) - y));
      }
    }
  }
  return most;
}

function box([x, y, z]: Vec3, [rx, ry]: readonly [number, number]) {
  return gridOf({ size: [2 * Math.ceil(rx) + 1, 2 * Math.ceil(ry) + 1, 1], origin: [x - Math.ceil(rx), y - Math.ceil(ry), z], spacing: [1, 1, 1], frameOfReference: "" });
}

/** Beyond the end of a beam first, then beside it. */
function aroundEnd(x: number, y: number, ux: number, uy: number): Candidate[] {
  const beyond: Candidate = Math.abs(ux) > 0.5
    ? { x: x + Math.sign(ux) * 4, y: y + 4 + 4 * uy, anchor: ux > 0 ? "start" : "end" }
    : { x, y: uy > 0 ? y + 14 : y - 5, anchor: "middle" };
  return [beyond, { x: x + 6, y: y + 4 }, { x: x - 6, y: y + 4, anchor: "end" }, { x, y: y - 6, anchor: "middle" }, { x, y: y + 14, anchor: "middle" }];
}

function cross(x: number, y: number): SvgNode {
  return svg("path", { d: `M${round(x - 4)} ${round(y)}h8M${round(x)} ${round(y - 4)}v8`, stroke: "var(--ink-2)", "stroke-width": 1, fill: "none" });
}
