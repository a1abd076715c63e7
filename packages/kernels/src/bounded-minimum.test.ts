import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";

import { boundedMinimum, type BoundedSearch } from "./bounded-minimum.ts";

/** A function and its gradient in one. */
type Smooth = (x: Float64Array, g: Float64Array) => number;
const at = (x: Float64Array, i: number) => x[i] as number;

const rosenbrock: Smooth = (x, g) => {
  let sum = 0;
  g.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [at(x, i), at(x, i + 1)];
    sum += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    g[i] = at(g, i) - 400 * a * (b - a * a) - 2 * (1 - a);
    g[i + 1] = at(g, i + 1) + 200 * (b - a * a);
  }
  return sum;
};

const found = async (value: Smooth, start: readonly number[], options: Omit<BoundedSearch, "value" | "start"> = {}) => boundedMinimum({ start, value, tolerance: 1e-8, ...options });

describe("without bounds", () => {
  test("Rosenbrock's valley ends at (1, 1)", async () => {
    const { point, ended, evaluations } = await found(rosenbrock, [-1.2, 1]);
    expect(ended).toBe("arrived");
    point.forEach((x) => expect(x).toBeCloseTo(1, 6));
    expect(evaluations).toBeLessThan(80);
  });

  test("the valley of twenty unknowns too", async () => {
    const { point, evaluations } = await found(rosenbrock, Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1.2 : 1)));
    point.forEach((x) => expect(x).toBeCloseTo(1, 6));
    expect(evaluations).toBeLessThan(300);
  });

  test("a bowl ten thousand times steeper one way than the other is found", async () => {
    const n = 30;
    const steepness = Float64Array.from({ length: n }, (_, i) => 10 ** ((4 * i) / (n - 1)));
    const bowl: Smooth = (x, g) => x.reduce((sum, value, i) => {
      g[i] = at(steepness, i) * (value - i);
      return sum + 0.5 * at(steepness, i) * (value - i) ** 2;
    }, 0);
    const { point } = await found(bowl, new Array<number>(n).fill(0), { tolerance: 1e-6 });
    point.forEach((x, i) => expect(x).toBeCloseTo(i, 5));
  });
});

/** Problems of Hock and Schittkowski 1981 that have bounds alone: start, bounds, where the minimum lies and its value. */
const quarter = (x: Float64Array, g: Float64Array, scale: number) => {
  const [a, b] = [at(x, 0), at(x, 1)];
  g[0] = -400 * scale * a * (b - a * a) - 2 * (1 - a);
  g[1] = 200 * scale * (b - a * a);
  return 100 * scale * (b - a * a) ** 2 + (1 - a) ** 2;
};
const problems: Readonly<Record<string, { value: Smooth; start: number[]; lower?: number[]; upper?: number[]; minimum: number; at?: number[]; digits?: number }>> = {
  "1": { value: (x, g) => quarter(x, g, 1), start: [-2, 1], lower: [-Infinity, -1.5], minimum: 0, at: [1, 1] },
  // From the start of the collection, (−2, 1), a descent ends in the other minimum, at x1 = −1.22. With x2 ≥ 1.5 active: a = (598/1200)^½, b = 400 a³, x1 = 2 a cos(arccos(1/b)/3).
  "2": { value: (x, g) => quarter(x, g, 1), start: [2, 2], lower: [-Infinity, 1.5], minimum: 0.0504261879, at: [1.224370748736, 1.5] },
  "3": {
    value: (x, g) => {
      const apart = at(x, 1) - at(x, 0);
      g[0] = -2e-5 * apart;
      g[1] = 1 + 2e-5 * apart;
      return at(x, 1) + 1e-5 * apart ** 2;
    },
    start: [10, 1], lower: [-Infinity, 0], minimum: 0, digits: 7,
  },
  "4": {
    value: (x, g) => {
      g[0] = (at(x, 0) + 1) ** 2;
      g[1] = 1;
      return (at(x, 0) + 1) ** 3 / 3 + at(x, 1);
    },
    start: [1.125, 0.125], lower: [1, 0], minimum: 8 / 3, at: [1, 0],
  },
  "5": {
    value: (x, g) => {
      const [a, b] = [at(x, 0), at(x, 1)];
      g[0] = Math.cos(a + b) + 2 * (a - b) - 1.5;
      g[1] = Math.cos(a + b) - 2 * (a - b) + 2.5;
      return Math.sin(a + b) + (a - b) ** 2 - 1.5 * a + 2.5 * b + 1;
    },
    start: [0, 0], lower: [-1.5, -3], upper: [4, 3], minimum: -Math.sqrt(3) / 2 - Math.PI / 3, at: [-Math.PI / 3 + 0.5, -Math.PI / 3 - 0.5],
  },
  "25": {
    value: (x, g) => {
      const [a, b, c] = [at(x, 0), at(x, 1), at(x, 2)];
      g.fill(0);
      let sum = 0;
      for (let i = 1; i <= 99; i++) {
        const u = 25 + (-50 * Math.log(0.01 * i)) ** (2 / 3);
        const power = (u - b) ** c;
        const e = Math.exp(-power / a);
        const off = e - 0.01 * i;
        sum += off ** 2;
        g[0] = at(g, 0) + 2 * off * e * (power / a ** 2);
        g[1] = at(g, 1) + 2 * off * e * ((c * (u - b) ** (c - 1)) / a);
        g[2] = at(g, 2) - 2 * off * e * ((power * Math.log(u - b)) / a);
      }
      return sum;
    },
    // The start of the collection, (100, 12.5, 3), lies on a plateau where the gradient vanishes in the numbers at hand.
    start: [30, 20, 2], lower: [0.1, 0, 0], upper: [100, 25.6, 5], minimum: 0, at: [50, 25, 1.5], digits: 3,
  },
  "38": {
    value: (x, g) => {
      const [a, b, c, d] = [at(x, 0), at(x, 1), at(x, 2), at(x, 3)];
      g[0] = -400 * a * (b - a * a) - 2 * (1 - a);
      g[1] = 200 * (b - a * a) + 20.2 * (b - 1) + 19.8 * (d - 1);
      g[2] = -360 * c * (d - c * c) - 2 * (1 - c);
      g[3] = 180 * (d - c * c) + 20.2 * (d - 1) + 19.8 * (b - 1);
      return 100 * (b - a * a) ** 2 + (1 - a) ** 2 + 90 * (d - c * c) ** 2 + (1 - c) ** 2 + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1);
    },
    start: [-3, -1, -3, -1], lower: [-10, -10, -10, -10], upper: [10, 10, 10, 10], minimum: 0, at: [1, 1, 1, 1],
  },
  "45": {
    value: (x, g) => {
      x.forEach((_, i) => (g[i] = -x.reduce((product, value, j) => (j === i ? product : product * value), 1) / 120));
      return 2 - x.reduce((product, value) => product * value, 1) / 120;
    },
    start: [0.5, 1, 1.5, 2, 2.5], lower: [0, 0, 0, 0, 0], upper: [1, 2, 3, 4, 5], minimum: 1, at: [1, 2, 3, 4, 5],
  },
};

