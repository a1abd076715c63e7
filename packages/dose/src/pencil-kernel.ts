import { HapaxError } from "@hapax/base";
import { fourier2Of, pencilRank } from "@hapax/kernels";

import { coneKernel } from "./cone-kernel.ts";
import { coneCount, sphereCount, sphereRadiiMm } from "./energy-deposition.ts";
import type { Machine } from "./machine.ts";
import { termaTable, type TermaTable } from "./spectrum.ts";
import { normalBelow } from "./superposition.ts";

/**
 * The pencil beam of a machine in water as a sum of four products: dose in the middle of a disk of even fluence is
 * Σ depth_k(z) · within_k(R) · (SAD / distance)², R in the plane of the isocenter.
 */
export interface PencilKernel {
  /** From the source to the surface of the water it was made for: it widens with depth as that beam does. */
  readonly ssdMm: number;
  /** Depth factors, the four of a depth together, at each `depthStepMm` of water from 0 on. */
  readonly depthStepMm: number;
  readonly depth: Float64Array;
  /** What the four kernels bring within a radius at the isocenter, mm. */
  readonly within: readonly Curve[];
  /** Greatest error of a disk's dose deeper than 15 mm, as share of that of a disk of 100 mm at its depth. */
  readonly fitError: number;
}

/** Radii of disks at the isocenter, mm, to a good part wider than any field. */
const radiiMm = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 90, 100, 112, 128, 144, 160, 180, 200, 224, 256, 288, 320, 360, 400];
const referenceRadius = radiiMm.indexOf(100);
const depthsMm = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200, 225, 250, 275, 300, 325, 350, 375, 400];
/** Angles that each tabulated cone is split into. */
const anglesPerCone = 4;

/**
 * The pencil beam of a machine: the energy released along diverging rays, carried by the same kernel as the collapsed cones
 * have, for primary, extra-focal photons and electrons together; then the four products that come nearest to it (singular
 * values). Edges are sharp: the blur of the source is left to `pencilSpectra`.
 *
 * @param ssdMm  from the source to the surface of the water
 * @throws       dose/ssd where the surface is not between source and twice the isocenter's distance
 */
export function pencilKernel(machine: Machine, ssdMm = machine.sadMm - 100): PencilKernel {
  if (!(ssdMm > 200 && ssdMm < 2 * machine.sadMm)) {
    throw new HapaxError("dose/ssd", `The surface lies ${ssdMm} mm from the source.`, `Give a distance between 200 and ${2 * machine.sadMm} mm.`);
  }
  const disks = diskDoses(machine, ssdMm);
  const rows = disks.map((row) => row.map((value) => value / (row[referenceRadius] as number)));
  // Open fields are held to 1 % behind the build-up, where a pencil of photons is least true; deep depths are few in the table.
  const weighted = rows.map((row, i) => row.map((value) => value * weightOf(depthsMm[i] as number)));
  const vectors = principalVectors(weighted, pencilRank);
  const factors = rows.map((row) => vectors.map((vector) => inner(row, vector)));
  let fitError = 0;
  rows.forEach((row, i) => {
    if ((depthsMm[i] as number) < 15) return;
    row.forEach((value, j) => {
      const fitted = vectors.reduce((sum, vector, k) => sum + (factors[i]?.[k] as number) * (vector[j] as number), 0);
      fitError = Math.max(fitError, Math.abs(fitted - value));
    });
  });
  const along = vectors.map((_, k) => curveThrough(depthsMm, factors.map((row, i) => (row[k] as number) * (disks[i]?.[referenceRadius] as number))));
  const depthStepMm = 1;
  const last = depthsMm[depthsMm.length - 1] as number;
  const depth = new Float64Array(pencilRank * (last / depthStepMm + 1));
  for (let i = 0; i < depth.length; i++) depth[i] = (along[i % pencilRank] as Curve).at(Math.floor(i / pencilRank) * depthStepMm);
  return { ssdMm, depthStepMm, depth, within: vectors.map((vector) => curveThrough(radiiMm, vector)), fitError };
}

const weightOf = (depthMm: number) => (depthMm < 15 ? 0.06 : depthMm > 80 ? 1.5 : 1);

