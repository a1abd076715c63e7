import type { Contour, Structure } from "@hapax/case";
import { isolines } from "@hapax/kernels";

/** How deep a place lies in a shape, mm, negative outside; x, y, z LPS, mm. Exact at the surface only. */
export type Depth = (x: number, y: number, z: number) => number;

/** An upright cylinder. */
export const cylinder = ([cx, cy]: readonly [number, number], radiusMm: number, [from, to]: readonly [number, number]): Depth => (x, y, z) => Math.min(radiusMm - Math.hypot(x - cx, y - cy), z - from, to - z);

/** An ellipsoid by its center and half-axes; along its axes exact beyond the surface too. */
export const ellipsoid = ([cx, cy, cz]: readonly [number, number, number], [a, b, c]: readonly [number, number, number]): Depth => (x, y, z) => {
  const [u, v, w] = [(x - cx) / a, (y - cy) / b, (z - cz) / c];
  const share = Math.hypot(u, v, w);
  return share === 0 ? Math.min(a, b, c) : (share * (1 - share)) / Math.hypot(u / a, v / b, w / c);
};

/** A box by its corners. */
export const box = ([x0, y0, z0]: readonly [number, number, number], [x1, y1, z1]: readonly [number, number, number]): Depth => (x, y, z) => Math.min(x - x0, x1 - x, y - y0, y1 - y, z - z0, z1 - z);

export const without = (shape: Depth, ...cut: readonly Depth[]): Depth => (x, y, z) => Math.min(shape(x, y, z), ...cut.map((one) => -one(x, y, z)));
export const both = (...shapes: readonly Depth[]): Depth => (x, y, z) => Math.min(...shapes.map((one) => one(x, y, z)));
export const either = (...shapes: readonly Depth[]): Depth => (x, y, z) => Math.max(...shapes.map((one) => one(x, y, z)));
export const grown = (shape: Depth, mm: number): Depth => (x, y, z) => shape(x, y, z) + mm;

/** Within so many degrees of a direction around an axis; 0 is left, 90 back. */
export const sector = ([cx, cy]: readonly [number, number], middleDeg: number, halfDeg: number): Depth => (x, y) => {
  const off = Math.abs(((((Math.atan2(y - cy, x - cx) * 180) / Math.PI - middleDeg) % 360) + 540) % 360 - 180);
  return ((halfDeg - off) * Math.PI * Math.hypot(x - cx, y - cy)) / 180;
};

/** The part of a slice that a shape is looked for in, half of it, mm, and how finely; what lies straight is as exact on coarse pixels. */
export interface Drawing {
  readonly halfMm: readonly [number, number];
  readonly pixelMm: number;
}

/** A shape as it is drawn on slices, each contour between pixels. */
export function drawn(number: number, name: string, type: string, depth: Depth, planesMm: readonly number[], { halfMm: [halfX, halfY], pixelMm }: Drawing): Structure {
  const [nx, ny] = [Math.round((2 * halfX) / pixelMm), Math.round((2 * halfY) / pixelMm)];
  const at = (i: number, half: number) => (i + 0.5) * pixelMm - half;
  const contours: Contour[] = [];
  const depths = new Float32Array(nx * ny);
  for (const z of planesMm) {
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) depths[i + nx * j] = depth(at(i, halfX), at(j, halfY), z);
    for (const line of isolines(depths, nx, ny, [0], { beyond: -1 })[0] ?? []) {
      const points = new Float64Array((line.length / 2 - 1) * 3);
      for (let p = 0; p < points.length / 3; p++) points.set([at(line[2 * p] as number, halfX), at(line[2 * p + 1] as number, halfY), z], 3 * p);
      contours.push({ type: "CLOSED_PLANAR", points });
    }
  }
  return { number, name, type, contours };
}
