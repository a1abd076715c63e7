import { coneDirection, coneDose, coneLines, leastConeDensity } from "./cone-dose.ts";
import type { ConeField, Cones } from "./cone-field.ts";
import type { WorkOptions } from "./work-options.ts";

/** A graphics card that sweeps cones, and has been seen to do it right. */
export interface GpuCones {
  /** What the card calls itself. */
  readonly name: string;
  /**
   * `coneDose` on the card.
   *
   * @returns the dose, or undefined where the card cannot: the grid is too large for it, or it was lost
   * @throws  the signal's reason, once it is aborted
   */
  dose(field: ConeField, cones: Cones, options?: WorkOptions): Promise<Float32Array | undefined>;
  close(): void;
}

/**
 * The graphics card of this machine, where there is one that the browser offers.
 *
 * A card is taken only after it gave the dose of a small field as the plain form does. One that is a program (SwiftShader,
 * llvmpipe) is slower than the WASM form, and is refused unless it is asked for.
 */
export async function gpuCones({ software = false }: { readonly software?: boolean } = {}): Promise<GpuCones | undefined> {
  // Node and pages that are not served securely have no `gpu`, whatever the types say.
  const gpu = (globalThis.navigator as { readonly gpu?: GPU } | undefined)?.gpu;
  try {
    const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null || adapter === undefined) return undefined;
    const { info, limits } = adapter;
    const name = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== "").join(" ");
    if (!software && (info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(name))) return undefined;
    const { maxBufferSize, maxStorageBufferBindingSize } = limits;
    const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
    let usable = true;
    void device.lost.then(() => (usable = false));
    const close = () => {
      usable = false;
      device.destroy();
    };
    if (!(await isRight(device))) {
      close();
      return undefined;
    }
    return {
      name,
      close,
      async dose(field, cones, options = {}) {
        if (!usable) return undefined;
        try {
          return await coneDoseOnGpu(device, field, cones, options);
        } catch (fault) {
          options.signal?.throwIfAborted();
          if (!(fault instanceof RangeError)) close();
          return undefined;
        }
      },
    };
  } catch {
    return undefined;
  }
}

/** Whether a card gives what the plain form gives: water, lung and metal, and cones along every axis. */
async function isRight(device: GPUDevice): Promise<boolean> {
  const size = [7, 6, 5] as const;
  const count = size[0] * size[1] * size[2];
  const density = Float32Array.from({ length: count }, (_, i) => [1, 0.25, 0, 8][(i >> 2) % 4] as number);
  const terma = Float32Array.from({ length: count }, (_, i) => 1 + (i % 11));
  const field: ConeField = { size, spacingMm: [3, 3.5, 4], density, terma, hardTerma: terma.map((t) => 0.3 * t), sourceMm: [9, -1000, 12], axis: [0, 1, 0] };
  const directions = Float32Array.of(0.8, 0.36, -0.48, -0.36, 0.8, 0.48, 0.48, -0.36, -0.8);
  const cones: Cones = {
    count: 3, directions, rates: Float32Array.of(0.3, 0.01, 0.5, 0.02, 0.4, 0.01),
    shares: Float32Array.from({ length: 18 }, (_, i) => 0.3 - 0.02 * i), tilts: Float32Array.of(0.4, 0, -0.4),
  };
  const [plain, dose] = [coneDose(field, cones), await coneDoseOnGpu(device, field, cones)];
  const least = 1e-5 * plain.reduce((a, b) => Math.max(a, b));
  return dose.every((d, i) => Math.abs(d - (plain[i] as number)) <= least);
}

/** A submit of many cones could last so long that a system takes the card for hung. */
const conesPerSubmit = 4;
const threads = 64;
/** Bytes of one cone's numbers: the least distance at which every card can begin to read. */
const coneBytes = 256;
// What WebGPU calls GPUMapMode, GPUBufferUsage and GPUShaderStage.
const [mapRead, copySource, copyTarget, uniform, storage, visibility] = [0x1, 0x4, 0x8, 0x40, 0x80, 0x4] as const;

/**
 * `coneDose` on a graphics card, in single precision: one thread for each line, cones one after another in their order, so
 * that a card always gives the same dose.
 *
 * @throws RangeError when the grid is larger than the card's buffers; Error when the card fails; the signal's reason
 */
