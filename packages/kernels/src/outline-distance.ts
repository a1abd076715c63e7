/** Points of a map that share the search for the edges near them, along each side. */
const tile = 8;

/**
 * Distances of the points of a map from closed lines, positive inside by the even-odd rule; exact.
 *
 * Edges are asked of a tile of points at a time: one that is farther from the middle of the tile than the nearest, by
 * more than its whole diagonal, is nearest to none of its points.
 *
 * @param loops   x, y of each point, mm; the last is followed by the first
 * @param start   of the first point of the map, mm
 * @param step    between points, mm
 * @returns       mm, width · height, x fastest
 */
export function outlineDistances(loops: readonly Float64Array[], start: readonly [number, number], step: number, width: number, height: number): Float64Array {
  const edges = edgesOf(loops);
  const distances = new Float64Array(width * height);
  const near = new Int32Array(edges.length / 4);
  const away = new Float64Array(near.length);
  const reach = tile * step * Math.SQRT1_2;
  for (let top = 0; top < height; top += tile) {
    for (let left = 0; left < width; left += tile) {
      const middle = [start[0] + (left + tile / 2) * step, start[1] + (top + tile / 2) * step] as const;
      let nearest = Infinity;
      for (let e = 0; e < away.length; e++) {
        const distance = Math.sqrt(squaredDistance(edges, e, middle[0], middle[1]));
        away[e] = distance;
        if (distance < nearest) nearest = distance;
      }
      let count = 0;
      for (let e = 0; e < away.length; e++) if ((away[e] as number) <= nearest + 2 * reach) near[count++] = e;
      for (let j = top; j < Math.min(height, top + tile); j++) {
        for (let i = left; i < Math.min(width, left + tile); i++) {
          let least = Infinity;
          for (let n = 0; n < count; n++) least = Math.min(least, squaredDistance(edges, near[n] as number, start[0] + i * step, start[1] + j * step));
          distances[j * width + i] = Math.sqrt(least);
        }
      }
    }
  }
  return signed(distances, edges, start, step, width, height);
}

/** Edges: x, y of their beginning, and the way to their end. */
function edgesOf(loops: readonly Float64Array[]): Float64Array {
  const edges = new Float64Array(2 * loops.reduce((sum, loop) => sum + loop.length, 0));
  let e = 0;
  for (const loop of loops) {
    for (let i = 0, j = loop.length - 2; i < loop.length; j = i, i += 2, e += 4) {
      const [x, y] = [loop[j] as number, loop[j + 1] as number];
      edges.set([x, y, (loop[i] as number) - x, (loop[i + 1] as number) - y], e);
    }
  }
  return edges;
}

function squaredDistance(edges: Float64Array, edge: number, x: number, y: number): number {
  const e = 4 * edge;
  const dx = edges[e + 2] as number;
  const dy = edges[e + 3] as number;
  const px = x - (edges[e] as number);
  const py = y - (edges[e + 1] as number);
  const part = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
  return (px - part * dx) ** 2 + (py - part * dy) ** 2;
}

/** Turns the distances of points outside: those with an even number of crossings to their left. */
function signed(distances: Float64Array, edges: Float64Array, [left, top]: readonly [number, number], step: number, width: number, height: number): Float64Array {
  for (let j = 0; j < height; j++) {
    const y = top + j * step;
    const crossings: number[] = [];
    for (let e = 0; e < edges.length; e += 4) {
      const from = edges[e + 1] as number;
      const dy = edges[e + 3] as number;
      if (from > y !== from + dy > y) crossings.push((edges[e] as number) + ((edges[e + 2] as number) * (y - from)) / dy);
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0, passed = 0; i < width; i++) {
      const x = left + i * step;
      while (passed < crossings.length && (crossings[passed] as number) <= x) passed++;
      if (passed % 2 === 0) distances[j * width + i] = -(distances[j * width + i] as number);
    }
  }
  return distances;
}
