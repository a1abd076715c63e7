import { HapaxError, showNumber, type Volume } from "@hapax/base";
import { doseAt, dvhOf, metricOf } from "@hapax/radiotherapy";
import type { Setting } from "../setting.ts";

/**
 * What a dose, and with it every monitor unit, is to be multiplied by so that it has the value asked for.
 *
 * @param dose  Gy over all fractions
 * @returns     1 where no normalization is asked for
 * @throws      planning/normalization where the structure is not drawn, the metric is no dose, or the dose there is not
 *              known or nothing
 */
export function normalizedFactor({ request: { normalization }, regions, isocenter }: Pick<Setting, "request" | "regions" | "isocenter">, dose: Volume<Float32Array>): number {
  if (normalization.kind === "none") return 1;
  if (normalization.kind === "isocenter") return factorOf(normalization.gy, doseAt(dose, isocenter), `the isocenter at ${isocenter.join(", ")} mm`);
  const { structure: name, metric, gy } = normalization;
  // Only a dose grows with the monitor units as they do.
  if (!metric.endsWith("[Gy]")) throw new HapaxError("planning/normalization", `The plan is to be normalized to ${metric} of ${name}, which is no dose.`, "Take a dose, such as D95%[Gy] or D50%[Gy].");
  const region = regions.get(name);
  if (region === undefined) throw new HapaxError("planning/normalization", `The plan is to be normalized to ${name}, which is not drawn.`, `Take one of ${[...regions.keys()].join(", ")}.`);
  const value = metricOf(metric, dvhOf(region.structure, dose, { frameOfReference: dose.grid.frameOfReference }));
  return factorOf(gy, value.low === value.high ? value.low : undefined, `${metric} of ${name}`);
}

function factorOf(gy: number, now: number | undefined, where: string): number {
  if (now !== undefined && now > 0 && gy > 0) return gy / now;
  throw new HapaxError("planning/normalization", `${where} is to have ${showNumber(gy, 2)} Gy; the dose has ${now === undefined ? "no known value" : `${showNumber(now, 2)} Gy`} there.`, "Normalize to a dose that the beams reach.");
}
