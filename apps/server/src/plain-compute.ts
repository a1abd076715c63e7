import type { CaseRecord, Finding } from "@hapax/case";
import type { Compute } from "./compute.ts";

/** For tests of the server alone: one finding that repeats the title, and documents that are the title. */
export const plainCompute: Compute = {
  workup: (record, options) => ({ findings: [titleFinding(record, options?.asOf)], lead: `${record.title}.`, open: [] }),
  summary: (record) => ({ name: record.name, what: record.title, tumor: record.tumor, entries: record.entries.length }),
  rules: [{ id: "test/title", question: "Title", about: "The title.", source: [], file: "packages/test/src/title.ts" }],
  report: async (record) => new TextEncoder().encode(`<!doctype html><title>${record.title}</title>`),
  figures: ["timeline"],
  figure: async (record) => new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><title>${record.id}</title></svg>`),
};

function titleFinding(record: CaseRecord, asOf: string | undefined): Finding {
  return {
    rule: "test/title",
    question: "Title",
    status: "determined",
    value: record.title,
    bounds: { low: 0, high: Infinity, unit: "d" },
    text: record.title,
    brief: asOf ?? "now",
    because: [],
    missing: [],
    assumptions: [],
    source: [],
  };
}
