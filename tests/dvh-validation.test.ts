import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { agreement, page, rows } from "./dvh-validation.ts";
import { testWith } from "./shared-data.ts";

testWith("rt/slicerrt-dosimetry-reference")("dose–volume histograms agree with Eclipse and CERR: at least 95 % of points within 1 % of the volume at 0.5 Gy, each volume of CERR within 3 %, and the page says so", () => {
  const all = rows();
  for (const by of ["eclipse", "cerr"] as const) {
    const each = all.map((row) => agreement(row.ours, row[by]));
    expect(each.reduce((sum, one) => sum + one.within, 0) / each.reduce((sum, one) => sum + one.points, 0)).toBeGreaterThan(0.99);
    expect(Math.min(...each.map((one) => one.within / one.points))).toBeGreaterThan(0.9);
  }
  for (const { name, ours, cerr } of all) expect(Math.abs(ours.volumeCc - cerr.volumeCc), name).toBeLessThan(Math.max(0.03 * cerr.volumeCc, 0.01));
  expect(readFileSync(fileURLToPath(new URL("../docs/validation-dvh.md", import.meta.url)), "utf8")).toBe(page(all));
}, 60_000);
