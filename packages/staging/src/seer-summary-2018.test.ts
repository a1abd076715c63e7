import { expect, test } from "vitest";
import { leachLike, look } from "./leach-like.ts";
import { seerSummary2018 } from "./seer-summary-2018.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const ask = (entries: readonly object[], asOf?: string) => {
  const [diagnosis, now] = seerSummary2018(look(entries, { asOf }));
  return [diagnosis, now].map((f) => f?.value ?? f?.possible);
};
const mass = { id: "mass", kind: "lesion", name: "Mass", site: "thigh", role: recorded("primary") };

test("the published case is regional by extension, distant if the nodules or the mediastinal mass are deposits", () => {
  expect(ask(leachLike)).toEqual([["regional", "distant"], "distant"]);
  expect(seerSummary2018(look(leachLike))[0]?.missing.map((m) => m.input)).toEqual(["Nature of: Lung nodules", "Nature of: Mediastinal mass"]);
});

test("known up to T4 it is still open, at T5 the disease is distant; the stage at diagnosis stays", () => {
  expect(ask(leachLike, "T4")).toEqual([["regional", "distant"], ["regional", "distant"]]);
  expect(ask(leachLike, "T5")).toEqual([["regional", "distant"], "distant"]);
});

test("growth beyond the site not recorded leaves localized and regional open", () => {
  expect(ask([mass])[0]).toEqual(["localized", "regional"]);
});

test("growth beyond the site recorded as absent is localized, as present regional", () => {
  const invasion = (presence: string) => ({ id: "o", kind: "observation", lesion: "mass", what: "Invasion of the femur", presence: recorded(presence) });
  expect(ask([mass, invasion("absent")])[0]).toBe("localized");
  expect(ask([mass, invasion("present")])[0]).toBe("regional");
});

test("a second mass of unknown nature alone decides nothing", () => {
  const second = { id: "second", kind: "lesion", name: "Second mass", site: "thigh", role: recorded("second primary or extension") };
  expect(ask([mass, second])[0]).toEqual(["localized", "regional", "distant"]);
});

test("invasion seen after treatment counts for the extent now, and not at diagnosis", () => {
  const drug = { id: "drug", kind: "drug", name: "sirolimus", purpose: "antitumor", steps: [], when: { at: "T2" } };
  const later = { id: "o", kind: "observation", lesion: "mass", what: "Invasion of the femur", presence: recorded("present"), when: { at: "T3" } };
  expect(ask([mass, drug, later])).toEqual([["localized", "regional"], "regional"]);
});

test("a metastasis before treatment is distant", () => {
  expect(ask([mass, { id: "liver", kind: "lesion", name: "Liver", site: "liver", role: recorded("metastasis"), when: { at: "T1" } }])[0]).toBe("distant");
});

test("no lesion is not recorded", () => {
  expect(seerSummary2018(look([])).map((f) => f.status)).toEqual(["not recorded", "not recorded"]);
});
