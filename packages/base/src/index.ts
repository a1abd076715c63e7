export * from "./errors.ts";
export * from "./units.ts";
export * from "./words.ts";
export * from "./frames.ts";
export * from "./grid.ts";
export * from "./iec61217.ts";
