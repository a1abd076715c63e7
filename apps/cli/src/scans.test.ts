import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { smallStudy } from "../../../tests/small-study.ts";
import { main } from "./index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-scans-"));
  await mkdir(join(cwd, "study"));
  for (const { name, bytes } of smallStudy()) await writeFile(join(cwd, "study", name), bytes);
  await writeFile(join(cwd, "later.zip"), zipSync(Object.fromEntries(smallStudy({ seed: "later", date: "2024-06-01" }).map((f) => [f.name, f.bytes]))));
});
afterAll(() => rm(cwd, { recursive: true }));

async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}

test("a folder is told: series with geometry and size, structures, plan and dose", async () => {
  const { code, out } = await hapax("dicom", "study");
  expect(code).toBe(0);
  expect(out).toMatch(/CT +chest +2024-03-07 +regular +as it is +16 × 16 × 4, 4 × 4 × 3 mm/);
  expect(out).toMatch(/1 +PTV_High +PTV +3 contours/);
  expect(out).toMatch(/2 +SpinalCord +ORGAN +not drawn/);
  expect(out).toMatch(/CURATIVE +30 fractions +0 beams +66 Gy/);
  const { series } = JSON.parse((await hapax("dicom", "study", "--json")).out) as { series: { geometry: { classes: string[] } }[] };
  expect(series[0]?.geometry.classes).toEqual(["regular"]);
});

test("a problem of a file is told with its name, and the command says so", async () => {
  await writeFile(join(cwd, "broken.dcm"), (smallStudy()[0]?.bytes ?? new Uint8Array()).subarray(0, 700));
  const { code, out } = await hapax("dicom", "broken.dcm");
  expect(code).toBe(2);
  expect(out).toContain("broken.dcm");
  expect(await hapax("dicom", "nowhere")).toMatchObject({ code: 2, err: expect.stringContaining("dicom/not-found") });
});

test("import makes a case of a folder, and adds a zip to it; a second time adds nothing", async () => {
  const made = await hapax("import", "study", "--data", "store", "--name", "Case D");
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining("case-d, revision 1: 7 files") });
  const more = await hapax("import", "later.zip", "--case", "case-d", "--data", "store");
  expect(more).toMatchObject({ code: 0, out: expect.stringContaining("case-d, revision 2: 7 files (0 were there already), 1 series") });
  const again = await hapax("import", "later.zip", "--case", "case-d", "--data", "store");
  expect(again.out).toContain("revision 2: 0 files (7 were there already)");
  const { entries } = JSON.parse((await (await hapax("export", "case-d", "--data", "store", "--out", "d.json"), import("node:fs/promises")).then((fs) => fs.readFile(join(cwd, "d.json"), "utf8")))) as { entries: { kind: string; state?: string }[] };
  expect(entries.filter((e) => e.kind === "radiotherapy").map((e) => e.state)).toEqual(["uncertain", "uncertain"]);
}, 60_000);

testWith("rt/openkbp-pt106-hn-sib")("the OpenKBP folder makes a case with its series, structures, plan and dose", async () => {
  const { code, out } = await hapax("import", sharedPath("rt/openkbp-pt106-hn-sib"), "--data", "kbp");
  expect(code).toBe(0);
  expect(out).toMatch(/131 files .* 1 series, 1 structure sets, 1 plans, 1 doses; 2 new entries/);
}, 60_000);
