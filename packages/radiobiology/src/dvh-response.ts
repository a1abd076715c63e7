import { Gy, HapaxError, showNumber } from "@hapax/base";
import { cite, type Reference } from "@hapax/references";
import { geud } from "./geud.ts";
import { checkCourse } from "./linear-quadratic.ts";
import { logisticResponse, ntcpLyman, poissonResponse } from "./ntcp.ts";
import type { ResponseSet } from "./response-sets.ts";

/** A differential DVH: a dose for each part of the volume, in any order; volumes in any unit. */
export interface DosesOfVolume {
  readonly doseGy: ArrayLike<number>;
  readonly volumes: ArrayLike<number>;
}

/** How the doses become EQD2. There is no default: doses of another fractionation give another probability. */
export type DvhConversion =
  | { readonly from: "physical dose"; readonly fractions: number; readonly alphaBeta: Gy }
  | { readonly from: "EQD2"; readonly alphaBeta: Gy };

/** A probability with everything that it rests on. */
export interface DvhResponse {
  readonly probability: number;
  readonly set: ResponseSet;
  /** Of the doses in EQD2, Gy, at the exponent of the set. */
  readonly geud: Gy;
  readonly a: number;
  /** Mean before and after conversion, Gy: equal only where nothing was to convert. */
  readonly mean: { readonly given: Gy; readonly eqd2: Gy };
  /** How it was done, sentence by sentence. */
  readonly method: readonly string[];
  /** What cannot be relied on: numbers not read at their source, an α/β that is not the set's. */
  readonly unverified: readonly string[];
  /** What contradicts the set. */
  readonly conflicts: readonly string[];
  readonly source: readonly Reference[];
}

/**
 * Probability of complication or control from a DVH: doses to EQD2, gEUD at the exponent of the set, then its model.
 *
 * @param dvh         of the whole organ
 * @param set         of `responseSets`, or one's own
 * @param conversion  stated
 * @throws            radiobiology/fractions, radiobiology/alpha-beta, radiobiology/geud; radiobiology/dose-unknown when a dose is NaN;
 *                    radiobiology/response-set when a parameter is not above 0
 * @source            lyman1985, niemierko1999, kallman1992, fowler1989
 */
export function dvhResponse(dvh: DosesOfVolume, set: ResponseSet, conversion: DvhConversion): DvhResponse {
  checkSet(set);
  checkKnown(dvh.doseGy, set);
  const doses = eqd2Of(dvh.doseGy, conversion);
  const { model } = set;
  const a = model.kind === "Lyman" ? 1 / model.n : model.a;
  const uniform = geud(doses, dvh.volumes, a);
  const mean = { given: geud(dvh.doseGy, dvh.volumes, 1), eqd2: geud(doses, dvh.volumes, 1) };
  return {
    probability: responseAt(set, uniform),
    set,
    geud: uniform,
    a,
    mean,
    method: [conversionText(conversion, mean), `gEUD at a = ${showNumber(Number(a.toFixed(3)))}: ${showNumber(uniform, 2)} Gy.`, modelText(set)],
    unverified: unverifiedOf(set, conversion),
    conflicts: conflictsOf(set),
    source: cite(set.source, model.kind === "Lyman" ? "lyman1985" : model.kind === "logistic" ? "niemierko1999" : "kallman1992"),
  };
}

/** Probability at a uniform dose in 2 Gy fractions, by a set. */
export function responseAt({ name, model }: ResponseSet, eqd2: Gy): number {
  switch (model.kind) {
    case "Lyman":
      return ntcpLyman(eqd2, { name, td50: Gy(model.td50), m: model.m, n: model.n }).probability;
    case "logistic":
      return logisticResponse(eqd2, { name, d50: Gy(model.d50), gamma50: model.gamma50 }).probability;
    case "Poisson":
      return poissonResponse(eqd2, { name, d50: Gy(model.d50), gamma50: model.gamma50 }).probability;
  }
}

