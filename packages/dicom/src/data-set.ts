import type { HapaxError } from "@hapax/base";

/** A tag as one number, group first: PatientID is 0x00100020. */
export type Tag = number;

/** A value representation of PS3.5, two capitals. */
export type Vr = string;

/**
 * One element as it lies in the file: the bytes are read only when a value is asked for. A sequence has items, an
 * encapsulated pixel element has fragments.
 */
export interface Element {
  readonly tag: Tag;
  readonly vr: Vr;
  /** Value bytes in the byte order of the data set; empty for a sequence. */
  readonly bytes: Uint8Array;
  readonly items?: readonly DataSet[];
  /** Encapsulated pixel data: offset table first, as PS3.5 A.4 has it. */
  readonly fragments?: readonly Uint8Array[];
}

/**
 * Elements by tag. Readers give undefined for what is absent or empty, and for what cannot be read as asked: then the
 * problem is kept in `problems`, once.
 */
export interface DataSet {
  readonly elements: ReadonlyMap<Tag, Element>;
  readonly littleEndian: boolean;
  has(tag: Tag): boolean;
  /** First value as text in the character set of the data set, padding taken off. */
  text(tag: Tag): string | undefined;
  texts(tag: Tag): readonly string[];
  /** First value as a number, of DS, IS and every binary number; undefined when it is no number. */
  number(tag: Tag): number | undefined;
  numbers(tag: Tag): readonly number[];
  /** Items of a sequence; none where it is absent. */
  items(tag: Tag): readonly DataSet[];
}

/** A DICOM file: its meta header and its data set. */
export interface DicomFile {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly transferSyntax: string;
  readonly data: DataSet;
  /** What was met that is not as the standard has it, and was read all the same. */
  readonly problems: readonly HapaxError[];
}
