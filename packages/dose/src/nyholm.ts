import { apply, HapaxError, spacingOf, voxelFromPatient, type Vec3 } from "@hapax/base";
import { cite } from "@hapax/references";

import type { FluenceMap, HeadFluence } from "./fluence.ts";
import type { Machine } from "./machine.ts";
import type { Medium } from "./medium.ts";

export const nyholmSource = cite("nyholm2006", "nyholm2011");

/** Coefficients of 1, T, T², … T⁵, where T is TPR20,10; lengths in cm. */
const coefficients = {
  A1: [0.0128018, -0.0577391, 0.1790839, -0.2467955, 0.1328192, -0.0194684],
  A2: [16.7815028, -279.4672663, 839.0016549, -978.4915013, 470.5317337, -69.2485573],
  A3: [-0.0889669, -0.2587584, 0.7069203, -0.3654033, 0.002976, -0.0003786],
  A4: [0.0017089, -0.016915, 0.051465, -0.063953, 0.032449, -0.0049121],
  A5: [0.1431447, -0.2134626, 0.5825546, -0.2969273, -0.0011436, 0.0002219],
  B1: [-42.7607523, 264.342472, -633.4540368, 731.5311577, -402.5280374, 82.4936551],
  B2: [0.2428359, -2.5029336, 7.6128101, -9.5273454, 4.824984, -0.7097852],
  B3: [-0.091042, -0.2621605, 0.7157244, -0.3664126, 0.000093, -0.0000232],
  B4: [0.0017284, -0.0172146, 0.0522109, -0.0643946, 0.0322177, -0.0047015],
  B5: [-30.4609625, 354.2866078, -1073.2952368, 1315.2670101, -656.3702845, 96.5983711],
  a1: [-0.0065985, 0.0242136, -0.0647001, 0.0265272, 0.0072169, -0.0020479],
  a2: [-26.3337419, 435.6865552, -1359.8342546, 1724.6602381, -972.7565415, 200.3468023],
  b1: [-80.7027159, 668.1710175, -2173.2445309, 3494.239349, -2784.4670834, 881.227651],
  b2: [3.4685991, -41.2468479, 124.9729952, -153.2610078, 76.5242757, -11.2624113],
  b3: [-39.6550497, 277.7202038, -777.0749505, 1081.5724508, -747.1056558, 204.5432666],
  b4: [0.6514859, -4.7179961, 13.6742202, -19.7521659, 14.1873606, -4.0478845],
  b5: [0.4695047, -3.6644336, 10.0039321, -5.1195905, -0.0007387, 0.000236],
} as const;

/**
 * Dose around a pencil of photons at one depth in water, per primary energy fluence:
 * p(r) = (nearRate · near · e^(−nearRate r) + farRate · far · e^(−farRate r)) / r.
 */
export interface NyholmKernel {
  /** A/a and B/b of the paper, cm²/g: what each part adds up to in a wide field, over 2π. */
  readonly near: number;
  readonly far: number;
  /** a and b of the paper, per mm. */
  readonly nearRate: number;
  readonly farRate: number;
}

/**
 * The pencil kernel of a beam that is known by its TPR20,10 alone, with the linear a of the corrigendum.
 *
 * @param tpr2010       tissue-phantom ratio at 20 and 10 cm, 10 cm × 10 cm
 * @param waterDepthMm  depth in water, mm; the kernel has no build-up, so 15 and more
 * @throws              dose/beam-quality outside 0.62 to 0.82, where no beam was in the fit
 * @source              nyholm2006, nyholm2011
 */
export function nyholmKernel(tpr2010: number, waterDepthMm: number): NyholmKernel {
  if (!(tpr2010 >= 0.62 && tpr2010 <= 0.82)) {
    throw new HapaxError("dose/beam-quality", `TPR20,10 is ${tpr2010}.`, "Give the tissue-phantom ratio of a beam between 0.62 and 0.82.");
  }
  const at = (name: keyof typeof coefficients) => coefficients[name].reduceRight((sum, c) => sum * tpr2010 + c, 0);
  const z = waterDepthMm / 10;
  const grown = (rate: number, start: number) => 1 - Math.exp(rate * Math.hypot(z, start));
  return {
    near: at("A1") * grown(at("A2"), at("A5")) * Math.exp(at("A3") * z + at("A4") * z * z),
    far: at("B1") * grown(at("B2"), at("B5")) * Math.exp(at("B3") * z + at("B4") * z * z),
    nearRate: (at("a2") + at("a1") * z) / 10,
    farRate: (at("b1") * grown(at("b2"), at("b5")) * Math.exp(at("b3") * z + at("b4") * z * z)) / 10,
  };
}

/** Dose in the middle of a disk of even fluence, mm; Infinity gives the widest field. */
export function diskDose(kernel: NyholmKernel, radiusMm: number): number {
  return 2 * Math.PI * (kernel.near * -Math.expm1(-kernel.nearRate * radiusMm) + kernel.far * -Math.expm1(-kernel.farRate * radiusMm));
}

