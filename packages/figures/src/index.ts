export * from "./marks.ts";
export * from "./svg.ts";
export * from "./text.ts";
export * from "./timeline-rows.ts";
export * from "./timeline.ts";
export * from "./tokens.ts";
