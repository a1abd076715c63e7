import { HapaxError } from "@hapax/base";
import type { SharedAperture } from "./aperture.ts";
import type { FluenceMap, HeadFluence } from "./fluence.ts";
import type { Machine } from "./machine.ts";
import { openingOf, type Pixels } from "./opening.ts";

export interface HeadOptions {
  /** Side of the pixels of the primary, mm; default 1. */
  readonly pixelMm?: number;
}

/** The widest that a Gaussian is followed, in standard deviations. */
const reach = 4;
/** Beyond the primary collimator maps hold what is blurred across its edge, mm. */
const marginMm = 20;

/**
 * What leaves the head per MU, through apertures by their shares of the meterset or through a map of what is let through (1 open).
 *
 * Primary: the horns times what is let through, cut at the primary collimator (the last radius of the horns), blurred by the source.
 * Extra-focal: what is let through as the source below the target sees it, which magnifies each device by its distance, blurred by
 * that source's shadow; a field open without limit gives its weight. Electrons: what is let through, blurred; likewise.
 *
 * @throws dose/no-apertures where there is none; as `openingOf`; dose/fluence-map where a map has values below 0 or none above
 */
export function headFluence(machine: Machine, through: readonly SharedAperture[] | FluenceMap, { pixelMm = 1 }: HeadOptions = {}): HeadFluence {
  if (isApertures(through)) {
    if (!through.some(({ share }) => share > 0)) throw new HapaxError("dose/no-apertures", "The beam has no aperture through which meterset is given.", "Give it one with a share above 0.");
  } else if (!through.values.every((value) => value >= 0 && Number.isFinite(value)) || !through.values.some((value) => value > 0)) {
    throw new HapaxError("dose/fluence-map", `The fluence map of ${through.size.join(" × ")} pixels has values below 0 or not finite, or none above 0.`, "Give shares of the open field, 0 or more.");
  }
  const { primary, extraFocal, contamination } = machine;
  const edgeMm = primary.horns.radiiMm.at(-1) as number;
  const openOn = (pixels: Pixels, sourceMm: number) => (isApertures(through) ? sharedOpening(machine, through, pixels, sourceMm) : resampled(through, pixels, magnification(machine, sourceMm, mapDistanceMm(machine))));

  const primaryPixels = pixelsOver(edgeMm + marginMm, pixelMm);
  const primaryOpen = openOn(primaryPixels, 0);
  multiplyHorns(primaryOpen, primaryPixels, machine);
  const extraSigma = [shadowSigma(machine, limitingMm(machine, through, "x")), shadowSigma(machine, limitingMm(machine, through, "y"))] as const;
  const extraPixels = pixelsOver(edgeMm + marginMm, smoothPixelMm(Math.min(...extraSigma)));
  const electronPixels = pixelsOver(edgeMm + marginMm, smoothPixelMm(contamination.sigmaMm));
  return {
    primary: mapOf(blurred(primaryOpen, primaryPixels, primary.blurMm), primaryPixels, 1),
    extraFocal: mapOf(blurred(openOn(extraPixels, extraFocal.distanceMm), extraPixels, extraSigma), extraPixels, extraFocal.weight),
    electrons: mapOf(blurred(openOn(electronPixels, 0), electronPixels, [contamination.sigmaMm, contamination.sigmaMm]), electronPixels, contamination.weight),
  };
}

function isApertures(through: readonly SharedAperture[] | FluenceMap): through is readonly SharedAperture[] {
  return Array.isArray(through);
}

function sharedOpening(machine: Machine, apertures: readonly SharedAperture[], pixels: Pixels, sourceMm: number): Float64Array {
  const sum = new Float64Array(pixels.size[0] * pixels.size[1]);
  for (const aperture of apertures) {
    if (aperture.share === 0) continue;
    const open = openingOf(machine, aperture, pixels, (distanceMm) => magnification(machine, sourceMm, distanceMm));
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + aperture.share * (open[i] as number);
  }
  return sum;
}

/** How much larger a device appears at the isocenter from a source below the target than from the target. */
function magnification({ sadMm }: Machine, sourceMm: number, distanceMm: number): number {
  return ((distanceMm / sadMm) * (sadMm - sourceMm)) / (distanceMm - sourceMm);
}

/** Standard deviation of the extra-focal source's shadow at the isocenter, from the edge of a device, mm. */
function shadowSigma({ sadMm, extraFocal }: Machine, distanceMm: number): number {
  return (extraFocal.sigmaMm * (sadMm - distanceMm)) / (distanceMm - extraFocal.distanceMm);
}

/** Which device makes the edges along an axis: the leaves along their motion where they are used, else the jaws. */
function limitingMm(machine: Machine, through: readonly SharedAperture[] | FluenceMap, axis: "x" | "y"): number {
  if (!isApertures(through)) return mapDistanceMm(machine);
  const { mlc, jaws } = machine;
  const leaves = through.find((aperture) => aperture.leaves !== undefined)?.leaves;
  const byLeaves = mlc !== undefined && leaves !== undefined && (leaves.axis ?? mlc.axis) === axis;
  return (byLeaves ? mlc.distanceMm : (jaws[axis] ?? mlc)?.distanceMm) ?? mapDistanceMm(machine);
}

