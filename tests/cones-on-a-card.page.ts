import { coneDose, coneDoseWith, gpuCones, type ConeField, type Cones } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-web";

/** One dose made twice. */
export interface Twice {
  readonly name: string;
  /** Largest difference of a voxel, as a share of the highest dose. */
  readonly apart: number;
  readonly highest: number;
  /** Whether a second run gave the same bytes. */
  readonly repeated: boolean;
}

type Triple = readonly [number, number, number];
const unit = (d: Triple) => d.map((one) => one / Math.hypot(...d)) as unknown as Triple;
const scatter = (n: number) => Math.abs(Math.sin(12.9898 * n + 78.233) * 43758.5453) % 1;

/** Lung, water, bone, titanium and vacuum side by side; TERMA in a part of it. */
function field(size: Triple, spacingMm: Triple, axis: Triple): ConeField {
  const length = size[0] * size[1] * size[2];
  const density = Float32Array.from({ length }, (_, n) => [0.26, 1, 1, 1.6, 4.4, 0][Math.floor(6 * scatter(n))] as number);
  const terma = Float32Array.from({ length }, (_, n) => (n % 5 === 0 ? 0 : 2 * scatter(n + length)));
  const hardTerma = terma.map((t, n) => t * scatter(n + 2 * length));
  const center = size.map((n, a) => ((n - 1) / 2) * (spacingMm[a] as number)) as unknown as Triple;
  return { size, spacingMm, density, terma, hardTerma, sourceMm: center.map((c, a) => c - 1000 * (axis[a] as number)) as unknown as Triple, axis };
}

function cones(directions: readonly Triple[], tilt: number): Cones {
  return {
    count: directions.length,
    directions: Float32Array.from(directions.flatMap((d) => [...unit(d)])),
    rates: Float32Array.from(directions.flatMap((_, c) => [0.08 + 0.4 * scatter(c), 0.004 + 0.01 * scatter(c + 9)])),
    shares: Float32Array.from({ length: 6 * directions.length }, (_, s) => (s % 6 < 3 ? 0.4 : 0.1) * scatter(s) - (s % 6 === 1 ? 0.05 : 0)),
    tilts: Float32Array.from(directions, (_, c) => tilt * (2 * scatter(c) - 1)),
  };
}

const size: Triple = [11, 9, 13];
const spacing: Triple = [2, 2.5, 3];
/** Along, between and beside the axes, both ways: each axis is the steepest, and ties between two and three of them. */
const around: Triple[] = [-1, -0.3, 0, 0.7, 1].flatMap((x) => [-1, -0.4, 0, 1].flatMap((y) => [-1, 0, 0.2, 1].map((z): Triple => [x, y, z]))).filter((d) => Math.hypot(...d) > 0);
const scenes: Readonly<Record<string, readonly [ConeField, Cones]>> = {
  "an oblique beam, cones all around": [field(size, spacing, unit([0.3, 0.8, -0.5])), cones(around, 0.5)],
  "a beam along an axis, energies without tilt": [field(size, spacing, [0, 1, 0]), cones(around, 0)],
  ...Object.fromEntries(
    (["x", "y", "z"] as const).flatMap((name, a) =>
      [1, -1].map((sign) => {
        const direction = [0.31, -0.42, 0.27].map((d, b) => (b === a ? sign : d)) as unknown as Triple;
        return [`one cone along ${sign < 0 ? "−" : ""}${name}`, [field(size, spacing, unit([-0.2, -0.9, 0.4])), cones([direction], 0.5)]] as const;
      }),
    ),
  ),
  "a single plane": [field([11, 9, 1], spacing, [0, 1, 0]), cones(around, 0.5)],
  "lines longer than a group of threads": [field([150, 3, 2], [1, 1, 1], unit([1, 0.1, 0])), cones([[1, 1, 1], [0.2, 1, 0.4], [0.1, -0.3, 1]], 0.2)],
  "voxels so large that all is absorbed in one": [field(size, [40, 50, 60], [0, 1, 0]), cones(around, 0.5)],
};

/** What the machine's own choice takes; SwiftShader is not to be among it. */
export const chosen = async () => (await gpuCones())?.name;

/** Sweeps every scene on the card and plainly; undefined where there is no adapter at all. */
export async function sweepTwice(): Promise<{ readonly name: string; readonly sweeps: readonly Twice[] } | undefined> {
  const card = await gpuCones({ software: true });
  if (card === undefined) return undefined;
  const sweeps: Twice[] = [];
  for (const [name, [given, those]] of Object.entries(scenes)) {
    const plain = coneDose(given, those);
    const [once, again] = [await card.dose(given, those), await card.dose(given, those)];
    if (once === undefined || again === undefined) throw new Error(`The card refused ${name}.`);
    const highest = Math.max(...plain);
    const apart = Math.max(...once.map((d, n) => Math.abs(d - (plain[n] as number)))) / highest;
    sweeps.push({ name, apart, highest, repeated: once.every((d, n) => d === again[n]) });
  }
  card.close();
  return { name: card.name, sweeps };
}

/** The name of a card that brings a thousandth too much dose. */
export async function wrong(): Promise<string | undefined> {
  const right = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (of) {
    return right.call(this, { ...of, code: of.code.replace("dose[voxel] +=", "$& 1.001 *") });
  };
  const card = await gpuCones({ software: true });
  GPUDevice.prototype.createShaderModule = right;
  return card?.name;
}

/** A page's own crew where SwiftShader passes for hardware: its card, and whether two doses at once are those of the plain form. */
export async function crewTakesCard() {
  const named = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "info") as PropertyDescriptor;
  Object.defineProperty(GPUAdapter.prototype, "info", { get: () => ({ vendor: "acme", architecture: "", device: "", description: "", isFallbackAdapter: false }) });
  const crew = await openCrew(1);
  Object.defineProperty(GPUAdapter.prototype, "info", named);
  const given = [field(size, spacing, [0, 1, 0]), field([8, 6, 7], spacing, [1, 0, 0])] as const;
  const those = cones(around, 0.5);
  const doses = await Promise.all(given.map((one) => coneDoseWith(crew, one, those)));
  const apart = given.map((one, n) => {
    const plain = coneDose(one, those);
    return Math.max(...plain.map((d, voxel) => Math.abs(d - (doses[n]?.[voxel] as number)))) / Math.max(...plain);
  });
  const name = crew.gpu?.name;
  await crew.close();
  return { name, apart };
}

/** What a card does with work that is stopped, followed or empty, and what it gives once it is lost. */
export async function stop() {
  const card = await gpuCones({ software: true });
  if (card === undefined) return undefined;
  const given = field(size, spacing, [0, 1, 0]);
  const told: number[] = [];
  const stopping = new AbortController();
  const onProgress = (share: number) => {
    told.push(share);
    if (told.length === 2) stopping.abort(new Error("enough"));
  };
  const stopped = await card.dose(given, cones(around.slice(0, 20), 0), { signal: stopping.signal, onProgress }).catch((reason: Error) => reason.message);
  const followed: number[] = [];
  const whole = await card.dose(given, cones(around.slice(0, 10), 0), { onProgress: (share) => followed.push(share) });
  const none = await card.dose(given, cones([], 0));
  const lost = await card.dose(given, cones(around, 0), { onProgress: () => card.close() });
  const later = await card.dose(given, cones(around, 0));
  return { stopped, told, followed, whole: whole?.some((d) => d > 0), none: none?.every((d) => d === 0), lost: lost ?? "nothing", later: later ?? "nothing" };
}
