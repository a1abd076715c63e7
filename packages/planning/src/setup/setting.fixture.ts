import { flat, gridOf, voxelMm3, type Vec3, type Volume } from "@hapax/base";
import type { Contour, Structure } from "@hapax/case";
import { machineNamed, waterMedium } from "@hapax/dose";
import { occupancy } from "@hapax/kernels";
import type { Goal, PlanRequest } from "../request.ts";
import type { EarlierDose, PlanningScan, Region, Setting } from "../setting.ts";

const frameOfReference = "1.2.3";

/** A ball as closed contours every 2 mm, LPS, mm. */
export function ball(name: string, radiusMm: number, [x, y, z]: Vec3 = [0, 0, 0], type = "ORGAN"): Structure {
  const count = Math.round(radiusMm);
  const contours = Array.from({ length: count }, (_, k) => -radiusMm + 2 * (k + 0.5) * (radiusMm / count)).map((at) => circle(Math.sqrt(radiusMm ** 2 - at ** 2), [x, y, z + at]));
  return { number: 1, name, type, contours };
}

/** A rod along the patient's axis, from 30 mm below to 30 mm above. */
export function rod(name: string, radiusMm: number, [x, y]: readonly [number, number], type = "ORGAN"): Structure {
  return { number: 1, name, type, contours: Array.from({ length: 20 }, (_, k) => circle(radiusMm, [x, y, -28.5 + 3 * k])) };
}

function circle(radius: number, [x, y, z]: Vec3): Contour {
  const corners = 60;
  const points = Float64Array.from({ length: 3 * corners }, (_, i) => [x + radius * Math.cos((2 * Math.PI * Math.floor(i / 3)) / corners), y + radius * Math.sin((2 * Math.PI * Math.floor(i / 3)) / corners), z][i % 3] as number);
  return { type: "CLOSED_PLANAR", points };
}

/** A cube of water of 99 mm with voxels of 3 mm, the origin in its middle. */
export const water = waterMedium({ size: [33, 33, 33], spacingMm: 3, origin: [-48, -48, -48], frameOfReference });

/** A dose by a formula on the grid of the water, or on another part of it, Gy. */
export function doseBy(gy: (x: number, y: number, z: number) => number, { size = [33, 33, 33] as Vec3, origin = [-48, -48, -48] as Vec3, spacingMm = 3 } = {}): Volume<Float32Array> {
  const grid = gridOf({ size, origin, spacing: [spacingMm, spacingMm, spacingMm], frameOfReference });
  const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => {
    return gy(origin[0] + spacingMm * (i % size[0]), origin[1] + spacingMm * (Math.floor(i / size[0]) % size[1]), origin[2] + spacingMm * Math.floor(i / (size[0] * size[1])));
  });
  return { grid, values, slope: 1, intercept: 0, unit: "Gy" };
}

export const scanWith = (structures: readonly Structure[], earlier?: readonly EarlierDose[]): PlanningScan => ({
  ct: { grid: water.grid, values: new Int16Array(water.density.length), slope: 1, intercept: 0, unit: "HU" },
  structures: structures.map((one, n) => ({ ...one, number: n + 1 })),
  patientPosition: "HFS",
  uids: { ct: "1.2.3.1", structureSet: "1.2.3.2" },
  synthetic: true,
  ...(earlier === undefined ? {} : { earlier }),
});

/** 60 Gy in 20 to the PTV by one beam. */
export const request: PlanRequest = {
  schema: "hapax/plan", version: 1, id: "test", name: "Test", technique: "IMRT", intent: "CURATIVE", fractions: 20,
  prescriptions: [{ structure: "PTV", doseGy: 60 }],
  normalization: { kind: "none" },
  machine: { id: "generic-6mv", version: machineNamed("generic-6mv").version },
  curve: "water", gridMm: 3,
  beams: { given: [{ name: "AP", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 }] },
  goals: [],
  modulated: { bixelMm: 5, segmentsPerBeam: 5, leastSegmentMu: 2, smoothing: 0, iterations: 10, corrections: 0 },
};

export const goal = (structure: string, metric: string, of: Partial<Goal>): Goal => ({ structure, metric, priority: 1, source: "a test", verified: false, ...of });

/** The setting of a request in the water, which is body within 36 mm of its axis; the structures as they are drawn. */
export function settingWith(structures: readonly Structure[], changes: Partial<PlanRequest> = {}, earlier?: readonly EarlierDose[]): Setting {
  const scan = scanWith(structures, earlier);
  const asked = { ...request, ...changes };
  const regions = new Map(scan.structures.map((one) => [one.name, regionOf(one)]));
  const bodyVoxels = Int32Array.from([...water.density.keys()].filter((i) => Math.hypot(-48 + 3 * (i % 33), -48 + 3 * (Math.floor(i / 33) % 33)) <= 36));
  return {
    request: asked, scan, medium: water, machine: machineNamed("generic-6mv"), patientPosition: "HFS", isocenter: [0, 0, 0], regions, bodyVoxels,
    targets: asked.prescriptions.flatMap(({ structure, doseGy }) => {
      const region = regions.get(structure);
      return region === undefined ? [] : [{ ...region, doseGy }];
    }),
  };
}

function regionOf(structure: Structure): Region {
  const { grid } = water;
  const loops = structure.contours.map(({ points }) => points);
  const { first, size, fraction } = occupancy(loops, { size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) });
  const inside = [...fraction.keys()].filter((i) => (fraction[i] as number) > 0);
  const parts = Float32Array.from(inside, (i) => fraction[i] as number);
  return {
    name: structure.name, structure, parts,
    voxels: Int32Array.from(inside, (i) => first[0] + (i % size[0]) + 33 * (first[1] + (Math.floor(i / size[0]) % size[1]) + 33 * (first[2] + Math.floor(i / (size[0] * size[1]))))),
    volumeCc: (parts.reduce((sum, part) => sum + part, 0) * voxelMm3(grid)) / 1000,
  };
}
