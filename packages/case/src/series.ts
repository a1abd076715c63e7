import { convert } from "@hapax/base";
import type { EntryOf } from "./entries.ts";
import type { CaseView } from "./view.ts";

/** One size of a lesion, in centimeters, longest first. */
export interface SizePoint {
  readonly measurement: EntryOf<"measurement">;
  readonly study: EntryOf<"imaging"> | undefined;
  readonly timePoint: string | undefined;
  readonly diametersCm: readonly number[];
}

/** A lesion with all its sizes in the order of their times. */
export interface LesionSeries {
  readonly lesion: EntryOf<"lesion">;
  readonly points: readonly SizePoint[];
}

/** Every lesion of the case that has a size, in the order of the record. */
export function lesionSeries(view: CaseView): LesionSeries[] {
  const measurements = view.all("measurement");
  return view.record.entries
    .filter((e) => e.kind === "lesion")
    .map((lesion) => ({
      lesion,
      points: measurements
        .filter((m) => m.lesion === lesion.id)
        .map((measurement) => {
          const study = measurement.study === undefined ? undefined : view.get(measurement.study);
          return {
            measurement,
            study: study?.kind === "imaging" ? study : undefined,
            timePoint: view.timePointOf(measurement.id),
            diametersCm: measurement.diameters.map((d) => convert(d, "cm")).sort((a, b) => b - a),
          };
        }),
    }))
    .filter((series) => series.points.length > 0);
}
