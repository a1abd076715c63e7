import type { BeamPosition } from "@hapax/base";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamSegments, headFluence, machineNamed, openingOf, type FluenceMap, type Interval, type SharedAperture } from "@hapax/dose";
import { describe, expect, test } from "vitest";
import { beamsOf } from "./beams.ts";
import { ellipseOfBixels, hilly } from "./bixels.fixture.ts";
import { orderedForTravel, travelBetween } from "./order.ts";
import { segmentWeights } from "./segment-weights.ts";
import { sequenced } from "./sequence.ts";

const position = (name: string, gantryDeg: number): BeamPosition & { name: string } => ({ name, isocenter: [1, 2, 3], patientPosition: "HFS", gantryDeg, collimatorDeg: 10, couchDeg: 350 });
const bixels = ellipseOfBixels(58, 70, 5);
const machines = ["generic-6mv", "synergy-6mv"].map(machineNamed);

describe.each(machines)("beams of segments on $name", (machine) => {
  const segments = sequenced({ weights: hilly(bixels).map((mu) => 160 * mu), bixels: [bixels], bixelMm: 5, machine, fractions: 20, segmentsPerBeam: 9, leastSegmentMu: 3 });
  const [beam] = beamsOf(segments, [position("A", 30)], machine) as [PlanBeam];
  const points = beam.controlPoints;

  test("step and shoot: two control points with one opening for each segment, shares rising from 0 to 1", () => {
    expect(beam).toMatchObject({ number: 1, name: "A", type: "STATIC", radiation: "PHOTON", machine: machine.id, energyMv: 6, leafAxis: "x" });
    expect(points).toHaveLength(2 * segments.length);
    expect([points[0]?.metersetShare, points.at(-1)?.metersetShare]).toEqual([0, 1]);
    points.forEach((point, i) => {
      const next = points[i + 1];
      if (next === undefined) return;
      if (i % 2 === 0) expect(next.limits).toEqual(point.limits);
      if (i % 2 === 0) expect(next.metersetShare).toBeGreaterThan(point.metersetShare);
      else expect(next.metersetShare).toBe(point.metersetShare);
    });
    expect(points.every(({ gantryDeg, collimatorDeg, couchDeg, isocenter }) => gantryDeg === 30 && collimatorDeg === 10 && couchDeg === 350 && isocenter[2] === 3)).toBe(true);
  });

  test("positions and monitor units are tenths, and the meterset is their sum", () => {
    const isTenths = (value: number) => Math.abs(10 * value - Math.round(10 * value)) < 1e-9;
    expect(points.every(({ limits }) => (limits.leaves ?? []).every(isTenths))).toBe(true);
    expect(isTenths(beam.meterset as number)).toBe(true);
    expect(beam.meterset).toBeCloseTo(segments.reduce((sum, { mu }) => sum + Math.round(10 * mu) / 10, 0), 9);
  });

  test("jaws stay around all openings, and the tips of closed pairs meet behind them", () => {
    const pairs = (beam.leafEdges as number[]).length - 1;
    const field = (point: ControlPoint) => point.limits;
    expect(new Set(points.map((point) => JSON.stringify([field(point).x, field(point).y]))).size).toBe(1);
    const { x, y } = field(points[0] as ControlPoint);
    expect(x === undefined).toBe(machine.jaws.x === undefined);
    const open: Interval[] = [];
    for (const point of points) {
      const leaves = field(point).leaves as readonly number[];
      for (let pair = 0; pair < pairs; pair++) {
        const [one, two] = [leaves[pair] as number, leaves[pair + pairs] as number];
        expect(one).toBeLessThanOrEqual(two);
        if (two > one) {
          open.push([one, two]);
          expect(beam.leafEdges?.[pair]).toBeGreaterThanOrEqual((y as Interval)[0]);
          expect(beam.leafEdges?.[pair + 1]).toBeLessThanOrEqual((y as Interval)[1]);
        } else if (x !== undefined) expect(one < x[0] - 1 || one > x[1] + 1).toBe(true);
      }
    }
    if (x !== undefined) {
      expect(Math.min(...open.map(([one]) => one)) - x[0]).toBeGreaterThanOrEqual(2);
      expect(x[1] - Math.max(...open.map(([, two]) => two))).toBeLessThan(3.1);
    }
  });

  test("are calculated with the fluence that their segments let through the bixels, to a percent where it is open", () => {
    const { segments: parts, notes } = beamSegments(beam, machine);
    expect(notes).toEqual([]);
    expect(parts).toHaveLength(1);
    const apertures = parts[0]?.apertures as readonly SharedAperture[];
    expect(apertures).toHaveLength(segments.length);
    const given = segmentWeights(segments, [bixels], 5, machine, 1);
    const most = Math.max(...given);
    given.forEach((mu, bixel) => {
      const pixels = { size: [1, 1], spacingMm: 5, originMm: [bixels.centersMm[2 * bixel] as number, bixels.centersMm[2 * bixel + 1] as number] } as const;
      const calculated = apertures.reduce((sum, aperture) => sum + aperture.share * (openingOf(machine, aperture, pixels)[0] as number), 0) * (beam.meterset as number);
      // Where jaws cover what leaves already close, less passes.
      if (mu > 0.1 * most) expect(Math.abs(calculated - mu) / most).toBeLessThan(0.01);
      else expect(calculated).toBeLessThan(mu + 0.01 * most);
    });
    // What leaves the head through either, but for what jaws cover: pixels of a bixel, blurred alike.
    const size = 32;
    const values = new Float32Array(size * size);
    given.forEach((mu, bixel) => (values[Math.round((bixels.centersMm[2 * bixel] as number) / 5 + 15.5) + size * Math.round((bixels.centersMm[2 * bixel + 1] as number) / 5 + 15.5)] = mu));
    const [one, other] = [apertures, { size: [size, size] as const, spacingMm: 5, originMm: [-77.5, -77.5] as const, values }].map((through) => headFluence(machine, through, { pixelMm: 5 }).primary) as [FluenceMap, FluenceMap];
    const middle = Array.from(other.values, (mu, i) => [mu, (one.values[i] as number) * (beam.meterset as number)] as const).filter(([mu]) => mu > most / 2);
    expect(middle.length).toBeGreaterThan(50);
    for (const [mu, calculated] of middle) expect(Math.abs(calculated - mu) / most).toBeLessThan(0.01);
  });
});

