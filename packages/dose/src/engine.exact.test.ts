import { apply, gridOf, voxelFromPatient, type BeamPosition, type Grid, type Vec3 } from "@hapax/base";
import { coneDoseWith, type Cones, type Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { squareField } from "./aperture.ts";
import { waterAttenuation } from "./attenuation.ts";
import { beamDose, dosePerFluence, releasedIn } from "./beam-dose.ts";
import { coneKernel, conesFor, type ConeCount } from "./cone-kernel.ts";
import type { HeadFluence } from "./fluence.ts";
import { headFluence } from "./head.ts";
import { keepingEnergy } from "./lean.ts";
import { machineNamed } from "./machine-schema.ts";
import type { JawPair, Machine } from "./machine.ts";
import { waterMedium, type Medium } from "./medium.ts";
import { pointMachine, sharpOpening } from "./point-beam.fixture.ts";
import { aliRogersSpectrum, varianClinac6 } from "./spectrum.ts";

// What holds of any dose engine by the physics alone, without a measurement.

const point = pointMachine(aliRogersSpectrum(varianClinac6));
const linac = machineNamed("generic-6mv");
const tenByTen = sharpOpening([-50, 50], [-50, 50]);

const from = (gantryDeg: number, isocenter: Vec3 = [0, 0, 0]): BeamPosition => ({ isocenter, patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg: 0 });

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

const doseOf = (machine: Machine, medium: Medium, position: BeamPosition, head: HeadFluence, cones: ConeCount = 72) => dosePerFluence({ machine, medium, position, head, cones, crew });
const releasedOf = async (machine: Machine, medium: Medium, position: BeamPosition, head: HeadFluence) => (await releasedIn({ machine, medium, position, head, crew })).field;

const greatestOf = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);

/** Greatest difference of two doses as share of the greatest dose. */
function apart(one: Float32Array, other: Float32Array, at: (voxel: number) => number = (voxel) => voxel): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[at(i)] as number))), 0) / greatestOf(one);
}

/** A cube of water about the isocenter; `n` odd. */
const cubeOf = (n: number, spacingMm: number) => waterMedium({ size: [n, n, n], spacingMm, origin: [-1, -1, -1].map((side) => (side * spacingMm * (n - 1)) / 2) as unknown as Vec3 });

describe("scaling (O'Connor)", () => {
  /** Every length of a machine, times a factor; depths of water stay. */
  function enlarged(machine: Machine, by: number): Machine {
    const { primary, extraFocal, contamination, jaws, mlc } = machine;
    const all = (lengths: readonly number[]) => lengths.map((mm) => mm * by);
    const pair = (jaw: JawPair | undefined, axis: "x" | "y") => (jaw === undefined ? {} : { [axis]: { ...jaw, distanceMm: jaw.distanceMm * by, travelMm: all(jaw.travelMm) as unknown as [number, number] } });
    return {
      ...machine,
      sadMm: machine.sadMm * by,
      primary: { ...primary, horns: { ...primary.horns, radiiMm: all(primary.horns.radiiMm) }, softeningPer100Mm: primary.softeningPer100Mm / by, blurMm: [primary.blurMm[0] * by, primary.blurMm[1] * by] },
      extraFocal: { ...extraFocal, distanceMm: extraFocal.distanceMm * by, sigmaMm: extraFocal.sigmaMm * by },
      contamination: { ...contamination, sigmaMm: contamination.sigmaMm * by },
      jaws: { ...pair(jaws.x, "x"), ...pair(jaws.y, "y") },
      ...(mlc === undefined ? {} : { mlc: { ...mlc, leafEdgesMm: all(mlc.leafEdgesMm), distanceMm: mlc.distanceMm * by, travelMm: [mlc.travelMm[0] * by, mlc.travelMm[1] * by], tipOffsetMm: mlc.tipOffsetMm * by, tongueMm: mlc.tongueMm * by } }),
    };
  }
  const large = enlarged(linac, 4);
  // Lung in the water, and a beam that comes aslant.
  const medium = (by: number): Medium => {
    const { density, ...rest } = waterMedium({ size: [35, 32, 35], spacingMm: 5 * by, slabs: [{ fromMm: 40 * by, toMm: 90 * by, density: 0.3 }] });
    return { ...rest, density: density.map((value) => value / by) };
  };

  test.each([0, 25])("a quarter of the density and four times the lengths give the same dose, from %i°", async (gantryDeg) => {
    const small = await doseOf(linac, medium(1), from(gantryDeg, [0, 80, 0]), headFluence(linac, [{ ...squareField(80), share: 1 }]));
    const scaled = await doseOf(large, medium(4), from(gantryDeg, [0, 320, 0]), headFluence(large, [{ ...squareField(320), share: 1 }], { pixelMm: 4 }));
    expect(apart(small, scaled)).toBeLessThan(0.001);
  });
});

