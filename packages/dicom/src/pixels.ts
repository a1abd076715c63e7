import { HapaxError } from "@hapax/base";
import { codecFor, forgetCodecs, interleaved, type Decode } from "./codecs.ts";
import { codestreamOf, endsWhole, type Codestream } from "./codestream.ts";
import type { DataSet, DicomFile, Element, Tag } from "./data-set.ts";
import { nameOf, tags } from "./dictionary.ts";
import { Problems } from "./problems.ts";
import { decodeRle } from "./rle.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { swapped } from "./value-representations.ts";

/** Stored values of one frame, those of a pixel side by side, row after row. */
export type Samples = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Decoded pixels of a file; the values are as stored, before slope and intercept. */
export interface Frames {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Samples[];
  readonly samplesPerPixel: number;
  readonly signed: boolean;
  readonly bitsStored: number;
  /** PhotometricInterpretation of the decoded samples: a codec may have turned YBR into RGB. */
  readonly photometric: string;
  /** What to say of the pixels: lossy compression, for one. */
  readonly problems: readonly HapaxError[];
}

/** The pixel attributes of PS3.3 C.7.6.3. */
interface Description {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly samples: number;
  readonly allocated: number;
  readonly stored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly photometric: string;
  readonly planar: boolean;
}

/** Largest frame that is decoded: a slide of 20,000 × 20,000 is beyond it, every scan is not. */
const mostSamples = 2 ** 27;
/** Blank frames shrink about two thousandfold; beyond that a small file asks for a large memory. */
const mostShrinkage = 4000;

const resend = "The pixels are damaged; send the file again from its source.";

function needed(data: DataSet, tag: Tag, problems: Problems): number {
  const value = data.number(tag);
  if (value !== undefined && value > 0) return value;
  throw problems.error("dicom/pixel-description", `has pixels, and its ${nameOf(tag)} is ${value ?? "not recorded"}.`, "Export the file again; without it the picture cannot be laid out.");
}

function framesOf(data: DataSet, problems: Problems): number {
  const written = data.text(tags.NumberOfFrames);
  const frames = written === undefined ? 1 : data.number(tags.NumberOfFrames);
  if (frames !== undefined && frames > 0) return frames;
  throw problems.error("dicom/pixel-description", `has pixels, and its ${nameOf(tags.NumberOfFrames)} is “${written}”.`, "Export the file again; the frames cannot be told apart.");
}

function describe(data: DataSet, problems: Problems): Description {
  const allocated = needed(data, tags.BitsAllocated, problems);
  const stored = data.number(tags.BitsStored) ?? allocated;
  const highBit = data.number(tags.HighBit) ?? stored - 1;
  if (![1, 8, 16, 32, 64].includes(allocated) || stored < 1 || stored > allocated || highBit >= allocated || highBit < stored - 1) {
    throw problems.error("dicom/pixel-description", `has ${stored} bits stored in ${allocated}, the highest being bit ${highBit}.`, "Export the file again with 8, 16 or 32 bits.");
  }
  const samples = data.number(tags.SamplesPerPixel) ?? 1;
  if (samples !== 1 && samples !== 3) throw problems.error("dicom/pixel-description", `has ${samples} samples per pixel.`, "Export it as gray or as red, green and blue.");
  return {
    width: needed(data, tags.Columns, problems),
    height: needed(data, tags.Rows, problems),
    frames: framesOf(data, problems),
    samples,
    allocated,
    stored,
    highBit,
    signed: data.number(tags.PixelRepresentation) === 1,
    photometric: data.text(tags.PhotometricInterpretation) ?? "",
    planar: data.number(tags.PlanarConfiguration) === 1,
  };
}

/** Samples of the native bytes of one frame, in the byte order of this machine. */
function arrayOf(bytes: Uint8Array, allocated: number, signed: boolean): Samples {
  const buffer = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const count = bytes.length / (allocated / 8);
  const make = allocated === 8 ? (signed ? Int8Array : Uint8Array) : allocated === 16 ? (signed ? Int16Array : Uint16Array) : signed ? Int32Array : Uint32Array;
  return new make(buffer.buffer as ArrayBuffer, buffer.byteOffset, count);
}

/** Takes away what is not part of the value: bits above the highest or below the stored ones; the sign is spread. */
function justify(samples: Samples, allocated: number, stored: number, highBit: number, signed: boolean): void {
  if (stored === allocated || samples instanceof Float32Array || samples instanceof Float64Array) return;
  const up = 31 - highBit;
  const down = 32 - stored;
  if (signed) for (let i = 0; i < samples.length; i++) samples[i] = ((samples[i] as number) << up) >> down;
  else for (let i = 0; i < samples.length; i++) samples[i] = ((samples[i] as number) << up) >>> down;
}

