/** A discrete Fourier transform of one length, in place: real and imaginary parts, not scaled in either direction. */
export type Fourier = (re: Float64Array, im: Float64Array, inverse?: boolean) => void;

/** Radices of a length: fours first, then twos and threes; undefined where another prime is left. */
export function radicesOf(length: number): readonly number[] | undefined {
  const radices: number[] = [];
  let left = length;
  for (const radix of [4, 2, 3]) {
    while (left % radix === 0) {
      radices.push(radix);
      left /= radix;
    }
  }
  return left === 1 ? radices : undefined;
}

/**
 * A transform of a length whose only primes are 2 and 3, in Stockham's order: each pass writes where the next one reads.
 *
 * @throws RangeError for another length
 */
export function fourierOf(length: number): Fourier {
  const radices = radicesOf(length);
  if (radices === undefined) throw new RangeError(`No transform of length ${length}: only products of 2 and 3.`);
  const cos = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  const sin = Float64Array.from({ length }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
  let [fromRe, fromIm, toRe, toIm] = Array.from({ length: 4 }, () => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  return (re, im, inverse = false) => {
    // Exchanging the parts before and after turns the transform around.
    fromRe.set(inverse ? im : re);
    fromIm.set(inverse ? re : im);
    let n = length;
    let stride = 1;
    for (const radix of radices) {
      const m = n / radix;
      for (let p = 0; p < m; p++) {
        for (let j = 0; j < radix; j++) {
          const to = stride * (radix * p + j);
          toRe.fill(0, to, to + stride);
          toIm.fill(0, to, to + stride);
          for (let k = 0; k < radix; k++) {
            const at = stride * (p + m * k);
            const turn = (j * at) % length;
            const c = cos[turn] as number;
            const s = sin[turn] as number;
            for (let q = 0; q < stride; q++) {
              const x = fromRe[at + q] as number;
              const y = fromIm[at + q] as number;
              toRe[to + q] = (toRe[to + q] as number) + x * c - y * s;
              toIm[to + q] = (toIm[to + q] as number) + x * s + y * c;
            }
          }
        }
      }
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
      n = m;
      stride *= radix;
    }
    re.set(inverse ? fromIm : fromRe);
    im.set(inverse ? fromRe : fromIm);
  };
}

/**
 * A transform in two dimensions, in place.
 *
 * @param size  nx, ny; x fastest
 * @throws      RangeError where a size has other primes than 2 and 3
 */
export function fourier2Of([nx, ny]: readonly [number, number]): Fourier {
  const [alongX, alongY] = [fourierOf(nx), fourierOf(ny)];
  const [columnRe, columnIm] = [new Float64Array(ny), new Float64Array(ny)];
  return (re, im, inverse) => {
    for (let j = 0; j < ny; j++) alongX(re.subarray(j * nx, (j + 1) * nx), im.subarray(j * nx, (j + 1) * nx), inverse);
    for (let i = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) {
        columnRe[j] = re[j * nx + i] as number;
        columnIm[j] = im[j * nx + i] as number;
      }
      alongY(columnRe, columnIm, inverse);
      for (let j = 0; j < ny; j++) {
        re[j * nx + i] = columnRe[j] as number;
        im[j * nx + i] = columnIm[j] as number;
      }
    }
  };
}
