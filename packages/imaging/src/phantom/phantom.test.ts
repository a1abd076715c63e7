import { expect, test } from "vitest";
import description from "../../../../cases/leach2025/phantom.json" with { type: "json" };
import record from "../../../../cases/leach2025/case.json" with { type: "json" };
import { longestDiameters } from "../measure.ts";
import { hash } from "./chance.ts";
import { outlinesAt } from "./outline.ts";
import { ellipsoid } from "./solid.ts";
import { drawn } from "./structures.ts";
import { ctGrid, phantomSpec, phantomStudies, studyPet, studyPlan, studyStructures, studyVolume, type PhantomStudy } from "./index.ts";
import type { Structure } from "@hapax/case";

const studies = phantomStudies(phantomSpec(description));
const at = (timePoint: string): PhantomStudy => studies.find(({ spec }) => spec.timePoint === timePoint) as PhantomStudy;
const drawnOnce = new Map<string, Structure>();
function named(timePoint: string, name: string): Structure {
  const key = `${timePoint}/${name}`, study = at(timePoint);
  const structure = drawnOnce.get(key) ?? (drawn(study.solids().filter((s) => s.name === name), ctGrid("default", study.frameOfReference))[0] as Structure);
  drawnOnce.set(key, structure);
  return structure;
}

/** Volume, mL, and centroid of a structure from its contours on 3 mm planes. */
function bulk(structure: Structure): { mL: number; centroid: [number, number, number] } {
  let area = 0, sx = 0, sy = 0, sz = 0;
  for (const { points: p } of structure.contours) {
    for (let i = 0; i < p.length; i += 3) {
      const j = (i + 3) % p.length;
      const cross = ((p[i] as number) * (p[j + 1] as number) - (p[j] as number) * (p[i + 1] as number)) / 2;
      area += cross;
      sx += (cross * ((p[i] as number) + (p[j] as number))) / 3;
      sy += (cross * ((p[i + 1] as number) + (p[j + 1] as number))) / 3;
      sz += cross * (p[2] as number);
    }
  }
  return { mL: Math.abs(area) * 3e-3, centroid: [sx / area, sy / area, sz / area] };
}

/** Longest axial diameter over the planes with the longest square to it, mm, from drawn contours. */
function measured(structure: Structure): [number, number] {
  const planes = new Map<number, number[][]>();
  for (const { points } of structure.contours) {
    const z = points[2] as number;
    const flat = Array.from(points).filter((_, i) => i % 3 < 2);
    planes.set(z, [...(planes.get(z) ?? []), flat]);
  }
  const sizes = [...planes.values()].map((loops) => longestDiameters(loops));
  const best = sizes.reduce((p, q) => (q.long.mm > p.long.mm ? q : p));
  return [best.long.mm, best.short.mm];
}

/** Whether a lies in b, plane by plane at the points of a, by winding. */
function contained(a: Structure, b: Structure): boolean {
  return a.contours.every(({ points: p }) => {
    for (let i = 0; i < p.length; i += 3) if (!holds(b, p[i] as number, p[i + 1] as number, p[i + 2] as number)) return false;
    return true;
  });
}
function holds(structure: Structure, x: number, y: number, z: number): boolean {
  let odd = false;
  for (const { points: p } of structure.contours) {
    if (p[2] !== z) continue;
    for (let i = 0; i < p.length; i += 3) {
      const j = (i + 3) % p.length;
      const [ax, ay, bx, by] = [p[i] as number, p[i + 1] as number, p[j] as number, p[j + 1] as number];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
    }
  }
  return odd;
}

test.each(["T1", "T2", "T3", "T4", "T5"])("%s: both masses measure what was published, within 1 mm", (timePoint) => {
  const { neck, mediastinum } = at(timePoint).spec;
  for (const [spec, name] of [[neck, "GTVp_neck"], [mediastinum, "GTVp_mediast"]] as const) {
    const entry = record.entries.find((e) => e.id === spec.measurement) as unknown as { diameters: { value: number }[] };
    const published = entry.diameters.map(({ value }) => value * 10).toSorted((p, q) => q - p);
    const sizes = measured(named(timePoint, name));
    published.forEach((mm, i) => expect(Math.abs((sizes[i] as number) - mm), `${name} ${sizes.map((d) => d.toFixed(1)).join(" × ")}`).toBeLessThan(1));
  }
}, 30_000);

test("every scan stands for entries of the record", () => {
  const ids = new Set(record.entries.filter((e) => e.kind === "imaging").map((e) => e.id));
  for (const { spec } of studies) for (const entry of spec.entries) expect(ids).toContain(entry);
});

test("a study's structures are numbered as its plan names them, each with contours on the planes of its CT", () => {
  const study = at("T1"), all = studyStructures(study, { quality: "coarse" });
  expect(all.map((s) => [s.number, s.name])).toEqual(study.solids().map((s, n) => [n + 1, s.name]));
  for (const { contours, name } of all) {
    expect(contours.length, name).toBeGreaterThan(0);
    for (const { points } of contours) expect(((points[2] as number) + 225) % 15, name).toBe(0);
  }
});

