import type { CaseRecord, Entry, EntryOf } from "@hapax/case";
import type { MeasuredAxis } from "./drawing.ts";
import type { PlaneName } from "./view-axes.ts";
import type { Study } from "./studies.ts";
import type { SeriesInfo } from "./scan-summary.ts";

/** What is kept of a measurement. */
export interface NewMeasurement {
  readonly lesion: string;
  readonly axes: readonly MeasuredAxis[];
  /** Undefined for a volume, which lies in none. */
  readonly plane: PlaneName | undefined;
  /** What else was measured, in words: values of a region, a volume. */
  readonly note: string | undefined;
}

const modalities = { CT: "CT", MR: "MR", PT: "PET/CT", other: "other" } as const;
const methods = { CT: "CT", MR: "MR", PT: "PET/CT", other: "CT" } as const;
export const syntheticNote = "Measured on a synthetic phantom, not on a scan of the patient.";

/** Why a series gives no measurement of the case; undefined where it does. */
export const unmeasurable = ({ modality }: SeriesInfo): string | undefined => (modality === "other" ? "The files do not say by which method these images were made." : undefined);

/**
 * A record with one more measurement, on the imaging entry that its series belongs to; where the record has none, one
 * is made, and says no more than the files do.
 */
export function withMeasurement(record: CaseRecord, { series, imaging }: Pick<Study, "series" | "imaging">, { lesion, axes, plane, note }: NewMeasurement): { readonly record: CaseRecord; readonly id: string } {
  const taken = new Set(record.entries.map((e) => e.id));
  const found = record.entries.find((e): e is EntryOf<"imaging"> => e.kind === "imaging" && (e.series?.includes(series.uid) === true || e.id === imaging?.id));
  const study = found ?? imagingOf(series, freeId(`${series.modality.toLowerCase()}-scan`, taken));
  const words = [note, series.synthetic ? syntheticNote : undefined].filter((part) => part !== undefined).join(" ");
  const measurement: EntryOf<"measurement"> = {
    kind: "measurement",
    id: freeId(`size-${lesion}`, taken),
    state: "recorded",
    lesion,
    study: study.id,
    method: methods[series.modality],
    diameters: axes.map(({ mm }) => ({ value: Math.round(mm) / 10, unit: "cm" })),
    plane: plane === undefined ? { state: "not recorded" } : { state: "recorded", value: plane },
    drawn: { series: series.uid, points: axes.flatMap(({ from, to }) => [from, to]).map(([x, y, z]) => [tenths(x), tenths(y), tenths(z)]) },
    ...(study.when === undefined ? {} : { when: study.when }),
    ...(words === "" ? {} : { note: words }),
  };
  const tied: EntryOf<"imaging"> = study.series?.includes(series.uid) === true ? study : { ...study, series: [...(study.series ?? []), series.uid] };
  const entries: Entry[] = [...(found === undefined ? [...record.entries, tied] : record.entries.map((e) => (e.id === tied.id ? tied : e))), measurement];
  return { record: { ...record, entries }, id: measurement.id };
}

function imagingOf(series: SeriesInfo, id: string): EntryOf<"imaging"> {
  return {
    kind: "imaging",
    id,
    state: "recorded",
    modality: modalities[series.modality],
    region: series.bodyPart ?? (series.description || "Region not in the files"),
    series: [series.uid],
    ...(series.date === undefined ? {} : { when: { date: series.date } }),
  };
}

const tenths = (mm: number): number => Math.round(mm * 10) / 10;

function freeId(stem: string, taken: Set<string>): string {
  const short = stem.slice(0, 70);
  for (let n = 1; ; n++) {
    const id = `${short}-${n}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
