import loadCharls from "@cornerstonejs/codec-charls";
import loadOpenjpeg from "@cornerstonejs/codec-openjpeg";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { toRgba } from "./picture.ts";
import { decodeFrames, type Frames } from "./pixels.ts";
import { readFile } from "./read.ts";
import { decodeRle, encodeRle } from "./rle.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { dicomFile, type Tree } from "./write.ts";

const identity = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: "2.25.7" } as const;
/** Header of a gray picture of 6 columns and 4 rows. */
const gray = (bits: 8 | 16 | 32, signed: boolean): Tree => ({
  ...identity, SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME2", Rows: 4, Columns: 6,
  BitsAllocated: bits, BitsStored: bits, HighBit: bits - 1, PixelRepresentation: signed ? 1 : 0,
});
const decoded = (tree: Tree, transferSyntax: string = transferSyntaxes.explicitLittleEndian): Promise<Frames> => decodeFrames(readFile(dicomFile(tree, { transferSyntax }), "made.dcm"));
const first = async (tree: Tree, transferSyntax?: string) => [...((await decoded(tree, transferSyntax)).frames[0] ?? [])];
const ramp = (count: number, step: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * step);

describe("native pixels", () => {
  const natives = Object.entries(transferSyntaxes).slice(0, 4);
  const arrays: readonly [8 | 16 | 32, boolean, Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array][] = [
    [8, false, Uint8Array.from(ramp(24, 10))],
    [16, true, Int16Array.from(ramp(24, 2500, -30000))],
    [16, false, Uint16Array.from(ramp(24, 2700))],
    [32, true, Int32Array.from(ramp(24, 170_000_000, -2_000_000_000))],
    [32, false, Uint32Array.from(ramp(24, 170_000_000))],
  ];
  test.each(natives.flatMap(([name, syntax]) => arrays.map((row) => [name, ...row, syntax] as const)))("in %s, %i bits, signed %s, are those written", async (_, bits, signed, values, syntax) => {
    const { frames } = await decoded({ ...gray(bits, signed), PixelData: values }, syntax);
    expect([...(frames[0] ?? [])]).toEqual([...values]);
    expect(frames[0]?.constructor).toBe(values.constructor);
  });

  test("of 12 bits lose what lies above them and get their sign", async () => {
    const tree = { ...gray(16, true), BitsStored: 12, HighBit: 11, PixelData: Uint16Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 0xf800 : 0xa7ff)) };
    expect((await first(tree)).slice(0, 2)).toEqual([-2048, 2047]);
    expect((await first({ ...tree, PixelRepresentation: 0 })).slice(0, 2)).toEqual([2048, 2047]);
    expect((await first({ ...tree, HighBit: 15 })).slice(0, 2)).toEqual([-128, -1409]);
  });

  test("come frame by frame, plane by plane or pixel by pixel, one bit or a float", async () => {
    const two = await decoded({ ...gray(16, false), NumberOfFrames: 2, PixelData: Uint16Array.from(ramp(48, 1)) });
    expect(two.frames.map((frame) => frame[0])).toEqual([0, 24]);
    const color = { ...gray(8, false), SamplesPerPixel: 3, PhotometricInterpretation: "RGB", PlanarConfiguration: 1, PixelData: Uint8Array.from(ramp(72, 1)) };
    expect((await first(color)).slice(0, 6)).toEqual([0, 24, 48, 1, 25, 49]);
    const bits = { ...gray(8, false), BitsAllocated: 1, BitsStored: 1, HighBit: 0, PixelData: Uint8Array.of(0b101, 0, 0x80) };
    expect((await first(bits)).flatMap((bit, i) => (bit === 1 ? [i] : []))).toEqual([0, 2, 23]);
    const floats = { ...identity, Rows: 4, Columns: 6, FloatPixelData: Float32Array.from(ramp(24, 0.5)) };
    for (const syntax of [transferSyntaxes.explicitLittleEndian, transferSyntaxes.explicitBigEndian]) expect((await first(floats, syntax))[3]).toBe(1.5);
    const doubles = { ...identity, Rows: 4, Columns: 6, DoubleFloatPixelData: Float64Array.from(ramp(24, 0.1)) };
    expect((await first(doubles))[1]).toBe(0.1);
  });

  test.prop([fc.integer({ min: 0, max: 60 })])("of any other length than the header asks for are refused with both numbers", async (words) => {
    const file = decoded({ ...gray(16, true), PixelData: new Int16Array(words) });
    if (words === 24) expect((await file).frames[0]).toHaveLength(24);
    else await expect(file).rejects.toThrow(`dicom/pixel-length  made.dcm has ${2 * words} bytes of pixels, and its header asks for 48`);
  });

  test("of an odd length have one byte of filling, not two", async () => {
    const odd = { ...gray(8, false), Rows: 3, Columns: 3 };
    expect(await first({ ...odd, PixelData: new Uint8Array(9) })).toHaveLength(9);
    await expect(decoded({ ...odd, PixelData: new Uint8Array(11) })).rejects.toThrow("12 bytes of pixels, and its header asks for 9");
  });

  test("are not laid out by guess", async () => {
    for (const key of ["Rows", "Columns", "BitsAllocated"] as const) {
      await expect(decoded({ ...gray(16, true), PixelData: new Int16Array(24), [key]: undefined })).rejects.toThrow(`dicom/pixel-description`);
    }
    await expect(decoded({ ...gray(16, true), NumberOfFrames: "1A", PixelData: new Int16Array(24) })).rejects.toThrow("NumberOfFrames is “1A”");
    await expect(decoded({ ...gray(16, true), HighBit: 3, PixelData: new Int16Array(24) })).rejects.toThrow("dicom/pixel-description");
    await expect(decoded(identity)).rejects.toThrow("dicom/no-pixels");
  });
});

