import { z } from "zod";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

const problemWords: Readonly<Record<number, string>> = {
  400: "It cannot be read; every place is named",
  401: "The token is missing",
  403: "It was addressed to another machine, or sent by another site",
  404: "It is not there",
  409: "Somebody changed it in between, or it is of another patient",
  413: "Larger than 32 MiB, 16 MiB for a plan, or 256 MiB for a bundle or a batch of scans",
};

/** The routes as OpenAPI 3.1. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map((m) => ({ name: m[1], in: "path", required: true, schema: { type: "string" } }));
    const asked = Object.entries(route.query ?? {}).map(([name, description]) => ({ name, in: "query", description, schema: { type: "string" } }));
    const [type, about] = route.gives;
    const answers: Json = { [route.status ?? 200]: { description: about, content: { [type]: {} } } };
    for (const status of [401, 403, ...(route.problems ?? [])]) {
      answers[status] = { description: problemWords[status], content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } } };
    }
    const takes = Object.entries(route.takes ?? {}).map(([media, { about: description, schema }]) => [
      media,
      { schema: { ...(schema === undefined ? {} : z.toJSONSchema(schema, { io: "input" })), description } },
    ]);
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: {
        summary: route.summary,
        ...(named.length + asked.length > 0 ? { parameters: [...named, ...asked] } : {}),
        ...(takes.length > 0 ? { requestBody: { required: true, content: Object.fromEntries(takes) } } : {}),
        responses: answers,
        ...(route.path === "/api/health" ? { security: [] } : {}),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hapax",
      version,
      description: "Cases, their history, findings and documents, on this machine only. Records are those of /api/case.schema.json.",
    },
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token that the server printed at its start" },
        cookie: { type: "apiKey", in: "cookie", name: "hapax-PORT", description: "Set by opening the address that the server printed" },
      },
      schemas: {
        Problem: {
          type: "object",
          required: ["code", "what", "remedy", "problems"],
          properties: {
            code: { type: "string", description: "package/problem" },
            what: { type: "string" },
            remedy: { type: "string" },
            problems: { type: "array", items: { $ref: "#/components/schemas/Problem" } },
          },
        },
      },
    },
  };
}
