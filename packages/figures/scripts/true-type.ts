import { readFileSync } from "node:fs";

/** Advance of each character in thousandths of an em; undefined where the font has no glyph. */
export function advances(file: string): (character: string) => number | undefined {
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