test("beams are numbered by their positions, and one without segments is left out", () => {
  const machine = machines[0] as (typeof machines)[0];
  const leavesMm = Array.from({ length: 60 }, (_, pair): Interval => (pair > 25 && pair < 34 ? [-20, 20] : [0, 0]));
  const beams = beamsOf([{ beam: 2, leavesMm, mu: 40.04 }, { beam: 0, leavesMm, mu: 0.04 }], ["A", "B", "C"].map((name, i) => position(name, 40 * i)), machine);
  expect(beams.map(({ number, name, meterset, controlPoints }) => [number, name, meterset, controlPoints.length])).toEqual([[3, "C", 40, 2]]);
  // Pairs 27 to 34 of 5 mm around the axis; jaws 2 mm behind the leaves.
  expect(beams[0]?.controlPoints[0]?.limits).toMatchObject({ x: [-22, 22], y: [-20, 20] });
});

test("openings are put in the order that moves leaves least", () => {
  const at = (mm: number) => ({ leavesMm: [[mm, mm + 5]] as readonly Interval[] });
  expect(travelBetween(at(3), at(10))).toBe(7);
  const ordered = orderedForTravel([30, 0, 20, 50, 10, 40].map(at)).map(({ leavesMm }) => leavesMm[0]?.[0]);
  // Along a line, either way.
  expect([[0, 10, 20, 30, 40, 50], [50, 40, 30, 20, 10, 0]]).toContainEqual(ordered);
});
