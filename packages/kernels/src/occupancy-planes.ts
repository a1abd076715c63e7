import type { Lattice } from "./resample.ts";

/** A point or a vector, LPS, mm. */
export type Point = readonly [number, number, number];

/** The contours of one plane. */
export interface ContourPlane {
  /** Position along the normal, mm. */
  readonly at: number;
  /** x, y, z of each point, LPS, mm. */
  readonly loops: readonly Float64Array[];
}

/** What one contour plane stands for: from here to there along the normal, mm, this outline. */
export interface Slab {
  /** Position of the outline itself. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly loops: readonly Float64Array[];
}

/** Why a contour does not count. */
export type Ignored = "fewer than three points" | "no area" | "drawn twice" | "not flat" | "another orientation";

/** The contours of a structure, plane by plane. */
export interface ContourStack {
  /** Unit normal of the planes; its largest component is positive. */
  readonly normal: Point;
  /** In order along the normal. */
  readonly planes: readonly ContourPlane[];
  /** Median distance of neighboring planes, mm; undefined with one plane. */
  readonly spacingMm: number | undefined;
  /** Contours left out: the index of the loop, and why. */
  readonly ignored: readonly { readonly loop: number; readonly why: Ignored }[];
}

/** Planes nearer than this are one, mm: thinner than any slice, wider than the rounding of a file. */
const samePlaneMm = 0.05;
/** A contour that strays further from its plane is not flat, mm. */
const flatMm = 0.5;
/** Normals that differ more are of another orientation: sine of 1 degree. */
const sameNormal = 0.0175;

/**
 * Sorts closed contours into parallel planes. The orientation is that of the contours with the largest area together,
 * so axial, sagittal, coronal and oblique drawings are alike; a contour drawn twice counts once, since even-odd would
 * make a hole of it.
 *
 * @param loops  x, y, z of each point, LPS, mm; the last point is joined to the first
 */
export function contourStack(loops: readonly Float64Array[]): ContourStack {
  const ignored: { loop: number; why: Ignored }[] = [];
  const vectors = loops.map(areaVector);
  const normal = commonNormal(vectors);
  const kept: { at: number; points: Float64Array; area: number }[] = [];
  loops.forEach((points, loop) => {
    const vector = vectors[loop] as Point;
    const at = meanAlong(points, normal);
    const why = fault(points, vector, normal, at) ?? (kept.some((other) => sameLoop(other, { at, points, area: norm(vector) })) ? "drawn twice" : undefined);
    if (why === undefined) kept.push({ at, points, area: norm(vector) });
    else ignored.push({ loop, why });
  });
  const planes = gathered(kept);
  return { normal, planes, spacingMm: median(planes.slice(1).map((plane, k) => plane.at - (planes[k] as ContourPlane).at)), ignored };
}

function fault(points: Float64Array, vector: Point, normal: Point, at: number): Ignored | undefined {
  if (points.length < 9) return "fewer than three points";
  const area = norm(vector);
  if (!(area > 1e-6)) return "no area";
  if (norm(cross(vector, normal)) > sameNormal * area) return "another orientation";
  for (let i = 0; i < points.length; i += 3) if (Math.abs(along(points, i, normal) - at) > flatMm) return "not flat";
  return undefined;
}

interface Loop {
  readonly at: number;
  readonly points: Float64Array;
  readonly area: number;
}

/** Whether two contours enclose the same area: equal in plane, size, extent and center to a tenth of a millimeter. */
function sameLoop(a: Loop, b: Loop): boolean {
  if (Math.abs(a.at - b.at) > samePlaneMm || Math.abs(a.area - b.area) > 0.01 * a.area) return false;
  const near = (p: readonly number[], q: readonly number[]) => p.every((value, i) => Math.abs(value - (q[i] as number)) < 0.1);
  return near(extent(a.points), extent(b.points)) && near(centerOf(a.points), centerOf(b.points));
}

/** Center of the area of a closed line. */
function centerOf(points: Float64Array): Point {
  const whole = areaVector(points);
  const at = (p: number): Point => [points[p] as number, points[p + 1] as number, points[p + 2] as number];
  const [first, sum] = [at(0), [0, 0, 0] as [number, number, number]];
  for (let p = 3; p + 5 < points.length; p += 3) {
    const share = dot(areaVector(Float64Array.of(...first, ...at(p), ...at(p + 3))), whole) / dot(whole, whole);
    for (const axis of [0, 1, 2] as const) sum[axis] += (share * (first[axis] + at(p)[axis] + at(p + 3)[axis])) / 3;
  }
  return sum;
}

/** Lowest and highest x, y, z. */
export function extent(points: ArrayLike<number>): number[] {
  const range = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    const value = points[i] as number;
    const axis = i % 3;
    if (value < (range[axis] as number)) range[axis] = value;
    if (value > (range[axis + 3] as number)) range[axis + 3] = value;
  }
  return range;
}

