import { HapaxError } from "@hapax/base";

/** Where a DICOMweb service is, and how it is entered. */
export interface DicomWebOptions {
  /** Root of the service: `http://127.0.0.1:8042/dicom-web`. */
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: string } | { readonly bearer: string };
  /** Time for one answer, ms. */
  readonly timeoutMs?: number;
}

/** A study, a series or an instance as a service lists it; keys are DICOM keywords. */
export type Found<Key extends string> = Readonly<Partial<Record<Key, string>>>;
export type FoundStudy = Found<"StudyInstanceUID" | "StudyDate" | "StudyDescription" | "PatientID" | "ModalitiesInStudy">;
export type FoundSeries = Found<"StudyInstanceUID" | "SeriesInstanceUID" | "Modality" | "SeriesDescription" | "NumberOfSeriesRelatedInstances">;
export type FoundInstance = Found<"StudyInstanceUID" | "SeriesInstanceUID" | "SOPInstanceUID" | "SOPClassUID" | "InstanceNumber">;

/** What became of files that were sent. */
export interface StoreAnswer {
  /** SOPInstanceUID of what the service keeps. */
  readonly stored: readonly string[];
  /** SOPInstanceUID, where the service names it, and why in words. */
  readonly failed: readonly { readonly uid?: string; readonly why: string }[];
}

export interface DicomWeb {
  /** QIDO-RS. @param query  attributes by keyword, such as `{ PatientID: "SYN1" }` */
  findStudies(query?: Readonly<Record<string, string>>): Promise<FoundStudy[]>;
  findSeries(studyUid: string, query?: Readonly<Record<string, string>>): Promise<FoundSeries[]>;
  findInstances(studyUid: string, seriesUid: string): Promise<FoundInstance[]>;
  /** WADO-RS: the files of a series, as the service has them. */
  retrieveSeries(studyUid: string, seriesUid: string): Promise<Uint8Array[]>;
  retrieveInstance(studyUid: string, seriesUid: string, instanceUid: string): Promise<Uint8Array>;
  /** STOW-RS, all files in one request. */
  store(files: readonly Uint8Array[]): Promise<StoreAnswer>;
}

/** Tags of what is asked for and read, PS3.6. */
const tags = {
  StudyInstanceUID: "0020000D",
  SeriesInstanceUID: "0020000E",
  SOPInstanceUID: "00080018",
  SOPClassUID: "00080016",
  StudyDate: "00080020",
  StudyDescription: "00081030",
  SeriesDescription: "0008103E",
  PatientID: "00100020",
  Modality: "00080060",
  ModalitiesInStudy: "00080061",
  NumberOfSeriesRelatedInstances: "00201209",
  InstanceNumber: "00200013",
} as const;

const dicomJson = "application/dicom+json";
const dicomParts = 'multipart/related; type="application/dicom"';

/**
 * A client of a DICOMweb service (PS3.18), on fetch alone.
 *
 * Every call throws `dicom/web-…`: `unreachable` when no service answers, `refused` when it wants another login,
 * `not-found`, `answer` when it answers otherwise than the standard has it, `uid` for what is no UID.
 */