describe("energy", () => {
  // Density 10 makes 6 m of water of 600 mm. Only what is released in the middle counts, so that nothing leaves.
  const [n, mm] = [60, 10];
  const plane = (voxel: number) => Math.floor(voxel / n) % n;
  async function absorbedShare(gapDensity: number): Promise<number> {
    const water = waterMedium({ size: [n, n, n], spacingMm: mm });
    const density = water.density.map((_, i) => (plane(i) >= 34 && plane(i) < 40 ? gapDensity : 10));
    const { terma, hardTerma, ...field } = await releasedOf(point, { ...water, density }, from(0, [0, 300, 0]), tenByTen);
    const inner = (values: Float32Array) => values.map((value, i) => (plane(i) >= 26 && plane(i) < 34 ? value : 0));
    const cones = conesFor(coneKernel(point.primary.spectrum), field.axis, 72);
    const dose = await coneDoseWith(crew, keepingEnergy({ ...field, terma: inner(terma), hardTerma: inner(hardTerma) }, cones), cones);
    const sum = (values: Float32Array) => values.reduce((total, value, i) => total + value * (density[i] as number), 0);
    return sum(dose) / (sum(inner(terma)) * sharesOf(cones, 0) + sum(inner(hardTerma)) * sharesOf(cones, 3));
  }
  /** What all cones carry, of the TERMA or of what is added where it is hard, to a way in water. */
  function sharesOf({ shares, rates, count }: Cones, first: 0 | 3, toMm = Infinity): number {
    const rateOf = (cone: number, part: number) => (rates[2 * cone + (part === 2 ? 1 : 0)] as number) * (part === 1 ? 2 : 1);
    let sum = 0;
    for (let cone = 0; cone < count; cone++) for (let part = 0; part < 3; part++) sum -= (shares[6 * cone + first + part] as number) * Math.expm1(-rateOf(cone, part) * toMm);
    return sum;
  }

  test("that is released is absorbed: all that the kernel holds", async () => {
    expect(Math.abs((await absorbedShare(10)) - 1)).toBeLessThan(0.005);
  });

  test("crosses a gap where nothing is", async () => {
    expect(Math.abs((await absorbedShare(0)) - 1)).toBeLessThan(0.005);
  });

  test("that the kernel holds within 600 mm is 96 % of the TERMA, as EDKnrc has it; the rest are photons that go further", () => {
    expect(sharesOf(conesFor(coneKernel(point.primary.spectrum), [0, 1, 0], 72), 0, 600)).toBeCloseTo(0.961, 3);
  });
});

describe("what is released", () => {
  const mono = pointMachine({ energiesMev: [2], energyFluence: [1] });
  const slabs = [{ fromMm: 40, toMm: 80, density: 0.3 }, { fromMm: 80, toMm: 120, density: 0 }, { fromMm: 120, toMm: 140, density: 1.8 }] as const;
  const ways = [[0, 40, 1], [40, 80, 0.3], [80, 120, 0], [120, 140, 1.8], [140, 200, 1]] as const;

  test("of photons of one energy falls by their exponential and the square of the distance, through slabs and through nothing", async () => {
    const medium = waterMedium({ size: [5, 50, 5], spacingMm: 4, slabs });
    const { terma } = await releasedOf(mono, medium, from(0, [0, 100, 0]), tenByTen);
    for (let j = 0; j < 50; j++) {
      const y = 4 * j + 2;
      const depth = ways.reduce((sum, [start, end, density]) => sum + density * Math.max(0, Math.min(end, y) - start), 0);
      // 2 MeV: 0.04942 cm²/g; from the source 900 mm + y.
      const expected = waterAttenuation(2) * Math.exp((-waterAttenuation(2) * depth) / 10) * (1000 / (900 + y)) ** 2;
      expect((terma[2 + 5 * (j + 50 * 2)] as number) / expected).toBeCloseTo(1, 4);
    }
  });

  test("falls with the square of the distance alone where nothing is", async () => {
    const empty = { ...cubeOf(41, 5), density: new Float32Array(41 ** 3) };
    const { terma } = await releasedOf(point, empty, from(0), tenByTen);
    const onAxis = (j: number) => terma[20 + 41 * (j + 41 * 20)] as number;
    for (const j of [0, 10, 30, 40]) expect(onAxis(j) / onAxis(20)).toBeCloseTo((1000 / (1000 + 5 * (j - 20))) ** 2, 5);
  });
});

