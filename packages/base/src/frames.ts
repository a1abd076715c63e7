/**
 * Where numbers are measured. `patient` is DICOM LPS, mm; `voxel` counts from 0 at the centre of the first voxel;
 * `fixed`, `gantry` and `collimator` (beam limiting device) follow IEC 61217, mm; `screen` is px, y down.
 */
export type Frame = "patient" | "voxel" | "fixed" | "gantry" | "collimator" | "screen";

/** A point or a vector; in the patient frame to the left, to the back, to the head. */
export type Vec3 = readonly [number, number, number];

declare const to: unique symbol;
declare const from: unique symbol;

/** An affine map between two frames: three rows of four, the fourth column is the shift. */
export interface Transform<To extends Frame, From extends Frame> {
  readonly rows: readonly [Row, Row, Row];
  readonly [to]?: To;
  readonly [from]?: From;
}
type Row = readonly [number, number, number, number];

/** A map from its rows; the frames are named by the caller. */
export function transform<To extends Frame, From extends Frame>(rows: readonly [Row, Row, Row]): Transform<To, From> {
  return { rows };
}

/** The map that first goes by `inner`, then by `outer`: frames that do not meet do not compile. */
export function compose<A extends Frame, B extends Frame, C extends Frame>(outer: Transform<A, B>, inner: Transform<B, C>): Transform<A, C> {
  const [x, y, z] = inner.rows;
  const row = ([a, b, c, d]: Row): Row => [
    a * x[0] + b * y[0] + c * z[0],
    a * x[1] + b * y[1] + c * z[1],
    a * x[2] + b * y[2] + c * z[2],
    a * x[3] + b * y[3] + c * z[3] + d,
  ];
  return { rows: [row(outer.rows[0]), row(outer.rows[1]), row(outer.rows[2])] };
}

/** Determinant of the linear part: the volume that a unit cube becomes. */
export function determinant({ rows: [a, b, c] }: Transform<Frame, Frame>): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

/**
 * The map back.
 *
 * @throws RangeError when it is flat: no frame of the house is
 */
export function invert<To extends Frame, From extends Frame>(map: Transform<To, From>): Transform<From, To> {
  const [a, b, c] = map.rows;
  const det = determinant(map);
  if (!Number.isFinite(1 / det)) throw new RangeError("The transform is flat and has no inverse.");
  const linear: readonly Vec3[] = [
    [(b[1] * c[2] - b[2] * c[1]) / det, (a[2] * c[1] - a[1] * c[2]) / det, (a[1] * b[2] - a[2] * b[1]) / det],
    [(b[2] * c[0] - b[0] * c[2]) / det, (a[0] * c[2] - a[2] * c[0]) / det, (a[2] * b[0] - a[0] * b[2]) / det],
    [(b[0] * c[1] - b[1] * c[0]) / det, (a[1] * c[0] - a[0] * c[1]) / det, (a[0] * b[1] - a[1] * b[0]) / det],
  ];
  const row = ([p, q, r]: Vec3): Row => [p, q, r, -(p * a[3] + q * b[3] + r * c[3])];
  return { rows: [row(linear[0] as Vec3), row(linear[1] as Vec3), row(linear[2] as Vec3)] };
}

/** A point of one frame in the other. */
export function apply({ rows: [a, b, c] }: Transform<Frame, Frame>, [x, y, z]: Vec3): Vec3 {
  return [
    a[0] * x + a[1] * y + a[2] * z + a[3],
    b[0] * x + b[1] * y + b[2] * z + b[3],
    c[0] * x + c[1] * y + c[2] * z + c[3],
  ];
}

/** Twelve numbers, row by row, for a kernel. */
export function flat({ rows }: Transform<Frame, Frame>): Float64Array {
  return Float64Array.from(rows.flat());
}

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vec3, factor: number): Vec3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const lengthOf = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const unit = (a: Vec3): Vec3 => times(a, 1 / lengthOf(a));
