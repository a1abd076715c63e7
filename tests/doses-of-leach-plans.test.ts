import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Volume } from "@hapax/base";
import { phantomSpec, phantomStudies, studyStructures, studyVolume } from "@hapax/imaging/phantom";
import type { Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { calculatePlan, outcomesOf, planMadeOf, settingOf, type EarlierDose, type PlanMade, type PlanningScan } from "@hapax/planning";

const folder = join(import.meta.dirname, "../cases/leach2025");
const studies = phantomStudies(phantomSpec(JSON.parse(readFileSync(join(folder, "phantom.json"), "utf8"))));
const planNamed = (id: string): PlanMade => planMadeOf(JSON.parse(readFileSync(join(folder, "plans", `${id}.json`), "utf8")));

function scanOf({ madeFrom }: PlanMade): PlanningScan {
  const study = studies.find(({ frameOfReference }) => frameOfReference === madeFrom.frameOfReference);
  if (study === undefined) throw new Error(`No study of the phantom has the frame of reference ${madeFrom.frameOfReference}.`);
  return { ct: studyVolume(study), structures: studyStructures(study), patientPosition: "HFS", uids: { ct: madeFrom.ct, structureSet: madeFrom.structureSet }, synthetic: true };
}

const valueOf = ({ outcomes }: Pick<PlanMade, "outcomes">, structure: string, metric: string): number => {
  const found = outcomes.find(({ goal }) => goal.structure === structure && goal.metric === metric);
  if (found?.value === undefined) throw new Error(`${metric} of ${structure} is not known.`);
  return found.value.high;
};

/** Goals of the dose that is calculated again against those of the file, the largest difference in percent. */
function differencePercent(made: PlanMade, again: PlanMade["outcomes"]): number {
  return Math.max(...made.outcomes.flatMap(({ value }, n) => (value === undefined ? [] : [100 * Math.abs((again[n]?.value?.low ?? Infinity) / value.low - 1)])));
}

describe("the courses of the report, planned on its phantom", () => {
  let crew: Crew;
  let first: Volume<Float32Array>;
  const again = async (id: string, earlier?: readonly EarlierDose[]): Promise<{ readonly made: PlanMade; readonly outcomes: PlanMade["outcomes"]; readonly dose: Volume<Float32Array> }> => {
    const made = planNamed(id);
    const scan: PlanningScan = { ...scanOf(made), ...(earlier === undefined ? {} : { earlier }) };
    const dose = await calculatePlan(made, scan, { crew });
    return { made, dose, outcomes: outcomesOf(await settingOf(made.request, scan, {}), dose) };
  };
  /** The phantom's time points share their coordinates. */
  const earlierFor = (id: string): EarlierDose[] => {
    const { request, madeFrom } = planNamed(id);
    return (request.earlier ?? []).map(({ label }) => ({ label, dose: { ...first, grid: { ...first.grid, frameOfReference: madeFrom.frameOfReference } } }));
  };
  beforeAll(async () => {
    crew = await openCrew();
  });
  afterAll(() => crew.close());

  test("54 and 66 Gy in 30 with an integrated boost: both targets covered, the cord below the report's 39 Gy, after sequencing and by collapsed cones", async () => {
    const { made, outcomes, dose } = await again("imrt-54-66");
    first = dose;
    expect(valueOf({ outcomes }, "PTV_High", "D95%[Gy]")).toBeGreaterThanOrEqual(62.7);
    expect(valueOf({ outcomes }, "PTV_Low", "D95%[Gy]")).toBeGreaterThanOrEqual(51.3);
    expect(valueOf({ outcomes }, "SpinalCord", "D0.03cc[Gy]")).toBeLessThanOrEqual(39);
    expect(valueOf({ outcomes }, "PTV_High", "D2%[Gy]")).toBeLessThanOrEqual(70.6);
    expect(differencePercent(made, outcomes)).toBeLessThan(0.5);
    for (const { optimizedGy, deliveredGy } of made.sequencing) expect(deliveredGy / optimizedGy).toBeGreaterThan(0.99);
  }, 240_000);

  test("20 Gy in 5 by open fields: D95 at least 19 Gy, nowhere more than 110 %, the sum at the cord within 54 Gy", async () => {
    const { made, outcomes, dose } = await again("palliative-20-5", earlierFor("palliative-20-5"));
    expect(valueOf({ outcomes }, "PTV", "D95%[Gy]")).toBeGreaterThanOrEqual(19);
    expect(dose.values.reduce((most, gy) => Math.max(most, gy), 0)).toBeLessThanOrEqual(22);
    expect(valueOf({ outcomes }, "SpinalCord", "Max[Gy]")).toBeLessThanOrEqual(54);
    expect(differencePercent(made, outcomes)).toBeLessThan(0.5);
  }, 240_000);

  test("60 Gy in 20 to the chest after it: the sum at the cord is within 54 Gy, and a limit of 60 or 70 Gy would cover no more", async () => {
    const { made, outcomes } = await again("reirradiation-60-20-cord-54", earlierFor("reirradiation-60-20-cord-54"));
    expect(valueOf({ outcomes }, "SpinalCord", "Max[Gy]")).toBeLessThanOrEqual(54);
    expect(valueOf({ outcomes }, "PTV", "D95%[Gy]")).toBeGreaterThanOrEqual(57);
    expect(differencePercent(made, outcomes)).toBeLessThan(0.5);
    for (const limit of ["60", "70"]) expect(valueOf(planNamed(`reirradiation-60-20-cord-${limit}`), "PTV", "D95%[Gy]") - valueOf(made, "PTV", "D95%[Gy]")).toBeLessThan(0.1);
  }, 240_000);

  test("60 Gy in 8: not to be given to so large a target, and the organs that forbid it are named", () => {
    const { feasibility } = planNamed("stereotactic-60-8");
    expect(feasibility?.feasible).toBe(false);
    expect(feasibility?.limiting?.organ).toBe("Heart");
    expect(feasibility?.limiting?.atPrescriptionGy).toBeLessThan(60);
    expect(feasibility?.notDrawn).toContain("Bronchus_Main");
  });
});
