import { openCrew } from "@hapax/kernels/crew-node";
import { coneDoseWith, type ConeField, type Crew } from "@hapax/kernels";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dosePerFluence, releasedIn } from "./beam-dose.ts";
import { coneKernel, conesFor } from "./cone-kernel.ts";
import { gainOfLean, keepingEnergy } from "./lean.ts";
import { waterMedium } from "./medium.ts";
import { pointMachine, sharpOpening } from "./point-beam.fixture.ts";
import { aliRogersSpectrum, varianClinac6 } from "./spectrum.ts";
import { openField, superposition, waterPhantom } from "./superposition.ts";

const spectrum = aliRogersSpectrum(varianClinac6);
const machine = pointMachine(spectrum);
const above = { patientPosition: "HFS", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 } as const;
const squareOf = (sideMm: number) => sharpOpening([-sideMm / 2, sideMm / 2], [-sideMm / 2, sideMm / 2]);

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

describe("where rays lean", () => {
  test.each([100, 300, 400])("a field of %i mm has absorbed what it has released, within 0.5 %", async (sideMm) => {
    // Density 10 makes 6 m of water of 600 mm. Only what is released in the middle counts, so that nothing leaves.
    const [n, mm] = [60, 10];
    const medium = waterMedium({ size: [n, n, n], spacingMm: mm });
    const { field } = await releasedIn({ machine, medium: { ...medium, density: medium.density.map(() => 10) }, position: { ...above, isocenter: [0, 300, 0] }, head: squareOf(sideMm), crew });
    const inner = (values: Float32Array) => values.map((value, i) => (Math.floor(i / n) % n >= 26 && Math.floor(i / n) % n < 34 ? value : 0));
    const cones = conesFor(coneKernel(spectrum), field.axis, 72);
    const middle: ConeField = { ...field, terma: inner(field.terma), hardTerma: inner(field.hardTerma) };
    const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
    const share = (first: number) => cones.shares.reduce((total, value, i) => total + (Math.floor((i % 6) / 3) === first ? value : 0), 0);
    const released = sum(middle.terma) * share(0) + sum(middle.hardTerma) * share(1);
    expect(Math.abs(sum(await coneDoseWith(crew, keepingEnergy(middle, cones), cones)) / released - 1)).toBeLessThan(0.005);
  });

  test("the dose off the axis of a field of 40 cm is that of kernels turned to their rays, within 1 %", async () => {
    const [n, deep, mm] = [105, 50, 5];
    const dose = await dosePerFluence({ machine, medium: waterMedium({ size: [n, deep, n], spacingMm: mm }), position: { ...above, isocenter: [0, 100, 0] }, head: squareOf(400), crew });
    for (const depthMm of [52.5, 102.5]) {
      for (const x of [0, 100, 150]) {
        const turned = superposition(spectrum, openField([200, 200]), waterPhantom(900), [x, 0, 900 + depthMm], { azimuths: 24, tilt: true });
        expect(Math.abs((dose[52 + x / mm + n * ((depthMm - 2.5) / mm + deep * 52)] as number) / turned - 1)).toBeLessThan(0.01);
      }
    }
  });

  test("cones that do not tilt gain nothing", () => {
    const cones = conesFor(coneKernel(spectrum), [0, 1, 0], 72);
    expect(gainOfLean({ ...cones, tilts: new Float32Array(72) }, [0, 1, 0])).toBe(0);
    expect(gainOfLean(cones, [0, 1, 0])).toBeGreaterThan(0.5);
  });
});
