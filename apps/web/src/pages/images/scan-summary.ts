import type { DoseGrid, Registration, ScanOrigin, ScanPatient, ScanPicture, ScanSeries, Structure, StructureSet, TreatmentPlan } from "@hapax/case";

export type { ScanPatient };

/** A problem of a file, as the server tells it. */
export interface ToldProblem {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}

type Told<T extends ScanOrigin> = Omit<T, "volume" | "pixels" | "problems" | "files"> & { readonly files: number; readonly problems: readonly ToldProblem[] };

/** A grid as JSON has it. */
export interface GridInfo {
  readonly size: readonly number[];
  /** Of `patientFromVoxel`, mm. */
  readonly rows: readonly (readonly number[])[];
  readonly frameOfReference: string;
}

export type SeriesInfo = Omit<Told<ScanSeries>, "grid"> & { readonly grid?: GridInfo };
export type DoseInfo = Omit<Told<DoseGrid>, "grid"> & { readonly grid: GridInfo };
export type PlanInfo = Told<TreatmentPlan>;
export type RegistrationInfo = Told<Registration>;
export type PictureInfo = Told<ScanPicture>;
/** A structure without its contours, and how many it has. */
export interface StructureInfo extends Omit<Structure, "contours"> {
  readonly contours: number;
}
export type StructureSetInfo = Told<Omit<StructureSet, "structures">> & { readonly structures: readonly StructureInfo[] };

/** What lies in the archive of a case: everything but pixels and contours. */
export interface ScanSummary {
  readonly patient: ScanPatient;
  readonly series: readonly SeriesInfo[];
  readonly structureSets: readonly StructureSetInfo[];
  readonly plans: readonly PlanInfo[];
  readonly doses: readonly DoseInfo[];
  readonly registrations: readonly RegistrationInfo[];
  readonly pictures: readonly PictureInfo[];
  readonly problems: readonly ToldProblem[];
  /** How far the scans of a phantom are, while they are being made. */
  readonly preparing?: { readonly step: string; readonly done: number; readonly of: number };
}
