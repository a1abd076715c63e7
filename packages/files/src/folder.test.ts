import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newCase, type CaseRecord } from "@hapax/case";
import { caseText, openCase, saveCase } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hapax-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

const record: CaseRecord = {
  ...newCase("uterine", "Case C", "pecoma"),
  entries: [{ kind: "lab", id: "hb", state: "recorded", analyte: "hemoglobin", value: { state: "recorded", value: { value: 9.1, unit: "g/dL" } } }],
};

test("a case is saved and opened equal, from its folder and from its file", async () => {
  const file = await saveCase(record, join(folder, "a"));
  expect(await openCase(join(folder, "a"))).toEqual(record);
  expect(await openCase(file)).toEqual(record);
  expect(await readdir(join(folder, "a"))).toEqual(["case.json"]);
});

test("saving twice gives the same bytes, whatever the order of the keys was", async () => {
  const file = await saveCase(record, join(folder, "b"));
  const first = await readFile(file);
  const { entries, ...rest } = record;
  await saveCase({ entries, ...rest }, join(folder, "b"));
  expect(await readFile(file)).toEqual(first);
});

test("what could not be read back is not written, and the saved case stays", async () => {
  const file = await saveCase(record, join(folder, "c"));
  const twice = { ...record, entries: [...record.entries, ...record.entries] };
  await expect(saveCase(twice, join(folder, "c"))).rejects.toMatchObject({ code: "case/invalid" });
  expect(await readFile(file, "utf8")).toBe(caseText(record));
});

test("a folder without a case, a file that is not text and one of another kind are refused with a remedy", async () => {
  await writeFile(join(folder, "image.json"), Buffer.from([0xff, 0xd8, 0xff]));
  await writeFile(join(folder, "other.json"), '{ "resourceType": "Patient" }');
  await expect(openCase(join(folder, "nowhere"))).rejects.toMatchObject({ code: "files/not-found" });
  await expect(openCase(folder)).rejects.toMatchObject({ code: "files/not-found" });
  await expect(openCase(join(folder, "image.json"))).rejects.toMatchObject({ code: "files/encoding" });
  await expect(openCase(join(folder, "other.json"))).rejects.toMatchObject({ code: "case/schema" });
});
