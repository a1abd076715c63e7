import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type Volume } from "@hapax/base";
import { scansOf, uidOf, writeCtSeries, writeRtPlan, writeRtStruct, type WriteContext, type WrittenFile } from "@hapax/dicom";
import type { SvgNode } from "@hapax/figures";
import { openArchive } from "@hapax/server";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { smallStudy } from "../../../tests/small-study.ts";
import { putLoose } from "../../server/src/scans/archive.ts";
import { main } from "./index.ts";
import { scanFigure } from "./scan-figures.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const leach = join(root, "cases", "leach2025");
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-figures-"));
  await put("small", smallStudy());
  await put("beams", beamStudy());
  await put("second", smallStudy({ seed: "small" }).slice(-1).map((file) => ({ ...file, name: "again.dcm" })));
  await put("other", smallStudy({ seed: "another" }));
  await put("both", [...smallStudy(), ...smallStudy({ seed: "another" }).map((file) => ({ ...file, name: `other/${file.name}` }))]);
});
afterAll(() => rm(cwd, { recursive: true }));

async function put(folder: string, files: readonly WrittenFile[]): Promise<void> {
  for (const { name, bytes } of files) {
    const file = join(cwd, folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

/** A block of water, 20 × 20 × 10 cm, with a target to the left of its middle and one beam from the front. */
function beamStudy(): WrittenFile[] {
  const context: WriteContext = { patient: { id: "P2", name: "Doe^Jane", sex: "female" }, seed: "beams", label: "block", date: "2024-03-07", synthetic: true };
  const frameOfReference = uidOf("beams frame");
  const grid = gridOf({ size: [40, 40, 20], origin: [-97.5, -97.5, -47.5], spacing: [5, 5, 5], frameOfReference });
  const water: Volume = { grid, values: new Int16Array(32_000), slope: 1, intercept: 0, unit: "HU" };
  const square = (z: number) => Float64Array.of(20, -20, z, 60, -20, z, 60, 20, z, 20, 20, z);
  const structures = [{ number: 1, name: "PTV", type: "PTV", contours: [-12.5, -7.5, -2.5, 2.5, 7.5].map((z) => ({ type: "CLOSED_PLANAR" as const, points: square(z) })) }];
  const limits = { x: [-30, 30], y: [-40, 40] } as const;
  const point = { gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [40, 0, 0], limits } as const;
  const beam = { number: 4, name: "AP", type: "STATIC", radiation: "PHOTON", energyMv: 6, sadMm: 1000, controlPoints: [{ ...point, metersetShare: 0 }, { ...point, metersetShare: 1 }] };
  const plan = { structureSetUid: uidOf("beams RTSTRUCT block 1"), prescriptions: [], fractions: 1, beams: [beam], intent: "CURATIVE" };
  return [...writeCtSeries(water, context), writeRtStruct({ frameOfReference, structures }, context), writeRtPlan(plan, context)];
}

/** Runs a command as a person would, in a folder of its own. */
async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}

/** A picture's table, a row for each line. */
async function tableOf(...args: string[]): Promise<string[][]> {
  const { code, err } = await hapax("figure", ...args, "--out", "table.tsv");
  expect(err).toBe("");
  expect(code).toBe(0);
  return (await readFile(join(cwd, "table.tsv"), "utf8")).trimEnd().split("\n").map((line) => line.split("\t"));
}

const isodosesIn = (node: SvgNode): SvgNode[] =>
  "data-isodose" in node.attrs ? [node] : node.children.flatMap((child) => (typeof child === "string" ? [] : isodosesIn(child)));

async function refused(...args: string[]): Promise<string> {
  const { code, err } = await hapax("figure", ...args, "--out", "refused.svg");
  expect(code).toBe(2);
  return err;
}

describe("pictures of scans", () => {
  test("each kind is written as SVG and PNG of the width that was asked for", async () => {
    const more: Record<string, string[]> = { compare: ["--second", "second"], gamma: ["--second", "second", "--dd", "3", "--dta", "3"] };
    for (const name of ["mpr", "wash", "dvh", "compare", "gamma"]) {
      for (const kind of ["svg", "png"]) expect(await hapax("figure", name, "small", ...(more[name] ?? []), "--width", "900", "--out", `${name}.${kind}`)).toMatchObject({ code: 0, err: "" });
      const svg = await readFile(join(cwd, `${name}.svg`), "utf8");
      expect(Number(/<svg [^>]*?width="(\d+)"/.exec(svg)?.[1]), name).toBeGreaterThan(896);
      // Bytes 16 to 19 of a PNG are its width; it has two pixels for each px.
      const png = await readFile(join(cwd, `${name}.png`));
      expect(png.readUInt32BE(16)).toBe(2 * Number(/<svg [^>]*?width="(\d+)"/.exec(svg)?.[1]));
    }
  });

  test("planes go through the middle of the target, on a slice of the scanner", async () => {
    // The target lies at −10 to 10 mm in x and y, 0 to 6 mm in z; slices are every 3 mm, columns every 4 mm from −30.
    const rows = await tableOf("mpr", "small");
    expect(rows.slice(1).map(([plane, place, , name]) => [plane, place, name])).toEqual([
      ["axial", "z 3.0 mm", "PTV_High"], ["coronal", "y 2.0 mm", "PTV_High"], ["sagittal", "x 2.0 mm", "PTV_High"],
    ]);
  });

  test("the target of a plan is looked for among the structures that the plan was made on, not by number in others", async () => {
    const [scans, others] = [await scansOf(smallStudy()), await scansOf(smallStudy({ seed: "another" }))];
    const [set] = scans.structureSets;
    const [target] = set?.structures ?? [];
    if (set === undefined || target === undefined) throw new Error("The small study has structures.");
    // The plan prescribes to its number 1; in this set that is an organ at one edge, and the target is number 7.
    const organ = { number: 1, name: "Heart", contours: target.contours.map((c) => ({ ...c, points: c.points.map((v, i) => (i % 3 === 0 ? v + 14 : v)) })) };
    const renumbered = { ...set, structures: [organ, { ...target, number: 7 }] };
    const place = async (plans: typeof scans.plans) => (await scanFigure("mpr", { ...scans, plans, doses: [], structureSets: [renumbered] }, { plane: "sagittal" })).table.rows[0]?.[1];
    expect(await place(others.plans)).toBe("x 2.0 mm");
    expect(await place(scans.plans)).toBe("x 14.0 mm");
  });

  test("100 % is what the plan prescribes to its one target, or what is given", async () => {
    const dose = async (...args: string[]) => (await tableOf("wash", "small", "--plane", "axial", ...args)).find(([, , , level]) => level === "50 %")?.[4];
    expect(await dose()).toBe("33.00 Gy");
    expect(await dose("--prescription", "60")).toBe("30.00 Gy");
  });

  test("the highest dose stands where its voxel is", async () => {
    // 191 / 3 Gy in the last of 8 × 8 × 3 voxels: −28.5 + 7 · 8, −28 + 7 · 8, 0.5 + 2 · 4 mm.
    const rows = await tableOf("wash", "small", "--plane", "axial");
    expect(rows.at(-1)?.slice(1, 5)).toEqual(["27.5, 28.0, 8.5", "maximum", "96.5 %", "63.67 Gy"]);
  });

  test("a dose agrees with itself at every point", async () => {
    const [, row] = await tableOf("gamma", "small", "--second", "second", "--dd", "1", "--dta", "1", "--plane", "axial");
    expect(row?.slice(3)).toEqual(["0", "1 % / 1 mm, global, from 10 %", "100.00"]);
  });

  test("a histogram begins with the whole structure and ends with none of it", async () => {
    const rows = (await tableOf("dvh", "small")).slice(1);
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(["PTV_High"]));
    expect(Number(rows[0]?.[2])).toBeCloseTo(Number(rows[0]?.[3]), 3);
    expect(Number(rows.at(-1)?.[2])).toBe(0);
  });

  test("a beam shows its jaws and the shadow of the target in front of it", async () => {
    const rows = await tableOf("bev", "beams");
    expect(rows.slice(1, 3)).toEqual([["jaws X", "", "'-30.0", "30.0", "60.0"], ["jaws Y", "", "'-40.0", "40.0", "80.0"]]);
    await hapax("figure", "bev", "beams", "--out", "bev.svg");
    const svg = await readFile(join(cwd, "bev.svg"), "utf8");
    expect(svg).toContain("SYNTHETIC");
    expect(svg).toContain(">R</text>");
    // The target is 4 cm wide around the isocenter; its front, 2 cm nearer to the source, throws 4 · 1000 / 980 = 4.08 cm.
    const points = /d="([^"]*)"[^>]*data-structure="PTV"/.exec(svg)?.[1]?.match(/[ML]([\d.]+)/g)?.map((m) => Number(m.slice(1))) ?? [];
    // 640 px show 7 cm to each side, or 8 in the longer direction: 0.25 mm per px.
    expect(Math.abs((Math.max(...points) - Math.min(...points)) * 0.25 - 40.8)).toBeLessThan(1.5);
  });

  test("a case brings the scans of its archive", async () => {
    const store = join(cwd, "store");
    expect(await refused("mpr", leach, "--data", store)).toContain("cli/no-scans");
    const loose = await Promise.all(smallStudy().map((file) => putLoose(join(store, "scans", ".loose"), file)));
    await openArchive(join(store, "scans")).add("leach2025", loose);
    for (const where of [leach, "leach2025"]) expect((await tableOf("mpr", where, "--data", store)).length).toBe(4);
  });
});

