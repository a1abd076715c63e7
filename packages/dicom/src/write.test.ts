import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { DataSet } from "./data-set.ts";
import { decimal } from "./decimal.ts";
import { dictionary, tags, type Keyword } from "./dictionary.ts";
import { readFile } from "./read.ts";
import { transferSyntaxes } from "./transfer-syntaxes.ts";
import { dataSetOf, dicomFile, writeFile, type Tree, type Value } from "./write.ts";

const keywords = (Object.keys(dictionary) as Keyword[]).filter((k) => tags[k] >>> 16 !== 2 && (tags[k] as number) !== tags.SpecificCharacterSet && tags[k] < tags.FloatPixelData);
const ofVr = (...vrs: string[]) => fc.constantFrom(...keywords.filter((k) => vrs.includes(dictionary[k][1])));

const line = fc.string({ unit: fc.constantFrom(..."aZ0 äß日本é^=한"), maxLength: 20 }).map((text) => text.trim());
const several = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 4 });
const number = (vr: readonly string[], value: fc.Arbitrary<number>) => fc.tuple(ofVr(...vr), several(value));
const pair: fc.Arbitrary<[Keyword, Value]> = fc.oneof(
  fc.tuple(ofVr("LO", "SH", "PN", "UT", "LT", "ST"), line),
  fc.tuple(ofVr("CS", "AE"), several(fc.constantFrom("A", "MONOCHROME2", "X_1"))),
  fc.tuple(ofVr("UI"), several(fc.constantFrom("1.2.3", "2.25.17", "1.2.840.10008.1.2"))),
  number(["DS"], fc.double({ noNaN: true, min: -1e308, max: 1e308 })),
  number(["IS"], fc.integer()),
  number(["US"], fc.nat(65535)),
  number(["SS"], fc.integer({ min: -32768, max: 32767 })),
  number(["UL"], fc.nat(0xffffffff)),
  number(["FL", "OF"], fc.float({ noNaN: true, noDefaultInfinity: true })),
  number(["FD", "OD"], fc.double({ noNaN: true, noDefaultInfinity: true })),
  number(["AT"], fc.constantFrom<number>(tags.GridFrameOffsetVector, tags.PatientID, 0xfffeffff)),
  fc.tuple(ofVr("OB"), fc.uint8Array({ maxLength: 9 })),
  fc.tuple(ofVr("OW"), fc.uint16Array({ maxLength: 9 })),
);
/** A tree with sequences at most so deep. */
const treeOf = (depth: number): fc.Arbitrary<Tree> => {
  const plain = fc.array(pair, { maxLength: 8 });
  const sequences = depth === 0 ? fc.constant([]) : fc.array(fc.tuple(ofVr("SQ"), fc.array(treeOf(depth - 1), { maxLength: 3 })), { maxLength: 2 });
  return fc.tuple(plain, sequences).map(([values, nested]) => Object.fromEntries([...values, ...nested]) as Tree);
};

const withIdentity = (plain: Tree): Tree => ({ ...plain, SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3", SOPInstanceUID: "2.25.99" });

/** Everything that a data set says, without its byte order. */
function said(set: DataSet): unknown {
  return [...set.elements.values()].map(({ tag, vr, items, bytes }) => {
    if (items !== undefined) return [tag, vr, items.map(said)];
    return [tag, vr, vr === "OB" ? [...bytes] : set.texts(tag)];
  });
}

describe("a tree of elements written and read", () => {
  for (const [name, transferSyntax] of Object.entries(transferSyntaxes).slice(0, 4)) {
    test.prop([treeOf(3).map(withIdentity)], { numRuns: 150 })(`is the same in ${name}`, (made) => {
      const file = readFile(dicomFile(made, { transferSyntax }), "made");
      expect(file.transferSyntax).toBe(transferSyntax);
      expect(said(file.data)).toEqual(said(dataSetOf(made)));
      expect(file.problems).toEqual([]);
    });

    test.prop([treeOf(3).map(withIdentity)], { numRuns: 50 })(`is written again byte for byte, by way of ${name}`, (made) => {
      const plain = dicomFile(made);
      expect(writeFile(readFile(dicomFile(made, { transferSyntax }), "made").data)).toEqual(plain);
    });
  }
});

describe("decimal strings", () => {
  test.prop([fc.double({ noNaN: true, min: -1e308, max: 1e308 })])("have at most 16 bytes and are the nearest that these allow", (value) => {
    const text = decimal(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(text).toMatch(/^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/);
    // Sign, point and the longest exponent e-308 leave 9 digits of 16.
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 5e-9, Number.MIN_VALUE));
  });

  test("keep thirteen and more digits of a coordinate in mm", () => {
    expect(decimal(-123.45678901234567)).toBe("-123.45678901235");
    expect(decimal(1 / 3)).toBe(".333333333333333");
    expect(decimal(0.1 + 0.2)).toBe("0.3");
    expect(decimal(250)).toBe("250");
  });

  test("are never made of what is no number", () => {
    for (const value of [NaN, Infinity, -Infinity, Number.MAX_VALUE]) expect(() => decimal(value)).toThrow("dicom/decimal");
  });
});

describe("the writer refuses", () => {
  const base = withIdentity({});
  test.each<[string, Tree]>([
    ["a FrameIncrementPointer given as text, which others write as (0000,0000)", { FrameIncrementPointer: "3004000C" }],
    ["a decimal string of 17 bytes", { RescaleSlope: "0.123456789012345" }],
    ["Rows beyond 16 bits", { Rows: 65536 }],
    ["half a row", { Rows: 0.5 }],
    ["NaN as a position", { ImagePositionPatient: [0, 0, NaN] }],
    ["a sequence without items", { BeamSequence: "1" }],
    ["a backslash inside one of several values", { ImageType: ["A\\B", "C"] }],
    ["an element of the meta header", { TransferSyntaxUID: "1.2" }],
  ])("%s", (_, tree) => {
    expect(() => dicomFile({ ...base, ...tree })).toThrow(/dicom\/(write|decimal)/);
  });

  test("a file without its identity", () => {
    expect(() => dicomFile({ Modality: "CT" })).toThrow("SOPClassUID");
  });
});

test("values have even lengths: text is filled with a space, a UID with a zero", () => {
  const set = dataSetOf({ Modality: "CT1", SOPClassUID: "1.2.3", PixelData: Uint8Array.of(1, 2, 3), BitsAllocated: 8 });
  expect([...(set.elements.get(tags.Modality)?.bytes ?? [])]).toEqual([0x43, 0x54, 0x31, 0x20]);
  expect(set.elements.get(tags.SOPClassUID)?.bytes.at(-1)).toBe(0);
  expect(set.elements.get(tags.PixelData)?.bytes.length).toBe(4);
});

test("values of US or SS are signed as PixelRepresentation says", () => {
  expect(dataSetOf({ PixelRepresentation: 1, PixelPaddingValue: -2000 }).number(tags.PixelPaddingValue)).toBe(-2000);
  expect(() => dataSetOf({ PixelRepresentation: 0, PixelPaddingValue: -2000 })).toThrow("dicom/write");
});

test("an integer string has 32 bits: from −2147483648 to 2147483647", () => {
  for (const value of [-2147483648, 2147483647]) expect(dataSetOf({ ReferencedFrameNumber: [value] }).number(tags.ReferencedFrameNumber)).toBe(value);
  for (const value of [-2147483649, 2147483648]) expect(() => dataSetOf({ ReferencedFrameNumber: [value] })).toThrow(/dicom\/write/);
});
