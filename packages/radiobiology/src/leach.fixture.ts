import { newCase, parseCase, viewOf, type CaseView, type Finding, type ViewOptions } from "@hapax/case";
import { ledger, radiobiology, type LedgerRow } from "./index.ts";

/** The courses of leach2025 as small records, for the tests of this folder. */
export const gyOf = (value: number) => ({ state: "recorded", value: { value, unit: "Gy" } });
export const count = (value: number) => ({ state: "recorded", value });
export const unknown = { state: "not recorded" };
export const imrt = {
  id: "imrt", kind: "radiotherapy", technique: "IMRT", site: "right neck and chest wall", fractions: count(30),
  volumes: [{ name: "PTV_Low", dose: gyOf(54) }, { name: "PTV_High", dose: gyOf(66), statedEqd2: gyOf(70) }],
  organDoses: [{ organ: "SpinalCord", metric: "Dmax", dose: gyOf(39) }],
};
export const spine = {
  id: "spine", kind: "radiotherapy", technique: "Palliative", site: "Spine", state: "not performed", reason: "risk of myelopathy",
  volumes: [], organDoses: [], when: { after: [{ of: "imrt" }] },
};
export const planned = {
  id: "re-irradiation", kind: "radiotherapy", technique: "IMRT", site: "chest", state: "planned, not given", fractions: count(20),
  volumes: [{ name: "PTV", dose: gyOf(60) }], organDoses: [], when: { after: [{ of: "spine" }] },
};
export const palliative = {
  id: "palliative", kind: "radiotherapy", technique: "3D conformal", site: "right lung, hilum", state: "completion not recorded",
  fractions: count(5), volumes: [{ name: "PTV", dose: gyOf(20) }], organDoses: [], globalMaximum: count(109.2),
  when: { after: [{ of: "re-irradiation" }] },
};
export const leach = [{ ...imrt, when: { after: [{ of: "T1" }] } }, spine, planned, palliative];
export const viewWith = (entries: unknown[], options?: ViewOptions): CaseView =>
  viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries }, "test"), options);
export const row = (organ: string, options?: ViewOptions, entries: unknown[] = leach): LedgerRow => {
  const found = ledger(viewWith(entries, options)).find((r) => r.organ === organ);
  if (found === undefined) throw new Error(`no row of ${organ}`);
  return found;
};
export const finding = (key: string, options?: ViewOptions, entries: unknown[] = leach): Finding | undefined =>
  radiobiology(viewWith(entries, options)).find((f) => `${f.rule}#${f.subject}` === key || f.rule === key);