const is422 = ({ photometric, samples, allocated }: Description) => samples === 3 && allocated === 8 && /_422$/.test(photometric);

/** Bytes that native pixels must have. */
function expectedBytes(d: Description): number {
  const samples = d.width * d.height * (is422(d) ? 2 : d.samples);
  return Math.ceil((samples * d.frames * d.allocated) / 8);
}

function checkLength(met: number, expected: number, what: string, problems: Problems): void {
  // A value of odd length is filled by one byte.
  if (met === expected || (expected % 2 === 1 && met === expected + 1)) return;
  throw problems.error("dicom/pixel-length", `has ${met} bytes of pixels, and its header asks for ${expected} (${what}).`, resend);
}

const layoutInWords = (d: Description) => `${d.width} × ${d.height} pixels, ${d.frames} frame${d.frames === 1 ? "" : "s"}, ${d.samples} × ${d.allocated} bits`;

/** Chroma of two neighbours given once, written to both. */
function upsampled(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 2) * 3);
  for (let i = 0, o = 0; i < bytes.length; i += 4, o += 6) {
    const [y1, y2, cb, cr] = bytes.subarray(i, i + 4) as unknown as [number, number, number, number];
    out.set([y1, cb, cr, y2, cb, cr], o);
  }
  return out;
}

function unpackedBits(bytes: Uint8Array, first: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => ((bytes[(first + i) >> 3] as number) >> ((first + i) & 7)) & 1);
}

function native({ bytes: raw, vr }: Element, littleEndian: boolean, d: Description, problems: Problems): Samples[] {
  const expected = expectedBytes(d);
  checkLength(raw.length, expected, layoutInWords(d), problems);
  // In big endian, words of 16 bits are turned even where they hold two samples of 8.
  const width = d.allocated > 8 ? d.allocated / 8 : vr === "OW" ? 2 : 1;
  const bytes = littleEndian || width === 1 ? raw : swapped(raw, width);
  const perFrame = expected / d.frames;
  return Array.from({ length: d.frames }, (_, f) => {
    const count = d.width * d.height * d.samples;
    if (d.allocated === 1) return unpackedBits(bytes, f * count, count);
    const own = bytes.slice(f * perFrame, (f + 1) * perFrame);
    const side = is422(d) ? upsampled(own) : d.planar && d.samples > 1 ? interleaved(own, d.samples, d.allocated / 8) : own;
    const samples = arrayOf(side, d.allocated, d.signed);
    justify(samples, d.allocated, d.stored, d.highBit, d.signed);
    return samples;
  });
}

const floatBytes = ({ tag }: Element) => (tag === tags.DoubleFloatPixelData ? 8 : 4);

function checkFloating(element: Element, data: DataSet, problems: Problems): void {
  const [width, height, frames] = [needed(data, tags.Columns, problems), needed(data, tags.Rows, problems), framesOf(data, problems)];
  const size = floatBytes(element);
  checkLength(element.bytes.length, width * height * frames * size, `${width} × ${height} pixels, ${frames} frames of ${size * 8} bits`, problems);
}

