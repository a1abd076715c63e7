import {
  cross, dot, gridOf, lengthOf, minus, plus, times, voxelCount, type Grid, type Vec3,
} from "@hapax/base";
import type { GeometryClass, SeriesGeometry } from "@hapax/case";

/** Where a slice lies: from ImagePositionPatient, ImageOrientationPatient and PixelSpacing, and from nothing else. */
export interface Plane {
  /** File, and frame where it has several; for messages. */
  readonly name: string;
  /** Centre of the first pixel, LPS, mm. */
  readonly position: Vec3;
  /** Unit vector along a row, to growing columns. */
  readonly across: Vec3;
  /** Unit vector along a column, to growing rows. */
  readonly down: Vec3;
  /** Distance of columns, then of rows, mm: PixelSpacing has them the other way round. */
  readonly spacing: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
}

/** How a stack of parallel slices is put on a grid. */
export interface SliceLayout extends SeriesGeometry {
  /** Indices of the planes that are used, from low to high along the normal. */
  readonly order: readonly number[];
  /** For each used slice, how far it is shifted in its own plane against the first, mm along row and column. */
  readonly shiftsMm: readonly (readonly [number, number])[];
  /** Between slice i and i + 1 nothing is known: slices are missing there. */
  readonly gapAfter: readonly boolean[];
  readonly grid?: Grid;
}

/** Direction cosines that differ by less are one orientation: half a pixel at the rim of a 500 mm image. */
const SAME_DIRECTION = 1e-3;
/** Slices nearer than this lie in one place, mm: positions are written with two decimals or more. */
const SAME_PLACE_MM = 0.01;
/** A slice may lie off its regular place by this share of the step: positions are rounded by exporters. */
const STEP_TOLERANCE = 0.05;
/** A stack may drift sideways by this share of a pixel from end to end before it counts as sheared. */
const DRIFT_PIXELS = 0.2;
/** An upright grid may hold this many voxels for each that was scanned; beyond it a position is wrong. */
const MOST_VOXELS = 8;
/** A distance this many times the usual one is no wide step but a hole. */
const HOLE = 2.5;

/** Normal of a slice: row direction × column direction. */
export const normalOf = (plane: Plane): Vec3 => cross(plane.across, plane.down);

const sameDirection = (a: Vec3, b: Vec3) => lengthOf(minus(a, b)) < SAME_DIRECTION;

/** Whether two slices can be of one stack: direction, size and pixel distances agree. */
export function parallel(a: Plane, b: Plane): boolean {
  return sameDirection(a.across, b.across) && sameDirection(a.down, b.down) && a.columns === b.columns && a.rows === b.rows
    && Math.abs(a.spacing[0] - b.spacing[0]) < 1e-4 * a.spacing[0] && Math.abs(a.spacing[1] - b.spacing[1]) < 1e-4 * a.spacing[1];
}

const millimetres = (mm: number) => `${Number(mm.toFixed(2))} mm`;

/**
 * Classifies a stack of parallel slices and lays it on a grid.
 *
 * One step s explains a regular stack: each slice lies within 5 % of s of its place. Missing slices leave out whole
 * steps, in fewer than half of the distances. Distances that no step explains are variable; one of more than 2.5 times
 * the median is a hole. A stack that drifts sideways by more than 0.2 pixel is sheared.
 *
 * @param planes       at least one, all parallel
 * @param samePixels   whether two slices (indices of `planes`) hold the same numbers; asked only for two in one place
 * @param thicknessMm  depth of a slice that stands alone, mm
 */
export function layoutOf(planes: readonly Plane[], samePixels: (a: number, b: number) => boolean, thicknessMm = 1): SliceLayout {
  const normal = normalOf(planes[0] as Plane);
  const heights = planes.map((plane) => dot(plane.position, normal));
  const sorted = planes.map((_, i) => i).sort((a, b) => (heights[a] as number) - (heights[b] as number) || compare(planes[a]?.name, planes[b]?.name));
  const { order, copies, clash } = withoutCopies(planes, sorted, heights, samePixels);
  const positionsMm = order.map((i) => heights[i] as number);
  if (clash !== undefined) {
    return {
      classes: ["duplicates"], shown: "refused", order, positionsMm, shiftsMm: [], gapAfter: [],
      notice: `${clash[0]} and ${clash[1]} lie in one place and show different pixels; which of them is right cannot be told. Export the series again, each slice once.`,
    };
  }
  const used = order.map((i) => planes[i] as Plane);
  const told = copies === 0 ? [] : [`${copies} slice${copies > 1 ? "s are" : " is"} there twice with the same pixels; one of each is used.`];
  const layout = used.length === 1 ? single(used[0] as Plane, positionsMm, thicknessMm) : stacked(used, positionsMm);
  const classes: GeometryClass[] = [...layout.classes, ...(copies > 0 ? ["duplicates" as const] : [])];
  const notice = [layout.notice, ...told].filter((part) => part !== undefined).join(" ");
  return { ...layout, order, classes: copies > 0 ? classes.filter((c) => c !== "regular") : classes, ...(notice === "" ? {} : { notice }) };
}

