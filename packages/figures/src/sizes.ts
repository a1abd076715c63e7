import type { LesionSeries } from "@hapax/case";

/** A size that may be joined with others of its kind; PET, palpation and the like are drawn hollow and alone. */
export function comparable(size: LesionSeries["points"][number]): boolean {
  const { method } = size.measurement;
  return method === "CT" || method === "MR" || method === "pathology";
}
