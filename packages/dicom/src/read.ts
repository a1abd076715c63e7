import { Inflate } from "fflate";
import { HapaxError } from "@hapax/base";
import type { DataSet, DicomFile, Element, Tag, Vr } from "./data-set.ts";
import { isPrivate, keywordOf, nameOf, tags, vrOf } from "./dictionary.ts";
import { Elements } from "./elements.ts";
import { Problems } from "./problems.ts";
import { explicitLittle, implicitLittle, layoutOf, nameOfLayout, transferSyntaxes, type Layout } from "./transfer-syntaxes.ts";
import { longForms, vrs } from "./value-representations.ts";

const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const undefinedLength = 0xffffffff;

/** Sequences within sequences; structured reports, the deepest in use, stay below 20. */
const deepest = 64;
/** More than any real object has; a hostile file of empty items stops here. */
const mostItems = 1_000_000;
const mostElements = 5_000_000;
const mostInflated = 256 * 2 ** 20;

/** An element as a place in the file; its bytes are cut out when they are asked for. */
class Stored implements Element {
  readonly tag: Tag;
  readonly vr: Vr;
  readonly items?: readonly DataSet[];
  readonly fragments?: readonly Uint8Array[];
  readonly #file: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(tag: Tag, vr: Vr, file: Uint8Array, start: number, end: number) {
    this.tag = tag;
    this.vr = vr;
    this.#file = file;
    this.#start = start;
    this.#end = end;
  }

  get bytes(): Uint8Array {
    return this.#file.subarray(this.#start, this.#end);
  }
}

const nothing = new Uint8Array(0);

interface Header {
  readonly vr: Vr;
  readonly length: number;
  /** Written as UN: a sequence is then implicit little endian inside. */
  readonly unknown: boolean;
}

/** How a run of elements ends: with the file, at a given byte, at an item delimiter, or with group 0002. */
type Ending = "file" | "length" | "delimiter" | "meta";

/** Walks through the bytes of one file. */
class Walk {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #problems: Problems;
  #elements = 0;
  #items = 0;

