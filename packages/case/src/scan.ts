import type { Grid, HapaxError, Vec3, Volume } from "@hapax/base";

/** What the scanner, the contouring station and the planning system left of a patient, as read from DICOM. */
export interface Scans {
  readonly patient: ScanPatient;
  readonly series: readonly ScanSeries[];
  readonly structureSets: readonly StructureSet[];
  readonly plans: readonly TreatmentPlan[];
  readonly doses: readonly DoseGrid[];
  readonly registrations: readonly Registration[];
  readonly pictures: readonly ScanPicture[];
  /** Everything met that is not as the standard has it; files that could not be read at all are here too. */
  readonly problems: readonly HapaxError[];
}

/** Only what a case may keep; names stay in the files. Undefined is not recorded. */
export interface ScanPatient {
  readonly id?: string;
  readonly sex?: "male" | "female" | "other";
  readonly ageYears?: number;
  readonly weightKg?: number;
  readonly heightM?: number;
  /** PatientID of all files, where they differ: one case must not hold two patients unseen. */
  readonly ids: readonly string[];
}

/** Where an instance comes from. */
export interface ScanOrigin {
  /** SOPInstanceUID of the object, or SeriesInstanceUID of a series. */
  readonly uid: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Names of the files. */
  readonly files: readonly string[];
  readonly label: string;
  /** Study or series date, ISO 8601; undefined is not recorded. */
  readonly date?: string;
  /** True where the file says that it is no scan of a person (our own phantom, marked SYNTHETIC). */
  readonly synthetic: boolean;
  readonly problems: readonly HapaxError[];
}

export type ScanModality = "CT" | "MR" | "PT" | "other";

/**
 * How the slices of a series lie in space, judged before any picture.
 *
 * `regular` one distance, one orientation · `missing slices` a whole number of steps is left out · `variable spacing`
 * distances that no one step explains · `sheared` the slices are not stacked along their normal (gantry tilt) ·
 * `duplicates` two slices in one place · `several orientations` · `single` one slice · `localizer` a scout view.
 */
export type GeometryClass = "regular" | "missing slices" | "variable spacing" | "sheared" | "duplicates" | "several orientations" | "single" | "localizer";

export interface SeriesGeometry {
  /** Every class that holds; `regular` stands alone. */
  readonly classes: readonly GeometryClass[];
  /** What is done about it, in words a radiographer understands. */
  readonly notice?: string;
  /** Shown as it is, resampled onto a regular grid with the notice, or refused with it. */
  readonly shown: "as it is" | "resampled" | "refused";
  /** Positions of the slices along their normal, mm, in order. */
  readonly positionsMm: readonly number[];
}

/** A series of images in one frame of reference. */
export interface ScanSeries extends ScanOrigin {
  readonly modality: ScanModality;
  readonly description: string;
  readonly bodyPart?: string;
  readonly frameOfReference: string;
  /** PatientPosition: HFS, HFP, FFS, … ; the patient frame already accounts for it. */
  readonly patientPosition?: string;
  readonly sliceThicknessMm?: number;
  readonly geometry: SeriesGeometry;
  /** The grid of its volume; undefined where the series is refused. */
  readonly grid?: Grid;
  /** Decodes the pixels. @throws dicom/… where they cannot be had truly */
  volume(): Promise<Volume>;
}

export type ContourType = "CLOSED_PLANAR" | "OPEN_PLANAR" | "POINT" | "CLOSEDPLANAR_XOR" | "OPEN_NONPLANAR";

export interface Contour {
  readonly type: ContourType;
  /** x, y, z of each point, LPS, mm. */
  readonly points: Float64Array;
}

export interface Structure {
  /** ROINumber. */
  readonly number: number;
  /** ROIName as in the file. */
  readonly name: string;
  /** RTROIInterpretedType: PTV, CTV, GTV, ORGAN, EXTERNAL, … ; undefined is not recorded. */
  readonly type?: string;
  /** ROIDisplayColor, `#rrggbb`. */
  readonly color?: string;
  /** Empty for a structure that is named and not drawn. */
  readonly contours: readonly Contour[];
}

export interface StructureSet extends ScanOrigin {
  readonly frameOfReference: string;
  /** SeriesInstanceUID of the images it was drawn on. */
  readonly referencedSeries?: string;
  readonly structures: readonly Structure[];
}

