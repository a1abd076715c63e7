import { apply, dot, lengthOf, minus, plus, times, unit, voxelFromPatient, type Vec3, type Volume } from "@hapax/base";
import { longestDiameters } from "@hapax/imaging/measure";
import type { PlaneName, ViewAxes } from "./view-axes.ts";

export type Tool = "length" | "two axes" | "ellipse" | "region";
export const tools: readonly (readonly [tool: Tool, key: string, name: string])[] = [["length", "L", "Length"], ["two axes", "B", "Two axes"], ["ellipse", "O", "Ellipse"], ["region", "G", "Region"]];

/** What is being measured: points in LPS, mm, all in one plane. */
export interface Drawing {
  readonly tool: Tool;
  readonly view: PlaneName;
  /** Length: two ends. Two axes: both ends of the long one, then of the short one. Ellipse: two corners of its box. Region: its outline. */
  readonly points: readonly Vec3[];
}

/** Two axes whose long one was just drawn: the short one crosses its middle, half as long. */
export function withShortAxis(from: Vec3, to: Vec3, { normal }: ViewAxes): readonly Vec3[] {
  return [from, to, ...shortAxis(from, to, normal, 0.5, 0.25 * lengthOf(minus(to, from)), 0.25 * lengthOf(minus(to, from)))];
}

/** The ends of an axis square to another, in the plane with a normal: where it crosses, and how far it reaches to both sides, mm. */
function shortAxis(from: Vec3, to: Vec3, normal: Vec3, part: number, left: number, right: number): readonly [Vec3, Vec3] {
  const along = minus(to, from);
  const square = squareTo(unit(along), normal);
  const foot = plus(from, times(along, part));
  return [plus(foot, times(square, left)), plus(foot, times(square, -right))];
}

const squareTo = (a: Vec3, n: Vec3): Vec3 => [n[1] * a[2] - n[2] * a[1], n[2] * a[0] - n[0] * a[2], n[0] * a[1] - n[1] * a[0]];

/** A drawing with one of its points moved; two axes stay at right angles. */
export function moved(drawing: Drawing, index: number, to: Vec3, { normal }: ViewAxes): Drawing {
  const { tool, points } = drawing;
  const next = points.map((p, i) => (i === index ? to : p));
  if (tool !== "two axes" || points.length < 4) return { ...drawing, points: next };
  const [a, b, c, d] = points as readonly [Vec3, Vec3, Vec3, Vec3];
  const along = minus(b, a);
  const square = squareTo(unit(along), normal);
  const partOf = (p: Vec3) => Math.min(1, Math.max(0, dot(minus(p, a), along) / dot(along, along)));
  const reach = (p: Vec3) => dot(minus(p, a), square);
  const [from, end] = index === 0 ? [to, b] : index === 1 ? [a, to] : [a, b];
  const part = partOf(index < 2 ? c : to);
  const left = Math.max(0, index === 2 ? reach(to) : reach(c));
  const right = Math.max(0, index === 3 ? -reach(to) : -reach(d));
  return { ...drawing, points: [from, end, ...shortAxis(from, end, normal, part, left, right)] };
}

/** Axes of a drawing, longest first: their lengths, mm, and their ends. */
export interface MeasuredAxis {
  readonly mm: number;
  readonly from: Vec3;
  readonly to: Vec3;
}

/**
 * The diameters that a drawing stands for: its own lines, the axes of an ellipse, or the longest diameter of a region
 * and the longest square to it.
 */
export function axesOfDrawing({ tool, points }: Drawing, axes: ViewAxes): MeasuredAxis[] {
  const line = (from: Vec3, to: Vec3): MeasuredAxis => ({ mm: lengthOf(minus(to, from)), from, to });
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined) return [];
  if (tool === "length") return [line(a, b)];
  if (tool === "two axes") return [line(a, b), ...(c !== undefined && d !== undefined ? [line(c, d)] : [])].sort((p, q) => q.mm - p.mm);
  if (tool === "ellipse") {
    const { middle, across, down } = ellipseOf(a, b, axes);
    return [line(minus(middle, across), plus(middle, across)), line(minus(middle, down), plus(middle, down))].sort((p, q) => q.mm - p.mm);
  }
  if (points.length < 3) return [];
  const flat = points.flatMap((p) => inPlane(p, a, axes));
  const back = ([x, y]: readonly [number, number]): Vec3 => plus(a, plus(times(axes.right, x), times(axes.down, y)));
  try {
    const { long, short } = longestDiameters([flat]);
    return [long, short].map(({ mm, from, to }) => ({ mm, from: back(from), to: back(to) }));
  } catch {
    // A line drawn back on itself spans nothing yet.
    return [];
  }
}

