import { describe, expect, test } from "vitest";
import { apply, gridOf, originOf, type Grid, type Vec3, type Volume } from "@hapax/base";
import { frameMap, type Contour, type FrameMap, type ScanSeries, type Structure } from "@hapax/case";
import type { DicomFile, Element, Tag } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { readFile } from "../read.ts";
import { dataSetOf, dicomFile, writeFile, type Tree } from "../write.ts";
import type { WriteContext } from "./context.ts";
import { readRegistration } from "./registration.ts";
import { readRtDose } from "./rt-dose.ts";
import { lintRtDose } from "./rt-dose-lint.ts";
import { readRtPlan } from "./rt-plan.ts";
import { readRtStruct } from "./rt-struct.ts";
import { scansOf } from "./scans.ts";
import { uidOf } from "./uid.ts";
import { writeCtSeries } from "./write-ct.ts";
import type { WrittenFile } from "./write-images.ts";
import { writePetSeries } from "./write-pet.ts";
import { writeRtDose } from "./write-rt-dose.ts";
import { writeRtStruct } from "./write-rt-struct.ts";

const frameOfReference = uidOf("complaints");
const context: WriteContext = { patient: { id: "SYN-3", name: "Phantom^Any", sex: "female", weightKg: 60, heightM: 1.7 }, seed: "complaints", label: "set", date: "2024-05-01", synthetic: true };
const layout = { size: [4, 3, 5] as Vec3, origin: [-10, -20, -30] as Vec3, spacing: [2, 2, 3] as Vec3, frameOfReference };
const ramp = (grid: Grid): Float32Array => Float32Array.from({ length: grid.size[0] * grid.size[1] * grid.size[2] }, (_, i) => i);
const ctOn = (grid: Grid, context_: WriteContext = context): WrittenFile[] => writeCtSeries({ grid, values: ramp(grid), slope: 1, intercept: 0, unit: "HU" }, context_);

/** The same file with some elements of another value; undefined takes them out. */
function changed({ name, bytes }: WrittenFile, tree: { readonly [K in keyof Tree]: Tree[K] | undefined }): WrittenFile {
  const { data } = readFile(bytes, name);
  const fresh = dataSetOf(Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined)) as Tree);
  const elements = data.elements as Map<Tag, Element>;
  for (const keyword of Object.keys(tree) as (keyof Tree)[]) {
    const element = fresh.elements.get(tags[keyword]);
    if (element === undefined) elements.delete(tags[keyword]);
    else elements.set(tags[keyword], element);
  }
  return { name, bytes: writeFile(data) };
}
const opened = ({ bytes, name }: WrittenFile): DicomFile => readFile(bytes, name);
const dose = (grid: Grid, more: { [K in keyof Tree]: Tree[K] | undefined } = {}): WrittenFile =>
  changed(writeRtDose({ grid, values: ramp(grid), slope: 1, intercept: 0, unit: "Gy" }, context, { planUid: uidOf("plan") }), more);
const structures = (list: readonly Structure[], frame = frameOfReference): WrittenFile => writeRtStruct({ frameOfReference: frame, structures: list }, context);
const square = (z: number, half = 5, more: Partial<Contour> = {}): Contour => ({ type: "CLOSED_PLANAR", points: Float64Array.of(-half, -half, z, half, -half, z, half, half, z, -half, half, z), ...more });
const moved = (found: FrameMap | undefined, point: Vec3): Vec3 | undefined => found && apply(found.map, point);
const firstSeries = async (files: readonly WrittenFile[]): Promise<ScanSeries> => (await scansOf(files)).series[0] as ScanSeries;

