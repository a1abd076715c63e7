import { gridOf, type Volume } from "@hapax/base";
import { seriesUidOf, uidOf, writeCtSeries, writeRtDose, writeRtPlan, writeRtStruct, type WriteContext, type WrittenFile } from "@hapax/dicom";

export interface SmallStudy {
  readonly patient?: string;
  /** All UIDs come from it. */
  readonly seed?: string;
  readonly date?: string;
  readonly slices?: number;
  readonly weightKg?: number;
}

/** A made-up study: CT of 16 × 16 pixels of 4 mm every 3 mm, a cube as PTV_High, its plan and its dose. */
export function smallStudy({ patient = "P1", seed = "small", date = "2024-03-07", slices = 4, weightKg = 70 }: SmallStudy = {}): WrittenFile[] {
  const context: WriteContext = { patient: { id: patient, name: "Doe^Jane", sex: "female", weightKg, heightM: 1.7 }, seed, label: "chest", date, synthetic: false };
  const frameOfReference = uidOf(`${seed} frame`);
  const grid = gridOf({ size: [16, 16, slices], origin: [-30, -30, 0], spacing: [4, 4, 3], frameOfReference });
  const hu: Volume = { grid, values: new Int16Array(256 * slices).map((_, i) => (i % 16) * 10 - 1000), slope: 1, intercept: 0, unit: "HU" };
  const doseGrid = gridOf({ size: [8, 8, 3], origin: [-28.5, -28, 0.5], spacing: [8, 8, 4], frameOfReference });
  const gray: Volume = { grid: doseGrid, values: new Float32Array(192).map((_, i) => i / 3), slope: 1, intercept: 0, unit: "Gy" };
  const square = (z: number) => Float64Array.of(-10, -10, z, 10, -10, z, 10, 10, z, -10, 10, z);
  const structures = [
    { number: 1, name: "PTV_High", type: "PTV", color: "#ff0000", contours: [0, 3, 6].map((z) => ({ type: "CLOSED_PLANAR" as const, points: square(z) })) },
    { number: 2, name: "SpinalCord", type: "ORGAN", contours: [] },
  ];
  const structureSet = writeRtStruct({ frameOfReference, structures }, context);
  const structureSetUid = uidOf(`${seed} RTSTRUCT chest 1`);
  const plan = writeRtPlan({ structureSetUid, prescriptions: [{ structure: 1, role: "TARGET", targetGy: 66 }], fractions: 30, beams: [], intent: "CURATIVE" }, context);
  return [...writeCtSeries(hu, context), structureSet, plan, writeRtDose(gray, context, { planUid: uidOf(`${seed} RTPLAN chest 1`) })];
}

/** SeriesInstanceUID of the CT of a small study. */
export const seriesOfSmallStudy = (seed = "small"): string => seriesUidOf({ seed, label: "chest" } as WriteContext, "CT");