describe("RLE", () => {
  test.prop([fc.uint8Array({ minLength: 12, maxLength: 600 }), fc.constantFrom(1, 2, 3, 4, 6)])("packs and unpacks to the same", (bytes, planes) => {
    const samples = planes % 3 === 0 ? 3 : 1;
    const whole = bytes.slice(0, bytes.length - (bytes.length % planes));
    const packed = encodeRle(whole, samples, planes / samples);
    expect(decodeRle(packed, whole.length / planes, samples, planes / samples)).toEqual(whole);
    // One pixel more or less is another picture.
    expect(decodeRle(packed, whole.length / planes + 1, samples, planes / samples)).toBeUndefined();
  });

  test("of several frames is told apart by pieces, by the offset table, and never by guess", async () => {
    const frames = [0, 1, 2].map((f) => Uint16Array.from(ramp(24, 7, 1000 * f)));
    const pieces = frames.map((frame) => encodeRle(new Uint8Array(frame.buffer), 1, 2));
    const tree = { ...gray(16, false), NumberOfFrames: 3 };
    const read = async (fragments: readonly Uint8Array[]) => (await decoded({ ...tree, PixelData: { fragments } }, transferSyntaxes.rle)).frames.map((frame) => frame[1]);
    expect(await read([new Uint8Array(0), ...pieces])).toEqual([7, 1007, 2007]);
    const halves = pieces.flatMap((piece) => [piece.slice(0, 40), piece.slice(40)]);
    const offsets = [0, 2, 4].map((n) => halves.slice(0, n).reduce((sum, half) => sum + half.length + 8, 0));
    expect(await read([new Uint8Array(Uint32Array.from(offsets).buffer), ...halves])).toEqual([7, 1007, 2007]);
    await expect(read([new Uint8Array(0), ...halves])).rejects.toThrow("dicom/pixel-frames");
    await expect(read([new Uint8Array(0), ...pieces.slice(1)])).rejects.toThrow("dicom/pixel-frames");
  });
});

const size = { width: 12, height: 10 };
const ct = Int16Array.from({ length: 120 }, (_, i) => ((i * 37) % 4096) - 1024);
const ctTree = { ...gray(16, true), Rows: 10, Columns: 12 };

async function jpegLs(samples: Uint8Array, bitsPerSample: number): Promise<Uint8Array> {
  const encoder = new (await loadCharls({})).JpegLSEncoder();
  encoder.getDecodedBuffer({ ...size, bitsPerSample, componentCount: 1 }).set(samples);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

async function jpeg2000(samples: Uint8Array, isSigned: boolean): Promise<Uint8Array> {
  const encoder = new (await loadOpenjpeg({ print: () => undefined })).J2KEncoder();
  encoder.setDecompositions(2);
  encoder.setQuality(true, 1);
  encoder.getDecodedBuffer({ ...size, bitsPerSample: 16, componentCount: 1, isSigned }).set(samples);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

/** `ct` by dcmtk's dcmcjpeg, process 14 with selection value 1. */
const lossless = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAKAAwBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAABgkMD//aAAgBAQABAADvgAlSpUqVKlSpUqW3iVKlSpUqVKlSpb" +
    "eJUqVKlSpUqVKlt4lSpUqVKlSpUqW3iVKlSpUqVKlSpbeJUqVKlSpUqVKlt4lSpUqVKlSpUqW3iVKlSpUqVKlSpbeJUqVKlSpUqVKlt4lS4CRKlSpUqVKl/9k=",
  "base64",
);

/** Red of 200, 40, 30 by dcmcjpeg, baseline at quality 95. */
const baseline = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUK" +
    "BwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAKAAwDASEAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAj/xAAUEAEAAAAA" +
    "AAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAgJ/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AlsT+1EAH/9k=",
  "base64",
);

