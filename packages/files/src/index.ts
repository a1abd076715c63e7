export * from "./bundle.ts";
export * from "./folder.ts";
export * from "./text.ts";
export * from "./volume-bytes.ts";
