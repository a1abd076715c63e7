import { collimatorFromPatient, projected, type BeamPosition, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { contourStack, facesOf, isolines, outlineDistances, slabsOf } from "@hapax/kernels";

/** Distances from an outline in the plane of the isocenter, frame of the beam limiting device. */
export interface OutlineDistances {
  readonly size: readonly [number, number];
  readonly spacingMm: number;
  /** Center of the first pixel. */
  readonly originMm: readonly [number, number];
  /** Positive inside the outline, negative outside, mm; x fastest. */
  readonly mm: Float64Array;
}

/** Pixels of an outline, mm, and parts of each along both axes. */
const pixelMm = 1;
const parts = 2;

/**
 * Outline of structures together as the source sees them: the shadow of what their contours stand for, each from half-way
 * to its lower neighbor to half-way to its upper one.
 *
 * @param sliceMm  thickness of a contour that stands alone, mm
 * @returns        closed lines, x and y of each point, mm at the isocenter in the frame of the beam limiting device; inside
 *                 is what an odd number of them encloses
 */
export function beamsEyeOutline(structures: readonly Structure[], position: BeamPosition, sadMm: number, sliceMm: number): Float64Array[] {
  const faces = structures.map((structure) => shadowOf(structure, position, sadMm, sliceMm)).flat();
  if (faces.length === 0) return [];
  const [low, high] = boundsOf(faces.flat());
  // A pixel of nothing around.
  const first = low.map((mm) => pixelMm * Math.floor(mm / pixelMm - 1)) as [number, number];
  const size = high.map((mm, axis) => Math.ceil((mm - (first[axis] as number)) / pixelMm) + 1) as [number, number];
  const fine: [number, number] = [size[0] * parts, size[1] * parts];
  const mask = new Uint8Array(fine[0] * fine[1]);
  for (const face of faces) fill(mask, fine, first, pixelMm / parts, face);
  const shares = new Float32Array(size[0] * size[1]);
  for (let j = 0, i = 0; j < fine[1]; j++) {
    for (let x = 0; x < fine[0]; x++, i++) shares[Math.floor(x / parts) + size[0] * Math.floor(j / parts)]! += (mask[i] as number) / parts ** 2;
  }
  return (isolines(shares, size[0], size[1], [0.5], { beyond: 0 })[0] ?? []).map((line) =>
    // The line ends where it began; an outline does not say so twice.
    line.subarray(0, line.length - 2).map((at, i) => (first[(i % 2) as 0 | 1] as number) + (at + 0.5) * pixelMm),
  );
}

/** Distances from an outline on pixels of a millimeter, as far as `reachMm` around it. */
export function distancesAround(loops: readonly Float64Array[], reachMm: number): OutlineDistances {
  const [low, high] = boundsOf(loops);
  const around = Math.max(0, reachMm) + 2 * pixelMm;
  const originMm = low.map((mm) => mm - around) as [number, number];
  const size = high.map((mm, axis) => Math.ceil((mm + around - (originMm[axis] as number)) / pixelMm) + 1) as [number, number];
  return { size, spacingMm: pixelMm, originMm, mm: outlineDistances(loops, originMm, pixelMm, size[0], size[1]) };
}

/** What a point of the plane of the isocenter has of an outline, between the pixels, mm; beyond them −∞. */
export function distanceAt({ size, spacingMm, originMm, mm }: OutlineDistances, x: number, y: number): number {
  const [u, v] = [(x - originMm[0]) / spacingMm, (y - originMm[1]) / spacingMm];
  if (!(u >= 0 && v >= 0 && u <= size[0] - 1 && v <= size[1] - 1)) return -Infinity;
  const [i, j] = [Math.min(size[0] - 2, Math.floor(u)), Math.min(size[1] - 2, Math.floor(v))];
  const at = i + size[0] * j;
  const between = (from: number) => (mm[from] as number) + (u - i) * ((mm[from + 1] as number) - (mm[from] as number));
  const [near, far] = [between(at), between(at + size[0])];
  return near + (v - j) * (far - near);
}

/**
 * Faces of which the shadow of a structure is made: each slab's outline at its lower and upper end, and its side walls. A
 * face is loops of x and y, filled by the even-odd rule.
 */
function shadowOf(structure: Structure, position: BeamPosition, sadMm: number, sliceMm: number): Float64Array[][] {
  const stack = contourStack(closedLoops(structure));
  if (stack.planes.length === 0) return [];
  const collimator = collimatorFromPatient(position);
  const seen = (loop: Float64Array) => {
    const points = new Float64Array((2 * loop.length) / 3);
    for (let p = 0; p < points.length / 2; p++) points.set(projected(collimator, sadMm, loop.subarray(3 * p, 3 * p + 3) as unknown as Vec3), 2 * p);
    return points;
  };
  return slabsOf(stack, { spacingMm: stack.spacingMm ?? sliceMm }).flatMap((slab) => {
    const ends = facesOf(stack, [slab]).map(seen);
    const [lower, upper] = [ends.slice(0, slab.loops.length), ends.slice(slab.loops.length)];
    const walls = lower.flatMap((loop, l) => wallsOf(loop, upper[l] as Float64Array));
    return [lower, upper, ...walls.map((wall) => [wall])];
  });
}

/** Four corners for each side of a loop, from its lower end to its upper. */
function wallsOf(lower: Float64Array, upper: Float64Array): Float64Array[] {
  return Array.from({ length: lower.length / 2 }, (_, p) => {
    const [from, to] = [2 * p, (2 * p + 2) % lower.length];
    return Float64Array.of(...lower.subarray(from, from + 2), ...lower.subarray(to, to + 2), ...upper.subarray(to, to + 2), ...upper.subarray(from, from + 2));
  });
}

function boundsOf(loops: readonly Float64Array[]): readonly [low: readonly [number, number], high: readonly [number, number]] {
  const [low, high] = [[Infinity, Infinity] as [number, number], [-Infinity, -Infinity] as [number, number]];
  for (const loop of loops) {
    for (let i = 0; i < loop.length; i++) {
      const axis = (i % 2) as 0 | 1;
      low[axis] = Math.min(low[axis], loop[i] as number);
      high[axis] = Math.max(high[axis], loop[i] as number);
    }
  }
  return [low, high];
}

/** Sets the pixels whose centers loops enclose, by the even-odd rule; `corner` is that of the first pixel, mm. */
function fill(mask: Uint8Array, [nx, ny]: readonly [number, number], corner: readonly [number, number], stepMm: number, loops: readonly Float64Array[]): void {
  const [low, high] = boundsOf(loops);
  const from = Math.max(0, Math.ceil((low[1] - corner[1]) / stepMm - 0.5));
  const to = Math.min(ny - 1, Math.floor((high[1] - corner[1]) / stepMm - 0.5));
  const crossings: number[] = [];
  for (let j = from; j <= to; j++) {
    const y = corner[1] + (j + 0.5) * stepMm;
    crossings.length = 0;
    for (const loop of loops) {
      for (let i = 0, before = loop.length - 2; i < loop.length; before = i, i += 2) {
        const [ay, by] = [loop[before + 1] as number, loop[i + 1] as number];
        if (ay > y === by > y) continue;
        const [ax, bx] = [loop[before] as number, loop[i] as number];
        crossings.push(ax + ((bx - ax) * (y - ay)) / (by - ay));
      }
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const first = Math.max(0, Math.ceil(((crossings[c] as number) - corner[0]) / stepMm - 0.5));
      const last = Math.min(nx - 1, Math.ceil(((crossings[c + 1] as number) - corner[0]) / stepMm - 0.5) - 1);
      for (let i = first; i <= last; i++) mask[i + nx * j] = 1;
    }
  }
}
