import type { PatientPosition, Vec3, Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { ConeCount, DensityCurve, Machine } from "@hapax/dose";
import type { PlanInfo } from "./scan-summary.ts";

/** A plan that is calculated anew, and with what. */
export interface CalculationWork {
  readonly plan: PlanInfo;
  readonly ct: Volume;
  /** SeriesInstanceUID of the CT. */
  readonly series: string;
  readonly patientPosition: PatientPosition;
  readonly machine: string;
  readonly curve: string;
  readonly gridMm: number;
  readonly cones: ConeCount;
  /** EXTERNAL; left out, the body is found in the image. */
  readonly body?: Structure;
  readonly overrides: readonly { readonly structure: Structure; readonly density: number }[];
}

/** What the worker is told: to say what may be chosen, or to calculate. */
export type CalculationAsked = "choices" | CalculationWork;

/** What there is to calculate with. */
export interface CalculationChoices {
  readonly machines: readonly (Pick<Machine, "id" | "name" | "version" | "energyMv"> & { readonly kind: Machine["origin"]["kind"] })[];
  readonly curves: readonly Pick<DensityCurve, "id" | "name" | "source" | "verified">[];
}

/** How far it is. */
export interface CalculationProgress {
  /** 0 to 1. */
  readonly share: number;
  /** Place of the beam in the plan, from 1; undefined while densities are read from the CT. */
  readonly beam?: number;
  readonly of: number;
}

/** What a dose was made from, as a reader is told it. */
export interface DoseMaking {
  readonly machine: { readonly id: string; readonly name: string; readonly version: string };
  readonly curve: string;
  readonly cones: ConeCount;
  /** Distance of its voxels, and how many along each axis. */
  readonly gridMm: number;
  readonly size: Vec3;
  /** What it was calculated on: a graphics card by name, threads, or one thread in plain form. */
  readonly form: string;
  readonly seconds: number;
  readonly fractions: number;
  /** False where a beam has no monitor units: the dose is then for 1 MU of each beam. */
  readonly absolute: boolean;
  readonly beams: readonly { readonly number: number; readonly name: string; readonly mu?: number; readonly isocenterGy?: number }[];
  readonly notes: readonly string[];
}

export interface CalculationAnswer {
  /** SOPInstanceUID that its file has, when it is written. */
  readonly uid: string;
  /** All UIDs of its file come from it. */
  readonly seed: string;
  /** "calculated: generic-6mv, 72 cones, 2.5 mm" */
  readonly name: string;
  /** The plan that it is the dose of. */
  readonly plan: Pick<PlanInfo, "uid" | "studyUid" | "synthetic">;
  readonly dose: Volume<Float32Array>;
  readonly making: DoseMaking;
}
