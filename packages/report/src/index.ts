export * from "./figure-data.ts";
export * from "./care.ts";
export * from "./document.ts";
export { glossaryOf } from "./glossary.ts";
export * from "./html.ts";
export { notes, placesOf } from "./notes.ts";
export * from "./report.ts";
