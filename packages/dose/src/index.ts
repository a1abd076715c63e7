export * from "./density.ts";
export * from "./fluence.ts";
export * from "./machine.ts";
export * from "./medium.ts";
export * from "./nyholm.ts";
