import { expect, test } from "vitest";
import { drawnTargets, organsNamed, regionNamed, targetsFor, withPairs } from "./named-structures.ts";
import { ball, rod, settingWith } from "./setting.fixture.ts";

const named = (name: string) => ({ number: 1, name, contours: [] });

test("an organ without side is both sides, one of them, or none; what is only named is not drawn", () => {
  const structures = [rod("BrachialPlex_R", 3, [20, 0]), rod("Plexus brachialis links", 3, [0, 0]), rod("Brachial plexus, left", 3, [-20, 0]), named("Heart")];
  expect(organsNamed("BrachialPlex", structures)).toEqual(["BrachialPlex_R", "Brachial plexus, left"]);
  expect(organsNamed("BrachialPlex_L", structures)).toEqual(["Brachial plexus, left"]);
  expect(organsNamed("Heart", structures)).toEqual([]);
});

test("a margin around an organ and a help for optimization are not the organ", () => {
  expect(organsNamed("SpinalCord", [rod("SpinalCord_PRV05", 6, [0, 0]), rod("zSpinalCord", 4, [0, 0]), rod("SpinalCord", 4, [0, 0])])).toEqual(["SpinalCord"]);
});

test("the outline of the body is what its type says, whatever its name", () => {
  expect(organsNamed("External", [rod("Body", 30, [0, 0]), rod("Outer", 30, [0, 0], "EXTERNAL")])).toEqual(["Outer"]);
  expect(organsNamed("External", [rod("Body", 30, [0, 0])])).toEqual(["Body"]);
});

test("targets are known by type or by name; a role takes its own name first, then that of its dose, then the only one", () => {
  const structures = [ball("Tumor", 8, [0, 0, 0], "GTV"), ball("PTV_6600", 10), ball("PTV_5400", 12), rod("Heart", 5, [0, 0]), ball("zPTV_ring", 14)];
  expect(drawnTargets(structures)).toEqual(["Tumor", "PTV_6600", "PTV_5400"]);
  expect(targetsFor("PTV_High", 66, false, structures)).toEqual(["PTV_6600"]);
  expect(targetsFor("PTV", 20, true, structures)).toEqual(["PTV_6600", "PTV_5400"]);
  expect(targetsFor("PTV", 20, false, structures)).toEqual([]);
});

test("two lungs are lungs; one is not, and lungs that are drawn as one stay as they are", () => {
  const [left, right] = [rod("Lung_L", 5, [-30, 0]), rod("Lung_R", 5, [30, 0])];
  expect(withPairs([left, right]).map(({ name }) => name)).toEqual(["Lung_L", "Lung_R", "Lungs"]);
  expect(withPairs([left])).toEqual([left]);
  expect(withPairs([left, right, rod("Lungs-PTV", 5, [0, 0])])).toHaveLength(3);
});

test("a pair on the grid has the voxels and the volume of its sides", () => {
  const setting = settingWith([rod("Lung_L", 5, [-30, 0]), rod("Lung_R", 7, [30, 0])]);
  const [left, right, lungs] = ["Lung_L", "Lung_R", "Lungs"].map((name) => regionNamed(setting, name)!);
  expect(lungs!.voxels).toHaveLength(left!.voxels.length + right!.voxels.length);
  expect(lungs!.volumeCc).toBeCloseTo(left!.volumeCc + right!.volumeCc, 9);
  expect([...lungs!.voxels]).toEqual([...lungs!.voxels].sort((a, b) => a - b));
  expect(regionNamed(setting, "Kidneys")).toBeUndefined();
});
