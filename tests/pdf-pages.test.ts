import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCase } from "@hapax/files";
import { houseCompute } from "@hapax/server";

function hasPoppler(): boolean {
  try {
    execFileSync("pdftotext", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const without = !hasPoppler() && process.env["HAPAX_REQUIRE_ALL"] !== "1";
const root = new URL("../", import.meta.url).pathname;

test.skipIf(without)("the PDF of the Leach case has every table and figure, no blank page and no lonely heading (needs poppler-utils)", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hapax-pdf-"));
  const file = join(folder, "leach.pdf");
  await writeFile(file, await houseCompute.report(await openCase(join(root, "cases/leach2025")), "pdf"));
  const pages = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }).split("\f").slice(0, -1);
  await rm(folder, { recursive: true });
  const whole = pages.join("\n");
  for (const n of [1, 2, 3, 4, 5, 6]) expect(whole).toContain(`Table ${n}. `);
  for (const n of [1, 2, 3, 4, 5]) expect(whole).toContain(`Figure ${n}. `);
  for (const line of ["comprehensive metabolic panel", "68.6", "Sum of longest", "Mitotic count"]) expect(whole).toContain(line);
  const headings = ["Abstract", "Introduction", "Patient information", "Discussion", "Patient perspective", "Informed consent", "Glossary", "References"];
  for (const [i, page] of pages.entries()) {
    // Running head and foot are two lines; a page has more.
    const lines = page.split("\n").map((l) => l.trim()).filter(Boolean).slice(0, -1);
    expect(lines.length, `page ${i + 1}`).toBeGreaterThan(2);
    expect(headings, `last line of page ${i + 1}`).not.toContain(lines.at(-1));
  }
  expect(whole).not.toMatch(/undefined|NaN|\[object/);
}, 60_000);
