import { gridOf, type Volume } from "@hapax/base";
import { figure2Levels, percentLevels, picture, planeAlong, planeThrough, zoomed, type Scene, type ViewPlane } from "@hapax/figures";
import { planeRenderer } from "@hapax/figures/webgl";

/** One picture drawn twice. */
export interface Compared {
  readonly name: string;
  readonly pixels: number;
  /** Pixels of which a color differs by more than 1 of 255. */
  readonly apart: number;
  readonly largest: number;
  readonly colors: number;
}

const frameOfReference = "1";
const grid = gridOf({ size: [61, 47, 33], origin: [-120, -92, -80], spacing: [4, 4, 5], frameOfReference });
const noise = (i: number) => ((Math.imul(i + 1, 2654435761) >>> 16) % 401) - 200;
const count = 61 * 47 * 33;
const wave = (i: number) => 800 * Math.sin(i / 900) + noise(i);

const ct: Volume = { grid, values: Int16Array.from({ length: count }, (_, i) => wave(i)), slope: 1, intercept: 0, unit: "HU" };
const pet: Volume = { grid, values: Uint16Array.from({ length: count }, (_, i) => 32768 + 20 * wave(i)), slope: 0.0003, intercept: -3, unit: "SUVbw" };
const holed: Volume = { ...ct, values: Float32Array.from({ length: count }, (_, i) => (i % 97 === 0 ? Number.NaN : wave(i))) };
const doseGrid = gridOf({ size: [40, 30, 28], origin: [-98.63, -71.41, -70.7], spacing: [5, 5, 5.3], frameOfReference });
const dose: Volume = {
  grid: doseGrid, slope: 1, intercept: 0, unit: "Gy",
  values: Float32Array.from({ length: 40 * 30 * 28 }, (_, i) => 23 - 0.05 * Math.hypot((i % 40) - 20, (Math.floor(i / 40) % 30) - 15, Math.floor(i / 1200) - 14) ** 2),
};

const window = { center: 35, width: 420 };
const size = { width: 211, height: 173 };
const washed = { volume: dose, scheme: percentLevels, referenceGy: 20 };
const scenes: Readonly<Record<string, Scene>> = {
  "a CT": { image: { volume: ct, window } },
  "a CT of nearest voxels, inverted": { image: { volume: ct, window: { ...window, inverse: true }, interpolation: "nearest" } },
  "dose on a CT": { image: { volume: ct, window }, dose: washed },
  "dose of the report's bands": { image: { volume: ct, window }, dose: { ...washed, scheme: figure2Levels, washShare: 0.6 } },
  "PET on a CT": { image: { volume: ct, window }, fusion: { volume: pet, range: [0, 10], colors: "hot iron", share: 0.5 } },
  "PET alone": { image: { volume: pet, window: { center: 4, width: 8, law: "LINEAR_EXACT", inverse: true } } },
  "unknown voxels": { image: { volume: holed, window }, dose: washed },
};
const planes: Readonly<Record<string, ViewPlane>> = {
  axial: planeThrough("axial", grid, [3, 5, 7], size),
  coronal: planeThrough("coronal", grid, [3, 5, 7], size),
  sagittal: zoomed(planeThrough("sagittal", grid, [3, 5, 7], size), 2.3, [80, 60]),
  oblique: planeAlong({ right: [1, 0.3, -0.2], down: [0.1, 1, -0.7] }, grid, [3, 5, 7], size),
};

/** Draws every scene on every plane with both renderers. */
export function compareAll(): { readonly hardware: string; readonly software: boolean; readonly compared: readonly Compared[] } {
  const renderer = planeRenderer(document.createElement("canvas"));
  if (renderer === undefined) throw new Error("This browser has no WebGL2.");
  const compared = Object.entries(scenes).flatMap(([scene, layers]) =>
    Object.entries(planes).map(([name, plane]): Compared => {
      renderer.draw(layers, plane);
      return { name: `${scene}, ${name}`, ...difference(renderer.pixels(), picture(layers, plane).rgba) };
    }),
  );
  return { hardware: renderer.hardware.name, software: renderer.hardware.software, compared };
}

function difference(one: Uint8ClampedArray, two: Uint8ClampedArray): Omit<Compared, "name"> {
  let [apart, largest] = [0, 0];
  const colors = new Set<number>();
  for (let i = 0; i < two.length; i += 4) {
    let most = 0;
    for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs((one[i + c] as number) - (two[i + c] as number)));
    if (most > 1) apart++;
    largest = Math.max(largest, most);
    colors.add(((two[i] as number) << 16) | ((two[i + 1] as number) << 8) | (two[i + 2] as number));
  }
  return { pixels: two.length / 4, apart, largest, colors: colors.size };
}
