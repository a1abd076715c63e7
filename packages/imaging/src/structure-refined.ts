import { padded, type Occupancy } from "@hapax/kernels";

type Triple = readonly [number, number, number];

/** Voxels are divided to about this, mm, and at least in two; fewer than so many voxels in all. */
const [fineMm, mostVoxels] = [1, 6_000_000];

/**
 * A structure on parts of its voxels: shares are interpolated, and inside is what lies above the level at which the
 * volume stays the same.
 *
 * @param spacing  mm
 * @returns        the structure in parts of voxels (part p of voxel i is p + i · parts), and how many parts a voxel has
 */
export function refined(inside: Occupancy, spacing: Triple): { readonly fine: Occupancy; readonly parts: Triple } {
  const box = padded(trimmed(inside), [1, 1, 1]);
  const parts = partsOf(box.size, spacing);
  const size = box.size.map((n, axis) => n * (parts[axis] as number)) as unknown as Triple;
  const share = interpolated(box, parts, size);
  const volume = inside.fraction.reduce((sum, one) => sum + one, 0) * parts[0] * parts[1] * parts[2];
  const level = levelOf(share, volume);
  return { fine: { first: box.first.map((value, axis) => value * (parts[axis] as number)) as unknown as Triple, size, fraction: sharpened(share, size, level) }, parts };
}

/** Without the empty voxels around. */
function trimmed({ first, size, fraction }: Occupancy): Occupancy {
  const low = [...size] as [number, number, number];
  const high: [number, number, number] = [0, 0, 0];
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let x = 0; x < size[0]; x++, i++) {
        if (fraction[i] === 0) continue;
        low[0] = Math.min(low[0], x);
        low[1] = Math.min(low[1], j);
        low[2] = Math.min(low[2], k);
        high[0] = Math.max(high[0], x + 1);
        high[1] = Math.max(high[1], j + 1);
        high[2] = Math.max(high[2], k + 1);
      }
    }
  }
  const inner = low.map((from, axis) => Math.max(0, (high[axis] as number) - from)) as unknown as Triple;
  const shares = new Float32Array(inner[0] * inner[1] * inner[2]);
  for (let k = 0; k < inner[2]; k++) {
    for (let j = 0; j < inner[1]; j++) {
      const from = low[0] + size[0] * (low[1] + j + size[1] * (low[2] + k));
      shares.set(fraction.subarray(from, from + inner[0]), inner[0] * (j + inner[1] * k));
    }
  }
  return { first: first.map((value, axis) => value + low[axis as 0]) as unknown as Triple, size: inner, fraction: shares };
}

function partsOf(size: Triple, spacing: Triple): Triple {
  for (let mm = fineMm; ; mm *= 1.25) {
    const parts = spacing.map((step) => Math.max(mm === fineMm ? 2 : 1, Math.ceil(step / mm - 1e-9))) as unknown as Triple;
    const voxels = size.reduce((product, n, axis) => product * n * (parts[axis] as number), 1);
    if (voxels <= mostVoxels || parts.every((one) => one === 1)) return parts;
  }
}

/** Shares between the centers of voxels, axis by axis. */
function interpolated({ size, fraction }: Occupancy, parts: Triple, fine: Triple): Float32Array {
  let values = fraction;
  const now: [number, number, number] = [...size];
  for (const axis of [0, 1, 2] as const) {
    const [inner, n, count] = [now.slice(0, axis).reduce((a, b) => a * b, 1), now[axis], fine[axis]];
    const outer = values.length / (inner * n);
    const next = new Float32Array(inner * count * outer);
    for (let to = 0; to < count; to++) {
      const at = Math.min(n - 1, Math.max(0, (to + 0.5) / parts[axis] - 0.5));
      const from = Math.min(Math.floor(at), n - 2);
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          const [a, b] = [values[i + inner * (from + n * o)] as number, values[i + inner * (from + 1 + n * o)] as number];
          next[i + inner * (to + count * o)] = a + (at - from) * (b - a);
        }
      }
    }
    [values, now[axis]] = [next, count];
  }
  return values;
}

/** Level above which so many voxels lie, in the middle where several do as well. */
function levelOf(shares: Float32Array, voxels: number): number {
  const falling = shares.filter((share) => share > 0).sort().reverse();
  const above = Math.min(falling.length, Math.max(1, Math.round(voxels)));
  return ((falling[above - 1] ?? 0) + (falling[above] ?? 0)) / 2;
}

/** Shares that fall from 1 to 0 across one voxel at a level. */
function sharpened(values: Float32Array, size: Triple, level: number): Float32Array {
  const strides = [1, size[0], size[0] * size[1]] as const;
  const across = (i: number) => {
    let width = 0;
    for (const stride of strides) width += Math.abs((values[i + stride] ?? 0) - (values[i - stride] ?? 0)) / 2;
    return width;
  };
  // Wholly in or out is most of the box; nothing lies at its border.
  return values.map((value, i) => (value <= 0 ? 0 : value >= 1 ? 1 : Math.min(1, Math.max(0, 0.5 + (value - level) / Math.max(across(i), 1e-6)))));
}

/** Parts put together to the voxels they are of. */
export function coarsened({ first, size, fraction }: Occupancy, parts: Triple): Occupancy {
  const low = first.map((value, axis) => Math.floor(value / (parts[axis] as number))) as unknown as Triple;
  const high = first.map((value, axis) => Math.ceil((value + (size[axis] as number)) / (parts[axis] as number)));
  const whole = low.map((value, axis) => (high[axis] as number) - value) as unknown as Triple;
  const shares = new Float64Array(whole[0] * whole[1] * whole[2]);
  const voxel = (axis: 0 | 1 | 2, at: number) => Math.floor((first[axis] + at) / parts[axis]) - low[axis];
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = whole[0] * (voxel(1, j) + whole[1] * voxel(2, k));
      for (let x = 0; x < size[0]; x++, i++) shares[row + voxel(0, x)]! += fraction[i] as number;
    }
  }
  const part = parts[0] * parts[1] * parts[2];
  return { first: low, size: whole, fraction: Float32Array.from(shares, (sum) => sum / part) };
}
