import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { gridOf, transform, type Grid, type Vec3, type Volume } from "@hapax/base";
import type { Contour, ScanSeries, Structure } from "@hapax/case";
import { tags } from "../dictionary.ts";
import { readFile } from "../read.ts";
import type { WriteContext } from "./context.ts";
import { readRegistration } from "./registration.ts";
import { readRtDose } from "./rt-dose.ts";
import { readRtPlan } from "./rt-plan.ts";
import { readRtStruct } from "./rt-struct.ts";
import { scansOf } from "./scans.ts";
import { volumeOf } from "./series.ts";
import { leanMassKg } from "./suv.ts";
import { uidOf } from "./uid.ts";
import { writeCtSeries } from "./write-ct.ts";
import { writePetSeries } from "./write-pet.ts";
import { writeRegistration } from "./write-registration.ts";
import { writeRtDose } from "./write-rt-dose.ts";
import { writeRtPlan } from "./write-rt-plan.ts";
import { writeRtStruct } from "./write-rt-struct.ts";

const frameOfReference = uidOf("round trip");
const context: WriteContext = { patient: { id: "SYN-2", name: "Phantom^Thorax", sex: "male", weightKg: 80, heightM: 1.8 }, seed: "round trip", label: "set", date: "2024-05-01T09:00", synthetic: true };

/** Right-handed axes from three angles. */
function axes(a: number, b: number, c: number): [Vec3, Vec3, Vec3] {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  return [[ca * cb, sa * cb, -sb], [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc], [ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc]];
}

const angle = fc.double({ min: -3.1, max: 3.1, noNaN: true });
const mm = fc.double({ min: 0.4, max: 6, noNaN: true });
const place = fc.double({ min: -400, max: 400, noNaN: true });
const obliqueGrids: fc.Arbitrary<Grid> = fc
  .record({ nx: fc.integer({ min: 1, max: 6 }), ny: fc.integer({ min: 1, max: 5 }), nz: fc.integer({ min: 2, max: 5 }), spacing: fc.tuple(mm, mm, mm), origin: fc.tuple(place, place, place), turn: fc.tuple(angle, angle, angle) })
  .map(({ nx, ny, nz, spacing, origin, turn }) => gridOf({ size: [nx, ny, nz], origin, spacing, axes: axes(...turn), frameOfReference }));

const numbers = (grid: Grid, f: (i: number) => number) => Float32Array.from({ length: grid.size[0] * grid.size[1] * grid.size[2] }, (_, i) => f(i));

function expectSameGrid(a: Grid, b: Grid): void {
  expect(a.size).toEqual(b.size);
  expect(a.frameOfReference).toBe(b.frameOfReference);
  a.patientFromVoxel.rows.flat().forEach((value, i) => expect(value).toBeCloseTo(b.patientFromVoxel.rows.flat()[i] as number, 6));
}

test.prop([obliqueGrids, fc.integer()], { numRuns: 40 })("a CT series at any angle comes back with its geometry and its HU, whatever the order of its files", async (grid, seed) => {
  const volume: Volume = { grid, values: numbers(grid, (i) => ((i * 7919) % 4000) - 1000), slope: 1, intercept: 0, unit: "HU" };
  const files = writeCtSeries(volume, context);
  const shuffled = files.map((file, i) => ({ file, key: Math.imul(seed ^ i, 2654435761) })).sort((a, b) => a.key - b.key).map(({ file }) => file);
  const { series, problems } = await scansOf(shuffled);
  expect(problems).toEqual([]);
  expect(series).toHaveLength(1);
  const [ct] = series as [ScanSeries];
  expect(ct.geometry.classes).toEqual(["regular"]);
  expect(ct.synthetic).toBe(true);
  expectSameGrid(ct.grid as Grid, grid);
  const back = await ct.volume();
  expect(back.unit).toBe("HU");
  expect(back.values).toBeInstanceOf(Int16Array);
  expect([...back.values]).toEqual([...volume.values]);
  expect(JSON.stringify(await scansOf(files))).toBe(JSON.stringify(await scansOf(shuffled)));
});