describe("within bounds", () => {
  test.each(Object.entries(problems))("problem %s of Hock and Schittkowski is solved", async (_, { value, start, lower, upper, minimum, at: where, digits = 6 }) => {
    const { point, value: least } = await found(value, start, { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }), atMost: 1000 });
    expect(least).toBeCloseTo(minimum, digits);
    where?.forEach((x, i) => expect(point[i]).toBeCloseTo(x, Math.min(digits, 5)));
  });

  test.prop([fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 40 }), fc.double({ min: 0.1, max: 50, noNaN: true })])("a bowl's bottom outside of bounds is met at the nearest point within", async (bottom, steep) => {
    const bowl: Smooth = (x, g) => x.reduce((sum, value, i) => {
      const weight = 1 + (steep * i) / bottom.length;
      g[i] = 2 * weight * (value - (bottom[i] as number));
      return sum + weight * (value - (bottom[i] as number)) ** 2;
    }, 0);
    const { point } = await found(bowl, bottom.map(() => 0.5), { lower: 0, upper: 1 });
    bottom.forEach((value, i) => expect(point[i]).toBeCloseTo(Math.min(1, Math.max(0, value)), 6));
  });

  test("where unknowns pull on each other, each at a bound is pushed against it and each within is level", async () => {
    // ½ xᵀAx − bᵀx with the second difference for A: an elastic string that may not sag below the floor.
    const n = 60;
    const load = (i: number) => 0.01 * Math.sin((3 * Math.PI * i) / n) - 0.004;
    const string: Smooth = (x, g) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const bent = 2 * at(x, i) - (i > 0 ? at(x, i - 1) : 0) - (i + 1 < n ? at(x, i + 1) : 0);
        g[i] = bent - load(i);
        sum += at(x, i) * (0.5 * bent - load(i));
      }
      return sum;
    };
    const { point, ended } = await found(string, new Array<number>(n).fill(1), { lower: 0, tolerance: 1e-9, atMost: 2000 });
    expect(ended).toBe("arrived");
    const slope = new Float64Array(n);
    string(point, slope);
    point.forEach((x, i) => expect(x > 0 ? Math.abs(at(slope, i)) : Math.max(0, -at(slope, i)), `unknown ${i}`).toBeLessThan(1e-7));
    const resting = point.filter((x) => x === 0).length;
    expect(resting).toBeGreaterThan(5);
    expect(resting).toBeLessThan(n - 5);
  });

  test("the least of Rosenbrock's valley between walls lies on the wall", async () => {
    // x ≤ 0.5 leaves (1 − x)² = 0.25 at x = 0.5, y = 0.25.
    const { point, value } = await found(rosenbrock, [-1.2, 1], { upper: [0.5, Infinity] });
    expect(value).toBeCloseTo(0.25, 8);
    expect(point[0]).toBe(0.5);
    expect(point[1]).toBeCloseTo(0.25, 5);
  });

  test("a start outside is brought within, and left as it is", async () => {
    const start = Float64Array.of(7, -7);
    const { point } = await boundedMinimum({ start, lower: -1, upper: 1, value: (x, g) => (g.set([1, 1]), at(x, 0) + at(x, 1)) });
    expect([...point]).toEqual([-1, -1]);
    expect([...start]).toEqual([7, -7]);
  });
});

