/** What lines of equal value are drawn around. */
export interface IsolineOptions {
  /** Value that stands beyond the border, so that every line closes; left out, lines end at the border. */
  readonly beyond?: number;
}

/**
 * Lines of equal value of a picture by marching squares: crossings lie where linear interpolation between two
 * neighbors meets the level. Higher values lie to the right of the way a line runs, with y down. Where the corners of
 * a cell alternate, the mean of the four decides what hangs together. Cells with NaN have no lines: they end there.
 *
 * @param values  width × height numbers, x fastest
 * @param levels  any numbers; a value that equals the level counts as above
 * @returns       per level its lines as x, y, x, y … in px, (0, 0) the center of the first pixel; a closed line ends
 *                on its first point
 */
export function isolines(values: Float32Array | Float64Array, width: number, height: number, levels: readonly number[], options: IsolineOptions = {}): Float64Array[][] {
  if (options.beyond !== undefined) {
    const lines = isolines(framed(values, width, height, options.beyond), width + 2, height + 2, levels);
    for (const line of lines.flat()) for (let i = 0; i < line.length; i++) line[i] = (line[i] as number) - 1;
    return lines;
  }
  const trace = tracer(values, width, height);
  return crossedCells(values, width, height, levels).map((cells, l) => trace(cells, levels[l] as number));
}

function framed(values: Float32Array | Float64Array, width: number, height: number, beyond: number): Float64Array {
  const wide = new Float64Array((width + 2) * (height + 2)).fill(beyond);
  for (let y = 0; y < height; y++) wide.set(values.subarray(y * width, (y + 1) * width), (y + 1) * (width + 2) + 1);
  return wide;
}

/** Per level the cells, named by their first corner, whose corners lie on both sides of it. */
function crossedCells(values: Float32Array | Float64Array, width: number, height: number, levels: readonly number[]): number[][] {
  const cells = levels.map((): number[] => []);
  const rising = levels.map((_, l) => l).sort((a, b) => (levels[a] as number) - (levels[b] as number));
  const reached = levelsReached(values, Float64Array.from(rising, (l) => levels[l] as number));
  for (let y = 0; y + 1 < height; y++) {
    let b = reached[y * width] as number;
    let d = reached[(y + 1) * width] as number;
    for (let x = 0, i = y * width; x + 1 < width; x++, i++) {
      const a = b;
      const c = d;
      b = reached[i + 1] as number;
      d = reached[i + width + 1] as number;
      if (a === b && a === c && a === d) continue;
      const fewest = Math.min(a, b, c, d);
      if (fewest < 0) continue;
      const most = Math.max(a, b, c, d);
      for (let k = fewest; k < most; k++) (cells[rising[k] as number] as number[]).push(i);
    }
  }
  return cells;
}

/** Room that one picture after another works in; between two of them `next` is all −1 and `entered` all 0. */
const room = { reached: new Int16Array(0), next: new Int32Array(0), entered: new Uint8Array(0) };

/** How many of the rising levels each value has reached; −1 for NaN. */
function levelsReached(values: Float32Array | Float64Array, rising: Float64Array): Int16Array {
  if (room.reached.length < values.length) room.reached = new Int16Array(values.length);
  const { reached } = room;
  let k = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // Neighbors are alike: the search begins where the last one ended.
    while (k < rising.length && value >= (rising[k] as number)) k++;
    while (k > 0 && value < (rising[k - 1] as number)) k--;
    reached[i] = value === value ? k : -1;
  }
  return reached;
}

/**
 * Joins the pieces of cells to lines. An edge of the lattice is named by twice the pixel where it begins, plus one if it
 * runs down; each is left by at most one piece and entered by at most one.
 */
function tracer(values: Float32Array | Float64Array, width: number, height: number) {
  const edges = 2 * width * height;
  if (room.next.length < edges) Object.assign(room, { next: new Int32Array(edges).fill(-1), entered: new Uint8Array(edges) });
  const { next, entered } = room;
  const starts: number[] = [];
  const piece = (from: number, to: number) => {
    next[from] = to;
    entered[to] = 1;
    starts.push(from);
  };
  const cross = (cell: number, level: number) => {
    const [a, b, c, d] = [values[cell] as number, values[cell + 1] as number, values[cell + width] as number, values[cell + width + 1] as number];
    const [top, left, bottom, right] = [2 * cell, 2 * cell + 1, 2 * (cell + width), 2 * (cell + 1) + 1];
    const together = (a + b + c + d) / 4 >= level;
    // Corners: a top left 1, b top right 2, c bottom left 4, d bottom right 8.
    switch ((a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0)) {
      case 1: return piece(top, left);
      case 2: return piece(right, top);
      case 3: return piece(right, left);
      case 4: return piece(left, bottom);
      case 5: return piece(top, bottom);
      case 6: return together ? (piece(left, top), piece(right, bottom)) : (piece(right, top), piece(left, bottom));
      case 7: return piece(right, bottom);
      case 8: return piece(bottom, right);
      case 9: return together ? (piece(bottom, left), piece(top, right)) : (piece(top, left), piece(bottom, right));
      case 10: return piece(bottom, top);
      case 11: return piece(bottom, left);
      case 12: return piece(left, right);
      case 13: return piece(top, right);
      case 14: return piece(left, top);
    }
  };
  const crossing = (edge: number, level: number, line: number[]) => {
    const from = edge >> 1;
    const down = edge & 1;
    const a = values[from] as number;
    const b = values[down === 1 ? from + width : from + 1] as number;
    const t = (level - a) / (b - a);
    const x = (from % width) + (down === 1 ? 0 : t);
    const y = Math.floor(from / width) + (down === 1 ? t : 0);
    // A value that equals the level puts crossings of several edges on one point.
    if (line[line.length - 2] !== x || line[line.length - 1] !== y) line.push(x, y);
  };
  const follow = (start: number, level: number): Float64Array => {
    const line: number[] = [];
    let edge = start;
    while (edge !== -1) {
      crossing(edge, level, line);
      const after = next[edge] as number;
      next[edge] = -1;
      if (after === start) {
        crossing(start, level, line);
        break;
      }
      edge = after;
    }
    return Float64Array.from(line);
  };
  return (cells: readonly number[], level: number): Float64Array[] => {
    starts.length = 0;
    for (const cell of cells) cross(cell, level);
    const open = starts.filter((edge) => entered[edge] === 0);
    const ends = starts.map((edge) => next[edge] as number);
    const lines = [...open, ...starts].flatMap((edge) => (next[edge] === -1 ? [] : [follow(edge, level)]));
    for (const edge of ends) entered[edge] = 0;
    return lines.filter((line) => line.length >= 4);
  };
}
