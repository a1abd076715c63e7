import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import type { DataSet, DicomFile } from "./data-set.ts";
import { tags } from "./dictionary.ts";
import { decodeFrames } from "./pixels.ts";
import { readFile } from "./read.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { writeFile } from "./write.ts";

const folder = "rt/edge-pydicom-broken";
const edge = testWith(folder);
const open = (name: string): DicomFile => readFile(readFileSync(sharedPath(`${folder}/${name}`)), name);
const codes = (file: DicomFile) => file.problems.map((problem) => problem.code);

/** Sum of all stored values and the start of the MD5 of their little endian bytes, as pydicom 2.3.1 or dcmtk decode them. */
async function pixels(name: string): Promise<readonly [number, number, string]> {
  const { frames } = await decodeFrames(open(name));
  const hash = createHash("md5");
  let sum = 0;
  for (const frame of frames) {
    hash.update(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
    for (const value of frame) sum += value;
  }
  return [frames.length, sum, hash.digest("hex").slice(0, 8)];
}

describe("files that other readers stumble over", () => {
  for (const name of ["MR_small_bigendian", "MR_small_RLE", "MR_small_jp2klossless", "MR_small_jpeg_ls_lossless"]) {
    edge(`${name} has the pixels of MR_small`, async () => {
      expect(await pixels(`${name}.dcm`)).toEqual([1, 2125338, "dc9943d2"]);
      expect(open(`${name}.dcm`).problems).toEqual([]);
    });
  }
  for (const name of ["rtdose", "rtdose_expb", "rtdose_rle"]) {
    edge(`${name} has the fifteen dose planes, whatever its layout`, async () => {
      expect(await pixels(`${name}.dcm`)).toEqual([15, 1519910000, "5d883698"]);
      expect(open(`${name}.dcm`).data.items(tags.ReferencedRTPlanSequence)[0]?.text(tags.ReferencedSOPClassUID)).toBe("1.2.840.10008.5.1.4.1.1.481.5");
    });
  }
  for (const name of ["emri_small", "emri_small_jpeg_ls_lossless"]) {
    edge(`${name} has ten frames of 12 bits`, async () => {
      expect(await pixels(`${name}.dcm`)).toEqual([10, 4493276, "35c5e95f"]);
      });
  }
  edge("eCT_Supplemental is an enhanced CT of two frames", async () => {
    expect(await pixels("eCT_Supplemental.dcm")).toEqual([2, 199249408, "7ceff78f"]);
  });
  edge("image_dfl, deflated, is unpacked", async () => {
    expect(await pixels("image_dfl.dcm")).toEqual([1, 33322688, "22c9be23"]);
  });
  edge("bad_sequence, lossless JPEG with a private sequence, is decoded as dcmtk does", async () => {
    expect(await pixels("bad_sequence.dcm")).toEqual([1, 248348502, "e91cd9cf"]);
  });
  edge("no_meta, whose header was cut off one byte short, is read as the CT it is", async () => {
    const file = open("no_meta.dcm");
    expect([file.data.text(tags.Modality), file.data.number(tags.Rows), file.transferSyntax]).toEqual(["CT", 128, transferSyntaxes.explicitLittleEndian]);
    expect(codes(file)).toEqual(["dicom/preamble", "dicom/meta", "dicom/transfer-syntax"]);
    expect((await decodeFrames(file)).frames[0]).toHaveLength(128 * 128);
  });
  edge("meta_missing_tsyntax is read by what its first element shows", () => {
    const file = open("meta_missing_tsyntax.dcm");
    expect(codes(file)).toEqual(["dicom/transfer-syntax", "dicom/odd-length"]);
    expect(file.data.items(0x00010001)[0]?.items(0x00010001)).toHaveLength(1);
  });
  edge("nested_priv_SQ keeps one sequence inside the other", () => {
    expect(open("nested_priv_SQ.dcm").data.items(0x00010001)[0]?.items(0x00010001)).toHaveLength(1);
  });
  edge("UN_sequence opens three sequences, each in the other", () => {
    const study = open("UN_sequence.dcm").data.items(0x4453100c)[0];
    const image = study?.items(tags.ReferencedSeriesSequence)[0]?.items(tags.ReferencedSOPSequence)[0];
    expect(image?.text(tags.ReferencedSOPInstanceUID)).toBe("1.2.840.113619.2.327.3.185221411.476.1398588726.278.80");
  });
  edge("rtstruct, without preamble and header, and rtplan give their names", () => {
    expect(codes(open("rtstruct.dcm"))).toEqual(["dicom/preamble", "dicom/meta", "dicom/transfer-syntax"]);
    expect(open("rtstruct.dcm").data.items(tags.StructureSetROISequence)).toHaveLength(3);
    expect(open("rtplan.dcm").data.items(tags.BeamSequence)[0]?.items(tags.ControlPointSequence)).toHaveLength(2);
  });
});

describe("files that cannot be shown truly are refused in words", () => {
  edge("MR_truncated lacks 62 bytes of pixels", () => {
    expect(() => open("MR_truncated.dcm")).toThrow(/dicom\/truncated .* at least 62 bytes are missing .* send the file again/);
  });
  edge("rtplan_truncated lacks 265 bytes of its beams", () => {
    expect(() => open("rtplan_truncated.dcm")).toThrow(/dicom\/truncated .*BeamSequence.* at least 265 bytes are missing/);
  });
  edge("MR_small_padded has 128 bytes of pixels too many", async () => {
    await expect(pixels("MR_small_padded.dcm")).rejects.toThrow("has 8320 bytes of pixels, and its header asks for 8192 (64 × 64 pixels, 1 frame, 1 × 16 bits)");
  });
  edge("badVR says it has 1A frames, which is no number", async () => {
    await expect(pixels("badVR.dcm")).rejects.toThrow("NumberOfFrames is “1A”");
    expect(open("badVR.dcm").data.text(tags.Modality)).toBe("RTDOSE");
  });
  edge("JPEG2000-embedded-sequence-delimiter is read to its end, and its damaged picture is not decoded", async () => {
    const fragments = open("JPEG2000-embedded-sequence-delimiter.dcm").data.elements.get(tags.PixelData)?.fragments;
    expect(fragments?.map((bytes) => bytes.length)).toEqual([0, 250]);
    await expect(pixels("JPEG2000-embedded-sequence-delimiter.dcm")).rejects.toThrow("dicom/pixel-length");
  });
});

/** Everything that a data set holds, but for group lengths. */
function said(set: DataSet): unknown {
  return [...set.elements.values()]
    .filter(({ tag }) => (tag & 0xffff) !== 0)
    .map(({ tag, vr, items, fragments, bytes }) => [tag, vr, items?.map(said), fragments, Buffer.from(bytes.length % 2 === 0 ? bytes : [...bytes, 0]).toString("latin1")]);
}

edge("every file that is read is written again and says the same", () => {
  let written = 0;
  for (const name of readdirSync(sharedPath(folder)).filter((file) => file.endsWith(".dcm") && !/truncated/.test(file))) {
    const file = open(name);
    if (!file.data.has(tags.SOPClassUID) || !file.data.has(tags.SOPInstanceUID)) continue;
    const again = readFile(writeFile(file.data, { transferSyntax: file.transferSyntax }), name);
    expect(said(again.data), name).toEqual(said(file.data));
    written++;
  }
  expect(written).toBe(18);
});

function hasDcmdump(): boolean {
  try {
    execFileSync("dcmdump", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasDcmdump() && process.env["HAPAX_REQUIRE_ALL"] !== "1")("dcmdump finds the same elements with the same lengths (needs dcmtk)", async () => {
  const { dicomFile } = await import("./write.ts");
  const bytes = dicomFile({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3", SOPInstanceUID: "2.25.9", Modality: "RTSTRUCT", PatientName: "Ä^Ö", FrameIncrementPointer: tags.GridFrameOffsetVector,
    ROIContourSequence: [{ ROIDisplayColor: [255, 0, 128], ReferencedROINumber: 1, ContourSequence: [{ ContourGeometricType: "CLOSED_PLANAR", NumberOfContourPoints: 3, ContourData: [0, 0, 1 / 3, 10, 0, 1 / 3, 0, 10, 1 / 3] }] }],
  });
  const printed = execFileSync("dcmdump", ["-q", "-"], { input: bytes, encoding: "latin1" });
  const lines = [...printed.matchAll(/^ *\((\w{4}),(\w{4})\) (\w\w) (.*?) +# +(\d+), ?\d+ (\w+)/gm)].map(([, group, element, vr, value, length, keyword]) => [`${group}${element}`, vr, value, Number(length), keyword]);
  // Three letters of Latin-1 and a blank.
  expect(lines).toContainEqual(["00100010", "PN", "[Ä^Ö]", 4, "PatientName"]);
  expect(lines).toContainEqual(["00280009", "AT", "(3004,000c)", 4, "FrameIncrementPointer"]);
  expect(lines).toContainEqual(["30060050", "DS", "[0\\0\\.333333333333333\\10\\0\\.333333333333333\\0\\10\\.333333333333333]", 64, "ContourData"]);
  expect(printed).not.toMatch(/^[WE]:/m);
});
