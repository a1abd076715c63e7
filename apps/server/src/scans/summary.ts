import { spacingOf, type Grid, type HapaxError } from "@hapax/base";
import type { DoseGrid, Registration, ScanOrigin, ScanPatient, ScanPicture, Scans, ScanSeries, SeriesGeometry, Structure, StructureSet, TreatmentPlan } from "@hapax/case";

/** A grid as JSON has it. */
export interface GridJson {
  readonly size: readonly number[];
  readonly spacingMm: readonly number[];
  /** Rows of `patientFromVoxel`, mm. */
  readonly rows: readonly (readonly number[])[];
  readonly frameOfReference: string;
}

type Told<T extends ScanOrigin, Left extends keyof T = never> = Omit<T, "files" | "problems" | "grid" | Left> & {
  /** How many files it is made of. */
  readonly files: number;
  readonly problems: readonly HapaxError[];
};

/** Scans without their pixels and contours. */
export interface ScanSummary {
  readonly patient: ScanPatient;
  readonly series: readonly (Told<ScanSeries, "volume"> & { readonly geometry: SeriesGeometry; readonly grid?: GridJson })[];
  readonly structureSets: readonly (Told<StructureSet, "structures"> & { readonly structures: readonly (Omit<Structure, "contours"> & { readonly contours: number })[] })[];
  readonly plans: readonly Told<TreatmentPlan>[];
  readonly doses: readonly (Told<DoseGrid, "volume"> & { readonly grid: GridJson })[];
  readonly registrations: readonly Told<Registration>[];
  readonly pictures: readonly Told<ScanPicture, "pixels">[];
  readonly problems: readonly HapaxError[];
}

export function summaryOf({ patient, problems, ...scans }: Scans): ScanSummary {
  return {
    patient,
    series: scans.series.map(({ files, volume, grid, ...one }) => ({ ...one, files: files.length, ...(grid === undefined ? {} : { grid: gridJson(grid) }) })),
    structureSets: scans.structureSets.map(({ files, structures, ...one }) => ({
      ...one,
      files: files.length,
      structures: structures.map(({ contours, ...structure }) => ({ ...structure, contours: contours.length })),
    })),
    plans: scans.plans.map(counted),
    doses: scans.doses.map(({ files, volume, grid, ...one }) => ({ ...one, files: files.length, grid: gridJson(grid) })),
    registrations: scans.registrations.map(counted),
    pictures: scans.pictures.map(({ files, pixels, ...one }) => ({ ...one, files: files.length })),
    problems,
  };
}

function counted<T extends ScanOrigin>({ files, ...one }: T): Told<T> {
  return { ...one, files: files.length } as Told<T>;
}

function gridJson(grid: Grid): GridJson {
  const { size, patientFromVoxel, frameOfReference } = grid;
  return { size, spacingMm: spacingOf(grid), rows: patientFromVoxel.rows, frameOfReference };
}