test("a CT written with slope and intercept per voxel comes back in HU", async () => {
  const grid = gridOf({ size: [2, 1, 2], origin: [0, 0, 0], spacing: [1, 1, 1], frameOfReference });
  const files = writeCtSeries({ grid, values: Uint16Array.of(0, 1024, 2048, 4000), slope: 1, intercept: -1024, unit: "HU" }, context);
  const { series } = await scansOf(files);
  expect([...(await (series[0] as ScanSeries).volume()).values]).toEqual([-1024, 0, 1024, 2976]);
});

test("PET in Bq/mL comes back as SUV by body weight and by lean body mass", async () => {
  const grid = gridOf({ size: [2, 2, 2], origin: [0, 0, 0], spacing: [4, 4, 3], frameOfReference });
  const volume: Volume = { grid, values: numbers(grid, (i) => i * 1000), slope: 1, intercept: 0, unit: "Bq/mL" };
  // One half-life between injection and scan leaves half: SUV = C · 80 000 g / (200 MBq / 2).
  const files = writePetSeries(volume, context, { injectedBq: 2e8, halfLifeS: 3600, waitS: 3600, name: "Fluorodeoxyglucose" });
  const { series, problems } = await scansOf(files);
  expect(problems).toEqual([]);
  const [pet] = series as [ScanSeries];
  const suv = await pet.volume();
  expect(suv.unit).toBe("SUVbw");
  suv.values.forEach((value, i) => expect(value).toBeCloseTo((i * 1000 * 80_000) / 1e8, 3));
  const lean = await volumeOf(pet, { unit: "SUVlbm" });
  // Janmahasatian, man of 80 kg and 1.80 m: BMI 24.691, 9270 · 80 / (6680 + 216 · 24.691) = 61.73 kg.
  expect(leanMassKg("male", 80, 1.8)).toBeCloseTo(61.73, 2);
  expect(lean.unit).toBe("SUVlbm");
  expect((lean.values[7] as number) / (suv.values[7] as number)).toBeCloseTo(61.73 / 80, 4);
  const activity = await volumeOf(pet, { unit: "Bq/mL" });
  expect(activity.values[7] as number).toBeCloseTo(7000, 0);
});

const contours: fc.Arbitrary<Contour> = fc.record({
  type: fc.constantFrom("CLOSED_PLANAR", "OPEN_PLANAR", "CLOSEDPLANAR_XOR", "OPEN_NONPLANAR"),
  points: fc.tuple(place, fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 8 })).map(([z, xy]) => Float64Array.from(xy.flatMap(([x, y]) => [x, y, z]))),
});
const structureSets: fc.Arbitrary<Structure[]> = fc.array(
  fc.record({ name: fc.constantFrom("PTV_High", "SpinalCord", "Ösophagus", "Lung_L"), type: fc.constantFrom("PTV", "ORGAN", "EXTERNAL"), color: fc.constantFrom("#ff0000", "#00a0ff"), contours: fc.array(contours, { maxLength: 4 }) }),
  { minLength: 1, maxLength: 5 },
).map((list) => list.map((one, i) => ({ ...one, number: i + 1 })));

test.prop([structureSets])("structures come back contour by contour, with types, colors and names", (structures) => {
  const { name, bytes } = writeRtStruct({ frameOfReference, structures }, context);
  const back = readRtStruct(readFile(bytes, name));
  expect(back.problems).toEqual([]);
  expect(back.frameOfReference).toBe(frameOfReference);
  expect(back.structures.map(({ contours: _, ...rest }) => rest)).toEqual(structures.map(({ contours: _, ...rest }) => rest));
  back.structures.forEach((structure, s) => structure.contours.forEach((contour, c) => {
    const before = (structures[s] as Structure).contours[c] as Contour;
    expect(contour.type).toBe(before.type);
    contour.points.forEach((value, i) => expect(Math.abs(value - (before.points[i] as number))).toBeLessThanOrEqual(5.1e-7));
  }));
});

