import { flat, gridOf, type BeamPosition, type Vec3, type Volume } from "@hapax/base";
import { gamma, type Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { squareField } from "./aperture.ts";
import { beamDose, dosePerFluence, entryNotes, entryOf } from "./beam-dose.ts";
import { curveNamed } from "./density.ts";
import { headFluence } from "./head.ts";
import { machineNamed } from "./machine-schema.ts";
import { mediumOf, waterMedium, type Medium } from "./medium.ts";

const machine = machineNamed("generic-6mv");
const head = headFluence(machine, [{ ...squareField(60), share: 1 }]);
const from = (gantryDeg: number, isocenter: Vec3 = [0, 0, 0]): BeamPosition => ({ isocenter, patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg: 0 });

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

/** A CT of 200 × 160 × 160 mm about the isocenter, voxels of 4 mm. */
function ctOf(hu: (x: number, y: number, z: number) => number): Volume<Float32Array> {
  const [nx, ny, nz] = [50, 40, 40];
  const values = Float32Array.from({ length: nx * ny * nz }, (_, i) => hu((i % nx) * 4 - 98, (Math.floor(i / nx) % ny) * 4 - 78, Math.floor(i / (nx * ny)) * 4 - 78));
  return { grid: gridOf({ size: [nx, ny, nz], origin: [-98, -78, -78], spacing: [4, 4, 4], frameOfReference: "ct" }), values, slope: 1, intercept: 0, unit: "HU" };
}
const mediumFrom = (hu: (x: number, y: number, z: number) => number) => mediumOf({ ct: ctOf(hu), curve: curveNamed("matrad-default"), grid: 5 });
/** A trunk along z that the image cuts at both ends, as every CT does. */
const trunk = (x: number, y: number) => (Math.hypot(x, y) < 60 ? 0 : -1000);
/** The same, cut by the image at the left as well. */
const wide = (_: number, y: number) => (Math.abs(y) < 50 ? 0 : -1000);

const attempt = (medium: Medium, position: BeamPosition) => beamDose({ machine, medium, position, head, cones: 24, crew });
const notesOf = (medium: Medium, position: BeamPosition) => entryNotes(entryOf(machine, medium, position, head));

describe("a beam and what the image holds of the body", () => {
  test("from in front, a trunk that goes on beyond the first and last slice is calculated without a word", async () => {
    const medium = await mediumFrom(trunk);
    expect(notesOf(medium, from(0))).toEqual([]);
    expect((await attempt(medium, from(0))).some((gy) => gy > 0)).toBe(true);
  });

  test("through a side that the image cuts it is refused, from either side, and not from in front", async () => {
    const medium = await mediumFrom(wide);
    await expect(attempt(medium, from(90))).rejects.toThrow(/dose\/entry-unknown .* where the image ends, with 100 % of its field/);
    await expect(attempt(medium, from(270))).rejects.toThrow(/dose\/entry-unknown/);
    expect(notesOf(medium, from(0))).toEqual([]);
  });

  test("that leaves through a cut side is calculated, and the scatter that is missing is said", async () => {
    const medium = await mediumFrom((x, y) => (x > -60 && Math.abs(y) < 50 ? 0 : -1000));
    // Gantry 270° stands at the patient's right, where the body ends within the image; it leaves at the left.
    expect(notesOf(medium, from(270))).toEqual(["the body goes on beyond the image where it leaves: scatter from there is missing"]);
    await expect(attempt(medium, from(90))).rejects.toThrow(/dose\/entry-unknown/);
  });

  test("with an isocenter outside the grid says so while it meets the body, and is refused where it meets none", async () => {
    const medium = await mediumFrom(trunk);
    expect(notesOf(medium, from(0, [0, 95, 0]))).toContain("its isocenter lies outside the dose grid");
    await expect(attempt(medium, from(0, [0, 0, 400]))).rejects.toThrow(/dose\/beam-misses/);
  });

  test("through voxels whose CT number is not known it is refused, beside them not", async () => {
    const medium = await mediumFrom((x, y, z) => (Math.hypot(x - 40, y) < 8 && Math.abs(z) < 8 ? NaN : trunk(x, y)));
    await expect(attempt(medium, from(0, [20, 0, 0]))).rejects.toThrow(/dose\/density-unknown .* whose CT number is not known/);
    await expect(attempt(medium, from(0, [-20, 0, 0]))).resolves.toBeDefined();
  });

  test("from a source within the grid, or of a machine without output, it is refused", async () => {
    const medium = waterMedium({ size: [9, 60, 9], spacingMm: [10, 40, 10] });
    await expect(attempt(medium, from(0, [0, 1500, 0]))).rejects.toThrow(/dose\/source-inside/);
    const silent = { ...machine, calibration: { ...machine.calibration, gyPerMu: 0 } };
    await expect(beamDose({ machine: silent, medium, position: from(0), head, crew })).rejects.toThrow(/dose\/not-calibrated/);
  });
});

describe("the number of cones", () => {
  // 15 cm of tissue with 5 cm of lung in it, 3 mm voxels.
  const medium = waterMedium({ size: [61, 50, 61], spacingMm: 3, slabs: [{ fromMm: 40, toMm: 90, density: 0.25 }] });
  const lattice = { size: medium.grid.size, patientFromVoxel: flat(medium.grid.patientFromVoxel) };

  for (const gantryDeg of [0, 30]) {
    test(`72 agree with 288 at 2 %/2 mm in 98 % of the voxels above a tenth of the greatest dose, from ${gantryDeg}°`, async () => {
      const of = (cones: 72 | 288) => dosePerFluence({ machine, medium, position: from(gantryDeg, [0, 75, 0]), head: headFluence(machine, [{ ...squareField(100), share: 1 }]), cones, crew });
      const [reference, final] = [await of(288), await of(72)];
      const normalizationGy = reference.reduce((most, gy) => Math.max(most, gy), 0);
      const { counts } = gamma({ ...lattice, values: reference }, { ...lattice, values: final }, { mm: 2, percent: 2, local: false, normalizationGy, thresholdGy: 0.1 * normalizationGy, cap: 2, search: "interpolated" });
      expect(counts.passed / counts.evaluated).toBeGreaterThan(0.98);
    });
  }
});
