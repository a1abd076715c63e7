export * from "./plan-report.ts";
export type { WashLevels } from "./pictures.ts";