test.prop([obliqueGrids, fc.constantFrom(16, 32), fc.double({ min: 0.001, max: 200, noNaN: true })])("dose comes back within half a step, at its place, at any angle", async (grid, bits, dmax) => {
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const values = numbers(grid, (i) => (dmax * ((i * 31) % count)) / count);
  const { name, bytes } = writeRtDose({ grid, values, slope: 1, intercept: 0, unit: "Gy" }, context, { bits: bits as 16 | 32, planUid: uidOf("plan") });
  const dose = readRtDose(readFile(bytes, name));
  expect(dose.problems).toEqual([]);
  expectSameGrid(dose.grid, grid);
  const highest = Math.max(...values);
  const halfStep = highest / (2 ** bits - 1) / 2;
  const back = await dose.volume();
  back.values.forEach((value, i) => expect(Math.abs(value - (values[i] as number))).toBeLessThanOrEqual(halfStep * 1.001 + 1e-7 * highest));
});

test("a sum of plans in EQD2 comes back as what it is, with all its plans", () => {
  const volume: Volume = { grid: gridOf({ size: [2, 2, 2], origin: [0, 0, 0], spacing: [2, 2, 2], frameOfReference }), values: new Float32Array(8).fill(62.175), slope: 1, intercept: 0, unit: "Gy" };
  const plans = [uidOf("first"), uidOf("second")];
  const file = readFile(writeRtDose(volume, context, { planUid: plans, type: "EFFECTIVE", summation: "MULTI_PLAN", comment: "EQD2, α/β 2 Gy: 30 + 5 fractions" }).bytes, "sum");
  expect(readRtDose(file)).toMatchObject({ type: "EFFECTIVE", summation: "MULTI_PLAN", comment: "EQD2, α/β 2 Gy: 30 + 5 fractions" });
  expect(file.data.items(tags.ReferencedRTPlanSequence).map((item) => item.text(tags.ReferencedSOPInstanceUID))).toEqual(plans);
});

test("a plan with leaves and blocks comes back, jaws and leaves at every control point", () => {
  const limits = (open: number) => ({ x: [-open, open] as const, y: [-60, 62.5] as const, leaves: [-open, -open / 2, open, open / 2] });
  const plan = {
    intent: "CURATIVE",
    structureSetUid: uidOf("structures"),
    fractions: 30,
    prescriptions: [{ structure: 1, role: "TARGET", targetGy: 66, description: "PTV_High" }, { structure: 4, role: "ORGAN_AT_RISK", maximumGy: 45 }],
    beams: [{
      number: 3, name: "Arc", type: "DYNAMIC", radiation: "PHOTON", machine: "Linac", energyMv: 6, sadMm: 1000, meterset: 321.5, leafEdges: [-10, 0, 10], leafAxis: "x" as const,
      blocks: [{ type: "SHIELDING" as const, outlineMm: [[0, 0], [30, 0], [0, 25.5]] as const, transmission: 0.04 }, { type: "APERTURE" as const, outlineMm: [[-50, -50], [50, -50], [0, 60]] as const }],
      controlPoints: [0, 0.25, 1].map((metersetShare, i) => ({ metersetShare, gantryDeg: 181 + i, collimatorDeg: 30, couchDeg: 350, isocenter: [1.5, -20, 300.25] as const, limits: limits(10 + i) })),
    }],
  };
  const { name, bytes } = writeRtPlan(plan, context);
  const { intent, structureSetUid, fractions, prescriptions, beams, problems } = readRtPlan(readFile(bytes, name));
  expect(problems).toEqual([]);
  expect({ intent, structureSetUid, fractions, prescriptions, beams }).toEqual(plan);
});