/** Absorbed dose on a grid, Gy. */
export interface DoseGrid extends ScanOrigin {
  /** PHYSICAL, EFFECTIVE or ERROR. */
  readonly type: string;
  /** PLAN, FRACTION, BEAM, MULTI_PLAN, …: what it is the dose of. */
  readonly summation: string;
  readonly planUid?: string;
  readonly comment?: string;
  /** ImageComments: what it was made with, where a program says so. */
  readonly notes?: string;
  readonly grid: Grid;
  /** Float32 in Gy, slope 1. @throws dicom/… where the pixels cannot be had truly */
  volume(): Promise<Volume<Float32Array>>;
}

export interface PlanPrescription {
  /** ROINumber it refers to; undefined where the dose is to a point or to coordinates. */
  readonly structure?: number;
  readonly description?: string;
  /** TARGET or ORGAN_AT_RISK. */
  readonly role: string;
  /** Gy over the whole plan; undefined is not recorded. */
  readonly targetGy?: number;
  readonly minimumGy?: number;
  readonly maximumGy?: number;
}

/** A pair of jaws or a bank of leaves at one control point, mm in the collimator frame at the isocenter. */
export interface BeamLimits {
  /** Jaws: X1, X2, Y1, Y2; undefined where the plan has none in that direction. */
  readonly x?: readonly [number, number];
  readonly y?: readonly [number, number];
  /** Positions of leaves of bank 1 then bank 2. */
  readonly leaves?: readonly number[];
}

export interface ControlPoint {
  /** Share of the beam's meterset delivered before this point, 0 to 1. */
  readonly metersetShare: number;
  /** IEC 61217, degrees. */
  readonly gantryDeg: number;
  readonly collimatorDeg: number;
  readonly couchDeg: number;
  /** LPS, mm. */
  readonly isocenter: Vec3;
  readonly limits: BeamLimits;
}

/** A block on its tray, as cut. */
export interface PlanBlock {
  /** SHIELDING covers the inside of its outline, APERTURE all but the inside. */
  readonly type: "SHIELDING" | "APERTURE";
  /** Corners x, y, mm at the isocenter in the collimator frame. */
  readonly outlineMm: readonly (readonly [number, number])[];
  /** Share of the beam that passes it; undefined is not recorded. */
  readonly transmission?: number;
}

export interface PlanBeam {
  readonly number: number;
  readonly name: string;
  /** STATIC or DYNAMIC. */
  readonly type: string;
  /** PHOTON, ELECTRON, PROTON, … */
  readonly radiation: string;
  readonly machine?: string;
  readonly energyMv?: number;
  /** Source–axis distance, mm. */
  readonly sadMm: number;
  /** Monitor units of one fraction; undefined is not recorded. */
  readonly meterset?: number;
  /** Edges of the leaf pairs, mm at the isocenter; n pairs have n + 1. */
  readonly leafEdges?: readonly number[];
  /** Whether the leaves move along collimator x (MLCX) or y (MLCY). */
  readonly leafAxis?: "x" | "y";
  readonly blocks?: readonly PlanBlock[];
  /** What else stands in the beam, as "wedge of 30 degrees", "compensator", "bolus"; left out, nothing does. */
  readonly modifiers?: readonly string[];
  readonly controlPoints: readonly ControlPoint[];
}

export interface TreatmentPlan extends ScanOrigin {
  readonly intent?: string;
  readonly structureSetUid?: string;
  readonly prescriptions: readonly PlanPrescription[];
  /** Fractions planned; undefined is not recorded. A plan is no proof that it was given. */
  readonly fractions?: number;
  readonly beams: readonly PlanBeam[];
}

/** A rigid or affine spatial registration between two frames of reference. */
export interface Registration extends ScanOrigin {
  readonly from: string;
  readonly to: string;
  /** Rows of the matrix that takes points of `from` to `to`, mm. */
  readonly rows: readonly [readonly number[], readonly number[], readonly number[]];
}

/** A secondary capture or another image without a place in the patient: shown as a picture, never measured. */
export interface ScanPicture extends ScanOrigin {
  readonly width: number;
  readonly height: number;
  /** RGBA, width × height × 4. */
  pixels(): Promise<Uint8ClampedArray>;
}
