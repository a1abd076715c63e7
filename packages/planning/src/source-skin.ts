import { dot, minus, plus, sourceOf, times, unit, type BeamPosition, type Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { contourStack, type ContourPlane } from "@hapax/kernels";

/** Along the axis, mm. */
const stepMm = 0.5;

/**
 * From the source to where the axis of a beam first meets the body, mm.
 *
 * @param body  the structure of type EXTERNAL
 * @returns     undefined where the axis meets no contour before the isocenter
 */
export function sourceSkinMm(beam: BeamPosition, sadMm: number, body: Structure): number | undefined {
  const { planes, normal, spacingMm = 3 } = contourStack(closedLoops(body));
  if (planes.length === 0) return undefined;
  const source = sourceOf(beam, sadMm);
  const way = unit(minus(beam.isocenter, source));
  for (let mm = 0; mm <= sadMm; mm += stepMm) {
    const at = plus(source, times(way, mm));
    const plane = nearest(planes, dot(at, normal));
    // Each contour stands for half the distance to its neighbors.
    if (Math.abs(plane.at - dot(at, normal)) <= spacingMm / 2 && isInside(plane.loops, at, normal)) return mm;
  }
  return undefined;
}

function nearest(planes: readonly ContourPlane[], place: number): ContourPlane {
  return planes.reduce((best, plane) => (Math.abs(plane.at - place) < Math.abs(best.at - place) ? plane : best));
}

/** Even-odd, in the two axes that the normal leans from most. */
function isInside(loops: readonly Float64Array[], point: Vec3, normal: Vec3): boolean {
  const largest = normal.map(Math.abs).indexOf(Math.max(...normal.map(Math.abs)));
  const [u, v] = [0, 1, 2].filter((axis) => axis !== largest) as [0 | 1 | 2, 0 | 1 | 2];
  let inside = false;
  for (const loop of loops) {
    const count = loop.length / 3;
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const [ui, vi, uj, vj] = [loop[3 * i + u], loop[3 * i + v], loop[3 * j + u], loop[3 * j + v]] as [number, number, number, number];
      if (vi > point[v] !== vj > point[v] && point[u] < ((uj - ui) * (point[v] - vi)) / (vj - vi) + ui) inside = !inside;
    }
  }
  return inside;
}
