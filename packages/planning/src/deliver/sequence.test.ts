import { fc, test as prop } from "@fast-check/vitest";
import { machineNamed, type Machine } from "@hapax/dose";
import { describe, expect, test } from "vitest";
import { ellipseOfBixels, hilly } from "./bixels.fixture.ts";
import { leafGrid, leavesOf, roomsOf } from "./leaf-grid.ts";
import { fitted, merged, pairFluence, residual, squaredError } from "./openings.ts";
import { segmentWeights } from "./segment-weights.ts";
import { leveled, sequenced, type SequenceOptions } from "./sequence.ts";

const generic = machineNamed("generic-6mv");
/** Leaves that are sharp and tight, so that fluence in whole steps is what they can give. */
const ideal: Machine = { ...generic, mlc: { ...leavesOf(generic), transmission: 0, tipOffsetMm: 0, tongueMm: 0 } };
const bixels = ellipseOfBixels(60, 55, 5);
const fluence = hilly(bixels);
const options: SequenceOptions = { weights: fluence.map((mu) => 25 * mu), bixels: [bixels], bixelMm: 5, machine: generic, fractions: 25, segmentsPerBeam: 10, leastSegmentMu: 0.2 };

/** Root of the mean squared difference from the fluence wanted, relative to that of the fluence. */
function misfit(given: SequenceOptions): number {
  const made = segmentWeights(sequenced(given), given.bixels, given.bixelMm, given.machine, given.fractions);
  return Math.sqrt(given.weights.reduce((sum, mu, i) => sum + (mu - (made[i] as number)) ** 2, 0) / given.weights.reduce((sum, mu) => sum + mu ** 2, 0));
}

describe("segments for a fluence", () => {
  prop.prop([fc.array(fc.integer({ min: 0, max: 6 }), { minLength: bixels.centersMm.length / 2, maxLength: bixels.centersMm.length / 2 })], { numRuns: 20 })("before any is merged give whole steps back exactly", (steps) => {
    const whole = pairFluence(leafGrid(bixels, 5, ideal), steps);
    const most = Math.max(...steps);
    const left = residual(whole, leveled(whole, Math.max(1, most)));
    expect(Math.max(...left.map(Math.abs))).toBeLessThan(1e-12);
  });

  test("give whole steps back through sharp and tight leaves where there may be enough of them", () => {
    const most = Math.max(...fluence);
    const weights = fluence.map((mu) => 25 * Math.round((8 * mu) / most));
    expect(misfit({ ...options, weights, machine: ideal, segmentsPerBeam: 30 })).toBeLessThan(1e-6);
  });

  test("need no fewer monitor units than the rises of any row", () => {
    const whole = pairFluence(leafGrid(bixels, 5, ideal), fluence.map(Math.round));
    const rises = Array.from({ length: whole.pairs }, (_, pair) => {
      const row = whole.values.subarray(pair * whole.columns, (pair + 1) * whole.columns);
      return row.reduce((sum, mu, i) => sum + Math.max(0, mu - (i === 0 ? 0 : (row[i - 1] as number))), 0);
    });
    const openings = leveled(whole, Math.max(...whole.values));
    expect(openings.reduce((sum, { mu }) => sum + mu, 0)).toBeCloseTo(Math.max(...rises), 9);
  });

  test("come farther from it with each that is merged, and nearer when they are fitted", () => {
    const wanted = pairFluence(leafGrid(bixels, 5, generic), fluence);
    const error = (openings: Parameters<typeof residual>[1]) => squaredError(wanted, residual(wanted, openings));
    let openings = fitted(wanted, leveled(wanted, 12), 30);
    let before = error(openings);
    while (openings.length > 3) {
      const fewer = merged(wanted, openings);
      expect(fewer.length).toBe(openings.length - 1);
      expect(error(fewer)).toBeGreaterThan(before);
      const fit = fitted(wanted, fewer, 10);
      expect(error(fit)).toBeLessThanOrEqual(error(fewer) * (1 + 1e-12));
      openings = fit;
      before = Math.max(before, error(fit));
    }
    // The more are allowed, the nearer.
    const misfits = [3, 5, 8, 12, 20].map((segmentsPerBeam) => misfit({ ...options, segmentsPerBeam }));
    misfits.slice(1).forEach((less, i) => expect(less).toBeLessThan(misfits[i] as number));
    expect(misfits[2]).toBeLessThan(0.1);
  });

  test("are no more than allowed, none below the least monitor units", () => {
    for (const [segmentsPerBeam, leastSegmentMu] of [[6, 1], [15, 2.5], [1, 1]] as const) {
      const segments = sequenced({ ...options, segmentsPerBeam, leastSegmentMu });
      expect(segments.length).toBeGreaterThan(0);
      expect(segments.length).toBeLessThanOrEqual(segmentsPerBeam);
      for (const { mu } of segments) expect(mu).toBeGreaterThanOrEqual(leastSegmentMu);
    }
    expect(() => sequenced({ ...options, segmentsPerBeam: 0 })).toThrow("planning/segments");
  });

  test("stand in their rooms, never cross, and closed pairs stand together beside the field", () => {
    for (const bixelMm of [4, 5, 10]) {
      const beam = ellipseOfBixels(50, 120, bixelMm);
      const rooms = roomsOf(leafGrid(beam, bixelMm, generic));
      const segments = sequenced({ ...options, bixels: [beam], bixelMm, weights: hilly(beam), fractions: 1 });
      expect(segments.length).toBeGreaterThan(4);
      for (const { leavesMm } of segments) leavesMm.forEach(([one, two], pair) => {
        if (one === two) return expect(Math.abs(one)).toBeGreaterThan(55);
        expect(two - one).toBeGreaterThanOrEqual(2);
        expect(rooms[pair]?.some(([from, to]) => one >= from - 1e-9 && two <= to + 1e-9)).toBe(true);
      });
    }
  });

  test("of a weak beam are one at the least, or none where that would be more than twice too much", () => {
    const weak = (mu: number) => sequenced({ ...options, weights: new Float32Array(fluence.length).fill(mu), fractions: 1, machine: ideal, leastSegmentMu: 2 }).map((segment) => segment.mu);
    expect([weak(3), weak(1.5), weak(0.8)]).toEqual([[expect.closeTo(3, 6)], [2], []]);
  });

  test("of leaves along y are those along x of the same fluence turned", () => {
    const turned = { firstWeight: 0, centersMm: bixels.centersMm.map((_, i) => bixels.centersMm[i ^ 1] as number) };
    const alongY: Machine = { ...generic, mlc: { ...leavesOf(generic), axis: "y" } };
    expect(sequenced({ ...options, bixels: [turned], machine: alongY })).toEqual(sequenced(options));
  });

  test("of a beam without fluence are none, and beams know theirs", () => {
    const second = { ...bixels, firstWeight: fluence.length };
    const weights = new Float32Array(2 * fluence.length);
    weights.set(fluence, fluence.length);
    const segments = sequenced({ ...options, weights, fractions: 1, bixels: [bixels, second] });
    expect(new Set(segments.map(({ beam }) => beam))).toEqual(new Set([1]));
    expect(segmentWeights(segments, [bixels, second], 5, generic, 1).subarray(0, fluence.length).every((mu) => mu === 0)).toBe(true);
  });
});
