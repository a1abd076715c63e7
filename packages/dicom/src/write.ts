import { deflateSync } from "fflate";
import { HapaxError } from "@hapax/base";
import type { DataSet, Element, Tag, Vr } from "./data-set.ts";
import { decimal } from "./decimal.ts";
import { dictionary, nameOf, tags, type Keyword } from "./dictionary.ts";
import { Elements } from "./elements.ts";
import { Problems } from "./problems.ts";
import { explicitLittle, layoutOf, transferSyntaxes, type Layout } from "./transfer-syntaxes.ts";
import { isText, longForms, numberBytes, oneText, swapBytes, swapped } from "./value-representations.ts";

/** What an attribute may hold: text, numbers, bytes in little endian order, compressed pieces, or items. */
export type Value =
  | string
  | number
  | readonly (string | number)[]
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | readonly Tree[]
  | { readonly fragments: readonly Uint8Array[] };

/** A data set by the keywords of PS3.6; what is undefined is left out, `""` is written empty. */
export type Tree = { readonly [K in Keyword]?: Value | undefined };

/** Of this program, under the root that a UUID gives (PS3.5 B.2). */
const implementation = { uid: "2.25.13095840938301530158139023397338953506", version: "HAPAX_0_1" };

const nothing = new Uint8Array(0);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Value bytes filled up to an even length as the representation wants it. */
function even(bytes: Uint8Array, vr: Vr): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = isText(vr) && vr !== "UI" ? 0x20 : 0;
  return padded;
}

function refuse(tag: Tag, vr: Vr, what: string): HapaxError {
  return new HapaxError("dicom/write", `${nameOf(tag)} (${vr}) was to be written ${what}.`, "Give it a value of its representation.");
}

function numberBytesOf(tag: Tag, vr: Vr, values: readonly number[]): Uint8Array {
  const width = numberBytes[vr] as number;
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (const [i, value] of values.entries()) {
    const at = i * width;
    const [least, most] = range(vr);
    if (!(value >= least && value <= most) || (vr[0] !== "F" && vr !== "OF" && vr !== "OD" && !Number.isInteger(value))) throw refuse(tag, vr, `as ${value}`);
    if (vr === "FD" || vr === "OD") view.setFloat64(at, value, true);
    else if (vr === "FL" || vr === "OF") view.setFloat32(at, value, true);
    else if (vr === "AT") {
      view.setUint16(at, value >>> 16, true);
      view.setUint16(at + 2, value & 0xffff, true);
    } else if (width === 8) view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    else if (width === 4) view.setUint32(at, value >>> 0, true);
    else view.setUint16(at, value & 0xffff, true);
  }
  return new Uint8Array(view.buffer);
}

function range(vr: Vr): readonly [number, number] {
  switch (vr) {
    case "FL": case "FD": case "OF": case "OD": return [-Infinity, Infinity];
    case "SS": return [-0x8000, 0x7fff];
    case "US": case "OW": return [0, 0xffff];
    case "SL": return [-0x80000000, 0x7fffffff];
    case "SV": return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    case "UV": case "OV": return [0, Number.MAX_SAFE_INTEGER];
    default: return [0, 0xffffffff];
  }
}

/** How the text of a data set becomes bytes, and its SpecificCharacterSet. */
interface TextCode {
  readonly name: "ISO_IR 100" | "ISO_IR 192";
  bytes(text: string): Uint8Array;
}

/** A byte for each letter: a name of 64 letters has 64 bytes, which is what validators count. */
const latin1: TextCode = { name: "ISO_IR 100", bytes: (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)) };
const utf8: TextCode = { name: "ISO_IR 192", bytes: bytesOf };

/** Whether all text of a tree is in Latin 1. */
function isLatin1(value: Value | Tree | undefined): boolean {
  if (typeof value === "string") return /^[\0-\x7f\xa0-\xff]*$/.test(value);
  if (typeof value !== "object" || ArrayBuffer.isView(value)) return true;
  return (Array.isArray(value) ? value : Object.values(value)).every((part) => isLatin1(part as Value));
}

function textBytesOf(tag: Tag, vr: Vr, values: readonly (string | number)[], code: TextCode): Uint8Array {
  const texts = values.map((value) => {
    if (typeof value === "string") return value;
    if (vr === "DS") return decimal(value);
    if (vr === "IS" && Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff) return String(value);
    throw refuse(tag, vr, `as the number ${value}`);
  });
  const many = values.length > 1 || vr === "DS" || vr === "IS";
  const split = texts.find((text) => many && !oneText.has(vr) && text.includes("\\"));
  if (split !== undefined && values.length > 1) throw refuse(tag, vr, `with a backslash inside the value ${split}`);
  const tooLong = vr === "DS" ? texts.flatMap((text) => text.split("\\")).find((text) => text.length > 16) : undefined;
  if (tooLong !== undefined) throw refuse(tag, vr, `as ${tooLong}, which has more than 16 bytes`);
  return code.bytes(texts.join("\\"));
}

