import { outlinesOf, type OutlinedStructure, type Scene, type StructureOutline, type ViewPlane } from "@hapax/figures";

/** Planes whose outlines are kept for each structure; the one asked for longest ago goes first. */
const kept = 90;

const remembered = new WeakMap<OutlinedStructure, Map<string, readonly StructureOutline[]>>();

/** Outlines of a scene's structures on a plane, computed once for each plane while a reader scrolls to and fro. */
export function rememberedOutlines({ image, structures = [] }: Scene, plane: ViewPlane): StructureOutline[] {
  const key = `${plane.width} ${plane.height} ${plane.patientFromScreen.rows.join()}`;
  return structures.flatMap((structure) => {
    const planes = remembered.get(structure) ?? new Map<string, readonly StructureOutline[]>();
    remembered.set(structure, planes);
    const found = planes.get(key) ?? outlinesOf({ image, structures: [structure] }, plane);
    planes.delete(key);
    planes.set(key, found);
    const [oldest] = planes.keys();
    if (planes.size > kept && oldest !== undefined) planes.delete(oldest);
    return found;
  });
}
