export * from "./contract.ts";
export * from "./pglite.ts";
export * from "./postgres.ts";