/** Bytes of a typed array in little endian order, which every machine in use has. */
function bytesOfArray(array: Exclude<Value, string | number | readonly unknown[] | { fragments: unknown }>): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** The representation that is written: US or SS by PixelRepresentation, bytes of 8-bit pixels as OB. */
function vrOfValue(keyword: Keyword, value: Value, tree: Tree): Vr {
  const vr: Vr = dictionary[keyword][1];
  if (vr === "XS") return tree.PixelRepresentation === 1 ? "SS" : "US";
  if (keyword !== "PixelData") return vr;
  return typeof value === "object" && ("fragments" in value || tree.BitsAllocated === 8 || tree.BitsAllocated === 1) ? "OB" : "OW";
}

const isTrees = (values: readonly unknown[]): values is readonly Tree[] => values.every((value) => typeof value === "object" && value !== null);

function elementOf(keyword: Keyword, value: Value, tree: Tree, code: TextCode, outer: Elements): Element {
  const tag = tags[keyword];
  const vr = vrOfValue(keyword, value, tree);
  if (vr === "SQ") {
    if (!Array.isArray(value) || !isTrees(value)) throw refuse(tag, vr, "without items");
    return { tag, vr, bytes: nothing, items: value.map((child) => elementsOf(child, code, outer)) };
  }
  if (typeof value === "object" && "fragments" in value) return { tag, vr, bytes: nothing, fragments: value.fragments };
  if (ArrayBuffer.isView(value)) return { tag, vr, bytes: even(bytesOfArray(value), vr) };
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 1 && values[0] === "") return { tag, vr, bytes: nothing };
  if (numberBytes[vr] !== undefined) {
    const wrong = values.find((v) => typeof v !== "number");
    if (wrong !== undefined) throw refuse(tag, vr, `as ${typeof wrong === "string" ? `the text ${wrong}` : "an item"}`);
    return { tag, vr, bytes: numberBytesOf(tag, vr, values as number[]) };
  }
  if (!isText(vr) || !values.every((v) => typeof v === "string" || typeof v === "number")) throw refuse(tag, vr, "with a value of another kind");
  return { tag, vr, bytes: even(textBytesOf(tag, vr, values as (string | number)[], code), vr) };
}

function elementsOf(tree: Tree, code: TextCode, outer?: Elements): Elements {
  const set = new Elements(true, new Problems("a data set made here"), outer);
  const keywords = (Object.keys(tree) as Keyword[]).sort((a, b) => tags[a] - tags[b]);
  for (const keyword of keywords) {
    const value = tree[keyword];
    if (value !== undefined) set.elements.set(tags[keyword], elementOf(keyword, value, tree, code, set));
  }
  return set;
}

/**
 * A data set in memory from its tree; its text is Latin 1 (ISO_IR 100) where that has all its letters, and UTF-8
 * (ISO_IR 192) elsewhere, said in SpecificCharacterSet.
 *
 * @throws dicom/write, dicom/decimal where a value is not of its representation
 */
export function dataSetOf(tree: Tree): DataSet {
  const code = isLatin1(tree) ? latin1 : utf8;
  return elementsOf({ ...tree, SpecificCharacterSet: code.name }, code);
}

