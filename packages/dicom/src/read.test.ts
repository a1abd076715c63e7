import { deflateRawSync as deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { DicomFile } from "./data-set.ts";
import { tags } from "./dictionary.ts";
import { readFile } from "./read.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { dicomFile } from "./write.ts";

const base = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "2.25.7", Modality: "CT" } as const;

const codes = (file: DicomFile) => file.problems.map((problem) => problem.code);
const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const u16 = (n: number) => [n & 255, n >> 8];
const u32 = (n: number) => [...u16(n & 0xffff), ...u16(n >>> 16)];
/** An explicit little endian element of the short form. */
const short = (group: number, element: number, vr: string, value: readonly number[]) => [...u16(group), ...u16(element), ...ascii(vr), ...u16(value.length), ...value];
/** One of the long form; the length may lie. */
const long = (group: number, element: number, vr: string, value: readonly number[], length = value.length) => [...u16(group), ...u16(element), ...ascii(vr), 0, 0, ...u32(length), ...value];
const implicit = (group: number, element: number, value: readonly number[], length = value.length) => [...u16(group), ...u16(element), ...u32(length), ...value];
const item = (content: readonly number[], length = content.length) => [...u16(0xfffe), ...u16(0xe000), ...u32(length), ...content];
const itemEnd = [...u16(0xfffe), ...u16(0xe00d), ...u32(0)];
const sequenceEnd = [...u16(0xfffe), ...u16(0xe0dd), ...u32(0)];
const open = 0xffffffff;

/** A file of explicit little endian with these elements after its header. */
function fileOf(elements: readonly number[], transferSyntax: string = transferSyntaxes.explicitLittleEndian): DicomFile {
  const syntax = ascii(transferSyntax.length % 2 === 0 ? transferSyntax : `${transferSyntax}\0`);
  const rest = short(2, 0x10, "UI", syntax);
  return readFile(Uint8Array.from([...new Array<number>(128).fill(0), ...ascii("DICM"), ...short(2, 0, "UL", u32(rest.length)), ...rest, ...elements]), "made.dcm");
}
const patientId = short(0x10, 0x20, "LO", ascii("17"));

describe("a file is read", () => {
  test("without preamble and meta header, in each layout, and says so", () => {
    for (const transferSyntax of [transferSyntaxes.implicitLittleEndian, transferSyntaxes.explicitLittleEndian, transferSyntaxes.explicitBigEndian]) {
      const whole = dicomFile({ ...base, Rows: 512, SliceThickness: 2.5 }, { transferSyntax });
      // 132 bytes of preamble and DICM, 12 of the group length, and what that length says.
      const meta = 132 + 12 + new DataView(whole.buffer).getUint32(140, true);
      const file = readFile(whole.slice(meta), "bare.dcm");
      expect([file.transferSyntax, file.data.number(tags.Rows), file.data.number(tags.SliceThickness)]).toEqual([transferSyntax, 512, 2.5]);
      expect(codes(file)).toEqual(["dicom/preamble", "dicom/meta", "dicom/transfer-syntax"]);
    }
  });

  test("with a meta header but no preamble", () => {
    const file = readFile(dicomFile(base).slice(132), "no-preamble.dcm");
    expect(file.data.text(tags.Modality)).toBe("CT");
    expect(codes(file)).toEqual(["dicom/preamble"]);
  });

  test("whose transfer syntax is not the one it is written in", () => {
    const file = fileOf(implicit(0x10, 0x20, ascii("17")));
    expect([file.data.text(tags.PatientID), file.transferSyntax, ...codes(file)]).toEqual(["17", transferSyntaxes.implicitLittleEndian, "dicom/layout"]);
  });

  test("with an odd value, a tag out of order and one given twice, and names each", () => {
    const file = fileOf([...short(0x20, 0x11, "IS", ascii("3")), ...patientId, ...short(0x10, 0x20, "LO", ascii("18"))]);
    expect([file.data.text(tags.PatientID), file.data.number(tags.SeriesNumber)]).toEqual(["17", 3]);
    expect(file.problems.map((p) => p.message)).toEqual([
      "dicom/odd-length  made.dcm (0020,0011) SeriesNumber has an odd length of 1 bytes. It is read as it is.",
      "dicom/order  made.dcm (0010,0020) PatientID does not follow the ascending order of tags. It is read all the same.",
      "dicom/duplicate  made.dcm (0010,0020) PatientID is there twice. The first is taken.",
    ]);
  });

  test("with a representation that no edition has", () => {
    const file = fileOf([...short(0x10, 0x20, "zz", ascii("17")).slice(0, 4), ...ascii("ZZ"), ...u16(2), ...ascii("17"), ...short(0x28, 0x10, "US", u16(9))]);
    expect([file.data.text(tags.PatientID), file.data.number(tags.Rows), ...codes(file)]).toEqual(["17", 9, "dicom/representation"]);
  });

  test("with zeros after its last element", () => {
    const file = fileOf([...patientId, ...new Array<number>(30).fill(0)]);
    expect(codes(file)).toEqual(["dicom/trailing-zeros"]);
  });

  test("through a Node Buffer or a view into a larger one, with the same bytes", () => {
    const bytes = dicomFile({ ...base, PatientID: "17" });
    const larger = Buffer.alloc(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readFile(larger.subarray(3), "view").data.text(tags.PatientID)).toBe("17");
  });
});