describe("distance", () => {
  test("a phantom behind air has the dose of one nearer, by the square of the distances, in a field grown by them", async () => {
    // 60 mm of water from 900 and from 1350 mm, fields of 90 mm there: the geometry within differs by divergence alone.
    const medium = waterMedium({ size: [41, 12, 41], spacingMm: 5 });
    const near = await doseOf(point, medium, from(0, [0, 100, 0]), tenByTen);
    const far = await doseOf(point, medium, from(0, [0, -350, 0]), sharpOpening([-33.5, 33.5], [-33.5, 33.5]));
    const at = (dose: Float32Array, j: number) => dose[20 + 41 * (j + 12 * 20)] as number;
    for (const j of [3, 6, 9]) {
      const y = 5 * j + 2.5;
      expect(Math.abs(at(far, j) / at(near, j) / ((900 + y) / (1350 + y)) ** 2 - 1)).toBeLessThan(0.005);
    }
  });

  test("water behind 100 mm of nothing has the dose of water behind 100 mm of air", async () => {
    const behind = (density: number) => doseOf(linac, waterMedium({ size: [31, 40, 31], spacingMm: 5, slabs: [{ fromMm: 50, toMm: 150, density }] }), from(0, [0, 100, 0]), headFluence(linac, [{ ...squareField(80), share: 1 }]));
    const [nothing, air] = [await behind(0), await behind(0.0012)];
    const last = (dose: Float32Array) => dose.filter((_, i) => Math.floor(i / 31) % 40 >= 30);
    expect(greatestOf(last(nothing))).toBeGreaterThan(0.5 * greatestOf(nothing));
    expect(apart(last(nothing), last(air))).toBeLessThan(0.001);
  });
});

describe("direction", () => {
  const n = 41;
  const cube = cubeOf(n, 5);
  const head = headFluence(linac, [{ x: [-40, 40], y: [-40, 40], share: 1 }]);
  const turned = (map: (at: Vec3) => Vec3) => (voxel: number) => {
    const [x, y, z] = map([voxel % n, Math.floor(voxel / n) % n, Math.floor(voxel / (n * n))]);
    return x + n * (y + n * z);
  };

  test.each([
    // Gantry 90° stands at the patient's left: what was deep along +y is deep along −x.
    [90, ([x, y, z]: Vec3): Vec3 => [n - 1 - y, x, z]],
    [180, ([x, y, z]: Vec3): Vec3 => [n - 1 - x, n - 1 - y, z]],
    [270, ([x, y, z]: Vec3): Vec3 => [y, n - 1 - x, z]],
  ] as const)("from %i° a cube has the dose that it has from above, turned", async (gantryDeg, map) => {
    const above = await doseOf(point, cube, from(0), tenByTen);
    expect(apart(above, await doseOf(point, cube, from(gantryDeg), tenByTen), turned(map))).toBeLessThan(1e-5);
  });

  test("a phantom that is turned with the beam by 37° keeps its dose", async () => {
    const angle = (37 * Math.PI) / 180;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const aslant = gridOf({ size: cube.grid.size, origin: [-100 * (c - s), -100 * (s + c), -100], spacing: [5, 5, 5], axes: [[c, s, 0], [-s, c, 0], [0, 0, 1]], frameOfReference: "phantom" });
    const before = await doseOf(linac, cube, from(10), head);
    expect(apart(before, await doseOf(linac, { ...cube, grid: aslant }, from(47), head))).toBeLessThan(1e-4);
  });

  test.each([[15, 0.01], [30, 0.02]])("a cylinder of water has the same dose from 0° and from 37°: to %i mm beside the axis of a field of 8 cm within a share of %d of its greatest", async (toMm, share) => {
    const round = cylinderOf(57, 4, 30, 100);
    const [above, aslant] = [await doseOf(linac, round, from(0), head), await doseOf(linac, round, from(37), head)];
    const angle = (37 * Math.PI) / 180;
    let most = 0;
    for (let depth = -85; depth <= 80; depth += 5) {
      for (const across of [-toMm, -toMm / 2, 0, toMm / 2, toMm]) {
        const here = between(round.grid, above, [across, depth, 0]);
        const there = between(round.grid, aslant, [across * Math.cos(angle) - depth * Math.sin(angle), across * Math.sin(angle) + depth * Math.cos(angle), 0]);
        most = Math.max(most, Math.abs(here - there) / greatestOf(above));
      }
    }
    expect(most).toBeLessThan(share);
  });

  test("left and right are alike, and head and feet", async () => {
    const dose = await doseOf(linac, cube, from(0), head);
    expect(apart(dose, dose, turned(([x, y, z]) => [n - 1 - x, y, z]))).toBeLessThan(1e-5);
    expect(apart(dose, dose, turned(([x, y, z]) => [x, y, n - 1 - z]))).toBeLessThan(1e-5);
  });
});

