/** Bytes of one RLE segment (PackBits, PS3.5 G.3); undefined when it does not give exactly `length` bytes. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, step: number, length: number): boolean {
  let [at, made] = [0, 0];
  while (made < length) {
    const control = packed[at++];
    if (control === undefined) return false;
    if (control === 128) continue;
    const run = control > 128;
    const count = run ? 257 - control : control + 1;
    if (made + count > length || at + (run ? 1 : count) > packed.length) return false;
    for (let i = 0; i < count; i++) out[first + (made + i) * step] = packed[run ? at : at + i] as number;
    at += run ? 1 : count;
    made += count;
  }
  return true;
}

/**
 * One frame of RLE Lossless.
 *
 * @param frame    header of 64 bytes and its segments
 * @param pixels   Rows × Columns
 * @param samples  per pixel
 * @param bytes    of a sample, 1 to 4
 * @returns        samples of a pixel side by side, little endian; undefined when the segments do not give exactly this
 */
export function decodeRle(frame: Uint8Array, pixels: number, samples: number, bytes: number): Uint8Array | undefined {
  const segments = samples * bytes;
  // A run of 2 bytes gives at most 128.
  if (frame.length < 64 || pixels * segments > frame.length * 64) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (view.getUint32(0, true) !== segments) return undefined;
  const out = new Uint8Array(pixels * segments);
  for (let s = 0; s < segments; s++) {
    const start = view.getUint32(4 + 4 * s, true);
    const end = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : frame.length;
    // Segments hold the most significant bytes first.
    const first = Math.floor(s / bytes) * bytes + (bytes - 1 - (s % bytes));
    if (start < 64 || end < start || end > frame.length || !unpack(frame.subarray(start, end), out, first, segments, pixels)) return undefined;
  }
  return out;
}

/** PackBits of one run of bytes. */
function pack(bytes: Uint8Array): number[] {
  const out: number[] = [];
  let at = 0;
  const runAt = (i: number) => {
    let n = 1;
    while (n < 128 && i + n < bytes.length && bytes[i + n] === bytes[i]) n++;
    return n;
  };
  while (at < bytes.length) {
    const run = runAt(at);
    if (run > 1) {
      out.push(257 - run, bytes[at] as number);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < bytes.length && end - at < 128 && runAt(end) < 3) end++;
    out.push(end - at - 1, ...bytes.subarray(at, end));
    at = end;
  }
  if (out.length % 2 === 1) out.push(0);
  return out;
}

/**
 * One frame as RLE Lossless.
 *
 * @param frame    samples of a pixel side by side, little endian
 * @param samples  per pixel
 * @param bytes    of a sample
 */
export function encodeRle(frame: Uint8Array, samples: number, bytes: number): Uint8Array {
  const segments = samples * bytes;
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments, true);
  const body: number[] = [];
  for (let s = 0; s < segments; s++) {
    header.setUint32(4 + 4 * s, 64 + body.length, true);
    const first = Math.floor(s / bytes) * bytes + (bytes - 1 - (s % bytes));
    const plane = Uint8Array.from({ length: frame.length / segments }, (_, i) => frame[first + i * segments] as number);
    for (const byte of pack(plane)) body.push(byte);
  }
  const out = new Uint8Array(64 + body.length);
  out.set(new Uint8Array(header.buffer));
  out.set(body, 64);
  return out;
}
