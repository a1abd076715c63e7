import { textReader, ascii, type TextReader } from "./character-sets.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { nameOf, tags } from "./dictionary.ts";
import type { Problems } from "./problems.ts";
import { inCharacterSet, isText, numberBytes, oneText } from "./value-representations.ts";

const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const shown = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Text without the blanks and zeros at its end; a pattern would take quadratic time on a text full of blanks. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\0")) end--;
  return text.slice(0, end);
}

/** A data set as its elements lie in memory. */
export class Elements implements DataSet {
  readonly elements = new Map<Tag, Element>();
  readonly littleEndian: boolean;
  readonly #problems: Problems;
  readonly #outer: Elements | undefined;
  #reader: TextReader | undefined;

  constructor(littleEndian: boolean, problems: Problems, outer?: Elements) {
    this.littleEndian = littleEndian;
    this.#problems = problems;
    this.#outer = outer;
  }

  has(tag: Tag): boolean {
    return this.elements.has(tag);
  }

  text(tag: Tag): string | undefined {
    const first = this.texts(tag)[0];
    return first === "" ? undefined : first;
  }

  texts(tag: Tag): readonly string[] {
    const element = this.elements.get(tag);
    if (element === undefined || element.bytes.length === 0) return [];
    if (numberBytes[element.vr] !== undefined) return this.numbers(tag).map(String);
    if (!isText(element.vr)) return this.#unreadable(element, "text");
    const text = this.#decoded(element);
    if (oneText.has(element.vr)) return [withoutPadding(text)];
    return text.split("\\").map((value) => withoutPadding(value).trimStart());
  }

  number(tag: Tag): number | undefined {
    return this.numbers(tag)[0];
  }

  numbers(tag: Tag): readonly number[] {
    const element = this.elements.get(tag);
    if (element === undefined || element.bytes.length === 0) return [];
    if (numberBytes[element.vr] !== undefined) return this.#binary(element);
    if (!isText(element.vr)) return this.#unreadable(element, "numbers");
    return this.#decimals(element);
  }

  items(tag: Tag): readonly DataSet[] {
    return this.elements.get(tag)?.items ?? [];
  }

  /** The value that holds here: of this data set, or of the one around it. */
  inherited(tag: Tag): number | undefined {
    return this.number(tag) ?? this.#outer?.inherited(tag);
  }

  #decoded(element: Element): string {
    if (!inCharacterSet.has(element.vr)) return ascii(element.bytes);
    const { bytes } = element;
    let i = 0;
    while (i < bytes.length && (bytes[i] as number) < 0x80 && bytes[i] !== 0x1b) i++;
    if (i === bytes.length) return ascii(bytes);
    const text = this.#textReader()(bytes);
    if (text.includes("�")) {
      const set = this.#characterSet().join("\\") || "none";
      this.#keep("dicom/text", element.tag, `has bytes that its character set (${set}) does not know`, "They are shown as �.");
    }
    return text;
  }

  #characterSet(): readonly string[] {
    return this.elements.has(tags.SpecificCharacterSet) ? this.texts(tags.SpecificCharacterSet) : (this.#outer === undefined ? [] : this.#outer.#characterSet());
  }

  #textReader(): TextReader {
    if (this.#reader !== undefined) return this.#reader;
    const { read, unknown } = textReader(this.#characterSet());
    if (unknown.length > 0) {
      this.#keep("dicom/character-set", tags.SpecificCharacterSet, `is ${unknown.map(shown).join(" and ")}, which is not known here`, "Letters beyond ASCII are shown as �.");
    }
    this.#reader = read;
    return read;
  }

  #binary({ tag, vr, bytes }: Element): readonly number[] {
    const width = numberBytes[vr] as number;
    if (bytes.length % width !== 0) {
      this.#keep("dicom/value-length", tag, `has ${bytes.length} bytes, no multiple of ${width}`, "It is read as not recorded.");
      return [];
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const read = reader(view, vr, this.littleEndian);
    const values = new Array<number>(bytes.length / width);
    for (let i = 0; i < values.length; i++) values[i] = read(i * width);
    return values;
  }

  #decimals(element: Element): readonly number[] {
    const values = withoutPadding(ascii(element.bytes)).split("\\").map((value) => value.trim());
    if (values.length === 1 && values[0] === "") return [];
    const numbers = new Array<number>(values.length);
    for (const [i, value] of values.entries()) {
      const number = decimalPattern.test(value) ? Number(value) : NaN;
      if (!Number.isFinite(number)) {
        this.#keep("dicom/number", element.tag, `has the value “${shown(value)}”, which is no number`, "It is read as not recorded.");
        return [];
      }
      if (element.vr === "IS" && !Number.isInteger(number)) {
        this.#keep("dicom/integer", element.tag, `has the value ${shown(value)}, which is no whole number`, "It is read as not recorded.");
        return [];
      }
      numbers[i] = number;
    }
    return numbers;
  }

  #unreadable({ tag, vr }: Element, wanted: string): [] {
    this.#keep("dicom/value", tag, `is of representation ${vr} and cannot be read as ${wanted}`, "It is read as not recorded.");
    return [];
  }

  #keep(code: string, tag: Tag, what: string, done: string): void {
    this.#problems.keep(code, `${nameOf(tag)} ${what}.`, done);
  }
}

/** Reads one number at a byte. */
function reader(view: DataView, vr: string, little: boolean): (at: number) => number {
  switch (vr) {
    case "SS": return (at) => view.getInt16(at, little);
    case "UL": case "OL": return (at) => view.getUint32(at, little);
    case "SL": return (at) => view.getInt32(at, little);
    case "FL": case "OF": return (at) => view.getFloat32(at, little);
    case "FD": case "OD": return (at) => view.getFloat64(at, little);
    case "SV": return (at) => Number(view.getBigInt64(at, little));
    case "UV": case "OV": return (at) => Number(view.getBigUint64(at, little));
    case "AT": return (at) => (view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little));
    default: return (at) => view.getUint16(at, little);
  }
}
