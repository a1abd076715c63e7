import { determinant, HapaxError, type Transform } from "@hapax/base";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, rounded, writableUid, type WriteContext } from "./context.ts";
import type { WrittenFile } from "./write-images.ts";

const REGISTRATION = "1.2.840.10008.5.1.4.1.1.66.1";

/** A rigid registration to be written. */
export interface WrittenRegistration {
  /** FrameOfReferenceUID of the points that are moved. */
  readonly from: string;
  /** FrameOfReferenceUID that they are taken to, which the object is in. */
  readonly to: string;
  /** Takes points of `from` to `to`, LPS, mm. */
  readonly map: Transform<"patient", "patient">;
  /** What it rests on; ContentDescription, which readers show. 64 characters. */
  readonly because: string;
}

/** How far the columns may be from an orthonormal frame. */
const tolerance = 1e-6;
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * A Spatial Registration of two frames of reference (PS3.3 A.39.1). The registered frame has its own identity beside the
 * other's matrix, as PS3.3 C.20.2.1 asks for.
 *
 * @throws dicom/registration-matrix for a map that is not rigid, dicom/registration-empty from a frame to itself; dicom/uid
 */
export function writeRegistration({ from, to, map, because }: WrittenRegistration, context: WriteContext): WrittenFile {
  requireRigid(map);
  if (from === to) throw new HapaxError("dicom/registration-empty", `A registration was to be written from the frame of reference ${from} to itself.`, "Give two frames of reference.");
  const { date, time } = momentOf(context);
  const matrix = [...map.rows.flat(), 0, 0, 0, 1];
  const tree: Tree = {
    ...commonOf(context, "REG", REGISTRATION),
    // Enhanced General Equipment asks for a serial number, and a program has none.
    DeviceSerialNumber: "none",
    FrameOfReferenceUID: writableUid(to, "The registered frame of reference"),
    PositionReferenceIndicator: "",
    ContentDate: date,
    ContentTime: time,
    ContentLabel: "RIGID",
    ContentDescription: because.slice(0, 64),
    ContentCreatorName: "",
    RegistrationSequence: [itemOf(to, identity), itemOf(writableUid(from, "The frame of reference that is moved"), rounded(matrix, 10))],
  };
  return { name: "REG.dcm", bytes: dicomFile(tree) };
}

const itemOf = (frame: string, matrix: readonly number[]): Tree => ({
  FrameOfReferenceUID: frame,
  MatrixRegistrationSequence: [{
    RegistrationTypeCodeSequence: [],
    MatrixSequence: [{ FrameOfReferenceTransformationMatrix: matrix, FrameOfReferenceTransformationMatrixType: "RIGID" }],
  }],
});

function requireRigid({ rows }: Transform<"patient", "patient">): void {
  const column = (j: 0 | 1 | 2) => rows.map((row) => row[j]);
  const product = (i: 0 | 1 | 2, j: 0 | 1 | 2) => column(i).reduce((sum, x, k) => sum + x * (column(j)[k] as number), 0);
  const off = ([[0, 0], [1, 1], [2, 2], [0, 1], [0, 2], [1, 2]] as const).map(([i, j]) => Math.abs(product(i, j) - (i === j ? 1 : 0)));
  if (Math.max(...off) <= tolerance && determinant({ rows }) > 0 && rows.every((row) => Number.isFinite(row[3]))) return;
  throw new HapaxError("dicom/registration-matrix", `A registration was to be written whose map is not rigid: ${rows.map((row) => row.join(" ")).join(" / ")}.`, "Give a rotation and a shift.");
}
