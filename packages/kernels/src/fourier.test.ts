import { test as prop, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";

import { fourier2Of, fourierOf } from "./fourier.ts";

const lengths = [1, 2, 3, 4, 6, 8, 12, 64, 96, 128, 192, 256];
const values = (length: number, seed: number) => Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + seed));

test.each(lengths)("a transform of %i numbers is the sum over its waves", (n) => {
  const [re, im] = [values(n, 1), values(n, 2)];
  const [gotRe, gotIm] = [re.slice(), im.slice()];
  fourierOf(n)(gotRe, gotIm);
  for (let f = 0; f < n; f++) {
    let [sumRe, sumIm] = [0, 0];
    for (let i = 0; i < n; i++) {
      const angle = (-2 * Math.PI * ((f * i) % n)) / n;
      sumRe += (re[i] as number) * Math.cos(angle) - (im[i] as number) * Math.sin(angle);
      sumIm += (re[i] as number) * Math.sin(angle) + (im[i] as number) * Math.cos(angle);
    }
    expect(gotRe[f]).toBeCloseTo(sumRe, 9);
    expect(gotIm[f]).toBeCloseTo(sumIm, 9);
  }
});

prop.prop([fc.constantFrom(1, 6, 8, 96), fc.constantFrom(3, 4, 64), fc.integer()])("there and back gives the map times its pixels", (nx, ny, seed) => {
  const n = nx * ny;
  const [re, im] = [values(n, seed % 1000), values(n, (seed % 1000) + 1)];
  const transform = fourier2Of([nx, ny]);
  const [gotRe, gotIm] = [re.slice(), im.slice()];
  transform(gotRe, gotIm);
  transform(gotRe, gotIm, true);
  for (let i = 0; i < n; i += 1 + (n >> 6)) {
    expect((gotRe[i] as number) / n).toBeCloseTo(re[i] as number, 10);
    expect((gotIm[i] as number) / n).toBeCloseTo(im[i] as number, 10);
  }
});

test("a length with another prime is refused", () => {
  expect(() => fourierOf(80)).toThrow(RangeError);
});
