import type { DoseOperator, Interval } from "@hapax/dose";
import type { SimdCrew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveryOf } from "./delivery.ts";
import { leafGrid, roomsOf } from "./leaf-grid.ts";
import { refined, type RefineOptions } from "./refine.ts";
import { beamsOnto, bestFluence, bixelMm, machine, merit, meritOf, targetD95 } from "./ring.fixture.ts";
import { segmentWeights } from "./segment-weights.ts";
import type { Segment } from "./segment.ts";
import { sequenced } from "./sequence.ts";

const fractions = 25;
let crew: SimdCrew;
let operator: DoseOperator;
let fluence: Float32Array;
let segments: Segment[];
let options: RefineOptions;

beforeAll(async () => {
  crew = await openCrew(1);
  operator = await beamsOnto(5, crew);
  fluence = await bestFluence(operator);
  segments = sequenced({ weights: fluence, bixels: operator.bixels, bixelMm, machine, fractions, segmentsPerBeam: 8, leastSegmentMu: 3 });
  options = { segments, operator, bixelMm, machine, merit, fractions, leastSegmentMu: 3, iterations: 60 };
});
afterAll(async () => {
  operator.close();
  await crew.close();
});

const through = (given: readonly Segment[]) => segmentWeights(given, operator.bixels, bixelMm, machine, fractions);

describe("segments of five beams onto a target around an organ", () => {
  test("change the merit with monitor units and leaf ends as its derivatives say", async () => {
    const offsetGy = new Float32Array(operator.voxelCount).fill(0.3);
    const delivery = deliveryOf({ ...options, offsetGy });
    // Away from the borders of bixels, where slopes jump.
    const given = segments.map((segment) => ({ ...segment, leavesMm: segment.leavesMm.map(([one, two], pair): Interval => (two > one ? [one - 0.3 - 0.01 * pair, two + 0.4 + 0.01 * pair] : [one, two])) }));
    const { byMu, byEnds, value } = await delivery.slope(given);
    expect(value).toBeGreaterThan(0);
    const greatest = Math.max(...byEnds.flatMap((slopes) => [...slopes].map(Math.abs)));
    for (const s of [0, 11, given.length - 1]) {
      const valueAt = async (segment: Segment) => (await delivery.slope(given.map((other, at) => (at === s ? segment : other)))).value;
      const segment = given[s] as Segment;
      const [more, fewer] = [await valueAt({ ...segment, mu: segment.mu + 0.2 }), await valueAt({ ...segment, mu: segment.mu - 0.2 })];
      expect((more - fewer) / 0.4 / (byMu[s] as number)).toBeCloseTo(1, 2);
      const open = segment.leavesMm.flatMap(([one, two], pair) => (two > one ? [pair] : []));
      for (const pair of [open[2], open.at(-3)] as number[]) {
        for (const bank of [0, 1] as const) {
          const moved = (by: number) => ({ ...segment, leavesMm: segment.leavesMm.map(([one, two], at): Interval => (at !== pair ? [one, two] : bank === 0 ? [one + by, two] : [one, two + by])) });
          const difference = ((await valueAt(moved(0.1))) - (await valueAt(moved(-0.1)))) / 0.2;
          expect(Math.abs(difference - (byEnds[s]?.[2 * pair + bank] as number)) / greatest).toBeLessThan(0.005);
        }
      }
    }
  });

  test("regain most of what sequencing lost, and D95 of the target to 1 %", async () => {
    const [wanted, lost] = [await meritOf(operator, fluence), await meritOf(operator, through(segments))];
    const seen: number[] = [];
    const better = await refined({ ...options, onIteration: ({ iteration }) => seen.push(iteration) });
    const regained = await meritOf(operator, through(better));
    expect(lost).toBeGreaterThan(2 * wanted);
    expect((lost - regained) / (lost - wanted)).toBeGreaterThan(0.85);
    expect((await targetD95(operator, through(better))) / (await targetD95(operator, fluence))).toBeGreaterThan(0.99);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
    expect(seen.length).toBeLessThanOrEqual(60);
  });

  test("keep within what the machine can have", async () => {
    const rooms = operator.bixels.map((beam) => roomsOf(leafGrid(beam, bixelMm, machine)));
    for (const { beam, leavesMm, mu } of await refined({ ...options, iterations: 20 })) {
      expect(mu).toBeGreaterThanOrEqual(3);
      leavesMm.forEach(([one, two], pair) => {
        if (one === two) return;
        expect(two - one).toBeGreaterThanOrEqual(2 - 1e-9);
        expect(rooms[beam]?.[pair]?.some(([from, to]) => one >= from - 1e-6 && two <= to + 1e-6)).toBe(true);
      });
    }
  });

  test("are the same bits each time", async () => {
    const first = await refined({ ...options, iterations: 8 });
    expect(await refined({ ...options, iterations: 8 })).toEqual(first);
  });

  test("stop where they are, or are discarded", async () => {
    const stop = new AbortController();
    const before = await meritOf(operator, through(segments));
    const kept = await refined({ ...options, stop: stop.signal, onIteration: ({ iteration }) => (iteration === 3 ? stop.abort() : undefined) });
    expect(await meritOf(operator, through(kept))).toBeLessThan(before);
    await expect(refined({ ...options, signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