/** A map stands for leaves; on a machine without, for its lowest jaws. */
function mapDistanceMm({ mlc, jaws }: Machine): number {
  const distanceMm = mlc?.distanceMm ?? Math.max(jaws.x?.distanceMm ?? 0, jaws.y?.distanceMm ?? 0);
  if (distanceMm === 0) throw new HapaxError("dose/no-collimator", "The machine has neither jaws nor leaves.", "Give it the distance of its jaws or leaves.");
  return distanceMm;
}

/** Fine enough that a straight line between pixels misses a Gaussian edge by less than 0.1 %. */
function smoothPixelMm(sigmaMm: number): number {
  return Math.min(5, Math.max(1, sigmaMm / 6));
}

/** Pixels around the axis, a corner of four on it, to `toMm` at least. */
function pixelsOver(toMm: number, spacingMm: number): Pixels {
  const half = Math.ceil(toMm / spacingMm);
  const first = (0.5 - half) * spacingMm;
  return { size: [2 * half, 2 * half], spacingMm, originMm: [first, first] };
}

function multiplyHorns(open: Float64Array, { size: [nx, ny], spacingMm, originMm }: Pixels, { primary: { horns } }: Machine): void {
  const edgeMm = horns.radiiMm.at(-1) as number;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const radius = Math.hypot(originMm[0] + i * spacingMm, originMm[1] + j * spacingMm);
      const inside = Math.min(1, Math.max(0, (edgeMm - radius) / spacingMm + 0.5));
      open[i + nx * j] = inside === 0 ? 0 : (open[i + nx * j] as number) * inside * hornAt(horns, Math.min(radius, edgeMm));
    }
  }
}

function hornAt({ radiiMm, values }: Machine["primary"]["horns"], radiusMm: number): number {
  let i = 1;
  while (i < radiiMm.length - 1 && (radiiMm[i] as number) < radiusMm) i++;
  const [from, to] = [radiiMm[i - 1] as number, radiiMm[i] as number];
  const share = Math.min(1, Math.max(0, (radiusMm - from) / (to - from)));
  return (values[i - 1] as number) * (1 - share) + (values[i] as number) * share;
}

/** Means of a map over other pixels, the map magnified; nothing outside it. */
function resampled(map: FluenceMap, { size: [nx, ny], spacingMm, originMm }: Pixels, scale: number): Float64Array {
  const [columns, rows] = [shares(map, 0, nx, spacingMm, originMm[0], scale), shares(map, 1, ny, spacingMm, originMm[1], scale)];
  const out = new Float64Array(nx * ny);
  for (let j = 0; j < ny; j++) {
    for (const { from: y, share: high } of rows[j] as readonly Share[]) {
      for (let i = 0; i < nx; i++) {
        for (const { from: x, share: wide } of columns[i] as readonly Share[]) out[i + nx * j] = (out[i + nx * j] as number) + high * wide * (map.values[x + map.size[0] * y] as number);
      }
    }
  }
  return out;
}

interface Share {
  readonly from: number;
  readonly share: number;
}

/** Of which pixels of a map each new pixel is made along one axis, and in what shares. */
function shares(map: FluenceMap, axis: 0 | 1, count: number, spacingMm: number, start: number, scale: number): Share[][] {
  const wide = map.spacingMm * scale;
  const corner = scale * map.originMm[axis] - wide / 2;
  return Array.from({ length: count }, (_, n) => {
    const [from, to] = [start + (n - 0.5) * spacingMm, start + (n + 0.5) * spacingMm];
    const found: Share[] = [];
    for (let m = Math.max(0, Math.floor((from - corner) / wide)); m < map.size[axis] && corner + m * wide < to; m++) {
      const share = (Math.min(to, corner + (m + 1) * wide) - Math.max(from, corner + m * wide)) / spacingMm;
      if (share > 0) found.push({ from: m, share });
    }
    return found;
  });
}

/** Blurred by a Gaussian along each axis; beyond the border the border goes on. */
function blurred(values: Float64Array, { size: [nx, ny], spacingMm }: Pixels, [sigmaX, sigmaY]: readonly [number, number]): Float64Array {
  const alongX = convolved(values, nx, ny, 1, nx, gaussian(sigmaX / spacingMm));
  return convolved(alongX, ny, nx, nx, 1, gaussian(sigmaY / spacingMm));
}

/** Weights from the middle outwards, in pixels; together, both sides, 1. */
function gaussian(sigma: number): Float64Array {
  // Samples of a Gaussian this narrow have too small a variance; three weights have it exactly.
  if (sigma < 0.7) return Float64Array.of(1 - sigma ** 2, sigma ** 2 / 2);
  const weights = Float64Array.from({ length: Math.ceil(reach * sigma) + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

function convolved(values: Float64Array, length: number, lines: number, step: number, lineStep: number, weights: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  const wide = weights.length - 1;
  const line = new Float64Array(length + 2 * wide);
  for (let l = 0; l < lines; l++) {
    for (let i = -wide; i < length + wide; i++) line[i + wide] = values[l * lineStep + Math.min(length - 1, Math.max(0, i)) * step] as number;
    for (let i = 0; i < length; i++) {
      let sum = (line[i + wide] as number) * (weights[0] as number);
      for (let w = 1; w <= wide; w++) sum += (weights[w] as number) * ((line[i + wide - w] as number) + (line[i + wide + w] as number));
      out[l * lineStep + i * step] = sum;
    }
  }
  return out;
}

function mapOf(values: Float64Array, { size, spacingMm, originMm }: Pixels, weight: number): FluenceMap {
  return { size, spacingMm, originMm, values: Float32Array.from(values, (value) => value * weight) };
}
