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
export function placeLabels(curves: readonly PxCurve[], width: number, height: number): PlacedLabel[] {
  const placed: (PlacedLabel & { readonly half: number })[] = [];
  for (const curve of curves) {
    const half = (curve.name.length * pxPerLetter) / 2;
    let best: { x: number; y: number; free: number } | undefined;
    for (const [x, on] of curve.points) {
      if (x < half + 2 || x > width - half - 2) continue;
      for (const y of [on - 4, on + lineHeight + 1]) {
        if (y < lineHeight || y > height - 2) continue;
        const free = Math.min(24, ...curves.map((c) => gap(c, x, y, half)), ...placed.map((p) => apart(p, x, y, half)));
        if (best === undefined || free > best.free + 0.5) best = { x, y, free };
      }
    }
    if (best !== undefined && best.free > 0) placed.push({ name: curve.name, x: best.x, y: best.y, half });
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
