import { determinant, HapaxError, transform } from "@hapax/base";
import type { Registration } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { originOfFile } from "./origin.ts";

type Matrix = readonly [readonly number[], readonly number[], readonly number[]];
const identity: Matrix = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];

/**
 * The maps of a Spatial Registration object: each takes points of its own frame of reference to the registered one
 * (PS3.3 C.20.2.1.1). The registered frame's own identity is left out.
 *
 * @throws dicom/registration-deformable for a field of vectors; dicom/registration-matrix for one that is no affine map
 */
export function readRegistration(file: DicomFile): Registration[] {
  const { data, name } = file;
  if (data.items(tags.DeformableRegistrationSequence).length > 0) {
    throw new HapaxError("dicom/registration-deformable", `${name} is a deformable registration.`, "It is not used; give a rigid registration, or sum doses in the planning system that made it.");
  }
  const to = data.text(tags.FrameOfReferenceUID);
  if (to === undefined) {
    throw new HapaxError("dicom/frame-of-reference-missing", `${name} does not say to which frame of reference it registers.`, "Export the registration again.");
  }
  const read = data.items(tags.RegistrationSequence).map((item) => ({ from: item.text(tags.FrameOfReferenceUID), rows: matrixOf(item, name) }));
  const own = read.find(({ from, rows }) => from === to && rows.some((row, i) => row.some((x, j) => Math.abs(x - ((identity[i] as readonly number[])[j] as number)) > 1e-6)));
  if (own !== undefined) {
    throw new HapaxError("dicom/registration-matrix", `${name} moves the frame of reference to which it registers.`, "That contradicts itself; export the registration again.");
  }
  if (!read.some(({ from }) => from !== undefined && from !== to)) {
    throw new HapaxError("dicom/registration-empty", `${name} links no other frame of reference to its own.`, "Export the registration again.");
  }
  return read
    .filter(({ from }) => from !== undefined && from !== to)
    .map(({ from, rows }) => ({ ...originOfFile(file, data.text(tags.ContentDescription) ?? data.text(tags.ContentLabel) ?? "registration"), from: from as string, to, rows }));
}

/** All matrices of an item, applied in their order. */
function matrixOf(item: DataSet, name: string): Matrix {
  const matrices = item.items(tags.MatrixRegistrationSequence).flatMap((one) => one.items(tags.MatrixSequence));
  return matrices.reduce<Matrix>((before, matrix) => product(affineOf(matrix, name), before), identity);
}

function affineOf(matrix: DataSet, name: string): Matrix {
  const m = matrix.numbers(tags.FrameOfReferenceTransformationMatrix);
  const last = m.slice(12);
  if (m.length !== 16 || Math.abs((last[0] as number)) + Math.abs(last[1] as number) + Math.abs(last[2] as number) + Math.abs((last[3] as number) - 1) > 1e-6) {
    throw new HapaxError("dicom/registration-matrix", `${name} has a matrix of ${m.length} numbers${m.length === 16 ? ` whose last row is ${last.join(" ")}` : ""}.`, "A registration has 16 numbers, the last row 0 0 0 1; export it again.");
  }
  const rows: Matrix = [m.slice(0, 4), m.slice(4, 8), m.slice(8, 12)];
  const grows = determinant(transform(rows as unknown as Parameters<typeof transform>[0]));
  if (!(grows > 1e-3)) {
    throw new HapaxError("dicom/registration-matrix", `${name} has a matrix that ${grows < -1e-3 ? "mirrors the patient" : "flattens the patient"} (determinant ${Number(grows.toPrecision(3))}).`, "No registration does that; export it again.");
  }
  return rows;
}

const product = (outer: Matrix, inner: Matrix): Matrix => {
  const row = (a: readonly number[]) => [0, 1, 2, 3].map((j) => [0, 1, 2].reduce((sum, k) => sum + (a[k] as number) * ((inner[k] as readonly number[])[j] as number), j === 3 ? (a[3] as number) : 0));
  return [row(outer[0]), row(outer[1]), row(outer[2])];
};
