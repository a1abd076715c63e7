import { describe, expect, test } from "vitest";
import { readName, standardNames } from "./tg263.ts";

describe("names by TG-263", () => {
  test.for([
    ["LeftParotid", "Parotid_L"], ["Parotid right", "Parotid_R"], ["Rt Parotid", "Parotid_R"], ["Lens - left", "Lens_L"], ["LUNG_LT", "Lung_L"], ["both lungs", undefined],
    ["cord", "SpinalCord"], ["Spinal Cord", "SpinalCord"], ["SpinalCord PRV 5mm", "SpinalCord_PRV05"], ["oesophagus", "Esophagus"], ["Optic Nerve - Rt", "OpticNrv_R"],
    ["OpticNerveLt", "OpticNrv_L"], ["Femoral Head RT", "Femur_Head_R"], ["BRSTEM", "Brainstem"], ["Orbit - left", "Eye_L"], ["Optic Chiasm", "OpticChiasm"], ["BODY", "External"], ["unknown thing", undefined],
  ] as const)("%s is %s", ([name, standard]) => {
    const reading = readName(name);
    expect(reading.standard).toBe(standard);
    expect(reading.fine).toBe(false);
  });

  test.for(["SpinalCord", "SpinalCord_PRV05", "Lung_R", "Lungs", "Lungs-GTV", "PTV_High", "PTV_Low", "PTV_6600", "PTVp1", "GTV", "GTVp", "CTV", "A_Aorta", "V_Venacava_S", "BrachialPlex_R", "zPTV_High", "~Heart"])("%s is fine", (name) => {
    expect(readName(name)).toMatchObject({ standard: name, fine: true, faults: [] });
  });

  test("a name of more than 16 characters, or with a blank, is told", () => {
    expect(readName("SpinalCordPlanningRisk").faults.join(" ")).toContain("22 characters");
    expect(readName("Left Lung").faults.join(" ")).toContain("a character that is not");
  });

  test("prefixes say what a structure is for", () => {
    expect(["Heart", "zHeart", "~Heart"].map((name) => readName(name).purpose)).toEqual(["evaluation", "optimization", "not for evaluation"]);
  });

  test("no name of the list is longer than 16 characters with its side", () => {
    for (const { name, sided } of standardNames) expect(name.length + (sided === true ? 2 : 0), name).toBeLessThanOrEqual(16);
  });
});
