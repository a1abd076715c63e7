import { waterAttenuation } from "../attenuation.ts";
import { electronMev, electronRadiusCm, kleinNishina } from "./compton.ts";
import { knockOn, knockOnCosine } from "./knock-on.ts";

const molecules = 6.02214076e23 / 18.01528;
/** Electrons per gram of water. */
const electrons = 10 * molecules;

/** Highest energy of the tables, MeV, and their step: entry i is at i keV. */
export const highestMev = 8;
const entries = highestMev * 1000 + 1;

/**
 * Kinetic energy, MeV; collision and radiative stopping power of liquid water for electrons, MeV cm²/g. Source estar2005.
 */
const stopping: readonly (readonly [number, number, number])[] = [
  [0.01, 22.56, 0.003898], [0.015, 16.47, 0.003944], [0.02, 13.17, 0.003963], [0.03, 9.653, 0.003984], [0.04, 7.777, 0.004005],
  [0.05, 6.603, 0.004031], [0.06, 5.797, 0.004062], [0.08, 4.757, 0.004138], [0.1, 4.115, 0.004228], [0.15, 3.238, 0.004494],
  [0.2, 2.793, 0.004801], [0.3, 2.355, 0.005514], [0.4, 2.148, 0.006339], [0.5, 2.034, 0.007257], [0.6, 1.963, 0.008254],
  [0.8, 1.886, 0.01042], [1, 1.849, 0.0128], [1.25, 1.829, 0.016], [1.5, 1.822, 0.01942], [2, 1.824, 0.02678],
  [2.5, 1.834, 0.03468], [3, 1.846, 0.04299], [3.5, 1.858, 0.05164], [4, 1.87, 0.06058], [5, 1.892, 0.07917], [6, 1.911, 0.09854],
  [8, 1.943, 0.1391],
];

/** Photoelectric attenuation of water at 0.1 MeV, cm²/g, recalled; it falls with the 3.2nd power of the energy. */
const photoelectric = (energyMev: number): number => 2.76e-3 * (energyMev / 0.1) ** -3.2;

/** Energies, MeV, at which the attenuation of water is tabulated and pairs are made. */
const pairEnergies = [1.25, 1.5, 2, 3, 4, 5, 6, 8];

/**
 * Pair production of water, cm²/g: what Klein and Nishina leave of the tabulated attenuation, straight between its
 * energies, 0 at the threshold.
 */
function pairProduction(energyMev: number): number {
  let [lowMev, low] = [2 * electronMev, 0];
  if (energyMev <= lowMev) return 0;
  for (const highMev of pairEnergies) {
    const high = Math.max(0, waterAttenuation(highMev) - electrons * kleinNishina(highMev));
    if (energyMev <= highMev) return low + ((high - low) * (energyMev - lowMev)) / (highMev - lowMev);
    [lowMev, low] = [highMev, high];
  }
  return low;
}

/** Straight between tabulated entries in the logarithms of both. */
function stoppingPower(energyMev: number, column: 1 | 2): number {
  const above = Math.max(1, stopping.findIndex(([mev]) => mev >= energyMev));
  const [low, high] = [stopping[above - 1] as readonly number[], stopping[above] as readonly number[]];
  const share = Math.log(energyMev / (low[0] as number)) / Math.log((high[0] as number) / (low[0] as number));
  return (low[column] as number) * ((high[column] as number) / (low[column] as number)) ** share;
}

/** Speed and momentum of an electron of some kinetic energy, MeV, over those of light and over mc. */
function motion(energyMev: number): { beta: number; momentum: number } {
  const momentum = Math.sqrt(energyMev * (energyMev + 2 * electronMev)) / electronMev;
  return { beta: (momentum * electronMev) / (energyMev + electronMev), momentum };
}

/** Size of Rutherford's cross section per gram of water, cm²/g: over (1 − cos)² it is that per unit of cosine. */
const rutherford = (energyMev: number, ofAtom: (z: number) => number): number => {
  const { beta, momentum } = motion(energyMev);
  const size = electronRadiusCm / (momentum * beta);
  return 2 * Math.PI * molecules * size * size * (2 * ofAtom(1) + ofAtom(8));
};

/**
 * How fast an electron turns in water: the mean of 1 − cos of its angle per g/cm² of path, for short paths, but for what
 * knocked-on electrons above some energy turn it; the inverse of the first transport mean free path. Rutherford's cross
 * section with Molière's screening and Mott's factor in the form of McKinley and Feshbach; the electrons of the atom turn
 * it up to the angle at which one of that energy is knocked on.
 *
 * @param energyMev  kinetic energy
 * @param knockMev   least energy of an electron that is knocked on for itself
 * @returns          cm²/g
 * @source           moliere1947, mckinley1948
 */
export function transportPower(energyMev: number, knockMev: number): number {
  const { beta, momentum } = motion(energyMev);
  const fine = 1 / 137.035999;
  const opening = 1 - knockOnCosine(energyMev, energyMev - Math.min(knockMev, energyMev / 2));
  return rutherford(energyMev, (z) => {
    const screening = (fine / (2 * 0.88534 * momentum)) ** 2 * z ** (2 / 3) * (1.13 + 3.76 * (fine * z / beta) ** 2);
    const nucleus = Math.log(1 + 1 / screening) - 1 / (1 + screening) - beta * beta + Math.PI * fine * z * beta;
    const part = opening / (2 * screening);
    return z * z * nucleus + z * (Math.log(1 + part) - part / (1 + part));
  });
}

/** Numbers of water at 0, 1, 2 … keV. Electrons below 10 keV have those of 10 keV. */
export interface WaterTables {
  /** Of photons: all attenuation, cm²/g, and the shares of it that are Compton scatter and pairs; the rest is absorbed. */
  readonly attenuation: Float64Array;
  readonly compton: Float64Array;
  readonly pairs: Float64Array;
  /**
   * Of electrons: collision stopping power but for those knocked on, and radiative, MeV cm²/g; how many are knocked on and
   * how fast they turn, cm²/g.
   */
  readonly collision: Float64Array;
  readonly knocked: Float64Array;
  readonly radiative: Float64Array;
  readonly transport: Float64Array;
  /** Size of Rutherford's cross section of the nuclei for them, cm²/g. */
  readonly rutherford: Float64Array;
}

/**
 * @param knockMev  least kinetic energy of an electron that is knocked on for itself
 * @source          hubbell1995, klein1929, estar2005, moller1932
 */
export function waterTables(knockMev: number): WaterTables {
  const make = (value: (energyMev: number) => number): Float64Array =>
    Float64Array.from({ length: entries }, (_, keV) => value(Math.max(1, keV) / 1000));
  const scattered = make((mev) => electrons * kleinNishina(mev));
  const paired = make(pairProduction);
  const attenuation = make(photoelectric).map((absorbed, i) => absorbed + (scattered[i] as number) + (paired[i] as number));
  const electronMevAt = (mev: number): number => Math.max(0.01, mev);
  return {
    attenuation,
    compton: scattered.map((value, i) => value / (attenuation[i] as number)),
    pairs: paired.map((value, i) => value / (attenuation[i] as number)),
    collision: make((mev) => stoppingPower(electronMevAt(mev), 1) - electrons * knockOn(electronMevAt(mev), knockMev).energy),
    knocked: make((mev) => electrons * knockOn(electronMevAt(mev), knockMev).number),
    radiative: make((mev) => stoppingPower(electronMevAt(mev), 2)),
    transport: make((mev) => transportPower(electronMevAt(mev), knockMev)),
    rutherford: make((mev) => rutherford(electronMevAt(mev), (z) => z * z)),
  };
}
