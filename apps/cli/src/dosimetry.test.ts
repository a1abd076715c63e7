import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gridOf } from "@hapax/base";
import { uidOf, writeRtDose, writeRtStruct, type DoseDescription, type WriteContext } from "@hapax/dicom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "./index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;

async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}

const frameOfReference = uidOf("dosimetry");
const context: WriteContext = { patient: { id: "P1", name: "Doe^Jane" }, seed: "dosimetry", label: "plan", date: "2024-03-07", synthetic: true };

/** Dose on voxels of 2 mm around the origin, by the distance from it. */
function doseFile(gy: (mm: number) => number, half: number, more: DoseDescription = {}): Uint8Array {
  const n = half + 1;
  const grid = gridOf({ size: [n, n, n], origin: [-half, -half, -half], spacing: [2, 2, 2], frameOfReference });
  const at = (i: number) => 2 * i - half;
  const values = Float32Array.from({ length: n ** 3 }, (_, i) => gy(Math.hypot(at(i % n), at(Math.floor(i / n) % n), at(Math.floor(i / n ** 2)))));
  return writeRtDose({ grid, values, slope: 1, intercept: 0, unit: "Gy" }, context, { planUid: uidOf("plan"), ...more }).bytes;
}

function ball(number: number, name: string, radius: number, type = "ORGAN") {
  const contours = Array.from({ length: 2 * radius }, (_, k) => {
    const z = -radius + k + 0.5;
    const r = Math.sqrt(radius ** 2 - z ** 2);
    const turn = (i: number) => (2 * Math.PI * i) / 90;
    return { type: "CLOSED_PLANAR" as const, points: Float64Array.from({ length: 270 }, (_, i) => [r * Math.cos(turn(Math.floor(i / 3))), r * Math.sin(turn(Math.floor(i / 3))), z][i % 3] as number) };
  });
  return { number, name, type, contours };
}

const named = { number: 5, name: "Esophagus", type: "ORGAN", contours: [] };
const structures = [ball(1, "PTV_High", 12, "PTV"), ball(2, "Lungs", 15), ball(3, "SpinalCord", 6), ball(4, "Lung_L", 8), named];
const flat = (gy: number) => () => gy;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-dosimetry-"));
  const files = {
    "flat.dcm": doseFile(flat(20), 40),
    "narrow.dcm": doseFile(flat(20), 12),
    "effective.dcm": doseFile(flat(20), 40, { type: "EFFECTIVE" }),
    "peak.dcm": doseFile((mm) => Math.max(0, 60 - mm), 80),
    "cut.dcm": doseFile((mm) => Math.max(0, 60 - mm), 30),
    "structures.dcm": writeRtStruct({ frameOfReference, structures }, context).bytes,
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(cwd, name), bytes);
});
afterAll(() => rm(cwd, { recursive: true }));

interface Response {
  readonly set: string;
  readonly probability?: number;
  readonly geud?: number;
  readonly problem?: string;
}
interface FoundJson {
  readonly structures: readonly { readonly name: string; readonly responses?: readonly Response[] }[];
  readonly indices: readonly { readonly indices: readonly { readonly name: string; readonly value: unknown }[]; readonly notes: readonly string[] }[];
}
const found = async (dose: string, ...args: string[]): Promise<FoundJson> => {
  const { code, out, err } = await hapax("dvh", "--dose", dose, "--structures", "structures.dcm", "--json", ...args);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as FoundJson;
};
const responsesOf = ({ structures: rows }: FoundJson, organ: string) => rows.find(({ name }) => name === organ)?.responses ?? [];

