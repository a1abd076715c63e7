import { showNumber } from "@hapax/base";
import { known, type CaseView, type DrugFacts, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { outsideAt } from "./sirolimus-level.ts";
import { dailyText, forecastsOf, levelText, modelUnverified, sirolimusCases } from "./sirolimus.ts";

export const sirolimusForecastInfo: RuleInfo = {
  id: "systemic/sirolimus-forecast",
  question: "Sirolimus after a change of dose",
  about: "Troughs forecast from the level by the Wu 2012 model, beside the simple proportion, for each day on which the level may have been drawn.",
  source: cite("wu2012", "sirolimusLabel"),
};

const days = [3, 7, 14, 28];

/** The trough to which a changed dose leads; bounds where the day of the level is not recorded. */
export function sirolimusForecast(view: CaseView, drugs: readonly DrugFacts[]): Finding<number>[] {
  const cases = sirolimusCases(view, drugs);
  return cases.flatMap((found): Finding<number>[] => {
    const { level, next, regimen, band, drug } = found;
    const draw = known(level?.entry.draw);
    if (level === undefined || next === undefined || draw === "peak" || draw === "random") return [];
    const forecasts = forecastsOf(found);
    const steady = forecasts.map((f) => f.steady);
    const [low, high] = [Math.min(...steady), Math.max(...steady)];
    const perDay = (r: typeof regimen) => (24 * r.doseMg) / r.everyH;
    const proportion = (level.ngPerMl * perDay(next)) / perDay(regimen);
    const decided = forecasts.length === 1;
    const range = high - low < 0.05 ? levelText(high) : `${levelText(low)} to ${levelText(high)}`;
    const place = band === undefined ? undefined : low > band.high ? "above the band at any of them" : high <= band.high && low >= band.low ? "within the band" : high > band.high ? "partly above the band" : "partly below the band";
    return [{
      rule: sirolimusForecastInfo.id,
      ...(cases.length > 1 ? { subject: drug.id } : {}),
      question: `${drug.name.charAt(0).toUpperCase()}${drug.name.slice(1)} after the change to ${showNumber(next.doseMg)} mg`,
      status: decided ? "determined" : "undecided",
      ...(decided ? { value: Number(low.toFixed(2)) } : { bounds: { low: Number(low.toFixed(2)), high: Number(high.toFixed(2)), unit: "ng/mL" } }),
      text: `${range} ng/mL, steady`,
      brief: `Proportion ${levelText(proportion)}${place === undefined ? "" : `; ${place}`}${decided ? "" : "; depends on the day of the level"}`,
      because: [
        { text: `Simple proportion: ${showNumber(level.ngPerMl)} × ${showNumber(next.doseMg)} / ${showNumber(regimen.doseMg)} = ${levelText(proportion)} ng/mL.`, entries: [level.entry.id, drug.id] },
        ...forecasts.map((f) => ({
          text: `Level on day ${f.assumedDay}: ${days.map((d) => `day ${d} ${levelText(f.trough[d] ?? Number.NaN)}`).join(", ")}, steady ${levelText(f.steady)} ng/mL.`,
          entries: [level.entry.id],
        })),
        ...(band === undefined ? [] : [{ text: `Band shown ${band.low}–${band.high} ng/mL: ${band.from}.`, entries: [drug.id] }]),
      ],
      missing: decided ? [] : [{ input: "Day of sirolimus level", decides: `forecast at ${showNumber(next.doseMg)} mg` }],
      assumptions: [...found.assumptions, ...(level.dayAssumption === undefined ? [] : [level.dayAssumption])],
      source: sirolimusForecastInfo.source,
      caveats: [
        `The dose is taken to change on the day of the draw, without a pause; ${dailyText(regimen)} before it, ${dailyText(next)} after it.`,
        `Forecast from one level${forecasts.every((f) => Math.abs(f.estimate.zClearance) > outsideAt) ? " of a patient outside the population" : ""}: a later level tells more.`,
      ],
      unverified: modelUnverified,
      table: {
        columns: ["Day of the draw", "CL/F", ...days.map((d) => `After ${d} d`), "Steady"],
        rows: forecasts.map((f) => [String(f.assumedDay), `${showNumber(f.estimate.disposition.clearance, 2)} L/h`, ...days.map((d) => levelText(f.trough[d] ?? Number.NaN)), levelText(f.steady)]),
      },
    }];
  });
}
