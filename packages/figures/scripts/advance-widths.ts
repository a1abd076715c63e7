/**
 * Reads the advance widths of Source Sans 3 from its TTF files and writes src/advance-widths.json, so that a figure
 * can measure its labels without a browser. Run again when the font package changes:
 *
 *   node packages/figures/scripts/advance-widths.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const fonts = join(dirname(createRequire(import.meta.url).resolve("source-sans/package.json")), "TTF");

/** Printable Latin-1 and Latin Extended-A, Greek, and the signs that the house writes. */
const characters = [
  ...range(0x20, 0x7e),
  ...range(0xa0, 0x17f),
  ...range(0x391, 0x3a9),
  ...range(0x3b1, 0x3c9),
  ..."\u2009\u202f\u2002\u2003–—‘’‚“”„†‡•…‰′″‹›⁄€™←↑→↓↔−∂∆∏∑∕√∞∫≈≠≤≥⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋",
].filter((c, i, all) => all.indexOf(c) === i);

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
}

/** Advance of each character in thousandths of an em; undefined where the font has no glyph. */
function advances(file: string): (character: string) => number | undefined {
  const data = readFileSync(file);
  const tables = new Map<string, number>();
  for (let i = 0; i < data.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    tables.set(data.toString("latin1", at, at + 4), data.readUInt32BE(at + 8));
  }
  const table = (tag: string) => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`${file} has no ${tag} table.`);
    return at;
  };
  const perEm = data.readUInt16BE(table("head") + 18);
  const metrics = data.readUInt16BE(table("hhea") + 34);
  const glyphOf = characterMap(data, table("cmap"));
  return (character) => {
    const glyph = glyphOf(character.codePointAt(0) ?? 0);
    if (glyph === 0) return undefined;
    const width = data.readUInt16BE(table("hmtx") + 4 * Math.min(glyph, metrics - 1));
    return Math.round((1000 * width) / perEm);
  };
}

/** The Unicode map of a font (cmap format 4, the basic plane): code point to glyph, 0 where there is none. */
function characterMap(data: Buffer, cmap: number): (code: number) => number {
  for (let i = 0; i < data.readUInt16BE(cmap + 2); i++) {
    const at = cmap + data.readUInt32BE(cmap + 8 + 8 * i);
    if (data.readUInt16BE(at) !== 4) continue;
    const twice = data.readUInt16BE(at + 6);
    const ends = at + 14;
    const starts = ends + twice + 2;
    const deltas = starts + twice;
    const offsets = deltas + twice;
    return (code) => {
      for (let s = 0; s < twice; s += 2) {
        if (code > data.readUInt16BE(ends + s)) continue;
        const start = data.readUInt16BE(starts + s);
        if (code < start) return 0;
        const delta = data.readUInt16BE(deltas + s);
        const offset = data.readUInt16BE(offsets + s);
        if (offset === 0) return (code + delta) & 0xffff;
        const glyph = data.readUInt16BE(offsets + s + offset + 2 * (code - start));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error("The font has no Unicode map of format 4.");
}

const regular = advances(join(fonts, "SourceSans3-Regular.ttf"));
const semibold = advances(join(fonts, "SourceSans3-Semibold.ttf"));
const known = characters.filter((c) => regular(c) !== undefined && semibold(c) !== undefined);
const widths = { characters: known.join(""), regular: known.map(regular), semibold: known.map(semibold) };
writeFileSync(new URL("../src/advance-widths.json", import.meta.url), `${JSON.stringify(widths)}\n`);
console.log(`${known.length} characters; without a glyph: ${characters.filter((c) => !known.includes(c)).join(" ") || "none"}`);
