import { z } from "zod";
import { CaseRecord } from "./record.ts";

/** The record as JSON Schema (2020-12), for editors and other programs. */
export function caseJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(CaseRecord, { target: "draft-2020-12", io: "input", reused: "ref" });
  return { ...schema, title: "Hapax case", $comment: "Generated from packages/case/src; run npm run schema." };
}