/** Dose on the axis in the middle of disks, times the square of the distance over that of the isocenter: per depth, per radius. */
function diskDoses(machine: Machine, ssdMm: number): number[][] {
  const { primary, extraFocal, contamination, sadMm } = machine;
  const kernel = coneKernel(primary.spectrum);
  const shells = shellsOf([kernel.surface, kernel.hardening]);
  const table = termaTable(primary.spectrum);
  const sources = [
    { table, focusMm: 0 },
    { table: termaTable(extraFocal.spectrum, primary.spectrum), focusMm: extraFocal.distanceMm },
  ];
  const seen = seenThroughDisks(shadowMm(machine));
  return depthsMm.map((depth) => {
    const [ofPrimary, ofExtra] = sources.map((source) => ringDoses(source, shells, depth, ssdMm, sadMm)) as [Float64Array, Float64Array];
    const square = ((ssdMm + depth) / sadMm) ** 2;
    const surfaceDose = contamination.weight * (table.terma[0] as number) * Math.exp(-contamination.ratePerMm * depth);
    let inside = 0;
    return radiiMm.map((radius, i) => {
      inside += ofPrimary[i] as number;
      const extra = ofExtra.reduce((sum, ring, j) => sum + ring * (seen[i]?.[j] as number), 0);
      const electrons = surfaceDose * -Math.expm1(-0.5 * (radius / contamination.sigmaMm) ** 2);
      return (inside + extraFocal.weight * extra) * square + electrons;
    });
  });
}

/** Dose on the axis from even fluence in each ring that ends at `radiiMm`: per direction and way, the energy released where it began. */
function ringDoses({ table, focusMm }: { table: TermaTable; focusMm: number }, shells: Shells, depth: number, ssdMm: number, sadMm: number): Float64Array {
  const rings = new Float64Array(radiiMm.length);
  const { middles, halves, surface, hardening } = shells;
  for (let a = 0; a < coneCount * anglesPerCone; a++) {
    const angle = (Math.PI * (a + 0.5)) / coneCount / anglesPerCone;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    const solidAngle = sine * Math.sin(Math.PI / coneCount / anglesPerCone / 2) * 2;
    for (let s = 0; s < middles.length; s++) {
      const way = middles[s] as number;
      const from = depth - way * cosine;
      if (from < 0) break;
      const distance = ssdMm + from;
      const lean = (way * sine) / distance;
      const place = (from * Math.sqrt(1 + lean * lean)) / table.stepMm;
      const i = Math.min(table.terma.length - 2, Math.floor(place));
      const between = Math.min(1, place - i);
      const terma = (table.terma[i] as number) * (1 - between) + (table.terma[i + 1] as number) * between;
      const hard = (table.hardening[i] as number) * (1 - between) + (table.hardening[i + 1] as number) * between;
      // Rays lean outwards, so energy that comes to the axis turns by their angle more.
      const cone = Math.min(coneCount - 1, Math.floor(((angle + Math.atan(lean)) * coneCount) / Math.PI));
      const at = cone * middles.length + s;
      const energy = solidAngle * terma * ((surface[at] as number) + hard * (hardening[at] as number)) * ((sadMm - focusMm) / (distance - focusMm)) ** 2;
      const radius = lean * sadMm;
      const half = ((halves[s] as number) * sine * sadMm) / distance;
      spread(rings, radius - half, radius + half, energy);
    }
  }
  return rings;
}

/** Of each quarter of a millimeter from the axis on, the first ring that ends beyond it. */
const ringsByQuarter = Uint8Array.from({ length: 4 * (radiiMm[radiiMm.length - 1] as number) }, (_, i) => radiiMm.findIndex((radius) => radius > i / 4));

/** Shares energy evenly over radii among the rings that end at `radiiMm`; what is farther out is left out. */
function spread(rings: Float64Array, from: number, to: number, energy: number): void {
  let i = ringsByQuarter[Math.floor(4 * Math.max(0, from))] ?? radiiMm.length;
  for (let start = from; i < radiiMm.length && start < to; i++) {
    const end = Math.min(to, Math.max(start, radiiMm[i] as number));
    rings[i] = (rings[i] as number) + (energy * (end - start)) / (to - from);
    start = end;
  }
}

/** Kernels per solid angle, their spheres cut into thin shells; length cones · shells. */
interface Shells {
  readonly middles: Float64Array;
  readonly halves: Float64Array;
  readonly surface: Float64Array;
  readonly hardening: Float64Array;
}

