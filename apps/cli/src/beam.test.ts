import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { densityCurves, machineNamed, machineOf, machines, superposedDose, tankDose, type BeamCheckRow } from "@hapax/dose";
import { openCrew } from "@hapax/kernels/crew-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { checkRows, withProfile } from "./beam-fit.ts";
import { measurementsAt, measurementsOf } from "./beam-measurements.ts";
import { main } from "./index.ts";
import type { Session } from "./session.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;

async function hapax(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(args, { out: (t) => void (out += t), err: (t) => void (err += t), root, cwd });
  return { code, out, err };
}
const here = (): Session => ({ out: () => undefined, err: () => undefined, root, cwd, exitCode: 0 });

/** What a machine would be measured to give, so that a fit must find it. */
function measuredOf(id: string) {
  const doseOf = superposedDose(machineNamed(id));
  const [fieldsMm, depthsMm] = [[100, 200], [30, 100, 200]];
  return {
    machine: "hall2-6mv", name: "Hall 2, 6 MV", energyMv: 6, sadMm: 1000,
    tpr: { referenceDepthMm: 100, fieldsMm, depthsMm, values: depthsMm.map((depth) => fieldsMm.map((field) => doseOf(field, depth) / doseOf(field, 100))) },
    outputFactors: { ssdMm: 900, depthMm: 100, fieldsMm, values: fieldsMm.map((field) => doseOf(field, 100) / doseOf(100, 100)) },
    primaryFluence: { radiiMm: [0, 100, 300], values: [1, 1.04, 1.08] },
  };
}
type Measured = ReturnType<typeof measuredOf>;
let measured: Measured;

const write = (name: string, value: unknown) => writeFile(join(cwd, name), JSON.stringify(value));

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hapax-cli-beam-"));
  measured = measuredOf("synergy-6mv");
  await write("measured.json", measured);
});
afterAll(() => rm(cwd, { recursive: true }));

test("beam has help with an example, and each of its commands too", async () => {
  for (const command of [[], ["list"], ["curves"], ["check"], ["fit"]]) {
    const { code, out } = await hapax("beam", ...command, "--help");
    expect(code).toBe(0);
    expect(out).toContain("Example: ./hapax beam");
  }
});

test("machines are listed with where their numbers are from, and what of them is assumed", async () => {
  const { out } = await hapax("beam", "list");
  for (const { id, origin, calibration } of machines()) for (const word of [id, origin.statement, calibration.origin.statement]) expect(out).toContain(word);
  expect(JSON.parse((await hapax("beam", "list", "--json")).out)).toHaveLength(machines().length);
});

test("curves are listed with their source, and whether they were read there", async () => {
  const { out } = await hapax("beam", "curves");
  for (const { id, source, verified } of densityCurves) {
    const line = out.split("\n").find((row) => row.startsWith(id));
    expect(line).toContain(source);
    expect(line).toContain(verified ? "verified" : "not verified");
  }
});

describe("check", () => {
  const checkedRows = async (...args: string[]) => {
    const { code, out } = await hapax("beam", "check", ...args, "--json");
    return { code, rows: JSON.parse(out) as BeamCheckRow[] };
  };

  test("a machine holds against what it gives by the same way, and a machine of another hall does not", async () => {
    const own = await checkedRows("synergy-6mv", "--measurements", "measured.json", "--by", "superposition");
    // TPR of 2 fields at 30 and 200 mm, 2 output factors, TPR20,10.
    expect(own.rows).toHaveLength(2 * 2 + 2 + 1);
    expect(Math.max(...own.rows.map(({ differencePercent }) => Math.abs(differencePercent)))).toBeLessThan(1e-9);
    expect(own.code).toBe(0);
    const wrong = { ...measured, outputFactors: { ...measured.outputFactors, values: measured.outputFactors.values.map((value, i) => (i === 1 ? 1.05 * value : value)) } };
    await write("wrong.json", wrong);
    expect(await hapax("beam", "check", "synergy-6mv", "--measurements", "wrong.json", "--by", "superposition")).toMatchObject({ code: 1, out: expect.stringContaining("does not hold") });
  });

  test("the engine is held against a measurement, its greatest differences told by field", async () => {
    // Fields below 30 mm are held to nothing.
    const field = { ...measured, tpr: { ...measured.tpr, fieldsMm: [20, 100], values: measured.tpr.values.map(([of100]) => [of100, of100]) }, outputFactors: { ...measured.outputFactors, fieldsMm: [20, 100], values: [0.8, 1] } };
    const one = { ...field, tpr: { ...field.tpr, depthsMm: [100, 200], values: field.tpr.values.slice(1) } };
    await write("one.json", one);
    const { out } = await hapax("beam", "check", "synergy-6mv", "--measurements", "one.json");
    expect(out).toMatch(/TPR20,10 +100 +200 /);
    expect(out).toContain("by the engine with 72 cones");
  });

  test("a machine may be held against other tanks; a file of one needs measurements of its own", async () => {
    expect(new Set(checkRows(machineNamed("generic-6mv"), "other tanks", () => 1).map(({ quantity }) => quantity))).toEqual(new Set(["depth dose"]));
    await write("mine.json", { ...machineNamed("generic-6mv"), id: "mine" });
    expect(await hapax("beam", "check", "mine.json")).toMatchObject({ code: 2, err: expect.stringContaining("--measurements") });
    expect(await hapax("beam", "check", "nothing")).toMatchObject({ code: 2, err: expect.stringContaining("cli/machine") });
    expect(await hapax("beam", "check", "--by", "guess")).toMatchObject({ code: 2, err: expect.stringContaining("cli/choice") });
  });
});