describe("how it is watched and ended", () => {
  test("the same start gives the same steps, whether values come at once or later", async () => {
    const steps = async (value: BoundedSearch["value"]) => {
      const points: number[][] = [];
      await boundedMinimum({ start: [-1.2, 1], value, onIteration: ({ point }) => void points.push([...point]) });
      return points;
    };
    expect(await steps(async (x, g) => Promise.resolve(rosenbrock(x, g)))).toEqual(await steps(rosenbrock));
  });

  test("it never goes up, and says at which call of the function it stands", async () => {
    const calls: { readonly x: number[]; readonly value: number }[] = [];
    let before = Infinity;
    await boundedMinimum({
      start: [-1.2, 1],
      value: (x, g) => {
        const value = rosenbrock(x, g);
        calls.push({ x: [...x], value });
        return value;
      },
      onIteration: ({ value, point, evaluation, evaluations }) => {
        expect(value).toBeLessThanOrEqual(before);
        expect(evaluations).toBe(calls.length);
        expect(calls[evaluation - 1]).toEqual({ x: [...point], value });
        before = value;
        return undefined;
      },
    });
  });

  test("told to stop, it returns where it is", async () => {
    const { iterations, ended, value } = await found(rosenbrock, [-1.2, 1], { onIteration: ({ iteration }) => (iteration === 3 ? "stop" : undefined) });
    expect([iterations, ended]).toEqual([3, "told"]);
    expect(value).toBeLessThan(24.2);
  });

  test("a function that changes on the way is followed to its new minimum", async () => {
    let aim = 1;
    const { point } = await boundedMinimum({
      start: [0, 0],
      value: (x, g) => {
        g.set([2 * (at(x, 0) - aim), 20 * (at(x, 1) - 2 * aim)]);
        return (at(x, 0) - aim) ** 2 + 10 * (at(x, 1) - 2 * aim) ** 2;
      },
      onIteration: ({ iteration }) => {
        if (iteration !== 2) return undefined;
        aim = 3;
        return "changed";
      },
    });
    expect(point[0]).toBeCloseTo(3, 5);
    expect(point[1]).toBeCloseTo(6, 5);
  });

  test("iterations run out", async () => {
    expect(await found(rosenbrock, [-1.2, 1], { atMost: 2 })).toMatchObject({ iterations: 2, ended: "iterations" });
  });

  test("a signal ends it with its reason", async () => {
    const abort = new AbortController();
    const search = boundedMinimum({
      start: [-1.2, 1],
      value: rosenbrock,
      signal: abort.signal,
      onIteration: ({ iteration }) => {
        if (iteration === 2) abort.abort(new Error("enough"));
        return undefined;
      },
    });
    await expect(search).rejects.toThrow("enough");
  });

  test("a step to where there is no value is taken shorter", async () => {
    const { point } = await found((x, g) => {
      g[0] = 1 - 1 / at(x, 0);
      return at(x, 0) - Math.log(at(x, 0));
    }, [9]);
    expect(point[0]).toBeCloseTo(1, 6);
  });

  test("no value at the start, a gradient that is no number and bounds that cross are refused", async () => {
    await expect(found(() => NaN, [1])).rejects.toThrow(RangeError);
    await expect(found((x, g) => (g.fill(NaN), at(x, 0)), [1])).rejects.toThrow("unknown 0");
    await expect(found(rosenbrock, [1, 1], { lower: 2, upper: 1 })).rejects.toThrow(RangeError);
    await expect(found(rosenbrock, [1, 1], { lower: [0] })).rejects.toThrow("1 bounds were given for 2 unknowns.");
  });
});
