import { plainMachine } from "./head.fixture.ts";
import type { HeadFluence } from "./fluence.ts";
import type { Machine, Spectrum } from "./machine.ts";

/** A source that is a point: no width, no scatter of the head, no electrons, level off axis, nothing beside the opening. */
export function pointMachine(spectrum: Spectrum): Machine {
  const plain = plainMachine();
  return { ...plain, id: "point", name: "Point", primary: { ...plain.primary, spectrum, blurMm: [0, 0] }, extraFocal: { ...plain.extraFocal, weight: 0 }, contamination: { ...plain.contamination, weight: 0 } };
}

/** What it sends through an opening with sharp edges, mm at the isocenter; edges lie between pixels. */
export function sharpOpening(x: readonly [number, number], y: readonly [number, number], pixelMm = 1): HeadFluence {
  const marginPixels = 10;
  const first = (from: number) => from - (marginPixels - 0.5) * pixelMm;
  const count = ([from, to]: readonly [number, number]) => Math.round((to - from) / pixelMm) + 2 * marginPixels;
  const size = [count(x), count(y)] as const;
  const open = (n: number, pixels: number) => n >= marginPixels && n < pixels - marginPixels;
  const values = Float32Array.from({ length: size[0] * size[1] }, (_, i) => (open(i % size[0], size[0]) && open(Math.floor(i / size[0]), size[1]) ? 1 : 0));
  const nothing = { size: [1, 1], spacingMm: 1, originMm: [0, 0], values: new Float32Array(1) } as const;
  return { primary: { size, spacingMm: pixelMm, originMm: [first(x[0]), first(y[0])], values }, extraFocal: nothing, electrons: nothing };
}