/** Shells of an eighth of their radius, 6 mm at most: a ray's energy falls in rings without steps. */
function shellsOf(kernels: readonly [Float64Array, Float64Array]): Shells {
  const edges = [0];
  sphereRadiiMm.forEach((outer, s) => {
    const innerMm = sphereRadiiMm[s - 1] ?? 0;
    const parts = Math.max(2, Math.ceil((outer - innerMm) / Math.min(6, outer / 8)));
    for (let p = 1; p <= parts; p++) edges.push(innerMm + ((outer - innerMm) * p) / parts);
  });
  const count = edges.length - 1;
  const [surface, hardening] = kernels.map((kernel) => {
    const shares = new Float64Array(coneCount * count);
    for (let cone = 0; cone < coneCount; cone++) {
      const solidAngle = Math.cos((Math.PI * cone) / coneCount) - Math.cos((Math.PI * (cone + 1)) / coneCount);
      let sum = 0;
      const cumulative = [0, ...Array.from({ length: sphereCount }, (_, s) => (sum += kernel[cone * sphereCount + s] as number))];
      const curve = curveThrough([0, ...sphereRadiiMm], cumulative);
      for (let s = 0; s < count; s++) shares[cone * count + s] = (curve.at(edges[s + 1] as number) - curve.at(edges[s] as number)) / solidAngle;
    }
    return shares;
  }) as [Float64Array, Float64Array];
  return {
    middles: Float64Array.from({ length: count }, (_, s) => ((edges[s] as number) + (edges[s + 1] as number)) / 2),
    halves: Float64Array.from({ length: count }, (_, s) => ((edges[s + 1] as number) - (edges[s] as number)) / 2),
    surface,
    hardening,
  };
}

/** Standard deviation of the extra-focal source as a bixel at the isocenter sees it from the axis, mm. */
function shadowMm({ sadMm, extraFocal, mlc, jaws }: Machine): number {
  const collimator = mlc?.distanceMm ?? Math.max(jaws.x?.distanceMm ?? 0, jaws.y?.distanceMm ?? 0);
  return (extraFocal.sigmaMm * sadMm * (sadMm - collimator)) / (collimator * (sadMm - extraFocal.distanceMm));
}

/** Share of a Gaussian about the middle of each ring that lies in each disk. */
function seenThroughDisks(sigmaMm: number): number[][] {
  const steps = 48;
  return radiiMm.map((radius) =>
    radiiMm.map((outer, j) => {
      const at = (outer + (radiiMm[j - 1] ?? 0)) / 2;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const [low, high] = [-radius + (2 * radius * i) / steps, -radius + (2 * radius * (i + 1)) / steps];
        const chord = Math.sqrt(radius ** 2 - ((low + high) / 2) ** 2);
        sum += (normalBelow((high - at) / sigmaMm) - normalBelow((low - at) / sigmaMm)) * (2 * normalBelow(chord / sigmaMm) - 1);
      }
      return sum;
    }),
  );
}

/** A curve and its slope. */
export interface Curve {
  at(x: number): number;
  slope(x: number): number;
}

/** A smooth curve through points that rises and falls only where they do; level beyond its ends. */
function curveThrough(xs: readonly number[], ys: readonly number[]): Curve {
  const last = xs.length - 1;
  const slopes = xs.map((_, i) => {
    const secant = (n: number) => ((ys[n + 1] as number) - (ys[n] as number)) / ((xs[n + 1] as number) - (xs[n] as number));
    if (i === 0) return secant(0);
    if (i === last) return secant(last - 1);
    const [before, after] = [secant(i - 1), secant(i)];
    if (before * after <= 0) return 0;
    const [left, right] = [(xs[i] as number) - (xs[i - 1] as number), (xs[i + 1] as number) - (xs[i] as number)];
    const [a, b] = [2 * right + left, right + 2 * left];
    return (a + b) / (a / before + b / after);
  });
  const piece = (x: number) => {
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((xs[middle] as number) <= x) low = middle;
      else high = middle;
    }
    const width = (xs[high] as number) - (xs[low] as number);
    return { y0: ys[low] as number, y1: ys[high] as number, m0: (slopes[low] as number) * width, m1: (slopes[high] as number) * width, width, t: (x - (xs[low] as number)) / width };
  };
  const outside = (x: number) => x <= (xs[0] as number) || x >= (xs[last] as number);
  return {
    at(x) {
      if (outside(x)) return (x <= (xs[0] as number) ? ys[0] : ys[last]) as number;
      const { y0, y1, m0, m1, t } = piece(x);
      return y0 + t * (m0 + t * (3 * (y1 - y0) - 2 * m0 - m1 + t * (2 * (y0 - y1) + m0 + m1)));
    },
    slope(x) {
      if (outside(x)) return 0;
      const { y0, y1, m0, m1, width, t } = piece(x);
      return (m0 + t * (2 * (3 * (y1 - y0) - 2 * m0 - m1) + 3 * t * (2 * (y0 - y1) + m0 + m1))) / width;
    },
  };
}