describe("what is not said is asked for", () => {
  test("series, dose and structures, where several are there", async () => {
    const said = await refused("wash", "both", "--prescription", "60");
    expect(said).toContain("figure/several");
    expect(await refused("mpr", "both")).toMatch(/figure\/several .*series of images/);
    const [uid] = /[\d.]{20,}/.exec(said) ?? [];
    expect(await refused("wash", "both", "--prescription", "60", "--dose", "1.2.3")).toContain("figure/not-there");
    expect((await hapax("figure", "wash", "both", "--dose", uid as string, "--out", "one.svg")).code).toBe(0);
  });

  test("a second dose in another frame of reference is not drawn over the first", async () => {
    expect(await refused("compare", "small", "--second", "other")).toContain("figure/frame");
  });

  test("SlicerRT 224, CERR 1008: a registration ties the frames of two doses; the second is drawn dashed, where it then lies", async () => {
    const [scans, others] = [await scansOf(smallStudy()), await scansOf(smallStudy({ seed: "another" }))];
    const [dose, second] = [scans.doses[0], others.doses[0]];
    if (dose === undefined || second === undefined) throw new Error("The small study has a dose.");
    const rightMm = 24;
    const { uid, studyUid, seriesUid, files, label, synthetic, problems } = second;
    const registration = { uid, studyUid, seriesUid, files, label, synthetic, problems, from: second.grid.frameOfReference, to: dose.grid.frameOfReference };
    const rows = (x: number) => [[1, 0, 0, x], [0, 1, 0, 0], [0, 0, 1, 0]] as const;
    const lines = async (x: number) => {
      const { root: drawn } = await scanFigure("compare", { ...scans, registrations: [{ ...registration, rows: rows(x) }] }, { second, plane: "axial" });
      const paths = isodosesIn(drawn);
      const of = (dashed: boolean) => paths.filter(({ attrs }) => (attrs["stroke-dasharray"] !== undefined) === dashed).map(({ attrs }) => attrs["d"]);
      return { solid: of(false), dashed: of(true) };
    };
    const same = await lines(0);
    expect(same.solid.length).toBeGreaterThan(0);
    expect(same.dashed).toEqual(same.solid);
    const moved = await lines(-rightMm);
    expect(moved.solid).toEqual(same.solid);
    expect(moved.dashed).not.toEqual(same.dashed);
  });

  test.each([
    [["wash", "beams"], "The scans hold no dose"],
    [["bev", "small"], "has no beams"],
    [["bev", "beams", "--beam", "1"], "4 (AP)"],
    [["mpr", "small", "--names", "PTV_High,Heart"], "Drawn are PTV_High"],
    [["mpr", "small", "--names", "SpinalCord"], "SpinalCord has no contours"],
    [["mpr", "small", "--at", "0,0"], "cli/number"],
    [["mpr", "small", "--at", "-500,0,0"], "figure/outside"],
    [["mpr", "small", "--plane", "oblique"], "axial, coronal, sagittal, all"],
    [["mpr", "small", "--window", "skin"], "Mediastinum"],
    [["mpr", "small", "--window", "40,0"], "figure/window"],
    [["mpr", "small", "--width", "9000"], "figure/width"],
    [["wash", "small", "--prescription", "0"], "cli/number"],
    [["wash", "small", "--scheme", "rainbow"], "percent, figure2"],
    [["gamma", "small", "--second", "second"], "figure/criteria"],
    [["gamma", "small", "--second", "second", "--dd", "3"], "--dta is missing"],
    [["compare", "small"], "figure/second"],
    [["mpr", "nowhere"], "cli/no-scans"],
    [["nothing", "small"], "mpr, wash"],
  ])("%j", async (args, words) => {
    expect(await refused(...args)).toContain(words);
  });
});

const real = "rt/openkbp-pt106-hn-sib";
testWith(real)("a boost of three dose levels has no one prescription: it is asked for, and the highest dose lies in PTV70", { timeout: 60_000 }, async () => {
  const folder = sharedPath(real);
  expect(await refused("wash", folder)).toContain("prescribes 56 Gy to PTV56, 63 Gy to PTV63, 70 Gy to PTV70");
  const rows = await tableOf("wash", folder, "--prescription", "70", "--at", "7,-44.4,25", "--plane", "axial");
  // TRUTH.csv: the highest dose of PTV70 is 71.869 Gy.
  expect(rows.at(-1)?.[4]).toBe("71.87 Gy");
  expect(rows.map((row) => row[3])).toEqual(expect.arrayContaining(["100 %", "95 %", "PTV70", "Mandible", "SpinalCord"]));
});
