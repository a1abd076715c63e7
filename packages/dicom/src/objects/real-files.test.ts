import { readdirSync, readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { spacingOf } from "@hapax/base";
import type { ScanSeries, TreatmentPlan } from "@hapax/case";
import { sharedPath, testWith } from "../../../../tests/shared-data.ts";
import { scansOf, type FoundFile } from "./scans.ts";

const folder = (path: string): FoundFile[] =>
  readdirSync(sharedPath(path), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => ({ name, bytes: new Uint8Array(readFileSync(sharedPath(`${path}/${name}`))) }));
const only = (path: string, ...names: string[]): FoundFile[] => folder(path).filter(({ name }) => names.includes(name));

const headAndNeck = "rt/openkbp-pt106-hn-sib";
const broken = "rt/edge-pydicom-broken";
const breast = "rt/rtplan-rtstruct-breast-dicompyler";

describe("real files", () => {
  testWith(headAndNeck)("a head and neck plan of three dose levels: CT, structures, dose and prescription are those of its truth table", async () => {
    const files = folder(headAndNeck);
    const { series, structureSets, doses, plans, problems } = await scansOf(files);
    const [ct] = series as [ScanSeries];
    expect(ct.geometry.classes).toEqual(["regular"]);
    expect(ct.grid?.size).toEqual([128, 128, 128]);
    expect((await ct.volume()).unit).toBe("HU");
    const truth = (files.find(({ name }) => name === "TRUTH.csv") as FoundFile).bytes;
    const rows = new TextDecoder().decode(truth).trim().split("\n").slice(1).map((line) => line.split(","));
    expect(structureSets[0]?.structures.map(({ name, contours }) => [name, contours.length])).toEqual(rows.map((row) => [row[0], Number(row[8])]));
    expect(structureSets[0]?.referencedSeries).toBe(ct.seriesUid);
    expect(structureSets[0]?.frameOfReference).toBe(ct.frameOfReference);
    const dose = await doses[0]?.volume();
    // Highest voxel of any structure in the table; the file keeps 1.2 mGy.
    expect(dose?.values.reduce((most, value) => Math.max(most, value), 0)).toBeCloseTo(Math.max(...rows.map((row) => Number(row[4]))), 2);
    expect(plans[0]?.prescriptions.map(({ description, targetGy }) => [description, targetGy])).toEqual([["PTV56", 56], ["PTV63", 63], ["PTV70", 70]]);
    expect(plans[0]?.fractions).toBe(35);
    expect(problems.map(({ code }) => code)).toEqual(["dicom/not-dicom", "dicom/not-dicom", "dicom/not-dicom"]);
  });

  testWith(headAndNeck)("the order of the files does not matter", async () => {
    const files = folder(headAndNeck);
    expect(JSON.stringify(await scansOf(files.toReversed()))).toBe(JSON.stringify(await scansOf(files)));
  });

  testWith(breast)("a breast plan: every field has its leaves and its monitor units, every structure its contours", async () => {
    const { structureSets, plans } = await scansOf(folder(breast));
    const [plan] = plans as [TreatmentPlan];
    expect(plan.beams.map(({ controlPoints, meterset }) => [controlPoints.length, meterset])).toEqual([[92, 97], [94, 87], [103, 89], [95, 94]]);
    for (const { leafEdges, controlPoints } of plan.beams) {
      expect(leafEdges).toHaveLength(61);
      expect(controlPoints.every(({ limits }) => limits.leaves?.length === 120 && limits.x !== undefined && limits.y !== undefined)).toBe(true);
      expect(controlPoints.at(-1)?.metersetShare).toBeCloseTo(1, 6);
      expect(controlPoints.every(({ isocenter, gantryDeg }) => [...isocenter, gantryDeg].every((value) => Number.isFinite(value)))).toBe(true);
    }
    const structures = structureSets[0]?.structures ?? [];
    expect(structures.find(({ name }) => name === "BODY")?.contours).toHaveLength(141);
    expect(structures.find(({ name }) => name === "Areola")?.contours).toEqual([]);
  });

  testWith("rt/edge-gantry-tilt-varspacing-ge")("a head CT with a tilt of 18.5° and slices 1.08, 4 and 7 mm apart is set upright, with a notice", async () => {
    const { series } = await scansOf(folder("rt/edge-gantry-tilt-varspacing-ge"));
    const [ct] = series as [ScanSeries];
    expect(series).toHaveLength(1);
    expect(ct.geometry.classes).toEqual(["variable spacing", "sheared"]);
    expect(ct.geometry.shown).toBe("resampled");
    // Table steps of 1.14, 4.22 and 7.38 mm, times the cosine 0.9483 of the tilt.
    expect(ct.geometry.notice).toContain("1.08 mm to 7 mm apart");
    expect(ct.geometry.notice).toContain("18.5°");
    const { values, unit } = await ct.volume();
    expect(unit).toBe("HU");
    // Resampling is a mean of neighbours: no number beyond those of the scanner.
    let [unknown, low, high] = [0, Infinity, -Infinity];
    for (const value of values) {
      if (Number.isNaN(value)) unknown++;
      else [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
    expect(low).toBeGreaterThanOrEqual(-3024);
    expect(high).toBeLessThanOrEqual(3071);
    // The grid is 99 rows taller than a slice; where slices lean out of it nothing is known.
    expect(unknown / values.length).toBeCloseTo(99 / 611, 1);
  });

  testWith("rt/edge-missing-slices")("a head CT at 5, 5 and 10 mm has one slice missing, and nothing is shown there", async () => {
    const { series } = await scansOf(folder("rt/edge-missing-slices"));
    const [ct] = series as [ScanSeries];
    expect(ct.geometry.classes).toEqual(["missing slices"]);
    expect(ct.geometry.positionsMm).toHaveLength(4);
    expect(spacingOf(ct.grid as NonNullable<ScanSeries["grid"]>)[2]).toBeCloseTo(5, 4);
    const { values, grid } = await ct.volume();
    const each = 512 * 512;
    expect(grid.size).toEqual([512, 512, 5]);
    expect([0, 1, 2, 3, 4].map((k) => values.subarray(k * each, (k + 1) * each).some((value) => Number.isNaN(value)))).toEqual([false, false, false, true, false]);
  });

  testWith(broken)("every broken file shows what is true in it, or is refused by name", async () => {
    const files = folder(broken);
    const scans = await scansOf(files);
    const shown = [...scans.series, ...scans.structureSets, ...scans.plans, ...scans.doses, ...scans.pictures].flatMap((one) => one.files);
    for (const { name } of files) {
      expect(shown.includes(name) || scans.problems.some(({ what }) => what.includes(name)), name).toBe(true);
    }
    for (const code of ["dicom/truncated", "dicom/dose-units", "dicom/position-missing", "dicom/several-patients"]) {
      expect(scans.problems.some((problem) => problem.code === code), code).toBe(true);
    }
    expect(scans.problems.every(({ remedy }) => remedy !== "")).toBe(true);
  });

  testWith(broken)("one MR slice in big endian, RLE, JPEG 2000 and JPEG-LS is one slice, and a damaged copy is set aside", async () => {
    const { series, problems } = await scansOf(folder(broken).filter(({ name }) => name.startsWith("MR_small")));
    const [mr] = series as [ScanSeries];
    expect(mr.geometry.classes).toEqual(["single", "duplicates"]);
    expect(mr.geometry.shown).toBe("as it is");
    expect(problems.map(({ code }) => code)).toEqual(["dicom/pixel-length"]);
    const { values, unit } = await mr.volume();
    expect([unit, values.length, values[0]]).toEqual(["", 64 * 64, 905]);
  });

  testWith(broken)("an enhanced CT of two frames is a volume by its functional groups", async () => {
    const { series } = await scansOf(only(broken, "eCT_Supplemental.dcm"));
    const [ct] = series as [ScanSeries];
    expect(ct.grid?.size).toEqual([512, 512, 2]);
    expect(ct.problems.map(({ code }) => code)).toEqual(["dicom/rescale-type"]);
    expect((await ct.volume()).unit).toBe("");
  });
});
