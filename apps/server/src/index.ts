export * from "./app.ts";
export * from "./compute.ts";
export * from "./finding-json.ts";
export * from "./house.ts";
export * from "./open-api.ts";
export * from "./routes.ts";
export * from "./start.ts";
export * from "./take-in.ts";
