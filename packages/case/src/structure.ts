import type { Structure } from "./scan.ts";

/** Contours that enclose an area; a point or an open line has none. */
const closed: ReadonlySet<string> = new Set(["CLOSED_PLANAR", "CLOSEDPLANAR_XOR"]);

/** The closed contours of a structure, each x, y, z in LPS, mm; none where it is only named, or drawn as points and lines. */
export function closedLoops(structure: Structure): Float64Array[] {
  return structure.contours.filter((contour) => closed.has(contour.type)).map((contour) => contour.points);
}