function gathered(kept: readonly Loop[]): ContourPlane[] {
  const planes: { at: number; loops: Float64Array[] }[] = [];
  for (const { at, points } of [...kept].sort((a, b) => a.at - b.at)) {
    const last = planes.at(-1);
    if (last !== undefined && at - last.at < samePlaneMm) last.loops.push(points);
    else planes.push({ at, loops: [points] });
  }
  return planes;
}

/** Newell's vector of a closed line: its length is the area enclosed, its direction the normal. */
export function areaVector(points: Float64Array): Point {
  const [ox, oy, oz] = [points[0] as number, points[1] as number, points[2] as number];
  let [x, y, z] = [0, 0, 0];
  for (let i = 3; i + 5 < points.length; i += 3) {
    const [ax, ay, az] = [(points[i] as number) - ox, (points[i + 1] as number) - oy, (points[i + 2] as number) - oz];
    const [bx, by, bz] = [(points[i + 3] as number) - ox, (points[i + 4] as number) - oy, (points[i + 5] as number) - oz];
    x += ay * bz - az * by;
    y += az * bx - ax * bz;
    z += ax * by - ay * bx;
  }
  return [x / 2, y / 2, z / 2];
}

/** The direction around which most area lies: contours are sorted into orientations, whatever their winding. */
function commonNormal(vectors: readonly Point[]): Point {
  const sums: [number, number, number][] = [];
  for (const vector of [...vectors].sort((a, b) => norm(b) - norm(a))) {
    const sum = sums.find((s) => norm(cross(s, vector)) <= sameNormal * norm(s) * norm(vector));
    if (sum === undefined) sums.push([...vector]);
    else for (const i of [0, 1, 2] as const) sum[i] += vector[i] * Math.sign(dot(sum, vector) || 1);
  }
  const largest = sums.reduce((a, b) => (norm(b) > norm(a) ? b : a), [0, 0, 1]);
  const length = norm(largest) * Math.sign(largest.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)));
  return length === 0 ? [0, 0, 1] : [largest[0] / length, largest[1] / length, largest[2] / length];
}

function meanAlong(points: Float64Array, normal: Point): number {
  let sum = 0;
  for (let i = 0; i + 2 < points.length; i += 3) sum += along(points, i, normal);
  return (sum * 3) / points.length;
}

const along = (points: Float64Array, i: number, n: Point) => (points[i] as number) * n[0] + (points[i + 1] as number) * n[1] + (points[i + 2] as number) * n[2];

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const norm = (a: Point): number => Math.hypot(a[0], a[1], a[2]);

/** The step along an axis of a lattice, mm. */
export const stepAlong = ({ patientFromVoxel: m }: Lattice, axis: number): Point => [m[axis] as number, m[axis + 4] as number, m[axis + 8] as number];

/** Centre of voxel 0, 0, 0. */
export const originOfLattice = ({ patientFromVoxel: m }: Lattice): Point => [m[3] as number, m[7] as number, m[11] as number];

/** Volume of a voxel, mm³. */
export const voxelVolume = (lattice: Lattice): number => Math.abs(dot(cross(stepAlong(lattice, 0), stepAlong(lattice, 1)), stepAlong(lattice, 2)));

/** A direction in the plane: as far along the patient's x as may be, or y where the plane is sagittal. */
export function inPlane(normal: Point): Point {
  const start: Point = Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const off = dot(start, normal);
  const flat: Point = [start[0] - off * normal[0], start[1] - off * normal[1], start[2] - off * normal[2]];
  const length = norm(flat);
  return [flat[0] / length, flat[1] / length, flat[2] / length];
}
