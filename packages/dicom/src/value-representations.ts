import type { Vr } from "./data-set.ts";

/** Bytes of one number of a binary representation. */
export const numberBytes: Readonly<Record<Vr, number>> = { US: 2, SS: 2, OW: 2, UL: 4, SL: 4, FL: 4, OF: 4, OL: 4, FD: 8, OD: 8, OV: 8, SV: 8, UV: 8, AT: 4 };

/** Bytes that change place between little and big endian: AT is two numbers of two bytes. */
export const swapBytes = (vr: Vr): number => (vr === "AT" ? 2 : (numberBytes[vr] ?? 1));

/** Explicit representations whose length has four bytes. */
export const longForms: ReadonlySet<Vr> = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

const shortForms = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"];
export const vrs: ReadonlySet<Vr> = new Set([...longForms, ...shortForms]);

/** Text in the character set of the data set; all other text is ASCII. */
export const inCharacterSet: ReadonlySet<Vr> = new Set(["SH", "LO", "ST", "LT", "UC", "UT", "PN"]);

/** Text of one value, in which a backslash is a backslash. */
export const oneText: ReadonlySet<Vr> = new Set(["ST", "LT", "UT", "UR"]);

export const isText = (vr: Vr): boolean => vrs.has(vr) && numberBytes[vr] === undefined && vr !== "OB" && vr !== "SQ" && vr !== "UN";

/** The bytes with each number of `width` bytes turned around. */
export function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += width) {
    for (let i = 0; i < width; i++) out[start + i] = bytes[start + width - 1 - i] ?? 0;
  }
  return out;
}
