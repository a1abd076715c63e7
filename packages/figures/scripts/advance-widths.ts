/**
 * Reads the advance widths of Source Sans 3 from its TTF files and writes src/advance-widths.json, so that a figure
 * can measure its labels without a browser. Run again when the font package changes:
 *
 *   node packages/figures/scripts/advance-widths.ts
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { advances } from "./true-type.ts";

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

const regular = advances(join(fonts, "SourceSans3-Regular.ttf"));
const semibold = advances(join(fonts, "SourceSans3-Semibold.ttf"));
const known = characters.filter((c) => regular(c) !== undefined && semibold(c) !== undefined);
const widths = { characters: known.join(""), regular: known.map(regular), semibold: known.map(semibold) };
writeFileSync(new URL("../src/advance-widths.json", import.meta.url), `${JSON.stringify(widths)}\n`);
console.log(`${known.length} characters; without a glyph: ${characters.filter((c) => !known.includes(c)).join(" ") || "none"}`);