export async function coneDoseOnGpu(device: GPUDevice, field: ConeField, cones: Cones, { signal, onProgress }: WorkOptions = {}): Promise<Float32Array> {
  signal?.throwIfAborted();
  const bytes = field.density.byteLength;
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (bytes > most) throw new RangeError(`A grid of ${bytes} bytes is more than the ${most} that the graphics card takes.`);
  if (cones.count === 0) return new Float32Array(field.density.length);

  const { numbers, moves, groups } = sweeps(field, cones);
  const held: GPUBuffer[] = [];
  const buffer = (usage: number, size: number, data?: Float32Array | Int32Array | ArrayBuffer) => {
    const made = device.createBuffer({ size, usage });
    held.push(made);
    if (data !== undefined) device.queue.writeBuffer(made, 0, data as BufferSource);
    return made;
  };
  try {
    const { dose, read, bound, pipeline } = await checked(device, () => {
      const dose = buffer(storage | copySource, bytes);
      const read = buffer(mapRead | copyTarget, bytes);
      const inputs = [field.density, field.terma, field.hardTerma, moves].map((data) => buffer(storage | copyTarget, data.byteLength, data));
      const perCone = buffer(uniform | copyTarget, numbers.byteLength, numbers);
      const layout = device.createBindGroupLayout({
        entries: [
          { binding: 0, visibility, buffer: { type: "uniform", hasDynamicOffset: true } },
          ...inputs.map((_, i): GPUBindGroupLayoutEntry => ({ binding: 1 + i, visibility, buffer: { type: "read-only-storage" } })),
          { binding: 5, visibility, buffer: { type: "storage" } },
        ],
      });
      const bound = device.createBindGroup({
        layout,
        entries: [
          { binding: 0, resource: { buffer: perCone, size: coneBytes } },
          ...[...inputs, dose].map((one, i) => ({ binding: 1 + i, resource: { buffer: one } })),
        ],
      });
      const pipeline = device.createComputePipeline({
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: device.createShaderModule({ code: sweep }), entryPoint: "sweep" },
      });
      return { dose, read, bound, pipeline };
    });
    for (let from = 0; from < cones.count; from += conesPerSubmit) {
      const to = Math.min(cones.count, from + conesPerSubmit);
      await checked(device, () => {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        for (let c = from; c < to; c++) {
          pass.setBindGroup(0, bound, [c * coneBytes]);
          pass.dispatchWorkgroups(...(groups[c] as [number, number]));
        }
        pass.end();
        if (to === cones.count) encoder.copyBufferToBuffer(dose, 0, read, 0, bytes);
        device.queue.submit([encoder.finish()]);
      });
      await device.queue.onSubmittedWorkDone();
      signal?.throwIfAborted();
      onProgress?.(to / cones.count);
    }
    await read.mapAsync(mapRead);
    return new Float32Array(read.getMappedRange().slice(0));
  } finally {
    for (const one of held) one.destroy();
  }
}

/** What `work` gives, once the card has found no fault in it. A card's faults are told apart by time only, so `work` does not wait. */
async function checked<T>(device: GPUDevice, work: () => T): Promise<T> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  const made = work();
  const faults = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  for (const fault of faults) if (fault !== null) throw new Error(`The graphics card failed: ${fault.message}`);
  return made;
}

