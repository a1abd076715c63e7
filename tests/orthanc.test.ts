import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readFile, scansOf, tags, type Tag } from "@hapax/dicom";
import { dicomWeb, type DicomWeb } from "@hapax/dicom/web";
import { seriesOfSmallStudy, smallStudy } from "./small-study.ts";

const program = ["/usr/sbin/Orthanc", "/usr/local/sbin/Orthanc", "/usr/bin/Orthanc"].find((path) => existsSync(path));
const plugin = ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so"].find((path) => existsSync(path));
const isThere = program !== undefined && plugin !== undefined;

/** A port of the loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe.skipIf(!isThere && process.env["HAPAX_REQUIRE_ALL"] !== "1")("Orthanc with its DICOMweb plugin (Debian: orthanc, orthanc-dicomweb)", () => {
  let folder: string;
  let orthanc: ChildProcess;
  let web: DicomWeb;
  const log: string[] = [];

  beforeAll(async () => {
    if (!isThere) throw new Error("Orthanc is not installed (Debian: apt-get install orthanc orthanc-dicomweb).");
    folder = await mkdtemp(join(tmpdir(), "hapax-orthanc-"));
    const port = await freePort();
    const settings = {
      HttpPort: port, DicomPort: await freePort(), DicomAet: "HAPAX", RemoteAccessAllowed: false, HttpBindAddresses: ["127.0.0.1"],
      AuthenticationEnabled: true, RegisteredUsers: { hapax: "secret" }, StorageDirectory: join(folder, "storage"), IndexDirectory: join(folder, "index"),
      DicomCheckCalledAet: false, OverwriteInstances: true, Plugins: [plugin], DicomWeb: { Enable: true, Root: "/dicom-web/", EnableWado: true },
    };
    await writeFile(join(folder, "orthanc.json"), JSON.stringify(settings));
    orthanc = spawn(program as string, [join(folder, "orthanc.json")], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [orthanc.stdout, orthanc.stderr]) stream?.on("data", (text: Buffer) => log.push(String(text)));
    const url = `http://127.0.0.1:${port}/dicom-web`;
    web = dicomWeb({ url, login: { user: "hapax", password: "secret" } });
    await vi.waitFor(() => web.findStudies(), { timeout: 30_000, interval: 200 }).catch(() => {
      throw new Error(`Orthanc did not start: ${log.join("")}`);
    });
    await expect(dicomWeb({ url }).findStudies()).rejects.toMatchObject({ code: "dicom/web-refused" });
  }, 40_000);

  afterAll(async () => {
    if (orthanc?.exitCode === null) {
      const ended = new Promise((done) => orthanc.once("exit", done));
      orthanc.kill();
      const patience = setTimeout(() => orthanc.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(patience);
    }
    if (folder !== undefined) await rm(folder, { recursive: true });
  }, 30_000);

  const files = smallStudy({ patient: "SYN1" });
  const uidOf = (bytes: Uint8Array, tag: Tag = tags.SOPInstanceUID) => readFile(bytes, "x").data.text(tag) ?? "";

  test("a study is stored, found, and comes back to the byte of every value", async () => {
    expect(await web.store(files.map((f) => f.bytes))).toEqual({ stored: expect.arrayContaining(files.map((f) => uidOf(f.bytes))), failed: [] });
    const [study] = await web.findStudies({ PatientID: "SYN1" });
    expect(study).toMatchObject({ PatientID: "SYN1", StudyDate: "20240307" });
    const studyUid = study?.StudyInstanceUID ?? "";
    expect((await web.findSeries(studyUid)).map((s) => s.Modality).sort()).toEqual(["CT", "RTDOSE", "RTPLAN", "RTSTRUCT"]);
    expect(await web.findInstances(studyUid, seriesOfSmallStudy())).toHaveLength(4);

    const slices = await web.retrieveSeries(studyUid, seriesOfSmallStudy());
    expect(slices).toHaveLength(4);
    for (const slice of slices) {
      const sent = files.find((f) => uidOf(f.bytes) === uidOf(slice))?.bytes ?? new Uint8Array();
      const [back, there] = [readFile(slice, "back").data, readFile(sent, "sent").data];
      expect([...back.elements.keys()]).toEqual([...there.elements.keys()]);
      for (const [tag, element] of there.elements) expect(back.elements.get(tag)?.bytes).toEqual(element.bytes);
    }
    const dose = files.at(-1)?.bytes ?? new Uint8Array();
    expect(uidOf(await web.retrieveInstance(studyUid, uidOf(dose, tags.SeriesInstanceUID), uidOf(dose)))).toBe(uidOf(dose));
  });

  test("what comes back is a series with the same geometry and values", async () => {
    const [study] = await web.findStudies({ PatientID: "SYN1" });
    const bytes = await web.retrieveSeries(study?.StudyInstanceUID ?? "", seriesOfSmallStudy());
    const { series, problems } = await scansOf(bytes.map((b, i) => ({ name: `${i}.dcm`, bytes: b })));
    expect(problems).toEqual([]);
    const [before] = (await scansOf(files)).series;
    expect(await series[0]?.volume()).toEqual(await before?.volume());
  });

  test("what is no DICOM is not stored, and why is told; what is not there is not found", async () => {
    const answer = await web.store([new TextEncoder().encode("no DICOM at all")]).catch((error: { code: string }) => error.code);
    expect(typeof answer === "string" ? answer : answer.failed.length).toSatisfy((told: unknown) => told === 1 || told === "dicom/web-answer");
    expect(await web.findStudies({ PatientID: "NOBODY" })).toEqual([]);
    await expect(web.retrieveSeries("1.2.3", "1.2.4")).rejects.toMatchObject({ code: "dicom/web-not-found" });
  });
});
