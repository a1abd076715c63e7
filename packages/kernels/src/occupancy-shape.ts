import { isolines } from "./isolines.ts";
import { cross, dot, inPlane, type ContourStack, type Point, type Slab } from "./occupancy-planes.ts";
import { outlineDistances } from "./outline-distance.ts";

/** Pieces between two contour planes. */
const pieces = 6;
/** Points of a distance map along the longer side of a structure, and the finest step, mm. */
const mapPoints = 60;
const finestMm = 0.25;

/**
 * Slabs whose outlines change from contour to contour as their signed distances do: along a parabola through three
 * planes where there are three, a line through two.
 *
 * Beyond the last contour, areas go on as a parabola through the last three: of a sphere, an ellipsoid and a cone they
 * are one. Where that comes to nothing before the next slice, on which nothing was drawn, it is the tip. Elsewhere the
 * shape ends after half a slice, on the curve of its distances or the line, whichever is less. Cylinder and cone are
 * exact, and a sphere nearly is, wherever its slices lie.
 *
 * @param slabs  what the planes stand for as slabs: where they end is kept but at a tip, and so is a tapering end
 */
export function shapedSlabs(stack: ContourStack, slabs: readonly Slab[]): Slab[] {
  const map = new DistanceMap(stack);
  const known = slabs.map(({ loops }) => (stack.planes.some((plane) => plane.loops === loops) ? map.of(loops) : undefined));
  const neighbor = (s: number, other: number) => (known[other] !== undefined && touching(slabs[s] as Slab, slabs[other] as Slab) ? other : undefined);
  const areaAt = (planes: readonly number[], at: number) => lagrange(planes.map((one) => (slabs[one] as Slab).at), at).reduce((sum, share, i) => sum + share * map.area(known[planes[i] as number] as Float64Array), 0);
  return slabs.flatMap((slab, s) => {
    if (known[s] === undefined) return [slab];
    const [below, above] = [neighbor(s, s - 1), neighbor(s, s + 1)];
    // A prism is its contours, to the corner.
    if ([below, above].every((other) => other === undefined || alike(known[s] as Float64Array, known[other] as Float64Array))) return [slab];
    const further = below === undefined ? neighbor(above as number, (above as number) + 1) : above === undefined ? neighbor(below, below - 1) : undefined;
    const planes = [s, below, above, further].filter((one) => one !== undefined);
    const tip = further === undefined ? undefined : tipBeyond(slab, slabs[below ?? (above as number)] as Slab, (at) => areaAt(planes, at));
    const ends = below === undefined ? [tip ?? slab.from, slab.to] as const : [slab.from, tip ?? slab.to] as const;
    return Array.from({ length: pieces }, (_, p): Slab => {
      const [from, to] = [p, p + 1].map((n) => ends[0] + ((ends[1] - ends[0]) * n) / pieces) as [number, number];
      const at = (from + to) / 2;
      const along = (some: readonly number[]) => blended(some.map((one) => known[one] as Float64Array), lagrange(some.map((one) => (slabs[one] as Slab).at), at));
      const beyond = (below === undefined && at < slab.at) || (above === undefined && at > slab.at);
      const shape = along(planes);
      if (!beyond) return { at, from, to, loops: map.loopsAt(at, shape) };
      return { at, from, to, loops: map.loopsAt(at, tip === undefined ? smaller(shape, along(planes.slice(0, 2))) : map.withArea(shape, areaAt(planes, at))) };
    });
  });
}

/** Steps of a bisection: a slice in 2⁻²⁰ of itself. */
const halvings = 20;

/** Where an area comes to nothing within a slice beyond the last contour; undefined where it does not, or where the shape is to end on it. */
function tipBeyond(last: Slab, inner: Slab, areaAt: (at: number) => number): number | undefined {
  if (last.at === (inner.at < last.at ? last.to : last.from)) return undefined;
  const slice = last.at - inner.at;
  // On the next slice itself nothing was drawn: a contour of a hundredth of the last would hardly have been.
  if (areaAt(last.at + slice) > areaAt(last.at) / 100) return undefined;
  let [near, far] = [0, 1];
  for (let n = 0; n < halvings; n++) {
    const middle = (near + far) / 2;
    if (areaAt(last.at + middle * slice) > 0) near = middle;
    else far = middle;
  }
  return last.at + far * slice;
}

