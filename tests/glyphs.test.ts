import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openCase } from "@hapax/files";
import { workup } from "@hapax/workup";
import { advances } from "../packages/figures/scripts/true-type.ts";

const root = new URL("../", import.meta.url).pathname;
const folder = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const fonts = {
  sans: advances(join(folder("source-sans"), "TTF/SourceSans3-Regular.ttf")),
  semibold: advances(join(folder("source-sans"), "TTF/SourceSans3-Semibold.ttf")),
  serif: advances(join(folder("source-serif"), "TTF/SourceSerif4-Regular.ttf")),
  mono: advances(join(folder("source-code-pro"), "TTF/SourceCodePro-Regular.ttf")),
};
const white = /\s/u;

/** Characters of a text without a glyph in a font. */
const lacking = (text: string, font: keyof typeof fonts) =>
  [...new Set(text)].filter((c) => !white.test(c) && fonts[font](c) === undefined);

test("every character of the Leach case and its findings is in the fonts of text", async () => {
  const record = await openCase(join(root, "cases/leach2025"));
  const text = JSON.stringify([record, workup(record).findings]);
  for (const font of ["sans", "semibold", "serif"] as const) expect(lacking(text, font), font).toEqual([]);
});

test("every character that the workbench, the figures and the report write is in the fonts of text", () => {
  const files = globSync(["apps/web/src/**/*.{ts,tsx}", "packages/{figures,report,workup}/src/**/*.ts"], { cwd: root })
    .filter((file) => !file.includes(".test."));
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    expect(lacking(readFileSync(join(root, file), "utf8"), "sans"), file).toEqual([]);
  }
});

test("rule ids and codes are in the font of code", () => {
  expect(lacking("abcdefghijklmnopqrstuvwxyz0123456789/-_#.ABCDEFGHIJKLMNOPQRSTUVWXYZ", "mono")).toEqual([]);
});

test("the marks of the states are drawn, since no font of ours has every one of them", () => {
  expect(lacking("⊘◐∅", "sans")).not.toEqual([]);
});
