import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Vec3, Volume } from "@hapax/base";
import type { Structure, TreatmentPlan } from "@hapax/case";
import { machineNamed } from "@hapax/dose";
import { seriesUidOf, type WriteContext } from "@hapax/dicom";
import { openCase } from "@hapax/files";
import { phantomSpec, phantomStudies, studyPlan, studyStructures, studyVolume, type Fields, type PhantomStudy } from "@hapax/imaging/phantom";
import type { SimdCrew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { dvhOf, type Dvh } from "@hapax/radiotherapy";
import { calculatedPlan, type CalculatedPlan } from "../apps/server/src/scans/phantom-dose.ts";

const folder = new URL("../cases/leach2025/", import.meta.url);
const studies = phantomStudies(phantomSpec(JSON.parse(readFileSync(new URL("phantom.json", folder), "utf8"))));

test("leach2025: each imaging study of the record names the series that the phantom has for it", async () => {
  const record = await openCase(folder.pathname);
  const named = record.entries.flatMap((entry) => (entry.kind === "imaging" && entry.series !== undefined ? [[entry.id, entry.series] as const] : []));
  const made = studies.flatMap((study) => {
    const context: WriteContext = { patient: { id: "", name: "" }, seed: study.studyUid, label: `${study.spec.timePoint} ${study.spec.title}`, date: "", synthetic: true };
    const series = (study.spec.pet ? ["CT", "PT"] : ["CT"]).map((modality) => seriesUidOf(context, modality));
    return study.spec.entries.map((id) => [id, series] as const);
  });
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(made));
});

describe("the palliative plans of the phantom, calculated", () => {
  const study = studies.at(-1) as PhantomStudy;
  const ct = studyVolume(study, { quality: "coarse" });
  const structures = studyStructures(study, { quality: "coarse" });
  const given = new Map<Fields, CalculatedPlan>();
  let crew: SimdCrew;
  beforeAll(async () => {
    crew = await openCrew(2);
    for (const fields of ["two opposed", "four"] as const) given.set(fields, await calculatedPlan(studyPlan(study, fields) as TreatmentPlan, ct, structures, { crew, gridMm: 4 }));
  }, 60_000);
  afterAll(() => crew.close());

  const of = (fields: Fields): CalculatedPlan => given.get(fields) as CalculatedPlan;
  const histogram = (fields: Fields, name: string): Dvh =>
    dvhOf(structures.find((one) => one.name === name) as Structure, of(fields).dose, { frameOfReference: study.frameOfReference });

  test("half of the PTV has 20 Gy, to half a tenth of a monitor unit", () => {
    for (const fields of ["two opposed", "four"] as const) {
      const { plan: { beams }, medianGy } = of(fields);
      const mu = beams[0]?.meterset as number;
      expect(new Set(beams.map(({ meterset }) => meterset))).toEqual(new Set([mu]));
      expect(Math.abs(medianGy / 20 - 1)).toBeLessThanOrEqual(0.05 / mu);
      const { d50, d98 } = histogram(fields, "PTV");
      // Doses are kept in single precision.
      expect(d50.low).toBeCloseTo(medianGy, 5);
      expect(d98.low / 20).toBeGreaterThan(0.85);
    }
  });

  test("the highest dose lies where beams have built up under the skin, and not in the tumor", () => {
    const skin = study.anatomy().skin;
    const mass = study.anatomy().mediastinalMass;
    for (const [fields, percent] of [["two opposed", 116], ["four", 114]] as const) {
      const { dose, medianGy } = of(fields);
      const [gy, at] = highest(dose);
      expect(Math.abs((100 * gy) / medianGy - percent)).toBeLessThan(2);
      // Of 6 MV the greatest dose is 15 mm deep, where a beam enters straight.
      const depth = -(skin.section(at[2])?.at(at[0], at[1]) ?? NaN);
      expect(depth).toBeGreaterThan(8);
      expect(depth).toBeLessThan(25);
      expect(mass.section(at[2])?.at(at[0], at[1]) ?? 1).toBeGreaterThan(0);
    }
    // The posterior beam has the longer way to the target, through the tumor of the back: its entrance is hotter.
    const opposed = of("two opposed");
    expect(highest(opposed.dose)[1][1]).toBeGreaterThan((opposed.plan.beams[0]?.controlPoints[0]?.isocenter[1] ?? NaN) + 50);
  });

  test("the oblique pair spares the cord and gives dose to the heart and the other lung", () => {
    expect(histogram("two opposed", "SpinalCord").d2.low).toBeGreaterThan(20);
    expect(histogram("four", "SpinalCord").max.low).toBeLessThan(18);
    for (const name of ["Heart", "Lung_L"]) expect(histogram("four", name).mean.low).toBeGreaterThan(2 * histogram("two opposed", name).mean.low);
    expect(histogram("two opposed", "Lung_L").mean.low).toBeLessThan(1);
  });

  test("the dose says in the room of a DoseComment what made it", () => {
    const { id, version } = machineNamed("generic-6mv");
    expect(of("two opposed").comment).toBe(`SYNTHETIC, calculated: ${id} ${version}, matrad-default, 72 cones`);
    expect(of("two opposed").comment.length).toBeLessThanOrEqual(64);
    expect(of("two opposed").notes).toContain("Outside Body is nothing: no couch, no air.");
  });
});

/** The highest dose, Gy, and where it is, LPS, mm. */
function highest({ grid: { size, patientFromVoxel: { rows } }, values }: Volume<Float32Array>): readonly [gy: number, at: Vec3] {
  const n = values.reduce<number>((best, gy, i) => (gy > (values[best] as number) ? i : best), 0);
  const place = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))] as const;
  const along = (axis: 0 | 1 | 2) => rows[axis][3] + rows[axis][axis] * place[axis];
  return [values[n] as number, [along(0), along(1), along(2)]];
}
