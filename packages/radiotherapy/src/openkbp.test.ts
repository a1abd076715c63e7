import { readdirSync, readFileSync } from "node:fs";
import type { Structure } from "@hapax/case";
import { scansOf } from "@hapax/dicom";
import { describe, expect } from "vitest";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { dvhOf, type Dvh } from "./dvh.ts";

const folder = "rt/openkbp-pt106-hn-sib";

interface Row {
  readonly name: string;
  readonly voxels: number;
  readonly volumeCc: number;
  readonly mean: number;
  readonly max: number;
  readonly d95: number;
  readonly d99: number;
}

function truth(): Row[] {
  return readFileSync(sharedPath(`${folder}/TRUTH.csv`), "utf8").trim().split("\n").slice(1).map((line) => {
    const [name = "", ...numbers] = line.split(",");
    const [voxels, volumeCc, mean, max, d95, d99] = numbers.map(Number) as [number, number, number, number, number, number];
    return { name, voxels, volumeCc, mean, max, d95, d99 };
  });
}

async function read() {
  const scans = await scansOf(readdirSync(sharedPath(folder)).filter((name) => name.endsWith(".dcm")).map((name) => ({ name, bytes: readFileSync(sharedPath(`${folder}/${name}`)) })));
  const [set, dose] = [scans.structureSets[0], scans.doses[0]];
  if (set === undefined || dose === undefined) throw new Error("The set has structures and a dose.");
  const volume = await dose.volume();
  const dvh = (structure: Structure, samples: "fine" | "dose voxels") => dvhOf(structure, volume, { frameOfReference: set.frameOfReference, samples });
  return { set, dvh };
}

/** A dose that voxel counting allows: those of the voxels next in order. */
const nextTo = (dvh: Dvh, share: number, voxels: number) => ({ low: dvh.dAt(Math.min(1, share + 1.5 / voxels)).low, high: dvh.dAt(Math.max(0, share - 1.5 / voxels)).low });

describe("OpenKBP, patient 106", () => {
  testWith(folder)("counting dose voxels, every row has the published volume, mean, maximum, D95 and D99 within 1 % or one voxel", async () => {
    const { set, dvh } = await read();
    for (const row of truth()) {
      const structure = set.structures.find((one) => one.name === row.name);
      expect(structure, row.name).toBeDefined();
      const counted = dvh(structure as Structure, "dose voxels");
      const voxelCc = row.volumeCc / row.voxels;
      expect(Math.abs(counted.volumeCc - row.volumeCc), row.name).toBeLessThan(Math.max(voxelCc, 0.01 * row.volumeCc));
      expect(Math.abs(counted.mean.low - row.mean), row.name).toBeLessThan(0.01 * row.mean);
      expect(Math.abs(counted.max.low - row.max), row.name).toBeLessThan(0.01 * row.max);
      for (const [share, gy] of [[0.95, row.d95], [0.99, row.d99]] as const) {
        const { low, high } = nextTo(counted, share, row.voxels);
        expect(gy, `${row.name} D${100 * share}`).toBeGreaterThan(low - 0.01 * gy - 0.01);
        expect(gy, `${row.name} D${100 * share}`).toBeLessThan(high + 0.01 * gy + 0.01);
      }
    }
  });

  testWith(folder)("sampled finely, the volume is the same, the mean within 2 % and the maximum no lower", async () => {
    const { set, dvh } = await read();
    for (const row of truth()) {
      const fine = dvh(set.structures.find((one) => one.name === row.name) as Structure, "fine");
      expect(Math.abs(fine.volumeCc / row.volumeCc - 1), row.name).toBeLessThan(0.001);
      expect(Math.abs(fine.mean.low - row.mean), row.name).toBeLessThan(Math.max(0.02 * row.mean, 0.2));
      expect(fine.max.low, row.name).toBeGreaterThan(row.max - 0.01);
    }
  });
});