describe("dose", () => {
  test("a dose grid with an offset of a fraction of a voxel to the CT keeps that offset (OHIF #5743)", () => {
    const grid = gridOf({ ...layout, origin: [-10 + 0.25 * 2, -20 + 0.47 * 2, -30 + 0.31 * 3] });
    originOf(readRtDose(opened(dose(grid))).grid).forEach((mm, i) => expect(mm).toBeCloseTo(originOf(grid)[i] as number, 8));
  });

  test("a good dose has nothing to explain; which tag is wrong is said in words (OHIF #5463, #5610)", () => {
    const grid = gridOf(layout);
    expect(lintRtDose(opened(dose(grid)))).toEqual([]);
    const said = (more: { [K in keyof Tree]: Tree[K] | undefined }) => lintRtDose(opened(dose(grid, more))).map(({ what }) => what).join(" ");
    expect(said({ FrameIncrementPointer: 0 })).toContain("FrameIncrementPointer (0028,0009) is (0000,0000); it must point to GridFrameOffsetVector (3004,000C)");
    expect(said({ FrameIncrementPointer: undefined })).toContain("FrameIncrementPointer (0028,0009) is not there");
    expect(said({ GridFrameOffsetVector: [0, 3, 6] })).toContain("3 offsets for 5 planes");
    expect(said({ GridFrameOffsetVector: undefined })).toContain("GridFrameOffsetVector (3004,000C) is not there");
    expect(said({ DoseGridScaling: undefined })).toContain("DoseGridScaling (3004,000E) is not there");
    expect(said({ DoseUnits: "RELATIVE" })).toContain("DoseUnits (3004,0002) is RELATIVE");
    expect(said({ FrameOfReferenceUID: undefined })).toContain("FrameOfReferenceUID (0020,0052) is not there");
    expect(said({ PixelSpacing: undefined })).toContain("has no PixelSpacing");
    expect(said({ DoseSummationType: undefined })).toContain("DoseSummationType (3004,000A) is not there");
    expect(said({ ReferencedRTPlanSequence: undefined })).toContain("ReferencedRTPlanSequence (300C,0002) is not there");
  });

  test("a wrong FrameIncrementPointer is told, and the dose is read all the same", async () => {
    const grid = gridOf(layout);
    const read = readRtDose(opened(dose(grid, { FrameIncrementPointer: 0 })));
    expect(read.problems.map(({ code }) => code)).toEqual(["dicom/dose-frame-pointer"]);
    expect((await read.volume()).values[59]).toBeCloseTo(59, 2);
  });

  test("dose in percent of an unknown reference is not taken for Gy", () => {
    expect(() => readRtDose(opened(dose(gridOf(layout), { DoseUnits: "RELATIVE" })))).toThrow(/Export the dose in Gy/);
  });

  test("planes may be given by offsets, by z coordinates, and from head to foot: every voxel keeps its dose", async () => {
    const grid = gridOf(layout);
    const forms: { [K in keyof Tree]: Tree[K] }[] = [{ GridFrameOffsetVector: [0, 3, 6, 9, 12] }, { GridFrameOffsetVector: [-30, -27, -24, -21, -18] }];
    for (const form of forms) {
      const read = readRtDose(opened(dose(grid, form)));
      expect(read.problems).toEqual([]);
      expect(read.grid.patientFromVoxel.rows).toEqual(grid.patientFromVoxel.rows);
    }
    const down = readRtDose(opened(dose(grid, { GridFrameOffsetVector: [0, -3, -6, -9, -12] })));
    expect(originOf(down.grid)).toEqual([-10, -20, -42]);
    // Frame 0 is now the highest plane.
    expect((await down.volume()).values[4 * 12]).toBeCloseTo(0, 2);
  });

  test("uneven dose planes are interpolated and told", async () => {
    const read = readRtDose(opened(dose(gridOf(layout), { GridFrameOffsetVector: [0, 2, 4, 6, 10] })));
    expect(read.problems.map(({ code }) => code)).toEqual(["dicom/dose-offsets-uneven"]);
    expect(read.grid.size).toEqual([4, 3, 6]);
    // Plane 4 lies halfway between frames 3 and 4, which begin with 36 and 48 Gy.
    expect((await read.volume()).values[4 * 12]).toBeCloseTo(42, 2);
  });

  test("uneven dose planes lie all on the even grid, the last with its maximum too", async () => {
    const { grid, volume } = readRtDose(opened(dose(gridOf(layout), { GridFrameOffsetVector: [0, 3, 6, 10, 13] })));
    expect([grid.size[2], originOf(grid)[2]]).toEqual([14, -30]);
    const { values } = await volume();
    [0, 3, 6, 10, 13].forEach((height, frame) => expect(values[height * 12 + 11]).toBeCloseTo(frame * 12 + 11, 2));
  });

  test("a dose of one plane is a dose", async () => {
    const grid = gridOf({ ...layout, size: [4, 3, 1] });
    const read = readRtDose(opened(dose(grid, { NumberOfFrames: undefined, GridFrameOffsetVector: undefined, FrameIncrementPointer: undefined })));
    expect(read.grid.size).toEqual([4, 3, 1]);
    expect((await read.volume()).values[11]).toBeCloseTo(11, 3);
  });

  test("a dose that lacks pixels is no dose of zeros (dcmjs reads one)", async () => {
    const read = readRtDose(opened(dose(gridOf(layout), { PixelData: new Uint16Array(30) })));
    await expect(read.volume()).rejects.toThrow(expect.objectContaining({ code: "dicom/pixel-length" }));
  });
});

