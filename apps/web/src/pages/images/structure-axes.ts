import { lengthOf, minus, type Vec3 } from "@hapax/base";
import { longestDiameters } from "@hapax/imaging/measure";
import type { MeasuredAxis } from "./drawing.ts";

/** Contours closer than this lie in one plane, mm. */
const onePlaneMm = 0.05;

/**
 * Diameters of a structure: the longest of its axial contours with the longest square to it, and its extent from foot to
 * head; none where its contours lie in other planes.
 */
export function structureAxes(loops: readonly Float64Array[], spacingMm: number): MeasuredAxis[] {
  const planes = new Map<number, Float64Array[]>();
  for (const loop of loops) {
    const z = loop[2] as number;
    if (loop.some((value, i) => i % 3 === 2 && Math.abs(value - z) > onePlaneMm)) return [];
    const key = Math.round(z / onePlaneMm);
    planes.set(key, [...(planes.get(key) ?? []), loop]);
  }
  const heights = [...planes.keys()].map((key) => key * onePlaneMm);
  if (heights.length === 0) return [];
  const inPlane = [...planes.values()].flatMap((own) => {
    try {
      return [{ own, found: longestDiameters(own.map((loop) => loop.filter((_, i) => i % 3 !== 2))) }];
    } catch {
      return [];
    }
  });
  const [widest] = inPlane.sort((a, b) => b.found.long.mm - a.found.long.mm);
  if (widest === undefined) return [];
  const z = widest.own[0]?.[2] ?? 0;
  const at = ([x, y]: readonly [number, number]): Vec3 => [x, y, z];
  const [low, high] = [Math.min(...heights) - spacingMm / 2, Math.max(...heights) + spacingMm / 2];
  const [x, y] = [(widest.found.long.from[0] + widest.found.long.to[0]) / 2, (widest.found.long.from[1] + widest.found.long.to[1]) / 2];
  const axis = (from: Vec3, to: Vec3): MeasuredAxis => ({ mm: lengthOf(minus(to, from)), from, to });
  return [axis(at(widest.found.long.from), at(widest.found.long.to)), axis(at(widest.found.short.from), at(widest.found.short.to)), axis([x, y, low], [x, y, high])];
}
