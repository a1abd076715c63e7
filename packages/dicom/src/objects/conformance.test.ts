import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gridOf, transform } from "@hapax/base";
import { uidOf } from "./uid.ts";
import { writeCtSeries } from "./write-ct.ts";
import type { WrittenFile } from "./write-images.ts";
import { writePetSeries } from "./write-pet.ts";
import { writeRegistration } from "./write-registration.ts";
import { writeRtDose } from "./write-rt-dose.ts";
import { writeRtPlan } from "./write-rt-plan.ts";
import { writeRtStruct } from "./write-rt-struct.ts";
import type { WriteContext } from "./context.ts";

const frameOfReference = uidOf("conformance frame");
const context: WriteContext = {
  patient: { id: "SYN-1", name: "Müller^Jane", sex: "female", weightKg: 61.5, heightM: 1.68 }, seed: "conformance", label: "thorax", date: "2024-05-01T10:15:00", synthetic: true,
};
const grid = gridOf({ size: [7, 5, 3], origin: [-12.5, 33.25, -100.125], spacing: [0.976562, 1.5, 2.5], axes: [[0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0, 1]], frameOfReference });
const values = Float32Array.from({ length: 105 }, (_, i) => i * 3.7);

function written(): { plain: WrittenFile[]; wide: WrittenFile } {
  const ct = writeCtSeries({ grid, values, slope: 1, intercept: -1000, unit: "HU" }, context);
  const pet = writePetSeries({ grid, values, slope: 1000, intercept: 0, unit: "Bq/mL" }, context, { injectedBq: 3.1e8, halfLifeS: 6586.2, waitS: 3600, name: "Fluorodeoxyglucose" });
  const structures = writeRtStruct({
    frameOfReference,
    structures: [
      { number: 1, name: "PTV_High", type: "PTV", color: "#ff0000", contours: [{ type: "CLOSED_PLANAR", points: Float64Array.of(0, 0, 0, 10.125, 0, 0, 1 / 3, 10, 0) }] },
      { number: 2, name: "Iso", type: "ISOCENTER", contours: [{ type: "POINT", points: Float64Array.of(1, 2, 3) }] },
      { number: 3, name: "SpinalCord", contours: [] },
    ],
    images: { seriesUid: uidOf("conformance CT thorax"), sopClass: "1.2.840.10008.5.1.4.1.1.2", instances: [uidOf("conformance CT thorax 1")] },
  }, context);
  const limits = { x: [-50, 50], y: [-60, 60], leaves: [-10, -12.5, 10, 12.5] } as const;
  const plan = writeRtPlan({
    intent: "CURATIVE", structureSetUid: uidOf("conformance RTSTRUCT thorax 1"), fractions: 30,
    prescriptions: [{ structure: 1, role: "TARGET", targetGy: 66, description: "PTV_High" }],
    beams: [{
      number: 1, name: "AP", type: "DYNAMIC", radiation: "PHOTON", machine: "Any", energyMv: 6, sadMm: 1000, meterset: 123.4, leafEdges: [-10, 0, 10], leafAxis: "x",
      controlPoints: [0, 1].map((metersetShare) => ({ metersetShare, gantryDeg: 0, collimatorDeg: 5, couchDeg: 0, isocenter: [1, 2, 3], limits })),
    }],
  }, context);
  const dose = { grid, values, slope: 0.1, intercept: 0, unit: "Gy" } as const;
  const planUid = uidOf("conformance RTPLAN thorax 1");
  const moved = transform<"patient", "patient">([[0.8, -0.6, 0, 12.5], [0.6, 0.8, 0, -3.25], [0, 0, 1, 1 / 3]]);
  const registration = writeRegistration({ from: uidOf("conformance other frame"), to: frameOfReference, map: moved, because: "Bone matched by hand; checked on the vertebrae" }, context);
  return { plain: [...ct.slice(0, 1), ...pet.slice(0, 1), structures, registration, plan, { ...modulated(), name: "RTPLAN-modulated.dcm" }, writeRtDose(dose, context, { planUid })], wide: { ...writeRtDose(dose, context, { planUid, bits: 32 }), name: "RTDOSE-32.dcm" } };
}