describe("sequences are read", () => {
  const inside = short(0x08, 0x1155, "UI", ascii("1.2.34"));
  const uidOf = (file: DicomFile) => file.data.items(tags.ReferencedStudySequence)[0]?.text(tags.ReferencedSOPInstanceUID);

  test("with lengths, without, and with either inside the other", () => {
    const contents = [item(inside), item([...inside, ...itemEnd], open)];
    for (const content of contents) {
      expect(uidOf(fileOf([...long(8, 0x1110, "SQ", content), ...patientId]))).toBe("1.2.34");
      expect(uidOf(fileOf([...long(8, 0x1110, "SQ", [...content, ...sequenceEnd], open), ...patientId]))).toBe("1.2.34");
    }
  });

  test("written as UN, implicit inside, with a length or without", () => {
    const hidden = implicit(8, 0x1155, ascii("1.2.34"));
    for (const element of [long(8, 0x1110, "UN", item(hidden)), long(8, 0x1110, "UN", [...item([...hidden, ...itemEnd], open), ...sequenceEnd], open)]) {
      const file = fileOf([...element, ...patientId]);
      expect([uidOf(file), file.data.text(tags.PatientID), file.problems.length]).toEqual(["1.2.34", "17", 0]);
    }
  });

  test("of private groups too, and kept as bytes where nothing fits", () => {
    const nested = fileOf(implicit(0x09, 0x1001, [...item([...implicit(0x09, 0x1001, [...item([...implicit(8, 0x1155, ascii("1.2.34")), ...itemEnd], open), ...sequenceEnd], open), ...itemEnd], open), ...sequenceEnd], open), transferSyntaxes.implicitLittleEndian);
    const inner = nested.data.items(0x00091001)[0]?.items(0x00091001)[0];
    expect(inner?.text(tags.ReferencedSOPInstanceUID)).toBe("1.2.34");
    const broken = fileOf([...long(0x09, 0x1001, "SQ", item([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])), ...patientId]);
    expect([broken.data.elements.get(0x00091001)?.vr, broken.data.text(tags.PatientID), ...codes(broken)]).toEqual(["UN", "17", "dicom/private-sequence"]);
  });

  test("in another layout than the file around them", () => {
    const file = fileOf([...long(8, 0x1110, "SQ", item(implicit(8, 0x1155, ascii("1.2.34")))), ...patientId]);
    expect([uidOf(file), ...codes(file)]).toEqual(["1.2.34", "dicom/layout"]);
  });
});

test("pieces of compressed pixels are taken by their lengths, though delimiters lie inside", () => {
  const piece = [...sequenceEnd, ...item([1, 2])];
  const file = fileOf([...long(0x7fe0, 0x10, "OB", [...item([]), ...item(piece), ...sequenceEnd], open)], transferSyntaxes.jpeg2000);
  expect(file.data.elements.get(tags.PixelData)?.fragments?.map((f) => [...f])).toEqual([[], piece]);
});

