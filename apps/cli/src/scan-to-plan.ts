import type { Registration } from "@hapax/case";
import type { WriteContext } from "@hapax/dicom";
import type { PlanningScan } from "@hapax/planning";

/** A scan to plan on, and what files that are made of it say. */
export interface ScanToPlan {
  /** Without earlier doses. */
  readonly scan: PlanningScan;
  /** Patient, study and date of files that join its study. */
  readonly context: Omit<WriteContext, "seed" | "label">;
  /** The structure set as a file. */
  readonly structureFile: Uint8Array;
  /** PatientID of all its files. */
  readonly patientIds: readonly string[];
  readonly registrations: readonly Registration[];
  /** Density curve that is taken unless another is named; undefined where one must be. */
  readonly curve?: string;
  /** Tube voltage of the CT, kV. */
  readonly kvp?: number;
  /** Radiotherapy entry of the case that it was made for. */
  readonly course?: string;
  readonly notes: readonly string[];
}

/** Which of the scans are meant. */
export interface ScanToPlanChoice {
  /** Study of a phantom; left out, `fits` says which. */
  readonly study?: string | undefined;
  /** Whether a study of a phantom is the one to plan on, by the treatment whose volumes it has. */
  readonly fits: (treatment: string | undefined) => boolean;
  readonly series?: string | undefined;
  readonly set?: string | undefined;
  /** Told while a phantom is made. */
  readonly onProgress?: (share: number) => void;
}
