import { expect, test } from "vitest";
import { newCase, parseCase, recorded, type CaseRecord, type PlanBeam, type Scans } from "@hapax/case";
import { smallStudy } from "../../../tests/small-study.ts";
import { sharedPath, testWith } from "../../../tests/shared-data.ts";
import { entriesOf, techniqueOf } from "./entries.ts";
import { filesOf } from "./folder.ts";
import { scansOf } from "./objects/scans.ts";

const empty = newCase("x", "X", "other");
const study = () => scansOf(smallStudy());
const entry = (record: CaseRecord, kind: "imaging" | "radiotherapy") => record.entries.filter((e) => e.kind === kind);

test("a study becomes an imaging entry and a course that is uncertain: a plan is no proof that it was given", async () => {
  const { record, problems } = entriesOf(await study(), empty);
  expect(problems).toEqual([]);
  expect(parseCase(record, "x")).toEqual(record);
  expect(entry(record, "imaging")).toMatchObject([{ modality: "CT", when: { date: "2024-03-07" }, sliceThickness: { state: "recorded", value: { value: 3, unit: "mm" } } }]);
  const [course] = entry(record, "radiotherapy");
  expect(course).toMatchObject({ state: "uncertain", reason: "A plan in the files is no proof that it was given.", fractions: { value: 30 }, volumes: [{ name: "PTV_High", dose: { value: { value: 66, unit: "Gy" } } }] });
  // The date of a plan is that of nobody's treatment.
  expect(course?.when).toBeUndefined();
  expect(record.documents.at(-1)).toMatchObject({ title: "DICOM: CT, structures, plan and dose of 2024-03-07", kind: "radiology" });
});

test("the same scans a second time add nothing", async () => {
  const first = entriesOf(await study(), empty).record;
  expect(entriesOf(await study(), first)).toEqual({ record: first, added: [], problems: [] });
});

test("a series that comes later joins the entry of its study", async () => {
  const scans = await study();
  const first = entriesOf(scans, empty).record;
  const later: Scans = { ...scans, series: [...scans.series, { ...(scans.series[0] as Scans["series"][number]), uid: "1.2.9", seriesUid: "1.2.9" }] };
  const { record, added } = entriesOf(later, first);
  expect(added).toEqual([]);
  expect(entry(record, "imaging")).toMatchObject([{ series: [scans.series[0]?.seriesUid, "1.2.9"] }]);
});

test("a CT that was typed in for the same day gets the scans, and no second entry", async () => {
  const typed: CaseRecord = { ...empty, entries: [{ kind: "imaging", id: "ct", state: "recorded", modality: "CT", region: "neck", when: { date: "2024-03-07" } }] };
  const scans = await study();
  expect(entry(entriesOf(scans, typed).record, "imaging")).toEqual([{ ...typed.entries[0], series: [scans.series[0]?.seriesUid] }]);
});

test("facts of the patient fill what is not recorded and never overwrite; a difference is told", async () => {
  const known: CaseRecord = { ...empty, patient: { sex: recorded("male"), weight: recorded({ value: 154, unit: "[lb_av]" }), height: { state: "not recorded" } } };
  const { record, problems } = entriesOf(await study(), known);
  expect(record.patient).toMatchObject({ sex: { value: "male" }, weight: { value: { value: 154, unit: "[lb_av]" } }, height: { state: "recorded", value: { value: 170, unit: "cm" } } });
  // 154 lb = 69.85 kg, which is 70 kg as it is weighed.
  expect(problems.map((p) => p.what)).toEqual(["The files say sex female, the record says male; the record was kept."]);
});

test("nothing of a name or a number of the patient goes into the record", async () => {
  expect(JSON.stringify(entriesOf(await scansOf(smallStudy({ patient: "MRN-4711" })), empty).record)).not.toMatch(/Doe|Jane|4711/);
});

const beam = (radiation: string, gantries: readonly number[], leaves: readonly (readonly number[])[]): PlanBeam => ({
  number: 1, name: "1", type: "STATIC", radiation, sadMm: 1000,
  controlPoints: gantries.map((gantryDeg, i) => ({ metersetShare: i, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0], limits: { leaves: leaves[i] ?? [] } })),
});
test.each([
  ["VMAT", [beam("PHOTON", [181, 200], [[-10, 10], [-5, 5]])]],
  ["arc", [beam("PHOTON", [181, 200], [[-10, 10], [-10, 10]])]],
  ["IMRT", [beam("PHOTON", [0, 0], [[-10, 10], [-5, 5]])]],
  ["static fields", [beam("PHOTON", [0, 0], [[-10, 10], [-10, 10]])]],
  ["electron", [beam("ELECTRON", [0], [])]],
  ["technique not in the plan", []],
])("the technique is %s as the beams show it", (technique, beams) => {
  expect(techniqueOf({ beams })).toBe(technique);
});

testWith("rt/openkbp-pt106-hn-sib")("OpenKBP: the targets of the plan with 70, 63 and 56 Gy by the names of the structures", async () => {
  const { files } = await filesOf(sharedPath("rt/openkbp-pt106-hn-sib"));
  const { record } = entriesOf(await scansOf(files), empty);
  const [course] = record.entries.filter((e) => e.kind === "radiotherapy");
  const doses = course?.volumes.map((v) => (v.dose?.state === "recorded" ? [v.name, v.dose.value.value] : [v.name]));
  expect(doses).toEqual(expect.arrayContaining([["PTV70", 70], ["PTV63", 63], ["PTV56", 56]]));
});
