export * from "./errors.ts";
export * from "./units.ts";
export * from "./words.ts";
