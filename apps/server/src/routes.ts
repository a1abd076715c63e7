import { z } from "zod";
import { HapaxError } from "@hapax/base";
import { caseJsonSchema, newCase, parseCase, type CaseRecord, type ViewOptions } from "@hapax/case";
import { exportBundle, parseJson } from "@hapax/files";
import type { CaseRow } from "@hapax/store";
import type { FigureKind, ReportKind } from "./compute.ts";
import { findingJson } from "./finding-json.ts";
import { openApi } from "./open-api.ts";
import { planRoutes } from "./plans/routes.ts";
import { requestJson } from "./request-json.ts";
import type { Ask, House, Route } from "./route.ts";
import { scanRoutes } from "./scans/routes.ts";
import { freeId, summarize, takeIn } from "./take-in.ts";

const name = z.string().min(1).max(300);
const NewCase = z.union([
  z.strictObject({ id: name.optional(), name, tumor: name }),
  z.strictObject({ record: z.unknown() }),
]);
const Save = z.strictObject({ record: z.unknown(), expected: z.number().int().min(0), what: z.string().max(300).default("edited") });
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Filter = z.strictObject({
  text: z.string().max(300).optional(),
  equals: z.record(z.string(), scalar).optional(),
  oneOf: z.record(z.string(), z.array(z.string()).max(1000)).optional(),
  range: z.record(z.string(), z.strictObject({ min: z.number().optional(), max: z.number().optional() })).optional(),
  limit: z.number().int().min(1).max(100_000).optional(),
});

const json = "application/json";
const zip = "application/zip";
const reportTypes: Readonly<Record<ReportKind, string>> = {
  html: "text/html; charset=utf-8",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};
const figureTypes: Readonly<Record<FigureKind, string>> = {
  svg: "image/svg+xml",
  png: "image/png",
  tsv: "text/tab-separated-values; charset=utf-8",
};
const asOf = { asOf: "Time point up to which the record is read, such as T3" };

