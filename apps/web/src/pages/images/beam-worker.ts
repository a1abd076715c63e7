import type { Volume } from "@hapax/base";
import { radiographOf, radiographPixels, shadowsOf, type BeamsEye, type OutlinedStructure, type StructureOutline } from "@hapax/figures";

/** The scan that beams pass; sent once. */
export interface BeamScan {
  readonly scan: Volume;
}

/** What one view asks. */
export interface BeamWork {
  readonly turn: number;
  readonly view: BeamsEye;
  readonly structures: readonly OutlinedStructure[];
}

/** What comes back: the radiograph, coarse and then fine, then the shadows of the structures. */
export interface BeamAnswer {
  readonly turn: number;
  readonly pixels?: { readonly rgba: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number };
  readonly shadows?: readonly StructureOutline[];
}

/** A first picture of this share of the px shows at once what will be there. */
const coarse = 4;
const rowsAtOnce = 24;
let scan: Volume | undefined;
let latest = 0;

self.addEventListener("message", ({ data }: MessageEvent<BeamScan | BeamWork>) => {
  if ("scan" in data) scan = data.scan;
  else if (scan !== undefined) void draw(scan, data);
});

async function draw(volume: Volume, { turn, view, structures }: BeamWork): Promise<void> {
  latest = turn;
  const small = { ...view, width: Math.ceil(view.width / coarse), height: Math.ceil(view.height / coarse), mmPerPx: view.mmPerPx * coarse };
  tell(turn, small.width, small.height, radiographOf(volume, small));
  const out = new Float32Array(view.width * view.height);
  for (let from = 0; from < view.height; from += rowsAtOnce) {
    radiographOf(volume, view, { from, to: Math.min(view.height, from + rowsAtOnce), out });
    // A later view may be waiting: it is heard between two parts.
    await new Promise((go) => setTimeout(go));
    if (latest !== turn) return;
  }
  tell(turn, view.width, view.height, out);
  const answer: BeamAnswer = { turn, shadows: shadowsOf(structures, view) };
  postMessage(answer);
}

function tell(turn: number, width: number, height: number, waterMm: Float32Array): void {
  const rgba = radiographPixels(waterMm, width);
  const answer: BeamAnswer = { turn, pixels: { rgba, width, height } };
  postMessage(answer, { transfer: [rgba.buffer] });
}
