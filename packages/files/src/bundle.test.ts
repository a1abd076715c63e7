import { fc, test } from "@fast-check/vitest";
import { zipSync, type Zippable } from "fflate";
import { expect } from "vitest";
import { HapaxError } from "@hapax/base";
import { newCase } from "@hapax/case";
import { caseText, checkName, exportBundle, importBundle } from "./index.ts";

const record = newCase("x", "Fallübersicht α/β", "pecoma");
const bytes = (text: string) => new TextEncoder().encode(text);
const zipped = (files: Zippable) => zipSync({ "case.json": bytes(caseText(record)), ...files });

test.prop([fc.array(fc.record({ name: fc.stringMatching(/^[a-zé]{1,8}(\/[a-z]{1,5})?\.pdf$/), bytes: fc.uint8Array() }), { maxLength: 4 })])(
  "a bundle comes back equal, and exporting it again gives the same bytes",
  (drawn) => {
    const files = [...new Map(drawn.map((f) => [f.name, f])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const zip = exportBundle({ record, files });
    const back = importBundle(zip, "x.zip");
    expect(back.record).toEqual(record);
    expect(back.files.map((f) => [f.name, [...f.bytes]])).toEqual(files.map((f) => [f.name, [...f.bytes]]));
    expect(exportBundle(back)).toEqual(zip);
  },
);

test("a bare case.json is a bundle without files", () => {
  expect(importBundle(bytes(caseText(record)), "case.json")).toEqual({ record, files: [] });
});

test.each(["../evil.txt", "/etc/passwd", "a/../../b", "a\\..\\b", "C:/x", "a//b", "./a"])("the name %s leads out of the folder and is refused", (name) => {
  expect(() => importBundle(zipped({ [name]: bytes("x") }), "x.zip")).toThrow(/files\/bundle.*leads out/);
  expect(() => checkName(name, "x")).toThrow(HapaxError);
});

test("a zip that claims to unpack to gigabytes is refused before it is unpacked", () => {
  const zip = zipped({ "bomb.bin": new Uint8Array(1000) });
  const view = new DataView(zip.buffer, zip.byteOffset);
  const central = zip.findLastIndex((_, i) => i + 4 <= zip.length && view.getUint32(i, true) === 0x02014b50);
  view.setUint32(central + 24, 0xf0000000, true);
  const start = performance.now();
  expect(() => importBundle(zip, "bomb.zip")).toThrow(/unpacks to more/);
  expect(performance.now() - start).toBeLessThan(200);
});

test("a size that lies is found by the checksum", () => {
  const zip = zipped({ "letter.pdf": bytes("a letter of some length") });
  const view = new DataView(zip.buffer, zip.byteOffset);
  const central = zip.findLastIndex((_, i) => i + 4 <= zip.length && view.getUint32(i, true) === 0x02014b50);
  view.setUint32(central + 24, 3, true);
  expect(() => importBundle(zip, "x.zip")).toThrow(/checksum/);
});

test("more files than a case has are refused", () => {
  const many: Zippable = {};
  for (let i = 0; i < 2001; i++) many[`f${i}`] = new Uint8Array(0);
  expect(() => importBundle(zipped(many), "x.zip")).toThrow(/2000 files/);
});

test("a zip without a case is refused", () => {
  expect(() => importBundle(zipSync({ "readme.txt": bytes("hello") }), "x.zip")).toThrow(/has no case\.json/);
});

test.prop([fc.nat(), fc.integer({ min: 0, max: 255 })])("a damaged bundle is refused or reads as what was exported", (at, value) => {
  const zip = zipped({ "a.txt": bytes("some words") });
  zip[at % zip.length] = value;
  try {
    expect(importBundle(zip, "x.zip").record).toEqual(record);
  } catch (error) {
    expect(error).toBeInstanceOf(HapaxError);
  }
});