describe("fit", () => {
  test("a machine is made that gives what was measured, calibrated, with a picture", async () => {
    const { code, out } = await hapax("beam", "fit", "measured.json", "--start", "artiste-6mv", "--out", "fit/hall2.json", "--figure", "residuals.svg");
    expect(out).toContain("7 of 7 hold");
    expect(code).toBe(0);
    const machine = machineOf(JSON.parse(await readFile(join(cwd, "fit/hall2.json"), "utf8")));
    expect(machine).toMatchObject({ id: "hall2-6mv", name: "Hall 2, 6 MV", origin: { kind: "fitted" }, calibration: { gyPerMu: 0.01, origin: { kind: "assumed" } } });
    // Straight between 1 on the axis and 1.04 at 100 mm.
    expect(machine.primary.horns.values[5]).toBeCloseTo(1.02, 9);
    expect(machine.calibration.engineGy).toBeGreaterThan(0);
    expect(machine.calibration.engineGy).not.toBe(1);
    const picture = await readFile(join(cwd, "residuals.svg"), "utf8");
    for (const word of ["Tissue-phantom ratio", "Output factor", "200 mm", "calculated less measured"]) expect(picture).toContain(word);
  });

  test("a depth dose alone gives a spectrum; its output is as it was given", async () => {
    const doseOf = superposedDose(machineNamed("synergy-6mv"));
    const depthsMm = [20, 50, 100, 200];
    const { tpr: _, outputFactors: __, primaryFluence: ___, ...head } = measured;
    await write("pdd.json", { ...head, depthDose: { fieldMm: 100, ssdMm: 1000, depthsMm, percent: depthsMm.map((depth) => (100 * doseOf(100, depth, 1000)) / doseOf(100, 20, 1000)) }, calibration: { gyPerMu: 0.0091, fieldMm: 100, ssdMm: 1000, depthMm: 50 } });
    const { code, out } = await hapax("beam", "fit", "pdd.json", "--out", "pdd-machine.json", "--json");
    expect([code, (JSON.parse(out) as { rows: unknown[] }).rows.length]).toEqual([0, 2]);
    expect(machineOf(JSON.parse(await readFile(join(cwd, "pdd-machine.json"), "utf8"))).calibration).toMatchObject({ gyPerMu: 0.0091, depthMm: 50, origin: { kind: "fitted" } });
  });

  test("the fluence off axis is found from a profile in water", async () => {
    const machine = machineNamed("generic-6mv");
    const crew = await openCrew(2);
    try {
      const [ssdMm, depthMm, fieldMm] = [900, 50, 120];
      const doseOf = await tankDose(machine, { fieldMm, ssdMm, toDepthMm: depthMm, toRadiusMm: 60, crew });
      const positionsMm = Array.from({ length: 13 }, (_, i) => 10 * i - 60);
      const profile = { fieldMm, ssdMm, depthMm, positionsMm, values: positionsMm.map((x) => doseOf(depthMm, x)) };
      const level = { ...machine, primary: { ...machine.primary, horns: { ...machine.primary.horns, values: machine.primary.horns.values.map(() => 1) } } };
      const found = await withProfile(level, profile, crew, {});
      // The field ends at 60 mm, its penumbra begins at 40 mm.
      for (const at of [1, 2, 3, 4]) expect(Math.abs((found.primary.horns.values[at] ?? NaN) / (machine.primary.horns.values[at] ?? NaN) - 1), `${10 * at} mm`).toBeLessThan(0.01);
    } finally {
      await crew.close();
    }
  });

  test.each<[string, (good: Measured) => unknown, string]>([
    ["no name", ({ name: _, ...rest }) => rest, "name"],
    ["neither ratios nor a depth dose", ({ tpr: _, ...rest }) => rest, "its whole"],
    ["a row too few", (good) => ({ ...good, tpr: { ...good.tpr, values: good.tpr.values.slice(1) } }), "tpr.values: has a row for each depth"],
    ["a value too few in a row", (good) => ({ ...good, tpr: { ...good.tpr, values: good.tpr.values.map((row) => row.slice(1)) } }), "tpr.values: has a value for each field"],
    ["depths that fall", (good) => ({ ...good, tpr: { ...good.tpr, depthsMm: [200, 100, 30] } }), "tpr.depthsMm: rises"],
    ["no 20 cm", (good) => ({ ...good, tpr: { ...good.tpr, depthsMm: [30, 100, 190] } }), "tpr.depthsMm: holds"],
    ["a negative output", (good) => ({ ...good, outputFactors: { ...good.outputFactors, values: [0.9, -1] } }), "outputFactors.values.1"],
    ["fluence and a profile", (good) => ({ ...good, profile: { fieldMm: 200, ssdMm: 900, depthMm: 15, positionsMm: [-10, 0, 10], values: [1, 1, 1] } }), "profile: cannot be fitted"],
    ["fluence that does not begin on the axis", (good) => ({ ...good, primaryFluence: { radiiMm: [10, 20], values: [1, 1] } }), "primaryFluence.radiiMm"],
  ])("%s is refused by the field at fault", async (_, spoil, words) => {
    expect(() => measurementsOf(spoil(measured), "measured.json")).toThrow(words);
  });

  test("what is no JSON, of another energy, or asked for as another kind of picture is refused before anything is written", async () => {
    await writeFile(join(cwd, "broken.json"), "{ tpr");
    await write("high.json", { ...measured, energyMv: 15 });
    for (const [file, code] of [["broken.json", "cli/json"], ["high.json", "beam/energy"]] as const) {
      expect(await hapax("beam", "fit", file, "--out", "none.json")).toMatchObject({ code: 2, err: expect.stringContaining(code) });
    }
    expect(await hapax("beam", "fit", "measured.json", "--out", "none.json", "--figure", "x.pdf")).toMatchObject({ code: 2, err: expect.stringContaining("cli/kind") });
    expect(await readdir(cwd)).not.toContain("none.json");
  });
});