const compare = (a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0);

function withoutCopies(planes: readonly Plane[], sorted: readonly number[], heights: readonly number[], samePixels: (a: number, b: number) => boolean) {
  const order: number[] = [];
  let copies = 0;
  let clash: [string, string] | undefined;
  for (const i of sorted) {
    const last = order.at(-1);
    if (last === undefined || (heights[i] as number) - (heights[last] as number) > SAME_PLACE_MM) {
      order.push(i);
    } else if (lengthOf(minus((planes[i] as Plane).position, (planes[last] as Plane).position)) <= SAME_PLACE_MM * 2 && samePixels(i, last)) {
      copies++;
    } else {
      clash ??= [(planes[last] as Plane).name, (planes[i] as Plane).name];
    }
  }
  return { order, copies, clash };
}

function single(plane: Plane, positionsMm: readonly number[], thicknessMm: number): Omit<SliceLayout, "order"> {
  return { classes: ["single"], shown: "as it is", positionsMm, shiftsMm: [[0, 0]], gapAfter: [], grid: uprightGrid(plane, plane.position, 1, thicknessMm) };
}

/** A grid along the axes of a slice; the frame of reference is set by the series. */
function uprightGrid(plane: Plane, origin: Vec3, slices: number, stepMm: number, size: readonly [number, number] = [plane.columns, plane.rows]): Grid {
  return gridOf({
    size: [size[0], size[1], slices],
    origin,
    spacing: [plane.spacing[0], plane.spacing[1], stepMm],
    axes: [plane.across, plane.down, normalOf(plane)],
    frameOfReference: "",
  });
}

function stacked(planes: readonly Plane[], positionsMm: readonly number[]): Omit<SliceLayout, "order"> {
  const first = planes[0] as Plane;
  const shiftsMm = planes.map(({ position }) => {
    const away = minus(position, first.position);
    return [dot(away, first.across), dot(away, first.down)] as const;
  });
  const drift = Math.max(...shiftsMm.map(([u, v]) => Math.max(Math.abs(u) / first.spacing[0], Math.abs(v) / first.spacing[1])));
  const sheared = drift > DRIFT_PIXELS;
  const { kind, stepMm, gapAfter } = spacingOfStack(positionsMm);
  const classes: GeometryClass[] = [...(kind === "regular" && sheared ? [] : [kind]), ...(sheared ? ["sheared" as const] : [])];
  if (kind === "variable spacing" && gapAfter.some(Boolean)) classes.push("missing slices");
  const base = { classes, positionsMm, shiftsMm, gapAfter };
  if (classes[0] === "regular") return { ...base, shown: "as it is", grid: regularGrid(planes) };
  const slices = Math.round(((positionsMm.at(-1) as number) - (positionsMm[0] as number)) / stepMm) + 1;
  const notice = noticeOf(classes, positionsMm, shiftsMm, gapAfter, stepMm);
  const grid = gridOverShifts(first, shiftsMm, slices, stepMm);
  if (!(voxelCount(grid) <= MOST_VOXELS * planes.length * first.columns * first.rows)) {
    return { ...base, shown: "refused", notice: `${notice} The slices lie too far from one another to be one volume; export the series again.` };
  }
  return { ...base, shown: "resampled", notice, grid };
}

/** The steps between the first and the last slice, as they are written: a drift of less than 0.2 pixel is kept. */
function regularGrid(planes: readonly Plane[]): Grid {
  const first = planes[0] as Plane;
  const step = times(minus((planes.at(-1) as Plane).position, first.position), 1 / (planes.length - 1));
  return gridOf({
    size: [first.columns, first.rows, planes.length],
    origin: first.position,
    spacing: [first.spacing[0], first.spacing[1], lengthOf(step)],
    axes: [first.across, first.down, times(step, 1 / lengthOf(step))],
    frameOfReference: "",
  });
}