describe("a file that ends too early", () => {
  const whole = dicomFile({ ...base, BeamSequence: [{ BeamName: "one", ControlPointSequence: [{ GantryAngle: 90 }] }], PixelData: new Uint8Array(100), BitsAllocated: 8 });

  test("is refused at every byte but the ends of its elements, with the number of missing bytes", () => {
    const ends = new Set<number>();
    for (let length = 160; length < whole.length; length++) {
      try {
        readFile(whole.slice(0, length), "cut.dcm");
        ends.add(length);
      } catch (error) {
        expect(String(error)).toMatch(/dicom\/(truncated|empty)/);
      }
    }
    // Where an element ends, the rest is a shorter but whole data set: SpecificCharacterSet, SOPClassUID, SOPInstanceUID, Modality, BitsAllocated, BeamSequence.
    expect(ends.size).toBe(6);
  });

  test("names the bytes that its pixels lack", () => {
    expect(() => readFile(whole.slice(0, -30), "cut.dcm")).toThrow("cut.dcm ends inside (7FE0,0010) PixelData, which says it has 100 bytes: at least 30 bytes are missing");
  });
});

describe("a hostile file", () => {
  test("that is no DICOM is told from one", () => {
    for (const bytes of [new Uint8Array(1000), Uint8Array.from(ascii("Once upon a time there was a text file.")), Uint8Array.from([0x89, ...ascii("PNG\r\n\x1a\n\0\0\0\rIHDR")])]) {
      expect(() => readFile(bytes, "other.txt")).toThrow(/other\.txt is no DICOM file/);
    }
    expect(() => readFile(new Uint8Array(0), "nothing.dcm")).toThrow(/nothing\.dcm is empty/);
  });

  test("with a length of four gigabytes allocates nothing", () => {
    expect(() => fileOf(long(0x7fe0, 0x10, "OW", [1, 2], 0xfffffffe))).toThrow("at least 4294967292 bytes are missing");
  });

  test("with a thousand sequences one in the other is refused", () => {
    const level = [...long(8, 0x1110, "SQ", [], open), ...item([], open)];
    expect(() => fileOf(Array.from({ length: 1000 }, () => level).flat())).toThrow("dicom/depth");
  });

  test("whose packed part is cut off is refused, and one that unpacks beyond 256 MB is stopped there", () => {
    const packed = deflateSync(Uint8Array.from(patientId));
    expect(fileOf([...packed], transferSyntaxes.deflated).data.text(tags.PatientID)).toBe("17");
    expect(() => fileOf([...packed.subarray(0, -4)], transferSyntaxes.deflated)).toThrow("dicom/deflate ");
    expect(() => fileOf([...deflateSync(Buffer.alloc(2 ** 28 + 1), { level: 1 })], transferSyntaxes.deflated)).toThrow("unpacks to more than 256 MB");
  });
});

describe("numbers", () => {
  const numberOf = (vr: string, text: string) => {
    const file = fileOf(short(0x18, 0x50, vr, ascii(text.length % 2 === 0 ? text : `${text} `)));
    return [file.data.number(tags.SliceThickness), ...codes(file)];
  };

  test.each([["2.5", 2.5], [" -1.0E+02", -100], [".5", 0.5], ["3.", 3], ["+7", 7]])("DS %s", (text, value) => {
    expect(numberOf("DS", text)).toEqual([value]);
  });

  test.each(["2,5", "1A", "NaN", "1e999", "0x10", "1 2", "--1"])("DS %s is no number, and is not guessed", (text) => {
    expect(numberOf("DS", text)).toEqual([undefined, "dicom/number"]);
  });

  test("IS is whole, and an empty value is not recorded", () => {
    expect([numberOf("IS", "12"), numberOf("IS", "1.5"), numberOf("DS", ""), numberOf("DS", "  ")]).toEqual([[12], [undefined, "dicom/integer"], [undefined], [undefined]]);
  });

  test("one bad coordinate makes a position unknown, and a problem is kept once", () => {
    const file = fileOf(short(0x20, 0x32, "DS", ascii("1\\x\\3 ")));
    expect([file.data.numbers(tags.ImagePositionPatient), file.data.numbers(tags.ImagePositionPatient), codes(file)]).toEqual([[], [], ["dicom/number"]]);
  });

  test("a binary value of a wrong length is not read", () => {
    const file = fileOf(short(0x28, 0x10, "US", [1, 2, 3, 4, 5, 6].slice(0, 3)));
    expect([file.data.number(tags.Rows), ...codes(file)]).toEqual([undefined, "dicom/odd-length", "dicom/value-length"]);
  });
});