export const routes: readonly Route[] = [
  {
    method: "get",
    path: "/api/health",
    summary: "Whether the server runs; needs no token",
    gives: [json, "{ ok, name, version }"],
    handle: ({ version }) => ({ json: { ok: true, name: "hapax", version } }),
  },
  {
    method: "get",
    path: "/api/openapi.json",
    summary: "This description",
    gives: [json, "OpenAPI 3.1"],
    handle: ({ version }) => ({ json: openApi(routes, version) }),
  },
  {
    method: "get",
    path: "/api/case.schema.json",
    summary: "The record as JSON Schema",
    gives: [json, "JSON Schema 2020-12"],
    handle: () => ({ json: caseJsonSchema() }),
  },
  {
    method: "get",
    path: "/api/rules",
    summary: "Every rule, in the order a board reads them",
    gives: [json, "[{ id, question, about, source, file }]"],
    handle: ({ compute }) => ({ json: compute.rules }),
  },
  {
    method: "get",
    path: "/api/cases",
    summary: "The cases, newest change first",
    query: { q: "Words that the case contains" },
    gives: [json, "[{ id, revision, changed, …summary }]"],
    handle: async ({ store }, { query }) => ({ json: (await store.list({ text: query.get("q") ?? undefined })).map(row) }),
  },
  {
    method: "post",
    path: "/api/query",
    summary: "The cases of a cohort, by the fields of their summaries",
    takes: { [json]: { about: "Conditions; every one must hold", schema: Filter } },
    gives: [json, "[{ id, revision, changed, …summary }]"],
    problems: [400],
    handle: async ({ store }, { body }) => ({ json: (await store.list(requestJson(Filter, body))).map(row) }),
  },
  {
    method: "post",
    path: "/api/cases",
    summary: "A new case: empty with its name and tumor, or a whole record",
    takes: { [json]: { about: "{ id?, name, tumor } or { record }", schema: NewCase } },
    gives: [json, "{ id, revision }"],
    status: 201,
    problems: [400, 409, 413],
    handle: async (house, { body }) => {
      const wanted = requestJson(NewCase, body);
      const record =
        "record" in wanted
          ? parseCase(wanted.record, "The request")
          : parseCase(newCase(wanted.id ?? (await freeId(house.store, wanted.name)), wanted.name, wanted.tumor), "The request");
      return { status: 201, json: { id: record.id, revision: await put(house, record, "new case", 0) } };
    },
  },
  {
    method: "post",
    path: "/api/import",
    summary: "Takes in a bundle or a case.json; an id in use gets a number, unless it is to replace that case",
    query: { replace: "true: a new revision of the case of the same id" },
    takes: {
      [zip]: { about: "A bundle made by export" },
      [json]: { about: "A case.json" },
      "application/octet-stream": { about: "Either" },
    },
    gives: [json, "{ id, revision }"],
    status: 201,
    problems: [400, 413],
    handle: async (house, { body, query }) => {
      const { id, revision, made } = await takeIn(house, body, "The import", query.get("replace") === "true");
      return { status: made ? 201 : 200, json: { id, revision } };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}",
    summary: "A case as it stands",
    gives: [json, "{ record, revision, changed, canUndo, canRedo }"],
    problems: [404],
    handle: async ({ store }, { parameters }) => ({ json: await store.get(id(parameters)) }),
  },
  {
    method: "put",
    path: "/api/cases/{id}",
    summary: "Saves a case over the revision that was read",
    takes: { [json]: { about: "expected: the revision read; what: the change in a few words", schema: Save } },
    gives: [json, "{ revision }"],
    problems: [400, 409, 413],
    handle: async (house, { parameters, body }) => {
      const { record: given, expected, what } = requestJson(Save, body);
      const record = parseCase(given, "The request");
      if (record.id !== id(parameters)) {
        throw new HapaxError("server/id", `The record is of ${record.id}, the address of ${id(parameters)}.`, "Send a record to its own address.");
      }
      return { json: { revision: await put(house, record, what, expected) } };
    },
  },
  {
    method: "delete",
    path: "/api/cases/{id}",
    summary: "Removes a case; its history stays, and undo brings it back",
    gives: [json, "{ revision }"],
    problems: [404],
    handle: async ({ store, who }, { parameters }) => ({ json: { revision: await store.remove(id(parameters), { who, what: "removed" }) } }),
  },
  {
    method: "get",
    path: "/api/cases/{id}/history",
    summary: "Every change: who, what, when; oldest first",
    gives: [json, "[{ revision, who, what, when, removed }]"],
    problems: [404],
    handle: async ({ store }, { parameters }) => {
      const history = await store.history(id(parameters));
      if (history.length === 0) throw notFound(`A case ${id(parameters)}`);
      return { json: history };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}/revisions/{revision}",
    summary: "A case as it was",
    gives: [json, "{ record, revision }"],
    problems: [404],
    handle: async ({ store }, { parameters }) => {
      const revision = Number(parameters["revision"]);
      if (!Number.isInteger(revision) || revision < 1 || revision > 2 ** 31 - 1) throw notFound(`Revision ${parameters["revision"]}`);
      return { json: { record: await store.at(id(parameters), revision), revision } };
    },
  },
  ...(["undo", "redo"] as const).map(
    (direction): Route => ({
      method: "post",
      path: `/api/cases/{id}/${direction}`,
      summary: direction === "undo" ? "Goes back one change" : "Takes the last undo back",
      gives: [json, "{ revision }"],
      problems: [404, 409],
      handle: async ({ store, who }, { parameters }) => ({ json: { revision: await store[direction](id(parameters), who) } }),
    }),
  ),
  {
    method: "get",
    path: "/api/cases/{id}/findings",
    summary: "Every finding, with why, what is missing, and where it comes from",
    query: { ...asOf, assume: "JSON object: assumptions by their key", suppose: "JSON object: inputs to try" },
    gives: [json, "{ id, revision, lead, findings, open }"],
    problems: [400, 404],
    handle: async ({ store, compute }, { parameters, query }) => {
      const { record, revision } = await store.get(id(parameters));
      const { lead, findings, open } = compute.workup(record, viewOptions(query));
      return { json: { id: record.id, revision, lead, findings: findings.map(findingJson), open } };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}/export",
    summary: "The case with its documents, as a zip",
    gives: [zip, "A bundle"],
    problems: [404],
    handle: async ({ store }, { parameters }) => {
      const { record } = await store.get(id(parameters));
      const bytes = exportBundle({ record, files: await store.files(record.id) });
      return { bytes, type: zip, name: `${record.id}.zip` };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}/report.{kind}",
    summary: "The write-up in CARE order, as html, pdf or docx",
    query: asOf,
    gives: ["*/*", "The document"],
    problems: [400, 404],
    handle: async ({ store, compute }, { parameters, query }) => {
      const kind = oneOf(parameters["kind"], reportTypes);
      const { record } = await store.get(id(parameters));
      const bytes = await compute.report(record, kind, viewOptions(query));
      return { bytes, type: reportTypes[kind], ...(kind === "html" ? {} : { name: `${record.id}.${kind}` }) };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}/figures/{name}.{kind}",
    summary: "A figure, such as timeline, as svg, png or tsv",
    query: asOf,
    gives: ["*/*", "The figure"],
    problems: [400, 404],
    handle: async ({ store, compute }, { parameters, query }) => {
      const kind = oneOf(parameters["kind"], figureTypes);
      const { record } = await store.get(id(parameters));
      const bytes = await compute.figure(record, parameters["name"] ?? "", kind, viewOptions(query));
      return { bytes, type: figureTypes[kind], name: `${record.id}-${(parameters["name"] ?? "").replace(/[^\w-]/g, "")}.${kind}` };
    },
  },
  ...scanRoutes,
  ...planRoutes,
];

function row({ id, revision, changed, summary }: CaseRow): Record<string, unknown> {
  return { ...summary, id, revision, changed };
}

function id(parameters: Ask["parameters"]): string {
  return parameters["id"] ?? "";
}

function put({ store, compute, who }: House, record: CaseRecord, what: string, expected: number | undefined): Promise<number> {
  return store.put(record, summarize(compute, record), { who, what, expected });
}

function viewOptions(query: URLSearchParams): ViewOptions {
  const object = (key: "assume" | "suppose") => {
    const text = query.get(key);
    if (text === null) return {};
    const value = parseJson(text, key);
    const shape = key === "assume" ? z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) : z.record(z.string(), z.unknown());
    const result = shape.safeParse(value);
    if (!result.success) throw new HapaxError("server/request", `${key} is not an object of values.`, 'Give JSON such as {"mitoses":{"count":3,"hpf":50}}.');
    return { [key]: result.data };
  };
  const point = query.get("asOf");
  return { ...(point === null || point === "" ? {} : { asOf: point }), ...object("assume"), ...object("suppose") };
}

function oneOf<K extends string>(kind: string | undefined, types: Readonly<Record<K, string>>): K {
  if (kind !== undefined && Object.hasOwn(types, kind)) return kind as K;
  throw notFound(`A document of the kind ${kind}`);
}

function notFound(what: string): HapaxError {
  return new HapaxError("server/not-found", `${what} is not there.`, "See /api/openapi.json and /api/cases.");
}