describe("structures", () => {
  test("a contour whose z differs from the slice by rounding keeps its own z (OHIF #3535, #3651, #4124; dicompyler #77)", () => {
    const { structures: [back] } = readRtStruct(opened(structures([{ number: 1, name: "GTV", contours: [square(-27.0004)] }])));
    expect(back?.contours[0]?.points[2]).toBe(-27.0004);
  });

  test("structures of another frame of reference are refused for overlay, unless a registration links them (OHIF #3537)", () => {
    const other = uidOf("another frame");
    const registration = { ...readRtStruct(opened(structures([{ number: 1, name: "A", contours: [] }]))), from: other, to: frameOfReference, rows: [[1, 0, 0, 5], [0, 1, 0, 0], [0, 0, 1, 0]] } as const;
    expect(frameMap(other, frameOfReference)).toBeUndefined();
    expect(moved(frameMap(frameOfReference, frameOfReference), [1, 2, 3])).toEqual([1, 2, 3]);
    expect(moved(frameMap(other, frameOfReference, [registration]), [1, 2, 3])).toEqual([6, 2, 3]);
    expect(moved(frameMap(frameOfReference, other, [registration]), [6, 2, 3])).toEqual([1, 2, 3]);
  });

  test("POINT contours are kept (OHIF #4093)", () => {
    const { structures: [iso] } = readRtStruct(opened(structures([{ number: 1, name: "Isocenter", contours: [{ type: "POINT", points: Float64Array.of(1, 2, 3) }] }])));
    expect(iso?.contours).toEqual([{ type: "POINT", points: Float64Array.of(1, 2, 3) }]);
  });

  test("a structure without contours is kept (OHIF #1897)", () => {
    const { structures: [cord], problems } = readRtStruct(opened(structures([{ number: 1, name: "SpinalCord", contours: [] }])));
    expect(cord).toEqual({ number: 1, name: "SpinalCord", contours: [] });
    expect(problems).toEqual([]);
  });

  test("holes are there after saving and loading, as ring and as keyhole (Cornerstone3D #2477)", () => {
    const keyhole = Float64Array.of(-9, -9, 0, 9, -9, 0, 9, 9, 0, 0, 9, 0, 0, 3, 0, 3, 3, 0, 3, -3, 0, -3, -3, 0, -3, 3, 0, 0, 3, 0, 0, 9, 0, -9, 9, 0);
    const list: Structure[] = [
      { number: 1, name: "Ring", contours: [square(0, 9, { type: "CLOSEDPLANAR_XOR" }), square(0, 3, { type: "CLOSEDPLANAR_XOR" })] },
      { number: 2, name: "Keyhole", contours: [{ type: "CLOSED_PLANAR", points: keyhole }] },
    ];
    const once = readRtStruct(opened(structures(list)));
    expect(once.structures).toEqual(list);
    expect(readRtStruct(opened(structures(once.structures))).structures).toEqual(list);
  });

  test("colors are those of the file (Cornerstone3D #1364)", () => {
    const { structures: [one] } = readRtStruct(opened(structures([{ number: 1, name: "PTV", color: "#01ff80", contours: [] }])));
    expect(one?.color).toBe("#01ff80");
  });

  test("structures of two frames of reference become two sets, told", async () => {
    const file = structures([{ number: 1, name: "A", contours: [] }, { number: 2, name: "B", contours: [] }]);
    const other = uidOf("another frame");
    const two = changed(file, { StructureSetROISequence: [{ ROINumber: 1, ReferencedFrameOfReferenceUID: frameOfReference, ROIName: "A" }, { ROINumber: 2, ReferencedFrameOfReferenceUID: other, ROIName: "B" }] });
    const { structureSets, problems } = await scansOf([two]);
    expect(structureSets.map((set) => [set.frameOfReference, set.structures.map(({ name }) => name)])).toEqual([[frameOfReference, ["A"]], [other, ["B"]]]);
    expect(problems.map(({ code }) => code)).toEqual(["dicom/several-frames-of-reference"]);
  });

  test("two structure sets under one SOPInstanceUID are no copies where their contours differ", async () => {
    const [one, other] = [square(0), square(0, 9)].map((contour, i) => ({ ...structures([{ number: 1, name: "GTV", contours: [contour] }]), name: `${i}.dcm` })) as [WrittenFile, WrittenFile];
    const { structureSets, problems } = await scansOf([one, other, { ...one, name: "2.dcm" }]);
    expect(structureSets).toHaveLength(2);
    expect(problems.map(({ code }) => code)).toEqual(["dicom/instance-twice", "dicom/copy"]);
  });

  test("two structures of one number are not drawn with each other's contours, and contours of no structure are told", () => {
    const file = structures([{ number: 1, name: "A", contours: [square(0)] }, { number: 2, name: "B", contours: [square(3)] }]);
    const roi = (number: number, name: string): Tree => ({ ROINumber: number, ReferencedFrameOfReferenceUID: frameOfReference, ROIName: name });
    const twice = readRtStruct(opened(changed(file, { StructureSetROISequence: [roi(1, "A"), roi(1, "B")] })));
    expect(twice.structures.map(({ name, contours }) => [name, contours.length])).toEqual([["A", 0], ["B", 0]]);
    expect(twice.problems.map(({ code }) => code)).toEqual(["dicom/roi-number", "dicom/roi-unnamed"]);
  });

  test("a contour of 5000 points is written and comes back", () => {
    const round: Contour = { type: "CLOSED_PLANAR", points: Float64Array.from({ length: 15_000 }, (_, i) => (i % 3 === 2 ? -12.5 : Number((200 * Math.sin(i)).toFixed(6)))) };
    expect(readRtStruct(opened(structures([{ number: 1, name: "External", contours: [round] }]))).structures[0]?.contours).toEqual([round]);
  });

  test("points off their plane are told with the distance, contours of an unknown type are left out and told", () => {
    const bent: Contour = { type: "CLOSED_PLANAR", points: Float64Array.of(0, 0, 0, 10, 0, 4, 10, 10, 0, 0, 10, 4) };
    const { problems, structures: [one] } = readRtStruct(opened(structures([{ number: 1, name: "Bent", contours: [bent, square(0, 5, { type: "SPIRAL" as never })] }])));
    expect(problems.map(({ code }) => code)).toEqual(["dicom/contour-not-planar", "dicom/contour-type"]);
    expect(problems[0]?.what).toContain("up to 2.00 mm off one plane");
    expect(one?.contours).toHaveLength(1);
  });
});

