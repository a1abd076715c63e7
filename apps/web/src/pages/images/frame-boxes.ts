type Size = { readonly width: number; readonly height: number };
/** Left, top, right and bottom of a box, CSS px. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** What stands in the corners of a view: its name, SYNTHETIC, the values under the cursor and the scale. */
export const frameBoxes = ({ width, height }: Size): readonly Box[] => [[0, 0, 130, 44], [width - 90, 0, width, 24], [0, height - 44, 150, height], [width - 110, height - 32, width, height]];

/** Where the letters of the patient's sides stand. */
export const letterBoxes = ({ width, height }: Size): readonly Box[] => [
  [width / 2 - 13, 4, width / 2 + 13, 24], [width / 2 - 13, height - 24, width / 2 + 13, height - 3],
  [4, height / 2 - 12, 30, height / 2 + 12], [width - 30, height / 2 - 12, width - 4, height / 2 + 12],
];

/** The parts of a straight line from 0 to its end that no stretch covers. */
export function clearParts(end: number, covered: readonly (readonly [from: number, to: number])[]): [from: number, to: number][] {
  const parts: [number, number][] = [];
  let at = 0;
  for (const [from, to] of [...covered].sort((a, b) => a[0] - b[0])) {
    if (from > at) parts.push([at, Math.min(from, end)]);
    at = Math.max(at, to);
  }
  if (at < end) parts.push([at, end]);
  return parts;
}
