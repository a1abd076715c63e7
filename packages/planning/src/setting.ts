import type { PatientPosition, Vec3, Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { Machine, Medium } from "@hapax/dose";
import type { Crew } from "@hapax/kernels";
import type { PlanningProgress } from "./plan-made.ts";
import type { PlanRequest } from "./request.ts";

/** A dose given before, already in the frame of the planning scan. */
export interface EarlierDose {
  readonly label: string;
  /** SOPInstanceUID of the file that it came from; undefined where it comes from none. */
  readonly uid?: string;
  /** Gy of all its fractions. */
  readonly dose: Volume<Float32Array>;
}

/** What a plan is made on. */
export interface PlanningScan {
  readonly ct: Volume;
  readonly structures: readonly Structure[];
  readonly patientPosition: PatientPosition;
  readonly uids: { readonly ct: string; readonly structureSet: string };
  readonly synthetic: boolean;
  readonly earlier?: readonly EarlierDose[];
}

/** How planning is done, watched and ended. */
export interface PlanningWork {
  readonly crew: Crew;
  /** Such as "Hapax 0.1.0". */
  readonly engine: string;
  /** Discards everything. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the optimization where it is; what was found is sequenced, calculated and returned. */
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PlanningProgress) => void) | undefined;
}

/** A structure on the dose grid. */
export interface Region {
  readonly name: string;
  readonly structure: Structure;
  /** Voxels of the dose grid that it has a part of, rising. */
  readonly voxels: Int32Array;
  /** Part of each that lies inside, above 0 to 1. */
  readonly parts: Float32Array;
  readonly volumeCc: number;
}

/** A request brought onto the dose grid. */
export interface Setting {
  readonly request: PlanRequest;
  readonly scan: PlanningScan;
  readonly medium: Medium;
  readonly machine: Machine;
  readonly patientPosition: PatientPosition;
  readonly isocenter: Vec3;
  /** Every drawn structure with a volume, by name. */
  readonly regions: ReadonlyMap<string, Region>;
  /** Targets of the prescriptions, in their order. */
  readonly targets: readonly (Region & { readonly doseGy: number })[];
  /** EXTERNAL; undefined where it is not drawn. */
  readonly body?: Region;
  /** Voxels within the body. */
  readonly bodyVoxels: Int32Array;
}