const moments = fc.array(fc.record({ mu: fc.integer({ min: 1, max: 900 }), leaves: fc.array(fc.integer({ min: -1999, max: 1999 }), { minLength: 6, maxLength: 6 }) }), { minLength: 1, maxLength: 12 });
test.prop([moments, fc.constantFrom(0, 15, 345), fc.double({ min: 0, max: 359.99, noNaN: true })])("step and shoot comes back segment by segment: the first control point says all, the others what changes", (segments, couchDeg, gantry) => {
  const gantryDeg = Number(gantry.toFixed(2)) + 0;
  const total = segments.reduce((sum, { mu }) => sum + mu, 0);
  let given = 0;
  const controlPoints = segments.flatMap(({ mu, leaves }) => {
    const [from, to] = [given / total, (given += mu) / total];
    const limits = { x: [-200, 200] as const, y: [-15, 15] as const, leaves: leaves.map((tenths) => tenths / 10) };
    return [from, to].map((share) => ({ metersetShare: Number(share.toFixed(10)), gantryDeg, collimatorDeg: 5, couchDeg, isocenter: [1.5, -20, 300.25] as const, limits }));
  });
  const beams = [{ number: 1, name: "1", type: "STATIC", radiation: "PHOTON", machine: "Linac", energyMv: 6, sadMm: 1000, meterset: total / 10, leafEdges: [-15, -5, 5, 15], leafAxis: "x" as const, controlPoints }];
  const { bytes } = writeRtPlan({ prescriptions: [], fractions: 30, beams }, context);
  const file = readFile(bytes, "plan");
  expect(readRtPlan(file)).toMatchObject({ beams, problems: [] });
  const [first, ...others] = file.data.items(tags.BeamSequence)[0]?.items(tags.ControlPointSequence) ?? [];
  for (const tag of [tags.GantryAngle, tags.NominalBeamEnergy, tags.PatientSupportAngle, tags.IsocenterPosition]) {
    expect(first?.has(tag)).toBe(true);
    expect(others.some((point) => point.has(tag))).toBe(false);
  }
});

test("an arc says which way it turns, and that it stops: the gantry over 180° rises clockwise", () => {
  const limits = { x: [-50, 50], y: [-50, 50] } as const;
  const controlPoints = [[179, 0], [181, 0.5], [178, 1]].map(([gantryDeg, metersetShare]) => ({ metersetShare: metersetShare as number, gantryDeg: gantryDeg as number, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0] as const, limits }));
  const beams = [{ number: 1, name: "Arc", type: "DYNAMIC", radiation: "PHOTON", sadMm: 1000, controlPoints }];
  const points = readFile(writeRtPlan({ prescriptions: [], beams }, context).bytes, "plan").data.items(tags.BeamSequence)[0]?.items(tags.ControlPointSequence) ?? [];
  expect(points.map((point) => point.text(tags.GantryRotationDirection))).toEqual(["CW", "CC", "NONE"]);
  expect(points.map((point) => point.text(tags.PatientSupportRotationDirection))).toEqual(["NONE", undefined, undefined]);
});

test("a plan joins the study of its images, says how the patient lies, where jaws and leaves stand and how far the skin is", () => {
  const study = { uid: uidOf("study there"), date: "20230102", time: "101500", id: "CT-9", accessionNumber: "A1" };
  const plan = {
    prescriptions: [], frameOfReference, patientPosition: "FFP", deviceDistancesMm: { x: 392, leaves: 510 }, surfaceDistancesMm: new Map([[1, 893.5]]), name: "A name that is longer than its label",
    beams: [{ number: 1, name: "1", type: "STATIC", radiation: "PHOTON", sadMm: 1000, leafEdges: [-5, 5], leafAxis: "x" as const, controlPoints: [0, 1].map((metersetShare) => ({ metersetShare, gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0] as const, limits: { x: [-5, 5] as const, leaves: [-5, 5] } })) }],
  };
  const { data } = readFile(writeRtPlan(plan, { ...context, study, patient: { ...context.patient, birthDate: "19500203" } }).bytes, "plan");
  expect([tags.StudyInstanceUID, tags.StudyDate, tags.StudyTime, tags.StudyID, tags.AccessionNumber, tags.SeriesDate, tags.PatientBirthDate, tags.FrameOfReferenceUID, tags.RTPlanName].map((tag) => data.text(tag)))
    .toEqual([study.uid, study.date, study.time, study.id, study.accessionNumber, "20240501", "19500203", frameOfReference, plan.name]);
  expect(data.items(tags.PatientSetupSequence)[0]?.text(tags.PatientPosition)).toBe("FFP");
  expect(data.items(tags.BeamSequence)[0]?.items(tags.BeamLimitingDeviceSequence).map((device) => device.number(tags.SourceToBeamLimitingDeviceDistance))).toEqual([392, 510]);
  expect(data.items(tags.BeamSequence)[0]?.items(tags.ControlPointSequence).map((point) => point.number(tags.SourceToSurfaceDistance))).toEqual([893.5, undefined]);
});