/** Two targets and an organ, two non-coplanar beams of three segments, a patient who lies on the belly, in a study that is there already. */
function modulated(): WrittenFile {
  const leaves = [[-10, -12.5, 10, 12.5], [-10, -5.5, 4.2, 12.5], [0, 0, 0, 12.5]];
  const beam = (number: number, couchDeg: number) => ({
    number, name: `Field ${number}`, type: "STATIC", radiation: "PHOTON", machine: "Any", energyMv: 6, sadMm: 1000, meterset: 87.3, leafEdges: [-10, 0, 10], leafAxis: "x" as const,
    controlPoints: leaves.flatMap((positions, s) => [s, s + 1].map((given) => ({
      metersetShare: given / 3, gantryDeg: 360 / 7, collimatorDeg: 5, couchDeg, isocenter: [1, 2, 3] as const, limits: { x: [-12.5, 12.5] as const, y: [-10, 10] as const, leaves: positions },
    }))),
  });
  return writeRtPlan({
    name: "IMRT 54 and 66 Gy in 30", description: "Made by optimization", intent: "CURATIVE", structureSetUid: uidOf("conformance RTSTRUCT thorax 1"), fractions: 30,
    prescriptions: [
      { structure: 1, role: "TARGET", targetGy: 66, description: "PTV_High" }, { structure: 2, role: "TARGET", targetGy: 54, maximumGy: 70.6, description: "PTV_Low" },
      { structure: 3, role: "ORGAN_AT_RISK", maximumGy: 39, description: "SpinalCord" },
    ],
    beams: [beam(1, 0), beam(2, 345)], frameOfReference, patientPosition: "HFP", deviceDistancesMm: { x: 392, y: 304, leaves: 510 }, surfaceDistancesMm: new Map([[1, 893.5]]),
  }, { ...context, study: { uid: uidOf("conformance study there"), date: "20240430", id: "77" } });
}

async function inFolder(files: readonly WrittenFile[], check: (path: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hapax-dicom-"));
  try {
    for (const { name, bytes } of files) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      check(path);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function without(command: string, args: readonly string[]): boolean {
  if (process.env["HAPAX_REQUIRE_ALL"] === "1") return false;
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
}
// It has no --version: asked for nothing it reads nothing, and ends.
const noValidator = process.env["HAPAX_REQUIRE_ALL"] !== "1" && spawnSync("dciodvfy", ["/dev/null"]).error !== undefined;

test.skipIf(noValidator)("dciodvfy finds no error in any written object (needs dicom3tools)", async () => {
  // The Debian build aborts on 32-bit RTDOSE, so that one is left to the other two readers.
  await inFolder(written().plain, (path) => {
    const { stderr } = spawnSync("dciodvfy", ["-new", path], { encoding: "utf8" });
    expect(stderr.split("\n").filter((line) => line.startsWith("Error")), path).toEqual([]);
  });
});

test.skipIf(without("dcmdump", ["--version"]))("dcmdump reads every written object to its end without a warning (needs dcmtk)", async () => {
  const { plain, wide } = written();
  await inFolder([...plain, wide], (path) => {
    const { status, stderr } = spawnSync("dcmdump", ["-q", "+L", path], { encoding: "utf8" });
    expect({ status, stderr }, path).toEqual({ status: 0, stderr: "" });
    expect(spawnSync("dcmdump", [path], { encoding: "utf8" }).stderr).not.toMatch(/^[WE]:/m);
  });
});

const readAll = `
import sys, warnings
warnings.simplefilter("error")
import pydicom
pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
d = pydicom.dcmread(sys.argv[1])
for e in d.iterall(): e.value
print(d.Modality, d.PatientName, "PixelData" not in d or d.pixel_array.size)
`;

test.skipIf(without("/usr/bin/python3", ["-c", "import pydicom, numpy"]))("pydicom reads every element and pixel of every written object under strict validation (needs python3-pydicom)", async () => {
  const { plain, wide } = written();
  await inFolder([...plain, wide], (path) => {
    const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", readAll, path], { encoding: "utf8" });
    expect(stderr, path).toBe("");
    expect(stdout).toContain("Müller^Jane");
  });
});
