import { openCrew } from "@hapax/kernels/crew-node";
import type { Crew } from "@hapax/kernels";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { depthsMm, fieldsMm, monteCarloRatio, ratiosOf, spectrum, table } from "./lung-slab.fixture.ts";
import { openField, superposition, waterPhantom, type SlabPhantom } from "./superposition.ts";

let crew: Crew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

describe("10 cm of lung behind 5 cm of water", () => {
  test("change the dose as in the full superposition, within 1 % in every field at every depth, with kernels along the axis as it had them", async () => {
    for (const fieldMm of fieldsMm) {
      const ratios = await ratiosOf(crew, fieldMm, false);
      const beyond = ratios.flatMap((ratio, d) => (Math.abs(ratio / (table[fieldMm]?.[d] as number) - 1) < 0.01 ? [] : [[fieldMm, depthsMm[d], ratio]]));
      expect(beyond).toEqual([]);
    }
  });

  test("change it so too with kernels that turn with their rays, which lowers the dose in the lung by 1 % and raises it behind by 1 %", async () => {
    const phantom: SlabPhantom = { ssdMm: 1000, slabs: [{ thicknessMm: 50, density: 1 }, { thicknessMm: 100, density: 0.25 }, { thicknessMm: 1, density: 1 }] };
    for (const fieldMm of [100, 200]) {
      const superposed = (behind: SlabPhantom, depthMm: number) => superposition(spectrum, openField([fieldMm / 2, fieldMm / 2]), behind, [0, 0, 1000 + depthMm], { azimuths: 8, symmetry: 8, tilt: true });
      const ratios = await ratiosOf(crew, fieldMm, true);
      for (const depthMm of [60, 100, 140, 180, 250]) {
        const ratio = superposed(phantom, depthMm) / superposed(waterPhantom(1000), depthMm);
        expect(Math.abs((ratios[depthsMm.indexOf(depthMm)] as number) / ratio - 1)).toBeLessThan(0.01);
      }
    }
  });

  test("change it as Monte Carlo of photons and electrons has it, within 3 % everywhere", async () => {
    // The greatest is 1 cm into the lung of a field of 3 cm, where electrons leave sideways and few come along: Monte Carlo has
    // 0.956 ± 0.003 of the dose in water, kernels scaled by density alone 0.991, the engine with kernels that turn 0.982.
    for (const fieldMm of fieldsMm) {
      const ratios = await ratiosOf(crew, fieldMm, true);
      const beyond = ratios.flatMap((ratio, d) => (Math.abs(ratio / monteCarloRatio(fieldMm, depthsMm[d] as number)[0] - 1) < 0.03 ? [] : [[fieldMm, depthsMm[d], ratio]]));
      expect(beyond).toEqual([]);
    }
  });
});
