export * from "./lead.ts";
export * from "./open.ts";
export * from "./rules.ts";
export * from "./summary.ts";
export * from "./tumors.ts";
export * from "./workup.ts";
