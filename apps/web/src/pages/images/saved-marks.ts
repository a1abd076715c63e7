import type { Vec3 } from "@hapax/base";
import type { CaseView } from "@hapax/case";

/** A measurement of the record that was drawn on a series. */
export interface SavedMark {
  readonly id: string;
  readonly lines: readonly (readonly [Vec3, Vec3])[];
  readonly words: string;
}

/** The measurements that were drawn on a series and are known at the time of the view. */
export function savedMarks(view: CaseView, series: string): SavedMark[] {
  return view.all("measurement").flatMap(({ id, lesion, diameters, drawn }): SavedMark[] => {
    if (drawn?.series !== series) return [];
    const of = view.get(lesion);
    const points = drawn.points as readonly Vec3[];
    const lines = Array.from({ length: Math.floor(points.length / 2) }, (_, i) => [points[2 * i], points[2 * i + 1]] as [Vec3, Vec3]);
    return [{ id, lines, words: `${of?.kind === "lesion" ? of.name : lesion}, ${diameters.map((d) => d.value).join(" × ")} ${diameters[0]?.unit ?? ""}` }];
  });
}