describe("compressed pixels", () => {
  const bytes = new Uint8Array(ct.buffer);
  const pieceOf = (piece: Uint8Array) => ({ ...ctTree, PixelData: { fragments: [new Uint8Array(0), piece] } });

  test("without loss are those of the scanner, signed as the data set says", async () => {
    expect(await first(pieceOf(await jpegLs(bytes, 16)), transferSyntaxes.jpegLsLossless)).toEqual([...ct]);
    expect(await first(pieceOf(await jpeg2000(bytes, true)), transferSyntaxes.jpeg2000Lossless)).toEqual([...ct]);
    expect(await first(pieceOf(await jpeg2000(bytes, false)), transferSyntaxes.jpeg2000Lossless)).toEqual([...ct]);
    expect(await first(pieceOf(lossless), transferSyntaxes.jpegLosslessFirstOrder)).toEqual([...ct]);
  });

  test("cut off, of another size or of another kind are refused", async () => {
    const whole = await jpegLs(bytes, 16);
    const syntax = transferSyntaxes.jpegLsLossless;
    await expect(decoded(pieceOf(whole.slice(0, -20)), syntax)).rejects.toThrow("cut off before its end marker");
    await expect(decoded({ ...pieceOf(whole), Rows: 11 }, syntax)).rejects.toThrow("12 × 10 pixels");
    await expect(decoded({ ...pieceOf(whole), BitsAllocated: 8, BitsStored: 8, HighBit: 7 }, syntax)).rejects.toThrow("dicom/pixel-length");
    await expect(decoded(pieceOf(Uint8Array.of(1, 2, 3, 4)), syntax)).rejects.toThrow("dicom/pixel-codec");
    await expect(decoded({ ...pieceOf(whole), Rows: 60000, Columns: 60000 }, syntax)).rejects.toThrow("dicom/pixel-size");
  });

  test("of baseline JPEG are near those of the camera, in color, and said to be lossy", async () => {
    const red = Uint8Array.from({ length: 360 }, (_, i) => [200, 40, 30][i % 3] as number);
    const tree = { ...ctTree, ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0, SamplesPerPixel: 3, PhotometricInterpretation: "YBR_FULL_422" }, PixelData: { fragments: [new Uint8Array(0), baseline] } };
    const frames = await decoded(tree, transferSyntaxes.jpegBaseline);
    expect([frames.photometric, frames.problems.map((p) => p.code)]).toEqual(["RGB", ["dicom/lossy"]]);
    for (const [i, value] of (frames.frames[0] ?? []).entries()) expect(Math.abs(value - (red[i] as number))).toBeLessThan(6);
  });
});

describe("a picture", () => {
  const pixel = async (tree: Tree, i = 0) => {
    const file = readFile(dicomFile(tree), "made.dcm");
    return [...toRgba(await decodeFrames(file), file.data).rgba.slice(4 * i, 4 * i + 4)];
  };
  const values = Uint8Array.from(ramp(24, 1));

  test("is light where MONOCHROME2 is high and dark where MONOCHROME1 is", async () => {
    expect([await pixel({ ...gray(8, false), PixelData: values }, 23), await pixel({ ...gray(8, false), PixelData: values }, 0)]).toEqual([[255, 255, 255, 255], [0, 0, 0, 255]]);
    expect(await pixel({ ...gray(8, false), PhotometricInterpretation: "MONOCHROME1", PixelData: values }, 23)).toEqual([0, 0, 0, 255]);
  });

  test("has the window of its file, in units after slope and intercept", async () => {
    // Center 0, width 21, intercept -10: from -10.5 to 9.5 HU, stored -0.5 to 19.5; stored 9.5 is half way, 9 is 121.125 of 255.
    const tree = { ...gray(8, false), RescaleSlope: 1, RescaleIntercept: -10, WindowCenter: 0, WindowWidth: 21, PixelData: values };
    expect([(await pixel(tree, 9))[0], (await pixel(tree, 23))[0]]).toEqual([121, 255]);
  });

  test("has the colors of its tables and of YBR", async () => {
    const table = (color: number) => Uint16Array.from(ramp(24, 256 * color));
    const tables: Tree = {
      RedPaletteColorLookupTableDescriptor: [24, 0, 16], RedPaletteColorLookupTableData: table(1),
      GreenPaletteColorLookupTableDescriptor: [24, 0, 16], GreenPaletteColorLookupTableData: table(2),
      BluePaletteColorLookupTableDescriptor: [24, 0, 16], BluePaletteColorLookupTableData: table(3),
    };
    expect(await pixel({ ...gray(8, false), PhotometricInterpretation: "PALETTE COLOR", ...tables, PixelData: values }, 5)).toEqual([5, 10, 15, 255]);
    await expect(pixel({ ...gray(8, false), PhotometricInterpretation: "PALETTE COLOR", PixelData: values })).rejects.toThrow("dicom/palette");
    // Red of CCIR 601: Y 76, Cb 85, Cr 255.
    const ybr = { ...gray(8, false), SamplesPerPixel: 3, PhotometricInterpretation: "YBR_FULL", PlanarConfiguration: 0, PixelData: Uint8Array.from({ length: 72 }, (_, i) => [76, 85, 255][i % 3] as number) };
    expect(await pixel(ybr)).toEqual([254, 0, 0, 255]);
    const half = { ...ybr, PhotometricInterpretation: "YBR_FULL_422", PixelData: Uint8Array.from({ length: 48 }, (_, i) => [76, 76, 85, 255][i % 4] as number) };
    expect(await pixel(half, 7)).toEqual([254, 0, 0, 255]);
    await expect(pixel({ ...gray(8, false), PhotometricInterpretation: "HSV", PixelData: values })).rejects.toThrow("dicom/photometric");
  });
});
