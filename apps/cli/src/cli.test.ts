import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCase } from "@hapax/files";
import { main } from "./index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const leach = join(root, "cases", "leach2025");
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-"));
});
afterAll(() => rm(cwd, { recursive: true }));

/** Runs a command as a person would, in a folder of its own. */
async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}

const commands = ["findings", "explain", "check", "rules", "report", "figure", "new", "import", "export", "dicom", "dose", "beam", "pacs", "serve"];

test.each(commands)("%s has help with an example", async (command) => {
  const { code, out } = await hapax(command, "--help");
  expect(code).toBe(0);
  expect(out).toContain(`Example: ./hapax ${command}`);
});

test("findings are an array for other programs, with what each is and why", async () => {
  const { code, out } = await hapax("findings", leach, "--json");
  expect(code).toBe(0);
  const list = JSON.parse(out) as Record<string, unknown>[];
  for (const finding of list) expect(Object.keys(finding)).toEqual(expect.arrayContaining(["rule", "question", "status", "text", "because", "missing", "source", "assumptions", "unverified"]));
  expect(list.find((f) => f["rule"] === "pathology/folpe2005")).toMatchObject({ status: "determined", value: "malignant" });
  expect(list.find((f) => f["rule"] === "pathology/bleeker2012")).toMatchObject({ status: "undecided", missing: [{ input: "Mitotic count" }] });
});

test("findings as known at a time point see only what was known then", async () => {
  const extent = async (...options: string[]) => {
    const list = JSON.parse((await hapax("findings", leach, "--json", ...options)).out) as { rule: string; value?: unknown }[];
    return list.filter((f) => f.rule === "imaging/recist11").map((f) => f.value);
  };
  expect(await extent("--as-of", "T3")).not.toEqual(await extent());
  expect(await hapax("findings", leach, "--as-of", "T9")).toMatchObject({ code: 2, err: expect.stringContaining("case/time-point") });
});

test("explain gives the reasons, what is missing, the source, and a file that is there", async () => {
  const { code, out } = await hapax("explain", "pathology/bleeker2012", leach);
  expect(code).toBe(0);
  for (const part of ["because", "missing", "source", "Mitotic count"]) expect(out).toContain(part);
  const file = /written in (\S+)/.exec(out)?.[1];
  expect(existsSync(join(root, file ?? "nowhere"))).toBe(true);
  expect(await hapax("explain", "pathology/nobody1900", leach)).toMatchObject({ code: 2, err: expect.stringContaining("./hapax rules") });
});

test("every rule of the table is written where its name says", async () => {
  const rules = JSON.parse((await hapax("rules", "--json")).out) as { id: string; file: string }[];
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter((r) => !existsSync(join(root, r.file))).map((r) => r.id)).toEqual([]);
});

test("check lists contradictions with their places and is strict only when asked", async () => {
  const { code, out } = await hapax("check", leach);
  expect(code).toBe(0);
  expect(out).toContain("≠ EQD2 of 66 Gy in 30");
  expect(out).toContain("to reach an EQD2 of 70 Gy");
  expect((await hapax("check", leach, "--strict")).code).toBe(1);
  await hapax("new", "empty");
  expect(await hapax("check", "empty", "--strict")).toMatchObject({ code: 0, out: "No contradiction found.\n" });
});

test("a new case is imported, exported and equal; the store answers by its id", async () => {
  expect((await hapax("new", "uterine", "--name", "Case C")).code).toBe(0);
  expect((await hapax("new", "uterine")).code).toBe(2);
  const store = ["--data", "store"];
  expect((await hapax("import", "uterine", ...store)).out).toBe("uterine, revision 1\n");
  expect((await hapax("import", "uterine/case.json", ...store)).out).toBe("uterine, revision 1, was there already\n");
  expect((await hapax("export", "uterine", "--out", "from-folder.json")).code).toBe(0);
  await rm(join(cwd, "uterine"), { recursive: true });
  expect((await hapax("export", "uterine", "--out", "from-store.json", ...store)).code).toBe(0);
  expect(await readFile(join(cwd, "from-store.json"), "utf8")).toBe(await readFile(join(cwd, "from-folder.json"), "utf8"));
  expect((await hapax("export", "uterine", "--out", "out/bundle.zip", ...store)).code).toBe(0);
  expect((await hapax("import", "out/bundle.zip", "--data", "other")).code).toBe(0);
  expect((await hapax("findings", "uterine", "--data", "other")).out).toContain("Case C");
}, 60_000);

test("documents and figures are written where they are asked for", async () => {
  const { out } = await hapax("report", leach, "--out", "docs");
  expect(out.split("\n").slice(0, 4)).toEqual(["docs/leach2025.html", "docs/leach2025.pdf", "docs/leach2025.docx", "CARE: 24 of 30 items"]);
  expect(out).toMatch(/missing +12 +Perspective of the patient/);
  expect((await readFile(join(cwd, "docs/leach2025.pdf"))).subarray(0, 5).toString()).toBe("%PDF-");
  for (const kind of ["svg", "png", "tsv"]) expect((await hapax("figure", "timeline", leach, "--out", `timeline.${kind}`)).code).toBe(0);
  expect(await hapax("figure", "timeline", leach, "--out", "timeline.exe")).toMatchObject({ code: 2, err: expect.stringContaining("cli/kind") });
  expect(await hapax("figure", "nothing", leach, "--out", "x.svg")).toMatchObject({ code: 2, err: expect.stringContaining("timeline") });
}, 60_000);

test("a text that could start a formula is text in a spreadsheet", async () => {
  const record = await openCase(leach);
  const [first, ...rest] = record.entries;
  await writeFile(join(cwd, "formula.json"), JSON.stringify({ ...record, entries: [{ ...first, label: "=cmd|' /C calc'!A0" }, ...rest] }));
  await hapax("figure", "timeline", "formula.json", "--out", "formula.tsv");
  const table = await readFile(join(cwd, "formula.tsv"), "utf8");
  expect(table).toContain("'=cmd|");
  expect(table.split(/[\t\n]/).filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
});

test("a name cannot move the cursor or color the terminal", async () => {
  const record = await openCase(leach);
  await writeFile(join(cwd, "escape.json"), JSON.stringify({ ...record, name: "\u001b[2J\u001b[31mred\u202e", title: "\u009b2J" }));
  for (const args of [["findings", "escape.json"], ["check", "escape.json"], ["explain", "pathology/folpe2005", "escape.json"]]) {
    expect((await hapax(...args)).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});

test("bad input is code, what and remedy, with exit 2 and never a stack", async () => {
  const missing = await hapax("findings", "./nowhere");
  expect(missing).toMatchObject({ code: 2, out: "" });
  expect(missing.err).toMatch(/^(?:files|store)\/not-found {2}(?:\.\/)?nowhere .*\n.*\n$/);
  for (const args of [[], ["bogus"], ["findings"], ["findings", leach, "--bogus"], ["serve", "--port", "99999"], ["export", leach, "--out", "x.exe"]]) {
    expect([args, (await hapax(...args)).code]).toEqual([args, 2]);
  }
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: "binary" })), async (text) => {
      await writeFile(join(cwd, "random.json"), text);
      const { code, err } = await hapax("findings", "random.json");
      expect(code).toBe(2);
      expect(err).toMatch(/^(files|case)\/[a-z-]+ {2}/);
      expect(err).not.toMatch(/\n\s+at /);
    }),
    { numRuns: 50 },
  );
});
