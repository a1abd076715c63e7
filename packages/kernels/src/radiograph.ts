import { invertAffine } from "./affine.ts";

/** A volume as rays cross it. */
export interface Crossed {
  readonly values: Int16Array | Uint16Array | Float32Array;
  readonly size: readonly [number, number, number];
  /** 3 × 4 matrix, row by row, mm. */
  readonly patientFromVoxel: Float64Array;
}

/** From where to where rays run: points and steps in the patient frame, mm. */
export interface Rays {
  readonly source: readonly [number, number, number];
  /** Center of the first pixel, at the upper left. */
  readonly corner: readonly [number, number, number];
  readonly right: readonly [number, number, number];
  readonly down: readonly [number, number, number];
}

export interface RadiographOptions {
  /** A value weighs `max(0, value · scale + offset)`: HU to water with 1/1000 and 1. Default 1 and 0. */
  readonly scale?: number;
  readonly offset?: number;
  /** What is kept along a ray: the sum of weights times length, or the highest weight. Default the sum. */
  readonly keep?: "sum" | "highest";
  /** Rows to draw, from and up to; default all. A picture may be drawn in parts. */
  readonly rows?: readonly [number, number];
  /** Written into instead of a new array. */
  readonly out?: Float32Array;
}

/**
 * Weighted length of each ray through the whole volume, as for a digitally reconstructed radiograph. The ray is sampled
 * once on every lattice plane of the axis that it crosses fastest, bilinearly within the plane.
 *
 * @returns width × height sums, mm times the weight, or the highest weights; 0 where a ray misses, NaN where it meets an unknown value
 * @source  Joseph 1982, IEEE Transactions on Medical Imaging 1:192
 */
export function radiograph(volume: Crossed, rays: Rays, width: number, height: number, options: RadiographOptions = {}): Float32Array {
  const { scale = 1, offset = 0, keep = "sum", rows: [first, end] = [0, height], out = new Float32Array(width * height) } = options;
  const toVoxel = invertAffine(volume.patientFromVoxel);
  const source = mapped(toVoxel, rays.source, 1);
  const corner = mapped(toVoxel, rays.corner, 1);
  const right = mapped(toVoxel, rays.right, 0);
  const down = mapped(toVoxel, rays.down, 0);
  const way: [number, number, number] = [0, 0, 0];
  for (let y = first; y < end; y++) {
    for (let x = 0; x < width; x++) {
      let squared = 0;
      for (const i of [0, 1, 2] as const) {
        way[i] = corner[i] + right[i] * x + down[i] * y - source[i];
        squared += (rays.corner[i] + rays.right[i] * x + rays.down[i] * y - rays.source[i]) ** 2;
      }
      const kept = alongRay(volume.values, volume.size, source, way, scale, offset, keep === "highest");
      out[y * width + x] = keep === "highest" ? kept : kept * Math.sqrt(squared);
    }
  }
  return out;
}

/** Sum of weights on the planes that a ray meets, times the share of `way` from one plane to the next; or the highest. */
function alongRay(
  values: Crossed["values"], size: Crossed["size"], source: readonly [number, number, number], way: readonly [number, number, number], scale: number, offset: number,
  highest: boolean,
): number {
  const [wx, wy, wz] = [Math.abs(way[0]), Math.abs(way[1]), Math.abs(way[2])];
  const c = wx >= wy && wx >= wz ? 0 : wy >= wz ? 1 : 2;
  const a = c === 0 ? 1 : 0;
  const b = c === 2 ? 1 : 2;
  const strideA = a === 0 ? 1 : (size[0] as number);
  const strideB = b === 1 ? size[0] : size[0] * size[1];
  const strideC = c === 0 ? 1 : c === 1 ? size[0] : size[0] * size[1];
  const slopeA = way[a] / way[c];
  const slopeB = way[b] / way[c];
  // Places on plane k of axis c are startA + slopeA · k and startB + slopeB · k.
  const startA = source[a] - slopeA * source[c];
  const startB = source[b] - slopeB * source[c];
  const lastA = size[a] - 1;
  const lastB = size[b] - 1;
  let [from, to] = way[c] > 0 ? [Math.max(0, Math.ceil(source[c])), size[c] - 1] : [0, Math.min(size[c] - 1, Math.floor(source[c]))];
  [from, to] = within(startA, slopeA, lastA, from, to);
  [from, to] = within(startB, slopeB, lastB, from, to);
  let sum = 0;
  for (let k = from; k <= to; k++) {
    let u = startA + slopeA * k;
    let v = startB + slopeB * k;
    u = u < 0 ? 0 : u > lastA ? lastA : u;
    v = v < 0 ? 0 : v > lastB ? lastB : v;
    const i = u | 0;
    const j = v | 0;
    u -= i;
    v -= j;
    const at = k * strideC + i * strideA + j * strideB;
    const da = u > 0 ? strideA : 0;
    const db = v > 0 ? strideB : 0;
    const p = values[at] as number;
    const q = values[at + db] as number;
    const near = p + ((values[at + da] as number) - p) * u;
    const far = q + ((values[at + da + db] as number) - q) * u;
    const weight = (near + (far - near) * v) * scale + offset;
    if (!highest) sum += weight <= 0 ? 0 : weight;
    else if (!(weight <= sum)) sum = weight;
  }
  return highest ? sum : sum / Math.abs(way[c]);
}

/** The planes on which a place lies within the bodies of the voxels, from −0.5 to last + 0.5. */
function within(start: number, slope: number, last: number, from: number, to: number): [number, number] {
  if (Math.abs(slope) < 1e-12) return start >= -0.5 && start <= last + 0.5 ? [from, to] : [1, 0];
  const ends = [(-0.5 - start) / slope, (last + 0.5 - start) / slope] as const;
  return [Math.max(from, Math.ceil(Math.min(...ends))), Math.min(to, Math.floor(Math.max(...ends)))];
}

function mapped(m: Float64Array, [x, y, z]: readonly [number, number, number], shift: 0 | 1): [number, number, number] {
  const row = (r: number) => (m[4 * r] as number) * x + (m[4 * r + 1] as number) * y + (m[4 * r + 2] as number) * z + (m[4 * r + 3] as number) * shift;
  return [row(0), row(1), row(2)];
}
