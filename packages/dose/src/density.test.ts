import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { curveNamed, densityCurveOf, densityCurves, electronDensity, electronFromMass, plugPhantoms, scannerCurve } from "./density.ts";

const own = { id: "ours", name: "Our scanner", quantity: "electron density", unit: "relative to water", nodes: [[-1000, 0.001], [0, 1], [1000, 1.6]], source: "measured", kvp: 120 };

describe("curves from CT number to density", () => {
  test("the sections of Schneider 2000 give the densities of its published formula", () => {
    // offset + factor × (shift + HU): −700 HU: .00121 + .001029700665188 × 300 = .3101; 50 HU: 1.003 + .001169 × 50 = 1.06145
    const mass = (hu: number) => massOf("schneider2000-topas", hu);
    expect(mass(-700)).toBeCloseTo(0.3101, 4);
    expect(mass(-500)).toBeCloseTo(0.5161, 4);
    expect(mass(0)).toBeCloseTo(1.018, 4);
    expect(mass(50)).toBeCloseTo(1.06145, 4);
    expect(mass(300)).toBeCloseTo(1.1946, 4);
    expect(mass(1000)).toBeCloseTo(1.609, 4);
  });

  test("a curve of electron densities is taken as it stands", () => {
    const at = electronDensity(curveNamed("matrad-default"));
    expect(at(0)).toBe(1);
    // Between 100 HU (1.095) and 350 HU (1.199), 0.4 of the way.
    expect(at(200)).toBeCloseTo(1.095 + 0.4 * 0.104, 9);
  });

  test("below the first node and above the last the density stays, and an unknown CT number has none", () => {
    const at = electronDensity(densityCurveOf(own));
    expect(at(-3000)).toBe(0.001);
    expect(at(9000)).toBe(1.6);
    expect(at(NaN)).toBeNaN();
  });

  prop.prop([fc.constantFrom(...densityCurves), fc.double({ min: -1100, max: 4000, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true })])(
    "a higher CT number is no lighter, but for the falls that the papers have",
    (curve, hu, more) => {
      expect(electronDensity(curve)(hu + more)).toBeGreaterThan(electronDensity(curve)(hu) - 0.05);
    },
  );

  test("no curve is ever taken silently: the refusal lists those there are", () => {
    expect(() => curveNamed(undefined)).toThrow(/dose\/no-curve.*schneider2000-topas, schneider2000-gate/);
    expect(() => curveNamed("philips")).toThrow(/There is no density curve "philips"/);
  });

  test.each([
    ["one node", { nodes: [[0, 1]] }, /nodes at 1 CT numbers/],
    ["CT numbers out of order", { nodes: [[0, 1], [-1000, 0.001]] }, /-1000 HU stands after 0 HU/],
    ["three densities at one CT number", { nodes: [[-1000, 0], [0, 1], [0, 1.01], [0, 1.02]] }, /0 HU stands after 0 HU/],
    ["a density that falls", { nodes: [[-1000, 0], [0, 1], [100, 0.9]] }, /falls from 1 to 0.9 at 100 HU/],
    ["a negative density", { nodes: [[-1000, -0.01], [0, 1]] }, /at -1000 HU is -0.01/],
    ["a wrong unit", { unit: "kg/m3" }, /unit is "kg\/m3"/],
    ["no quantity", { quantity: "HU" }, /quantity is "HU"/],
    ["nodes that are not numbers", { nodes: [["-1000", 0], [0, 1]] }, /not pairs/],
    ["no source", { source: "" }, /id, name and source/],
  ])("a scanner's own curve is refused for %s", (_, fault, message) => {
    expect(() => densityCurveOf({ ...own, ...fault })).toThrow(message);
  });

  test("a scanner's own curve is made from the plugs of a phantom", () => {
    const phantom = plugPhantoms.find((one) => one.id === "gammex-467") as (typeof plugPhantoms)[number];
    const curve = scannerCurve({ id: "ct1", name: "CT 1", phantom, plugHu: { SB3: 1220, "LN-300": -690, "solid water": 2 }, kvp: 120 });
    expect(electronDensity(curve)(2)).toBe(0.99);
    expect(electronDensity(curve)(1220)).toBe(1.69);
    expect(curve.verified).toBe(false);
    expect(() => scannerCurve({ id: "ct1", name: "CT 1", phantom, plugHu: { gold: 3000 }, kvp: 120 })).toThrow(/no plug gold/);
  });
});

describe("electron density from mass density", () => {
  test("a tissue of the table has its own electrons: cortical bone 7 % fewer per gram than water", () => {
    // 1.92 g/cm³ × 0.51478 / 0.55508
    expect(electronFromMass(1.92)).toBeCloseTo(1.7806, 4);
    expect(electronFromMass(1.92) / 1.92).toBeCloseTo(0.927, 3);
    // 0.26 × 0.55048 / 0.55508
    expect(electronFromMass(0.26)).toBeCloseTo(0.2578, 4);
    expect(electronFromMass(0)).toBe(0);
  });

  test("half soft tissue and half cortical bone by volume have half of both", () => {
    expect(electronFromMass((1.06 + 1.92) / 2)).toBeCloseTo((electronFromMass(1.06) + electronFromMass(1.92)) / 2, 12);
  });

  test("heavier than iron keeps the electrons per gram of iron", () => {
    expect(electronFromMass(15.748)).toBeCloseTo(2 * electronFromMass(7.874), 12);
  });
});

function massOf(id: string, hu: number): number {
  // Read as electron densities, the nodes come back untouched.
  return electronDensity({ ...curveNamed(id), quantity: "electron density" })(hu);
}
