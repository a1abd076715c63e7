export * from "./plan-made.ts";
export * from "./request.ts";
export * from "./setting.ts";
export * from "./optimize/terms.ts";
export * from "./deliver/segment.ts";
export * from "./treatment-plan.ts";
