import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { Contour, Structure } from "@hapax/case";

/** Corners of a contour of the shapes; the polygon has the area of the circle. */
const corners = 120;

/** A circle as a closed contour, LPS, mm. */
export function circle(radius: number, z: number, [x, y]: readonly [number, number] = [0, 0]): Contour {
  const step = (2 * Math.PI) / corners;
  const r = radius * Math.sqrt(step / Math.sin(step));
  return { type: "CLOSED_PLANAR", points: Float64Array.from({ length: 3 * corners }, (_, i) => [x + r * Math.cos(Math.floor(i / 3) * step), y + r * Math.sin(Math.floor(i / 3) * step), z][i % 3] as number) };
}

/** A rectangle as a closed contour. */
export function rectangle(left: number, right: number, front: number, back: number, z: number): Contour {
  return { type: "CLOSED_PLANAR", points: Float64Array.of(left, front, z, right, front, z, right, back, z, left, back, z) };
}

export const structure = (name: string, contours: readonly Contour[]): Structure => ({ number: 1, name, contours });

/** The shapes of Nelms 2015: 24 mm in diameter and height, axis along the patient's, from −12 to 12 mm. */
export const radii = {
  sphere: (z: number) => Math.sqrt(Math.max(0, 144 - z * z)),
  cylinder: () => 12,
  cone: (z: number) => 6 - z / 2,
} as const;

/** A shape drawn on slices, each in the middle of its slice. */
export function drawn(shape: keyof typeof radii, sliceMm: number): Structure {
  const count = Math.round(24 / sliceMm);
  return structure(shape, Array.from({ length: count }, (_, k) => circle(radii[shape](-12 + (k + 0.5) * sliceMm), -12 + (k + 0.5) * sliceMm)));
}

/** Dose by a formula on a grid, Gy. */
export function doseOf(gy: (x: number, y: number, z: number) => number, { spacing = 1, half = 30, offset = [0, 0, 0] as Vec3, axes = undefined as readonly [Vec3, Vec3, Vec3] | undefined } = {}): Volume<Float32Array> {
  const n = Math.round((2 * half) / spacing) + 1;
  const origin = [0, 1, 2].map((r) => (offset[r] as number) - (axes === undefined ? half : half * axes.reduce((sum, axis) => sum + (axis[r] as number), 0))) as unknown as Vec3;
  const grid = gridOf({ size: [n, n, n], origin, spacing: [spacing, spacing, spacing], ...(axes === undefined ? {} : { axes }), frameOfReference: "1.2.3" });
  const [a, b, c] = grid.patientFromVoxel.rows;
  const values = new Float32Array(n ** 3);
  for (let i = 0; i < values.length; i++) {
    const [u, v, w] = [i % n, Math.floor(i / n) % n, Math.floor(i / (n * n))];
    values[i] = gy(a[0] * u + a[1] * v + a[2] * w + a[3], b[0] * u + b[1] * v + b[2] * w + b[3], c[0] * u + c[1] * v + c[2] * w + c[3]);
  }
  return { grid, values, slope: 1, intercept: 0, unit: "Gy" };
}

/** 1 Gy per mm along an axis, 16 Gy in the middle. */
export const along = { x: (x: number) => 16 + x, y: (_x: number, y: number) => 16 + y, z: (_x: number, _y: number, z: number) => 16 + z, down: (_x: number, _y: number, z: number) => 16 - z } as const;
