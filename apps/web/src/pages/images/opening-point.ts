import { cross, dot, lengthOf, minus, plus, times, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";

/**
 * The middle of a structure, LPS, mm: each contour counts by its area; undefined without closed contours. A hole counts as
 * its outline does, which moves the middle little.
 */
export function middleOf(loops: readonly Float64Array[]): Vec3 | undefined {
  let [sum, all]: [Vec3, number] = [[0, 0, 0], 0];
  for (const loop of loops) {
    const { center, area } = centroidOf(loop);
    sum = plus(sum, times(center, area));
    all += area;
  }
  return all > 0 ? times(sum, 1 / all) : undefined;
}

const pointOf = (loop: Float64Array, i: number): Vec3 => [loop[3 * i] as number, loop[3 * i + 1] as number, loop[3 * i + 2] as number];

/** Triangles from the first point, those that run against the contour counted off. */
function centroidOf(loop: Float64Array): { readonly center: Vec3; readonly area: number } {
  const first = pointOf(loop, 0);
  const triangles = Array.from({ length: Math.max(0, loop.length / 3 - 2) }, (_, i) => {
    const [b, c] = [pointOf(loop, i + 1), pointOf(loop, i + 2)];
    return { middle: times(plus(plus(first, b), c), 1 / 3), twice: cross(minus(b, first), minus(c, first)) };
  });
  const whole = triangles.reduce<Vec3>((sum, { twice }) => plus(sum, twice), [0, 0, 0]);
  const long = lengthOf(whole);
  if (long === 0) return { center: first, area: 0 };
  const shares = triangles.map(({ twice }) => dot(twice, whole) / long ** 2);
  return { center: triangles.reduce<Vec3>((sum, { middle }, i) => plus(sum, times(middle, shares[i] as number)), [0, 0, 0]), area: long / 2 };
}

/** What a reader looks for first: a gross tumor, one mass before the sum of several, then what is treated for it. */
const sought = [/^gtvp/i, /^gtv/i, /^ctv/i, /^itv/i, /^ptv/i];

/** The middle of the largest gross tumor, or else of the largest target; undefined where none is drawn. */
export function tumorOf(structures: readonly Structure[]): Vec3 | undefined {
  for (const name of sought) {
    const drawn = structures.filter((s) => name.test(s.name)).map(closedLoops).filter((loops) => loops.length > 0);
    const size = (loops: readonly Float64Array[]) => loops.reduce((sum, loop) => sum + centroidOf(loop).area, 0);
    const largest = drawn.sort((a, b) => size(b) - size(a))[0];
    if (largest !== undefined) return middleOf(largest);
  }
  return undefined;
}
