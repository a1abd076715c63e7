import { apply, compose, cross, dot, flat, invert, lengthOf, minus, transform, unit, voxelFromPatient, type Grid, type Transform, type Vec3 } from "@hapax/base";
import { isolines, slice } from "@hapax/kernels";
import { directionsOf, pixelFromPatient, type ViewPlane } from "./plane.ts";

/** How much of each voxel lies inside a structure: a box within a grid. */
export interface OccupancyBox {
  readonly grid: Grid;
  /** First voxel of the box. */
  readonly first: Vec3;
  /** Voxels of the box. */
  readonly size: Vec3;
  /** 0 to 1, x fastest. */
  readonly fraction: Float32Array;
}

/** A structure as pictures need it. */
export interface OutlinedStructure {
  readonly name: string;
  /** `#rrggbb`, where a person has set one. */
  readonly color?: string;
  /** Closed contours: x, y, z of each point, LPS, mm; drawn as they are on planes that run along them. */
  readonly loops: readonly Float64Array[];
  /** OPEN_PLANAR contours, as loops; seen on a plane that has all of their points within half a slice. */
  readonly open?: readonly Float64Array[];
  /** POINT contours: an isocenter, a place of highest dose; LPS, mm. */
  readonly points?: readonly Vec3[];
  /** Drawn at one half on all other planes; without it the structure is not seen there. */
  readonly occupancy?: OccupancyBox;
}

/** Outlines of a structure on a plane as x, y … in px; closed lines end on their first point. */
export function structureLines(structure: OutlinedStructure, plane: ViewPlane): Float64Array[] {
  return [...closedLines(structure, plane), ...(structure.open ?? []).flatMap((line) => openLine(line, plane))];
}

/** Points of a structure within half a slice of a plane, px. */
export function structurePoints({ points = [] }: OutlinedStructure, plane: ViewPlane): (readonly [number, number])[] {
  return points.map((point) => pixelFromPatient(plane, point)).flatMap(([x, y, off]) => (Math.abs(off) <= 0.5 ? [[x, y] as const] : []));
}

function openLine(line: Float64Array, plane: ViewPlane): Float64Array[] {
  const seen = structurePoints({ name: "", loops: [], points: Array.from({ length: line.length / 3 }, (_, i) => pointOf(line, i)) }, plane);
  return seen.length < 2 || seen.length < line.length / 3 ? [] : [Float64Array.from(seen.flat())];
}

function closedLines(structure: OutlinedStructure, plane: ViewPlane): Float64Array[] {
  const stack = stackOf(structure);
  const { normal } = directionsOf(plane);
  // A tenth of a degree: contours of a series run along its slices to the last digit written.
  if (stack !== undefined && lengthOf(cross(stack.normal, unit(normal))) < 0.002) return ownPlaneLines(stack, plane);
  return structure.occupancy === undefined ? [] : occupancyLines(structure.occupancy, plane);
}

/** Contours by the plane that they lie in. */
interface ContourStack {
  readonly normal: Vec3;
  /** Rising along the normal, mm. */
  readonly planes: readonly { readonly place: number; readonly loops: readonly Float64Array[] }[];
  /** Half the usual distance of planes, mm: as far as a contour is seen. */
  readonly reachMm: number;
}

const stacks = new WeakMap<readonly Float64Array[], ContourStack | { readonly none: true }>();

function stackOf({ loops }: OutlinedStructure): ContourStack | undefined {
  let stack = stacks.get(loops);
  if (stack === undefined) {
    stack = stacked(loops) ?? { none: true };
    stacks.set(loops, stack);
  }
  return "none" in stack ? undefined : stack;
}

function stacked(loops: readonly Float64Array[]): ContourStack | undefined {
  const normal = loops.map(normalOf).find((n) => n !== undefined);
  if (normal === undefined) return undefined;
  const placed = loops.map((loop) => ({ loop, place: dot(pointOf(loop, 0), normal) })).sort((a, b) => a.place - b.place);
  const planes: { place: number; loops: Float64Array[] }[] = [];
  for (const { loop, place } of placed) {
    const last = planes[planes.length - 1];
    // Coordinates are written with a few digits: contours of one plane differ by rounding.
    if (last !== undefined && place - last.place < 0.05) last.loops.push(loop);
    else planes.push({ place, loops: [loop] });
  }
  const gaps = planes.slice(1).map((p, i) => p.place - (planes[i] as { place: number }).place).sort((a, b) => a - b);
  return { normal, planes, reachMm: (gaps[gaps.length >> 1] ?? 3) / 2 };
}

