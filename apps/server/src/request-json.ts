import type { z } from "zod";
import { HapaxError } from "@hapax/base";
import { decodeText, parseJson } from "@hapax/files";

/** A body as the value that a route takes. @throws files/encoding, files/json; server/request with every place that does not fit */
export function requestJson<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  const result = schema.safeParse(parseJson(decodeText(body, "The request"), "The request"));
  if (result.success) return result.data;
  const problems = result.error.issues.map((i) => new HapaxError("server/request", `${i.path.join(".") || "The request"}: ${i.message}.`, "See /api/openapi.json."));
  throw new HapaxError("server/request", problems.map((p) => p.what).join(" "), "See /api/openapi.json for what is taken.", problems);
}