describe("images", () => {
  const positions = {
    HFS: [[1, 0, 0], [0, 1, 0]], HFP: [[-1, 0, 0], [0, -1, 0]], FFS: [[-1, 0, 0], [0, 1, 0]], FFP: [[1, 0, 0], [0, -1, 0]],
    HFDL: [[0, 1, 0], [-1, 0, 0]], HFDR: [[0, -1, 0], [1, 0, 0]],
  } as const satisfies Record<string, readonly [Vec3, Vec3]>;

  test.each(Object.entries(positions))("a patient in position %s lies where position and orientation say (DVH-Analytics #133)", async (patientPosition, [across, down]) => {
    const normal: Vec3 = [0, 0, across[0] * down[1] - across[1] * down[0]];
    const grid = gridOf({ ...layout, axes: [across, down, normal] });
    const volume: Volume = { grid, values: ramp(grid), slope: 1, intercept: 0, unit: "HU" };
    const series = await firstSeries(writeCtSeries(volume, context, { patientPosition }));
    expect(series.patientPosition).toBe(patientPosition);
    const back = await series.volume();
    // A voxel's value at its place in the patient, whichever way the slices were counted.
    for (const voxel of [[0, 0, 0], [3, 0, 0], [0, 2, 4], [1, 1, 2]] as const) {
      apply(back.grid.patientFromVoxel, voxel).forEach((mm, i) => expect(mm).toBeCloseTo(apply(grid.patientFromVoxel, voxel)[i] as number, 8));
      expect(back.values[voxel[0] + 4 * (voxel[1] + 3 * voxel[2])]).toBe(volume.values[voxel[0] + 4 * (voxel[1] + 3 * voxel[2])]);
    }
  });

  test("pixels that are not square keep their two distances, rows and columns stay what they are", async () => {
    const grid = gridOf({ ...layout, size: [5, 2, 3], spacing: [0.5, 1.75, 3] });
    const series = await firstSeries(ctOn(grid));
    expect(series.grid?.size).toEqual([5, 2, 3]);
    expect(series.grid?.patientFromVoxel.rows).toEqual(grid.patientFromVoxel.rows);
  });

  test("gantry tilt is told and set upright, not drawn as a leaning patient (Cornerstone3D #227, #998; Weasis #715)", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => changed(file, { ImagePositionPatient: [-10, -20 + 2 * k, -30 + 3 * k] }));
    const series = await firstSeries(files);
    expect(series.geometry.classes).toEqual(["sheared"]);
    expect(series.geometry.shown).toBe("resampled");
    expect(series.grid?.size).toEqual([4, 7, 5]);
    const { values } = await series.volume();
    // Slice k begins k rows lower; beside it nothing is known.
    expect(values[2 * 28 + 2 * 4]).toBe(24);
    expect(values[2 * 28 + 1 * 4]).toBeNaN();
  });

  test("missing slices are a gap, not a stretched patient (Slicer #812)", async () => {
    const files = ctOn(gridOf({ ...layout, size: [4, 3, 7] })).filter((_, k) => k !== 4);
    const scans = await scansOf(files);
    const [series] = scans.series as [ScanSeries];
    expect(series.geometry.classes).toEqual(["missing slices"]);
    expect(series.geometry.notice).toContain("the widest gap is 6 mm, where 3 mm is expected");
    expect(scans.problems.map(({ code }) => code)).toEqual(["dicom/series-resampled"]);
    const { values } = await series.volume();
    expect(values.slice(4 * 12, 5 * 12).every((value) => Number.isNaN(value))).toBe(true);
    expect(values[6 * 12]).toBe(72);
  });

  test("a slice a kilometre away is refused, not drawn into a volume of air", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => (k === 4 ? changed(file, { ImagePositionPatient: [-10, -20, 1e6] }) : file));
    const series = await firstSeries(files);
    expect(series.geometry.shown).toBe("refused");
    expect(series.geometry.notice).toContain("too far from one another");
  });

  test("the distance of slices is that of their positions, whatever SliceThickness and SpacingBetweenSlices say", async () => {
    const files = ctOn(gridOf(layout)).map((file) => changed(file, { SliceThickness: 9, SpacingBetweenSlices: 1 }));
    const series = await firstSeries(files);
    expect(series.grid?.patientFromVoxel.rows[2][2]).toBe(3);
    expect(series.sliceThicknessMm).toBe(9);
  });

  test("a slice without PixelSpacing is named and the series refused", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => (k === 2 ? changed(file, { PixelSpacing: undefined }) : file));
    const series = await firstSeries(files);
    expect(series.geometry.shown).toBe("refused");
    await expect(series.volume()).rejects.toThrow(/CT.0003.dcm has no PixelSpacing. Export the series again/);
  });

  test("a scout view is set apart from the slices", async () => {
    const [scout, ...files] = ctOn(gridOf(layout)) as [WrittenFile, ...WrittenFile[]];
    const { series } = await scansOf([changed(scout, { ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] }), ...files]);
    expect(series.map(({ geometry }) => geometry.classes)).toEqual([["regular"], ["localizer", "single"]]);
  });

  test("several orientations in one series become series of their own", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => (k > 2 ? changed(file, { ImageOrientationPatient: [1, 0, 0, 0, 0, -1] }) : file));
    const { series } = await scansOf(files);
    expect(series.map(({ files: names }) => names.length)).toEqual([3, 2]);
    expect(series[0]?.geometry.classes).toEqual(["several orientations"]);
    expect(new Set(series.map(({ uid }) => uid)).size).toBe(2);
  });

  test("two slices in one place: a copy is left out, other pixels are refused", async () => {
    const files = ctOn(gridOf(layout));
    const [first] = files as [WrittenFile];
    const copy = changed({ ...first, name: "copy.dcm" }, { SOPInstanceUID: uidOf("copy") });
    const kept = await firstSeries([...files, copy]);
    expect(kept.geometry.classes).toEqual(["duplicates"]);
    expect(kept.geometry.shown).toBe("as it is");
    expect(kept.grid?.size[2]).toBe(5);
    const other = await firstSeries([...files, changed(copy, { PixelData: Int16Array.from({ length: 12 }, () => 7) })]);
    expect(other.geometry.shown).toBe("refused");
    await expect(other.volume()).rejects.toThrow(/which of them is right cannot be told/);
  });

  test("phases of one place are series of their own, told by what sets them apart", async () => {
    const early = ctOn(gridOf(layout)).map((file) => changed(file, { TemporalPositionIdentifier: 1 }));
    const late = ctOn(gridOf(layout)).map((file, k) => changed({ ...file, name: `late ${k}` }, { TemporalPositionIdentifier: 2, SOPInstanceUID: uidOf(`late ${k}`) }));
    const { series } = await scansOf([...early, ...late]);
    expect(series.map(({ geometry }) => geometry.shown)).toEqual(["as it is", "as it is"]);
    expect(series.map(({ geometry }) => geometry.notice?.match(/TemporalPositionIdentifier \d/)?.[0]).sort()).toEqual(["TemporalPositionIdentifier 1", "TemporalPositionIdentifier 2"]);
  });

  test("an enhanced multi-frame image is a volume by its functional groups: frames in any order, slopes of their own", async () => {
    const frames = [2, 0, 1];
    const tree: Tree = {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2.1", SOPInstanceUID: uidOf("enhanced"), SeriesInstanceUID: uidOf("enhanced series"), Modality: "CT", FrameOfReferenceUID: frameOfReference,
      Rows: 1, Columns: 2, NumberOfFrames: 3, SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME2", BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 1,
      SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing: [1.5, 0.75], SliceThickness: 4 }], PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }] }],
      PerFrameFunctionalGroupsSequence: frames.map((k) => ({
        PlanePositionSequence: [{ ImagePositionPatient: [5, 6, 4 * k] }],
        PixelValueTransformationSequence: [{ RescaleSlope: k + 1, RescaleIntercept: -1000, RescaleType: "HU" }],
      })),
      PixelData: Int16Array.from(frames.flatMap((k) => [10 * k, 10 * k + 1])),
    };
    const scans = await scansOf([{ name: "enhanced.dcm", bytes: dicomFile(tree) }]);
    expect(scans.problems).toEqual([]);
    const { grid, values, unit } = await (scans.series[0] as ScanSeries).volume();
    expect(grid.patientFromVoxel.rows).toEqual([[0.75, 0, 0, 5], [0, 1.5, 0, 6], [0, 0, 4, 0]]);
    expect([unit, ...values]).toEqual(["HU", -1000, -999, -980, -978, -940, -937]);
  });

  test("slope and intercept hold for each slice alone", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => changed(file, { RescaleSlope: k === 1 ? 0.5 : 1, RescaleIntercept: -1000 }));
    const { values } = await (await firstSeries(files)).volume();
    expect([values[0], values[13], values[25]]).toEqual([-1000, 13 * 0.5 - 1000, 25 - 1000]);
  });

  test("one slice without a slope, or with a slope of 0, is not mixed with slices in HU", async () => {
    for (const slope of [undefined, 0]) {
      const files = ctOn(gridOf(layout)).map((file, k) => changed(file, k === 1 ? { RescaleSlope: slope } : { RescaleIntercept: -1000 }));
      const series = await firstSeries(files);
      expect(series.problems.map(({ code, what }) => [code, what.split(" ")[0]])).toEqual([["dicom/rescale-missing", files[1]?.name]]);
      const { unit, values } = await series.volume();
      expect([unit, values[0], values[59]]).toEqual(["", 0, 59]);
    }
  });

  test("a slice whose pixels are not as long as its header says is told before any picture, and leaves a gap", async () => {
    const files = ctOn(gridOf(layout)).map((file, k) => (k === 2 ? changed(file, { PixelData: new Int16Array(11) }) : file));
    const { series: [ct], problems } = await scansOf(files);
    expect(problems.map(({ code, what }) => [code, what.split(" ")[0]])).toContainEqual(["dicom/pixel-length", files[2]?.name]);
    expect(ct?.geometry.classes).toEqual(["missing slices"]);
    expect(ct?.files).not.toContain(files[2]?.name);
  });

  test("slices of two patients in one series are never one volume", async () => {
    const { series } = await scansOf(ctOn(gridOf(layout)).map((file, k) => changed(file, { PatientID: k < 3 ? "A" : "B" })));
    expect(series.map(({ grid }) => grid?.size[2])).toEqual([3, 2]);
  });

  test("a slice alone without SliceThickness is told to have no depth", async () => {
    const [slice] = ctOn(gridOf({ ...layout, size: [4, 3, 1] })) as [WrittenFile];
    expect((await firstSeries([changed(slice, { SliceThickness: undefined })])).problems.map(({ code }) => code)).toEqual(["dicom/thickness-missing"]);
  });

  test("feet first and prone: every voxel is where its file says, dose and images alike", async () => {
    for (const axes of [[[-1, 0, 0], [0, -1, 0], [0, 0, 1]], [[-1, 0, 0], [0, 1, 0], [0, 0, -1]], [[1, 0, 0], [0, -1, 0], [0, 0, -1]]] as [Vec3, Vec3, Vec3][]) {
      const grid = gridOf({ ...layout, axes });
      const ct = await firstSeries(ctOn(grid));
      const dosed = readRtDose(opened(dose(grid)));
      for (const [place, values] of [[ct.grid, (await ct.volume()).values], [dosed.grid, (await dosed.volume()).values]] as const) {
        expect(originOf(place as Grid)).toEqual(originOf(grid));
        expect(place?.patientFromVoxel.rows.flat().map((x) => x + 0)).toEqual(grid.patientFromVoxel.rows.flat().map((x) => x + 0));
        expect(values[59]).toBeCloseTo(59, 2);
      }
    }
  });

  test("CT without slope and intercept has no unit, and it is told", async () => {
    const files = ctOn(gridOf(layout)).map((file) => changed(file, { RescaleSlope: undefined, RescaleIntercept: undefined }));
    const series = await firstSeries(files);
    expect(series.problems.map(({ code }) => code)).toEqual(["dicom/rescale-missing"]);
    expect((await series.volume()).unit).toBe("");
  });

  test.each([["PatientWeight", { PatientWeight: undefined }], ["DecayCorrection", { DecayCorrection: "NONE" }], ["ATTN", { CorrectedImage: "DECY" }]] as const)(
    "PET without %s stays in Bq/mL, and what is missing is named", async (name, change) => {
      const grid = gridOf(layout);
      const tracer = { injectedBq: 2e8, halfLifeS: 6586, waitS: 3600, name: "Fluorodeoxyglucose" };
      const files = writePetSeries({ grid, values: ramp(grid), slope: 1, intercept: 0, unit: "Bq/mL" }, context, tracer).map((file) => changed(file, change));
      const series = await firstSeries(files);
      expect(series.problems.map(({ what }) => what).join()).toContain(name);
      expect((await series.volume()).unit).toBe("Bq/mL");
    },
  );
});

