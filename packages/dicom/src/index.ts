export type { DataSet, DicomFile, Element, Tag, Vr } from "./data-set.ts";
export { isPrivate, keywordOf, nameOf, tags, vrOf, type Keyword } from "./dictionary.ts";
export { isoDate, isoDateTime, isoTime } from "./dates.ts";
export { readFile } from "./read.ts";
export { transferSyntaxes } from "./transfer-syntaxes.ts";
export { decimal } from "./decimal.ts";
export { dataSetOf, dicomFile, writeFile, type Tree, type Value, type WriteOptions } from "./write.ts";
