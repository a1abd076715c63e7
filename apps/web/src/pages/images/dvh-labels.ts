/** A curve in px of its chart: x rising. */
export interface PxCurve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface PlacedLabel {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

const lineHeight = 11;
const pxPerLetter = 6.4;

/** A name beside each curve, where it is farthest from the other curves and names. */
export function placeLabels(curves: readonly PxCurve[], { left, top, width, height }: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }): PlacedLabel[] {
  const placed: (PlacedLabel & { readonly half: number })[] = [];
  for (const curve of curves) {
    const half = (curve.name.length * pxPerLetter) / 2;
    let best: { x: number; y: number; free: number } | undefined;
    for (const [at, on] of curve.points) {
      for (const [x, y] of [[at, on - 4], [at, on + lineHeight + 1], [at + half + 5, on + 4], [at - half - 5, on + 4]] as const) {
        if (x < left + half + 2 || x > width - half - 2 || y < lineHeight + top || y > height - 6) continue;
        const free = Math.min(24, ...curves.map((c) => gap(c, x, y, half)), ...placed.map((p) => apart(p, x, y, half)));
        if (best === undefined || free > best.free + 0.5) best = { x, y, free };
      }
    }
    if (best !== undefined && best.free > -3) placed.push({ name: curve.name, x: best.x, y: best.y, half });
  }
  return placed;
}

/** How far a curve stays away from a name, px, up and down. */
function gap({ points }: PxCurve, x: number, y: number, half: number): number {
  let least = Infinity;
  for (const [px, py] of points) {
    if (Math.abs(px - x) > half) continue;
    least = Math.min(least, py < y - lineHeight / 2 ? y - lineHeight - py : py - y - 1);
  }
  return least;
}

function apart(other: PlacedLabel & { readonly half: number }, x: number, y: number, half: number): number {
  const across = Math.abs(other.x - x) - half - other.half;
  const down = Math.abs(other.y - y) - lineHeight;
  return Math.max(across, down);
}