/** Shares of values at given places in the polynomial through them, at another place. */
function lagrange(places: readonly number[], at: number): number[] {
  return places.map((place, i) => places.reduce((share, other, j) => (i === j ? share : (share * (at - other)) / (place - other)), 1));
}

function blended(maps: readonly Float64Array[], shares: readonly number[]): Float64Array {
  const sum = new Float64Array((maps[0] as Float64Array).length);
  maps.forEach((map, m) => {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (shares[m] as number) * (map[i] as number);
  });
  return sum;
}

/** What lies in both shapes. */
const smaller = (a: Float64Array, b: Float64Array) => a.map((distance, i) => Math.min(distance, b[i] as number));

/** Equal to a thousandth of a millimeter. */
const alike = (a: Float64Array, b: Float64Array) => a.every((value, i) => Math.abs(value - (b[i] as number)) < 1e-3);

const touching = (a: Slab, b: Slab) => Math.abs(a.to - b.from) < 1e-6 || Math.abs(b.to - a.from) < 1e-6;

/** Signed distances to the contours of a plane, positive inside, on points that hold the whole structure. */
class DistanceMap {
  readonly #axes: readonly [Point, Point, Point];
  readonly #start: readonly [number, number];
  readonly #step: number;
  readonly #width: number;
  readonly #height: number;

  constructor({ normal, planes }: ContourStack) {
    const across = inPlane(normal);
    this.#axes = [across, cross(normal, across), normal];
    const flat = planes.flatMap(({ loops }) => loops.map((loop) => this.#flat(loop)));
    const side = (offset: 0 | 1) => {
      let [low, high] = [Infinity, -Infinity];
      for (const loop of flat) {
        for (let i = offset; i < loop.length; i += 2) {
          low = Math.min(low, loop[i] as number);
          high = Math.max(high, loop[i] as number);
        }
      }
      return [low, high] as const;
    };
    const [x, y] = [side(0), side(1)];
    this.#step = Math.max(finestMm, Math.max(x[1] - x[0], y[1] - y[0]) / mapPoints);
    // Beyond the last contour an outline may grow: a tenth of the points lies around.
    const around = (mapPoints / 10) * this.#step;
    this.#start = [x[0] - around, y[0] - around];
    this.#width = Math.ceil((x[1] - x[0] + 2 * around) / this.#step) + 1;
    this.#height = Math.ceil((y[1] - y[0] + 2 * around) / this.#step) + 1;
  }

  #flat(loop: Float64Array): Float64Array {
    const [across, down] = this.#axes;
    return Float64Array.from({ length: (loop.length / 3) * 2 }, (_, i) => {
      const p = 3 * (i >> 1);
      return dot([loop[p] as number, loop[p + 1] as number, loop[p + 2] as number], i % 2 === 0 ? across : down);
    });
  }

  of(loops: readonly Float64Array[]): Float64Array {
    return outlineDistances(loops.map((loop) => this.#flat(loop)), this.#start, this.#step, this.#width, this.#height);
  }

  /** Area inside, mm²: a point on the outline counts half. */
  area(distances: Float64Array): number {
    return this.#step ** 2 * distances.reduce((sum, distance) => sum + Math.min(1, Math.max(0, 0.5 + distance / this.#step)), 0);
  }

  /** The shape drawn in or out by one distance all around, until its area is right. */
  withArea(distances: Float64Array, mm2: number): Float64Array {
    let [out, within] = [distances.reduce((a, b) => Math.min(a, b)), distances.reduce((a, b) => Math.max(a, b))];
    for (let n = 0; n < halvings; n++) {
      const middle = (out + within) / 2;
      if (this.area(distances.map((distance) => distance - middle)) > mm2) out = middle;
      else within = middle;
    }
    return distances.map((distance) => distance - (out + within) / 2);
  }

  /** The outlines where the distance is nought, LPS, mm. */
  loopsAt(at: number, distances: Float64Array): Float64Array[] {
    const [across, down, normal] = this.#axes;
    const lines = isolines(distances, this.#width, this.#height, [0], { beyond: -1 })[0] ?? [];
    return lines.map((line) => Float64Array.from({ length: (line.length / 2 - 1) * 3 }, (_, i) => {
      const p = 2 * Math.floor(i / 3);
      const [x, y] = [this.#start[0] + (line[p] as number) * this.#step, this.#start[1] + (line[p + 1] as number) * this.#step];
      return across[i % 3 as 0] * x + down[i % 3 as 0] * y + normal[i % 3 as 0] * at;
    }));
  }
}
