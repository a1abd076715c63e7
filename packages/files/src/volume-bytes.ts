import { HapaxError, transform, voxelCount, type Grid, type Vec3, type Volume, type VolumeUnit } from "@hapax/base";

/*
 * A volume as one run of bytes, little endian, for the way between server and page:
 * "HVOL", length of the head as u32, the head as JSON in UTF-8 and blanks up to a multiple of 8, then the values,
 * x fastest. Runs in the browser too.
 */

const magic = 0x4c4f5648;
const before = 8;
const kinds = { int16: Int16Array, uint16: Uint16Array, float32: Float32Array } as const;
type Kind = keyof typeof kinds;
const units: ReadonlySet<string> = new Set<VolumeUnit>(["HU", "Gy", "SUVbw", "SUVlbm", "Bq/mL", "%", ""]);

interface Head {
  readonly kind: Kind;
  readonly size: Vec3;
  /** Of `patientFromVoxel`, mm. */
  readonly rows: Grid["patientFromVoxel"]["rows"];
  readonly frameOfReference: string;
  readonly slope: number;
  readonly intercept: number;
  readonly unit: VolumeUnit;
}

/**
 * A volume as bytes.
 *
 * @throws files/volume when its values are not as many as its grid has voxels, or a number of its head is not finite
 */
export function volumeBytes({ grid, values, slope, intercept, unit }: Volume): Uint8Array<ArrayBuffer> {
  const rows = grid.patientFromVoxel.rows;
  if (values.length !== voxelCount(grid)) throw damaged(`The volume has ${values.length} values for ${voxelCount(grid)} voxels.`);
  if (![slope, intercept, ...rows.flat()].every(Number.isFinite)) throw damaged("The scale or the grid of the volume is not finite.");
  const head: Head = { kind: kindOf(values), size: grid.size, rows, frameOfReference: grid.frameOfReference, slope, intercept, unit };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = before + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + values.byteLength).fill(0x20, before, start);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, start - before, true);
  bytes.set(text, before);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return bytes;
}

/**
 * The volume that bytes hold. Its values lie in the same memory where their place allows it.
 *
 * @throws files/volume when they are not those of a volume, or not all of them are there
 */
export function volumeFrom(bytes: Uint8Array): Volume {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < before || view.getUint32(0, true) !== magic) throw damaged("The bytes do not begin as those of a volume.");
  const start = before + view.getUint32(4, true);
  if (start > bytes.length) throw damaged(`The head of the volume should end at byte ${start}; ${bytes.length} are there.`);
  const head = headOf(bytes.subarray(before, start));
  const grid = gridFrom(head);
  const kind = kinds[head.kind];
  const expected = voxelCount(grid) * kind.BYTES_PER_ELEMENT;
  if (bytes.length - start !== expected) throw damaged(`The volume should have ${expected} bytes of values; ${bytes.length - start} are there.`);
  const place = bytes.byteOffset + start;
  const values =
    place % kind.BYTES_PER_ELEMENT === 0 && bytes.buffer instanceof ArrayBuffer
      ? new kind(bytes.buffer, place, voxelCount(grid))
      : new kind(new Uint8Array(bytes.subarray(start)).buffer);
  return { grid, values, slope: head.slope, intercept: head.intercept, unit: head.unit };
}

function kindOf(values: Volume["values"]): Kind {
  if (values instanceof Int16Array) return "int16";
  return values instanceof Uint16Array ? "uint16" : "float32";
}

function headOf(bytes: Uint8Array): Head {
  let value: Partial<Head> | null;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Partial<Head> | null;
  } catch {
    throw damaged("The head of the volume is no JSON.");
  }
  const numbers = (given: unknown, count: number): boolean => Array.isArray(given) && given.length === count && given.every((n) => Number.isFinite(n));
  const whole =
    value !== null &&
    Object.hasOwn(kinds, value.kind ?? "") &&
    numbers(value.size, 3) &&
    (value.size as Vec3).every((n) => Number.isInteger(n) && n > 0) &&
    Array.isArray(value.rows) &&
    value.rows.length === 3 &&
    value.rows.every((row) => numbers(row, 4)) &&
    numbers([value.slope, value.intercept], 2) &&
    typeof value.frameOfReference === "string" &&
    units.has(value.unit ?? "none");
  if (!whole) throw damaged("The head of the volume is not as it should be.");
  return value as Head;
}

function gridFrom({ size, rows, frameOfReference }: Head): Grid {
  return { size, patientFromVoxel: transform(rows), frameOfReference };
}

function damaged(what: string): HapaxError {
  return new HapaxError("files/volume", what, "Load the images again; if it stays so, import the scans again.");
}
