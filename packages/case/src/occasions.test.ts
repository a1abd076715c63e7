import { expect, test } from "vitest";
import { lesionSeries, newCase, parseCase, viewOf, withDatedOccasions } from "./index.ts";

const study = (id: string, date: string) => ({ id, kind: "imaging", modality: "CT", region: "abdomen", when: { date } });
const size = (id: string, of: string, cm: number) => ({
  id, kind: "measurement", lesion: "mass", study: of, method: "CT", diameters: [{ value: cm, unit: "cm" }],
});
const mass = { id: "mass", kind: "lesion", name: "Mass", site: "liver" };
const entries = [mass, study("second", "2024-05-02"), study("first", "2024-03-07"), size("b", "second", 4), size("a", "first", 6)];
const dated = parseCase({ ...newCase("x", "X", "pecoma"), entries }, "test");

test("a size has the time of its study, and each day of imaging is a time point of its own", () => {
  const [series] = lesionSeries(viewOf(dated));
  expect(series?.points.map((p) => [p.timePoint, p.diametersCm[0]])).toEqual([["2024-03-07", 6], ["2024-05-02", 4]]);
  expect(viewOf(dated).record.timePoints.map((t) => t.id)).toEqual(["T1", "2024-03-07", "2024-05-02"]);
});

test("a day that has its time point gets no second one", () => {
  const own = { ...dated, timePoints: [{ id: "baseline", label: "Baseline", when: { date: "2024-03-07" } }] };
  expect(withDatedOccasions(own).timePoints.map((t) => t.id)).toEqual(["baseline", "2024-05-02"]);
});

test("among time points without dates no day is given a place", () => {
  const ordered = { ...dated, timePoints: [{ id: "T1", label: "one" }, { id: "T2", label: "two" }] };
  expect(withDatedOccasions(ordered)).toBe(ordered);
});

test("a month is no day", () => {
  const vague = parseCase({ ...newCase("x", "X", "pecoma"), entries: [mass, study("first", "2024-03")] }, "test");
  expect(withDatedOccasions(vague)).toBe(vague);
});
