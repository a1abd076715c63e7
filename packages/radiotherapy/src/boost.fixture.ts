import { newCase, parseCase, viewOf } from "@hapax/case";

export const gyOf = (value: number) => ({ state: "recorded", value: { value, unit: "Gy" } });
export const count = (value: number) => ({ state: "recorded", value });
export const viewWith = (...entries: unknown[]) => viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries }, "test"));

/** The definitive course of Leach 2025: 54 Gy with an integrated boost to 66 Gy, in 30 fractions. */
export const boost = {
  id: "imrt", kind: "radiotherapy", technique: "IMRT", site: "right neck", fractions: count(30), organDoses: [],
  volumes: [{ name: "PTV_Low", dose: gyOf(54) }, { name: "PTV_High", dose: gyOf(66), boost: true }],
};