describe("complication probabilities of 20 Gy in 30 fractions", () => {
  test("are those of each set at the EQD2, 14.667 Gy for the lungs at 3 Gy: 7.8 % by Seppenwoolde", async () => {
    const lungs = responsesOf(await found("flat.dcm", "--ntcp", "--fractions", "30"), "Lungs");
    expect(lungs.map(({ set }) => set)).toEqual(["burman1991/Lungs", "aviPlanner2022/Lungs", "seppenwoolde2003/Lungs", "emami1991/Lungs"]);
    // 20 (0.6667 + 3) / 5 = 14.667; (14.667 − 30.8) / (0.37 × 30.8) = −1.4157; Φ = 0.0784
    expect(lungs[2]?.geud).toBeCloseTo(14.667, 2);
    expect(lungs[2]?.probability).toBeCloseTo(0.0784, 3);
    // 20 (0.6667 + 2.5) / 4.5 = 14.074 at the α/β of the set
    expect(lungs[1]?.geud).toBeCloseTo(14.074, 2);
  });

  test("never stand without name, reading and source of their set", async () => {
    const { out } = await hapax("dvh", "--dose", "flat.dcm", "--structures", "structures.dcm", "--ntcp", "--fractions", "30");
    expect(out).toMatch(/Lungs +Seppenwoolde 2003, lung +pneumonitis +7\.8 % +14\.67 +1 +3, organ table +read +Seppenwoolde/);
    expect(out).toMatch(/SpinalCord +Burman 1991, spinal cord +not stated +< 0\.1 % .* recalled +Burman/);
    expect(out).toContain("the parameters of Burman 1991, lung are recalled, not read");
    expect(out).toContain("QUANTEC (Kirkpatrick 2010)");
    expect(out).toMatch(/Esophagus +Burman 1991, esophagus +not stated +cannot tell: it is not drawn/);
  });

  test("are not told of one lung, of a part of the organ, without fractions, or of a dose that is converted already", async () => {
    expect(responsesOf(await found("flat.dcm", "--ntcp", "--fractions", "30"), "Lung_L")).toEqual([]);
    const why = async (...args: [string, ...string[]]) => [...new Set(responsesOf(await found(...args), "Lungs").map(({ problem }) => problem))];
    expect(await why("flat.dcm", "--ntcp")).toEqual(["the number of fractions is not known; give --fractions"]);
    expect(await why("narrow.dcm", "--ntcp", "--fractions", "30")).toEqual([expect.stringMatching(/^the dose is known in \d\d\.\d % of it$/)]);
    expect(await why("effective.dcm", "--ntcp", "--fractions", "30")).toEqual(["the dose is of DoseType EFFECTIVE"]);
  });
});

describe("a target of 12 mm in a dose that falls by 1 Gy per mm from 60 Gy", () => {
  test("is as conformal as the balls of its isodoses: RTOG and Paddick (9/12)³, gradient (34.5/9)³, R50% (34.5/12)³", async () => {
    const { indices: [ptv] } = await found("peak.dcm", "--indices", "PTV_High:51");
    const value = (name: string) => ptv?.indices.find((index) => index.name === name)?.value as number;
    expect(value("conformity, RTOG")).toBeCloseTo(0.422, 1);
    expect(value("conformity, Paddick")).toBeCloseTo(0.422, 1);
    expect(Math.abs(value("gradient index") / 56.33 - 1)).toBeLessThan(0.03);
    expect(Math.abs(value("R50%") / 23.76 - 1)).toBeLessThan(0.01);
    // (56.743 − 48.081) / 50.476 and 55.579 / 48.203
    expect(value("homogeneity, ICRU 83")).toBeCloseTo(0.1716, 2);
    expect(value("D5% / D95%")).toBeCloseTo(1.153, 2);
    expect(ptv?.notes).toEqual(["No outline of the patient is drawn: isodoses count wherever the dose grid has them."]);
  });

  test("has a least R50% where half of the prescription leaves the dose grid, and that is told", async () => {
    const { out } = await hapax("dvh", "--dose", "cut.dcm", "--structures", "structures.dcm", "--indices", "PTV_High:51");
    // D50% at 9.52 mm
    expect(out).toMatch(/PTV_High +7\.2\d +50\.\d\d +60\.00 +56\.\d\d +50\.4\d +48\.\d\d +48\.\d\d +57\.\d\d +100\.0 %/);
    expect(out).toMatch(/R50% +≥ \d/);
    expect(out).toContain("The isodose of 25.5 Gy leaves the dose grid.");
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
  });

  test.each([["PTV_High", "cli/number"], ["PTV_High:", "cli/number"], ["PTV_High:0", "cli/number"], ["PTV_Low:54", "There are PTV_High, Lungs"], ["Esophagus:50", "radiotherapy/not-drawn"]])("%s is refused", async (asked, words) => {
    const { code, err } = await hapax("dvh", "--dose", "peak.dcm", "--structures", "structures.dcm", "--indices", asked);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});
