export * from "./affine.ts";
export * from "./dormand-prince.ts";
export * from "./nelder-mead.ts";
export * from "./resample.ts";
export * from "./wright-omega.ts";
export * from "./isolines.ts";
export * from "./slice.ts";
export * from "./slice-shades.ts";