/** Float and double pixels, as parametric maps have them. */
function floating(element: Element, littleEndian: boolean, data: DataSet, problems: Problems): Frames {
  checkFloating(element, data, problems);
  const [width, height, frames] = [needed(data, tags.Columns, problems), needed(data, tags.Rows, problems), framesOf(data, problems)];
  const size = floatBytes(element);
  const bytes = littleEndian ? element.bytes.slice() : swapped(element.bytes, size);
  const make = size === 8 ? Float64Array : Float32Array;
  const list = Array.from({ length: frames }, (_, f) => new make(bytes.buffer as ArrayBuffer, bytes.byteOffset + f * width * height * size, width * height));
  return { width, height, frames: list, samplesPerPixel: 1, signed: true, bitsStored: size * 8, photometric: data.text(tags.PhotometricInterpretation) ?? "", problems: problems.list };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Where each frame begins, in bytes from the first item after the offset table. */
function offsetsOf(table: Uint8Array, data: DataSet): readonly number[] {
  const extended = data.numbers(tags.ExtendedOffsetTable);
  if (extended.length > 0) return extended;
  if (table.length % 4 !== 0) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  return Array.from({ length: table.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

/** Fragments gathered into frames: one each, by the offset table, or by the marker that begins a picture. */
function framePieces(fragments: readonly Uint8Array[], data: DataSet, frames: number, problems: Problems): Uint8Array[] {
  const [table = new Uint8Array(0), ...pieces] = fragments;
  if (frames === 1 && pieces.length > 0) return [joined(pieces)];
  if (pieces.length === frames) return pieces;
  const offsets = offsetsOf(table, data);
  const starts = new Set<number>();
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const begins = offsets.length === frames ? offsets.includes(at) : piece[0] === 0xff && (piece[1] === 0xd8 || piece[1] === 0x4f);
    if (begins) starts.add(i);
    at += 8 + piece.length;
  }
  const bounds = [...starts, pieces.length];
  if (starts.size !== frames || !starts.has(0)) {
    throw problems.error("dicom/pixel-frames", `has ${pieces.length} pieces of compressed pixels that cannot be told apart into ${frames} frames.`, resend);
  }
  return Array.from({ length: frames }, (_, f) => joined(pieces.slice(bounds[f], bounds[f + 1])));
}

function checkMemory(d: Description, bytes: number, problems: Problems): void {
  const samples = d.width * d.height * d.samples;
  if (samples <= mostSamples && samples <= bytes * mostShrinkage) return;
  throw problems.error("dicom/pixel-size", `says that ${bytes} compressed bytes hold ${d.width} × ${d.height} pixels.`, "The file is damaged or hostile; it is not decoded.");
}

function rleFrame(piece: Uint8Array, d: Description, frame: number, problems: Problems): Samples {
  const bytes = decodeRle(piece, d.width * d.height, d.samples, d.allocated / 8);
  if (bytes === undefined) {
    throw problems.error("dicom/pixel-length", `has RLE segments in frame ${frame + 1} that do not give ${d.width} × ${d.height} pixels of ${d.samples} × ${d.allocated} bits.`, resend);
  }
  const samples = arrayOf(bytes, d.allocated, d.signed);
  justify(samples, d.allocated, d.stored, d.highBit, d.signed);
  return samples;
}

/** The codec of a compressed frame, whose own header says what that of the file says. */
function codecOf(piece: Uint8Array, d: Description, frame: number, transferSyntax: string, problems: Problems): { decode: Decode; header: Codestream } {
  const header = codestreamOf(piece);
  if (header === undefined) throw problems.error("dicom/pixel-codec", `has compressed pixels in frame ${frame + 1} (${transferSyntax}) that begin no JPEG, JPEG-LS or JPEG 2000 picture.`, "Export it uncompressed.");
  const decode = codecFor(header);
  if (decode === undefined) throw problems.error("dicom/pixel-codec", `is compressed by JPEG process ${header.process.toString(16).toUpperCase()} with ${header.precision} bits, which is not read here.`, "Export it uncompressed.");
  const { width, height, components, precision } = header;
  if (width !== d.width || height !== d.height || components !== d.samples || precision > d.allocated || precision > 16) {
    throw problems.error(
      "dicom/pixel-length",
      `holds a compressed picture of ${width} × ${height} pixels, ${components} × ${precision} bits in frame ${frame + 1}, and its header asks for ${layoutInWords(d)}.`,
      resend,
    );
  }
  if (!endsWhole(piece)) throw problems.error("dicom/pixel-length", `has a compressed picture in frame ${frame + 1} that is cut off before its end marker.`, resend);
  return { decode, header };
}

async function codecFrame(piece: Uint8Array, d: Description, frame: number, transferSyntax: string, problems: Problems): Promise<Samples> {
  const { decode, header } = codecOf(piece, d, frame, transferSyntax, problems);
  const { width, height, components, precision } = header;
  const decoded = await decode(piece, header).catch((error: unknown) => {
    forgetCodecs(error);
    throw problems.error("dicom/pixel-codec", `has compressed pixels in frame ${frame + 1} that its codec cannot decode.`, resend);
  });
  const expected = width * height * components;
  if (decoded.length !== expected) throw problems.error("dicom/pixel-length", `decodes to ${decoded.length} samples in frame ${frame + 1}, and its header asks for ${expected}.`, resend);
  return stored(decoded, d, Math.min(d.stored, precision));
}

/** Decoded samples in the type that the header asks for. */
function stored(decoded: Uint8Array | Uint16Array, d: Description, bits: number): Samples {
  const make = d.allocated === 8 ? (d.signed ? Int8Array : Uint8Array) : d.allocated === 16 ? (d.signed ? Int16Array : Uint16Array) : d.signed ? Int32Array : Uint32Array;
  const samples = make.from(decoded);
  justify(samples, d.allocated, bits, bits - 1, d.signed);
  return samples;
}

const lossy: ReadonlySet<string> = new Set([transferSyntaxes.jpegBaseline, transferSyntaxes.jpegExtended, transferSyntaxes.jpegLsNearLossless]);

function noticeLoss({ data, transferSyntax }: DicomFile, problems: Problems): void {
  if (!lossy.has(transferSyntax) && data.text(tags.LossyImageCompression) !== "01") return;
  const ratio = data.number(tags.LossyImageCompressionRatio);
  problems.keep("dicom/lossy", `was compressed with loss${ratio === undefined ? "" : ` (${ratio} to 1)`}.`, "Values are near those of the scanner, not equal to them.");
}

/** What the samples are after the codec: JPEG and JPEG 2000 undo their own change of color. */
function photometricAfter(d: Description, file: DicomFile, compressed: boolean): string {
  if (!compressed || d.samples !== 3) return is422(d) ? "YBR_FULL" : d.photometric;
  if (file.transferSyntax === transferSyntaxes.rle) return d.photometric;
  return /^YBR_(ICT|RCT)$/.test(d.photometric) || lossy.has(file.transferSyntax) ? "RGB" : d.photometric;
}

async function encapsulated(fragments: readonly Uint8Array[], file: DicomFile, d: Description, problems: Problems): Promise<Samples[]> {
  const pieces = framePieces(fragments, file.data, d.frames, problems);
  const frames: Samples[] = [];
  for (const [f, piece] of pieces.entries()) {
    checkMemory(d, piece.length, problems);
    frames.push(file.transferSyntax === transferSyntaxes.rle ? rleFrame(piece, d, f, problems) : await codecFrame(piece, d, f, file.transferSyntax, problems));
  }
  return frames;
}

/** The element that holds the pixels. @throws dicom/no-pixels */
function pixelElement({ data }: DicomFile, problems: Problems): Element {
  const element = [tags.FloatPixelData, tags.DoubleFloatPixelData, tags.PixelData].map((tag) => data.elements.get(tag)).find((one) => one !== undefined);
  if (element !== undefined) return element;
  throw problems.error("dicom/no-pixels", "has no pixels.", "It is no image; open the images of its series.");
}

/** Pixel attributes that fit how the pixels are stored. */
function describeFor({ fragments }: Element, data: DataSet, problems: Problems): Description {
  const d = describe(data, problems);
  if (fragments === undefined || d.allocated % 8 === 0) return d;
  throw problems.error("dicom/pixel-description", `has compressed pixels of ${d.allocated} bit.`, "Export it uncompressed.");
}

/**
 * Holds the pixels of a file against its header without decoding them: the length of native pixels, the number of
 * compressed frames, and the size that each of them says it has.
 *
 * @throws what {@link decodeFrames} would throw for these
 */
export function checkPixels(file: DicomFile): void {
  const { data, name } = file;
  const problems = new Problems(name);
  const element = pixelElement(file, problems);
  if (element.tag !== tags.PixelData) return checkFloating(element, data, problems);
  const d = describeFor(element, data, problems);
  if (element.fragments === undefined) return checkLength(element.bytes.length, expectedBytes(d), layoutInWords(d), problems);
  for (const [f, piece] of framePieces(element.fragments, data, d.frames, problems).entries()) {
    checkMemory(d, piece.length, problems);
    if (file.transferSyntax !== transferSyntaxes.rle) codecOf(piece, d, f, file.transferSyntax, problems);
  }
}

/**
 * Decodes the pixels of a file: native in either byte order, float, RLE, JPEG, lossless JPEG, JPEG-LS, JPEG 2000.
 *
 * @returns  one array of stored values for each frame; nothing is filled up or cut off
 * @throws   dicom/no-pixels, dicom/pixel-description, dicom/pixel-length, dicom/pixel-frames, dicom/pixel-size or dicom/pixel-codec
 */
export async function decodeFrames(file: DicomFile): Promise<Frames> {
  const { data, name } = file;
  const problems = new Problems(name);
  const element = pixelElement(file, problems);
  if (element.tag !== tags.PixelData) return floating(element, data.littleEndian, data, problems);
  const d = describeFor(element, data, problems);
  const { fragments } = element;
  noticeLoss(file, problems);
  const frames = fragments === undefined ? native(element, data.littleEndian, d, problems) : await encapsulated(fragments, file, d, problems);
  return {
    width: d.width,
    height: d.height,
    frames,
    samplesPerPixel: d.samples,
    signed: d.signed,
    bitsStored: d.stored,
    photometric: photometricAfter(d, file, fragments !== undefined),
    problems: problems.list,
  };
}