function eqd2Of(doseGy: ArrayLike<number>, conversion: DvhConversion): Float64Array {
  if (conversion.from === "EQD2") return Float64Array.from(doseGy);
  const { fractions, alphaBeta } = conversion;
  checkCourse(0, fractions, alphaBeta);
  return Float64Array.from(doseGy, (dose) => (dose * (dose / fractions + alphaBeta)) / (2 + alphaBeta));
}

function checkSet({ name, model }: ResponseSet): void {
  const parameters = model.kind === "Lyman" ? [model.td50, model.m, model.n] : [model.d50, model.gamma50];
  if (parameters.every((value) => value > 0)) return;
  throw new HapaxError("radiobiology/response-set", `The set ${name} has the parameters ${parameters.join(", ")}.`, "Give a dose, a slope and an exponent above 0.");
}

function checkKnown(doseGy: ArrayLike<number>, { organ }: ResponseSet): void {
  const unknown = Array.from(doseGy).filter(Number.isNaN).length;
  if (unknown === 0) return;
  throw new HapaxError(
    "radiobiology/dose-unknown",
    `${unknown} of ${doseGy.length} parts of the DVH of ${organ} have no known dose.`,
    "Give a dose that reaches the whole organ, or decide what the rest received.",
  );
}

function conversionText(conversion: DvhConversion, { given, eqd2 }: DvhResponse["mean"]): string {
  const alphaBeta = `α/β ${showNumber(conversion.alphaBeta)} Gy`;
  if (conversion.from === "EQD2") return `Doses are EQD2 already, at ${alphaBeta}: not converted.`;
  return `Doses of ${conversion.fractions} fraction${conversion.fractions === 1 ? "" : "s"} are converted to EQD2 part by part at ${alphaBeta}: the mean goes from ${showNumber(given, 2)} to ${showNumber(eqd2, 2)} Gy.`;
}

function modelText({ name, model }: ResponseSet): string {
  if (model.kind === "Lyman") return `Lyman's model with TD50 ${showNumber(model.td50)} Gy, m ${showNumber(model.m)}, n ${showNumber(model.n)} (${name}).`;
  return `${model.kind === "logistic" ? "Logistic" : "Poisson"} model with D50 ${showNumber(model.d50)} Gy, γ50 ${showNumber(model.gamma50)}, a ${showNumber(model.a)} (${name}).`;
}

function unverifiedOf({ name, verified, alphaBeta, note }: ResponseSet, conversion: DvhConversion): string[] {
  return [
    ...(verified === "recalled" ? [`the parameters of ${name} are recalled, not read`] : []),
    ...(verified === "second-hand" ? [`the parameters of ${name} were read in another work that quotes them`] : []),
    ...(alphaBeta === undefined ? [`${name} states no α/β; ${showNumber(conversion.alphaBeta)} Gy is the reader's`] : []),
    ...(alphaBeta !== undefined && alphaBeta !== conversion.alphaBeta ? [`${name} is made for α/β ${showNumber(alphaBeta)} Gy; doses are at ${showNumber(conversion.alphaBeta)} Gy`] : []),
    ...(note === undefined ? [] : [note]),
  ];
}

/** QUANTEC's cord: myelopathy below 1 % at a maximum of 54 Gy (kirkpatrick2010). */
const quantecCord = { gy: 54, below: 0.01 } as const;

function conflictsOf(set: ResponseSet): string[] {
  if (set.organ !== "SpinalCord") return [];
  const there = responseAt(set, Gy(quantecCord.gy));
  if (there < quantecCord.below) return [];
  const found = `${showNumber(Number((100 * there).toFixed(1)))} %`;
  return [`QUANTEC (Kirkpatrick 2010): below 1 % at a maximum of ${quantecCord.gy} Gy; ${set.name} gives ${found} for the whole cord at that dose. Not for the maximum of a small volume.`];
}