export function dicomWeb({ url, login, timeoutMs = 120_000 }: DicomWebOptions): DicomWeb {
  const root = checkedRoot(url);
  const authorization: Record<string, string> = login === undefined ? {} : { authorization: "bearer" in login ? `Bearer ${login.bearer}` : `Basic ${base64(`${login.user}:${login.password}`)}` };

  const ask = async (path: string, init: RequestInit & { readonly headers: Record<string, string> }): Promise<Response> => {
    const headers = { ...authorization, ...init.headers };
    const answer = await fetch(`${root}${path}`, { ...init, headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
      throw new HapaxError("dicom/web-unreachable", `${root} gives no answer${reasonOf(error)}.`, "Check the address, and that the service runs.");
    });
    if (answer.status === 401 || answer.status === 403) {
      throw new HapaxError("dicom/web-refused", `${root} refused the request (HTTP ${answer.status}).`, "Give the user and password, or the token, of the service.");
    }
    if (answer.status === 404) throw new HapaxError("dicom/web-not-found", `${root} has nothing at ${path}.`, "Check the address of the service and the UIDs.");
    return answer;
  };
  const checkOk = (answer: Response, path: string) => {
    if (!answer.ok) throw oddAnswer(root, path, `HTTP ${answer.status}`);
  };

  const find = async <Key extends keyof typeof tags>(path: string, query: Readonly<Record<string, string>>, keys: readonly Key[]): Promise<Found<Key>[]> => {
    const asked = new URLSearchParams(query);
    for (const key of keys) asked.append("includefield", tags[key]);
    const answer = await ask(`${path}?${asked}`, { headers: { accept: dicomJson } });
    if (answer.status === 204) return [];
    checkOk(answer, path);
    const list: unknown = await answer.json().catch(() => undefined);
    if (!Array.isArray(list)) throw oddAnswer(root, path, "no list in DICOM JSON");
    return list.map((item) => Object.fromEntries(keys.flatMap((key) => textOf(item, tags[key]).map((value) => [key, value]))) as Found<Key>);
  };

  const retrieve = async (path: string): Promise<Uint8Array[]> => {
    const answer = await ask(path, { headers: { accept: dicomParts } });
    checkOk(answer, path);
    const type = answer.headers.get("content-type") ?? "";
    const body = await answer.arrayBuffer().catch(() => {
      throw oddAnswer(root, path, "a body that breaks off");
    });
    return partsOf(new Uint8Array(body), type, `${root}${path}`);
  };

  return {
    findStudies: (query = {}) => find("/studies", query, ["StudyInstanceUID", "StudyDate", "StudyDescription", "PatientID", "ModalitiesInStudy"]),
    findSeries: async (studyUid, query = {}) =>
      find(`/studies/${uid(studyUid)}/series`, query, ["StudyInstanceUID", "SeriesInstanceUID", "Modality", "SeriesDescription", "NumberOfSeriesRelatedInstances"]),
    findInstances: async (studyUid, seriesUid) =>
      find(`/studies/${uid(studyUid)}/series/${uid(seriesUid)}/instances`, {}, ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "InstanceNumber"]),
    retrieveSeries: async (studyUid, seriesUid) => retrieve(`/studies/${uid(studyUid)}/series/${uid(seriesUid)}`),
    retrieveInstance: async (studyUid, seriesUid, instanceUid) => {
      const path = `/studies/${uid(studyUid)}/series/${uid(seriesUid)}/instances/${uid(instanceUid)}`;
      const [file, ...more] = await retrieve(path);
      if (file === undefined || more.length > 0) throw oddAnswer(root, path, `${more.length + (file === undefined ? 0 : 1)} files for one instance`);
      return file;
    },
    store: async (files) => {
      const { body, type } = multipart(files);
      const answer = await ask("/studies", { method: "POST", headers: { accept: dicomJson, "content-type": type }, body });
      // 200 all kept, 202 some, 409 none: each with the list of what failed and why.
      if (![200, 202, 409].includes(answer.status)) throw oddAnswer(root, "/studies", `HTTP ${answer.status}`);
      const told: unknown = await answer.json().catch(() => undefined);
      if (typeof told !== "object" || told === null) throw oddAnswer(root, "/studies", "no DICOM JSON");
      return {
        stored: itemsOf(told, "00081199").flatMap((item) => textOf(item, "00081155")),
        failed: itemsOf(told, "00081198").map((item) => {
          const [instance] = textOf(item, "00081155");
          return { ...(instance === undefined ? {} : { uid: instance }), why: failureWords(Number(textOf(item, "00081197")[0])) };
        }),
      };
    },
  };
}

/**
 * The bodies of a multipart/related answer (RFC 2387, RFC 2046).
 *
 * @throws dicom/web-answer when it is none, is cut short, or a part is no DICOM
 */
export function partsOf(bytes: Uint8Array, contentType: string, where: string): Uint8Array[] {
  const odd = (what: string) => oddAnswer(where, "", what);
  if (!/^multipart\/related\s*(;|$)/i.test(contentType)) throw odd(contentType === "" ? "no content type" : contentType.slice(0, 80));
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw odd("a multipart without a boundary");
  const delimiter = latin1(`--${mark}`);
  const parts: Uint8Array[] = [];
  // The first delimiter may stand at the very start; every other follows a line break that is its own.
  let at = startsWith(bytes, delimiter, 0) ? 0 : indexOf(bytes, latin1(`\r\n--${mark}`), 0) + 2;
  if (at === 1) throw odd("a multipart whose boundary is not in it");
  for (;;) {
    at += delimiter.length;
    if (startsWith(bytes, latin1("--"), at)) return parts;
    const lineEnd = indexOf(bytes, latin1("\r\n"), at);
    const next = lineEnd === -1 ? -1 : indexOf(bytes, latin1(`\r\n--${mark}`), lineEnd);
    if (next === -1) throw odd(`a multipart that breaks off after ${parts.length} whole parts`);
    const headEnd = startsWith(bytes, latin1("\r\n"), lineEnd + 2) ? lineEnd : indexOf(bytes, latin1("\r\n\r\n"), lineEnd);
    if (headEnd === -1 || headEnd + 4 > next) throw odd("a part without an end of its head");
    const head = text(bytes.subarray(lineEnd, headEnd));
    const type = /(?:^|\r\n)content-type:\s*([^\r\n;]+)/i.exec(head)?.[1]?.trim().toLowerCase();
    if (type !== undefined && type !== "application/dicom") throw odd(`a part of the type ${type.slice(0, 80)}`);
    parts.push(bytes.slice(headEnd + 4, next));
    at = next + 2;
  }
}