const inPlane = (p: Vec3, origin: Vec3, { right, down }: ViewAxes): readonly [number, number] => [dot(minus(p, origin), right), dot(minus(p, origin), down)];

function ellipseOf(a: Vec3, b: Vec3, axes: ViewAxes): { middle: Vec3; across: Vec3; down: Vec3 } {
  const [x, y] = inPlane(b, a, axes);
  return { middle: plus(a, plus(times(axes.right, x / 2), times(axes.down, y / 2))), across: times(axes.right, Math.abs(x) / 2), down: times(axes.down, Math.abs(y) / 2) };
}

/** The outline of an ellipse or a region, LPS, mm. */
export function outlineOfDrawing({ tool, points }: Drawing, axes: ViewAxes): readonly Vec3[] {
  const [a, b] = points;
  if (tool === "region") return points;
  if (tool !== "ellipse" || a === undefined || b === undefined) return [];
  const { middle, across, down } = ellipseOf(a, b, axes);
  return Array.from({ length: 72 }, (_, i) => {
    const t = (i / 72) * 2 * Math.PI;
    return plus(middle, plus(times(across, Math.cos(t)), times(down, Math.sin(t))));
  });
}

/** What the voxels of one slice hold whose centers lie within an outline. */
export interface RegionValues {
  readonly count: number;
  readonly mean: number;
  /** Of the voxels, n − 1; undefined for one. */
  readonly sd: number | undefined;
  readonly least: number;
  readonly most: number;
}

/** Voxels within an outline on the slice that it was drawn on; undefined where there is none. */
export function valuesWithin({ grid, values, slope, intercept }: Volume, outline: readonly Vec3[]): RegionValues | undefined {
  if (outline.length < 3) return undefined;
  const map = voxelFromPatient(grid);
  const at = outline.map((p) => apply(map, p));
  const spread = (axis: number) => Math.max(...at.map((p) => p[axis] as number)) - Math.min(...at.map((p) => p[axis] as number));
  const through = [0, 1, 2].reduce((least, axis) => (spread(axis) < spread(least) ? axis : least), 0);
  const [u, v] = [0, 1, 2].filter((axis) => axis !== through) as [number, number];
  const flat = at.map((p) => [p[u] as number, p[v] as number] as const);
  const slice = Math.round(at[0]?.[through] ?? 0);
  const found: number[] = [];
  const strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
  if (slice < 0 || slice >= (grid.size[through] as number)) return undefined;
  const range = (i: 0 | 1, axis: number) => [Math.max(0, Math.ceil(Math.min(...flat.map((p) => p[i])))), Math.min((grid.size[axis] as number) - 1, Math.floor(Math.max(...flat.map((p) => p[i]))))] as const;
  const [firstU, lastU] = range(0, u);
  const [firstV, lastV] = range(1, v);
  for (let j = firstV; j <= lastV; j++) {
    for (let i = firstU; i <= lastU; i++) {
      if (!within(flat, i, j)) continue;
      const value = (values[i * (strides[u] as number) + j * (strides[v] as number) + slice * (strides[through] as number)] as number) * slope + intercept;
      if (!Number.isNaN(value)) found.push(value);
    }
  }
  return told(found);
}

function told(found: readonly number[]): RegionValues | undefined {
  const count = found.length;
  if (count === 0) return undefined;
  const mean = found.reduce((a, b) => a + b, 0) / count;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : undefined, least: found.reduce((a, b) => Math.min(a, b)), most: found.reduce((a, b) => Math.max(a, b)) };
}

/** Even–odd rule. */
function within(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i] as readonly [number, number];
    const [bx, by] = polygon[j] as readonly [number, number];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
