import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TDocumentDefinitions } from "pdfmake/interfaces.js";
import pdfmake from "pdfmake";

const require = createRequire(import.meta.url);
const fontFolder = (name: string) => join(dirname(require.resolve(`${name}/package.json`)), "TTF");
const face = (folder: string, name: string) => ({
  normal: join(folder, `${name}-Regular.ttf`),
  bold: join(folder, `${name}-Semibold.ttf`),
  italics: join(folder, `${name}-It.ttf`),
  bolditalics: join(folder, `${name}-SemiboldIt.ttf`),
});
const fonts = {
  "Source Serif 4": face(fontFolder("source-serif"), "SourceSerif4"),
  "Source Sans 3": face(fontFolder("source-sans"), "SourceSans3"),
  "Source Code Pro": face(fontFolder("source-code-pro"), "SourceCodePro"),
};
const fontFiles: ReadonlySet<string> = new Set(Object.values(fonts).flatMap((f) => Object.values(f)));

/** What a definition gives as its creation date, since pdfkit insists on one; it does not stand in the file. */
export const noDate = new Date(0);

/** A definition as the bytes of a PDF, the fonts of the house embedded; the same definition gives the same bytes. */
export async function pdfBytes(definition: TDocumentDefinitions): Promise<Uint8Array> {
  // A document needs nothing from the network and no file but its fonts.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => fontFiles.has(path));
  pdfmake.setFonts(fonts);
  const buffer = await pdfmake.createPdf(definition).getBuffer();
  return withoutDate(new Uint8Array(buffer));
}

/** The entry of the date is blanked in place, so that no offset of the file moves. */
function withoutDate(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entry = /\/CreationDate \d+ 0 R/.exec(buffer.toString("latin1"));
  if (entry !== null) buffer.write(" ".repeat(entry[0].length), entry.index, "latin1");
  return bytes;
}
