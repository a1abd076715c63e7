import { HapaxError } from "@hapax/base";
import type { Ask, House, Route } from "../route.ts";
import { progressOf, uploadLimits } from "./uploads.ts";

const json = "application/json";
const mebibyte = 1024 * 1024;
const limitsInWords = `a batch up to ${uploadLimits.batch / mebibyte} MiB, an upload up to ${uploadLimits.whole / mebibyte} MiB and ${uploadLimits.files} files`;
const from = { upload: "Id of the upload", patient: "PatientID, where the files are of several patients" };
const taken = "{ id, revision, added: { files, filesThereAlready, series, structureSets, plans, doses, registrations, pictures, entries }, problems }";

/** Scans of a case: how they come in, and what is in them. */
export const scanRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/api/uploads",
    summary: "Begins an upload of DICOM files; they belong to no case until it is taken up",
    gives: [json, "{ upload, limits: { batch, whole, files } } in bytes"],
    status: 201,
    handle: async ({ scans }) => ({ status: 201, json: { upload: (await scans.uploads.begin()).id, limits: uploadLimits } }),
  },
  {
    method: "put",
    path: "/api/uploads/{upload}",
    summary: `Adds files: a zip, or one DICOM file; ${limitsInWords}`,
    query: { name: "Name of a file that is sent alone" },
    takes: { "application/zip": { about: "Files with their paths, stored or packed" }, "application/dicom": { about: "One file" } },
    largest: uploadLimits.batch,
    gives: [json, "{ step, files, bytes, checked, problems }"],
    problems: [400, 404, 413],
    handle: async ({ scans }, { parameters, query, body }) => ({ json: await scans.uploads.put(uploadOf(parameters), body, (query.get("name") || "file.dcm").slice(0, 500)) }),
  },
  {
    method: "get",
    path: "/api/uploads/{upload}",
    summary: "How far an upload is",
    gives: [json, '{ step: "receiving" | "checking files" | "reading scans" | "done", files, bytes, checked, problems }'],
    problems: [404],
    handle: ({ scans }, { parameters }) => ({ json: progressOf(scans.uploads.get(uploadOf(parameters))) }),
  },
  {
    method: "delete",
    path: "/api/uploads/{upload}",
    summary: "Discards an upload",
    gives: [json, "{}"],
    problems: [404],
    handle: async ({ scans }, { parameters }) => {
      await scans.uploads.discard(scans.uploads.get(uploadOf(parameters)).id);
      return { json: {} };
    },
  },
  {
    method: "post",
    path: "/api/scans",
    summary: "Makes a case of an upload: its scans, and what they say as entries",
    query: { ...from, name: "How the case is called; what the scans are, unless given" },
    gives: [json, taken],
    status: 201,
    problems: [400, 404, 409],
    handle: async (house, { query }) => ({ status: 201, json: await takeIn(house, query, undefined) }),
  },
  {
    method: "post",
    path: "/api/cases/{id}/scans",
    summary: "Adds an upload to a case; nothing recorded is changed, and files that it has are not added again",
    query: from,
    gives: [json, taken],
    problems: [400, 404, 409],
    handle: async (house, { parameters, query }) => ({ json: await takeIn(house, query, parameters["id"]) }),
  },
  {
    method: "get",
    path: "/api/cases/{id}/scans",
    summary: "What scans a case has: series with their geometry, structure sets, plans, doses; no pixels and no contours",
    gives: [json, "{ patient, series, structureSets, plans, doses, registrations, pictures, problems, preparing?: { step, done, of } }"],
    problems: [404],
    handle: async ({ store, scans }, { parameters }) => {
      const { record } = await store.get(parameters["id"] ?? "");
      const preparing = await scans.phantoms.prepare(record.id);
      return { json: { ...(await scans.reading.summary(record.id)), ...(preparing === undefined ? {} : { preparing }) } };
    },
  },
  {
    method: "get",
    path: "/api/cases/{id}/scans/{uid}/volume",
    summary: "The voxels of a series or a dose: HVOL, a head as JSON, then the values, little endian",
    query: { unit: "HU, SUVbw, SUVlbm or Bq/mL, for a series that can be given in it" },
    gives: ["application/octet-stream", "As packages/files/src/volume-bytes.ts has it"],
    problems: [400, 404],
    handle: async (house, ask) => ({ bytes: await house.scans.reading.volume(await caseOf(house, ask), uidOf(ask), ask.query.get("unit") ?? undefined), type: "application/octet-stream" }),
  },
  {
    method: "get",
    path: "/api/cases/{id}/scans/{uid}/structures",
    summary: "A structure set with its contours, mm",
    gives: [json, "{ uid, frameOfReference, referencedSeries?, structures: [{ number, name, type?, color?, contours: [{ type, points: [x, y, z, …] }] }] }"],
    problems: [404],
    handle: async (house, ask) => ({ bytes: await house.scans.reading.structures(await caseOf(house, ask), uidOf(ask)), type: json }),
  },
  {
    method: "get",
    path: "/api/cases/{id}/scans/{uid}/picture",
    summary: "A secondary capture as PNG",
    gives: ["image/png", "The picture"],
    problems: [404],
    handle: async (house, ask) => ({ bytes: await house.scans.reading.picture(await caseOf(house, ask), uidOf(ask)), type: "image/png" }),
  },
];

function takeIn(house: House, query: URLSearchParams, id: string | undefined) {
  const { scans, store, compute, who } = house;
  const name = query.get("name")?.trim() || undefined;
  return scans.takeIn({ store, compute, who }, scans.uploads.get(query.get("upload") ?? ""), { id, name, patient: query.get("patient") ?? undefined });
}

/** The id of a case that is there: the scans of a removed case are not given. */
async function caseOf({ store }: House, { parameters }: Ask): Promise<string> {
  return (await store.get(parameters["id"] ?? "")).record.id;
}

function uidOf({ parameters }: Ask): string {
  return parameters["uid"] ?? "";
}

function uploadOf(parameters: Ask["parameters"]): string {
  const upload = parameters["upload"] ?? "";
  if (/^[0-9a-f]{24}$/.test(upload)) return upload;
  throw new HapaxError("scans/upload", "There is no such upload.", "Begin one with POST /api/uploads.");
}