/** Files as one multipart/related body, under a boundary that is in none of them. */
function multipart(files: readonly Uint8Array[]): { body: Uint8Array<ArrayBuffer>; type: string } {
  let mark = "hapax-part";
  for (let n = 1; files.some((file) => indexOf(file, latin1(`--${mark}`), 0) !== -1); n++) mark = `hapax-part-${n}`;
  const head = latin1(`--${mark}\r\nContent-Type: application/dicom\r\n\r\n`);
  const chunks = [...files.flatMap((file) => [head, file, latin1("\r\n")]), latin1(`--${mark}--\r\n`)];
  const body = new Uint8Array(chunks.reduce((sum, c) => sum + c.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return { body, type: `${dicomParts}; boundary=${mark}` };
}

/** PS3.4 table CC.2.3-1 and PS3.7 C: reasons in words. */
function failureWords(reason: number): string {
  const words: Readonly<Record<number, string>> = {
    0x0110: "the service failed while it worked on it",
    0x0112: "there is no such kind of object in the service",
    0x0117: "its UID is not valid",
    0x0122: "the service does not take this kind of object",
    0x0124: "the service is not allowed to take it",
    0x0131: "the service is busy",
  };
  if (!Number.isFinite(reason)) return "the service gives no reason";
  const group = reason >> 8;
  const known = words[reason] ?? (group === 0xa7 ? "the service is out of room" : group === 0xa9 ? "it does not match its kind" : group >> 4 === 0xc ? "the service cannot understand it" : undefined);
  return `${known ?? "the service refused it"} (${reason.toString(16).padStart(4, "0").toUpperCase()})`;
}

/** First value of an attribute in DICOM JSON as text; several are joined by a backslash, as in a file. */
function textOf(item: unknown, tag: string): string[] {
  const value = (item as Record<string, { Value?: unknown } | undefined> | null)?.[tag]?.Value;
  if (!Array.isArray(value) || value.length === 0) return [];
  return [value.map((v) => (typeof v === "object" ? "" : String(v))).join("\\")];
}

function itemsOf(data: object, tag: string): unknown[] {
  const value = (data as Record<string, { Value?: unknown } | undefined>)[tag]?.Value;
  return Array.isArray(value) ? value : [];
}

function checkedRoot(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain = parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === "" && parsed.search === "" && parsed.hash === "";
  if (!plain) throw new HapaxError("dicom/web-address", `${JSON.stringify(url.slice(0, 120))} is no address of a DICOMweb service.`, "Give such as http://127.0.0.1:8042/dicom-web.");
  return parsed.href.replace(/\/+$/, "");
}

function uid(text: string): string {
  if (/^[0-9.]{1,64}$/.test(text)) return text;
  throw new HapaxError("dicom/web-uid", `${JSON.stringify(text.slice(0, 80))} is no UID.`, "Give digits and dots, at most 64.");
}

function oddAnswer(root: string, path: string, what: string): HapaxError {
  return new HapaxError("dicom/web-answer", `${root}${path} answers with ${what}.`, "Check that the address is that of a DICOMweb service, and look in its log.");
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? ((error.cause as { code?: string } | undefined)?.code ?? error.name) : undefined;
  return cause === undefined ? "" : ` (${cause})`;
}

function startsWith(bytes: Uint8Array, wanted: Uint8Array, at: number): boolean {
  return at + wanted.length <= bytes.length && wanted.every((byte, i) => bytes[at + i] === byte);
}

/** First place of a run of bytes, or -1. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) if (startsWith(bytes, wanted, at)) return at;
  return -1;
}

function latin1(from: string): Uint8Array {
  return Uint8Array.from(from, (c) => c.charCodeAt(0));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function base64(from: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(from)));
}