test("structure names are at most 16 characters and given once", () => {
  for (const { spec } of studies) {
    const names = at(spec.timePoint).solids().map((s) => s.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name.length, name).toBeLessThanOrEqual(16);
  }
});

test("the cord lies in its canal, also where tumor pushes it", () => {
  for (const timePoint of ["T1", "T4"]) expect(contained(named(timePoint, "SpinalCord"), named(timePoint, "SpinalCanal"))).toBe(true);
  const { erosion, epidural } = at("T4").spec;
  expect([erosion, epidural]).toEqual([["C7", "T2"], ["C6", "T3"]]);
  expect(bulk(named("T4", "GTVp_spine")).mL).toBeGreaterThan(3);
});

test("the lungs do not meet, nor do lung and tumor", () => {
  for (const timePoint of ["T1", "T5"]) {
    const anatomy = at(timePoint).anatomy();
    const [right, left] = anatomy.lungs;
    for (let z = -200; z < 90; z += 12) {
      const [r, l, m] = [right.lung.section(z), left.lung.section(z), anatomy.mediastinalMass.section(z)];
      for (let y = -90; y < 100; y += 6) {
        for (let x = -150; x < 150; x += 6) expect([r, l, m].filter((s) => s !== undefined && s.at(x, y) < 0).length).toBeLessThan(2);
      }
    }
  }
});

test("each target holds what it is made for: GTV in CTV in PTV", () => {
  expect(contained(named("T5", "GTVp_mediast"), named("T5", "CTV"))).toBe(true);
  expect(contained(named("T5", "CTV"), named("T5", "PTV"))).toBe(true);
  expect(contained(named("T4", "GTVp_mediast"), named("T4", "CTV"))).toBe(true);
  expect(contained(named("T4", "CTV"), named("T4", "PTV"))).toBe(true);
  expect(contained(named("T3", "CTV"), named("T3", "PTV_Low"))).toBe(true);
  expect(contained(named("T3", "PTV_High"), named("T3", "PTV_Low"))).toBe(true);
});

test("the volume that was to be irradiated again is the mediastinal mass with 10 mm, clear of the spinal canal", () => {
  const [mass, ptv, canal] = ["GTVp_mediast", "PTV", "SpinalCanal"].map((name) => named("T4", name)) as [Structure, Structure, Structure];
  // The published 126 × 91 mm, and the margin twice.
  const [long, short] = measured(ptv);
  expect(Math.abs(long - 146)).toBeLessThan(2);
  expect(short).toBeGreaterThan(91 + 15);
  const top = (structure: Structure) => Math.max(...structure.contours.map(({ points }) => points[2] as number));
  expect(top(ptv) - top(mass)).toBeGreaterThanOrEqual(9);
  for (const { points: p } of ptv.contours) {
    const beside = canal.contours.filter(({ points }) => points[2] === p[2]);
    for (let i = 0; i < p.length; i += 3) {
      for (const { points: q } of beside) for (let j = 0; j < q.length; j += 3) expect(Math.hypot((p[i] as number) - (q[j] as number), (p[i + 1] as number) - (q[j + 1] as number))).toBeGreaterThan(3);
    }
  }
});

test("volumes are those of a man", () => {
  const range: [string, number, number][] = [
    ["Lung_R", 1800, 3500], ["Lung_L", 1600, 3200], ["Heart", 450, 900], ["Liver", 1200, 2500], ["SpinalCord", 15, 45], ["Esophagus", 25, 60], ["Trachea", 20, 60], ["Scapula_R", 30, 120], ["Body", 20000, 40000],
  ];
  for (const [name, low, high] of range) {
    const { mL } = bulk(named("T1", name));
    expect(mL, name).toBeGreaterThan(low);
    expect(mL, name).toBeLessThan(high);
  }
});

test("at T5 the mediastinum is shifted to the left, the right lung has collapsed and the right scapula is displaced", () => {
  const [heart1, heart5] = [bulk(named("T1", "Heart")), bulk(named("T5", "Heart"))];
  expect(heart5.centroid[0] - heart1.centroid[0]).toBeGreaterThan(15);
  const [scapula1, scapula5] = [bulk(named("T1", "Scapula_R")), bulk(named("T5", "Scapula_R"))];
  expect(scapula5.centroid[0]).toBeLessThan(scapula1.centroid[0] - 3);
  const aerated = (timePoint: string) => airInChest(at(timePoint));
  expect(aerated("T5")).toBeLessThan(0.15 * aerated("T1"));
}, 30_000);

