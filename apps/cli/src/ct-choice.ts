import { HapaxError, type PatientPosition } from "@hapax/base";
import type { Scans, ScanSeries, StructureSet } from "@hapax/case";
import { readFile, tags, type FoundFile } from "@hapax/dicom";
import { theOne } from "./scans-from.ts";

/**
 * The CT: the one named, the one that the structures were drawn on, or the only one.
 *
 * @throws cli/ct where it is no volume; cli/not-in-file, cli/several
 */
export function ctSeries(scans: Scans, uid: string | undefined, set: StructureSet | undefined, where: string): ScanSeries {
  const all = scans.series.filter(({ modality }) => modality === "CT");
  const meant = uid ?? (all.some((one) => one.uid === set?.referencedSeries) ? set?.referencedSeries : undefined);
  const series = theOne({ ...scans, series: all }, "series", where, meant);
  if (series.grid === undefined) throw new HapaxError("cli/ct", `The CT ${series.label} is no volume. ${series.geometry.notice ?? ""}`.trim(), "Give the CT that the plan was made on.");
  return series;
}

/** How the patient lay. @throws cli/patient-position where the CT does not say it */
export function positionOf({ label, patientPosition }: ScanSeries): PatientPosition {
  if (patientPosition !== undefined && patientPosition !== "") return patientPosition as PatientPosition;
  throw new HapaxError("cli/patient-position", `The CT ${label} does not say how the patient lay.`, "Export it again with PatientPosition: without it no beam can be placed.");
}

/** Tube voltage of a series, kV. */
export function kvpOf({ files: [first] }: ScanSeries, files: readonly FoundFile[]): number | undefined {
  const file = files.find(({ name }) => name === first);
  return file === undefined ? undefined : readFile(file.bytes, file.name).data.number(tags.KVP);
}
