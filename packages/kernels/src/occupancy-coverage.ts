/** Lines scanned per row of pixels, at least. */
const linesPerRow = 8;

/**
 * Share of each pixel that lies inside closed polygons by the even-odd rule: holes as own loops, keyholes and islands
 * alike. Lines are scanned between the heights of the vertices, and each is measured exactly along its length: the area
 * of a polygon is exact to rounding, and edges along pixels are exact; an oblique edge gives a pixel its share to 1/32.
 *
 * @param loops   x, y of each point, in pixels; pixel i reaches from i to i + 1
 * @param width   pixels along x
 * @param height  pixels along y
 * @returns       0 to 1, x fastest; what lies outside the picture is left out
 */
export function polygonCoverage(loops: readonly Float64Array[], width: number, height: number): Float32Array {
  const covered = new Float32Array(width * height);
  const edges = edgesOf(loops);
  const share = new Float64Array(width + 1);
  const change = new Float64Array(width + 2);
  let active: Edge[] = [];
  let next = 0;
  for (let row = 0; row < height; row++) {
    active = active.filter((edge) => edge.bottom > row);
    for (; next < edges.length && (edges[next] as Edge).top < row + 1; next++) {
      if ((edges[next] as Edge).bottom > row) active.push(edges[next] as Edge);
    }
    if (active.length === 0) continue;
    scanRow(active, row, width, share, change);
    let inner = 0;
    for (let x = 0; x < width; x++) {
      inner += change[x] as number;
      covered[row * width + x] = Math.min(1, Math.max(0, inner + (share[x] as number)));
    }
    share.fill(0);
    change.fill(0);
  }
  return covered;
}

/** An edge from its upper end (smaller y) down. */
interface Edge {
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
  readonly slope: number;
}

function edgesOf(loops: readonly Float64Array[]): Edge[] {
  const edges: Edge[] = [];
  for (const loop of loops) {
    for (let i = 0; i < loop.length; i += 2) {
      const j = (i + 2) % loop.length;
      const [x0, y0, x1, y1] = [loop[i] as number, loop[i + 1] as number, loop[j] as number, loop[j + 1] as number];
      if (y0 === y1) continue;
      const slope = (x1 - x0) / (y1 - y0);
      edges.push(y0 < y1 ? { top: y0, bottom: y1, x: x0, slope } : { top: y1, bottom: y0, x: x1, slope });
    }
  }
  return edges.sort((a, b) => a.top - b.top);
}

/** Adds the spans of a row: between the heights where an edge begins or ends, edges are straight. */
function scanRow(active: readonly Edge[], row: number, width: number, share: Float64Array, change: Float64Array): void {
  const heights = [row, row + 1];
  for (const { top, bottom } of active) {
    if (top > row) heights.push(top);
    if (bottom < row + 1) heights.push(bottom);
  }
  heights.sort((a, b) => a - b);
  const crossings: number[] = [];
  for (let band = 1; band < heights.length; band++) {
    const from = heights[band - 1] as number;
    const thickness = (heights[band] as number) - from;
    if (thickness <= 0) continue;
    const lines = Math.ceil(thickness * linesPerRow - 1e-9);
    const weight = thickness / lines;
    for (let line = 0; line < lines; line++) {
      const y = from + (line + 0.5) * weight;
      crossings.length = 0;
      for (const edge of active) if (edge.top <= y && y < edge.bottom) insert(crossings, edge.x + edge.slope * (y - edge.top));
      for (let i = 1; i < crossings.length; i += 2) addSpan(crossings[i - 1] as number, crossings[i] as number, weight, width, share, change);
    }
  }
}

function insert(sorted: number[], value: number): void {
  let i = sorted.length;
  sorted.push(value);
  for (; i > 0 && (sorted[i - 1] as number) > value; i--) sorted[i] = sorted[i - 1] as number;
  sorted[i] = value;
}

/** The first and last pixel take their part; between them the running sum rises by the weight. */
function addSpan(from: number, to: number, weight: number, width: number, share: Float64Array, change: Float64Array): void {
  const a = Math.max(0, from);
  const b = Math.min(width, to);
  if (b <= a) return;
  const first = Math.floor(a);
  const last = Math.floor(b);
  if (first === last) {
    share[first] = (share[first] as number) + weight * (b - a);
    return;
  }
  share[first] = (share[first] as number) + weight * (first + 1 - a);
  share[last] = (share[last] as number) + weight * (b - last);
  change[first + 1] = (change[first + 1] as number) + weight;
  change[last] = (change[last] as number) - weight;
}
