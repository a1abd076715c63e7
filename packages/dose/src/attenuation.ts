/** Energy, MeV; mass attenuation and mass energy absorption of water, cm²/g. Source hubbell1995. */
const water: readonly (readonly [number, number, number])[] = [
  [0.1, 0.1707, 0.02546], [0.15, 0.1505, 0.02764], [0.2, 0.137, 0.02967], [0.3, 0.1186, 0.03192], [0.4, 0.1061, 0.03279],
  [0.5, 0.09687, 0.03299], [0.6, 0.08956, 0.03284], [0.8, 0.07865, 0.03206], [1, 0.07072, 0.03103], [1.25, 0.06323, 0.02965],
  [1.5, 0.05754, 0.02833], [2, 0.04942, 0.02608], [3, 0.03969, 0.02281], [4, 0.03403, 0.02066], [5, 0.03031, 0.01915],
  [6, 0.0277, 0.01806], [8, 0.02429, 0.01658], [10, 0.02219, 0.01566],
];

/** Energy, MeV, and mass attenuation of tungsten, cm²/g. Source hubbell1995. */
const tungsten: readonly (readonly [number, number])[] = [
  [0.2, 0.7844], [0.3, 0.3238], [0.4, 0.1925], [0.5, 0.1378], [0.6, 0.1093], [0.8, 0.08066], [1, 0.06618], [1.25, 0.05577],
  [1.5, 0.05], [2, 0.04433], [3, 0.04075], [4, 0.04038], [5, 0.04103], [6, 0.0421],
];

/** Energy, MeV, and mass attenuation of aluminum, cm²/g; recalled, not verified. It only shapes a spectrum that is then fitted. */
const aluminum: readonly (readonly [number, number])[] = [
  [0.5, 0.08445], [1, 0.06146], [1.5, 0.05006], [2, 0.04324], [3, 0.03541], [4, 0.03106], [5, 0.02836], [6, 0.02655],
];

/** Straight between the two nearest entries in the logarithms of both; beyond an end its last slope goes on. */
function logLog(table: readonly (readonly number[])[], column: number, energyMev: number): number {
  let above = 1;
  while (above < table.length - 1 && (table[above]?.[0] ?? 0) < energyMev) above++;
  const [low, high] = [table[above - 1] as readonly number[], table[above] as readonly number[]];
  const share = Math.log(energyMev / (low[0] as number)) / Math.log((high[0] as number) / (low[0] as number));
  return (low[column] as number) * ((high[column] as number) / (low[column] as number)) ** share;
}

/**
 * Mass attenuation coefficient of water, cm²/g.
 *
 * @param energyMev  energy of the photons, MeV; tabulated from 0.1 to 10
 * @source           hubbell1995
 */
export const waterAttenuation = (energyMev: number): number => logLog(water, 1, energyMev);

/** Mass energy absorption coefficient of water, cm²/g. @source hubbell1995 */
export const waterEnergyAbsorption = (energyMev: number): number => logLog(water, 2, energyMev);

/** Mass attenuation coefficient of tungsten, cm²/g; tabulated from 0.2 to 6 MeV. @source hubbell1995 */
export const tungstenAttenuation = (energyMev: number): number => logLog(tungsten, 1, energyMev);

/** Mass attenuation coefficient of aluminum, cm²/g; from 0.5 to 6 MeV, recalled. */
export const aluminumAttenuation = (energyMev: number): number => logLog(aluminum, 1, energyMev);
