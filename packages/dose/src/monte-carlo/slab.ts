import { aliRogersSpectrum, varianClinac6 } from "../spectrum.ts";
import type { Layer } from "./transport.ts";

/** Water deep enough to scatter back as all of it does. */
const water: readonly Layer[] = [{ thicknessCm: 45, density: 1 }];

/** 5 cm of water, 10 cm of water as thin as lung, water. */
const lung: readonly Layer[] = [
  { thicknessCm: 5, density: 1 },
  { thicknessCm: 10, density: 0.25 },
  { thicknessCm: 30, density: 1 },
];

/** The fields on water and on the slab of lung whose Monte Carlo is stored in slab.json. */
export const slabSettings = {
  water,
  lung,
  spectrum: aliRogersSpectrum(varianClinac6),
  spectrumName: "Ali and Rogers, Varian Clinac 6 MV, lines every 0.25 MeV",
  sidesCm: [3, 5, 10, 20],
  ssdCm: 100,
  binCm: 0.1,
  /** Doses are averages over this depth about the point. */
  windowCm: 0.4,
  batches: 40,
  cutoffs: { photonMev: 0.02, electronMev: 0.1 },
  depthsCm: [4, 5, 6, 8, 10, 12, 14, 15.5, 16, 18, 20, 25],
  waterDepthsCm: [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 14, 15, 15.5, 16, 18, 20, 25, 30],
} as const;