describe("pictures", () => {
  const capture = (tree: Tree) => dicomFile({ SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: uidOf("capture"), Modality: "OT", Rows: 1, Columns: 3, BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0, ...tree });
  const rgb = { SamplesPerPixel: 3, PlanarConfiguration: 0 };
  const table = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [0, value]));
  const descriptor = [3, 10, 16];
  const colors = [[255, 0, 0], [0, 128, 0], [1, 2, 3]];
  test.each([
    ["in red, green and blue", { ...rgb, PhotometricInterpretation: "RGB", PixelData: Uint8Array.from([...colors.flat(), 0]) }, colors],
    // Y 128 without color is gray; C_R 255 adds 1.402 · 127 = 178 of red and takes 90.7 of green.
    ["in luminance and color", { ...rgb, PhotometricInterpretation: "YBR_FULL", PixelData: Uint8Array.of(128, 128, 128, 0, 128, 255, 255, 128, 128, 0) }, [[128, 128, 128], [178, 0, 0], [255, 255, 255]]],
    ["in a palette that begins at 10", {
      SamplesPerPixel: 1, PhotometricInterpretation: "PALETTE COLOR", PixelData: Uint8Array.of(10, 11, 12, 0),
      RedPaletteColorLookupTableDescriptor: descriptor, GreenPaletteColorLookupTableDescriptor: descriptor, BluePaletteColorLookupTableDescriptor: descriptor,
      RedPaletteColorLookupTableData: table(255, 0, 1), GreenPaletteColorLookupTableData: table(0, 128, 2), BluePaletteColorLookupTableData: table(0, 0, 3),
    }, colors],
    ["in gray, through its window", { SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME2", WindowCenter: 50, WindowWidth: 100, PixelData: Uint8Array.of(0, 100, 200, 0) }, [[0, 0, 0], [255, 255, 255], [255, 255, 255]]],
    ["in gray where low is white", { SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME1", PixelData: Uint8Array.of(0, 100, 200, 0) }, [[255, 255, 255], [128, 128, 128], [0, 0, 0]]],
  ] as const)("a secondary capture %s shows its colors", async (_, tree, expected) => {
    const { pictures, series, problems } = await scansOf([{ name: "capture.dcm", bytes: capture(tree as Tree) }]);
    expect(problems).toEqual([]);
    expect(series).toEqual([]);
    expect(pictures.map(({ width, height }) => [width, height])).toEqual([[3, 1]]);
    expect([...((await pictures[0]?.pixels()) ?? [])]).toEqual(expected.flatMap((color) => [...color, 255]));
  });
});

describe("a heap of files", () => {
  test("what is no DICOM, a disc's directory and a report are named and left; the rest is read", async () => {
    const text = (name: string) => ({ name, bytes: new TextEncoder().encode("not an image, only words\n".repeat(20)) });
    const common = { PatientID: "SYN-3", SOPInstanceUID: uidOf("report"), SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11", Modality: "SR" };
    const directory = { name: "DICOMDIR", bytes: dicomFile({ SOPClassUID: "1.2.840.10008.1.3.10", SOPInstanceUID: uidOf("disc"), DirectoryRecordSequence: [{}] }) };
    const { series, problems } = await scansOf([text("LICENSE"), text("doses.csv"), directory, { name: "report.dcm", bytes: dicomFile(common) }, ...ctOn(gridOf(layout))]);
    expect(series).toHaveLength(1);
    expect(problems.map(({ code }) => code).sort()).toEqual(["dicom/directory", "dicom/no-image", "dicom/not-dicom", "dicom/not-dicom"]);
    for (const name of ["LICENSE", "doses.csv", "DICOMDIR", "report.dcm"]) expect(problems.some(({ what }) => what.includes(name))).toBe(true);
  });

  test("files of two patients are told", async () => {
    const other: WriteContext = { ...context, seed: "other", patient: { ...context.patient, id: "SYN-4" } };
    const { patient, problems } = await scansOf([...ctOn(gridOf(layout)), ...ctOn(gridOf(layout), other)]);
    expect(patient.ids).toEqual(["SYN-3", "SYN-4"]);
    expect(problems.map(({ code }) => code)).toEqual(["dicom/several-patients"]);
  });

  test("RTPLAN opens; an ion plan and a brachytherapy plan are refused by name (OHIF #1455, #4577)", () => {
    const plan = (more: Tree) => opened({ name: "plan.dcm", bytes: dicomFile({ SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.5", SOPInstanceUID: uidOf("p"), Modality: "RTPLAN", RTPlanLabel: "A", ...more }) });
    expect(readRtPlan(plan({})).beams).toEqual([]);
    expect(() => readRtPlan(plan({ IonBeamSequence: [{}] }))).toThrow(/RT Ion Plan \(protons or ions\), A/);
    expect(() => readRtPlan(plan({ ApplicationSetupSequence: [{}] }))).toThrow(/brachytherapy plan, A/);
  });

  test("a control point keeps what the one before said where it is silent, and shares end at 1", () => {
    const positions = (x: number) => [{ RTBeamLimitingDeviceType: "X", LeafJawPositions: [-x, x] }];
    const bytes = dicomFile({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.5", SOPInstanceUID: uidOf("p2"), Modality: "RTPLAN",
      BeamSequence: [{
        BeamNumber: 1, FinalCumulativeMetersetWeight: 200,
        ControlPointSequence: [
          { GantryAngle: 90, BeamLimitingDeviceAngle: 10, PatientSupportAngle: 0, IsocenterPosition: [1, 2, 3], CumulativeMetersetWeight: 0, BeamLimitingDevicePositionSequence: positions(20) },
          { CumulativeMetersetWeight: 50, BeamLimitingDevicePositionSequence: positions(30) },
          { CumulativeMetersetWeight: 200, GantryAngle: 95 },
        ],
      }],
    });
    const points = readRtPlan(opened({ name: "plan.dcm", bytes })).beams[0]?.controlPoints ?? [];
    expect(points.map(({ metersetShare }) => metersetShare)).toEqual([0, 0.25, 1]);
    expect(points.map(({ gantryDeg }) => gantryDeg)).toEqual([90, 90, 95]);
    expect(points.map(({ limits }) => limits.x)).toEqual([[-20, 20], [-30, 30], [-30, 30]]);
    expect(points.every(({ isocenter, collimatorDeg }) => isocenter[2] === 3 && collimatorDeg === 10)).toBe(true);
  });

  test("a registration takes points of its source frame to the registered frame", () => {
    const from = uidOf("moving");
    // A quarter turn about z and a shift: (x, y, z) goes to (10 − y, x, z + 4).
    const matrix = [0, -1, 0, 10, 1, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 1];
    const item = (frame: string, m: number[]): Tree => ({ FrameOfReferenceUID: frame, MatrixRegistrationSequence: [{ MatrixSequence: [{ FrameOfReferenceTransformationMatrix: m, FrameOfReferenceTransformationMatrixType: "RIGID" }] }] });
    const bytes = dicomFile({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.1", SOPInstanceUID: uidOf("reg"), Modality: "REG", FrameOfReferenceUID: frameOfReference,
      RegistrationSequence: [item(frameOfReference, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), item(from, matrix)],
    });
    const registrations = readRegistration(opened({ name: "reg.dcm", bytes }));
    expect(registrations.map((one) => [one.from, one.to])).toEqual([[from, frameOfReference]]);
    expect(moved(frameMap(from, frameOfReference, registrations), [1, 2, 3])).toEqual([8, 1, 7]);
  });
});
