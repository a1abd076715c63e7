import { describe, expect, test } from "vitest";
import { tg119, tg119Problems, type Tg119Goal } from "../packages/planning/src/tg119/problems.ts";
import { gradientErrors, knownMinima, standing } from "./planning-validation.ts";

const goal = (id: (typeof tg119Problems)[number], structure: string, metric: string) => tg119(id).goals.find((one) => one.structure === structure && one.metric === metric) as Tg119Goal;

describe("a dose stands against a goal of TG-119", () => {
  test("by the goal, by one standard deviation beyond it, or by that of a mean that misses it", () => {
    // Core of the harder C-shape: at most 10 Gy; 16.3 ± 3.07 was reached.
    const core = goal("C-shape, harder", "Core", "D10%[Gy]");
    expect(standing(core, 9.9)).toEqual({ holds: true, words: "met" });
    expect(standing(core, 12).words).toBe("within one SD of the goal");
    expect(standing(core, 19).words).toBe("within one SD of the mean, which misses the goal");
    expect(standing(core, 19.5)).toEqual({ holds: false, words: "missed: 9.50 Gy beyond" });
    // Middle target: at least 50 Gy; 49.55 ± 1.62.
    const middle = goal("multitarget", "PTV_Mid", "D99%[Gy]");
    expect(standing(middle, 48.5).words).toBe("within one SD of the goal");
    expect(standing(middle, 48).words).toBe("within one SD of the mean, which misses the goal");
    expect(standing(middle, 47.8).holds).toBe(false);
    // A mean well within its goal lends nothing beyond it: bladder at most 75 Gy, 62.69 ± 8.15.
    expect(standing(goal("prostate", "Bladder", "D10%[Gy]"), 84).holds).toBe(false);
  });
});

test("every aim has the gradient of its differences, to 1e-3", () => {
  for (const { name, error } of gradientErrors()) expect(error, name).toBeLessThan(1e-3);
});

test("known minima are found, with bounds and without", async () => {
  for (const { name, distance } of await knownMinima()) expect(distance, name).toBeLessThan(1e-4);
});