/** Bytes gathered in order. */
class Sink {
  readonly parts: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

function header(tag: Tag, vr: Vr | undefined, length: number, { explicit, littleEndian }: Layout): Uint8Array {
  const long = vr !== undefined && explicit && longForms.has(vr);
  const view = new DataView(new ArrayBuffer(long ? 12 : 8));
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  if (vr === undefined || !explicit) view.setUint32(4, length, littleEndian);
  else {
    view.setUint8(4, vr.charCodeAt(0));
    view.setUint8(5, vr.charCodeAt(1));
    if (long) view.setUint32(8, length, littleEndian);
    else view.setUint16(6, length, littleEndian);
  }
  return new Uint8Array(view.buffer);
}

const itemTag = 0xfffee000;
const sequenceEnd = 0xfffee0dd;
const undefinedLength = 0xffffffff;

/** Bytes that change place together; pixels of 32 bits do so as a whole, though their representation is of 16. */
function wordBytes({ tag, vr }: Element, set: DataSet): number {
  const allocated = tag === tags.PixelData ? (set.number(tags.BitsAllocated) ?? 0) : 0;
  return allocated > 16 ? allocated / 8 : swapBytes(vr);
}

function writeElement(sink: Sink, element: Element, set: DataSet, layout: Layout): void {
  const { tag, vr } = element;
  if (element.items !== undefined) {
    const inside = new Sink();
    for (const item of element.items) {
      const bytes = writeElements(item, layout);
      inside.add(header(itemTag, undefined, bytes.length, layout));
      inside.add(bytes);
    }
    sink.add(header(tag, "SQ", inside.length, layout));
    sink.add(inside.bytes());
    return;
  }
  if (element.fragments !== undefined) {
    sink.add(header(tag, vr, undefinedLength, layout));
    for (const fragment of element.fragments.map((bytes) => even(bytes, "OB"))) {
      sink.add(header(itemTag, undefined, fragment.length, layout));
      sink.add(fragment);
    }
    sink.add(header(sequenceEnd, undefined, 0, layout));
    return;
  }
  const bytes = even(element.bytes, vr);
  if (layout.explicit && !longForms.has(vr) && bytes.length > 0xfffe) throw refuse(tag, vr, `with ${bytes.length} bytes, where an explicit length ends at 65534`);
  sink.add(header(tag, vr, bytes.length, layout));
  const width = wordBytes(element, set);
  sink.add(set.littleEndian === layout.littleEndian || width === 1 ? bytes : swapped(bytes, width));
}

function writeElements(set: DataSet, layout: Layout): Uint8Array {
  const sink = new Sink();
  for (const element of [...set.elements.values()].sort((a, b) => a.tag - b.tag)) {
    // Group lengths would have to be counted anew; the standard retired them.
    if ((element.tag & 0xffff) !== 0) writeElement(sink, element, set, layout);
  }
  return sink.bytes();
}

function metaHeader(set: DataSet, transferSyntax: string): Uint8Array {
  const [sopClass, sopInstance] = [set.text(tags.SOPClassUID), set.text(tags.SOPInstanceUID)];
  if (sopClass === undefined || sopInstance === undefined) {
    throw new HapaxError("dicom/write", `A data set without ${sopClass === undefined ? "SOPClassUID" : "SOPInstanceUID"} was to be written as a file.`, "Give it one.");
  }
  const rest = writeElements(
    elementsOf({
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: sopClass,
      MediaStorageSOPInstanceUID: sopInstance,
      TransferSyntaxUID: transferSyntax,
      ImplementationClassUID: implementation.uid,
      ImplementationVersionName: implementation.version,
    }, latin1),
    explicitLittle,
  );
  const sink = new Sink();
  sink.add(header(tags.FileMetaInformationGroupLength, "UL", 4, explicitLittle));
  sink.add(numberBytesOf(tags.FileMetaInformationGroupLength, "UL", [rest.length]));
  sink.add(rest);
  return sink.bytes();
}

/** How a file is written. */
export interface WriteOptions {
  /** Explicit little endian where it is left out. Pixels are not compressed anew: fragments need their own syntax. */
  readonly transferSyntax?: string;
}

/**
 * Writes a data set as a DICOM file: preamble, meta header, elements in order, even lengths.
 *
 * @returns  the bytes of the file
 * @throws   dicom/write without SOPClassUID or SOPInstanceUID, or where a value is too long for its form
 */
export function writeFile(set: DataSet, { transferSyntax = transferSyntaxes.explicitLittleEndian }: WriteOptions = {}): Uint8Array {
  const layout = layoutOf(transferSyntax);
  const compressed = set.elements.get(tags.PixelData)?.fragments !== undefined;
  const native: readonly string[] = [transferSyntaxes.implicitLittleEndian, transferSyntaxes.explicitLittleEndian, transferSyntaxes.explicitBigEndian, transferSyntaxes.deflated];
  if (compressed === native.includes(transferSyntax) && set.has(tags.PixelData)) {
    throw new HapaxError("dicom/write", `${compressed ? "Compressed" : "Native"} pixels were to be written as ${transferSyntax}.`, "Give the transfer syntax that the pixels are in.");
  }
  const meta = [...set.elements.keys()].find((tag) => tag >>> 16 === 2);
  if (meta !== undefined) throw new HapaxError("dicom/write", `${nameOf(meta)} was given as part of a data set.`, "Leave it out; the meta header is made here.");
  const sink = new Sink();
  sink.add(new Uint8Array(128));
  sink.add(bytesOf("DICM"));
  sink.add(metaHeader(set, transferSyntax));
  const body = writeElements(set, layout);
  sink.add(transferSyntax === transferSyntaxes.deflated ? even(deflateSync(body), "OB") : body);
  return sink.bytes();
}

/** A DICOM file from a tree of values by keyword: `dicomFile({ SOPClassUID: "1.2…", …, ROIContourSequence: [{ … }] })`. */
export function dicomFile(tree: Tree, options: WriteOptions = {}): Uint8Array {
  return writeFile(dataSetOf(tree), options);
}