describe("a folder of tables", () => {
  const tables = {
    "params.dat": "# made up\nSAD 1000.0\nphoton_energy 6.0\ndose_reference_ssd 900.0\ndose_reference_depth 100.0\n",
    // Every 10 mm, 2 − depth / 100: 1 at the reference depth.
    "tpr.dat": `# fields\n0 30.0 100.0\n${Array.from({ length: 21 }, (_, i) => `${10 * i}\t${2 - i / 10 || 0.001} ${2 - i / 10 || 0.001}`).join("\n")}\n`,
    "of.dat": "30 0.84\n100\t1\n",
    "primflu.dat": "0 1\n100 1.04\n",
  };
  beforeAll(async () => {
    await mkdir(join(cwd, "Hall_3"));
    for (const [name, text] of Object.entries(tables)) await writeFile(join(cwd, "Hall_3", name), text);
  });

  test("is read in our form", async () => {
    const { machine, energyMv, sadMm, on, primaryFluence } = await measurementsAt(here(), "Hall_3");
    expect({ machine, energyMv, sadMm, primaryFluence }).toEqual({ machine: "hall-3", energyMv: 6, sadMm: 1000, primaryFluence: { radiiMm: [0, 100], values: [1, 1.04] } });
    const { tpr, outputFactors } = "axis" in on ? on.axis : expect.fail("no ratios");
    expect(outputFactors).toEqual({ ssdMm: 900, depthMm: 100, fieldsMm: [30, 100], values: [0.84, 1] });
    expect(tpr.values[tpr.depthsMm.indexOf(50)]?.[0]).toBeCloseTo(1.5, 12);
  });

  test("says which file or line is at fault", async () => {
    const spoiled = async (file: string, text: string | undefined) => {
      await cp(join(cwd, "Hall_3"), join(cwd, "spoiled"), { recursive: true });
      if (text === undefined) await rm(join(cwd, "spoiled", file));
      else await writeFile(join(cwd, "spoiled", file), text);
      return measurementsAt(here(), "spoiled").then(() => "read", (error: Error) => error.message);
    };
    expect(await spoiled("of.dat", "30 0,84\n100 one\n")).toContain("of.dat");
    expect(await spoiled("params.dat", "SAD 1000\n")).toContain("dose_reference_depth");
    expect(await spoiled("tpr.dat", undefined)).toContain("tpr.dat");
  });

  testWith("beam/synergy/tpr.dat")("a real one gives the ratios that the house has of it", async () => {
    const [real, { measuredBeam }] = [await measurementsAt(here(), sharedPath("beam/synergy")), await import("@hapax/dose")];
    const ours = measuredBeam("synergy-6mv");
    const { tpr } = "axis" in real.on ? real.on.axis : expect.fail("no ratios");
    tpr.depthsMm.forEach((depth, d) => tpr.fieldsMm.forEach((_, f) => {
      if (depth >= 15 && depth <= 290) expect(Math.abs((tpr.values[d]?.[f] ?? NaN) - (ours?.tpr.values[ours.tpr.depthsMm.indexOf(depth)]?.[f] ?? NaN))).toBeLessThan(2e-5);
    }));
  });
});
