import { waterAttenuation } from "./attenuation.ts";
import deposition from "./energy-deposition.json" with { type: "json" };
import type { Spectrum } from "./machine.ts";

/** Cones of equal angle about the forward direction, and spheres, of the tabulated kernels. */
export const coneCount = 48;
export const sphereCount = 24;
/** Outer radii of the spheres, mm of water; the last is 600. */
export const sphereRadiiMm: readonly number[] = deposition.radiiMm;
/** Energies of the kernels, MeV. */
export const kernelEnergiesMev: readonly number[] = deposition.energiesMev;

/**
 * Share of the energy released by photons of one energy that each cone and sphere takes, in water, straight between the
 * two nearest tabulated energies; below 0.5 and above 6 MeV the first and the last kernel.
 *
 * @returns length 48 · 24, spheres within cones
 * @source  conehead2022
 */
export function energyDeposition(energyMev: number): Float64Array {
  const [first, last] = [kernelEnergiesMev[0] as number, kernelEnergiesMev[kernelEnergiesMev.length - 1] as number];
  const place = (Math.min(last, Math.max(first, energyMev)) - first) / (kernelEnergiesMev[1] as number - first);
  const low = Math.min(kernelEnergiesMev.length - 2, Math.floor(place));
  const [below, above] = [deposition.fractions[low] as number[], deposition.fractions[low + 1] as number[]];
  return Float64Array.from(below, (fraction, i) => fraction + (place - low) * ((above[i] as number) - fraction));
}

/** The kernel of a beam behind a depth of water, mm: its energies weighted by the TERMA of each. Length 48 · 24. */
export function depositionOf({ energiesMev, energyFluence }: Spectrum, depthMm: number): Float64Array {
  const kernel = new Float64Array(coneCount * sphereCount);
  let terma = 0;
  energiesMev.forEach((mev, i) => {
    const mu = waterAttenuation(mev);
    const part = (energyFluence[i] ?? 0) * mu * Math.exp((-mu * depthMm) / 10);
    if (part === 0) return;
    terma += part;
    const mono = energyDeposition(mev);
    for (let k = 0; k < kernel.length; k++) kernel[k] = (kernel[k] as number) + part * (mono[k] as number);
  });
  return kernel.map((value) => value / terma);
}
