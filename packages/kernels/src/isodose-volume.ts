import type { Sampled } from "./resample.ts";

export interface VolumesAbove {
  /** One volume for each level, mm³. */
  readonly mm3: Float64Array;
  /** True where a voxel of the level lies on the border of the grid or beside an unknown one, and for a grid of one plane: the volume is that much or more. */
  readonly open: readonly boolean[];
}

/** Corners of the six tetrahedra of a cell; bit 0 is a step along x, bit 1 along y, bit 2 along z. */
const tetrahedra = [[0, 1, 3, 7], [0, 1, 5, 7], [0, 2, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 4, 6, 7]] as const;

/**
 * Volumes that receive a dose or more. The dose is linear in the six tetrahedra of each cell between voxel centres, where the
 * volume above a level is exact.
 *
 * @param dose    Gy; NaN is unknown and not counted
 * @param levels  Gy
 */
export function volumesAbove(dose: Sampled<Float32Array>, levels: readonly number[]): VolumesAbove {
  const { values, size: [nx, ny, nz], patientFromVoxel: m } = dose;
  const step = [0, 1, nx, nx + 1, nx * ny, nx * ny + 1, nx * ny + nx, nx * ny + nx + 1];
  const cellMm3 = Math.abs(volumeOfStep(m));
  const mm3 = new Float64Array(levels.length);
  const onePlane = nx < 2 || ny < 2 || nz < 2;
  const open = levels.map(() => onePlane);
  const corner = new Float64Array(8);
  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      for (let i = 0; i < nx - 1; i++) {
        const o = i + nx * (j + ny * k);
        let [low, high] = [Infinity, -Infinity];
        let known = true;
        for (let c = 0; c < 8; c++) {
          const value = values[o + (step[c] as number)] as number;
          corner[c] = value;
          if (value < low) low = value;
          if (value > high) high = value;
          known &&= !Number.isNaN(value);
        }
        const border = !known || i === 0 || j === 0 || k === 0 || i === nx - 2 || j === ny - 2 || k === nz - 2;
        for (let n = 0; n < levels.length; n++) {
          const level = levels[n] as number;
          if (!(high >= level)) continue;
          if (border) open[n] = true;
          if (known) mm3[n] = (mm3[n] as number) + cellMm3 * (low >= level ? 1 : shareAbove(corner, level));
        }
      }
    }
  }
  return { mm3, open };
}

/** Share of a cell above a level. */
function shareAbove(corner: Float64Array, level: number): number {
  let share = 0;
  for (const [a, b, c, d] of tetrahedra) share += tetrahedronAbove(corner[a] as number, corner[b] as number, corner[c] as number, corner[d] as number, level) / 6;
  return share;
}

/** Share of a tetrahedron above a level, its dose linear between the corners: the corner that is cut off is a product of edge ratios. */
function tetrahedronAbove(a: number, b: number, c: number, d: number, level: number): number {
  const above = (a >= level ? 1 : 0) + (b >= level ? 1 : 0) + (c >= level ? 1 : 0) + (d >= level ? 1 : 0);
  if (above === 0) return 0;
  if (above === 4) return 1;
  const sorted = [a, b, c, d].sort((x, y) => y - x) as [number, number, number, number];
  const [p, q, r, s] = sorted;
  if (above === 1) return (p - level) ** 3 / ((p - q) * (p - r) * (p - s));
  if (above === 3) return 1 - (level - s) ** 3 / ((p - s) * (q - s) * (r - s));
  // Two corners: the prism above is made of three tetrahedra along its long side.
  const [pr, ps, qr, qs] = [(p - level) / (p - r), (p - level) / (p - s), (q - level) / (q - r), (q - level) / (q - s)];
  return pr * ps + ps * qr * (1 - pr) + qr * qs * (1 - ps);
}

function volumeOfStep(m: ArrayLike<number>): number {
  const [a, b, c, d, e, f, g, h, i] = [0, 1, 2, 4, 5, 6, 8, 9, 10].map((k) => m[k] as number) as [number, number, number, number, number, number, number, number, number];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
