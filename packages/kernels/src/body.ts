type Triple = readonly [number, number, number];

/** What counts as body in an image. */
export interface BodyCriteria {
  /** Voxels from this value on are solid. */
  readonly threshold: number;
  /** Solid things thinner than twice this are no body: covers and tops of couches, tubes, mm. */
  readonly openingMm: number;
  /** Parts smaller than this share of the largest are left out. */
  readonly leastPart: number;
}

/**
 * Finds a body in an image: what is solid and thick, in parts of some size, with all that it encloses in each plane of the
 * first two axes (lungs, bowel). Beyond the image it is taken to go on.
 *
 * @param values   one number per voxel, x fastest; NaN is not solid
 * @param spacing  distances of neighbors along the axes, mm
 * @returns        1 in the body
 */
export function bodyOf(values: Float32Array, size: Triple, spacing: Triple, { threshold, openingMm, leastPart }: BodyCriteria): Uint8Array {
  const solid = new Uint8Array(values.length);
  for (let i = 0; i < solid.length; i++) if ((values[i] as number) >= threshold) solid[i] = 1;
  const reach = spacing.map((step) => Math.max(1, Math.round(openingMm / step))) as unknown as Triple;
  const core = largestParts(counted(solid, size, reach, "all"), size, leastPart);
  // One voxel more than was taken off: the rim of a rounded body is lost to the box that was moved through it.
  const grown = counted(core, size, reach.map((n) => n + 1) as unknown as Triple, "any");
  return filled(grown.map((one, i) => one & (solid[i] as number)), size);
}

/** Voxels with all, or any, of the box of `reach` around them set; beyond the image `all` holds and `any` does not. */
function counted(mask: Uint8Array, size: Triple, reach: Triple, which: "all" | "any"): Uint8Array {
  // All of them set is none of them clear.
  const sought = which === "any" ? 1 : 0;
  let hit = mask.map((one) => (one === sought ? 1 : 0));
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const [n, stride, h] = [size[axis], strides[axis], reach[axis]];
    const next = new Uint8Array(hit.length);
    // All lines of a block side by side, so that memory is read in its order.
    const inWindow = new Int32Array(stride);
    for (let block = 0; block < hit.length; block += n * stride) {
      inWindow.fill(0);
      // From before the line on, so that the window fills.
      for (let i = -h; i < n; i++) {
        const [entering, leaving] = [block + (i + h) * stride, block + (i - h - 1) * stride];
        for (let line = 0; line < stride; line++) {
          let inside = inWindow[line] as number;
          if (i + h < n) inside += hit[entering + line] as number;
          if (i > h) inside -= hit[leaving + line] as number;
          inWindow[line] = inside;
          if (i >= 0 && inside > 0) next[block + i * stride + line] = 1;
        }
      }
    }
    hit = next;
  }
  return which === "any" ? hit : hit.map((one) => 1 - one);
}

/** The connected parts, by faces, of at least a share of the largest. */
function largestParts(mask: Uint8Array, size: Triple, least: number): Uint8Array {
  const names = new Int32Array(mask.length);
  const counts: number[] = [];
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 1 && names[seed] === 0) counts.push(spread(names, counts.length + 1, [seed], (i) => mask[i] === 1, size, [0, 1, 2]));
  }
  const smallest = least * counts.reduce((most, count) => Math.max(most, count), 0);
  return mask.map((one, i) => (one === 1 && (counts[(names[i] as number) - 1] as number) >= smallest ? 1 : 0));
}

/** What no path outside the mask joins to the rim of its plane. */
function filled(mask: Uint8Array, size: Triple): Uint8Array {
  const [nx, ny, nz] = size;
  const outside = new Int32Array(mask.length);
  for (let k = 0; k < nz; k++) {
    const seeds: number[] = [];
    for (let i = 0; i < nx * ny; i++) {
      const x = i % nx;
      const y = (i - x) / nx;
      if ((x === 0 || y === 0 || x === nx - 1 || y === ny - 1) && mask[i + k * nx * ny] === 0) seeds.push(i + k * nx * ny);
    }
    spread(outside, 1, seeds, (i) => mask[i] === 0, size, [0, 1]);
  }
  return mask.map((_, i) => (outside[i] === 0 ? 1 : 0));
}

/** Gives a name to all voxels that a path along some axes joins to the seeds; how many there are. */
function spread(names: Int32Array, name: number, seeds: readonly number[], passes: (voxel: number) => boolean, size: Triple, axes: readonly (0 | 1 | 2)[]): number {
  const strides = [1, size[0], size[0] * size[1]] as const;
  const open: number[] = [];
  let count = 0;
  const visit = (voxel: number) => {
    if (names[voxel] !== 0 || !passes(voxel)) return;
    names[voxel] = name;
    count++;
    open.push(voxel);
  };
  for (const seed of seeds) visit(seed);
  for (let voxel = open.pop(); voxel !== undefined; voxel = open.pop()) {
    for (const axis of axes) {
      const at = Math.floor(voxel / strides[axis]) % size[axis];
      if (at > 0) visit(voxel - strides[axis]);
      if (at + 1 < size[axis]) visit(voxel + strides[axis]);
    }
  }
  return count;
}