/**
 * Dose at the origin from even fluence inside a polygon of any shape; outside of it too.
 *
 * @param corners  x, y of its corners in turn, mm in the plane of the point, the origin at the point
 */
export function polygonDose(kernel: NyholmKernel, corners: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let turned = 0;
  corners.forEach(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % corners.length] as readonly [number, number];
    sum += triangleDose(kernel, [x0, y0], [x1, y1]);
    turned += x0 * y1 - x1 * y0;
  });
  return turned < 0 ? -sum : sum;
}

/** Dose at the origin from the triangle between it and an edge; negative where the edge runs clockwise. */
function triangleDose(kernel: NyholmKernel, [x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): number {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const across = (x0 * y1 - x1 * y0) / length;
  const distance = Math.abs(across);
  if (!(distance > 1e-9)) return 0;
  const foot = -(x0 * (x1 - x0) + y0 * (y1 - y0)) / length;
  // Along the edge at t = distance · sinh u the radius is distance · cosh u and the angle turns by du / cosh u: even
  // where the point all but touches the edge nothing is steeper than exp.
  const from = Math.asinh(-foot / distance);
  const to = Math.asinh((length - foot) / distance);
  const pieces = Math.max(1, Math.ceil(to - from));
  const half = (to - from) / pieces / 2;
  let sum = 0;
  for (let p = 0; p < pieces; p++) {
    const middle = from + (2 * p + 1) * half;
    for (const [node, weight] of gauss) {
      for (const u of [middle - half * node, middle + half * node]) {
        const stretch = Math.cosh(u);
        sum += (weight * half * diskDose(kernel, distance * stretch)) / stretch;
      }
    }
  }
  return (Math.sign(across) * sum) / (2 * Math.PI);
}

/** Positive nodes and weights of Gauss and Legendre, eight points. */
const gauss = [
  [0.18343464249564981, 0.36268378337836199],
  [0.52553240991632899, 0.31370664587788729],
  [0.79666647741362674, 0.22238103445337447],
  [0.96028985649753623, 0.10122853629037626],
] as const;

/** Dose in the middle of a rectangle, sides in mm in the plane of the point. */
export function rectangleDose(kernel: NyholmKernel, [x, y]: readonly [number, number]): number {
  return polygonDose(kernel, [[-x / 2, -y / 2], [x / 2, -y / 2], [x / 2, y / 2], [-x / 2, y / 2]]);
}

/**
 * Depth dose on the axis in water relative to the dose at 10 cm.
 *
 * @param sidesMm  the field on the surface, mm
 * @source         nyholm2006, nyholm2011
 */
export function nyholmPdd({ tpr2010, sidesMm: [x, y], ssdMm }: { readonly tpr2010: number; readonly sidesMm: readonly [number, number]; readonly ssdMm: number }, depthMm: number): number {
  const dose = (depth: number) => {
    const wider = (ssdMm + depth) / ssdMm;
    return rectangleDose(nyholmKernel(tpr2010, depth), [x * wider, y * wider]) / wider ** 2;
  };
  return dose(depthMm) / dose(100);
}

/** Tissue-phantom ratio, relative to 10 cm; the field is that at the detector, mm. */
export function nyholmTpr(tpr2010: number, sidesMm: readonly [number, number], depthMm: number): number {
  return rectangleDose(nyholmKernel(tpr2010, depthMm), sidesMm) / rectangleDose(nyholmKernel(tpr2010, 100), sidesMm);
}

/** Phantom scatter factor: dose at one depth and primary fluence over that of 10 cm × 10 cm; the field is that at the detector, mm. */
export function nyholmSp(tpr2010: number, sidesMm: readonly [number, number], depthMm = 100): number {
  const kernel = nyholmKernel(tpr2010, depthMm);
  return rectangleDose(kernel, sidesMm) / rectangleDose(kernel, [100, 100]);
}

/**
 * Dose at a point from a map of fluence: means over rings around the point, each with the dose of its ring, as Clarkson did
 * with sectors.
 *
 * @param map         fluence, mm at the isocenter; nothing beyond its pixels
 * @param centerMm    the point as seen from the source, mm at the isocenter
 * @param magnified   a length in the plane of the point over the same at the isocenter
 */
export function mapDose(kernel: NyholmKernel, map: FluenceMap, centerMm: readonly [number, number], magnified: number): number {
  const [x, y] = centerMm;
  const [nx, ny] = map.size;
  const [x0, y0] = map.originMm;
  const far = (at: number, first: number, count: number) => Math.max(Math.abs(first - at), Math.abs(first + count * map.spacingMm - at));
  const reach = Math.hypot(far(x, x0, nx), far(y, y0, ny));
  let sum = 0;
  let inner = 0;
  let doseInside = 0;
  while (inner < reach) {
    // Thin where the kernel and the penumbra are steep, never thicker than a pixel.
    const outer = inner + Math.min(map.spacingMm, 0.25 + inner / 20);
    const radius = (inner + outer) / 2;
    const doseUpTo = diskDose(kernel, outer * magnified);
    sum += (doseUpTo - doseInside) * ringMean(map, x, y, radius);
    doseInside = doseUpTo;
    inner = outer;
  }
  return sum;
}

function ringMean(map: FluenceMap, x: number, y: number, radius: number): number {
  const points = 4 * Math.min(180, Math.max(4, Math.ceil((Math.PI * radius) / 2 / map.spacingMm)));
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const angle = ((i + 0.5) / points) * 2 * Math.PI;
    sum += bilinear(map, x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  return sum / points;
}

function bilinear({ size: [nx, ny], spacingMm, originMm, values }: FluenceMap, x: number, y: number): number {
  const u = (x - originMm[0]) / spacingMm;
  const v = (y - originMm[1]) / spacingMm;
  const i = Math.floor(u);
  const j = Math.floor(v);
  const at = (a: number, b: number) => (a < 0 || b < 0 || a >= nx || b >= ny ? 0 : (values[b * nx + a] as number));
  const low = at(i, j) + (u - i) * (at(i + 1, j) - at(i, j));
  const high = at(i, j + 1) + (u - i) * (at(i + 1, j + 1) - at(i, j + 1));
  return low + (v - j) * (high - low);
}

export interface NyholmPoint {
  readonly machine: Pick<Machine, "sadMm" | "calibration">;
  /** Measured TPR20,10 of the machine. */
  readonly tpr2010: number;
  /** What leaves the head per MU; its electrons do not reach the depths of this kernel. */
  readonly head: Pick<HeadFluence, "primary" | "extraFocal">;
  /** The same of the field of the calibration. */
  readonly calibrationHead: Pick<HeadFluence, "primary" | "extraFocal">;
  /** The point in the frame of the beam limiting device, mm; z to the source, 0 at the isocenter. */
  readonly pointMm: Vec3;
  /** Water-equivalent depth of the point along its ray, mm. */
  readonly waterDepthMm: number;
  readonly mu: number;
}

/**
 * Dose of a beam at a point by the second, independent way: Nyholm's kernel over the fluence of the head, water-equivalent
 * depth, inverse square, and the calibration of the machine. It knows of no inhomogeneity beside the ray.
 *
 * @returns Gy
 * @throws  dose/beam-quality outside the kernel's range
 * @source  nyholm2006, nyholm2011
 */
export function nyholmDose({ machine, tpr2010, head, calibrationHead, pointMm, waterDepthMm, mu }: NyholmPoint): number {
  const { ssdMm, depthMm, gyPerMu } = machine.calibration;
  const perFluence = (maps: NyholmPoint["head"], [x, y, z]: Vec3, depth: number) => {
    const magnified = (machine.sadMm - z) / machine.sadMm;
    const kernel = nyholmKernel(tpr2010, depth);
    const center = [x / magnified, y / magnified] as const;
    return (mapDose(kernel, maps.primary, center, magnified) + mapDose(kernel, maps.extraFocal, center, magnified)) / magnified ** 2;
  };
  const calibrated = perFluence(calibrationHead, [0, 0, machine.sadMm - ssdMm - depthMm], depthMm);
  return (mu * gyPerMu * perFluence(head, pointMm, waterDepthMm)) / calibrated;
}

/**
 * Water-equivalent depth of a point: the density along the straight way from the source, voxel by voxel.
 *
 * @param source  LPS, mm
 * @param point   LPS, mm
 * @returns       mm of water
 */
export function waterDepthOf(medium: Medium, source: Vec3, point: Vec3): number {
  const map = voxelFromPatient(medium.grid);
  const from = apply(map, source);
  const to = apply(map, point);
  const spacing = spacingOf(medium.grid);
  const step = [0, 1, 2].map((a) => (to[a] as number) - (from[a] as number));
  const length = Math.hypot(...step.map((s, a) => s * (spacing[a] as number)));
  // Shares of the way at which a face between voxels is crossed: faces lie at half counts.
  const crossings = [0, 1];
  step.forEach((s, a) => {
    const start = from[a] as number;
    for (let face = -0.5; face < (medium.grid.size[a] as number); face++) {
      const share = (face - start) / s;
      if (share > 0 && share < 1) crossings.push(share);
    }
  });
  crossings.sort((p, q) => p - q);
  const [nx, ny, nz] = medium.grid.size;
  let depth = 0;
  for (let c = 1; c < crossings.length; c++) {
    const [before, after] = [crossings[c - 1] as number, crossings[c] as number];
    const [i, j, k] = step.map((s, a) => Math.round((from[a] as number) + ((before + after) / 2) * s)) as [number, number, number];
    const inside = i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz;
    if (inside) depth += (after - before) * (medium.density[(k * ny + j) * nx + i] as number);
  }
  return depth * length;
}
