import type { Pecoma } from "./pecoma.ts";

/** Case A: the published report; large, necrotic, the rest not recorded, not resected. */
export const caseA: Pecoma = { siteGroup: "other", size: { value: 14.3, unit: "cm" }, necrosis: true, sex: "male", resected: false };

/** Case B: a small uterine tumor without any feature, resected in sano. */
export const caseB: Pecoma = {
  siteGroup: "uterus", size: { value: 3, unit: "cm" }, infiltrative: false, nuclearGrade: "low", highCellularity: false,
  mitoses: { count: 0, hpf: 50 }, necrosis: false, lymphovascularInvasion: false, pleomorphismOnly: false, sex: "female", resected: true, margins: "R0",
};

/** Case C: a uterine tumor of 6 cm, high grade, 3 mitoses per 50 HPF; the schemes differ on it. */
export const caseC: Pecoma = {
  ...caseB, size: { value: 6, unit: "cm" }, nuclearGrade: "high", highCellularity: true, mitoses: { count: 3, hpf: 50 },
};