interface StackSpacing {
  readonly kind: "regular" | "missing slices" | "variable spacing";
  readonly stepMm: number;
  readonly gapAfter: readonly boolean[];
}

/** One step, whole steps left out, or neither; positions ascend. */
function spacingOfStack(positionsMm: readonly number[]): StackSpacing {
  const distances = positionsMm.slice(1).map((z, i) => z - (positionsMm[i] as number));
  const ascending = distances.toSorted((a, b) => a - b);
  const smallest = ascending[0] as number;
  const near = ascending.filter((d) => d < 1.5 * smallest);
  const usual = near[near.length >> 1] as number;
  const steps = distances.map((d) => Math.round(d / usual));
  const total = steps.reduce((sum, n) => sum + n, 0);
  const stepMm = ((positionsMm.at(-1) as number) - (positionsMm[0] as number)) / total;
  const wide = steps.filter((n) => n > 1).length;
  if (onLattice(positionsMm, steps, stepMm) && wide * 2 < steps.length) {
    return { kind: wide === 0 ? "regular" : "missing slices", stepMm, gapAfter: steps.map((n) => n > 1) };
  }
  const median = ascending[ascending.length >> 1] as number;
  // A quarter of the distances are not longer: fine enough for most of the slices, and one odd pair sets nothing.
  return { kind: "variable spacing", stepMm: ascending[ascending.length >> 2] as number, gapAfter: distances.map((d) => d > HOLE * median) };
}

function onLattice(positionsMm: readonly number[], steps: readonly number[], stepMm: number): boolean {
  let place = 0;
  return steps.every((n, i) => {
    place += n;
    return Math.abs((positionsMm[i + 1] as number) - (positionsMm[0] as number) - place * stepMm) <= STEP_TOLERANCE * stepMm;
  });
}

/** An upright grid that holds every slice at its own shift. */
function gridOverShifts(first: Plane, shiftsMm: readonly (readonly [number, number])[], slices: number, stepMm: number): Grid {
  const low = [0, 1].map((axis) => Math.min(...shiftsMm.map((shift) => shift[axis] as number))) as [number, number];
  const high = [0, 1].map((axis) => Math.max(...shiftsMm.map((shift) => shift[axis] as number))) as [number, number];
  const extra = (axis: 0 | 1) => Math.max(0, Math.ceil((high[axis] - low[axis]) / first.spacing[axis] - DRIFT_PIXELS));
  const sheared = extra(0) + extra(1) > 0;
  const [u, v] = sheared ? low : [0, 0];
  const origin = plus(first.position, plus(times(first.across, u), times(first.down, v)));
  return uprightGrid(first, origin, slices, stepMm, [first.columns + extra(0), first.rows + extra(1)]);
}

function noticeOf(
  classes: readonly GeometryClass[],
  positionsMm: readonly number[],
  shiftsMm: readonly (readonly [number, number])[],
  gapAfter: readonly boolean[],
  stepMm: number,
): string {
  const distances = positionsMm.slice(1).map((z, i) => z - (positionsMm[i] as number));
  const gaps = distances.filter((_, i) => gapAfter[i]);
  const parts: string[] = [];
  if (classes.includes("variable spacing")) {
    parts.push(`The slices are ${millimetres(Math.min(...distances))} to ${millimetres(Math.max(...distances))} apart; between them values are interpolated, every ${millimetres(stepMm)}.`);
  }
  if (gaps.length > 0) {
    const widest = Math.max(...gaps);
    parts.push(`Slices are missing in ${gaps.length} place${gaps.length > 1 ? "s" : ""}: the widest gap is ${millimetres(widest)}, where ${millimetres(stepMm)} is expected. Inside a gap nothing is shown.`);
  }
  if (classes.includes("sheared")) {
    const shift = Math.max(...shiftsMm.map(([u, v]) => Math.hypot(u, v)));
    const depth = (positionsMm.at(-1) as number) - (positionsMm[0] as number);
    const tilt = (Math.atan2(shift, depth) * 180) / Math.PI;
    parts.push(
      `The slices are not stacked along their normal (gantry tilt): the last is shifted by ${millimetres(shift)} over ${millimetres(depth)}, ${tilt.toFixed(1)}°. The stack is set upright; nothing is shown where it does not reach.`,
    );
  }
  return parts.join(" ");
}
