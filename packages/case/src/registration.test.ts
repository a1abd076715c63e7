import { apply } from "@hapax/base";
import { expect, test } from "vitest";
import { frameMap } from "./registration.ts";
import type { Registration } from "./scan.ts";

const shifted: Registration = {
  uid: "1.2", studyUid: "1", seriesUid: "1", files: [], label: "planning CT to PET", synthetic: true, problems: [],
  from: "planning", to: "pet", rows: [[0, -1, 0, 10], [1, 0, 0, -20], [0, 0, 1, 30]],
};

test("points of one frame of reference stay where they are", () => {
  const found = frameMap("planning", "planning");
  expect(found?.because).toBe("one frame of reference");
  expect(apply(found!.map, [1, 2, 3])).toEqual([1, 2, 3]);
});

test("a registration takes points forth, and its inverse back, and both say so", () => {
  const forth = frameMap("planning", "pet", [shifted]);
  const back = frameMap("pet", "planning", [shifted]);
  // x' = 10 − y, y' = x − 20, z' = z + 30
  expect(apply(forth!.map, [1, 2, 3])).toEqual([8, -19, 33]);
  expect(apply(back!.map, [8, -19, 33]).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([1, 2, 3]);
  expect([forth?.because, back?.because]).toEqual(["registration planning CT to PET", "inverse of registration planning CT to PET"]);
});

test("two series registered to a third are tied by the chain of both", () => {
  const mr: Registration = { ...shifted, uid: "1.3", label: "MR to PET", from: "mr", rows: [[1, 0, 0, 5], [0, 1, 0, 0], [0, 0, 1, 0]] };
  const found = frameMap("planning", "mr", [mr, shifted]);
  // By PET, [1, 2, 3] is at [8, −19, 33]; the MR lies 5 mm to its right.
  expect(apply(found!.map, [1, 2, 3])).toEqual([3, -19, 33]);
  expect(found?.because).toBe("registration planning CT to PET, then inverse of registration MR to PET");
});

test("two frames that nothing ties, or that are not recorded, have no map", () => {
  expect(frameMap("planning", "other", [shifted])).toBeUndefined();
  expect(frameMap("", "", [shifted])).toBeUndefined();
});
