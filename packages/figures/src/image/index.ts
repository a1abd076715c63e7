export * from "./dose-bands.ts";
export * from "./image-colors.ts";
export * from "./picture.ts";
export * from "./plane.ts";
export * from "./structure-colors.ts";
export * from "./structure-lines.ts";
