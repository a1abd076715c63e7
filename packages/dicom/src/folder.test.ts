import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect } from "vitest";
import { filesOf, filesOfZip } from "./folder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-folder-"));
});
afterAll(() => rm(folder, { recursive: true }));

const names = (files: readonly { name: string }[]) => files.map((f) => f.name);
/** Writes over a little-endian number of the first central header of a zip. */
function forge(zip: Uint8Array, field: number, value: number): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let at = zip.length - 22;
  while (view.getUint32(at, true) !== 0x06054b50) at--;
  view.setUint32(view.getUint32(at + 16, true) + field, value, true);
  return zip;
}

test("a folder gives the files of all its folders by their names in it, and follows no link", async () => {
  const root = join(folder, "study");
  await mkdir(join(root, "b", "c"), { recursive: true });
  await writeFile(join(root, "b", "c", "2.dcm"), "two");
  await writeFile(join(root, "a.dcm"), "one");
  await writeFile(join(root, ".DS_Store"), "x");
  await writeFile(join(root, "more.zip"), zipSync({ "x.dcm": strToU8("x") }));
  await symlink("/etc", join(root, "etc"));
  await symlink(root, join(root, "round"));
  const { files, problems } = await filesOf(root);
  expect(names(files)).toEqual(["a.dcm", "b/c/2.dcm"]);
  expect(problems.map((p) => [p.code, p.what.split(" ")[0]])).toEqual([["dicom/link", "etc"], ["dicom/link", "round"], ["dicom/zip-inside", "more.zip"]]);
});

test("a file alone is itself; what is not there is told", async () => {
  await writeFile(join(folder, "one.dcm"), "one");
  expect((await filesOf(join(folder, "one.dcm"))).files).toEqual([{ name: "one.dcm", bytes: strToU8("one") }]);
  await expect(filesOf(join(folder, "none"))).rejects.toMatchObject({ code: "dicom/not-found" });
});

test("limits hold for a folder: files, one file, all of them", async () => {
  const root = join(folder, "large");
  await mkdir(root);
  for (const name of ["1", "2", "3"]) await writeFile(join(root, name), "12345");
  for (const limits of [{ files: 2 }, { file: 4 }, { whole: 14 }]) {
    await expect(filesOf(root, { files: 9, file: 99, whole: 99, ...limits })).rejects.toMatchObject({ code: "dicom/too-much" });
  }
  expect((await filesOf(root, { files: 3, file: 5, whole: 15 })).files).toHaveLength(3);
});

const contents = fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9]{1,8})?\.dcm$/), fc.uint8Array({ maxLength: 300 }), { maxKeys: 6 });
test.prop([contents, fc.constantFrom(0 as const, 6 as const)])("a zip, packed or stored, gives what was put in", async (content, level) => {
  const { files, problems } = await filesOfZip(zipSync(content, { level }), "x.zip");
  expect(problems).toEqual([]);
  expect(Object.fromEntries(files.map((f) => [f.name, f.bytes]))).toEqual({ ...content });
});

test("a zip on the disk is opened", async () => {
  await writeFile(join(folder, "study.zip"), zipSync({ "CT/1.dcm": strToU8("one"), "__MACOSX/._1.dcm": strToU8("x") }));
  expect(names((await filesOf(join(folder, "study.zip"))).files)).toEqual(["CT/1.dcm"]);
});

test("names that lead out of the zip are not read, and the others are", async () => {
  const { files, problems } = await filesOfZip(
    zipSync({ "../../etc/passwd": strToU8("x"), "/root": strToU8("x"), "a\\..\\b": strToU8("x"), "C:x": strToU8("x"), "good.dcm": strToU8("x") }),
    "x.zip",
  );
  expect(names(files)).toEqual(["good.dcm"]);
  expect(problems.map((p) => p.code)).toEqual(["dicom/zip-name", "dicom/zip-name", "dicom/zip-name", "dicom/zip-name"]);
});

test("a bomb that says its size is refused before it is unpacked", async () => {
  const bomb = zipSync({ "bomb.dcm": new Uint8Array(50_000_000) }, { level: 9 });
  expect(bomb.length).toBeLessThan(60_000);
  await expect(filesOfZip(bomb, "bomb.zip", { files: 9, file: 1_000_000, whole: 1e9 })).rejects.toMatchObject({ code: "dicom/too-much" });
});

test("a bomb that lies about its size is unpacked no further than it declares", async () => {
  const lying = forge(zipSync({ "bomb.dcm": new Uint8Array(50_000_000), "good.dcm": strToU8("good") }, { level: 9 }), 24, 100);
  const { files, problems } = await filesOfZip(lying, "bomb.zip", { files: 9, file: 1_000_000, whole: 1e9 });
  expect(names(files)).toEqual(["good.dcm"]);
  expect(problems).toMatchObject([{ code: "dicom/zip" }]);
});

test("one damaged file among good ones is told and left out", async () => {
  const zip = forge(zipSync({ "bad.dcm": strToU8("bad"), "good.dcm": strToU8("good") }), 16, 12345);
  const { files, problems } = await filesOfZip(zip, "x.zip");
  expect(names(files)).toEqual(["good.dcm"]);
  expect(problems.map((p) => p.what)).toEqual([expect.stringContaining("bad.dcm in x.zip is damaged")]);
});

test.prop([fc.uint8Array({ maxLength: 400 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 })])("a zip cut or changed anywhere is told, never a crash", async (tail, changes) => {
  const zip = zipSync({ "a.dcm": tail, "b.dcm": strToU8("b") });
  for (const [at, byte] of changes) zip[at % zip.length] = byte;
  for (const bytes of [zip, zip.subarray(0, tail.length % zip.length)]) {
    const limits = { files: 9, file: 10_000, whole: 10_000 };
    await filesOfZip(bytes, "x.zip", limits).catch((error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^dicom\/(zip|too-much)/) }));
  }
});
