import { expect, test } from "vitest";
import { lintImports } from "./lint-imports.ts";

const lint = (files: Record<string, string>) => lintImports(new Map(Object.entries(files))).map((p) => `${p.file} ${p.what}`);

test("disciplines meet in workup, not in one another", () => {
  const files = { "packages/staging/src/ajcc8.ts": 'import { folpe2005 } from "@hapax/pathology";' };
  expect(lint(files)).toEqual([expect.stringContaining("imports @hapax/pathology")]);
  expect(lint({ "packages/workup/src/workup.ts": 'import { pecoma } from "@hapax/pathology";' })).toEqual([]);
});

test("a relative path into another package is refused", () => {
  expect(lint({ "packages/labs/src/a.ts": 'import { known } from "../../case/src/facts.ts";' })).toEqual([
    expect.stringContaining("reaches into packages/case"),
  ]);
});

test("a rule does not touch the disk; a door may", () => {
  const source = 'import { readFileSync } from "node:fs";';
  expect(lint({ "packages/labs/src/a.ts": source })).toHaveLength(1);
  expect(lint({ "packages/files/src/a.ts": source })).toEqual([]);
});

test("a cycle is named from start to end", () => {
  const found = lint({
    "packages/case/src/a.ts": 'import { b } from "./b.ts";',
    "packages/case/src/b.ts": 'export { c } from "./c.ts";',
    "packages/case/src/c.ts": 'import type { A } from "./a.ts";',
  });
  expect(found).toEqual([expect.stringContaining("a.ts → packages/case/src/b.ts → packages/case/src/c.ts → packages/case/src/a.ts")]);
});