/** By the sum of cross products (Newell), along the positive side of its largest axis. */
function normalOf(loop: Float64Array): Vec3 | undefined {
  let sum: Vec3 = [0, 0, 0];
  const count = loop.length / 3;
  const first = pointOf(loop, 0);
  for (let i = 1; i + 1 < count; i++) {
    const c = cross(minus(pointOf(loop, i), first), minus(pointOf(loop, i + 1), first));
    sum = [sum[0] + c[0], sum[1] + c[1], sum[2] + c[2]];
  }
  if (lengthOf(sum) < 1e-6) return undefined;
  const n = unit(sum);
  const largest = n.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return largest < 0 ? [-n[0], -n[1], -n[2]] : n;
}

const pointOf = (loop: Float64Array, i: number): Vec3 => [loop[3 * i] as number, loop[3 * i + 1] as number, loop[3 * i + 2] as number];

/** The contours nearest to the plane, if they are within half of their usual distance. */
function ownPlaneLines({ normal, planes, reachMm }: ContourStack, plane: ViewPlane): Float64Array[] {
  const place = dot(apply(plane.patientFromScreen, [0, 0, 0]), normal);
  let nearest: ContourStack["planes"][number] | undefined;
  for (const p of planes) if (nearest === undefined || Math.abs(p.place - place) < Math.abs(nearest.place - place)) nearest = p;
  if (nearest === undefined || Math.abs(nearest.place - place) > reachMm + 0.01) return [];
  return nearest.loops.map((loop) => onScreen(loop, plane));
}

function onScreen(loop: Float64Array, plane: ViewPlane): Float64Array {
  const m = flat(invert(plane.patientFromScreen));
  const count = loop.length / 3;
  const line = new Float64Array(2 * count + 2);
  for (let i = 0; i <= count; i++) {
    const [x, y, z] = pointOf(loop, i % count);
    for (const r of [0, 1] as const) line[2 * i + r] = (m[4 * r] as number) * x + (m[4 * r + 1] as number) * y + (m[4 * r + 2] as number) * z + (m[4 * r + 3] as number);
  }
  return line;
}

/** The line where the sampled occupancy is one half, on a lattice of about half a voxel within the box's shadow. */
function occupancyLines(box: OccupancyBox, plane: ViewPlane): Float64Array[] {
  const { first, size, fraction, grid } = box;
  const shadow = shadowOf(box, plane);
  if (shadow === undefined) return [];
  const boxFromVoxel = transform<"voxel", "voxel">([[1, 0, 0, -first[0]], [0, 1, 0, -first[1]], [0, 0, 1, -first[2]]]);
  const screenFromLattice: Transform<"screen", "screen"> = transform([[shadow.step, 0, 0, shadow.x], [0, shadow.step, 0, shadow.y], [0, 0, 1, 0]]);
  const map = compose(compose(compose(boxFromVoxel, voxelFromPatient(grid)), plane.patientFromScreen), screenFromLattice);
  const sampled = slice({ values: fraction, size }, flat(map), shadow.width, shadow.height, { beyond: 0 });
  const lines = (isolines(sampled, shadow.width, shadow.height, [0.5], { beyond: 0 })[0] as Float64Array[]).filter((line) => line.length > 6);
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      line[i] = (line[i] as number) * shadow.step + shadow.x;
      line[i + 1] = (line[i + 1] as number) * shadow.step + shadow.y;
    }
  }
  return lines;
}

/** The part of the picture that a box can reach, and a step of about half a voxel there, px; undefined off the plane. */
function shadowOf({ grid, first, size }: OccupancyBox, plane: ViewPlane): { x: number; y: number; width: number; height: number; step: number } | undefined {
  const ends = (i: 0 | 1 | 2) => [first[i] - 0.5, first[i] + size[i] - 0.5];
  const corners = ends(0).flatMap((x) => ends(1).flatMap((y) => ends(2).map((z) => pixelFromPatient(plane, apply(grid.patientFromVoxel, [x, y, z])))));
  const range = (i: 0 | 1 | 2) => [Math.min(...corners.map((c) => c[i])), Math.max(...corners.map((c) => c[i]))] as const;
  const [near, far] = range(2);
  if (near > 0 || far < 0) return undefined;
  const [left, right] = range(0);
  const [top, bottom] = range(1);
  const smallest = Math.min(...[0, 1, 2].map((i) => lengthOf(grid.patientFromVoxel.rows.map((r) => r[i as 0 | 1 | 2]) as unknown as Vec3)));
  const step = Math.min(Math.max(smallest / 2 / plane.mmPerPx, 0.5), 2);
  const [x, y] = [Math.max(Math.floor(left), -2), Math.max(Math.floor(top), -2)];
  const width = Math.ceil((Math.min(right, plane.width + 1) - x) / step) + 1;
  const height = Math.ceil((Math.min(bottom, plane.height + 1) - y) / step) + 1;
  return width > 1 && height > 1 ? { x, y, width, height, step } : undefined;
}
