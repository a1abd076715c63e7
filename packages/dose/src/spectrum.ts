import { aluminumAttenuation, tungstenAttenuation, waterAttenuation } from "./attenuation.ts";
import type { Spectrum } from "./machine.ts";

const binMev = 0.25;

/**
 * A spectrum in bins of 0.25 MeV, each standing at its middle, its energy fluence summing to 1.
 *
 * @param energyFluence  energy fluence per MeV at an energy in MeV, in any unit
 * @param endpointMev    where the last bin ends; 6 unless given
 */
export function binnedSpectrum(energyFluence: (energyMev: number) => number, endpointMev = 6): Spectrum {
  const within = 20;
  const energiesMev = Array.from({ length: Math.ceil(endpointMev / binMev - 1e-9) }, (_, i) => (i + 0.5) * binMev);
  const shares = energiesMev.map((middle) => {
    let sum = 0;
    for (let i = 0; i < within; i++) sum += energyFluence(middle + binMev * ((i + 0.5) / within - 0.5));
    return sum;
  });
  return spectrumOf(energiesMev, shares);
}

/** A spectrum of the given energies, MeV, its shares scaled to sum to 1. */
export function spectrumOf(energiesMev: readonly number[], energyFluence: readonly number[]): Spectrum {
  const total = energyFluence.reduce((sum, value) => sum + value, 0);
  return { energiesMev, energyFluence: energyFluence.map((value) => value / total) };
}

/** The four numbers of Ali and Rogers's form. */
export interface AliRogers {
  /** Square roots of the thickness of tungsten and of aluminum, g/cm². */
  readonly c1: number;
  readonly c2: number;
  readonly c3: number;
  readonly endpointMev: number;
}

/** Their fit to a Varian Clinac of 6 MV, as conehead has it. */
export const varianClinac6: AliRogers = { c1: 1.222, c2: 5.147, c3: -1.186, endpointMev: 5.76 };

/**
 * Bremsstrahlung of a thick target behind tungsten and aluminum:
 * ψ(E) = [1 + C3 E/Ee + (E/Ee)²] [ln(Ee (Ee − E)/E + 1.65) − 0.5] exp(−μW C1² − μAl C2²), ψ the energy fluence.
 *
 * @source ali2012
 */
export function aliRogersSpectrum({ c1, c2, c3, endpointMev }: AliRogers): Spectrum {
  return binnedSpectrum((energy) => {
    if (energy >= endpointMev) return 0;
    const share = energy / endpointMev;
    const bremsstrahlung = (1 + c3 * share + share * share) * (Math.log((endpointMev * (endpointMev - energy)) / energy + 1.65) - 0.5);
    return Math.max(0, bremsstrahlung) * Math.exp(-tungstenAttenuation(energy) * c1 * c1 - aluminumAttenuation(energy) * c2 * c2);
  }, endpointMev);
}

/** Photons per bin of 0.25 MeV, 0 to 6 MeV, of a Varian 6 MV beam by Monte Carlo, arbitrary unit. @source sheikhbagheri2002 */
const sheikhBagheriPhotons = [
  0.214e-4, 0.126e-3, 0.131e-3, 0.114e-3, 0.976e-4, 0.836e-4, 0.725e-4, 0.623e-4, 0.535e-4, 0.459e-4, 0.395e-4, 0.347e-4,
  0.298e-4, 0.261e-4, 0.225e-4, 0.191e-4, 0.166e-4, 0.138e-4, 0.114e-4, 0.904e-5, 0.655e-5, 0.409e-5, 0.14e-5, 0.434e-7,
];

/** A Varian 6 MV beam by Monte Carlo. @source sheikhbagheri2002 */
export const sheikhBagheriSpectrum: Spectrum = spectrumOf(
  sheikhBagheriPhotons.map((_, i) => (i + 0.5) * binMev),
  sheikhBagheriPhotons.map((photons, i) => photons * (i + 0.5) * binMev),
);

/** Photons spread log-normally about exp(mu) MeV. */
export function lognormalSpectrum(mu = 0.3, sigma = 0.8, endpointMev = 6): Spectrum {
  return binnedSpectrum((energy) => Math.exp(-((Math.log(energy) - mu) ** 2) / (2 * sigma * sigma)), endpointMev);
}

/** Mean energy of the photons (by number) and of their energy (by energy fluence), MeV. */
export function meanEnergies({ energiesMev, energyFluence }: Spectrum): { byFluence: number; byEnergyFluence: number } {
  let photons = 0;
  let energy = 0;
  let square = 0;
  energiesMev.forEach((mev, i) => {
    const psi = energyFluence[i] ?? 0;
    photons += psi / mev;
    energy += psi;
    square += psi * mev;
  });
  return { byFluence: energy / photons, byEnergyFluence: square / energy };
}

/** Mass attenuation of water weighted by energy fluence, cm²/g: the TERMA at the surface per unit of energy fluence. */
export const meanAttenuation = (spectrum: Spectrum): number => termaAt(spectrum, 0);

/** TERMA per unit of energy fluence at the surface, cm²/g, behind a depth of water, mm. */
export function termaAt({ energiesMev, energyFluence }: Spectrum, depthMm: number): number {
  return energiesMev.reduce((sum, mev, i) => {
    const mu = waterAttenuation(mev);
    return sum + (energyFluence[i] ?? 0) * mu * Math.exp((-mu * depthMm) / 10);
  }, 0);
}

/** Mean energy of the TERMA behind a depth of water, MeV: the kernels' mean. */
function termaEnergyAt({ energiesMev, energyFluence }: Spectrum, depthMm: number): number {
  let terma = 0;
  let energy = 0;
  energiesMev.forEach((mev, i) => {
    const mu = waterAttenuation(mev);
    const part = (energyFluence[i] ?? 0) * mu * Math.exp((-mu * depthMm) / 10);
    terma += part;
    // The kernels begin at 0.5 MeV.
    energy += part * Math.max(0.5, mev);
  });
  return energy / terma;
}

/** Depth in water at which hardening is 1, mm. */
export const hardenedMm = 200;

export interface TermaTable {
  readonly stepMm: number;
  /** TERMA per unit of energy fluence at the surface, cm²/g, at depths 0, 1, 2 … steps of water. */
  readonly terma: Float32Array;
  /** Where the kernel stands between that of the beam at the surface (0) and behind 200 mm of water (1). */
  readonly hardening: Float32Array;
}

/**
 * What a beam of several energies leaves behind in depth, exactly: the sum over its energies of attenuation times
 * exponential. Hardening is linear in the mean energy of the TERMA.
 *
 * @param spectrum   of the beam
 * @param reference  spectrum of the beam whose kernel is K0 + h K1; the beam's own unless given. A softer beam has h < 0.
 * @param stepMm     of the table
 * @param depthMm    where it ends
 */
export function termaTable(spectrum: Spectrum, reference: Spectrum = spectrum, stepMm = 1, depthMm = 1000): TermaTable {
  const count = Math.ceil(depthMm / stepMm) + 1;
  const surface = termaEnergyAt(reference, 0);
  const hardened = termaEnergyAt(reference, hardenedMm);
  const terma = new Float32Array(count);
  const hardening = new Float32Array(count);
  // A beam of one energy does not harden.
  const span = hardened - surface > 1e-9 ? hardened - surface : Infinity;
  for (let i = 0; i < count; i++) {
    terma[i] = termaAt(spectrum, i * stepMm);
    hardening[i] = (termaEnergyAt(spectrum, i * stepMm) - surface) / span;
  }
  return { stepMm, terma, hardening };
}
