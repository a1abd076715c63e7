import { swollen, type Solid } from "./solid.ts";

/** A margin of up to 16 mm in every direction. */
export const margin = (solid: Solid, mm: number): Solid => swollen(solid, mm);
