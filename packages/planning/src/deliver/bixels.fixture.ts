import type { BeamBixels } from "@hapax/dose";

/** Bixels whose middles lie within an ellipse around the axis, row by row, as an operator has them. */
export function ellipseOfBixels(xMm: number, yMm: number, bixelMm: number, firstWeight = 0): BeamBixels {
  const centersMm: number[] = [];
  const within = Math.ceil(Math.max(xMm, yMm) / bixelMm) + 1;
  for (let j = -within; j < within; j++) {
    for (let i = -within; i < within; i++) {
      const [x, y] = [(i + 0.5) * bixelMm, (j + 0.5) * bixelMm];
      if ((x / xMm) ** 2 + (y / yMm) ** 2 <= 1) centersMm.push(x, y);
    }
  }
  return { firstWeight, centersMm: Float32Array.from(centersMm) };
}

/** A fluence of hills and a hole, 0 to about 9. */
export function hilly({ centersMm }: BeamBixels): Float32Array {
  return Float32Array.from({ length: centersMm.length / 2 }, (_, bixel) => {
    const [x, y] = [centersMm[2 * bixel] as number, centersMm[2 * bixel + 1] as number];
    return Math.max(0, 4 + 3 * Math.sin(x / 12) + 2 * Math.cos(y / 9 + x / 20) - (Math.hypot(x - 15, y) < 14 ? 5 : 0));
  });
}
