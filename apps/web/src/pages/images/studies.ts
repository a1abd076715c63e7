import type { CaseRecord, CaseView, EntryOf } from "@hapax/case";
import type { ScanSummary, SeriesInfo } from "./scan-summary.ts";

/** A series as a reader chooses it: with the imaging entry and the time point that the record gives it. */
export interface Study {
  readonly series: SeriesInfo;
  readonly imaging: EntryOf<"imaging"> | undefined;
  readonly timePoint: string | undefined;
}

/** Every series of the archive that is known at the time of the view, in the order of its time points, then of its date. */
export function studiesOf({ series }: ScanSummary, view: CaseView, record: CaseRecord): Study[] {
  const imaging = view.all("imaging");
  const known = new Set(imaging.map((e) => e.id));
  const later = new Set(record.entries.flatMap((e) => (e.kind === "imaging" && !known.has(e.id) ? (e.series ?? []) : [])));
  const places = record.timePoints.map((t) => t.id);
  const last = view.asOf === undefined ? places.length : places.indexOf(view.asOf);
  const place = (s: Study) => (s.timePoint === undefined ? places.length : places.indexOf(s.timePoint));
  return series
    .filter(({ uid }) => !later.has(uid))
    .map((one): Study => {
      const entry = imaging.find((e) => e.series?.includes(one.uid));
      return { series: one, imaging: entry, timePoint: entry === undefined ? undefined : view.timePointOf(entry.id) };
    })
    .filter((s) => s.timePoint === undefined || place(s) <= last)
    .sort((a, b) => place(a) - place(b) || (a.series.date ?? "").localeCompare(b.series.date ?? ""));
}

/** The scans without the doses and structures of images that are known only later. */
export function knownWith(scans: ScanSummary, studies: readonly Study[]): ScanSummary {
  const known = new Set(studies.map(({ series }) => series.frameOfReference));
  const later = new Set(scans.series.map((one) => one.frameOfReference).filter((frame) => !known.has(frame)));
  return {
    ...scans,
    doses: scans.doses.filter(({ grid }) => !later.has(grid.frameOfReference)),
    structureSets: scans.structureSets.filter(({ frameOfReference }) => !later.has(frameOfReference)),
  };
}

/** The study that is opened first: the latest that can be shown, one with a dose or contours before others of its time. */
export function firstStudy(studies: readonly Study[], scans: ScanSummary): Study | undefined {
  const shown = studies.filter(({ series }) => series.geometry.shown !== "refused");
  const last = shown.at(-1);
  const among = last === undefined ? [] : shown.filter((s) => s.timePoint === last.timePoint);
  const weight = ({ series }: Study) =>
    (scans.doses.some((d) => d.grid.frameOfReference === series.frameOfReference) ? 4 : 0) +
    (scans.structureSets.some((s) => s.frameOfReference === series.frameOfReference) ? 2 : 0) +
    (series.modality === "CT" ? 1 : 0);
  return among.reduce<Study | undefined>((best, s) => (best === undefined || weight(s) > weight(best) ? s : best), undefined);
}

/** What a series is called where it is chosen: "CT Chest, axial". */
export const nameOf = ({ modality, description, bodyPart }: SeriesInfo): string =>
  [modality === "PT" ? "PET" : modality === "other" ? "Images" : modality, description.replace(/^SYNTHETIC (T\d+ )?/, "").replace(/^(CT|PET|PET\/CT|MR) /, "").split(";")[0] || bodyPart].filter((part) => part !== undefined && part !== "").join(" ");