const elsewhere = uidOf("round trip, another frame");
test.prop([fc.tuple(angle, angle, angle), fc.tuple(place, place, place)])("a rigid registration comes back from its file: places within a micrometer, frames and words as they were", (turn, shift) => {
  const [x, y, z] = axes(...turn), because = "Matched on the vertebrae";
  const map = transform<"patient", "patient">([[x[0], y[0], z[0], shift[0]], [x[1], y[1], z[1], shift[1]], [x[2], y[2], z[2], shift[2]]]);
  const [read, ...others] = readRegistration(readFile(writeRegistration({ from: elsewhere, to: frameOfReference, map, because }, context).bytes, "reg"));
  expect([read?.from, read?.to, read?.label, read?.synthetic, others]).toEqual([elsewhere, frameOfReference, because, true, []]);
  // Entries are written to 1e-10: 500 mm from the origin in each axis, a point moves by less than 3 × 500 × 5e-11 mm.
  read?.rows.flat().forEach((value, i) => expect(Math.abs(value - (map.rows.flat()[i] as number))).toBeLessThan(1e-9));
});

test.each([
  ["stretches", [[1.001, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], "dicom/registration-matrix"],
  ["shears", [[1, 0.01, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], "dicom/registration-matrix"],
  ["mirrors", [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], "dicom/registration-matrix"],
  ["leads nowhere", [[1, 0, 0, NaN], [0, 1, 0, 0], [0, 0, 1, 0]], "dicom/registration-matrix"],
] as const)("a map that %s is not written as a rigid registration", (_, rows, code) => {
  expect(() => writeRegistration({ from: elsewhere, to: frameOfReference, map: transform(rows), because: "" }, context)).toThrow(expect.objectContaining({ code }));
});

test("a frame of reference is not registered to itself", () => {
  expect(() => writeRegistration({ from: elsewhere, to: elsewhere, map: transform([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]), because: "" }, context)).toThrow(expect.objectContaining({ code: "dicom/registration-empty" }));
});

test("the same seed writes the same bytes, another seed other UIDs", () => {
  const structures: Structure[] = [{ number: 1, name: "GTV", contours: [] }];
  const one = writeRtStruct({ frameOfReference, structures }, context);
  expect(writeRtStruct({ frameOfReference, structures }, context).bytes).toEqual(one.bytes);
  const other = readRtStruct(readFile(writeRtStruct({ frameOfReference, structures }, { ...context, seed: "another" }).bytes, "other"));
  expect(other.uid).not.toBe(readRtStruct(readFile(one.bytes, "one")).uid);
});

test.each([
  [{ unit: "Gy" as const, values: Float32Array.of(1, NaN) }, "dicom/write-unknown"],
  [{ unit: "Gy" as const, values: Float32Array.of(1, -1) }, "dicom/write-unknown"],
  [{ unit: "HU" as const, values: Float32Array.of(1, 2) }, "dicom/write-unit"],
])("dose that has no true form in a file is not written", (part, code) => {
  const grid = gridOf({ size: [2, 1, 1], origin: [0, 0, 0], spacing: [1, 1, 1], frameOfReference });
  expect(() => writeRtDose({ grid, slope: 1, intercept: 0, ...part }, context)).toThrow(expect.objectContaining({ code }));
});

test("a UID from a text is that of its SHA-256, and no longer than 64 characters", () => {
  // SHA-256 of "abc" begins ba7816bf 8f01cfea 4141...; version 8 and variant 10 set: ba7816bf-8f01-8fea-8141-40de5dae2223.
  expect(uidOf("abc")).toBe(`2.25.${BigInt("0xba7816bf8f018fea814140de5dae2223")}`);
  expect(uidOf("abc").length).toBeLessThanOrEqual(64);
});

test("what was computed says so in the flag of DICOM and in words; what was not has no flag", () => {
  const volume: Volume = { grid: gridOf({ size: [2, 2, 2], origin: [0, 0, 0], spacing: [2, 2, 2], frameOfReference }), values: new Float32Array(8), slope: 1, intercept: 0, unit: "Gy" };
  const of = (synthetic: boolean) => readFile(writeRtDose(volume, { ...context, synthetic }).bytes, "dose").data;
  expect(of(true).text(tags.QualityControlSubject)).toBe("YES");
  expect(of(true).text(tags.SeriesDescription)).toBe("SYNTHETIC set");
  expect(of(false).text(tags.QualityControlSubject)).toBeUndefined();
});
