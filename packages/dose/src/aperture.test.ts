import { describe, expect, test } from "vitest";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamSegments } from "./aperture.ts";
import { plainMachine } from "./head.fixture.ts";
import { openingOf } from "./opening.ts";

const machine = plainMachine();
const point = (metersetShare: number, given: Partial<ControlPoint> = {}): ControlPoint => ({
  metersetShare,
  gantryDeg: 0,
  collimatorDeg: 0,
  couchDeg: 0,
  isocenter: [0, 0, 0],
  limits: { x: [-50, 50], y: [-40, 40] },
  ...given,
});
const beam = (controlPoints: readonly ControlPoint[], given: Partial<PlanBeam> = {}): PlanBeam => ({ number: 1, name: "Field 1", type: "DYNAMIC", radiation: "PHOTON", sadMm: 1000, controlPoints, ...given });
const slit = (from: number, to: number) => ({ leaves: [...Array<number>(10).fill(from), ...Array<number>(10).fill(to)] });

describe("the apertures of a planned beam", () => {
  test("of a static field are one", () => {
    expect(beamSegments(beam([point(0), point(1)]), machine)).toEqual({
      segments: [{ gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0], share: 1, apertures: [{ x: [-50, 50], y: [-40, 40], share: 1 }] }],
      notes: [],
    });
  });

  test("of step and shoot are one for each step with meterset, none for the moves between", () => {
    const one = { limits: slit(-10, 10) };
    const two = { limits: slit(-30, 5) };
    const { segments } = beamSegments(beam([point(0, one), point(0.3, one), point(0.3, two), point(1, two)]), machine);
    expect(segments).toHaveLength(1);
    expect(segments[0]?.apertures.map(({ share, leaves }) => [share, leaves?.positionsMm[0]])).toEqual([[0.3, -10], [0.7, -30]]);
  });

  test("of a sliding window move by 2 mm, and each place is open for as long as the window is over it", () => {
    // A window of 10 mm slides by 40 mm: −30 … −20 to 10 … 20.
    const { segments } = beamSegments(beam([point(0, { limits: slit(-30, -20) }), point(1, { limits: slit(10, 20) })]), machine);
    const apertures = segments[0]?.apertures ?? [];
    expect(apertures).toHaveLength(20);
    const pixels = { size: [60, 1], spacingMm: 1, originMm: [-29.5, 0] } as const;
    const open = new Float64Array(60);
    for (const aperture of apertures) openingOf({ ...machine, mlc: { ...machine.mlc!, transmission: 0 } }, aperture, pixels).forEach((share, i) => (open[i] = open[i]! + aperture.share * share));
    // In the middle for 10 of 40 mm.
    for (const i of [15, 20, 29]) expect(open[i]).toBeCloseTo(0.25, 10);
    expect(open.reduce((sum, share) => sum + share, 0)).toBeCloseTo(10, 10);
  });

  test("of an arc come from the middle of each interval, by the shorter way round, and it says so", () => {
    const { segments, notes } = beamSegments(beam([point(0, { gantryDeg: 350 }), point(0.5, { gantryDeg: 0 }), point(1, { gantryDeg: 20 })]), machine);
    expect(segments.map(({ gantryDeg, share }) => [gantryDeg, share])).toEqual([[355, 0.5], [10, 0.5]]);
    expect(notes).toEqual(["Beam 1 turns; each interval between its control points is given from its middle angle."]);
  });

  test("hold its blocks; a transmission that is not recorded is taken as 3 %, with a note", () => {
    const outlineMm = [[0, 0], [20, 0], [0, 20]] as const;
    const { segments, notes } = beamSegments(beam([point(0), point(1)], { blocks: [{ type: "SHIELDING", outlineMm, transmission: 0.05 }, { type: "APERTURE", outlineMm }] }), machine);
    expect(segments[0]?.apertures[0]?.blocks).toEqual([{ kind: "shielding", outlineMm, transmission: 0.05 }, { kind: "aperture", outlineMm, transmission: 0.03 }]);
    expect(notes).toEqual(["Beam 1 has a block whose transmission is not recorded; it is taken as 3 %."]);
  });

  test.each(["wedge of 30 degrees", "compensator", "bolus"])("are not given through a %s", (modifier) => {
    expect(() => beamSegments(beam([point(0), point(1)], { modifiers: [modifier] }), machine)).toThrow(expect.objectContaining({ code: "dose/modifier" }));
  });

  test("have the plan's own leaves where they differ from the machine's, with a note", () => {
    const own = { leafEdges: [-20, 0, 20], leafAxis: "y" } as const;
    const { segments, notes } = beamSegments(beam([point(0, { limits: { leaves: [-5, -5, 5, 5] } }), point(1, { limits: { leaves: [-5, -5, 5, 5] } })], own), machine);
    expect(segments[0]?.apertures[0]?.leaves).toEqual({ positionsMm: [-5, -5, 5, 5], edgesMm: [-20, 0, 20], axis: "y" });
    expect(notes).toEqual(["Beam 1 has 2 pairs of leaves of its own along y; they are calculated with the transmission and tips of Plain."]);
  });

  test("of electrons, or of meterset that falls, are refused", () => {
    expect(() => beamSegments(beam([point(0), point(1)], { radiation: "ELECTRON" }), machine)).toThrow("dose/radiation");
    expect(() => beamSegments(beam([point(0.5), point(0.2)]), machine)).toThrow("dose/meterset-order");
    expect(() => beamSegments(beam([point(0), point(NaN)]), machine)).toThrow("dose/meterset-order");
  });
});
