/** Chance that is the same on every machine: integer hashes only, no transcendental function. */

/** A 32-bit hash of up to four integers. */
export function hash(a: number, b = 0, c = 0, d = 0): number {
  let h = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca77) ^ Math.imul(c | 0, 0xc2b2ae3d) ^ Math.imul(d | 0, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Hash of a text. */
export function hashText(text: string, seed = 0): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) h = hash(h, text.charCodeAt(i), i);
  return h >>> 0;
}

/** Draws from 0 to 1, one after another. */
export function draws(seed: number): () => number {
  let n = 0;
  return () => hash(seed, ++n, 0x51ed) / 4294967296;
}

/** Value noise, −1 to 1, with features about one unit long; continuous with its gradient. */
export function lumps(x: number, y: number, z: number, seed: number): number {
  const i = Math.floor(x), j = Math.floor(y), k = Math.floor(z);
  const u = x - i, v = y - j, w = z - k;
  const a = u * u * (3 - 2 * u), b = v * v * (3 - 2 * v), c = w * w * (3 - 2 * w);
  const corner = (p: number, q: number, r: number) => hash(i + p, j + q, k + r, seed) / 2147483648 - 1;
  const edge = (q: number, r: number) => {
    const first = corner(0, q, r);
    return first + a * (corner(1, q, r) - first);
  };
  const face = (r: number) => {
    const first = edge(0, r);
    return first + b * (edge(1, r) - first);
  };
  const first = face(0);
  return first + c * (face(1) - first);
}

/**
 * A tile of scanner noise, mean 0 and standard deviation 1, slightly correlated as after a reconstruction kernel; it
 * repeats without a seam.
 *
 * @param side   edge of the tile, a power of two
 * @param seed   whole number
 * @param reachX weight of each neighbour along x
 * @param reachY weight of each neighbour along y
 */
export function noiseTile(side: number, seed: number, reachX: number, reachY: number): Float32Array {
  const white = new Float32Array(side * side);
  // Four uniform draws: near to a normal distribution, and exact everywhere.
  for (let i = 0; i < white.length; i++) {
    let sum = -2;
    for (let n = 0; n < 4; n++) sum += hash(seed, i, n) / 4294967296;
    white[i] = sum;
  }
  const mask = side - 1;
  const tile = new Float32Array(side * side);
  let power = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (dx: number, dy: number) => white[((y + dy) & mask) * side + ((x + dx) & mask)] ?? 0;
      const value = at(0, 0) + reachX * (at(-1, 0) + at(1, 0)) + reachY * (at(0, -1) + at(0, 1));
      tile[y * side + x] = value;
      power += value * value;
    }
  }
  const scale = 1 / Math.sqrt(power / tile.length);
  return tile.map((value) => value * scale);
}
