import type { FluenceMap } from "./fluence.ts";
import type { Machine } from "./machine.ts";

/** A machine of round numbers: level horns, jaws of 1 %, ten pairs of leaves of 10 mm along x with 2 %. */
export function plainMachine(): Machine {
  const origin = { kind: "assumed", statement: "Round numbers.", sources: [] } as const;
  const spectrum = { energiesMev: [1], energyFluence: [1] };
  return {
    id: "plain",
    name: "Plain",
    version: "1",
    energyMv: 6,
    filter: "flattened",
    sadMm: 1000,
    primary: { spectrum, horns: { radiiMm: [0, 250], values: [1, 1] }, softeningPer100Mm: 0, blurMm: [1.5, 2] },
    extraFocal: { weight: 0.1, distanceMm: 125, sigmaMm: 25, spectrum },
    contamination: { weight: 0.2, ratePerMm: 0.15, sigmaMm: 12 },
    jaws: { x: { distanceMm: 400, travelMm: [-200, 200], transmission: 0.01 }, y: { distanceMm: 300, travelMm: [-200, 200], transmission: 0.01 } },
    mlc: { axis: "x", leafEdgesMm: Array.from({ length: 11 }, (_, i) => 10 * i - 50), distanceMm: 500, travelMm: [-150, 150], transmission: 0.02, tipOffsetMm: 0, tongueMm: 0, tongueTransmission: 0.3 },
    calibration: { gyPerMu: 0.01, fieldMm: 100, ssdMm: 900, depthMm: 100, engineGy: 1, origin },
    origin,
  };
}

/** Integral of a map over its plane, mm². */
export function integral({ values, spacingMm }: FluenceMap): number {
  return values.reduce((sum, value) => sum + value, 0) * spacingMm ** 2;
}

/** Value of a map at a place, between its pixels. */
export function valueAt({ values, size: [nx], spacingMm, originMm }: FluenceMap, x: number, y: number): number {
  const [u, v] = [(x - originMm[0]) / spacingMm, (y - originMm[1]) / spacingMm];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  const row = (at: number) => (values[i + nx * at] as number) * (1 - u + i) + (values[i + 1 + nx * at] as number) * (u - i);
  return row(j) * (1 - v + j) + row(j + 1) * (v - j);
}

/** Error function to 1.2e-7. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const series = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  const tail = t * Math.exp(-x * x + series.reduceRight((sum, term) => sum * t + term, 0));
  return x >= 0 ? 1 - tail : tail - 1;
}
