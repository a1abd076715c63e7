import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { HapaxError } from "@hapax/base";
import { sharedPath } from "../../../tests/shared-data.ts";
import { tags } from "./dictionary.ts";
import { toRgba } from "./picture.ts";
import { decodeFrames } from "./pixels.ts";
import { readFile } from "./read.ts";
import { encodeRle } from "./rle.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { dicomFile, type Tree } from "./write.ts";

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pixels = Int16Array.from({ length: 128 }, (_, i) => i * 20 - 1000);
const image: Tree = {
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "2.25.7", Modality: "CT", PatientName: "Ä^Ö", ImagePositionPatient: [0.5, -3, 1 / 3],
  ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "2.25.8", PurposeOfReferenceCodeSequence: [{ CodeValue: "1", CodeMeaning: "one" }] }, {}],
  SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME2", NumberOfFrames: 2, Rows: 8, Columns: 8, BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 1, PixelData: pixels,
};
const rle = [pixels.slice(0, 64), pixels.slice(64)].map((frame) => encodeRle(new Uint8Array(frame.buffer), 1, 2));

/** A real file, where the shared data are. */
function real(name: string): Uint8Array[] {
  const path = sharedPath(`rt/edge-pydicom-broken/${name}.dcm`);
  return existsSync(path) ? [Uint8Array.from(readFileSync(path))] : [];
}

/** Whole files to be damaged: four layouts and RLE made here, and real ones where they are. */
const sources = [
  ...Object.values(transferSyntaxes).slice(0, 4).map((transferSyntax) => dicomFile(image, { transferSyntax })),
  dicomFile({ ...image, PixelData: { fragments: [new Uint8Array(0), ...rle] } }, { transferSyntax: transferSyntaxes.rle }),
  ...["rtdose_rle", "rtplan", "rtstruct", "UN_sequence", "nested_priv_SQ"].flatMap(real),
];

/** Codecs take milliseconds for a picture: one file in twenty. */
const slow = ["MR_small_jpeg_ls_lossless", "MR_small_jpeg_ls_lossless", "MR_small_jpeg_ls_lossless", "MR_small_jp2klossless"].flatMap(real);

/** One to four hurts: a bit turned, a byte changed, a length blown up, a piece cut out, doubled, or the end cut off. */
function mutated(source: Uint8Array, random: () => number): Uint8Array {
  let bytes = source.slice();
  const place = (margin = 1) => Math.floor(random() * Math.max(1, bytes.length - margin));
  const hurts = [
    () => (bytes[place()] = (bytes[place()] as number) ^ (1 << Math.floor(random() * 8))),
    () => (bytes[place()] = Math.floor(random() * 256)),
    () => new DataView(bytes.buffer).setUint32(place(4), [0xffffffff, 0x7fffffff, 0, 0xfffffffe, 0x10000][Math.floor(random() * 5)] as number, true),
    () => (bytes = bytes.slice(0, place())),
    () => {
      const at = place();
      bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + Math.floor(random() * 16))]);
    },
    () => {
      const at = place();
      bytes = Uint8Array.from([...bytes.subarray(0, at + 16), ...bytes.subarray(at)]);
    },
  ];
  for (let n = 1 + Math.floor(random() * 4); n > 0 && bytes.length > 4; n--) (hurts[Math.floor(random() * hurts.length)] as () => unknown)();
  return bytes;
}

/** Reads everything there is to read; the problem that stopped it, or "shown". */
async function fate(bytes: Uint8Array): Promise<string> {
  try {
    const file = readFile(bytes, "mutated.dcm");
    for (const tag of file.data.elements.keys()) {
      file.data.texts(tag);
      file.data.numbers(tag);
      file.data.items(tag);
    }
    if (!file.data.has(tags.PixelData)) return "without pixels";
    const decoded = await decodeFrames(file);
    for (const frame of decoded.frames) expect(frame.length).toBe(decoded.width * decoded.height * decoded.samplesPerPixel);
    toRgba(decoded, file.data);
    return "shown";
  } catch (error) {
    if (error instanceof HapaxError) return error.code;
    throw error;
  }
}

test("10,000 damaged files give a result or a HapaxError, each within 2 s, in less than 1 GB", async () => {
  const random = seeded(20260131);
  const fates = new Map<string, number>();
  let [slowest, most] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    const from = i % 20 === 0 && slow.length > 0 ? (slow[(i / 20) % slow.length] as Uint8Array) : (sources[i % sources.length] as Uint8Array);
    const bytes = mutated(from, random);
    const start = performance.now();
    const met = await fate(bytes);
    slowest = Math.max(slowest, performance.now() - start);
    fates.set(met, (fates.get(met) ?? 0) + 1);
    if (i % 100 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  expect(slowest).toBeLessThan(2000);
  expect(most).toBeLessThan(2 ** 30);
  // The damage reaches every layer: readers, layouts, lengths and codecs.
  for (const code of ["shown", "dicom/truncated", "dicom/length", "dicom/not-dicom", "dicom/pixel-length", "dicom/pixel-description", "dicom/deflate"]) expect(fates.get(code), code).toBeGreaterThan(5);
}, 60_000);

test("pixels of a changed length are always an error, in every layout", async () => {
  const random = seeded(7);
  for (let i = 0; i < 1000; i++) {
    const words = Math.floor(random() * 300);
    const transferSyntax = Object.values(transferSyntaxes)[i % 4] as string;
    const met = await fate(dicomFile({ ...image, PixelData: new Int16Array(words) }, { transferSyntax }));
    expect(met, `${words} words`).toBe(words === 128 ? "shown" : "dicom/pixel-length");
  }
});
