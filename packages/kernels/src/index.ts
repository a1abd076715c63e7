export * from "./dormand-prince.ts";
export * from "./nelder-mead.ts";
export * from "./wright-omega.ts";
