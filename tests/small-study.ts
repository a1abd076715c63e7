import { gridOf, type Vec3, type Volume } from "@hapax/base";
import { dicomFile, instanceUidOf, seriesUidOf, uidOf, writeCtSeries, writePetSeries, writeRtDose, writeRtPlan, writeRtStruct, type Tree, type WriteContext, type WrittenFile } from "@hapax/dicom";

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

const courses = "two courses";
/** Where the tumor of `twoCourses` lies, LPS, mm. */
export const tumorOfTwoCourses: Vec3 = [-40, 0, 8];

/**
 * A made-up patient with two courses: CT and PET in one frame of reference, contours with a point and an open line, 60 Gy in
 * 30 to the patient's right and 30 Gy to the left, 20 Gy everywhere in a plan that does not say its fractions, the first
 * course computed again 1 Gy higher with its edge 20 mm off, and a later CT that a registration ties 30 mm further up.
 */
export function twoCourses(): WrittenFile[] {
  const of = (label: string): WriteContext => ({ patient: { id: "TWICE", name: "Twice", sex: "male", weightKg: 80, heightM: 1.8 }, seed: courses, label, date: label === "later" ? "2024-09-02" : "2024-03-07", synthetic: true });
  const [frame, laterFrame] = [uidOf(`${courses} frame`), uidOf(`${courses} later frame`)];
  const grid = gridOf({ size: [60, 44, 24], origin: [-118, -86, -46], spacing: [4, 4, 4], frameOfReference: frame });
  const scan = (at: typeof grid, value: number, unit: "HU" | "Bq/mL"): Volume => ({ grid: at, values: new Int16Array(60 * 44 * 24).fill(value), slope: 1, intercept: 0, unit });
  const doseGrid = gridOf({ size: [48, 36, 20], origin: [-117.5, -87.5, -47.5], spacing: [5, 5, 5], frameOfReference: frame });
  const dose = (label: string, gray: (x: number) => number, planUid?: string) =>
    writeRtDose({ grid: doseGrid, values: new Float32Array(48 * 36 * 20).map((_, i) => gray(-117.5 + 5 * (i % 48))), slope: 1, intercept: 0, unit: "Gy" }, of(label), { comment: label, ...(planUid !== undefined && { planUid }) });
  const square = (x: number, half: number, z: number) => Float64Array.of(x - half, -half, z, x + half, -half, z, x + half, half, z, x - half, half, z);
  const column = (x: number, half: number, from: number, count: number) => Array.from({ length: count }, (_, i) => ({ type: "CLOSED_PLANAR" as const, points: square(x, half, from + 4 * i) }));
  const [tx, ty, tz] = tumorOfTwoCourses;
  const structures = [
    { number: 1, name: "GTVp", type: "GTV", contours: column(tx, 12, tz - 12, 7) },
    { number: 2, name: "SpinalCord", type: "ORGAN", contours: column(-80, 6, -38, 20) },
    { number: 3, name: "Isocenter", type: "ISOCENTER", contours: [{ type: "POINT" as const, points: Float64Array.of(tx + 30, ty, tz) }] },
    { number: 4, name: "Wire", type: "MARKER", contours: [{ type: "OPEN_PLANAR" as const, points: Float64Array.of(60, -40, tz, 60, 40, tz) }] },
  ];
  const structureSetUid = uidOf(`${courses} RTSTRUCT first 1`);
  const plan = (label: string, targetGy: number, fractions?: number) => writeRtPlan({ structureSetUid, prescriptions: [{ structure: 1, role: "TARGET", targetGy }], beams: [], intent: "CURATIVE", ...(fractions !== undefined && { fractions }) }, of(label));
  const files = [
    ...writeCtSeries(scan(grid, 30, "HU"), of("first")),
    ...writePetSeries(scan(grid, 9000, "Bq/mL"), of("uptake"), { injectedBq: 3e8, halfLifeS: 6586, waitS: 3600, name: "Fluorodeoxyglucose" }),
    ...writeCtSeries(scan({ ...grid, frameOfReference: laterFrame }, 60, "HU"), of("later")),
    writeRtStruct({ frameOfReference: frame, structures }, of("first")),
    plan("first", 60, 30),
    plan("second", 20),
    dose("first", (x) => (x < 0 ? 60 : 30), uidOf(`${courses} RTPLAN first 1`)),
    dose("second", () => 20, uidOf(`${courses} RTPLAN second 1`)),
    dose("again", (x) => (x < 20 ? 61 : 31)),
    registrationFile(of("registration"), laterFrame, frame, [0, 0, 30]),
  ];
  return files.map((file, i) => ({ ...file, name: `${i}.dcm` }));
}

/** A registration object that shifts points of one frame of reference into another. */
function registrationFile(context: WriteContext, from: string, to: string, [x, y, z]: Vec3): WrittenFile {
  const item = (frame: string, m: number[]): Tree => ({ FrameOfReferenceUID: frame, MatrixRegistrationSequence: [{ MatrixSequence: [{ FrameOfReferenceTransformationMatrix: m, FrameOfReferenceTransformationMatrixType: "RIGID" }] }] });
  const tree: Tree = {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.1", SOPInstanceUID: instanceUidOf(context, "REG", 1), Modality: "REG",
    PatientID: context.patient.id, PatientName: context.patient.name, StudyInstanceUID: uidOf(`${context.seed} study`), SeriesInstanceUID: seriesUidOf(context, "REG"),
    ContentLabel: "BONES", ContentDescription: "matched on bones", FrameOfReferenceUID: to,
    RegistrationSequence: [item(to, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), item(from, [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1])],
  };
  return { name: "REG.dcm", bytes: dicomFile(tree) };
}
