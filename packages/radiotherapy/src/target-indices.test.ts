import { describe, expect, test } from "vitest";
import { dvhOf } from "./dvh.ts";
import { circle, doseOf, structure } from "./shapes.fixture.ts";
import { targetIndices, type TargetIndices } from "./target-indices.ts";

const options = { frameOfReference: "1.2.3" };
const ball = (name: string, radius: number) =>
  structure(name, Array.from({ length: 2 * radius }, (_, k) => -radius + k + 0.5).map((z) => circle(Math.sqrt(radius ** 2 - z ** 2), z)));
/** 60 Gy in the middle, 1 Gy less for each mm from it: every isodose is a ball. */
const peak = (half: number) => doseOf((x, y, z) => 60 - Math.hypot(x, y, z), { spacing: 1, half });
const target = ball("PTV", 12);
const of = ({ indices }: TargetIndices, name: string) => indices.find((index) => index.name === name)?.value;

describe("a ball of 12 mm in a dose that falls by 1 Gy per mm", () => {
  const dose = peak(40);
  const dvh = dvhOf(target, dose, options);

  test("is conformal at the 48 Gy that its surface has", () => {
    const found = targetIndices(dvh, undefined, dose, 48);
    // half is 24 Gy at 36 mm: (36 / 12)³ = 27; slabs of 1 mm leave 1.3 % of a ball beside itself, which Paddick squares
    for (const [name, value, within] of [["conformity, RTOG", 1, 0.01], ["conformity, Paddick", 1, 0.03], ["gradient index", 27, 0.3], ["R50%", 27, 0.15]] as const) {
      expect(Math.abs((of(found, name)?.low ?? 0) - value), name).toBeLessThan(within);
      expect(of(found, name)?.high, name).toBeCloseTo(of(found, name)?.low ?? 0, 9);
    }
    expect(found.notes).toEqual(["No outline of the patient is drawn: isodoses count wherever the dose grid has them."]);
  });

  test("is covered by 42.2 % at 51 Gy, and its homogeneity does not ask for the prescription", () => {
    const found = targetIndices(dvh, undefined, dose, 51);
    // (9 / 12)³ = 0.4219, and Paddick's is the same as all of the isodose lies inside
    expect(of(found, "conformity, RTOG")?.low).toBeCloseTo(0.4219, 2);
    expect(of(found, "conformity, Paddick")?.low).toBeCloseTo(0.4219, 2);
    // r at 98, 50 and 2 % of the volume: 11.92, 9.52 and 3.26 mm; (56.743 − 48.081) / 50.476
    expect(of(found, "homogeneity, ICRU 83")?.low).toBeCloseTo(0.1716, 2);
    // r at 5 and 95 %: 4.42 and 11.80 mm; 55.579 / 48.203
    expect(of(found, "D5% / D95%")?.low).toBeCloseTo(1.153, 2);
  });

  test("that is nowhere prescribed has no conformity to tell", () => {
    const found = targetIndices(dvh, undefined, dose, 70);
    expect(of(found, "conformity, Paddick")).toEqual({ low: NaN, high: NaN });
    expect(found.notes).toContain("No place has 70 Gy.");
  });
});

describe("where the dose grid ends", () => {
  const dose = peak(20);
  const dvh = dvhOf(target, dose, options);

  test("an isodose that leaves it has a least volume and no greatest", () => {
    const found = targetIndices(dvh, undefined, dose, 48);
    expect(of(found, "R50%")?.high).toBe(Infinity);
    expect(of(found, "R50%")?.low).toBeLessThan(27);
    expect(of(found, "conformity, RTOG")?.high).toBeCloseTo(1, 1);
    expect(found.notes).toContain("The isodose of 24 Gy leaves the dose grid.");
  });

  test("an isodose that closes within it ends there though the patient goes on, and that is said", () => {
    const found = targetIndices(dvh, dvhOf(ball("External", 30), dose, options), dose, 48);
    expect(of(found, "conformity, Paddick")?.low).toBeCloseTo(1, 1);
    expect(found.notes[0]).toMatch(/^The isodose of 48 Gy closes within the dose grid and is taken to end there: the dose is known in \d+\.\d % of External\.$/);
    expect(found.notes[1]).toContain("The isodose of 24 Gy leaves the dose grid");
  });
});

test("dose outside the patient is not counted where the outline is drawn", () => {
  const dose = peak(40);
  const dvh = dvhOf(target, dose, options);
  const found = targetIndices(dvh, dvhOf(ball("External", 24), dose, options), dose, 48);
  // Half of the prescription reaches 36 mm, the patient 24: (24 / 12)³ = 8
  expect(of(found, "R50%")?.low).toBeCloseTo(8, 1);
  expect(found.notes).toEqual([]);
});