  constructor(bytes: Uint8Array, at: number, problems: Problems) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
    this.#problems = problems;
  }

  /** Reads elements into a set until they end. */
  elements(set: Elements, end: number, layout: Layout, depth: number, ending: Ending): void {
    let before = -1;
    while (this.at < end) {
      if (end - this.at < 8 || (ending === "file" && this.#view.getUint32(this.at) === 0)) return this.#tail(end, ending);
      const tag = this.#tag(layout.littleEndian);
      if (ending === "meta" && tag >>> 16 !== 2) return;
      if (tag >>> 16 === 0xfffe) {
        if (this.#delimiter(tag, ending)) return;
        continue;
      }
      if (tag < before) this.#keep("dicom/order", tag, "does not follow the ascending order of tags", "It is read all the same.");
      before = tag;
      const element = this.#element(tag, set, end, layout, depth);
      if (set.elements.has(tag)) this.#keep("dicom/duplicate", tag, "is there twice", "The first is taken.");
      else set.elements.set(tag, element);
      if (++this.#elements > mostElements) throw this.#problems.error("dicom/too-many-elements", `has more than ${mostElements} elements.`, "Export the file again from its source.");
    }
    if (ending === "delimiter") throw this.#truncated(8, "inside a sequence");
  }

  #tag(littleEndian: boolean): Tag {
    return this.#view.getUint16(this.at, littleEndian) * 0x10000 + this.#view.getUint16(this.at + 2, littleEndian);
  }

  /** A delimiter among elements; true when it ends them. */
  #delimiter(tag: Tag, ending: Ending): boolean {
    if (ending === "delimiter" && tag === itemEnd) {
      this.at += 8;
      return true;
    }
    if (ending === "delimiter") {
      this.#keep("dicom/delimiter", tag, "stands where an item delimiter belongs", "The item is taken to end there.");
      return true;
    }
    this.#keep("dicom/delimiter", tag, "stands outside a sequence", "It is passed over.");
    this.at += 8;
    return false;
  }

  /** Bytes at the end that are no element. */
  #tail(end: number, ending: Ending): void {
    if (ending === "delimiter" || ending === "length") throw this.#cutHeader(item, 8, end);
    for (let i = this.at; i < end; i++) {
      if (this.#bytes[i] !== 0) throw this.#truncated(Math.max(1, 8 - (end - this.at)), "in the header of an element");
    }
    this.#problems.keep("dicom/trailing-zeros", `has ${end - this.at} zero bytes after its last element.`, "They are passed over.");
    this.at = end;
  }

  #element(tag: Tag, set: Elements, end: number, layout: Layout, depth: number): Element {
    const { vr, length, unknown } = layout.explicit ? this.#explicit(tag, layout, end) : this.#implicit(tag, set);
    // PS3.5 6.2.2: a sequence written as UN is implicit little endian inside.
    const inside = unknown ? implicitLittle : layout;
    if (length === undefinedLength) return this.#open(tag, vr, set, end, inside, depth);
    const start = this.at;
    const stop = start + length;
    if (stop > end) throw this.#overrun(tag, length, end);
    if (length % 2 === 1) this.#keep("dicom/odd-length", tag, `has an odd length of ${length} bytes`, "It is read as it is.");
    if (vr === "SQ") return this.#closed(tag, set, stop, inside, depth);
    if (vr === "UN" && length >= 8 && this.#view.getUint32(start) === 0xfeff00e0) return this.#hidden(tag, set, stop, depth);
    this.at = stop;
    return new Stored(tag, vr, this.#bytes, start, stop);
  }

  /** Header of an element with its representation written out; ends at the value. */
  #explicit(tag: Tag, { littleEndian }: Layout, end: number): Header {
    const at = this.at;
    const vr = String.fromCharCode(this.#bytes[at + 4] as number, this.#bytes[at + 5] as number);
    if (!vrs.has(vr)) return this.#strange(tag, vr, littleEndian, end);
    if (!longForms.has(vr)) {
      this.at = at + 8;
      return { vr, length: this.#view.getUint16(at + 6, littleEndian), unknown: false };
    }
    if (end - at < 12) throw this.#cutHeader(tag, 12, end);
    this.at = at + 12;
    const unknown = vr === "UN";
    return { vr: unknown && littleEndian ? this.#known(tag) : vr, length: this.#view.getUint32(at + 8, littleEndian), unknown };
  }

  /** What the dictionary has for an element that went through a system that did not know it. */
  #known(tag: Tag): Vr {
    const vr = vrOf(tag);
    return vr === "XS" ? "UN" : vr;
  }

  /** A representation that the standard does not have: the one reading whose length fits, or none. */
  #strange(tag: Tag, vr: string, littleEndian: boolean, end: number): Header {
    const at = this.at;
    const known = vrOf(tag);
    const letters = /^[A-Z]{2}$/.test(vr);
    const readings = [
      { start: at + 12, length: letters && end - at >= 12 && this.#view.getUint16(at + 6) === 0 ? this.#view.getUint32(at + 8, littleEndian) : NaN, how: "a long form" },
      { start: at + 8, length: letters ? this.#view.getUint16(at + 6, littleEndian) : NaN, how: "a short form" },
      { start: at + 8, length: this.#view.getUint32(at + 4, littleEndian), how: "an implicit one" },
    ];
    const fits = readings.find(({ start, length }) => start + length <= end);
    const shown = letters ? vr : `bytes ${[...vr].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join(" ")}`;
    if (fits === undefined) {
      throw this.#problems.error("dicom/representation", `${nameOf(tag)} has the unknown representation ${shown} at byte ${at}, and no length that fits.`, resend);
    }
    this.#keep("dicom/representation", tag, `has the unknown representation ${shown}`, `Its header is read as ${fits.how}.`);
    this.at = fits.start;
    return { vr: known === "XS" ? "UN" : known, length: fits.length, unknown: false };
  }

  #implicit(tag: Tag, set: Elements): Header {
    const length = this.#view.getUint32(this.at + 4, true);
    this.at += 8;
    const vr = vrOf(tag);
    return { vr: vr === "XS" ? (set.inherited(tags.PixelRepresentation) === 1 ? "SS" : "US") : vr, length, unknown: vr === "UN" };
  }

  /** An element of undefined length: a sequence, or pixel data in fragments. */
  #open(tag: Tag, vr: Vr, set: Elements, end: number, layout: Layout, depth: number): Element {
    if (tag === tags.PixelData && layout.explicit) return this.#fragments(tag, vr, end, layout.littleEndian);
    if (vr !== "SQ" && vr !== "UN") {
      throw this.#problems.error("dicom/length", `${nameOf(tag)} (${vr}) has no length, which only sequences and compressed pixels may have.`, resend);
    }
    return { tag, vr: "SQ", bytes: nothing, items: this.#sequence(tag, set, end, layout, depth, true) };
  }

  #closed(tag: Tag, set: Elements, stop: number, layout: Layout, depth: number): Element {
    const start = this.at;
    const mark = this.#problems.mark;
    try {
      return { tag, vr: "SQ", bytes: nothing, items: this.#sequence(tag, set, stop, layout, depth, false) };
    } catch (error) {
      if (!(error instanceof HapaxError) || !isPrivate(tag)) throw error;
      return this.#unread(tag, start, stop, mark);
    }
  }

  /** Bytes of an unknown representation that begin like a sequence. */
  #hidden(tag: Tag, set: Elements, stop: number, depth: number): Element {
    const start = this.at;
    const mark = this.#problems.mark;
    try {
      return { tag, vr: "SQ", bytes: nothing, items: this.#sequence(tag, set, stop, implicitLittle, depth, false) };
    } catch (error) {
      if (!(error instanceof HapaxError)) throw error;
      return this.#unread(tag, start, stop, mark);
    }
  }

  /** A sequence that nobody here understands, kept as its bytes. */
  #unread(tag: Tag, start: number, stop: number, mark: number): Element {
    this.#problems.list.length = mark;
    this.#keep("dicom/private-sequence", tag, "is a sequence that cannot be read", "Its bytes are kept and not used.");
    this.at = stop;
    return new Stored(tag, "UN", this.#bytes, start, stop);
  }

  #sequence(tag: Tag, set: Elements, end: number, layout: Layout, depth: number, open: boolean): readonly DataSet[] {
    if (depth >= deepest) throw this.#problems.error("dicom/depth", `${nameOf(tag)} lies more than ${deepest} sequences deep.`, "The file is damaged or hostile; it is not read.");
    const items: DataSet[] = [];
    while (this.at < end) {
      if (end - this.at < 8) throw this.#cutHeader(tag, 8, end);
      const met = this.#tag(layout.littleEndian);
      const length = this.#view.getUint32(this.at + 4, layout.littleEndian);
      if (met === sequenceEnd) {
        this.at += 8;
        if (open) return items;
        this.#keep("dicom/delimiter", tag, "has a length and a delimiter as well", "It is read to its delimiter.");
        this.at = end;
        return items;
      }
      if (met !== item) throw this.#problems.error("dicom/sequence", `${nameOf(tag)} has ${nameOf(met)} at byte ${this.at}, where an item belongs.`, resend);
      this.at += 8;
      items.push(this.#item(tag, length, set, end, layout, depth));
    }
    if (open) throw this.#truncated(8, `inside ${nameOf(tag)}`);
    return items;
  }

  #item(tag: Tag, length: number, outer: Elements, end: number, layout: Layout, depth: number): DataSet {
    if (++this.#items > mostItems) throw this.#problems.error("dicom/too-many-items", `has more than ${mostItems} sequence items.`, "Export the file again from its source.");
    const open = length === undefinedLength;
    const stop = open ? end : this.at + length;
    if (stop > end) throw this.#overrun(tag, length, end);
    const inside = this.#layoutInside(tag, stop, layout);
    const set = new Elements(inside.littleEndian, this.#problems, outer);
    this.elements(set, stop, inside, depth + 1, open ? "delimiter" : "length");
    return set;
  }

  /** Some writers change the layout inside sequences. */
  #layoutInside(tag: Tag, end: number, layout: Layout): Layout {
    if (!layout.littleEndian || end - this.at < 8 || this.#tag(true) >>> 16 === 0xfffe) return layout;
    const met = layoutAt(this.#view, this.at, end);
    if (met === undefined || met.explicit === layout.explicit || !met.littleEndian) return layout;
    this.#keep("dicom/layout", tag, `is ${nameOfLayout(met)} inside a file that is ${nameOfLayout(layout)}`, "It is read as met.");
    return met;
  }

  /** Encapsulated pixel data: only lengths count, for compressed bytes may look like a delimiter. */
  #fragments(tag: Tag, vr: Vr, end: number, littleEndian: boolean): Element {
    const fragments: Uint8Array[] = [];
    while (end - this.at >= 8) {
      const met = this.#tag(littleEndian);
      const length = this.#view.getUint32(this.at + 4, littleEndian);
      if (met !== item && met !== sequenceEnd) throw this.#problems.error("dicom/fragments", `${nameOf(tag)} has ${nameOf(met)} at byte ${this.at}, where a piece of compressed pixels belongs.`, resend);
      this.at += 8;
      if (met === sequenceEnd) return { tag, vr, bytes: nothing, fragments };
      if (this.at + length > end) throw this.#overrun(tag, length, end);
      fragments.push(this.#bytes.subarray(this.at, this.at + length));
      this.at += length;
    }
    throw this.#truncated(8 - (end - this.at), `inside ${nameOf(tag)}`);
  }

  #overrun(tag: Tag, length: number, end: number): HapaxError {
    const missing = this.at + length - this.#bytes.length;
    if (missing > 0) return this.#truncated(missing, `inside ${nameOf(tag)}, which says it has ${length} bytes`);
    return this.#problems.error("dicom/length", `${nameOf(tag)} says it has ${length} bytes; ${end - this.at} are left in its item (byte ${this.at}).`, resend);
  }

  /** Bytes too few for the header of what belongs here. */
  #cutHeader(tag: Tag, needed: number, end: number): HapaxError {
    if (end === this.#bytes.length) return this.#truncated(needed - (end - this.at), `in the header of an element of ${nameOf(tag)}`);
    return this.#problems.error("dicom/length", `${nameOf(tag)} has ${end - this.at} bytes at byte ${this.at} that are no element.`, resend);
  }

  #truncated(missing: number, where: string): HapaxError {
    const bytes = `${missing} byte${missing === 1 ? " is" : "s are"} missing`;
    return this.#problems.error("dicom/truncated", `ends ${where}: at least ${bytes} after byte ${this.#bytes.length}.`, "The transfer was cut off; send the file again.");
  }

  #keep(code: string, tag: Tag, what: string, done: string): void {
    this.#problems.keep(code, `${nameOf(tag)} ${what}.`, done);
  }
}

const resend = "The file is damaged; export it again from its source.";

/** The layout that the first element at a byte has; undefined when it is no element at all. */
function layoutAt(view: DataView, at: number, end: number): Layout | undefined {
  if (end - at < 8) return undefined;
  const littleEndian = view.getUint16(at, true) <= view.getUint16(at, false);
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  const length = view.getUint32(at + 4, true);
  const implicitFits = littleEndian && (length === undefinedLength || at + 8 + length <= end);
  if (vrs.has(vr)) {
    const explicitFits = longForms.has(vr) || at + 8 + view.getUint16(at + 6, littleEndian) <= end;
    if (explicitFits) return { explicit: true, littleEndian };
  }
  return implicitFits ? implicitLittle : undefined;
}

/** True where a file without preamble and meta header may begin. */
function beginsLikeDicom(view: DataView, at: number): boolean {
  const met = layoutAt(view, at, view.byteLength);
  if (met === undefined) return false;
  const tag = view.getUint16(at, met.littleEndian) * 0x10000 + view.getUint16(at + 2, met.littleEndian);
  return keywordOf(tag) !== undefined || ((tag & 0xffff) === 0 && tag >>> 16 >= 2 && tag >>> 16 <= 0x20);
}

/** Where the elements begin, after the preamble of 128 bytes and DICM. */
function beginning(view: DataView, problems: Problems): number {
  const dicm = 0x4449434d;
  if (view.byteLength === 0) throw problems.error("dicom/empty", "is empty: it has 0 bytes.", "The transfer was cut off; send the file again.");
  if (view.byteLength >= 132 && view.getUint32(128) === dicm) return 132;
  if (view.byteLength >= 4 && view.getUint32(0) === dicm) {
    problems.keep("dicom/preamble", "begins without the preamble of 128 bytes.", "It is read from its mark DICM on.");
    return 4;
  }
  // A header cut off by hand may leave the padding byte of its last value.
  const stray = view.byteLength > 1 && (view.getUint8(0) === 0 || view.getUint8(0) === 0x20);
  const start = beginsLikeDicom(view, 0) ? 0 : stray && beginsLikeDicom(view, 1) ? 1 : undefined;
  if (start === undefined) {
    throw problems.error("dicom/not-dicom", "is no DICOM file: it has neither the mark DICM nor a first element.", "Leave it out, or export the image as DICOM.");
  }
  problems.keep("dicom/preamble", "has neither preamble nor the mark DICM.", `It is read from byte ${start}, where an element begins.`);
  return start;
}

/** Group 0002, and whether its stated length is where it ends. */
function readMeta(walk: Walk, end: number, view: DataView, problems: Problems): Elements {
  const meta = new Elements(true, problems);
  const start = walk.at;
  if (end - start < 8 || view.getUint16(start, true) !== 2) {
    problems.keep("dicom/meta", "has no meta header (group 0002).", "Its layout is told from its first element.");
    return meta;
  }
  const layout = layoutAt(view, start, end) ?? explicitLittle;
  if (!layout.explicit) problems.keep("dicom/meta", "has an implicit meta header.", "It is read as such.");
  walk.elements(meta, end, layout.littleEndian ? layout : explicitLittle, 0, "meta");
  const stated = meta.number(tags.FileMetaInformationGroupLength);
  // The group length element itself has 12 bytes (8 + 4).
  const met = walk.at - start - 12;
  if (stated === undefined) problems.keep("dicom/meta-length", "has a meta header without its length.", "It is read to the end of group 0002.");
  else if (stated !== met) problems.keep("dicom/meta-length", `has a meta header of ${met} bytes that says it has ${stated}.`, "It is read to the end of group 0002.");
  return meta;
}

/** The layout to read by: as stated, unless the first element shows another. */
function settleLayout(stated: string | undefined, view: DataView, at: number, problems: Problems): Layout {
  const met = layoutAt(view, at, view.byteLength);
  if (stated === undefined) {
    if (met === undefined) throw problems.error("dicom/layout", `names no transfer syntax, and byte ${at} begins no element.`, resend);
    problems.keep("dicom/transfer-syntax", "names no transfer syntax.", `It is read as ${nameOfLayout(met)}, which its first element shows.`);
    return met;
  }
  const layout = layoutOf(stated);
  const group = met === undefined ? Infinity : view.getUint16(at, met.littleEndian);
  if (met === undefined || group > 0xff || (met.explicit === layout.explicit && met.littleEndian === layout.littleEndian)) return layout;
  problems.keep("dicom/layout", `says it is ${nameOfLayout(layout)} (${stated}), and its first element is ${nameOfLayout(met)}.`, "It is read as met.");
  return met;
}

/** The bytes of a deflated data set, stopped before they outgrow memory. */
function inflate(bytes: Uint8Array, problems: Problems): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    if (length > mostInflated) throw problems.error("dicom/deflate-limit", `unpacks to more than ${mostInflated / 2 ** 20} MB.`, "Export it without compression.");
    chunks.push(chunk);
  });
  const step = 1 << 16;
  try {
    for (let at = 0; at < bytes.length; at += step) stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  } catch (error) {
    if (error instanceof HapaxError) throw error;
    throw problems.error("dicom/deflate", `is deflated, and its ${bytes.length} packed bytes are damaged or cut off.`, "Send the file again.");
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const inferred = (layout: Layout): string =>
  layout.explicit ? (layout.littleEndian ? transferSyntaxes.explicitLittleEndian : transferSyntaxes.explicitBigEndian) : transferSyntaxes.implicitLittleEndian;

/**
 * Reads a DICOM file. Elements stay where they lie in `file`; nothing is copied but what was deflated.
 *
 * @param file  the whole file
 * @param name  its name, for messages
 * @returns     data set, transfer syntax (as met, where the stated one is wrong) and every deviation that was read all the same
 * @throws      dicom/not-dicom, dicom/truncated, dicom/length and others where the elements cannot be told truly
 */
export function readFile(file: Uint8Array, name: string): DicomFile {
  const problems = new Problems(name);
  // Node's Buffer is a Uint8Array whose slices share memory; here they are plain.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const walk = new Walk(bytes, beginning(view, problems), problems);
  const meta = readMeta(walk, bytes.length, view, problems);
  if (walk.at >= bytes.length) throw problems.error("dicom/empty", "has no data set after its header.", "The transfer was cut off; send the file again.");
  const stated = meta.text(tags.TransferSyntaxUID);
  if (stated === transferSyntaxes.deflated) return readDeflated(bytes.subarray(walk.at), name, stated, problems);
  const layout = settleLayout(stated, view, walk.at, problems);
  const data = new Elements(layout.littleEndian, problems);
  walk.elements(data, bytes.length, layout, 0, "file");
  const same = stated !== undefined && layoutOf(stated).explicit === layout.explicit && layoutOf(stated).littleEndian === layout.littleEndian;
  return { name, transferSyntax: same ? stated : inferred(layout), data, problems: problems.list };
}

function readDeflated(packed: Uint8Array, name: string, transferSyntax: string, problems: Problems): DicomFile {
  const bytes = inflate(packed, problems);
  const data = new Elements(true, problems);
  new Walk(bytes, 0, problems).elements(data, bytes.length, explicitLittle, 0, "file");
  return { name, transferSyntax, data, problems: problems.list };
}