describe("sums", () => {
  const medium = waterMedium({ size: [35, 32, 35], spacingMm: 5, slabs: [{ fromMm: 40, toMm: 90, density: 0.3 }] });
  const position = from(20, [0, 80, 0]);

  test("three times the monitor units give three times the dose", async () => {
    const head = headFluence(linac, [{ ...squareField(80), share: 1 }]);
    const [once, thrice] = [await beamDose({ machine: linac, medium, position, head, meterset: 50, crew }), await beamDose({ machine: linac, medium, position, head, meterset: 150, crew })];
    expect(apart(thrice, once.map((gy) => 3 * gy))).toBeLessThan(1e-6);
  });

  test("two halves of 5 cm x 10 cm with sharp edges are the whole of 10 cm x 10 cm", async () => {
    const [left, right] = [await doseOf(point, medium, position, sharpOpening([-50, 0], [-50, 50])), await doseOf(point, medium, position, sharpOpening([0, 50], [-50, 50]))];
    expect(apart(await doseOf(point, medium, position, tenByTen), left.map((value, i) => value + (right[i] as number)))).toBeLessThan(1e-5);
  });

  test("apertures that share the monitor units give the sum of their doses", async () => {
    const [narrow, wide] = [{ ...squareField(40), share: 0.25 }, { ...squareField(80), share: 0.75 }];
    const of = (...apertures: (typeof narrow)[]) => doseOf(linac, medium, position, headFluence(linac, apertures));
    const [one, other] = [await of(narrow), await of(wide)];
    expect(apart(await of(narrow, wide), one.map((value, i) => value + (other[i] as number)))).toBeLessThan(1e-4);
  });
});

/** A cylinder of water along z about the isocenter, voxels at its rim by the part within. */
function cylinderOf(n: number, spacingMm: number, slices: number, radiusMm: number): Medium {
  const parts = 8;
  const share = (x: number, y: number) => {
    let inside = 0;
    for (let a = 0; a < parts; a++) for (let b = 0; b < parts; b++) if (Math.hypot(x + spacingMm * ((a + 0.5) / parts - 0.5), y + spacingMm * ((b + 0.5) / parts - 0.5)) < radiusMm) inside++;
    return inside / parts ** 2;
  };
  const first = (-spacingMm * (n - 1)) / 2;
  const plane = Float32Array.from({ length: n * n }, (_, i) => share(first + spacingMm * (i % n), first + spacingMm * Math.floor(i / n)));
  const medium = waterMedium({ size: [n, n, slices], spacingMm, origin: [first, first, (-spacingMm * (slices - 1)) / 2] });
  return { ...medium, density: medium.density.map((_, i) => plane[i % (n * n)] as number) };
}

/** Dose at a point, straight between the voxels about it. */
function between(grid: Grid, dose: Float32Array, point: Vec3): number {
  const at = apply(voxelFromPatient(grid), point);
  const low = at.map(Math.floor) as unknown as Vec3;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const step = [corner & 1, (corner >> 1) & 1, corner >> 2] as const;
    const weight = step.reduce<number>((product, up, a) => product * (up === 1 ? (at[a] as number) - (low[a] as number) : 1 - (at[a] as number) + (low[a] as number)), 1);
    sum += weight * (dose[low[0] + step[0] + grid.size[0] * (low[1] + step[1] + grid.size[1] * (low[2] + step[2]))] as number);
  }
  return sum;
}
