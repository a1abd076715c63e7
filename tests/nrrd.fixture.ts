import { gunzipSync } from "node:zlib";
import { transform, type Vec3, type Volume, type VolumeUnit } from "@hapax/base";

/** The few words of an NRRD header that a baseline needs. */
const endOfHeader = "\n\n";

/**
 * A volume of an NRRD file in LPS (Slicer's baselines): three dimensions, little endian, raw or gzip.
 *
 * NRRD has no frame of reference: the caller names one.
 */
export function readNrrd(bytes: Uint8Array, unit: VolumeUnit = "Gy", frameOfReference = "slicer"): Volume<Float32Array> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1 << 16)).toString("latin1");
  const end = head.indexOf(endOfHeader);
  const fields = new Map(head.slice(0, end).split("\n").filter((line) => !line.startsWith("#")).map((line) => line.split(/:=?\s*/, 2) as [string, string]));
  const field = (name: string) => fields.get(name) ?? fail(`has no ${name}`);
  if (field("space") !== "left-posterior-superior") fail(`is in ${field("space")}`);
  const size = vector(field("sizes"));
  const [x, y, z] = (field("space directions").match(/\([^)]*\)/g) ?? []).map(vector) as [Vec3, Vec3, Vec3];
  const origin = vector(field("space origin"));
  const row = (i: 0 | 1 | 2) => [x[i], y[i], z[i], origin[i]] as const;
  const raw = bytes.subarray(end + endOfHeader.length);
  const values = valuesOf(field("type"), field("encoding") === "raw" ? raw : gunzipSync(raw));
  if (values.length !== size[0] * size[1] * size[2]) fail(`has ${values.length} values for ${field("sizes")}`);
  return { grid: { size, patientFromVoxel: transform([row(0), row(1), row(2)]), frameOfReference }, values, slope: 1, intercept: 0, unit };
}

function valuesOf(type: string, bytes: Uint8Array): Float32Array {
  const copy = Uint8Array.from(bytes).buffer;
  if (type === "float") return new Float32Array(copy);
  if (type === "double") return Float32Array.from(new Float64Array(copy));
  if (type === "short" || type === "int16") return Float32Array.from(new Int16Array(copy));
  if (type === "int" || type === "int32") return Float32Array.from(new Int32Array(copy));
  if (type === "unsigned char" || type === "uint8") return Float32Array.from(new Uint8Array(copy));
  return fail(`has values of type ${type}`);
}

function vector(text: string): Vec3 {
  return (text.match(/[-+.\deE]+/g) ?? []).map(Number) as unknown as Vec3;
}

function fail(what: string): never {
  throw new Error(`The NRRD file ${what}.`);
}