/** Unit vectors along which the rows of a matrix reach farthest: its first right singular vectors, by Jacobi's rotations. */
function principalVectors(rows: readonly (readonly number[])[], count: number): number[][] {
  const n = (rows[0] as readonly number[]).length;
  const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)));
  const vectors = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const at = (i: number, j: number) => (matrix[i] as number[])[j] as number;
  const size = matrix.reduce((sum, row, i) => sum + (row[i] as number), 0);
  for (let turned = true; turned; ) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(at(p, q)) < 1e-14 * size) continue;
        turned = true;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let i = 0; i < n; i++) rotate(matrix[i] as number[], p, q, c, s);
        const [rowP, rowQ] = [matrix[p] as number[], matrix[q] as number[]];
        for (let i = 0; i < n; i++) [rowP[i], rowQ[i]] = [c * (rowP[i] as number) - s * (rowQ[i] as number), s * (rowP[i] as number) + c * (rowQ[i] as number)];
        for (let i = 0; i < n; i++) rotate(vectors[i] as number[], p, q, c, s);
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(j, j) - at(i, i));
  return order.slice(0, count).map((k) => vectors.map((row) => row[k] as number));
}

function rotate(row: number[], p: number, q: number, c: number, s: number): void {
  [row[p], row[q]] = [c * (row[p] as number) - s * (row[q] as number), s * (row[p] as number) + c * (row[q] as number)];
}

const inner = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/**
 * Transforms of the four kernels on a map, each the share of an evenly filled pixel that arrives at the centre of another,
 * blurred by the source.
 *
 * @param size   pixels of the map
 * @param blurMm standard deviation of the source at the isocenter, along x and y
 * @returns      as `PencilField.spectra`: the four of a frequency together, x fastest
 */
export function pencilSpectra({ within }: Pick<PencilKernel, "within">, [nx, ny]: readonly [number, number], pixelMm: number, blurMm: readonly [number, number]): Float32Array {
  const spectra = new Float32Array(pencilRank * nx * ny);
  const transform = fourier2Of([nx, ny]);
  const known = new Map<number, number[]>();
  const values = within.map(() => new Float64Array(nx * ny));
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const [a, b] = [Math.min(i, nx - i), Math.min(j, ny - j)];
      const key = Math.max(a, b) * 65_536 + Math.min(a, b);
      const pixel = known.get(key) ?? within.map((curve) => overPixel(curve, Math.max(a, b), Math.min(a, b), pixelMm));
      known.set(key, pixel);
      pixel.forEach((value, k) => ((values[k] as Float64Array)[j * nx + i] = value));
    }
  }
  values.forEach((re, k) => {
    transform(re, new Float64Array(nx * ny));
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const waves = ((Math.min(i, nx - i) * blurMm[0]) / nx) ** 2 + ((Math.min(j, ny - j) * blurMm[1]) / ny) ** 2;
        spectra[pencilRank * (j * nx + i) + k] = (re[j * nx + i] as number) * Math.exp((-2 * Math.PI ** 2 * waves) / pixelMm ** 2);
      }
    }
  });
  return spectra;
}

/** What a kernel brings from the pixel `a` along and `b` across, both 0 or more. */
function overPixel(curve: Curve, a: number, b: number, pixelMm: number): number {
  let sum = 0;
  if (a > 4) {
    for (const [x, y] of [[-0.25, -0.25], [0.25, -0.25], [-0.25, 0.25], [0.25, 0.25]] as const) {
      const radius = Math.hypot(a + x, b + y) * pixelMm;
      sum += curve.slope(radius) / (2 * Math.PI * radius);
    }
    return (sum * pixelMm ** 2) / 4;
  }
  // Near the axis, where the kernel is steep: over the triangles between it and the edges, dφ / cosh u as in Nyholm's polygons.
  for (const [distance, from, to] of [[a + 0.5, b - 0.5, b + 0.5], [b + 0.5, a - 0.5, a + 0.5], [0.5 - a, b - 0.5, b + 0.5], [0.5 - b, a - 0.5, a + 0.5]] as const) {
    const away = Math.abs(distance);
    const [start, end] = [Math.asinh(from / away), Math.asinh(to / away)];
    const steps = 24;
    let edge = 0;
    for (let i = 0; i < steps; i++) {
      const stretch = Math.cosh(start + ((i + 0.5) / steps) * (end - start));
      edge += curve.at(away * stretch * pixelMm) / stretch;
    }
    sum += (Math.sign(distance) * edge * (end - start)) / steps;
  }
  return sum / (2 * Math.PI);
}