/** What the shader is told of each cone, how far its lines have moved on each plane, and how many groups of threads it takes. */
function sweeps(field: ConeField, cones: Cones): { readonly numbers: ArrayBuffer; readonly moves: Int32Array; readonly groups: readonly [number, number][] } {
  const { size, spacingMm, sourceMm, axis } = field;
  const numbers = new ArrayBuffer(cones.count * coneBytes);
  const moves: number[] = [];
  const groups: [number, number][] = [];
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (let c = 0; c < cones.count; c++) {
    const direction = coneDirection(cones, c);
    const { along, across, sign, wayMm, first, second } = coneLines(field, direction);
    const axes = [along, ...across] as [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
    const planes = size[axes[0]];
    const last = [first[planes - 1] as number, second[planes - 1] as number] as const;
    const lines = [size[axes[1]] + Math.abs(last[0]), size[axes[2]] + Math.abs(last[1])] as const;
    /** From the source along `unit`, mm: of the first voxel of the first plane, then per plane, per voxel across. */
    const waysAlong = (unit: readonly [number, number, number]) => {
      const start = [0, 1, 2].reduce((sum, a) => sum - (unit[a] as number) * (sourceMm[a] as number), 0);
      const [plane, ...voxels] = axes.map((a) => unit[a] * spacingMm[a]) as [number, number, number];
      return [start + (sign < 0 ? (planes - 1) * plane : 0), sign * plane, ...voxels];
    };
    const [alpha, beta] = [cones.rates[2 * c] as number, cones.rates[2 * c + 1] as number];
    const shares = [...cones.shares.subarray(6 * c, 6 * c + 6)];
    const onAxis = direction[0] * axis[0] + direction[1] * axis[1] + direction[2] * axis[2];
    new Int32Array(numbers, c * coneBytes, 12).set([
      size[axes[1]], size[axes[2]], Math.min(0, -last[0]), Math.min(0, -last[1]),
      ...lines, planes, moves.length / 2,
      sign < 0 ? (planes - 1) * strides[axes[0]] : 0, sign * strides[axes[0]], strides[axes[1]], strides[axes[2]],
    ]);
    new Float32Array(numbers, c * coneBytes + 48, 20).set([
      ...waysAlong(direction), ...waysAlong(axis),
      alpha * wayMm, 2 * alpha * wayMm, beta * wayMm, cones.tilts[c] as number, ...shares.slice(0, 3), onAxis, ...shares.slice(3), 0,
    ]);
    for (let k = 0; k < planes; k++) moves.push(first[k] as number, second[k] as number);
    groups.push([Math.ceil(lines[0] / threads), lines[1]]);
  }
  return { numbers, moves: Int32Array.from(moves), groups };
}

const sweep = /* wgsl */ `
struct Cone {
  across: vec2<i32>,      // voxels of a plane
  firstLine: vec2<i32>,
  lines: vec2<i32>,
  planes: i32,
  movesAt: i32,
  firstVoxel: i32,
  strideAlong: i32,
  strideAcross: vec2<i32>,
  forward: vec4<f32>,     // from the source along the cone, mm: start, per plane, per voxel across
  depth: vec4<f32>,       // the same along the axis of the beam
  rates: vec3<f32>,       // per plane of water
  tilt: f32,
  shares: vec3<f32>,
  onAxis: f32,
  hardShares: vec3<f32>,
}

@group(0) @binding(0) var<uniform> cone: Cone;
@group(0) @binding(1) var<storage, read> density: array<f32>;
@group(0) @binding(2) var<storage, read> terma: array<f32>;
@group(0) @binding(3) var<storage, read> hardTerma: array<f32>;
@group(0) @binding(4) var<storage, read> moves: array<vec2<i32>>;
@group(0) @binding(5) var<storage, read_write> dose: array<f32>;

// (1 - (1 - e^-x) / x) / x; a series where single precision would lose the difference.
fn fallOfMean(x: vec3<f32>) -> vec3<f32> {
  let series = 1.0 / 2.0 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0 - x * (1.0 / 5040.0 - x * (1.0 / 40320.0 - x / 362880.0))))));
  let large = max(x, vec3<f32>(0.5));
  return select((1.0 - (1.0 - exp(-large)) / large) / large, series, x < vec3<f32>(0.5));
}

@compute @workgroup_size(${threads})
fn sweep(@builtin(global_invocation_id) thread: vec3<u32>) {
  let line = vec2<i32>(thread.xy);
  if (any(line >= cone.lines)) { return; }
  // Energy that the line carries in each part, per volume of a voxel.
  var carried = vec3<f32>(0.0);
  for (var k = 0; k < cone.planes; k++) {
    let at = cone.firstLine + line + moves[cone.movesAt + k];
    if (any(at < vec2<i32>(0)) || any(at >= cone.across)) { continue; }
    let voxel = cone.firstVoxel + k * cone.strideAlong + at.x * cone.strideAcross.x + at.y * cone.strideAcross.y;
    let place = vec4<f32>(1.0, f32(k), vec2<f32>(at));
    let depth = dot(cone.depth, place);
    let cosine = select(0.0, dot(cone.forward, place) / max(depth, 1e-6), depth > 0.0);
    let leaning = cone.tilt * (cosine - cone.onAxis);
    let tilted = 1.0 + leaning + 0.5 * leaning * leaning;
    let mass = max(${leastConeDensity}, density[voxel]);
    let source = mass * tilted * (terma[voxel] * cone.shares + hardTerma[voxel] * cone.hardShares);
    let x = cone.rates * mass;
    let fall = fallOfMean(x);
    let absorbed = x * (carried * (1.0 - x * fall) + source * fall);
    dose[voxel] += (absorbed.x + absorbed.y + absorbed.z) / mass;
    carried += source - absorbed;
  }
}
`;