/** Voxels of air in the right half of the chest. */
function airInChest(study: PhantomStudy): number {
  const { grid, values } = studyVolume(study, { quality: "coarse" });
  const section = study.anatomy().thorax;
  const [nx, ny, nz] = grid.size, [rx, ry, rz] = grid.patientFromVoxel.rows;
  let count = 0;
  for (let k = 0; k < nz; k++) {
    const chest = section.section(rz[3] + k * rz[2]);
    for (let j = 0; chest !== undefined && j < ny; j++) {
      for (let i = 0; i < nx / 2 - 3; i++) {
        const hu = values[(k * ny + j) * nx + i] as number;
        if (hu < -600 && chest.at(rx[3] + i * rx[0], ry[3] + j * ry[1]) < 0) count++;
      }
    }
  }
  return count;
}

test("at T4 a large effusion lies in the right chest; at T1 there is none", () => {
  const { effusion } = at("T4").anatomy();
  let mL = 0;
  for (let z = -220; z < 90; z += 6) for (const loop of effusion === undefined ? [] : outlinesAt(effusion, z, 3)) mL += (shoelace(loop) * 6) / 1000;
  expect(Math.abs(mL)).toBeGreaterThan(500);
  expect(at("T1").anatomy().effusion).toBeUndefined();
});

const shoelace = (loop: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < loop.length; i += 2) sum += ((loop[i] as number) * (loop[(i + 3) % loop.length] as number) - (loop[(i + 2) % loop.length] as number) * (loop[i + 1] as number)) / 2;
  return sum;
};

test("the PET of T2 shows both masses avid, in the CT's frame of reference; no other study has one", () => {
  const study = at("T2"), pet = studyPet(study);
  expect(pet?.unit).toBe("SUVbw");
  expect(pet?.grid.frameOfReference).toBe(studyVolume(study, { quality: "coarse" }).grid.frameOfReference);
  const suv = ([x, y, z]: readonly number[]): number => {
    let best = 0;
    for (let dz = -6; dz <= 6; dz++) for (let dy = -8; dy <= 8; dy++) for (let dx = -8; dx <= 8; dx++) {
      const [i, j, k] = [Math.round(((x as number) + 274) / 4) + dx, Math.round(((y as number) + 244) / 4) + dy, Math.round(((z as number) + 224) / 4) + dz];
      best = Math.max(best, pet?.values[(k * 138 + j) * 138 + i] ?? 0);
    }
    return best;
  };
  expect(suv(study.spec.neck.center)).toBeGreaterThan(8);
  expect(suv(study.spec.mediastinum.center)).toBeGreaterThan(8);
  // Liver, well below the masses.
  expect(suv([-90, 0, -170])).toBeLessThan(4);
  for (const other of studies.filter((s) => s !== study)) expect(studyPet(other)).toBeUndefined();
});

test("the same description gives the same voxels", () => {
  const fingerprint = (study: PhantomStudy) => studyVolume(study, { quality: "coarse" }).values.reduce((h, v, i) => hash(h, v, i), 0);
  const again = phantomStudies(phantomSpec(description));
  expect(fingerprint(again[0] as PhantomStudy)).toBe(fingerprint(at("T1")));
  expect(fingerprint(at("T1"))).toBe(1447405975);
});

test("the palliative plans, of two opposed fields and of four, open their leaves over the whole PTV", () => {
  const study = at("T5"), [two, four] = [studyPlan(study), studyPlan(study, "four")];
  const gantries = (plan: typeof two) => plan?.beams.map((b) => b.controlPoints[0]?.gantryDeg);
  expect([gantries(two), gantries(four)]).toEqual([[0, 180], [0, 45, 180, 225]]);
  expect(two?.uid).not.toBe(four?.uid);
  expect(two).toMatchObject({ fractions: 5, prescriptions: [{ targetGy: 20, structure: study.solids().findIndex((s) => s.name === "PTV") + 1 }], synthetic: true });
  for (const beam of [...(two?.beams ?? []), ...(four?.beams ?? [])]) {
    const point = beam.controlPoints[0], leaves = point?.limits.leaves ?? [];
    expect(beam).toMatchObject({ machine: "generic-6mv", energyMv: 6 });
    expect(leaves).toHaveLength(120);
    for (let n = 0; n < 60; n++) expect(leaves[n + 60] as number).toBeGreaterThanOrEqual(leaves[n] as number);
    // The mass of 160 mm, 12 mm around it for the PTV.
    expect((point?.limits.x?.[1] ?? 0) - (point?.limits.x?.[0] ?? 0)).toBeGreaterThan(160 + 2 * 12);
  }
  expect(studyPlan(at("T1"))).toBeUndefined();
}, 30_000);

test("a description that does not fit is refused with every place", () => {
  expect(() => phantomSpec({ ...description, studies: [{ ...description.studies[0], shiftMm: "4", mystery: 1 }] })).toThrow(/2 problems.*mystery/s);
});

test("an ellipse is measured along its axes, however it is turned", () => {
  const loops = outlinesAt(ellipsoid([10, -20, 0], [40, 25, 30], [0.8, 0.6]), 0, 1, 0.01);
  const { long, short } = longestDiameters(loops);
  expect(long.mm).toBeCloseTo(80, 0);
  expect(short.mm).toBeCloseTo(50, 0);
});
