import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fc, test } from "@fast-check/vitest";
import { afterAll, expect } from "vitest";
import { dicomWeb, partsOf } from "./dicom-web.ts";

const servers: Server[] = [];
afterAll(() => servers.forEach((s) => s.close()));

/** A service that answers as told, and a client of it. */
async function service(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((done) => server.once("listening", done));
  return dicomWeb({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web/`, login: { user: "anna", password: "pass:word" }, timeoutMs: 2000 });
}

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const related = 'multipart/related; type="application/dicom"; boundary=';
const multipart = (parts: readonly Uint8Array[], mark: string) => {
  const body = parts.map((p) => `--${mark}\r\nContent-Type: application/dicom\r\n\r\n${String.fromCharCode(...p)}\r\n`).join("");
  return bytes(`${body}--${mark}--\r\n`);
};

test.prop([fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 })])("files in a multipart answer come out as they went in", (parts) => {
  const body = multipart(parts, "a-mark-of-32-characters-or-so-xyz");
  expect(partsOf(body, `${related}"a-mark-of-32-characters-or-so-xyz"`, "x")).toEqual(parts);
});

test.prop([fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 3 }), fc.nat()])(
  "an answer that breaks off is an error, and no file is made of its rest",
  (parts, cut) => {
    const body = multipart(parts, "a-mark-of-32-characters-or-so-xyz");
    const whole = body.length - "--\r\n".length;
    expect(() => partsOf(body.subarray(0, cut % whole), `${related}a-mark-of-32-characters-or-so-xyz`, "x")).toThrow(expect.objectContaining({ code: "dicom/web-answer" }));
  },
);

test.each([
  ["application/dicom", "", "application/dicom"],
  ["multipart/related", "", "without a boundary"],
  [`${related}x`, "--y\r\n\r\nz\r\n--y--", "boundary is not in it"],
  [`${related}x`, "--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--", "text/html"],
])("an answer of the type %s with %j is told", (type, body, what) => {
  expect(() => partsOf(bytes(body), type, "x")).toThrow(what);
});

test("a preamble and a part without headers are read as the standard has them", () => {
  expect(partsOf(bytes("to be ignored\r\n--x\r\n\r\nab\r\n--x--\r\nand after"), `${related}x`, "x")).toEqual([bytes("ab")]);
});

test("attributes are asked for by tag, and the login goes along", async () => {
  const seen: (string | undefined)[] = [];
  const web = await service((request, response) => {
    seen.push(request.url, request.headers.authorization, request.headers.accept);
    response.setHeader("content-type", "application/dicom+json");
    response.end(JSON.stringify([{ "0020000D": { vr: "UI", Value: ["1.2.3"] }, "00080061": { vr: "CS", Value: ["CT", "RTDOSE"] }, "00081030": { vr: "LO" } }]));
  });
  expect(await web.findStudies({ PatientID: "a&b" })).toEqual([{ StudyInstanceUID: "1.2.3", ModalitiesInStudy: "CT\\RTDOSE" }]);
  expect(seen[0]).toMatch(/^\/dicom-web\/studies\?PatientID=a%26b&includefield=0020000D/);
  expect(seen.slice(1)).toEqual([`Basic ${btoa("anna:pass:word")}`, "application/dicom+json"]);
});

test("what could not be stored is told with the reason in words", async () => {
  const web = await service((request, response) => {
    request.resume();
    response.statusCode = 202;
    response.end(
      JSON.stringify({
        "00081199": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.1"] } }] },
        "00081198": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.2"] }, "00081197": { vr: "US", Value: [0xa700] } }, { "00081197": { vr: "US", Value: [0xc000] } }, {}] },
      }),
    );
  });
  expect(await web.store([bytes("x")])).toEqual({
    stored: ["1.1"],
    failed: [
      { uid: "1.2", why: "the service is out of room (A700)" },
      { why: "the service cannot understand it (C000)" },
      { why: "the service gives no reason" },
    ],
  });
});

test.each([
  [401, "dicom/web-refused"],
  [403, "dicom/web-refused"],
  [404, "dicom/web-not-found"],
  [500, "dicom/web-answer"],
  [302, "dicom/web-unreachable"],
])("HTTP %i is %s", async (status, code) => {
  const web = await service((request, response) => {
    request.resume();
    response.writeHead(status, { location: "http://192.0.2.1/" });
    response.end();
  });
  await expect(web.findStudies()).rejects.toMatchObject({ code });
  await expect(web.retrieveSeries("1.2", "1.3")).rejects.toMatchObject({ code });
});

test("no list of studies is empty with 204, and a page of a portal is no answer", async () => {
  const none = await service((_, response) => void response.writeHead(204).end());
  expect(await none.findStudies()).toEqual([]);
  const portal = await service((_, response) => void response.end("<html>Log in</html>"));
  await expect(portal.findStudies()).rejects.toMatchObject({ code: "dicom/web-answer" });
});

test("nobody there, no address and no UID are told before or instead of an answer", async () => {
  const nobody = dicomWeb({ url: "http://127.0.0.1:9/dicom-web", timeoutMs: 2000 });
  await expect(nobody.findStudies()).rejects.toMatchObject({ code: "dicom/web-unreachable" });
  await expect(nobody.findSeries("../../system")).rejects.toMatchObject({ code: "dicom/web-uid" });
  for (const url of ["ftp://x", "here", "http://anna:secret@x/"]) expect(() => dicomWeb({ url })).toThrow(expect.objectContaining({ code: "dicom/web-address" }));
});
